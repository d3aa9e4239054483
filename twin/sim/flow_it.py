"""IT of a year by the hour: held loads and pools of replicas as few distinct states, and which hour is in which."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from twin.physics import FloatArray
from twin.plant.compute import ServerColumns
from twin.plant.plant import Plant
from twin.plant.year import ItHours
from twin.sim.choices import Choices
from twin.sim.flow_pools import Curve, mean_lengths, rates_per_s, served_frac, site_curve
from twin.sim.hall import Standing
from twin.sim.held import Held
from twin.sim.pools import Pools
from twin.sim.sites import parts_of
from twin.sim.swings import busy_frac, chips_wave

FAMILIES = ("npu", "gpu", "npu_pim")


@dataclass(slots=True)
class FlowPool:
    """The replicas of one workload, alike in what each draws at a rate."""

    id: str
    spec_tokens: tuple[float, float]  # prompt and output tokens of a request; 0 for a service
    curves: list[Curve]  # of each replica
    pools: Pools
    rate_per_s: FloatArray  # (n,) asked of all replicas together
    served_per_s: FloatArray = field(default_factory=lambda: np.zeros(0))  # (n,)


def flow_pool(standing: Standing, policies: Choices, pools: Pools, local_hour: FloatArray, where: str) -> FlowPool:
    """A workload as rates: every replica takes the same share."""
    spec = policies.spec
    rate = rates_per_s(spec, local_hour, where)
    rng = np.random.default_rng(np.random.SeedSequence([standing.scenario.seed, *spec.id.encode()]))
    lengths = None if spec.service is not None else mean_lengths(spec, rng)
    known: dict[int, Curve] = {}
    curves = []
    for site in pools.sites:
        key = id(site.law)
        if key not in known:
            known[key] = site_curve(site, lengths)
        curves.append(known[key])
    tokens = (0.0, 0.0) if lengths is None else (lengths.prompt, lengths.output)
    found = FlowPool(spec.id, tokens, curves, pools, rate)
    each = rate / len(curves)
    distinct = {id(curve): curve for curve in curves}
    counts = {key: sum(1 for curve in curves if id(curve) == key) for key in distinct}
    carried = sum(
        (counts[key] * each * served_frac(curve, each) for key, curve in distinct.items()), np.zeros_like(rate)
    )
    found.served_per_s = np.minimum(rate, carried)
    return found


@dataclass(frozen=True, slots=True)
class HourLoads:
    """What works in each hour: from_s, until_s (n,) bound it."""

    held: list[Held]
    pools: list[FlowPool]
    from_s: FloatArray
    until_s: FloatArray


def it_hours(plant: Plant, hours: HourLoads, over_k: FloatArray) -> ItHours:
    """States and hours; over_k (n,): mean inlet of each hour above the one that sheets are for.

    A load that begins within an hour has its part of it.
    """
    held, pools = hours.held, hours.pools
    parts = [_active_frac(one, hours.from_s, hours.until_s) for one in held]
    rows = np.array([*parts, *(pool.rate_per_s for pool in pools), over_k])
    states, state = np.unique(rows, axis=1, return_inverse=True)
    state = np.ravel(state)
    n_servers, n_states = len(plant.compute.constants), states.shape[1]
    loads = np.stack([_loads(plant, held, pools, states[:, k]) for k in range(n_states)], axis=2)
    columns, on, everyone = ServerColumns(plant.compute.constants), np.ones(n_servers), np.arange(n_servers)
    server_w = np.zeros((n_servers, n_states))
    for k in range(n_states):
        columns.warm(everyone, np.full(n_servers, states[-1, k]))
        server_w[:, k] = columns.input_w(loads[:, :, k], on)
    hosts_w = np.array([columns.host_w(loads[2, :, k]).sum() for k in range(n_states)])
    return _by_state(plant, state, server_w, loads, hosts_w)


def _active_frac(one: Held, from_s: FloatArray, until_s: FloatArray) -> FloatArray:
    end_s = np.inf if one.spec.until_s is None else one.spec.until_s
    inside_s = np.minimum(until_s, end_s) - np.maximum(from_s, one.spec.from_s)
    return np.asarray(np.clip(inside_s / (until_s - from_s), 0.0, 1.0))


def _loads(plant: Plant, held: list[Held], pools: list[FlowPool], row: FloatArray) -> FloatArray:
    """Chips W, busy chips and host work of every server in one state, (3, n_servers)."""
    constants = plant.compute.constants
    loads = np.zeros((3, len(constants)))
    loads[0] = [c.n_chips * c.idle_chip_w for c in constants]
    for one, part in zip(held, row.tolist(), strict=False):
        kinds = {constants[i].type: constants[i] for i in one.i_servers}
        waves = {kind: chips_wave(one.spec, server).mean_w for kind, server in kinds.items()}
        for i in one.i_servers:
            c = constants[i]
            loads[0, i] += part * (waves[c.type] - c.n_chips * c.idle_chip_w)
            loads[1, i] += part * c.n_chips * busy_frac(one.spec)
            loads[2, i] += part * one.spec.host_frac
    for pool, rate in zip(pools, row[len(held) : -1].tolist(), strict=True):
        each = np.array([rate / len(pool.curves)])
        for site, curve in zip(pool.pools.sites, pool.curves, strict=True):
            watts, busy, host = (float(value[0]) for value in curve.at(each))
            for i, n_chips in parts_of(site):
                loads[:, i] += n_chips * watts, n_chips * busy, host * n_chips / constants[i].n_chips
    return loads


def _by_state(plant: Plant, state: np.ndarray, server_w: FloatArray, loads: FloatArray, hosts_w: FloatArray) -> ItHours:
    constants, n_racks = plant.compute.constants, len(plant.racks.ids)
    switch_w = plant.network.power_w()
    n_states = server_w.shape[1]
    wet_frac = plant.liquid_frac if plant.cooling.liquid.circuits.ids else np.zeros(len(constants))
    air_m3_s_w = np.array([c.air_m3_s_per_w for c in constants]) * (1.0 - plant.liquid_frac)

    def by_rack(values: FloatArray) -> FloatArray:
        found = np.zeros((n_racks, n_states))
        np.add.at(found, plant.rack_of_server, values)
        return found

    switches = np.repeat(switch_w[:, None], n_states, axis=1)
    rack_w, wet_w = by_rack(server_w), by_rack(server_w * wet_frac[:, None])
    np.add.at(rack_w, plant.network.i_rack, switches)
    if plant.cooling.liquid.circuits.ids:
        np.add.at(wet_w, plant.network.i_rack, switches * plant.network.liquid_frac[:, None])
    is_simulated = np.array([0.0 if c.obstacle else 1.0 for c in constants])
    return ItHours(
        state=state,
        consumer_w=np.concatenate([server_w, switches]),
        rack_w=rack_w,
        wet_w=wet_w,
        rack_m3_s=by_rack(server_w * air_m3_s_w[:, None]),
        chips_w=(loads[0] * is_simulated[:, None]).sum(axis=0),
        hosts_w=hosts_w,
        network_w=np.full(n_states, float(switch_w.sum())),
        bank_busy=_busy_by_family(plant, loads[1]),
    )


def _busy_by_family(plant: Plant, busy: FloatArray) -> FloatArray:
    """Share of busy chips of each family, NaN where none of it works in any state, (n_families, n_states)."""
    constants = plant.compute.constants
    kinds = ["" if c.chip is None else "npu_pim" if c.chip.family == "pim" else c.chip.family for c in constants]
    n_chips = np.array([c.n_chips for c in constants], dtype=float)
    is_used = busy.max(axis=1) > 0.0
    found = np.full((len(FAMILIES), busy.shape[1]), np.nan)
    for k, name in enumerate(FAMILIES):
        some = is_used & np.array([kind == name for kind in kinds])
        if some.any():
            found[k] = busy[some].sum(axis=0) / n_chips[some].sum()
    return found


def hour_of_day(start: datetime, from_s: FloatArray) -> FloatArray:
    """Local hour of the day at the beginning of each hour, (n,); a clock that jumps is left alone."""
    begin_h = start.hour + start.minute / 60.0 + start.second / 3600.0
    return np.asarray((begin_h + from_s / 3600.0) % 24.0)
