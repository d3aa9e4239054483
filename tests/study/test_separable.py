"""Pairs of failures that never meet are the sum of both: the same as when every pair is followed."""

from __future__ import annotations

from dataclasses import asdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.catalogue.electrical import Battery
from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.plant.power import Feed, Node, PowerPath
from twin.plant.storage import Pack, Storage
from twin.plant.trips import Guard, Trips
from twin.study.cascade import Cascade
from twin.study.case_reader import CaseReader
from twin.study.cooling_loss import CoolingLosses
from twin.study.design import Design, design_of
from twin.study.failure_case import FailureCase
from twin.study.failures import _pairs
from twin.study.separable import interacting

CELLS = Battery.model_validate(
    {"id": "cells", "name": "cells", "maker": "x", "chemistry": "li_ion", "energy_j": 60e6,
     "provenance": {"*": {"source": "made up"}}}
)  # fmt: skip


def alike(one: FailureCase, two: FailureCase) -> bool:
    """Equal to rounding, whatever is_worse says."""
    mine, its = flat(one), flat(two)
    return mine.keys() == its.keys() and all(
        value == its[name]
        or (isinstance(value, float) and isinstance(its[name], float) and value == pytest.approx(its[name], rel=1e-7))
        for name, value in mine.items()
    )


def flat(case: FailureCase) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in asdict(case).items():
        if isinstance(value, dict):
            found |= {f"{name} {key}": number for key, number in value.items()}
        elif isinstance(value, tuple):
            found[name] = " ".join(sorted(value))
        elif name != "is_worse":
            found[name] = value
    return found


def both_ways(design: Design, cooling: CoolingLosses | None = None) -> tuple[list[FailureCase], list[FailureCase], int]:
    """All pairs with the shortcut and without it, by what is lost, and how many had to be followed."""
    cascade = Cascade(design.path, design.consumer_w, design.n_servers, design.live_w)
    reader = CaseReader(design, cascade, None, cooling, np.full(design.n_servers, 1.0 / design.n_servers))
    cases: list[tuple[int, ...]] = [(), *((i,) for i in range(cascade.n_failures))]
    outcome = cascade.follow(cases, is_traced=True)
    found = list(reader.cases(cases, outcome))
    short, n_solved = _pairs(cascade, reader, outcome, found, lambda done, total: None)
    pairs = list(combinations(range(cascade.n_failures), 2))
    whole = list(reader.cases(pairs, cascade.follow(pairs)))
    return sorted(short, key=lambda case: case.lost), sorted(whole, key=lambda case: case.lost), n_solved


@pytest.mark.parametrize("name", ["small_room", "small_room_n", "npu_pim_hall_2028", "gpu_hall"])
def test_a_shipped_layout_gives_the_same_pairs_with_fewer_of_them_followed(name: str, layouts_dir: Path) -> None:
    floor = expand(load_layout(layouts_dir / f"{name}.layout.json"), shipped_catalogue())
    design = design_of(floor)
    short, whole, n_solved = both_ways(design, CoolingLosses(floor, shipped_catalogue(), 0.0))
    assert len(short) == len(whole) > n_solved
    assert all(alike(one, two) for one, two in zip(short, whole, strict=True))


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Two utilities, boards, transfer switches, UPS with batteries and breakers, and servers on one cord or two."""
    nodes = [
        Node("U", "utility"),
        Node("V", "utility"),
        Node("G", "generator", limit_w=4e5, start_s=10.0, step_frac=0.6),
    ]
    packs, guards = [], []
    for i in range(3, 3 + draw(st.integers(3, 9))):
        role = draw(st.sampled_from(["pdu", "ups", "sts", "ats", "switchboard"]))
        n_inputs = 2 if role in ("sts", "ats") else 1
        parents = tuple(draw(st.lists(st.integers(0, i - 1), min_size=n_inputs, max_size=n_inputs, unique=True)))
        transfer_s = {"sts": 0.004, "ats": 0.3}.get(role, 0.0)
        rated_w = draw(st.sampled_from([1e5, 2e5, 4e5]))
        loss = draw(st.sampled_from([(0.0, 0.0, 0.0), (0.005, 0.01, 0.02)]))
        nodes.append(Node(f"N{i}", role, parents, rated_w, rated_w, loss, transfer_s=transfer_s))
        if role == "ups":
            packs.append(Pack(i, CELLS, 1, 1.0, 25.0, rated_w))
        if draw(st.booleans()):
            guards.append(Guard(i, 0.8 * rated_w, draw(st.sampled_from(["EI", "C"]))))
    n = draw(st.integers(1, 6))
    ends = st.lists(st.integers(3, len(nodes) - 1), min_size=1, max_size=2, unique=True).map(tuple)
    cords = [draw(ends) for _ in range(n)]
    feeds = [Feed(on, draw(st.booleans()), least=draw(st.integers(1, len(on)))) for on in cords]
    watts = np.array([draw(st.sampled_from([0.0, 2e4, 6e4])) for _ in range(n)])
    path = PowerPath(nodes, feeds, Storage(packs), Trips(guards))
    names = [f"s{k}" for k in range(n)]
    box_w = [np.array([0.0, w] if len(on) == 1 else [0.0, 1.07 * w, w]) for w, on in zip(watts, cords, strict=True)]
    return Design(path, names, watts, n, n, names, box_w)


@settings(max_examples=150, deadline=None)  # the whole way of a large example takes seconds
@given(designs())
def test_any_path_gives_the_same_pairs(design: Design) -> None:
    short, whole, _ = both_ways(design)
    for one, two in zip(short, whole, strict=True):
        assert alike(one, two), (one, two)


def test_rectifiers_of_two_racks_never_meet_and_a_utility_meets_all(layouts_dir: Path) -> None:
    design = design_of(expand(load_layout(layouts_dir / "frontier.layout.json"), shipped_catalogue()))
    cascade = Cascade(design.path, design.consumer_w, design.n_servers)
    outcome = cascade.follow([(i,) for i in range(cascade.n_failures)], is_traced=True)
    met = interacting(outcome)
    utility = design.path.ids.index("UTILITY")
    assert met[utility].all()
    others = np.delete(np.delete(met, utility, 0), utility, 1)
    assert not (others & ~np.eye(len(others), dtype=bool)).any()
