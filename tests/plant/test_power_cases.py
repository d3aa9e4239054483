"""Many cases at once come out as one path solved for each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.catalogue.electrical import Battery
from twin.physics import FloatArray
from twin.plant.power import Feed, Node, PowerPath
from twin.plant.power_cases import PowerCases
from twin.plant.storage import Pack, Storage

CELLS = Battery.model_validate(
    {"id": "cells", "name": "cells", "maker": "x", "chemistry": "li_ion", "energy_j": 1e9,
     "provenance": {"*": {"source": "made up"}}}
)  # fmt: skip
ROLES = ("switchboard", "ats", "ups", "pdu")


@st.composite
def paths(draw: st.DrawFn) -> tuple[PowerPath, FloatArray]:
    """A path of up to ten elements with switches, batteries, groups and cords of either kind; sources last."""
    n = draw(st.integers(3, 10))
    nodes, packs = [], []
    for i in range(n):
        if i >= n - 2:
            nodes.append(Node(f"N{i}", "utility" if i == n - 1 else "generator", rated_w=1e6))
            continue
        role = draw(st.sampled_from(ROLES))
        parents = draw(st.lists(st.integers(i + 1, n - 1), min_size=1, max_size=3, unique=True))
        eco = (0.001, 0.002, 0.0) if role == "ups" and draw(st.booleans()) else None
        group = draw(st.sampled_from(["", "", "G"]))
        rated_w = draw(st.sampled_from([1e5, 3e5]))
        nodes.append(Node(f"N{i}", role, tuple(parents), rated_w, 1e9, (0.01, 0.02, 0.03), eco, group=group))
        if role == "ups" and draw(st.booleans()):
            packs.append(Pack(i, CELLS, 1, 1.0, 25.0, rated_w))
    cords = st.lists(st.integers(0, n - 1), min_size=1, max_size=2, unique=True)
    feeds = [
        Feed(tuple(draw(cords)), draw(st.booleans()), draw(st.integers(-1, 2))) for _ in range(draw(st.integers(1, 5)))
    ]
    return PowerPath(nodes, feeds, Storage(packs)), np.array([1e3 * (k + 1) for k in range(len(feeds))])


@settings(max_examples=150, deadline=None)
@given(paths(), st.data())
def test_each_case_is_what_the_path_alone_gives(drawn: tuple[PowerPath, FloatArray], data: st.DataObject) -> None:
    path, consumer_w = drawn
    cases = PowerCases(path, consumer_w)
    n_cases = 3
    state = cases.state(n_cases)
    bits = st.lists(st.booleans(), min_size=len(path.nodes), max_size=len(path.nodes))
    for case in range(n_cases):
        for column in (state.is_up, state.is_closed, state.is_ready):
            column[:, case] = data.draw(bits)
        state.is_bypassed[:, case] = data.draw(bits)
    found = cases.solve(state)
    load_w, input_w = cases.flow(found)
    factor = cases.phase_factor(found)
    for case in range(n_cases):
        for name in ("is_up", "is_closed", "is_ready", "is_bypassed"):
            getattr(path, name)[:] = getattr(state, name)[:, case]
        path.settle_topology()
        drawn_w = np.where(path.is_fed, consumer_w, 0.0)
        flow = path.flow(drawn_w)
        assert found.is_live[:, case].tolist() == path.is_live.tolist()
        assert found.is_on_battery[:, case].tolist() == path.is_on_battery.tolist()
        assert found.is_fed[cases.group_of, case].tolist() == path.is_fed.tolist()
        assert load_w[:, case] == pytest.approx(flow.load_w, rel=1e-12, abs=1e-9)
        assert input_w[:, case] == pytest.approx(flow.input_w, rel=1e-12, abs=1e-9)
        assert factor[:, case] == pytest.approx(path.phase_factor(drawn_w), rel=1e-9)
