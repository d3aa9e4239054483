"""A fabric by rule becomes cables: servers to leaves, leaves to spines."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.library import Catalogue
from twin.layout import edit
from twin.layout.expand import expand
from twin.layout.fabric import dealt, fabric_graph
from twin.layout.model import Fabric, Fitting, Layout, Link, PlacedRack


@pytest.fixture
def pod(room: Layout) -> Layout:
    """Two racks of two servers, two leaves each, and three spines."""
    leaf = {"type": "switch", "u": 42}
    contents = (Fitting(type="npu4", u=1, count=2),)
    racks = tuple(
        PlacedRack(
            id=f"N{i}", type="rack", x_m=0.6 * i, y_m=2.4,
            contents=(*contents, Fitting(id=f"L{i}a", **leaf), Fitting(id=f"L{i}b", type="switch", u=41)),
        )
        for i in (1, 2)
    )  # fmt: skip
    spines = PlacedRack(
        id="S", type="rack", x_m=3, y_m=2.4, contents=tuple(Fitting(id=f"S{i}", type="switch", u=i) for i in (1, 2, 3))
    )
    return room.model_copy(update={"racks": (*racks, spines), "fabrics": ()})


def graph_of(layout: Layout, catalogue: Catalogue, fabric: Fabric) -> nx.Graph:
    return fabric_graph(expand(edit.place(layout, fabric), catalogue))


def test_leaf_spine_joins_servers_to_both_leaves_and_leaves_to_spines(pod: Layout, catalogue: Catalogue) -> None:
    leaves = ("L1a", "L1b", "L2a", "L2b")
    fabric = Fabric(
        id="F", kind="leaf_spine", leaves=leaves, spines=("S1", "S2", "S3"), uplinks_per_leaf=2, ports_per_server=2
    )
    graph = graph_of(pod, catalogue, fabric)
    assert sorted(graph["N1/u01"]) == ["L1a", "L1b"]
    assert graph.edges["N1/u01", "L1a"] == {"count": 1, "bytes_s": 12.5e9, "fabric": "F"}
    assert {graph.edges[leaf, spine]["bytes_s"] for leaf in leaves for spine in graph[leaf] if spine[0] == "S"} == {
        50e9
    }
    uplinks = Counter(spine for leaf in leaves for spine in graph[leaf] if spine.startswith("S"))
    assert sorted(uplinks.values()) == [2, 3, 3]
    assert nx.is_connected(graph)


def test_a_leaf_serves_the_racks_it_names(pod: Layout, catalogue: Catalogue) -> None:
    fabric = Fabric(id="F", kind="single_switch", leaves=("L1a",), serves={"L1a": ("N1", "N2")})
    graph = graph_of(pod, catalogue, fabric)
    assert sorted(graph["L1a"]) == ["N1/u01", "N1/u05", "N2/u01", "N2/u05"]


def test_drawn_links_may_give_their_own_rate_and_add_up(pod: Layout, catalogue: Catalogue) -> None:
    links = (Link(a="L1a", b="S1", count=2, bytes_s=25e9), Link(a="S1", b="L1a", count=1))
    graph = graph_of(pod, catalogue, Fabric(id="F", kind="explicit", links=links))
    assert graph.edges["L1a", "S1"] == {"count": 3, "bytes_s": 25e9, "fabric": "F"}
    assert graph.number_of_edges() == 1


def test_nodes_know_their_kind_rack_and_ports(pod: Layout, catalogue: Catalogue) -> None:
    graph = fabric_graph(expand(pod, catalogue))
    assert graph.nodes["N1/u01"] == {"kind": "server", "rack": "N1", "ports": 2}
    assert graph.nodes["S1"] == {"kind": "switch", "rack": "S", "ports": 4}


@given(st.integers(0, 40), st.integers(1, 12), st.integers(1, 30))
def test_dealing_round_after_round_stays_within_one(count: int, n_hands: int, n_rounds: int) -> None:
    rounds = [dealt(count, n_hands, i) for i in range(n_rounds)]
    assert all(sum(hand) == count and max(hand) - min(hand) <= 1 for hand in rounds)
    totals = [sum(column) for column in zip(*rounds, strict=True)]
    assert max(totals) - min(totals) <= 1
    assert sum(totals) == count * n_rounds
