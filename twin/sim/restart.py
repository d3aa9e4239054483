"""Servers come back after a blackout in steps that nothing above them minds."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import numpy as np
from simpy.events import Event as SimEvent

from twin.physics import FloatArray
from twin.plant.plant import Plant
from twin.sim.hall import Hall

INRUSH = 8.0
"""Peak current of a cold power supply over its full load, for a half-wave. Estimate: 30 to 50 A for supplies of 4 to
6 A, as in the data sheets of server supplies; short enough for thermal releases, not for magnetic ones."""


class Restart:
    """Decides which dark servers may be switched on now; the rest come a step later."""

    __slots__ = ("_again", "_hall", "_is_waiting", "_max_w", "_next_s", "_spec")

    def __init__(self, hall: Hall, again: Callable[[], None]) -> None:
        self._hall, self._again, self._spec = hall, again, hall.scenario.restart
        self._next_s, self._is_waiting = -1.0, False
        self._max_w = hall.plant.max_server_w()

    def allowed(self, candidates: Sequence[int]) -> list[int]:
        """Those of the dark servers with power that are switched on now, rack by rack as many as fit."""
        if not candidates or not self._spec.is_staged:
            return list(candidates)
        now_s = float(self._hall.env.now)
        if now_s < self._next_s:
            return []
        compute = self._hall.plant.compute
        racks = list(dict.fromkeys(compute.constants[i].i_rack for i in candidates))
        n = self._most(candidates, racks)
        if n < len(racks):
            self._next_s = now_s + self._spec.step_s
            if not self._is_waiting:
                self._is_waiting = True
                self._hall.env.process(self._later())
        chosen = set(racks[:n])
        return [i for i in candidates if compute.constants[i].i_rack in chosen]

    def _later(self) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(self._next_s - self._hall.env.now)
        self._is_waiting = False
        self._again()

    def _most(self, candidates: Sequence[int], racks: Sequence[int]) -> int:
        """How many racks, from the first on, can start together; one at least, or the hall would stay dark."""
        place = {rack: k for k, rack in enumerate(racks)}
        i_rack = np.array([place[self._hall.plant.compute.constants[i].i_rack] for i in candidates])
        rows = np.array(candidates, dtype=np.intp)
        low, high = 1, min(len(racks), self._spec.racks_per_step or len(racks))
        while low < high:
            middle = (low + high + 1) // 2
            if can_start(self._hall.plant, rows[i_rack < middle], self._max_w):
                low = middle
            else:
                high = middle - 1
        return low


def can_start(plant: Plant, servers: np.ndarray, max_w: FloatArray) -> bool:
    """Whether ratings, generator steps and magnetic releases bear these servers at their full load on top."""
    path = plant.power
    before, consumer_w = plant.flow_now()
    steady_w = consumer_w.copy()
    steady_w[servers] = max_w[servers]
    flow = path.flow(steady_w)
    rises = flow.load_w > before.load_w + 1.0
    if (rises & (flow.load_w > path.limit_w)).any():
        return False
    for g in path.generators.tolist():
        node = path.nodes[g]
        if flow.input_w[g] - before.input_w[g] > node.step_frac * node.limit_w:
            return False
    return not trips_on_inrush(plant, servers, max_w).any()


def trips_on_inrush(plant: Plant, servers: np.ndarray, max_w: FloatArray) -> np.ndarray:
    """Which guards act at once when these cold servers are switched on together, (m,) bool."""
    path = plant.power
    if not len(path.trips.guards):
        return np.zeros(0, dtype=bool)
    _, consumer_w = plant.flow_now()
    consumer_w = consumer_w.copy()
    consumer_w[servers] = INRUSH * max_w[servers]
    consumer_w = np.where(path.is_fed, consumer_w, 0.0)
    return np.asarray(path.ratio(path.flow(consumer_w), consumer_w) >= path.trips.at_once)
