"""The network as a graph: servers and switches, the cables a rule stands for, and the drawn ones."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx

from twin.catalogue.compute import Server
from twin.catalogue.network import Switch
from twin.layout.floor import FittedDevice, Floor
from twin.layout.model import Fabric


def fabric_graph(floor: Floor) -> nx.Graph:
    """All fabrics of a floor as one graph.

    Nodes are ids of fitted servers and switches, with `kind` ("server" or "switch"), `rack` and `ports` (0: unknown).
    Edges have `count` (cables), `bytes_s` (rate of one cable, one direction; the slower port's unless the link says
    so, 0 when neither is known) and `fabric` (id). Names that mean nothing are left out, and so is a cable
    from a box to itself.
    """
    graph = nx.Graph()
    for box in floor.fitted.values():
        if isinstance(box.device, Server):
            graph.add_node(box.id, kind="server", rack=box.rack, ports=box.device.nic_count)
        elif isinstance(box.device, Switch):
            graph.add_node(box.id, kind="switch", rack=box.rack, ports=box.device.ports)
    for fabric in floor.layout.fabrics:
        if fabric.kind != "explicit":
            _join_servers(graph, floor, fabric)
            _join_spines(graph, floor, fabric)
        for link in fabric.links:
            _join(graph, floor, fabric.id, (link.a, link.b), link.count, link.bytes_s)
    return graph


def _join_servers(graph: nx.Graph, floor: Floor, fabric: Fabric) -> None:
    """Each server's ports are dealt out over the leaves that serve its rack."""
    leaves_of: dict[str, list[str]] = defaultdict(list)
    for leaf in fabric.leaves:
        box = floor.fitted.get(leaf)
        for name in fabric.serves.get(leaf, (box.rack,) if box else ()):
            for rack in floor.racks_of(name):
                if leaf not in leaves_of[rack.id]:
                    leaves_of[rack.id].append(leaf)
    pairs = ((box, leaves) for rack, leaves in leaves_of.items() for box in floor.racks[rack].fitted)
    servers = ((box, leaves) for box, leaves in pairs if isinstance(box.device, Server))
    for i, (box, leaves) in enumerate(servers):
        for leaf, count in zip(leaves, dealt(fabric.ports_per_server, len(leaves), i), strict=True):
            _join(graph, floor, fabric.id, (box.id, leaf), count, None)


def _join_spines(graph: nx.Graph, floor: Floor, fabric: Fabric) -> None:
    if fabric.spines:
        for i, leaf in enumerate(fabric.leaves):
            counts = dealt(fabric.uplinks_per_leaf, len(fabric.spines), i)
            for spine, count in zip(fabric.spines, counts, strict=True):
                _join(graph, floor, fabric.id, (leaf, spine), count, None)


def _join(graph: nx.Graph, floor: Floor, fabric: str, ends: tuple[str, str], count: int, bytes_s: float | None) -> None:
    a, b = floor.fitted.get(ends[0]), floor.fitted.get(ends[1])
    if a is None or b is None or a is b or count == 0 or a.id not in graph or b.id not in graph:
        return
    rates = [rate for rate in (port_bytes_s(a), port_bytes_s(b)) if rate]
    rate = bytes_s or min(rates, default=0.0)
    known = graph.get_edge_data(a.id, b.id)
    if known is not None:
        count, rate = count + known["count"], min(rate, known["bytes_s"])
    graph.add_edge(a.id, b.id, count=count, bytes_s=rate, fabric=fabric)


def port_bytes_s(box: FittedDevice) -> float | None:
    """Rate of one port of a server or switch, one direction, bytes/s."""
    if isinstance(box.device, Server):
        return box.device.nic_bytes_s
    return box.device.port_bytes_s if isinstance(box.device, Switch) else None


def dealt(count: int, n_hands: int, i_round: int) -> list[int]:
    """What each hand gets when a count is dealt around the table, after `i_round` equal rounds before.

    Dealing goes on where the last round ended, so that over many rounds no hand gets more than one above another.
    """
    share, rest = divmod(count, n_hands)
    first = i_round * rest % n_hands
    return [share + ((i - first) % n_hands < rest) for i in range(n_hands)]
