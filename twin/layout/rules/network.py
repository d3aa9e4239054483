"""Can every server speak to the others, and do the switches have the ports for it."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from twin.layout.fabric import fabric_graph
from twin.layout.finding import Finding, listed
from twin.layout.floor import Floor


def network_findings(floor: Floor) -> Iterator[Finding]:
    """Findings about the network."""
    graph = fabric_graph(floor)
    yield from _unjoined(floor, graph)
    yield from _parts(floor, graph)
    yield from _ports(floor, graph)


def _unjoined(floor: Floor, graph: nx.Graph) -> Iterator[Finding]:
    servers = floor.servers()
    alone: dict[str, list[str]] = {}
    for box in servers:
        if graph.degree(box.id) == 0:
            rack = floor.racks[box.rack]
            alone.setdefault(rack.row or rack.id, []).append(box.id)
    if not floor.layout.fabrics and len(alone) > 1:
        # Whoever drew no network at all is told once.
        names = [name for some in alone.values() for name in some]
        text = f"has {len(names)} servers ({listed(names)}) and no network at all"
        yield Finding("network.no_path", "warning", "network", text, "add a fabric if they are to be joined", None)
        return
    for place, names in alone.items():
        rack = floor.racks[floor.fitted[names[0]].rack]
        text = f"has {len(names)} servers ({listed(names)}) with 0 links, 1 is needed"
        hint = "put a leaf switch in the rack or let a leaf serve it"
        severity = "warning" if len(servers) == 1 else "error"
        yield Finding("network.no_path", severity, place, text, hint, rack.centre_m)  # type: ignore[arg-type]


def _parts(floor: Floor, graph: nx.Graph) -> Iterator[Finding]:
    """Servers that have links but cannot reach each other."""
    order = {box.id: i for i, box in enumerate(floor.servers())}
    parts = [sorted((n for n in part if n in order), key=order.__getitem__) for part in nx.connected_components(graph)]
    parts = sorted((part for part in parts if part and graph.degree(part[0]) > 0), key=lambda part: order[part[0]])
    if len(parts) > 1:
        sizes = ", ".join(f"{len(part)} with {part[0]}" for part in parts[:4])
        text = f"falls into {len(parts)} parts that cannot reach each other ({sizes})"
        yield Finding("network.split", "warning", "network", text, "join their leaves to common spines")


def _ports(floor: Floor, graph: nx.Graph) -> Iterator[Finding]:
    for name, node in graph.nodes(data=True):
        used = sum(edge["count"] for _, _, edge in graph.edges(name, data=True))
        if node["ports"] and used > node["ports"]:
            at_m = floor.racks[node["rack"]].centre_m
            text = f"would need {used} ports, it has {node['ports']}"
            hint = "serve fewer racks from it, or fewer links each"
            yield Finding("network.ports", "error", name, text, hint, at_m)
