"""Answers of the studies as text for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from twin.study.availability import Availability, RackGroup
from twin.study.cooling_loss import INLET_LIMIT_C
from twin.study.failure_case import FailureCase
from twin.study.failures import Failures


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


def failure_lines(found: Failures, top: int) -> list[str]:
    """What `twin failures` prints: the worst of all that is not harmless."""
    lines = [
        f"{found.layout}: {found.n_servers} servers in {found.n_racks} racks, everything at its most; each failure "
        "followed for a day",
    ]
    if not found.normal.is_harmless:
        lines += ["", "With nothing lost already:", *_case(found.normal)]
    lines += _ranked(found.singles, "single failures", top)
    if found.no_cooling:
        lines += ["", f"failures of the cooling were not looked at: {found.no_cooling}"]
    elif found.machines:
        lines += _ranked(found.machines, "single failures of the cooling", top)
    if found.pairs:
        lines += _ranked(found.pairs, "pairs", 0)
        n_apart = len(found.pairs) - found.n_solved
        lines.append(f"{found.n_solved:,} pairs were followed; {n_apart:,} never meet, so what they do adds up")
        worse = [case for case in found.pairs if case.is_worse]
        lines.append(f"{len(worse)} pairs hit servers that neither of the two hits alone:")
        lines += _listed(worse, top)
    return lines


def _ranked(cases: Sequence[FailureCase], title: str, top: int) -> Iterator[str]:
    harmful = [case for case in cases if not case.is_harmless]
    dark = sum(case.servers_hit > 0 for case in cases)
    yield ""
    yield f"{len(cases)} {title}: {dark} take power from servers, {len(harmful) - dark} more trip, overload or warm"
    if top:
        yield from _listed(harmful, top)


def _listed(cases: Sequence[FailureCase], top: int) -> Iterator[str]:
    for case in cases[:top]:
        yield from _case(case)
    if len(cases) > top:
        yield f"  ... {len(cases) - top} more; --top or --json shows them"


def _case(case: FailureCase) -> Iterator[str]:
    parts = []
    if case.servers_dark:
        parts.append(
            f"{case.servers_dark} servers in {len(case.racks_dark)} racks dark, {case.it_dark_w / 1e3:,.0f} kW of IT"
        )
    if case.servers_hit > case.servers_dark:
        parts.append(f"{case.servers_hit - case.servers_dark} servers without power for a while")
    if case.servers_dry:
        parts.append(f"{case.servers_dry} servers stop without coolant")
    if case.capacity_lost_frac:
        parts.append(f"{case.capacity_lost_frac:.1%} of the accelerators' speed lost")
    if case.requests_lost_per_h:
        parts.append(f"replicas stop that are asked {case.requests_lost_per_h:,.0f} requests an hour")
    if case.cooling_dark:
        parts.append(f"{case.cooling_dark} coolers or plant items without power")
    parts += [f"{place} cooled for {share:.0%} of its heat" for place, share in case.cooling_short.items()]
    if case.inlet_min is not None:
        parts.append(f"inlets at {INLET_LIMIT_C:g} °C after {case.inlet_min:.1f} min")
    parts += [f"{name} trips after {_time(at_s)}" for name, at_s in case.tripped_s.items()]
    parts += [f"{name} at {ratio:.1%} of its rating" for name, ratio in case.overloaded.items()]
    parts += [f"{name} stalls on its first step" for name in case.stalled]
    if case.battery_min is not None:
        parts.append(f"batteries last {case.battery_min:.1f} min")
    yield f"  {' + '.join(case.lost) or 'nothing'}: {'; '.join(parts) or 'nothing happens'}"


def _time(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < 120.0 else f"{seconds / 60.0:.3g} min"
