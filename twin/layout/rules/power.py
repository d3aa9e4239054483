"""Is everything fed, by paths that make sense and claims that hold."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from twin.catalogue.cooling import Tank
from twin.layout.finding import Finding, kw
from twin.layout.floor import Floor, FloorRack
from twin.layout.geometry import middle
from twin.layout.model import Side
from twin.layout.rules.load import load_findings
from twin.layout.rules.path import path_findings, two_sources
from twin.layout.rules.racks import first_racks

SOURCES = frozenset({"utility", "generator"})
JOINS = frozenset({"ats", "sts", "switchboard", "ups"})
"""Roles that may have more than one input."""


def power_findings(floor: Floor) -> Iterator[Finding]:
    """Findings about feeds and the electrical path; loads are looked at only where the path has no loop."""
    for rack in first_racks(floor):
        yield from _feeds(rack)
        yield from _budget(rack)
        yield from _claim(rack)
    yield from _cooling_feeds(floor)
    yield from _inputs(floor)
    cycles = list(_cycles(floor))
    yield from cycles
    if not cycles:
        yield from path_findings(floor)
        yield from load_findings(floor)


def join_findings(floor: Floor) -> Iterator[Finding]:
    """Errors that only a join can bring: circles, inputs beyond the limit, sources out of step."""
    yield from (finding for finding in _inputs(floor) if finding.rule == "power.two_inputs")
    cycles = list(_cycles(floor))
    yield from cycles
    if not cycles:
        yield from two_sources(floor)


def _feeds(rack: FloorRack) -> Iterator[Finding]:
    unfed = [box for box in rack.fitted if box.max_w > 0 and not box.feeds]
    if unfed:
        unfed_w = sum(box.max_w for box in unfed)
        text = f"has {len(unfed)} boxes that draw {kw(unfed_w)} and 0 feeds, 1 is needed"
        yield Finding("power.no_feed", "error", rack.id, text, "join it to a PDU or busway", rack.centre_m)


def _budget(rack: FloorRack) -> Iterator[Finding]:
    limit_w = rack.device.power_budget_w
    if limit_w is not None and rack.max_w > limit_w:
        text = f"may draw {kw(rack.max_w)}, the rack is meant for {kw(limit_w)}"
        yield Finding(
            "power.rack_budget", "warning", rack.id, text, "spread its servers over more racks", rack.centre_m
        )


def _claim(rack: FloorRack) -> Iterator[Finding]:
    """Whatever is not plain N needs two sides that end at different nodes; N+1 is a claim about the path above."""
    if rack.spec.redundancy in ("N", "N+1"):
        return
    single = [box for box in rack.fitted if box.max_w > 0 and box.feeds and len(set(box.feeds.values())) < 2]
    if single:
        feeds: dict[Side, str] = single[0].feeds
        shown = " and ".join(f"{side} at {node}" for side, node in sorted(feeds.items()))
        text = f"claims {rack.spec.redundancy}, but {single[0].id} hangs on 1 node ({shown}), 2 are needed"
        yield Finding("power.redundancy", "error", rack.id, text, "join the other side", rack.centre_m)


def _cooling_feeds(floor: Floor) -> Iterator[Finding]:
    for cooler in floor.coolers.values():
        if not cooler.spec.feeds:
            text = "has 0 feeds, so its fans or pumps stand still; 1 is needed"
            yield Finding("power.no_feed", "error", cooler.id, text, "join it to a switchboard", cooler.centre_m)
    for item in floor.plant.values():
        if not item.spec.feeds and not isinstance(item.device, Tank):
            at_m = middle(item.outline_m) if item.outline_m else None
            text = "has 0 feeds, so it stands still; 1 is needed"
            yield Finding("power.no_feed", "error", item.id, text, "join it to a switchboard", at_m)


def _inputs(floor: Floor) -> Iterator[Finding]:
    for node in floor.power.values():
        at_m = middle(node.outline_m) if node.outline_m else None
        n_inputs, role = len(node.spec.inputs), node.device.role
        if n_inputs > 1 and role not in JOINS:
            text = f"is a {role} with {n_inputs} inputs ({', '.join(node.spec.inputs)}), 1 is the limit"
            hint = "put an ATS, STS or switchboard before it"
            yield Finding("power.two_inputs", "error", node.id, text, hint, at_m)
        if n_inputs == 0 and role not in SOURCES:
            text = f"is a {role} with 0 inputs, 1 is needed"
            yield Finding("power.no_source", "error", node.id, text, "join it to what feeds it", at_m)


def _cycles(floor: Floor) -> Iterator[Finding]:
    graph = nx.DiGraph((up, node.id) for node in floor.power.values() for up in node.spec.inputs)
    place = {name: i for i, name in enumerate(floor.power)}
    for loop in nx.strongly_connected_components(graph):
        first = min(loop, key=lambda name: place.get(name, len(place)))
        if len(loop) > 1 or graph.has_edge(first, first):
            names = sorted(loop, key=lambda name: place.get(name, len(place)))
            text = f"feeds itself through {len(names)} nodes: {' - '.join(names)}"
            yield Finding("power.cycle", "error", first, text, "cut one of these inputs")
