"""A flow in which a few loads change is that of all loads computed anew, to the last bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.plant.flow import Edge, Edges, FlowPlan
from twin.plant.power_levels import levels_of


def plan_of(seed: int, n: int, n_consumers: int) -> FlowPlan:
    """A random path: every node but the source hangs on one or two of those before it."""
    rng = np.random.default_rng(seed)
    parents = [()] + [tuple({int(p) for p in rng.integers(0, i, rng.integers(1, 3))}) for i in range(1, n)]
    edges: list[Edge] = [(i, p, 1.0 / len(above)) for i, above in enumerate(parents) for p in above]
    feeds: list[Edge] = []
    for k in range(n_consumers):
        at = {int(p) for p in rng.integers(0, n, rng.integers(1, 3))}
        feeds += [(k, p, 1.0 / len(at)) for p in at]
    abc = np.abs(rng.normal(size=(3, n))) * np.array([[10.0], [0.02], [1e-6]])
    is_source = np.arange(n) == 0
    return FlowPlan(levels_of([str(i) for i in range(n)], parents), abc, Edges.of(edges), Edges.of(feeds), is_source)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(1, 60),
    n_consumers=st.integers(1, 30),
    steps=st.lists(
        st.tuples(st.sampled_from(("few", "same", "other", "lossy", "battery")), st.integers(0, 99)), max_size=12
    ),
)
def test_what_changes_alone_gives_the_bits_of_the_whole(
    seed: int, n: int, n_consumers: int, steps: list[tuple[str, int]]
) -> None:
    plan, rng = plan_of(seed, n, n_consumers), np.random.default_rng(seed)
    watts = rng.random(n_consumers) * 1e4
    few = rng.integers(0, n_consumers, 2)
    extra_w = np.zeros(n)
    for kind, k in [("few", 0), ("few", 1), ("few", 2), *steps, ("few", 3), ("few", 4)]:
        watts = watts.copy()
        if kind == "few":
            watts[few] = rng.random(len(few)) * 1e4
        elif kind == "other":
            watts[rng.integers(0, n_consumers, 1 + k % 5)] *= 1.01
        elif kind == "lossy":
            extra_w = rng.random(n)
            plan.bear(extra_w)
        battery_w = rng.random(n) if kind == "battery" else None
        found = plan.flow(watts, battery_w)
        anew = plan_of(seed, n, n_consumers)
        anew.bear(extra_w)
        expected = anew.flow(watts, battery_w)
        assert found.load_w.tolist() == expected.load_w.tolist()
        assert found.loss_w.tolist() == expected.loss_w.tolist()
        assert found.input_w.tolist() == expected.input_w.tolist()
        assert found.grid_w == expected.grid_w


def test_one_small_load_in_a_large_hall_is_computed_apart() -> None:
    plan = plan_of(7, 400, 300)
    watts = np.full(300, 1e3)
    flows = []
    for k in range(4):
        watts = watts.copy()
        watts[5] = 900.0 + k
        flows.append(plan.flow(watts, None))
    assert plan._climbs is not None
    assert sum(len(climb.at) for climb in plan._climbs) < 100
    assert len({flow.grid_w for flow in flows}) == 4
