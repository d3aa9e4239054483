"""Rows become racks, types become sheets, names are looked up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.library import Catalogue
from twin.errors import CatalogueError, DocumentError, Problems
from twin.layout.expand import expand
from twin.layout.geometry import front_of, rectangle, turned
from twin.layout.model import Fitting, Layout, PlacedRack, PowerNode, RackRow


def row(**fields: object) -> RackRow:
    return RackRow.model_validate(
        {"id": "A", "type": "rack", "x_m": 1.0, "y_m": 2.0, "count": 3, "pitch_m": 0.6, **fields}
    )


def with_row(room: Layout, **fields: object) -> Layout:
    return room.model_copy(update={"rows": (row(**fields),)})


def test_a_row_becomes_racks_with_names_places_and_centres(room: Layout, catalogue: Catalogue) -> None:
    floor = expand(with_row(room), catalogue)
    racks = floor.racks_of("A")
    assert [(rack.id, rack.row, rack.place) for rack in racks] == [("A01", "A", 1), ("A02", "A", 2), ("A03", "A", 3)]
    assert [rack.centre_m for rack in racks] == [
        pytest.approx((1.3, 2.6)), pytest.approx((1.9, 2.6)), pytest.approx((2.5, 2.6))
    ]  # fmt: skip
    assert racks[0].front == (0.0, -1.0)


def test_a_row_turned_half_around_keeps_its_outline_and_counts_from_the_other_end(
    room: Layout, catalogue: Catalogue
) -> None:
    first, _, last = expand(with_row(room, angle_deg=180), catalogue).racks_of("A")
    assert first.centre_m == pytest.approx((2.5, 2.6))
    assert last.centre_m == pytest.approx((1.3, 2.6))
    assert first.front == (0.0, 1.0)


def test_a_row_turned_a_quarter_stands_along_y_about_its_centre(room: Layout, catalogue: Catalogue) -> None:
    racks = expand(with_row(room, angle_deg=90), catalogue).racks_of("A")
    assert [rack.centre_m for rack in racks] == [
        pytest.approx((1.9, 2.0)), pytest.approx((1.9, 2.6)), pytest.approx((1.9, 3.2))
    ]  # fmt: skip
    assert racks[0].front == (1.0, 0.0)


def test_skipped_places_stay_empty_and_keep_their_numbers(room: Layout, catalogue: Catalogue) -> None:
    floor = expand(with_row(room, skip=(2,), naming="{row}-{n:03d}"), catalogue)
    assert floor.row_racks["A"] == ["A-001", "A-003"]


def test_a_name_pattern_cannot_reach_into_the_program(room: Layout, catalogue: Catalogue) -> None:
    floor = expand(with_row(room, count=1, naming="{row.__class__}-{n}"), catalogue)
    assert floor.row_racks["A"] == ["{row.__class__}-1"]


def test_boxes_have_unit_names_and_a_stack_counts_up(room: Layout, catalogue: Catalogue) -> None:
    floor = expand(room, catalogue)
    assert list(floor.fitted) == ["R1/u01", "R1/u05", "LEAF"]
    second = floor.fitted["R1/u05"]
    assert (second.u_low, second.u_height, second.feeds) == (5, 4, {"A": "PDU-A", "B": "PDU-B"})


def test_a_box_with_an_id_carries_its_rack_in_a_row(room: Layout, catalogue: Catalogue) -> None:
    floor = expand(with_row(room, count=2, contents=(Fitting(type="switch", u=40, id="tor", count=2),)), catalogue)
    assert [name for name in floor.fitted if "tor" in name] == ["A01.tor", "A01.tor.2", "A02.tor", "A02.tor.2"]


def test_two_strips_at_the_side_have_different_names(room: Layout, catalogue: Catalogue) -> None:
    strips = (Fitting(type="strip", u=0, feeds={"A": "PDU-A"}), Fitting(type="strip", u=0, feeds={"B": "PDU-B"}))
    rack = expand(with_row(room, count=1, contents=strips), catalogue).racks["A01"]
    assert [box.id for box in rack.fitted] == ["A01/u00", "A01/u00.2"]
    assert [strip.id for strip in rack.strips("B")] == ["A01/u00.2"]
    assert rack.strip_rating_w("B") == 8e3


def test_a_server_without_a_rating_draws_what_its_parts_may_draw(room: Layout, catalogue: Catalogue) -> None:
    contents = (Fitting(type="bare4", u=1, cards={"card": 2}),)
    rack = expand(with_row(room, count=1, contents=contents), catalogue).racks["A01"]
    assert rack.max_w == 700 + 300 + 4 * 150 + 2 * 150


def test_the_rating_of_a_power_node_may_be_overridden(room: Layout, catalogue: Catalogue) -> None:
    nodes = (*room.power, PowerNode(id="X", type="ups", inputs=("MAIN",), rated_w=5e3))
    floor = expand(room.model_copy(update={"power": nodes}), catalogue)
    assert (floor.power["X"].rated_w, floor.power["UPS-A"].rated_w) == (5e3, 12e3)


def test_racks_are_found_by_tag(room: Layout, catalogue: Catalogue) -> None:
    floor = expand(with_row(room, tags=("npu",)), catalogue)
    assert [rack.id for rack in floor.racks_of("npu")] == ["A01", "A02", "A03"]
    assert floor.racks_of("gpu") == []


def test_an_unknown_device_names_its_place_and_near_misses(room: Layout, catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match=r"A contents\[0\]: unknown device 'npu5'; did you mean npu4"):
        expand(with_row(room, contents=(Fitting(type="npu5", u=1),)), catalogue)


def test_a_device_of_the_wrong_kind_is_refused(room: Layout, catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match=r"A: 'crah' is .*air_cooler, .*rack is needed"):
        expand(with_row(room, type="crah"), catalogue)


def test_an_id_given_twice_and_a_feed_to_nothing_are_raised_together(room: Layout, catalogue: Catalogue) -> None:
    twin = PlacedRack(id="R1", type="rack", x_m=0, y_m=0, feeds={"A": "PDU-Z"})
    with pytest.raises(Problems) as caught:
        expand(room.model_copy(update={"racks": (*room.racks, twin)}), catalogue)
    assert [str(problem) for problem in caught.value.problems] == [
        "R1: id 'R1' is given twice; rename one",
        "R1: no power node 'PDU-Z'; draw it, or mend feeds of R1",
    ]
    assert all(isinstance(problem, DocumentError) for problem in caught.value.problems)


@given(st.floats(0, 359.9), st.floats(0.1, 3), st.floats(0.1, 3))
def test_a_turned_body_keeps_its_sides_and_its_front_edge_faces_its_front(
    angle_deg: float, width_m: float, depth_m: float
) -> None:
    a, b, c, _ = rectangle((5.0, 7.0), width_m, depth_m, angle_deg)
    assert math.dist(a, b) == pytest.approx(width_m)
    assert math.dist(b, c) == pytest.approx(depth_m)
    front_edge = ((a[0] + b[0]) / 2 - 5.0, (a[1] + b[1]) / 2 - 7.0)
    front = front_of(angle_deg)
    assert front_edge == pytest.approx((front[0] * depth_m / 2, front[1] * depth_m / 2), abs=1e-9)


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(0, 359.9))
def test_turning_there_and_back_is_no_change(x_m: float, y_m: float, angle_deg: float) -> None:
    there = turned((x_m, y_m), (1.0, 2.0), angle_deg)
    assert turned(there, (1.0, 2.0), -angle_deg) == pytest.approx((x_m, y_m), abs=1e-9)
