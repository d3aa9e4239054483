"""Edits return new drawings, share what did not change, and undo exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.library import Catalogue
from twin.errors import DocumentError, TwinError
from twin.layout import edit
from twin.layout.expand import expand
from twin.layout.model import Fabric, Fitting, Layout, Loop, PlacedCooler, PlacedRack, PowerNode, RackRow, Side
from twin.layout.names import next_free_id
from twin.layout.room import Column, Room, Wall
from twin.layout.store import layout_text

PLAN = Layout(
    name="plan",
    room=Room(
        outline_m=((0, 0), (9, 0), (9, 9), (0, 9)),
        walls=(Wall(id="W", points_m=((0, 8), (9, 8))),),
        columns=(Column(id="C", x_m=4, y_m=7, width_m=0.4, depth_m=0.4),),
    ),
    racks=(
        PlacedRack(
            id="R1", type="rack", x_m=1.234567, y_m=0.1, feeds={"A": "P1"}, contents=(Fitting(type="npu4", u=1),)
        ),
        PlacedRack(id="R2", type="rack", x_m=2.4, y_m=0.3),
    ),
    rows=(
        RackRow(
            id="A", type="rack", x_m=1.2, y_m=3.0, count=4, pitch_m=0.6, skip=(3,), feeds={"A": "P1", "B": "P2"},
            angle_deg=180, contents=(Fitting(type="switch", u=42, id="tor"),), tags=("npu",),
        ),
    ),
    coolers=(PlacedCooler(id="K", type="crah", x_m=0, y_m=6, in_row="A", loop="L"),),
    loops=(Loop(id="L", role="chilled_water", supply_c=8),),
    power=(PowerNode(id="P1", type="pdu"), PowerNode(id="P2", type="pdu", inputs=("P1",))),
    fabrics=(
        Fabric(
            id="F", kind="single_switch", leaves=("A01.tor", "A02.tor"),
            serves={"A01.tor": ("A",), "A02.tor": ("R1",)},
        ),
    ),
)  # fmt: skip

movable = st.sets(st.sampled_from(["R1", "R2", "A", "K", "W", "C"]), min_size=1)
turnable = st.sets(st.sampled_from(["R1", "R2", "A", "K"]), min_size=1)
steps_m = st.floats(-100, 100)


@given(movable, steps_m, steps_m)
def test_moving_there_and_back_gives_the_same_bytes(names: set[str], dx_m: float, dy_m: float) -> None:
    there = edit.move(PLAN, names, round(dx_m, 6), round(dy_m, 6))
    assert layout_text(edit.move(there, names, -round(dx_m, 6), -round(dy_m, 6))) == layout_text(PLAN)


@given(turnable, st.floats(0, 360).map(lambda angle: round(angle, 3)))
def test_turning_there_and_back_gives_the_same_bytes(names: set[str], angle_deg: float) -> None:
    there = edit.rotate(PLAN, names, angle_deg)
    assert layout_text(edit.rotate(there, names, -angle_deg)) == layout_text(PLAN)


@given(st.sampled_from(["R", "CRAH-", "A0", "C"]), st.floats(0, 9), st.floats(0, 9))
def test_placing_and_removing_gives_the_same_bytes(prefix: str, x_m: float, y_m: float) -> None:
    name = next_free_id(PLAN, prefix)
    for thing in (
        PlacedRack(id=name, type="rack", x_m=x_m, y_m=y_m),
        PlacedCooler(id=name, type="crah", x_m=x_m, y_m=y_m),
        Column(id=name, x_m=x_m, y_m=y_m, width_m=1, depth_m=1),
    ):
        assert layout_text(edit.remove(edit.place(PLAN, thing), {name})) == layout_text(PLAN)


@given(st.sampled_from([("R1", "B"), ("R2", "A"), ("R2", "B"), ("K", "A"), ("P1", "A")]))
def test_joining_and_cutting_gives_the_same_bytes(target: tuple[str, Side]) -> None:
    name, side = target
    joined = edit.join(PLAN, name, "P2", side)
    assert layout_text(joined) != layout_text(PLAN)
    assert layout_text(edit.cut(joined, name, "P2")) == layout_text(PLAN)


@given(st.sampled_from(["R1", "R2", "A", "K", "L", "P1", "P2", "F", "W", "C"]))
def test_renaming_there_and_back_gives_the_same_bytes(name: str) -> None:
    assert layout_text(edit.rename(edit.rename(PLAN, name, "Z9"), "Z9", name)) == layout_text(PLAN)


def test_what_does_not_change_is_shared() -> None:
    moved = edit.move(PLAN, {"R1"}, 0.6, 0)
    assert moved.racks[1] is PLAN.racks[1]
    assert moved.rows is PLAN.rows
    assert moved.room is PLAN.room
    assert PLAN.racks[0].x_m == 1.234567


def test_names_follow_a_renamed_row_down_to_its_boxes() -> None:
    layout = edit.rename(PLAN, "A", "N")
    assert layout.coolers[0].in_row == "N"
    assert layout.fabrics[0].leaves == ("N01.tor", "N02.tor")
    assert layout.fabrics[0].serves == {"N01.tor": ("N",), "N02.tor": ("R1",)}


def test_names_follow_a_renamed_power_node() -> None:
    layout = edit.rename(PLAN, "P1", "PDU")
    assert layout.racks[0].feeds == {"A": "PDU"}
    assert layout.rows[0].feeds == {"A": "PDU", "B": "P2"}
    assert layout.power[1].inputs == ("PDU",)


def test_a_broken_row_leaves_the_same_racks_in_the_same_places(catalogue: Catalogue) -> None:
    broken = edit.break_row(PLAN, "A", catalogue)
    assert broken.rows == ()
    before = expand(PLAN, catalogue)
    after = expand(broken, catalogue)
    assert [rack.id for rack in broken.racks] == ["R1", "R2", "A01", "A02", "A04"]
    for name in before.row_racks["A"]:
        assert after.racks[name].centre_m == pytest.approx(before.racks[name].centre_m)
        assert after.racks[name].feeds == before.racks[name].feeds
        assert after.racks[name].front == before.racks[name].front
    assert sorted(after.fitted) == sorted(before.fitted)
    assert broken.fabrics[0].serves["A01.tor"] == ("A01", "A02", "A04")
    assert broken.coolers[0].in_row is None


def test_a_thing_is_exchanged_for_one_of_the_same_id_and_kind() -> None:
    cooler = PLAN.coolers[0].model_copy(update={"supply_c": 20.0})
    assert edit.replace(PLAN, cooler).coolers[0].supply_c == 20.0
    with pytest.raises(TwinError, match="R1 is a rack, not a cooler"):
        edit.replace(PLAN, PlacedCooler(id="R1", type="crah", x_m=0, y_m=0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: edit.move(PLAN, {"Q"}, 1, 0), "there is nothing with id 'Q'"),
        (lambda: edit.remove(PLAN, {"A02"}), "A02 is a rack of row A; edit A, or break the row first"),
        (lambda: edit.place(PLAN, PLAN.racks[0]), "id 'R1' is taken"),
        (lambda: edit.place(PLAN, PlacedRack(id="A04", type="rack", x_m=0, y_m=0)), "id 'A04' is taken"),
        (lambda: edit.rename(PLAN, "R1", "R2"), "id 'R2' is taken"),
        (lambda: edit.join(PLAN, "R1", "P2", "A"), "side A of R1 hangs on P1 already; cut it first"),
        (lambda: edit.join(PLAN, "R1", "Q", "B"), "there is no power node 'Q'"),
        (lambda: edit.join(PLAN, "L", "P1"), "L is a loop and takes no power"),
        (lambda: edit.cut(PLAN, "R2", "P1"), "R2 does not hang on P1"),
        (lambda: edit.move(PLAN, {"P1"}, 1, 0), "P1 is not drawn on the floor"),
        (lambda: edit.rotate(PLAN, {"C"}, 90), "C is a column that cannot be turned"),
    ],
)
def test_an_impossible_edit_says_what_is_wrong(change: Callable[[], Layout], message: str) -> None:
    with pytest.raises(TwinError, match=message):
        change()


def test_a_name_with_a_space_is_refused() -> None:
    with pytest.raises(DocumentError, match="given: 'a b'"):
        edit.rename(PLAN, "R1", "a b")


def test_a_row_is_no_row_twice(catalogue: Catalogue) -> None:
    with pytest.raises(TwinError, match="R1 is a rack, not a row"):
        edit.break_row(PLAN, "R1", catalogue)


def test_the_next_free_id_passes_over_racks_of_rows_and_boxes() -> None:
    assert next_free_id(PLAN, "R") == "R3"
    assert next_free_id(PLAN, "A0") == "A03"
    assert next_free_id(PLAN, "CRAH-") == "CRAH-1"
