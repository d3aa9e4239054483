"""Every single failure of the electrical path and of the cooling, and every pair of the path: what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.library import Catalogue, shipped_catalogue
from twin.errors import DocumentError, TwinError, named
from twin.files import Tree
from twin.layout.expand import expand
from twin.layout.floor import Floor
from twin.layout.store import load_layout
from twin.physics import FloatArray
from twin.study.cascade import Cascade, Outcome
from twin.study.case_reader import CaseReader
from twin.study.cooling_loss import CoolingLeft, CoolingLosses
from twin.study.demand import Demand, scenario_demand
from twin.study.design import Design, design_of
from twin.study.failure_case import FailureCase
from twin.study.histories import Progress
from twin.study.separable import interacting, rack_union, together

AT_A_TIME = 2048
"""Cases followed together: a few tens of megabytes in a path of 200 elements."""


@dataclass(frozen=True, slots=True)
class Failures:
    """The answer for one layout."""

    layout: str
    n_servers: int
    n_racks: int
    normal: FailureCase  # nothing lost: what trips or is overloaded even so
    singles: tuple[FailureCase, ...]  # the worst first
    pairs: tuple[FailureCase, ...]  # the worst first; empty unless asked for
    machines: tuple[FailureCase, ...] = ()  # single failures of the cooling, the worst first
    n_solved: int = 0  # pairs that meet and were followed; the others are the sum of two single failures
    no_cooling: str = ""  # why the cooling was not looked at

    def of(self, *lost: str) -> FailureCase:
        """The case in which just these elements are lost. DocumentError for one that was not followed."""
        for case in (self.normal, *self.singles, *self.machines, *self.pairs):
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
    design, catalogue = design_of(floor), shipped_catalogue()
    cascade = Cascade(design.path, design.consumer_w, design.n_servers, design.live_w)
    cooling, no_cooling = _cooling(floor, design, catalogue)
    reader = CaseReader(design, cascade, demand, cooling, _speeds(floor, design, catalogue))
    n_lost = cascade.n_failures
    cases: list[tuple[int, ...]] = [(), *((i,) for i in range(n_lost))]
    outcome = cascade.follow(cases, is_traced=True)
    found = list(reader.cases(cases, outcome))
    pairs, n_solved = _pairs(cascade, reader, outcome, found, progress) if has_pairs else ([], 0)
    progress(1.0, 1.0)
    return Failures(
        layout=floor.layout.name,
        n_servers=design.n_servers,
        n_racks=len(reader.racks),
        normal=found[0],
        singles=tuple(sorted(found[1:], key=lambda case: case.badness)),
        pairs=tuple(sorted(pairs, key=lambda case: case.badness)),
        machines=tuple(sorted(reader.machines(), key=lambda case: case.badness)),
        n_solved=n_solved,
        no_cooling=no_cooling,
    )


def _cooling(floor: Floor, design: Design, catalogue: Catalogue) -> tuple[CoolingLosses | None, str]:
    """The heat balance of a floor, or why there is none: what cannot be simulated has no temperatures either."""
    losses_w = design.path.flow(design.consumer_w).loss_w[design.path.is_indoors]
    try:
        return CoolingLosses(floor, catalogue, float(losses_w.sum())), ""
    except TwinError as error:
        return None, str(error).splitlines()[0]


def _speeds(floor: Floor, design: Design, catalogue: Catalogue) -> FloatArray:
    """Share of each server in the peak speed of all accelerators, (n_servers,); of watts where none has any."""
    speed = np.zeros(design.n_servers)
    for i, box in enumerate(floor.servers()):
        fitted = box.device.accelerators if isinstance(box.device, Server) else ()
        for one in fitted:
            peaks = catalogue.find(one.type, Accelerator).peak_flops.values()
            speed[i] += one.count * max(peaks, default=0.0)
    if not speed.any():
        speed = design.consumer_w[: design.n_servers].copy()
    return np.asarray(speed / speed.sum())


def _pairs(
    cascade: Cascade, reader: CaseReader, singles: Outcome, found: Sequence[FailureCase], progress: Progress
) -> tuple[list[FailureCase], int]:
    """Every pair, and how many were followed: those that meet; found: the normal case, then the single failures."""
    n_lost = cascade.n_failures
    # Where something happens even when nothing is lost, no two failures are apart from each other.
    met = interacting(singles)[1:, 1:] | (not found[0].is_quiet)
    first, second = np.triu_indices(n_lost, 1)
    is_met = met[first, second]
    solved = list(zip(first[is_met].tolist(), second[is_met].tolist(), strict=True))
    pairs: list[FailureCase] = []
    for at in range(0, len(solved), AT_A_TIME):
        part = solved[at : at + AT_A_TIME]
        pairs += _followed(cascade, reader, singles, part)
        progress(float(min(at + AT_A_TIME, len(solved))), float(len(solved)))
    racks = rack_union(reader.racks)
    for i, j in zip(first[~is_met].tolist(), second[~is_met].tolist(), strict=True):
        pair = together(found[1 + i], found[1 + j], racks)
        pairs.append(_with_sums(pair, reader, singles.is_dark[:, 1 + i] | singles.is_dark[:, 1 + j]))
    return pairs, len(solved)


def _followed(
    cascade: Cascade, reader: CaseReader, singles: Outcome, part: Sequence[tuple[int, int]]
) -> Iterator[FailureCase]:
    outcome = cascade.follow(part)
    first, second = np.array(part, dtype=np.intp).T
    alone = singles.was_dark[:, 1 + first] | singles.was_dark[:, 1 + second]
    is_worse = (outcome.was_dark & ~alone)[reader.serves].any(axis=0)
    for case, worse in zip(reader.cases(part, outcome), is_worse.tolist(), strict=True):
        yield replace(case, is_worse=True) if worse else case


def _with_sums(pair: FailureCase, reader: CaseReader, is_dark: np.ndarray) -> FailureCase:
    """Two cases as one, with what does not simply add up: replicas on the servers of both, cooling of both."""
    if not pair.cooling_dark and not pair.requests_lost_per_h:
        return pair
    left = reader.cooling_left(is_dark) if pair.cooling_dark else CoolingLeft()
    return replace(pair, requests_lost_per_h=reader.requests(is_dark, left), **reader.cooled(left, is_dark))
