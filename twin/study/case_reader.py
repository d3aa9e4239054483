"""From the arrays of followed failures to what is said of each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

import numpy as np

from twin.physics import FloatArray
from twin.study.cascade import Cascade, Outcome
from twin.study.cooling_loss import CoolingLeft, CoolingLosses
from twin.study.demand import Demand
from twin.study.design import Design
from twin.study.failure_case import FailureCase

TOLERANCE = 1e-9


class Cooled(TypedDict):
    """The fields of `FailureCase` that `CaseReader.cooled` gives."""

    capacity_lost_frac: float
    cooling_short: dict[str, float]
    inlet_min: float | None
    servers_dry: int


class CaseReader:
    """Knows the names, racks and servers behind the rows of a cascade."""

    def __init__(
        self, design: Design, cascade: Cascade, demand: Demand | None, cooling: CoolingLosses | None, speed: FloatArray
    ) -> None:
        """speed: (n_servers,) share of each in the peak speed of all accelerators."""
        self._design, self._demand, self._cooling, self._speed = design, demand, cooling, speed
        path = design.path
        self._group = cascade.cases.group_of
        n_groups = len(cascade.cases.groups)
        self.names = [*path.ids, *(f"{path.ids[i]} battery" for i in path.storage.node.tolist())]
        self.names += [f"{path.ids[i]} stuck" for i in cascade.switches]
        servers = self._group[: design.n_servers]
        self._servers = np.bincount(servers, minlength=n_groups)
        self._speed_of = np.bincount(servers, speed, n_groups)
        self.serves = self._servers > 0
        boxes = self._group[: design.n_boxes]
        self._it_w = np.bincount(boxes, design.consumer_w[: design.n_boxes], n_groups)
        self._coolers = np.bincount(self._group[design.n_boxes :], minlength=n_groups)
        self.racks = list(dict.fromkeys(design.rack_of_box[: design.n_servers]))
        self._on = np.zeros((len(self.racks), n_groups), dtype=bool)
        row = {rack: r for r, rack in enumerate(self.racks)}
        for rack, group in zip(design.rack_of_box, servers.tolist(), strict=False):
            self._on[row[rack], group] = True
        self._normal_ratio = cascade.follow([()]).highest_ratio[:, 0]
        self._racks_of: dict[bytes, tuple[str, ...]] = {}

    def cases(self, lost: Sequence[tuple[int, ...]], outcome: Outcome) -> Iterator[FailureCase]:
        """One after another."""
        hit, dark = self._servers @ outcome.was_dark, self._servers @ outcome.is_dark
        it_w, coolers = self._it_w @ outcome.is_dark, self._coolers @ outcome.is_dark
        over = outcome.highest_ratio > np.maximum(1.0, self._normal_ratio[:, None]) * (1.0 + TOLERANCE)
        lasts_s = outcome.battery_s.min(axis=0, initial=np.inf)
        for case, some in enumerate(lost):
            left = self.cooling_left(outcome.is_dark[:, case]) if coolers[case] else CoolingLeft()
            yield FailureCase(
                lost=tuple(self.names[i] for i in some),
                servers_hit=int(hit[case]),
                servers_dark=int(dark[case]),
                racks_hit=self._rack_names(outcome.was_dark[:, case]),
                racks_dark=self._rack_names(outcome.is_dark[:, case]),
                it_dark_w=float(it_w[case]),
                cooling_dark=int(coolers[case]),
                tripped_s=self._when(outcome.trip_s[:, case], self._guards()),
                overloaded=self._overloads(over[:, case], outcome.highest_ratio[:, case]),
                battery_min=float(lasts_s[case]) / 60.0 if np.isfinite(lasts_s[case]) else None,
                empty_s=self._when(outcome.empty_s[:, case], self._batteries()),
                generators_s=self._when(outcome.start_s[:, case], self._generators()),
                stalled=tuple(self._generators()[g] for g in np.flatnonzero(outcome.stalled[:, case])),
                requests_lost_per_h=self.requests(outcome.is_dark[:, case], left),
                **self.cooled(left, outcome.is_dark[:, case]),
            )

    def machines(self) -> Iterator[FailureCase]:
        """Single failures of coolers, distribution units, chillers, pumps and towers."""
        if self._cooling is None:
            return
        nobody = np.zeros(len(self._servers), dtype=bool)
        for name, lost in self._cooling.single():
            left = self._cooling.after(lost)
            yield FailureCase(
                (name,), 0, 0, (), (), 0.0, 0, {}, {}, None, {}, {}, (),
                requests_lost_per_h=self.requests(nobody, left),
                **self.cooled(left, nobody),
            )  # fmt: skip

    def cooling_left(self, groups: np.ndarray) -> CoolingLeft:
        """What is left of the cooling when these groups are dark, (n_groups,) bool."""
        if self._cooling is None:
            return CoolingLeft()
        n = self._design.n_boxes
        is_dark = groups[self._group]
        names = [self._design.consumer_ids[n + k] for k in np.flatnonzero(is_dark[n:]).tolist()]
        return self._cooling.after(dict.fromkeys(names, ALL), is_dark[:n])

    def _dry(self, left: CoolingLeft, groups: np.ndarray) -> np.ndarray:
        """Servers with power and without coolant, (n_servers,) bool."""
        n = self._design.n_servers
        if left.is_dry is None:
            return np.zeros(n, dtype=bool)
        return np.asarray(left.is_dry[:n] & ~groups[self._group[:n]])

    def cooled(self, left: CoolingLeft, groups: np.ndarray) -> Cooled:
        """The fields of a case that tell of its cooling and of the speed that is lost; groups: (n_groups,) dark."""
        is_dry = self._dry(left, groups)
        return {
            "capacity_lost_frac": float(self._speed_of @ groups + self._speed[is_dry].sum()),
            "cooling_short": left.short or NOTHING,
            "inlet_min": left.inlet_min,
            "servers_dry": int(is_dry.sum()),
        }

    def requests(self, groups: np.ndarray, left: CoolingLeft) -> float | None:
        """Requests an hour of the replicas that stop; none without a scenario."""
        if self._demand is None:
            return None
        return self._demand.lost_per_h(groups[self._group[: self._design.n_servers]] | self._dry(left, groups))

    def _rack_names(self, groups: np.ndarray) -> tuple[str, ...]:
        key = groups.tobytes()
        if key not in self._racks_of:
            rows = np.flatnonzero(self._on[:, groups].any(axis=1))
            self._racks_of[key] = tuple(self.racks[r] for r in rows)
        return self._racks_of[key]

    def _guards(self) -> list[str]:
        path = self._design.path
        return [f"{path.ids[g.i_node]} {'overload' if g.curve == 'UPS' else 'breaker'}" for g in path.trips.guards]

    def _batteries(self) -> list[str]:
        return [self._design.path.ids[i] for i in self._design.path.storage.node.tolist()]

    def _generators(self) -> list[str]:
        return [self._design.path.ids[i] for i in self._design.path.generators.tolist()]

    @staticmethod
    def _when(times_s: np.ndarray, names: Sequence[str]) -> dict[str, float]:
        happened = [(float(times_s[i]), names[i]) for i in np.flatnonzero(np.isfinite(times_s)).tolist()]
        return {name: time_s for time_s, name in sorted(happened)} if happened else NOTHING

    def _overloads(self, over: np.ndarray, ratio: np.ndarray) -> dict[str, float]:
        found = [(-float(ratio[i]), self.names[i]) for i in np.flatnonzero(over)]
        return {name: -negative for negative, name in sorted(found)} if found else NOTHING


ALL = 1_000_000
"""Machines lost of an item that has no power: all there are."""
NOTHING: dict[str, float] = {}
"""Shared by all cases in which nothing happened; never written to."""
