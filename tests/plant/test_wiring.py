"""Random power paths: what is attributed to cords and to IT adds up to what passed, whatever fails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.plant.element_meters import ElementMeters
from twin.plant.power import Feed, Node, PowerPath

ROLES = ("utility", "ups", "pdu", "rpp")
LOSS = (0.006, 0.010, 0.012)


@st.composite
def paths(draw: st.DrawFn) -> PowerPath:
    """Two utilities, UPS on them, PDUs on the UPS, panels on the PDUs; racks hang anywhere below the UPS."""
    counts = [2, *(draw(st.integers(1, 3)) for _ in ROLES[1:])]
    first = np.concatenate([[0], np.cumsum(counts)])
    nodes = []
    for level, role in enumerate(ROLES):
        for k in range(counts[level]):
            above = list(range(first[level - 1], first[level])) if level else []
            parents = draw(st.lists(st.sampled_from(above), min_size=1, max_size=2, unique=True)) if above else []
            nodes.append(Node(f"{role}{k}", role, tuple(parents), 1e5, 1e5, LOSS if level else (0.0, 0.0, 0.0)))
    below_the_ups = list(range(first[2], first[4]))
    cords = st.lists(st.sampled_from(below_the_ups), min_size=1, max_size=2, unique=True)
    racks = [Feed(tuple(draw(cords))) for _ in range(draw(st.integers(1, 6)))]
    coolers = [Feed((draw(st.integers(0, int(first[4]) - 1)),)) for _ in range(draw(st.integers(0, 3)))]
    return PowerPath([*nodes], [*racks, *coolers])


@given(paths(), st.lists(st.tuples(st.integers(0, 10), st.floats(0.1, 9.0)), min_size=1, max_size=6), st.data())
def test_cords_sides_and_it_add_up_through_any_failures(
    path: PowerPath, steps: list[tuple[int, float]], data: st.DataObject
) -> None:
    n = len(path.ids)
    meters = ElementMeters(path.ids, [node.role for node in path.nodes], [""] * n, np.full(n, np.nan))
    n_it = data.draw(st.integers(1, len(path.feeds)))
    used_j, it_j, sources_j = 0.0, np.zeros(n_it), 0.0
    at_cords_j = np.zeros(n)
    meters.rewire(path.wiring, it_j)
    for failed, dt_s in steps:
        watts = data.draw(st.lists(st.floats(0.0, 3e4), min_size=len(path.feeds), max_size=len(path.feeds)))
        consumer_w = np.where(path.is_fed, watts, 0.0)
        flow = path.flow(consumer_w)
        meters.count(flow, dt_s)
        used_j += float(consumer_w.sum()) * dt_s
        sources_j += flow.grid_w * dt_s
        it_j = it_j + consumer_w[:n_it] * dt_s
        for i, feed in enumerate(path.feeds):
            live = [node for node in feed.nodes if path.is_live[node]]
            at_cords_j[live] += consumer_w[i] * dt_s / max(1, len(live))
        path.is_up[failed % n] = not path.is_up[failed % n]
        path.settle_topology()
        meters.rewire(path.wiring, it_j)
    scale = max(sources_j, 1.0)
    assert meters.cord_j == pytest.approx(at_cords_j, abs=1e-9 * scale)
    assert used_j + meters.loss_j.sum() == pytest.approx(sources_j, abs=1e-9 * scale)
    # Racks hang below the UPS at PDUs and panels: IT energy grows on the way up, and never beyond what sources gave.
    total_j = float(it_j.sum())
    assert total_j - 1e-9 * scale <= meters.metered_j[2] <= meters.metered_j[1] + 1e-9 * scale
    assert meters.metered_j[1] <= sources_j + 1e-9 * scale
    assert all(0.0 <= value + 1e-9 * scale for value in meters.unmetered_j.values())
