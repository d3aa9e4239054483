"""Held loads that swing in phase: what a server draws over a period, and the figures of a load in the summary.

The plant carries the mean of a swing whatever its pulse, so energy, heat and bill are those of whole periods. Around
that mean the watts at the cords follow the chips by the slope of the supplies' loss; fans keep the speed of the mean,
an estimate: heat sinks take tens of seconds to follow. The curvature of that loss, c (RMS swing)^2 / rated, is left out
of the energy: 0.06 % of a DGX H100 that swings between 15 and 90 %, 0.01 % of a well smoothed one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from twin.files import Tree
from twin.physics.swings import Wave, band_rms_w, buffered, floored, full_buffer_j, ramp_limited, steepest_w_s
from twin.plant.compute import ServerConstants
from twin.scenario.held_load import HeldLoad

if TYPE_CHECKING:
    from twin.sim.hall import Hall


def busy_frac(spec: HeldLoad) -> float:
    """Mean share of full work of the accelerators that serves the load; what smoothing burns is not in it."""
    if spec.swing is None:
        return spec.accelerator_frac
    duty_frac = spec.swing.duty_frac
    return duty_frac * spec.accelerator_frac + (1.0 - duty_frac) * spec.swing.low_frac


def chips_wave(spec: HeldLoad, server: ServerConstants) -> Wave:
    """Watts that one server's supplies give to its accelerators and its store; flat for a load that does not swing."""
    wave, swing = _smoothed(spec, server), spec.swing
    if swing is None or swing.buffer is None:
        return wave
    return buffered(wave, swing.buffer.energy_j, swing.buffer.round_trip_frac)


def _smoothed(spec: HeldLoad, server: ServerConstants) -> Wave:
    """Watts of one server's accelerators, with floor and ramp and without the store."""
    wave, swing = _plain(spec, server), spec.swing
    if swing is None:
        return wave
    wave = floored(wave, _chips_w(server, swing.floor_frac))
    return wave if swing.ramp_w_s is None else ramp_limited(wave, swing.ramp_w_s * server.n_chips)


def _plain(spec: HeldLoad, server: ServerConstants) -> Wave:
    """Watts of one server's accelerators as training alone would have them."""
    high_w, swing = _chips_w(server, spec.accelerator_frac), spec.swing
    if swing is None:
        return Wave(1.0, 1.0, high_w, high_w)
    return Wave(swing.period_s, swing.duty_frac * swing.period_s, _chips_w(server, swing.low_frac), high_w)


def _chips_w(server: ServerConstants, frac: float) -> float:
    tdp_w = (server.chip.tdp_w or 0.0) if server.chip is not None else server.idle_chip_w
    return server.n_chips * (server.idle_chip_w + frac * (tdp_w - server.idle_chip_w))


def swing_figures(hall: Hall) -> Tree:
    """Figures of every load that swings and has begun, by its id, all at the cords of its servers (with power).

    mean_w is what the plant carries; ramp_w_s_max is none where the load steps at once; buffer_needed_j is the store
    that would still be needed (lossless, all servers together) to make what is left of the swing flat;
    smoothing_loss_w is what floor, ramp and store add to the mean.
    """
    constants = hall.plant.compute.constants
    found: Tree = {}
    for held in hall.held:
        if held.spec.swing is not None and held.spec.from_s < hall.env.now:
            # Servers of one type that can be simulated differ in id and rack only.
            one_of = {constants[i].type: constants[i] for i in held.i_servers}
            n_of = Counter(constants[i].type for i in held.i_servers)
            found[held.spec.id] = load_figures(held.spec, [(one_of[name], n) for name, n in n_of.items()])
    return found


def load_figures(spec: HeldLoad, alike: Sequence[tuple[ServerConstants, int]]) -> Tree:
    """Figures of a load that swings on so many servers of each kind."""
    waves = [cord_wave(spec, server, n) for server, n in alike]
    plain_w = sum(n * _input_w(spec, server, _plain(spec, server).mean_w) for server, n in alike)
    mean_w = sum(wave.mean_w for wave in waves)
    return {
        "period_s": waves[0].period_s,
        "servers": sum(n for _, n in alike),
        "mean_w": mean_w,
        "peak_w": sum(wave.high_w for wave in waves),
        "trough_w": sum(wave.low_w for wave in waves),
        "ramp_w_s_max": steepest_w_s(waves),
        "rms_0p1_20hz_w": band_rms_w(waves),
        "buffer_needed_j": sum(full_buffer_j(wave) for wave in waves),
        "smoothing_loss_w": mean_w - plain_w,
    }


def cord_wave(spec: HeldLoad, server: ServerConstants, n_servers: int) -> Wave:
    """The wave of n servers at their cords: the plant's watts at the mean, and the slope of the supplies around it."""
    wave = chips_wave(spec, server)
    mean_w = _input_w(spec, server, wave.mean_w)
    slope = server.supply_slope(wave.mean_w, _host_w(spec, server))
    low_w, high_w = (mean_w + slope * (watts - wave.mean_w) for watts in (wave.low_w, wave.high_w))
    return replace(wave, low_w=n_servers * low_w, high_w=n_servers * high_w)


def _input_w(spec: HeldLoad, server: ServerConstants, chips_w: float) -> float:
    return server.input_w(chips_w, _host_w(spec, server))


def _host_w(spec: HeldLoad, server: ServerConstants) -> float:
    return server.host_idle_w + (server.host_max_w - server.host_idle_w) * spec.host_frac
