"""Answers of the studies as text for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from twin.study.availability import Availability, RackGroup


def availability_lines(found: Availability) -> list[str]:
    """What `twin availability` prints."""
    lines = [
        f"{found.layout}: {found.years:,.0f} years lived, {found.confidence:.0%} intervals; power alone, everything at "
        "its most",
        "",
        f"{'racks':24}{'availability':>14}{'dark h/year':>13}{'interval':>24}{'analytic':>11}{'outages/year':>14}",
    ]
    for group in found.groups:
        interval = f"{_hours(group.low_h_per_year)} - {_hours(group.high_h_per_year)}"
        analytic = "-" if group.analytic_h_per_year is None else _hours(group.analytic_h_per_year)
        lines.append(
            f"{_some(group.racks):24}{group.availability:>14.7%}{_hours(group.dark_h_per_year):>13}{interval:>24}"
            f"{analytic:>11}{group.outages_per_year:>14.3g}"
        )
    for group in _kinds(found.groups):
        lines += ["", *_causes(group)]
    return lines


def _kinds(groups: Sequence[RackGroup]) -> Iterator[RackGroup]:
    """The darkest, and the next that are dark for much shorter."""
    last_h = math.inf
    for group in groups:
        hours = group.dark_h_per_year if group.analytic_h_per_year is None else group.analytic_h_per_year
        if hours < 0.8 * last_h:
            last_h = hours
            yield group


def _causes(group: RackGroup) -> Iterator[str]:
    yield f"Why {_some(group.racks)} go dark, hours a year by least sets of failures:"
    for name, hours in group.sets_h_per_year:
        yield f"  {_hours(hours):>10}  {name}"
    shown = {name: share for name, share in group.element_share.items() if share >= 0.005}
    if shown:
        yield "Down themselves in the dark hours that were lived: " + ", ".join(
            f"{name} {share:.0%}" for name, share in shown.items()
        )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:2])
    return shown if len(names) <= 2 else f"{names[0]} and {len(names) - 1} more"


def _hours(hours: float) -> str:
    return f"{hours:.3g}" if hours >= 1e-3 or hours == 0.0 else f"{hours:.1e}"
