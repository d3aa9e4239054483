"""Swings of loads on the power path: how far each element swings, what its losses and its guards feel of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.physics.swing_sums import InPhase, Swell, in_phase, swell
from twin.physics.swings import Wave
from twin.plant.compute import Compute
from twin.plant.flow import PowerFlow
from twin.plant.power import PowerPath
from twin.plant.wiring import Wiring

STEP_S = 5.0
"""A rise within this time is a step for what feeds it. Estimate: frequency of a generator is back in its band within
5 s after a step, as ISO 8528-5 asks of class G2; slower changes the governor follows."""


@dataclass(frozen=True, slots=True)
class SwingLoad:
    """A load that swings: the wave of one server of each kind at its cords, and which server draws which."""

    waves: InPhase
    servers: np.ndarray  # (k,)
    wave_of: np.ndarray  # (k,) < m


@dataclass(frozen=True, slots=True)
class PathSwell:
    """The swing of every element (n,), of what it passes on and of what it draws."""

    load: Swell
    input: Swell


@dataclass(frozen=True, slots=True)
class Climb:
    """How waves climb the path."""

    gain: FloatArray  # (n, m) how many times each wave swings in what each element passes on
    passes: FloatArray  # (n,) swing of its input over that of its load
    store_loss_w: FloatArray  # (n,) mean watts lost in stores that smooth


class PathSwings:
    """Carries the waves at the cords up the path: shares of the cords and inputs, times the slopes of the losses.

    A loss a + b x + c x² turns a swing of the load into one of the input that is 1 + b + 2 c x times as high, and adds
    c (mean square) / rated to the mean, which the flow then carries. A UPS on its battery hides what is below it; in
    all other modes a UPS passes swings on, as its direct-current link stores a few milliseconds only. An element with a
    store of its own (`smoothing_j`) lets through what the energy does not cover, and loses on the way in and out of it.
    """

    __slots__ = ("_compute", "_found", "_key", "_loads", "_path")

    def __init__(self, path: PowerPath, compute: Compute) -> None:
        self._path, self._compute = path, compute
        self._loads: dict[str, SwingLoad] = {}
        self._found: tuple[PowerFlow, PathSwell] | None = None
        self._key: tuple[Wiring, tuple[str, ...], bytes] | None = None
        path.swings = self

    @property
    def is_still(self) -> bool:
        """Whether no load swings."""
        return not self._loads

    def begin(self, name: str, waves: Sequence[Wave], servers: Sequence[int], wave_of: Sequence[int]) -> None:
        """A load swings from now on: server servers[k] draws waves[wave_of[k]] at its cords while it has power."""
        rows, kinds = np.array(servers, dtype=np.intp), np.array(wave_of, dtype=np.intp)
        self._loads[name] = SwingLoad(in_phase(waves), rows, kinds)
        self._found = None

    def end(self, name: str) -> None:
        """It does not any more."""
        self._loads.pop(name, None)
        self._found = None
        if not self._loads:
            self._key = None
            self._path.bear_losses(np.zeros(len(self._path.nodes)))
            self._path.trips.swing(None, None)

    def at(self, flow: PowerFlow) -> PathSwell | None:
        """The swings around a flow of the path as it is wired now; none where no load swings."""
        if not self._loads:
            return None
        if self._found is None or self._found[0] is not flow:
            self._found = flow, self._climbed(flow)
        return self._found[1]

    def onto(self, flow: PowerFlow, phase_factor: FloatArray | float) -> None:
        """Tell the guards of the path what swings: by the worst phase, as the load does."""
        found, trips = self.at(flow), self._path.trips
        if found is None or not len(trips.guards):
            return
        worst = np.broadcast_to(np.asarray(phase_factor, dtype=float), (len(self._path.nodes),))[trips.node]
        worst = np.where(trips.is_ups, 1.0, worst) / trips.rated_w
        square, top = (
            np.where(trips.is_ups, own[trips.node], drawn[trips.node])
            for own, drawn in (
                (found.load.mean_square_w2, found.input.mean_square_w2),
                (found.load.top_w, found.input.top_w),
            )
        )
        trips.swing(square * worst**2, top * worst)

    def is_new(self) -> bool:
        """Whether loads, switches or servers changed since `bear`, so that losses must be found anew."""
        if not self._loads:
            return False
        wiring, *rest = self._now()
        return self._key is None or self._key[0] is not wiring or list(self._key[1:]) != rest

    def bear(self, flow: PowerFlow) -> None:
        """Let the path lose what swings and the stores that smooth them add to the mean losses around a flow."""
        self._key = self._now()
        climbed = self._climb(flow)
        swell_w2 = self._swells(climbed.gain).mean_square_w2
        self._path.bear_losses(self._path.loss_terms_w[2] * swell_w2 + climbed.store_loss_w)

    def _now(self) -> tuple[Wiring, tuple[str, ...], bytes]:
        return self._path.wiring, tuple(self._loads), self._compute.on.tobytes()

    def _climbed(self, flow: PowerFlow) -> PathSwell:
        climbed = self._climb(flow)
        return PathSwell(self._swells(climbed.gain), self._swells(climbed.gain * climbed.passes[:, None]))

    def _swells(self, gain: FloatArray) -> Swell:
        """The swing of each element from its gains for the waves of all loads, side by side, (n, m)."""
        at, parts = 0, []
        for load in self._loads.values():
            m = len(load.waves.top_w)
            parts.append(swell(load.waves, gain[:, at : at + m], STEP_S))
            at += m
        total, *others = parts
        for other in others:
            total = total + other
        return total

    def _climb(self, flow: PowerFlow) -> Climb:
        """Gains from the cords to the sources; a store gives the same share of all deviations, as its energy allows."""
        wiring, nodes, abc = self._path.wiring, self._path.nodes, self._path.loss_terms_w
        passes = 1.0 + abc[1] + 2.0 * abc[2] * flow.load_w
        above_j = np.concatenate([load.waves.above_j for load in self._loads.values()])
        periods_s = np.concatenate(
            [np.full(len(load.waves.top_w), load.waves.period_s) for load in self._loads.values()]
        )
        gain, loss_w = self._at_cords(len(above_j)), np.zeros(len(nodes))
        stores = [i for i, node in enumerate(nodes) if node.smoothing_j > 0.0]
        for level, (lower, upper, part) in zip(wiring.levels, wiring.edges, strict=True):
            for i in set(stores).intersection(level.tolist()):
                needed_j = float(gain[i] @ above_j)
                given = min(1.0, nodes[i].smoothing_j / needed_j) if needed_j > 0.0 else 0.0
                passes[i] *= 1.0 - given
                loss_w[i] = given * float(gain[i] @ (above_j / periods_s)) * (1.0 / nodes[i].round_trip_frac - 1.0)
            if len(lower):
                np.add.at(gain, upper, gain[lower] * (passes[lower] * part)[:, None])
        return Climb(gain, passes, loss_w)

    def _at_cords(self, n_waves: int) -> FloatArray:
        """How many times each wave of all loads hangs on each element, (n, m)."""
        consumer, node, share = self._path.wiring.cords
        gain, at = np.zeros((len(self._path.nodes), n_waves)), 0
        for load in self._loads.values():
            of_server = np.zeros((len(self._compute.constants), n_waves))
            of_server[load.servers, at + load.wave_of] = self._compute.on[load.servers]
            is_server = consumer < len(of_server)
            np.add.at(gain, node[is_server], of_server[consumer[is_server]] * share[is_server, None])
            at += len(load.waves.top_w)
        return gain
