"""The power path of a drawing as a graph: sources, what lies between, and what hangs on it, with design loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import networkx as nx

from twin.catalogue.cooling import AirCooler
from twin.catalogue.device import Device
from twin.layout.finding import Finding
from twin.layout.floor import Floor, FloorPower
from twin.layout.model import Side
from twin.layout.rules.load import Demand, demands, limit_w, node_loads, plant_w, upstream_order
from twin.layout.rules.power import SOURCES
from ui.diagrams.graph import MANY, Element, Graph, kw, rack_element, rack_groups, role_of, span_name, worst_of

Feeds = tuple[tuple[str, str], ...]


def one_line(
    floor: Floor,
    catalogue: Mapping[str, Device],
    findings: Sequence[Finding] = (),
    failed: frozenset[str] = frozenset(),
    rack_w: Mapping[str, float] | None = None,
) -> Graph:
    """The graph of the power path; loads are those `twin check` sums, with what has failed taken out.

    With `rack_w`, watts by rack from a run, racks count with these; cooling and plant count with their ratings still.
    """
    graph = Graph()
    live = live_nodes(floor, failed)
    consumers: dict[str, set[str]] = {name: set() for name in floor.power}
    wires: list[tuple[str, str, str]] = []  # node, element of the load, side
    for element, feeds, also in (*_racks(floor, catalogue), *_machines(floor)):
        nodes = [(side, node) for side, node in feeds if node in floor.power]
        state = "" if any(node in live for _, node in nodes) or not element.load_w else "unfed"
        severity, words = worst_of(findings, (*element.members, *also))
        if rack_w and also:
            element = replace(element, load_w=sum(rack_w.get(name, 0.0) for name in also))
        graph.add(replace(element, state=state, severity=severity, words=words), also)
        for side, node in nodes:
            consumers[node].add(element.id)
            wires.append((node, element.id, side))
    loads = (
        node_loads(floor, live_demands(floor, rack_w), upstream_order(floor), failed) if not has_circle(floor) else {}
    )
    groups = _parallel(floor, consumers)
    leaves = dict(graph.elements)
    graph.elements.clear()
    for group in groups:
        graph.add(_node_element(floor, group, loads, live, failed, findings))
    graph.elements.update(leaves)
    for below in floor.power.values():
        for up in below.spec.inputs:
            if up in floor.power:
                source, target = graph.element_of[up], graph.element_of[below.id]
                side = below.spec.side or floor.power[up].spec.side or ""
                graph.wire(source, target, side, up not in live or below.id in failed)
    for name, load, side in wires:
        own = floor.power[name].spec.side or side
        graph.wire(graph.element_of[name], load, own, name not in live)
    return graph


def live_demands(floor: Floor, rack_w: Mapping[str, float] | None) -> Demand:
    """Draws by the nodes they hang on, W: the largest, or of racks what they draw now, shared in the same way."""
    found = demands(floor)
    if not rack_w:
        return found
    for box in floor.fitted.values():
        rack = floor.racks[box.rack]
        if box.feeds and box.max_w > 0:
            now_w = box.max_w * rack_w.get(rack.id, 0.0) / rack.max_w
            key = (tuple(box.feeds[side] for side in sorted(box.feeds)), box.spec.power_policy == "shared")
            found[key] += now_w - box.max_w
    return found


def has_circle(floor: Floor) -> bool:
    """Whether some node feeds itself."""
    links = [(up, node.id) for node in floor.power.values() for up in node.spec.inputs]
    return not nx.is_directed_acyclic_graph(nx.DiGraph(links))


def live_nodes(floor: Floor, failed: frozenset[str]) -> set[str]:
    """Nodes with a utility or generator above them that has not failed."""
    live = {name for name, node in floor.power.items() if node.device.role in SOURCES and name not in failed}
    below: dict[str, list[str]] = {}
    for node in floor.power.values():
        for up in node.spec.inputs:
            below.setdefault(up, []).append(node.id)
    ready = list(live)
    while ready:
        for name in below.get(ready.pop(), ()):
            if name not in live and name not in failed:
                live.add(name)
                ready.append(name)
    return live


def _racks(floor: Floor, catalogue: Mapping[str, Device]) -> list[tuple[Element, list[tuple[str, str]], list[str]]]:
    keys: dict[str, tuple[object, ...]] = {name: tuple(sorted(r.feeds.items())) for name, r in floor.racks.items()}
    found = []
    for group in rack_groups(floor, keys):
        feeds: dict[tuple[str, str], None] = {}
        for name in group.racks:
            rack = floor.racks[name]
            feeds.update(dict.fromkeys(rack.feeds.items()))
            for box in rack.fitted:
                if box.max_w > 0:
                    feeds.update(dict.fromkeys(box.feeds.items()))
        found.append((rack_element(floor, catalogue, group), sorted(feeds), group.racks))
    return found


def _machines(floor: Floor) -> list[tuple[Element, list[tuple[str, str]], list[str]]]:
    """Coolers and plant, those of one kind and the same feeds as one."""
    groups: dict[tuple[str, Feeds], list[tuple[str, int, float]]] = {}
    roles: dict[str, str] = {}
    for cooler in floor.coolers.values():
        own_w = cooler.device.fan_max_w if isinstance(cooler.device, AirCooler) else cooler.device.pump_max_w or 0.0
        key = (cooler.device.id, _feeds_of(cooler.spec.feeds))
        groups.setdefault(key, []).append((cooler.id, 1, own_w))
        roles[key[0]] = "cdu" if cooler.device.kind == "cdu" else "crah"
    for item in floor.plant.values():
        power_w = item.spec.count * plant_w(item.device)
        if power_w > 0:
            groups[item.id, _feeds_of(item.spec.feeds)] = [(item.id, item.spec.count, power_w)]
            roles[item.id] = role_of(item.device)
    found: list[tuple[Element, list[tuple[str, str]], list[str]]] = []
    for (kind, feeds), members in groups.items():
        names = tuple(name for name, _, _ in members)
        n = sum(count for _, count, _ in members)
        about = f"{n} ×" if n > 1 else ""
        load_w = sum(power_w for _, _, power_w in members)
        title = span_name(names[0], names[-1])
        found.append((Element(f"load:{names[0]}", roles[kind], title, about, names, load_w=load_w), [*feeds], []))
    return found


def _feeds_of(feeds: Mapping[Side, str]) -> Feeds:
    return tuple((str(side), node) for side, node in sorted(feeds.items()))


def _parallel(floor: Floor, consumers: Mapping[str, set[str]]) -> list[list[str]]:
    """Nodes, with many that are alike, hang on the same and feed the same put together."""
    ends = {name: set(found) for name, found in consumers.items()}
    for node in floor.power.values():
        for up in node.spec.inputs:
            if up in ends:
                ends[up].add(node.id)
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, node in floor.power.items():
        spec = node.spec
        alike = (spec.type, node.rated_w, spec.side, spec.battery, spec.mode, spec.breaker_a, spec.inputs)
        groups.setdefault((*alike, frozenset(ends[name])), []).append(name)
    order = {name: i for i, name in enumerate(floor.power)}
    found = [part for g in groups.values() for part in ([g] if len(g) >= MANY else [[name] for name in g])]
    return sorted(found, key=lambda group: order[group[0]])


def _node_element(
    floor: Floor, group: list[str], loads: Mapping[str, float], live: set[str], failed: frozenset[str],
    findings: Sequence[Finding],
) -> Element:  # fmt: skip
    node: FloorPower = floor.power[group[0]]
    n = len(group)
    limits = [limit_w(floor.power[name]) for name in group]
    limit = sum(w or 0.0 for w in limits) or None
    load_w = sum(loads.get(name, 0.0) for name in group) if loads else None
    rating = kw(node.rated_w) if node.rated_w else ""
    about = f"{n} × {rating}" if n > 1 else rating
    state = ""
    severity, words = worst_of(findings, group)
    if any(name in failed for name in group):
        state, severity = "failed", "critical"
    elif not any(name in live for name in group):
        state = "unfed"
    elif limit and load_w is not None and load_w > limit * (1 + 1e-9):
        state, severity = "over", "critical"
    name = group[0] if n == 1 else f"{group[0]} + {n - 1}"
    return Element(
        group[0], node.device.role, name, about, tuple(group), node.spec.side or "", load_w, limit, state, severity,
        words, has_battery=node.battery is not None,
    )  # fmt: skip
