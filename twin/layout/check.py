"""All findings about a layout, in a stable order: errors, warnings, notes; within each by rule, then as drawn."""

from __future__ import annotations

from collections.abc import Iterator

from twin.catalogue.library import Catalogue
from twin.errors import CatalogueError, TwinError
from twin.layout.expand import expand_known
from twin.layout.finding import SEVERITIES, Finding
from twin.layout.floor import Floor
from twin.layout.model import Layout
from twin.layout.references import dangling
from twin.layout.rules.cooling import cooling_findings
from twin.layout.rules.liquid import liquid_findings
from twin.layout.rules.network import network_findings
from twin.layout.rules.power import power_findings
from twin.layout.rules.racks import rack_findings
from twin.layout.rules.space import space_findings
from twin.layout.rules.trust import trust_findings

REFERENCE_RULES = {"power node": "power.feed_to_nothing", "loop": "cooling.no_such_loop"}


def check(layout: Layout, catalogue: Catalogue) -> list[Finding]:
    """What is wrong or unwise about a drawing. Never raises for the drawing's sake: mistakes are findings."""
    floor, problems = expand_known(layout, catalogue)
    found = [
        *(_from_problem(problem) for problem in problems),
        *_references(floor),
        *space_findings(floor),
        *rack_findings(floor),
        *power_findings(floor),
        *cooling_findings(floor),
        *liquid_findings(floor),
        *network_findings(floor),
        *trust_findings(floor, catalogue),
    ]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


def _from_problem(problem: TwinError) -> Finding:
    rule = "layout.unknown_device" if isinstance(problem, CatalogueError) else "layout.duplicate_id"
    place, _, field = problem.where.partition(" ")
    return Finding(rule, "error", place, f"{field} {problem.what}".strip(), problem.hint)


def _references(floor: Floor) -> Iterator[Finding]:
    for ref in dangling(floor):
        rule = REFERENCE_RULES.get(ref.wanted, "layout.no_such_thing")
        yield Finding(
            rule, "error", ref.place, f"{ref.field} names {ref.name}, there is no such {ref.wanted}", ref.hint
        )
