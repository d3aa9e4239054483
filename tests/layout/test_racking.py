"""Boxes move, come and go in racks; what is in the way is said with both sets of units; stacks and names are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.library import Catalogue
from twin.errors import TwinError
from twin.layout import edit
from twin.layout.expand import expand
from twin.layout.floor import Floor
from twin.layout.lines import line_of
from twin.layout.model import Fabric, Fitting, Layout, PlacedRack, RackRow
from twin.layout.rack_load import air_way, port_loads, rack_load
from twin.layout.racking import (
    Fill,
    Slot,
    Units,
    add_boxes,
    collisions,
    fill,
    move_boxes,
    remove_boxes,
    room_for,
    set_fitting,
)
from twin.layout.room import Room
from twin.layout.store import layout_text

STACK = Fitting(type="npu4", u=1, count=4)
HALL = Layout(
    name="hall",
    room=Room(outline_m=((0, 0), (9, 0), (9, 9), (0, 9))),
    racks=(
        PlacedRack(id="R1", type="rack", x_m=1.0, y_m=1.0, contents=(STACK, Fitting(type="switch", u=42, id="LEAF"))),
        PlacedRack(id="R2", type="rack", x_m=1.6, y_m=1.0, contents=(Fitting(type="switch", u=40, face="rear"),)),
        PlacedRack(id="R3", type="rack", x_m=3.4, y_m=1.0),
        PlacedRack(id="R4", type="rack", x_m=4.0, y_m=1.05),
    ),
    rows=(
        RackRow(
            id="A", type="rack", x_m=1.0, y_m=5.0, count=3, pitch_m=0.6,
            contents=(Fitting(type="npu4", u=1, count=2), Fitting(type="switch", u=20, id="tor", count=3)),
        ),
    ),
    fabrics=(Fabric(id="F", kind="single_switch", leaves=("LEAF",), serves={"LEAF": ("R1", "R2")}),),
)  # fmt: skip


@pytest.fixture
def floor(catalogue: Catalogue) -> Floor:
    return expand(HALL, catalogue)


def contents(layout: Layout, name: str) -> tuple[Fitting, ...]:
    thing = edit.find(layout, name)
    assert isinstance(thing, (PlacedRack, RackRow))
    return thing.contents


def test_a_box_of_a_stack_leaves_it_and_the_rest_stay_stacked(floor: Floor) -> None:
    layout = move_boxes(HALL, floor, {"R1/u05": Slot("R1", 30)})
    assert [(f.u, f.count) for f in contents(layout, "R1")[:3]] == [(1, 1), (30, 1), (9, 2)]


def test_a_stack_that_moves_as_a_whole_stays_one(floor: Floor) -> None:
    slots = {f"R1/u{u:02d}": Slot("R1", u + 2) for u in (1, 5, 9, 13)}
    assert contents(move_boxes(HALL, floor, slots), "R1")[0] == STACK.model_copy(update={"u": 3})


def test_a_box_with_a_name_keeps_it_in_another_rack(floor: Floor, catalogue: Catalogue) -> None:
    layout = move_boxes(HALL, floor, {"LEAF": Slot("R3", 42, "rear")})
    moved = expand(layout, catalogue).fitted["LEAF"]
    assert (moved.rack, moved.u_low, moved.spec.face) == ("R3", 42, "rear")


def test_taken_units_are_refused_with_both_boxes_and_units(floor: Floor) -> None:
    with pytest.raises(TwinError, match="R1/u01 in units 15 to 18 would collide with R1/u13 in units 13 to 16"):
        move_boxes(HALL, floor, {"R1/u01": Slot("R1", 15)})
    with pytest.raises(TwinError, match="units 40 to 43 would stand out of the rack, which has units 1 to 42"):
        move_boxes(HALL, floor, {"R1/u01": Slot("R1", 40)})


def test_a_box_may_take_units_that_it_or_its_company_gives_up(floor: Floor) -> None:
    layout = move_boxes(HALL, floor, {"R1/u09": Slot("R1", 11), "R1/u13": Slot("R1", 15)})
    assert sorted(f.u for f in contents(layout, "R1")) == [1, 11, 15, 42]


def test_a_shallow_box_shares_units_with_one_at_the_other_face_and_a_server_does_not(floor: Floor) -> None:
    assert Units(floor.racks["R2"]).trouble(floor.fitted["LEAF"].device, 40, "front") is None
    with pytest.raises(TwinError, match="collide with R2/u40 in units 40 to 40"):
        move_boxes(HALL, floor, {"R1/u01": Slot("R2", 37)})


def test_a_change_in_a_rack_of_a_row_is_made_in_the_row(floor: Floor, catalogue: Catalogue) -> None:
    layout = move_boxes(HALL, floor, {"A02/u05": Slot("A03", 9)})
    assert [(f.u, f.count) for f in contents(layout, "A")[:2]] == [(1, 1), (9, 1)]
    assert {box.u_low for rack in expand(layout, catalogue).racks_of("A") for box in rack.fitted} == {1, 9, 20, 21, 22}


def test_no_box_crosses_into_or_out_of_a_row(floor: Floor) -> None:
    with pytest.raises(TwinError, match="row A has 3 equal racks"):
        move_boxes(HALL, floor, {"A02/u05": Slot("R3", 1)})
    with pytest.raises(TwinError, match="row A has 3 equal racks"):
        move_boxes(HALL, floor, {"R1/u05": Slot("A01", 30)})


def test_taking_one_out_of_a_stack_with_a_name_keeps_the_other_names(floor: Floor, catalogue: Catalogue) -> None:
    layout = remove_boxes(HALL, floor, {"A01.tor.2"})
    names = {name for name in expand(layout, catalogue).fitted if "tor" in name}
    assert names == {f"A0{n}.tor{end}" for n in (1, 2, 3) for end in ("", ".3")}


def test_a_copy_has_no_name_and_no_stack(floor: Floor) -> None:
    leaf = floor.fitted["LEAF"]
    layout = add_boxes(HALL, floor, [(leaf.spec, Slot("R3", 7), leaf.device)])
    assert contents(layout, "R3") == (Fitting(type="switch", u=7),)


def test_two_copies_in_one_place_are_refused(floor: Floor) -> None:
    box = floor.fitted["R1/u01"]
    with pytest.raises(TwinError, match="would collide with npu4 in units 3 to 6"):
        add_boxes(HALL, floor, [(box.spec, Slot("R3", 3), box.device), (box.spec, Slot("R3", 5), box.device)])


def test_a_fill_that_touches_is_one_stack_and_one_with_gaps_is_not(floor: Floor) -> None:
    npu = floor.fitted["R1/u01"].device
    assert contents(fill(HALL, floor, ["R3"], Fill(npu, 5, 2, 4)), "R3") == (Fitting(type="npu4", u=2, count=5),)
    spread = fill(HALL, floor, ["R3", "R4"], Fill(npu, 3, 1, 6))
    assert [f.u for f in contents(spread, "R4")] == [1, 7, 13]


def test_a_fill_says_what_is_in_its_way_and_how_many_have_room(floor: Floor) -> None:
    npu = floor.fitted["R1/u01"].device
    assert room_for(floor, ["R3", "R2"], Fill(npu, 1, 1, 4)) == 9
    assert room_for(floor, ["R3", "R1"], Fill(npu, 1, 1, 4)) == 0
    with pytest.raises(TwinError, match="npu4 in units 37 to 40 would collide with R2/u40"):
        fill(HALL, floor, ["R2"], Fill(npu, 10, 1, 4))
    with pytest.raises(TwinError, match="takes 4 U, one every 2 U"):
        fill(HALL, floor, ["R3"], Fill(npu, 2, 1, 2))


def test_a_row_is_filled_once(floor: Floor) -> None:
    layout = fill(HALL, floor, ["A01", "A02", "A03"], Fill(floor.fitted["R1/u01"].device, 2, 30, 4))
    assert contents(layout, "A")[2:] == (Fitting(type="npu4", u=30, count=2),)


def test_feeds_of_one_box_of_a_stack_are_its_own(floor: Floor) -> None:
    layout = set_fitting(HALL, floor, "R1/u05", feeds={"A": "P"})
    assert [(f.u, f.count, f.feeds) for f in contents(layout, "R1")[:3]] == [
        (1, 1, None), (5, 1, {"A": "P"}), (9, 2, None),
    ]  # fmt: skip


moves = st.lists(
    st.tuples(st.sampled_from([1, 5, 9, 13]), st.integers(-3, 44), st.sampled_from(["R1", "R3"])), min_size=1
)


@given(moves)
def test_whatever_is_allowed_leaves_no_collision_and_no_box_is_lost(catalogue: Catalogue, wanted: list) -> None:
    layout = HALL
    for u_from, u_to, rack in wanted:
        floor = expand(layout, catalogue)
        name = f"R1/u{u_from:02d}"
        if name not in floor.fitted:
            continue
        try:
            layout = move_boxes(layout, floor, {name: Slot(rack, u_to)})
        except TwinError:
            continue
        there = expand(layout, catalogue)
        assert len(there.fitted) == len(floor.fitted)
        assert not any(collisions(each) for each in there.racks.values())


def test_there_and_back_gives_the_same_boxes(floor: Floor, catalogue: Catalogue) -> None:
    slots = {f"R1/u{u:02d}": Slot("R3", u) for u in (1, 5, 9, 13)}
    there = move_boxes(HALL, floor, slots)
    back = move_boxes(there, expand(there, catalogue), {f"R3/u{u:02d}": Slot("R1", u) for u in (1, 5, 9, 13)})
    leaf_first = PlacedRack(**{**dict(HALL.racks[0]), "contents": HALL.racks[0].contents[::-1]})
    assert layout_text(back) == layout_text(edit.replace(HALL, leaf_first))


def test_a_collision_is_found_from_both_sides(catalogue: Catalogue) -> None:
    rack = HALL.racks[2].model_copy(
        update={"contents": (STACK, Fitting(type="npu4", u=15), Fitting(type="npu4", u=41))}
    )
    found = collisions(expand(edit.replace(HALL, rack), catalogue).racks["R3"])
    assert {name: (trouble.kind, trouble.by) for name, trouble in found.items()} == {
        "R3/u13": ("taken", "R3/u15"), "R3/u15": ("taken", "R3/u13"), "R3/u41": ("above", ""),
    }  # fmt: skip


def test_a_line_ends_at_a_wide_gap_a_step_aside_and_a_turn(floor: Floor, catalogue: Catalogue) -> None:
    assert line_of(floor, "R1") == line_of(floor, "R2") == ["R1", "R2"]
    assert line_of(floor, "R4") == ["R3", "R4"]
    assert line_of(floor, "A02") == line_of(floor, "A") == ["A01", "A02", "A03"]
    turned = expand(edit.rotate(HALL, {"R2"}, 180.0), catalogue)
    assert line_of(turned, "R1") == ["R1"]
    assert line_of(floor, "nobody") == []


def test_a_load_is_the_sum_of_the_sheets(floor: Floor) -> None:
    load = rack_load(floor.racks["R1"])
    assert (load.u_taken, load.u_height, load.gap_u) == (17, 42, 25)
    assert (load.max_w, load.budget_w) == (4 * 3000 + 400, 12000)
    assert (load.load_kg, load.max_kg) == (4 * 45 + 10, 500)


def test_ports_are_limited_by_what_is_free_on_the_leaf(floor: Floor, catalogue: Catalogue) -> None:
    """LEAF has 4 ports; R1 has 4 servers with one port each in the fabric, R2 has none."""
    assert port_loads(floor) == {"R1": (4.0, 4.0)}
    more = fill(HALL, floor, ["R2"], Fill(floor.fitted["R1/u01"].device, 2, 1, 4))
    assert port_loads(expand(more, catalogue)) == {"R1": (4.0, 2.0), "R2": (2.0, 0.0)}


def test_a_box_at_the_rear_blows_the_other_way_through_the_rack(floor: Floor) -> None:
    assert air_way(floor.fitted["R1/u01"]) == "in"
    assert air_way(floor.fitted["R2/u40"]) == "out"
