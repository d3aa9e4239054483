"""The layout of diagrams: nothing overlaps, wires go around bodies at right angles, the same input looks the same."""

from __future__ import annotations

import itertools

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ui.diagrams.flow_layout import Box, Cell, Flow, Link, laid_out

SIDES = ("", "A", "B")
PHASES = (Phase.explicit, Phase.generate)
"""Without shrinking: a drawing of 40 elements takes minutes to shrink."""


def cell(name: str, side: str = "", stretches: bool = False) -> Cell:
    return Cell(name, 120.0, 40.0, 40.0 if not stretches else 90.0, side, stretches, 60.0 if stretches else 0.0)


def overlaps(one: Box, other: Box) -> bool:
    return (
        one.x_px < other.right_px - 1e-6
        and other.x_px < one.right_px - 1e-6
        and one.y_px < other.bottom_px - 1e-6
        and other.y_px < one.bottom_px - 1e-6
    )


def hold_the_rules(flow: Flow, links: list[Link]) -> None:
    boxes = list(flow.boxes.values())
    for i, one in enumerate(boxes):
        assert not any(overlaps(one, other) for other in boxes[i + 1 :])
    for link, route in zip(links, flow.routes, strict=True):
        assert len(route) >= 2, link
        for (x0, y0), (x1, y1) in itertools.pairwise(route):
            assert x0 == x1 or y0 == y1
            wire = Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
            for name, box in flow.boxes.items():
                inside = Box(box.x_px + 0.5, box.y_px + 0.5, box.width_px - 1, box.height_px - 1)
                touched = Box(wire.x_px - 0.1, wire.y_px - 0.1, wire.width_px + 0.2, wire.height_px + 0.2)
                assert not overlaps(inside, touched), (link, name)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Cell], list[Link]]:
    """Trees with some second inputs: what power paths look like."""
    n = draw(st.integers(1, 40))
    cells = [cell(f"n{i}", draw(st.sampled_from(SIDES)), draw(st.booleans())) for i in range(n)]
    links = []
    for i in range(1, n):
        for up in draw(st.lists(st.integers(0, i - 1), max_size=3, unique=True)):
            links.append(Link(f"n{up}", f"n{i}"))
    return cells, links


@given(graphs())
@settings(max_examples=120, deadline=None, phases=PHASES)
def test_no_two_elements_overlap_and_no_wire_crosses_a_body(graph: tuple[list[Cell], list[Link]]) -> None:
    cells, links = graph
    flow = laid_out(cells, links)
    assert set(flow.boxes) == {one.id for one in cells}
    hold_the_rules(flow, links)


@given(graphs())
@settings(max_examples=30, deadline=None, phases=PHASES)
def test_the_same_input_gives_the_same_drawing(graph: tuple[list[Cell], list[Link]]) -> None:
    assert laid_out(*graph) == laid_out(*graph)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
@settings(max_examples=60, deadline=None, phases=PHASES)
def test_circles_are_drawn_too(ends: list[tuple[int, int]]) -> None:
    links = [Link(f"n{a}", f"n{b}") for a, b in dict.fromkeys(ends) if a != b]
    flow = laid_out([cell(f"n{i}") for i in range(8)], links)
    hold_the_rules(flow, links)


def test_a_source_stands_above_what_it_feeds_and_right_above_what_it_feeds_first() -> None:
    links = [Link("utility", "tx"), Link("tx", "ats"), Link("gen", "ats"), Link("ats", "board")]
    boxes = laid_out([cell(name) for name in ("utility", "tx", "gen", "ats", "board")], links).boxes
    assert boxes["utility"].y_px < boxes["tx"].y_px < boxes["ats"].y_px < boxes["board"].y_px
    assert boxes["gen"].y_px == boxes["tx"].y_px


def test_side_a_is_left_of_side_b_with_what_feeds_both_between() -> None:
    cells = [cell("board"), cell("ups-b", "B"), cell("chiller"), cell("ups-a", "A")]
    boxes = laid_out(cells, [Link("board", name) for name in ("ups-b", "chiller", "ups-a")]).boxes
    assert boxes["ups-a"].x_px < boxes["chiller"].x_px < boxes["ups-b"].x_px


def test_a_bar_reaches_over_what_hangs_on_it_so_that_its_wires_are_straight() -> None:
    links = [Link("bar", name) for name in "abc"]
    flow = laid_out([cell("bar", stretches=True), *(cell(name) for name in "abc")], links)
    assert all(len(route) == 2 and route[0][0] == route[1][0] for route in flow.routes)


def test_very_many_branches_stand_below_each_other() -> None:
    cells = [cell("utility", stretches=True)]
    links = []
    for i in range(25):
        cells += [cell(f"rectifier{i}"), cell(f"rack{i}")]
        links += [Link("utility", f"rectifier{i}"), Link(f"rectifier{i}", f"rack{i}")]
    flow = laid_out(cells, links)
    hold_the_rules(flow, links)
    assert flow.width_px < 1700
