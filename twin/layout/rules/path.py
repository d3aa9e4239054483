"""Does the electrical path keep what it claims: single points, sources joined without a switch, breakers, phases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import networkx as nx

from twin.catalogue.electrical import PowerElement
from twin.layout.finding import Finding, kw, listed
from twin.layout.floor import Floor, FloorPower, FloorRack
from twin.layout.geometry import middle
from twin.layout.rules.racks import first_racks
from twin.physics.protection import CONTINUOUS_FRAC

ROOT = ""
"""Where all sources come from, in the graph of single points."""
PHASE_LIMIT_FRAC = 0.1
"""Largest deviation of a phase from the mean. Estimate: 10 % is the usual planning rule for three-phase boards."""
CORD_LIMIT_FRAC = 0.2
"""Largest difference of the two sides of a rack over their mean. Estimate: racks beyond it lose one side's reserve."""
ALWAYS_RATED = ("transformer", "generator", "ups", "pdu", "rpp", "busway", "rectifier")
PHASES = ("L1", "L2", "L3")


def path_findings(floor: Floor) -> Iterator[Finding]:
    """Findings about one node or one rack at a time; the path must have no loop."""
    yield from _ratings(floor)
    yield from two_sources(floor)
    yield from _single_points(floor)
    for rack in first_racks(floor):
        yield from _cords(rack)


def _at(node: FloorPower) -> tuple[float, float] | None:
    return middle(node.outline_m) if node.outline_m else None


def _ratings(floor: Floor) -> Iterator[Finding]:
    for node in floor.power.values():
        curve = node.device.loss
        if node.rated_w is None and curve is not None and curve.offset_w is None:
            text = f"{node.device.id} has losses but 0 ratings, 1 is needed to scale them"
            yield Finding("power.no_rating", "error", node.id, text, "give it rated_w", _at(node))
        elif node.rated_w is None and node.device.role in ALWAYS_RATED:
            text = f"{node.device.id} has 0 ratings, so no overload of it can be seen"
            yield Finding("power.no_rating", "warning", node.id, text, "give it rated_w", _at(node))
        if node.spec.breaker_a is not None and node.device.voltage_in_v is None:
            text = f"has a breaker of {node.spec.breaker_a:g} A, but {node.device.id} has no voltage_in_v"
            yield Finding("power.no_voltage", "error", node.id, text, "add voltage_in_v to the sheet", _at(node))


def two_sources(floor: Floor) -> Iterator[Finding]:
    """Boards that tie sources together which may be out of step; what comes from one switch is one source."""
    known: dict[str, frozenset[str]] = {}

    def sources(name: str) -> frozenset[str]:
        if name not in known:
            node = floor.power[name]
            role = node.device.role
            if role in ("ats", "sts", "utility"):
                known[name] = frozenset([name])
            elif role in ("generator", "ups"):
                known[name] = frozenset([f"{role}s"])  # sets and parallel UPS are kept in step by their controls
            else:
                inner = (sources(up) for up in node.spec.inputs if up in floor.power)
                known[name] = frozenset[str]().union(*inner)
        return known[name]

    for node in floor.power.values():
        inputs = [up for up in node.spec.inputs if up in floor.power]
        if len(inputs) < 2 or node.device.role in ("ats", "sts", "ups"):
            continue
        if len(found := {sources(up) for up in inputs}) > 1:
            names = sorted(frozenset[str]().union(*found))
            text = f"joins {len(names)} sources ({', '.join(names)}) that may be out of step, 1 is the limit"
            hint = "put an ATS or STS before it"
            yield Finding("power.two_sources", "error", node.id, text, hint, _at(node))


def _single_points(floor: Floor) -> Iterator[Finding]:
    """Nodes on every way from the sources to a rack that claims to have two: the dominators of the graph."""
    graph = nx.DiGraph()
    for node in floor.power.values():
        graph.add_edges_from((up, node.id) for up in node.spec.inputs if up in floor.power)
        if node.device.role in ("utility", "generator"):
            graph.add_edge(ROOT, node.id)
    racks_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for rack in floor.racks.values():
        if rack.spec.redundancy in ("2N", "3N/2", "4N/3"):
            names = {name for box in rack.fitted if box.max_w > 0 for name in box.feeds.values() if name in floor.power}
            if len(names) > 1:  # less is found by the rule of its feeds
                racks_of[tuple(sorted(names))].append(rack.id)
    for ends in racks_of:
        graph.add_edges_from((end, ends) for end in ends)
    if not racks_of or ROOT not in graph:
        return
    above = nx.immediate_dominators(graph, ROOT)
    hit: dict[str, list[str]] = defaultdict(list)
    for ends, racks in racks_of.items():
        place = above.get(ends, ROOT)
        while place != ROOT:
            hit[place] += racks
            place = above[place]
    for name, racks in hit.items():
        yield from _single_point(floor, floor.power[name], racks)


