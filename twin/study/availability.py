"""How available each rack is: years lived by chance, the analytic value beside them, and what darkens it most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from twin.catalogue.library import shipped_catalogue
from twin.catalogue.rates import rate_book
from twin.errors import DocumentError, named
from twin.files import Tree
from twin.layout.expand import expand
from twin.layout.floor import Floor
from twin.layout.store import load_layout
from twin.physics.reliability import HOURS_PER_YEAR, sum_interval
from twin.study.cuts import CutSets, CutShare, TooManyCuts, unavailability
from twin.study.design import ride_through_s
from twin.study.histories import Dark, Outages, Progress, live
from twin.study.supply import Supply, supply_of

YEARS = 100_000.0
CONFIDENCE = 0.95
MOST_YEARS = 1e8
"""More would take hours and tell nothing the analytic value does not."""
UNSEEN = 0.05
"""An outage expected less often than this in all the years lived is not looked for in the interval."""
SHOWN = 8
"""Elements and sets of failures listed for each kind of rack."""


@dataclass(frozen=True, slots=True)
class RackGroup:
    """Racks on the same cords, and how long they are dark."""

    racks: tuple[str, ...]
    cords: tuple[tuple[str, ...], ...]
    availability: float
    dark_h_per_year: float
    low_h_per_year: float  # of the confidence interval
    high_h_per_year: float
    analytic_h_per_year: float | None  # none: too many sets of failures
    outages_per_year: float
    element_share: dict[str, float]  # share of the dark hours in which it was down itself
    sets_h_per_year: tuple[tuple[str, float], ...]  # least sets of failures, the worst first


@dataclass(frozen=True, slots=True)
class Availability:
    """The answer for one layout."""

    layout: str
    years: float
    seed: int
    confidence: float
    groups: tuple[RackGroup, ...]  # the darkest first

    def of(self, rack: str) -> RackGroup:
        """The group of one rack. DocumentError for a name that is none."""
        for group in self.groups:
            if rack in group.racks:
                return group
        known = ", ".join(name for group in self.groups for name in group.racks[:3])
        raise DocumentError(f"no rack {rack!r}", self.layout, f"known: {known}")

    def to_json(self) -> Tree:
        """As a mapping of plain values."""
        return asdict(self)


def layout_availability(
    path: Path,
    years: float = YEARS,
    seed: int = 1,
    rates: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Availability:
    """Availability of the racks of a layout file; rates: a table of one's own over the shipped one."""
    check_years(years)
    book = rate_book(rates)
    with named(str(path)):
        floor = expand(load_layout(path), shipped_catalogue())
        return availability(floor, supply_of(floor, book, ride_through_s(floor)), years, seed, progress)


def availability(
    floor: Floor, supply: Supply, years: float = YEARS, seed: int = 1, progress: Progress = lambda done, total: None
) -> Availability:
    """Availability of the racks of a floor over its supply. DocumentError for a number of years that makes no sense."""
    check_years(years)
    racks_of: dict[Dark, list[str]] = defaultdict(list)
    for rack, cords in supply.racks.items():
        racks_of[cords].append(rack)
    lived = live(supply, years, seed, progress)
    shares = _analytic(supply, list(racks_of))
    groups = [_group(supply, tuple(racks_of[c]), c, lived[c], shares.get(c), years) for c in racks_of]
    groups.sort(key=lambda g: -(g.dark_h_per_year if g.analytic_h_per_year is None else g.analytic_h_per_year))
    return Availability(floor.layout.name, years, seed, CONFIDENCE, tuple(groups))


def check_years(years: float) -> None:
    """DocumentError for a number of years that makes no sense."""
    if not 1.0 <= years <= MOST_YEARS:
        raise DocumentError(
            f"{years:g} years cannot be lived", "--years", f"give a number from 1 to {MOST_YEARS:.0e}, such as 100000"
        )


def _analytic(supply: Supply, kinds: Sequence[Dark]) -> dict[Dark, list[CutShare]]:
    """Sets of failures of each kind of cords that is simple enough."""
    found = {}
    try:
        cuts = CutSets(supply)
    except TooManyCuts:
        return {}
    for cords in kinds:
        try:
            found[cords] = cuts.shares(cords)
        except TooManyCuts:
            continue
    return found


def _group(
    supply: Supply, racks: tuple[str, ...], cords: Dark, lived: Outages, shares: list[CutShare] | None, years: float
) -> RackGroup:
    hours = lived.lengths_h()
    low_h, high_h = sum_interval(hours, CONFIDENCE, _longest_h(supply, shares, years))
    dark_h = float(hours.sum())
    by_element = sorted(lived.with_h.items(), key=lambda item: (-item[1], item[0]))
    return RackGroup(
        racks=racks,
        cords=tuple(sorted(tuple(supply.ids[i] for i in one) for one in cords)),
        availability=1.0 - dark_h / years / HOURS_PER_YEAR,
        dark_h_per_year=dark_h / years,
        low_h_per_year=low_h / years,
        high_h_per_year=high_h / years,
        analytic_h_per_year=None if shares is None else unavailability(shares) * HOURS_PER_YEAR,
        outages_per_year=len(hours) / years,
        element_share={name: own_h / dark_h for name, own_h in by_element[:SHOWN]},
        sets_h_per_year=tuple(
            (" + ".join(one.names), one.unavailability * HOURS_PER_YEAR) for one in (shares or [])[:SHOWN]
        ),
    )


def _longest_h(supply: Supply, shares: list[CutShare] | None, years: float) -> float:
    """Length of an outage that may well have been missed: a rare and long one would change the sum."""
    if shares is None:
        return max(one.repair_h for one in supply.elements)
    return max((one.length_h for one in shares if one.per_year * years > UNSEEN), default=0.0) or max(
        one.repair_h for one in supply.elements
    )
