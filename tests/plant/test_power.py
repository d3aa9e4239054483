"""Loads climb the power path, losses are added on the way, and every watt is found again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import DocumentError
from twin.plant.power import Feed, Node, PowerPath
from twin.plant.power_levels import levels_of


def path_of(
    parents: list[list[int]], feeds: list[list[int]], loss: tuple[float, float, float], switches: tuple[int, ...] = ()
) -> PowerPath:
    """A path whose last node is the grid; every node is rated 100 kW."""
    last = len(parents) - 1
    roles = ["utility" if i == last else "ats" if i in switches else "pdu" for i in range(len(parents))]
    nodes = [
        Node(f"N{i}", role, tuple(ups), rated_w=100e3, limit_w=100e3, loss=loss)
        for i, (role, ups) in enumerate(zip(roles, parents, strict=True))
    ]
    return PowerPath(nodes, [Feed(tuple(names)) for names in feeds])


def test_a_chain_of_one_ups_draws_load_plus_the_three_term_loss() -> None:
    path = path_of([[1], []], [[0]], (0.006, 0.010, 0.012))
    flow = path.flow(np.array([50e3]))
    ups_loss_w = 100e3 * (0.006 + 0.010 * 0.5 + 0.012 * 0.25)
    assert flow.loss_w[0] == pytest.approx(ups_loss_w, rel=1e-15)
    grid_load_w = 50e3 + ups_loss_w
    assert flow.load_w[1] == pytest.approx(grid_load_w, rel=1e-15)


def test_two_feeds_share_a_load_and_the_other_takes_all_when_one_fails() -> None:
    path = path_of([[2], [2], []], [[0, 1]], (0.0, 0.0, 0.0))
    assert path.flow(np.array([80e3])).load_w[:2] == pytest.approx([40e3, 40e3])
    path.is_up[0] = False
    path.settle_topology()
    assert path.flow(np.array([80e3])).load_w[:2] == pytest.approx([0.0, 80e3])
    assert path.is_fed[0]


def test_a_transfer_switch_takes_the_first_live_source() -> None:
    path = path_of([[1, 2], [3], [3], []], [[0]], (0.0, 0.0, 0.0), switches=(0,))
    assert path.flow(np.array([10e3])).load_w[1:3] == pytest.approx([10e3, 0.0])
    path.is_up[1] = False
    path.settle_topology()
    assert path.flow(np.array([10e3])).load_w[1:3] == pytest.approx([0.0, 10e3])


def test_what_hangs_on_a_dead_node_is_unfed_and_loses_no_power() -> None:
    path = path_of([[1], []], [[0], []], (0.01, 0.0, 0.0))
    path.is_up[0] = False
    path.settle_topology()
    assert not path.is_fed.any()
    assert path.flow(np.zeros(2)).loss_w[0] == 0.0


def test_feeds_that_go_round_in_a_circle_are_refused_by_name() -> None:
    with pytest.raises(DocumentError, match="N0, N1"):
        levels_of(["N0", "N1", "N2"], [[1], [0], []])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_grid_power_is_load_plus_losses_on_any_tree(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 12))
    parents = [
        sorted(data.draw(st.sets(st.integers(i + 1, n - 1), min_size=1, max_size=2))) if i < n - 1 else []
        for i in range(n)
    ]
    n_loads = data.draw(st.integers(1, 8))
    feeds = [sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=2))) for _ in range(n_loads)]
    path = path_of(parents, feeds, (0.006, 0.010, 0.012))
    for i in range(n - 1):
        path.is_up[i] = data.draw(st.booleans())
    path.settle_topology()
    watts = np.array([data.draw(st.floats(0, 50e3)) for _ in range(n_loads)]) * path.is_fed
    flow = path.flow(watts)
    assert flow.grid_w == pytest.approx(watts.sum() + flow.loss_w.sum(), rel=1e-12)
    assert (flow.loss_w >= 0).all()