def _single_point(floor: Floor, node: FloorPower, racks: list[str]) -> Iterator[Finding]:
    """A warning where nothing bridges its loss; no more than a note above batteries, which give minutes."""
    if node.device.role == "utility":
        return
    sheltered = _is_sheltered(floor, node.id)
    text = (
        f"feeds {len(racks)} racks that claim two paths by both of them ({listed(racks)}); 0 shared nodes are allowed"
    )
    hint = "batteries bridge its loss for minutes only" if sheltered else "give each path its own"
    yield Finding("power.single_point", "note" if sheltered else "warning", node.id, text, hint, _at(node))


def _is_sheltered(floor: Floor, name: str) -> bool:
    """Whether every way down from a node passes a UPS with a battery, as far as racks are fed through it."""
    below = [node for node in floor.power.values() if name in node.spec.inputs]
    feeds_racks = any(name in box.feeds.values() for box in floor.fitted.values() if box.max_w > 0)
    return not feeds_racks and all(
        (node.device.role == "ups" and node.battery is not None) or _is_sheltered(floor, node.id) for node in below
    )


def _cords(rack: FloorRack) -> Iterator[Finding]:
    sides: dict[str, float] = defaultdict(float)
    for box in rack.fitted:
        if box.spec.power_policy == "shared":
            for side in box.feeds:
                sides[side] += box.max_w / len(box.feeds)
    if len(sides) < 2 or min(sides.values()) == max(sides.values()):
        return
    low, high = sorted(sides.values())
    off = (high - low) / ((high + low) / 2)
    if off > CORD_LIMIT_FRAC:
        shown = f"{kw(sides['A'])} on side A and {kw(sides['B'])} on side B"
        text = f"draws {shown}, {off:.0%} apart, {CORD_LIMIT_FRAC:.0%} is the limit"
        hint = "give both sides equal cords"
        yield Finding("power.cord_imbalance", "warning", rack.id, text, hint, rack.centre_m)


def continuous_findings(floor: Floor, loads_w: dict[str, float], breaker_w: dict[str, float]) -> Iterator[Finding]:
    """Breakers that carry more for hours than the continuous-load rule allows; loads and ratings by node, W."""
    for name, rated_w in breaker_w.items():
        share = loads_w[name] / rated_w
        if CONTINUOUS_FRAC < share <= 1.0 + 1e-9:
            node = floor.power[name]
            shown = f"breaker of {node.spec.breaker_a:g} A would carry {share:.0%} ({kw(loads_w[name])})"
            text = f"{shown}, {CONTINUOUS_FRAC:.0%} is the limit for hours"
            yield Finding("power.continuous", "warning", name, text, "move load away or enlarge it", _at(node))


def rack_phase(rack: FloorRack) -> int:
    """Phase of a rack fed from one only, 0 to 2: given, or in turn along its row; -1 for all three."""
    if rack.spec.phase is not None:
        return PHASES.index(rack.spec.phase)
    strips = [box.device for box in rack.fitted if isinstance(box.device, PowerElement)]
    return (rack.place - 1) % 3 if rack.place and strips and all(strip.phases == 1 for strip in strips) else -1


def phase_findings(floor: Floor, loads_w: dict[int, dict[str, float]]) -> Iterator[Finding]:
    """Nodes whose phases differ too much; loads by phase (-1: of all three) and node, W."""
    for node in floor.power.values():
        if node.device.phases != 3:
            continue
        even_w = loads_w.get(-1, {}).get(node.id, 0.0) / 3.0
        phases_w = [even_w + loads_w.get(k, {}).get(node.id, 0.0) for k in range(3)]
        mean_w = sum(phases_w) / 3.0
        off = max((abs(w - mean_w) for w in phases_w), default=0.0)
        if mean_w > 0.0 and off > PHASE_LIMIT_FRAC * mean_w:
            shown = ", ".join(f"{name} {kw(w)}" for name, w in zip(PHASES, phases_w, strict=True))
            text = f"would carry {shown}: {off / mean_w:.0%} off the mean, {PHASE_LIMIT_FRAC:.0%} is the limit"
            yield Finding("power.phase_imbalance", "warning", node.id, text, "move racks to other phases", _at(node))
