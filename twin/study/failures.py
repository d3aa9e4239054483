"""Every single failure of the electrical path, and every pair: what trips, what is overloaded, and who goes dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from twin.catalogue.library import shipped_catalogue
from twin.errors import DocumentError, named
from twin.files import Tree
from twin.layout.expand import expand
from twin.layout.floor import Floor
from twin.layout.store import load_layout
from twin.study.cascade import Cascade, Outcome
from twin.study.demand import Demand, scenario_demand
from twin.study.design import Design, design_of
from twin.study.histories import Progress

AT_A_TIME = 2048
"""Cases followed together: a few tens of megabytes in a path of 200 elements."""
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class FailureCase:
    """What one failure, or several at once, comes to within a day."""

    lost: tuple[str, ...]
    servers_hit: int  # without power at any time, be it for the gap of a switch
    servers_dark: int  # without power at the end
    racks_hit: tuple[str, ...]
    racks_dark: tuple[str, ...]
    it_dark_w: float  # largest draw of what is dark at the end
    cooling_dark: int  # coolers and plant items without power at the end
    tripped_s: dict[str, float]  # guard -> when
    overloaded: dict[str, float]  # element -> load over rating, where above 1 and above what it is when all is well
    battery_min: float | None  # shortest time a battery lasts that was called on
    empty_s: dict[str, float]  # UPS -> when its battery was empty
    generators_s: dict[str, float]  # those that took load, and when
    stalled: tuple[str, ...]  # generators stopped by their first step
    requests_lost_per_h: float | None  # none without a scenario
    is_worse: bool = False  # a pair that hits servers neither of the two hits alone

    @property
    def is_harmless(self) -> bool:
        """Nobody is hit, nothing trips or is overloaded."""
        return not (self.servers_hit or self.tripped_s or self.overloaded or self.stalled or self.cooling_dark)


@dataclass(frozen=True, slots=True)
class Failures:
    """The answer for one layout."""

    layout: str
    n_servers: int
    n_racks: int
    normal: FailureCase  # nothing lost: what trips or is overloaded even so
    singles: tuple[FailureCase, ...]  # the worst first
    pairs: tuple[FailureCase, ...]  # the worst first; empty unless asked for

    def of(self, *lost: str) -> FailureCase:
        """The case in which just these elements are lost. DocumentError for one that was not followed."""
        for case in (self.normal, *self.singles, *self.pairs):
            if set(case.lost) == set(lost):
                return case
        known = ", ".join(case.lost[0] for case in self.singles[:5])
        raise DocumentError(
            f"no failure of {' and '.join(lost)}", self.layout, f"known: {known} and more, or pairs of them"
        )

    def to_json(self) -> Tree:
        """As a mapping of plain values; pairs give how many racks, singles also which."""
        tree = asdict(self)
        for pair in tree["pairs"]:
            pair["racks_hit"], pair["racks_dark"] = len(pair["racks_hit"]), len(pair["racks_dark"])
        return tree


def layout_failures(
    path: Path,
    has_pairs: bool = False,
    scenario: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Failures:
    """Failures of the elements of a layout file and of its batteries; scenario: its requests, counted as lost."""
    demand = scenario_demand(scenario, path) if scenario is not None else None
    with named(str(path)):
        floor = expand(load_layout(path), shipped_catalogue())
        return failures(floor, has_pairs, demand, progress)


def failures(
    floor: Floor,
    has_pairs: bool = False,
    demand: Demand | None = None,
    progress: Progress = lambda done, total: None,
) -> Failures:
    """Failures of the elements of a floor, everything at its most. DocumentError for a path that cannot be followed."""
    design = design_of(floor)
    cascade = Cascade(design.path, design.consumer_w)
    reader = _Reader(design, cascade, demand)
    n_lost = len(design.path.nodes) + len(design.path.storage.packs)
    cases: list[tuple[int, ...]] = [(), *((i,) for i in range(n_lost))]
    if has_pairs:
        cases += combinations(range(n_lost), 2)
    found: list[FailureCase] = []
    hit: list[np.ndarray] = []
    for at in range(0, len(cases), AT_A_TIME):
        part = cases[at : at + AT_A_TIME]
        outcome = cascade.follow(part)
        found += reader.cases(part, outcome)
        hit.append(outcome.was_dark)
        progress(float(min(at + AT_A_TIME, len(cases))), float(len(cases)))
    was_dark = np.concatenate(hit, axis=1)
    first, second = np.array(cases[1 + n_lost :], dtype=np.intp).reshape(-1, 2).T
    alone = was_dark[:, 1 + first] | was_dark[:, 1 + second]
    is_worse = (was_dark[:, 1 + n_lost :] & ~alone)[reader.serves].any(axis=0)
    pairs = [replace(case, is_worse=bool(worse)) for case, worse in zip(found[1 + n_lost :], is_worse, strict=True)]
    return Failures(
        layout=floor.layout.name,
        n_servers=design.n_servers,
        n_racks=len(set(design.rack_of_box[: design.n_servers])),
        normal=found[0],
        singles=tuple(sorted(found[1 : 1 + n_lost], key=_badness)),
        pairs=tuple(sorted(pairs, key=_badness)),
    )


def _badness(case: FailureCase) -> tuple[float, ...]:
    """Sorts the worst first: dark for good, hit at all, cooling lost, overload, short batteries."""
    overload = max(case.overloaded.values(), default=0.0)
    battery = np.inf if case.battery_min is None else case.battery_min
    return (-case.servers_dark, -case.servers_hit, -case.cooling_dark, -len(case.tripped_s), -overload, battery)


class _Reader:
    """From the arrays of an outcome to what is said of each case."""

    def __init__(self, design: Design, cascade: Cascade, demand: Demand | None) -> None:
        self._design, self._demand = design, demand
        path = design.path
        self._group = cascade.cases.group_of
        n_groups = len(cascade.cases.groups)
        self._names = [*path.ids, *(f"{path.ids[i]} battery" for i in path.storage.node.tolist())]
        servers = self._group[: design.n_servers]
        self._servers = np.bincount(servers, minlength=n_groups)
        self.serves = self._servers > 0
        boxes = self._group[: design.n_boxes]
        self._it_w = np.bincount(boxes, design.consumer_w[: design.n_boxes], n_groups)
        self._coolers = np.bincount(self._group[design.n_boxes :], minlength=n_groups)
        self._racks = list(dict.fromkeys(design.rack_of_box[: design.n_servers]))
        self._on = np.zeros((len(self._racks), n_groups), dtype=bool)
        row = {rack: r for r, rack in enumerate(self._racks)}
        for rack, group in zip(design.rack_of_box, servers.tolist(), strict=False):
            self._on[row[rack], group] = True
        self._normal_ratio = self._ratios(cascade)
        self._racks_of: dict[bytes, tuple[str, ...]] = {}

    @staticmethod
    def _ratios(cascade: Cascade) -> np.ndarray:
        return cascade.follow([()]).highest_ratio[:, 0]

    def cases(self, lost: Sequence[tuple[int, ...]], outcome: Outcome) -> Iterator[FailureCase]:
        """One after another."""
        hit, dark = self._servers @ outcome.was_dark, self._servers @ outcome.is_dark
        it_w, coolers = self._it_w @ outcome.is_dark, self._coolers @ outcome.is_dark
        over = outcome.highest_ratio > np.maximum(1.0, self._normal_ratio[:, None]) * (1.0 + TOLERANCE)
        lasts_s = outcome.battery_s.min(axis=0, initial=np.inf)
        for case, some in enumerate(lost):
            yield FailureCase(
                lost=tuple(self._names[i] for i in some),
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
                requests_lost_per_h=self._requests(outcome.is_dark[:, case]),
            )

    def _rack_names(self, groups: np.ndarray) -> tuple[str, ...]:
        key = groups.tobytes()
        if key not in self._racks_of:
            rows = np.flatnonzero(self._on[:, groups].any(axis=1))
            self._racks_of[key] = tuple(self._racks[r] for r in rows)
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
        return {name: time_s for time_s, name in sorted(happened)}

    def _overloads(self, over: np.ndarray, ratio: np.ndarray) -> dict[str, float]:
        found = [(-float(ratio[i]), self._names[i]) for i in np.flatnonzero(over)]
        return {name: -negative for negative, name in sorted(found)}

    def _requests(self, groups: np.ndarray) -> float | None:
        if self._demand is None:
            return None
        return self._demand.lost_per_h(groups[self._group[: self._design.n_servers]])
