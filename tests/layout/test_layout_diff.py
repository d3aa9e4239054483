"""Two layouts differ by what a reader would say: added, removed, moved, changed, with both values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from twin.catalogue.library import shipped_catalogue
from twin.cli import main
from twin.layout import edit
from twin.layout.diff import FieldChange, ThingChange, diff
from twin.layout.model import Fitting, Layout, PlacedRack
from twin.layout.patch import patch_of, patched
from twin.layout.room import Room, Wall
from twin.layout.store import layout_text, load_layout, plain, save_layout

from .test_layout_store import layouts


@pytest.fixture
def small(layouts_dir: Path) -> Layout:
    return load_layout(layouts_dir / "small_room.layout.json")


@pytest.fixture
def hall(layouts_dir: Path) -> Layout:
    return load_layout(layouts_dir / "npu_hall_2025.layout.json")


def test_a_moved_rack_has_both_places(small: Layout) -> None:
    x_m = small.racks[0].x_m
    after = edit.move(small, {"A1"}, 0.6, 0.0)
    moved = ThingChange("moved", "rack", "A1", (FieldChange("x_m", x_m, pytest.approx(x_m + 0.6)),))
    assert diff(small, after) == (moved,)


def test_a_moved_wall_and_a_moved_power_node_are_moved_too(small: Layout) -> None:
    wall = Wall(id="W", points_m=((0, 0), (1, 0)))
    small = edit.place(small, wall)
    changes = diff(small, edit.move(small, {"W", "PDU-A"}, 0.1, 0.0))
    assert [(change.how, change.id) for change in changes] == [("moved", "W"), ("moved", "PDU-A")]


def test_a_row_is_one_thing_until_it_is_broken(hall: Layout) -> None:
    row = hall.rows[0]
    longer = edit.replace(hall, row.model_copy(update={"count": row.count + 1}))
    assert [change.line() for change in diff(hall, longer)] == [
        f"* row {row.id} changed: count {row.count} -> {row.count + 1}"
    ]
    broken = diff(hall, edit.break_row(hall, row.id, shipped_catalogue()))
    assert ThingChange("removed", "row", row.id) in broken
    assert sum(change.how == "added" and change.kind == "rack" for change in broken) == row.count - len(row.skip)


def test_a_box_put_below_others_is_one_change(small: Layout) -> None:
    rack = next(rack for rack in small.racks if rack.contents)
    box = Fitting(type="rngd_server", u=41)
    changes = diff(small, edit.replace(small, rack.model_copy(update={"contents": (box, *rack.contents)})))
    ((change,),) = [found.fields for found in changes]
    assert (change.field, change.before) == ("contents[U41]", None)
    assert change.after == {"type": "rngd_server", "u": 41}


def test_one_feed_of_a_rack_is_one_field(small: Layout) -> None:
    rack = next(rack for rack in small.racks if "A" in rack.feeds)
    (change,) = diff(small, edit.cut(small, rack.id, rack.feeds["A"]))
    assert change.fields == (FieldChange("feeds.A", rack.feeds["A"], None),)


def test_a_renamed_thing_is_said_to_be_renamed_not_gone_and_come(small: Layout) -> None:
    rack, fabric = diff(small, edit.rename(small, "A1", "Z1"))
    assert (rack.how, rack.kind, rack.id, rack.old_id) == ("changed", "rack", "Z1", "A1")
    assert fabric.fields[0].field == "serves.LEAF-A", "what names it follows"


def test_the_hall_itself_may_differ(small: Layout) -> None:
    room = small.room.model_copy(update={"height_m": 3.5})
    (change,) = diff(small, small.model_copy(update={"name": "other", "room": room}))
    assert change.kind == "hall"
    assert [field.field for field in change.fields] == ["name", "room.height_m"]


def test_things_that_only_changed_their_order_are_said_to(small: Layout) -> None:
    (change,) = diff(small, small.model_copy(update={"racks": small.racks[::-1]}))
    assert [field.field for field in change.fields] == ["order of racks"]


def test_ids_that_a_hand_gave_twice_are_compared_one_by_one() -> None:
    room = Room(outline_m=((0, 0), (9, 0), (9, 9)))
    racks = tuple(PlacedRack(id="A", type="rack", x_m=x, y_m=0) for x in (1.0, 2.0))
    before = Layout(name="x", room=room, racks=racks)
    (change,) = diff(before, before.model_copy(update={"racks": racks[:1]}))
    assert (change.how, change.id) == ("removed", "A")


@settings(max_examples=60)
@given(layouts, layouts)
def test_there_is_no_difference_exactly_between_equals(a: Layout, b: Layout) -> None:
    assert diff(a, a.model_copy(deep=True)) == ()
    assert bool(diff(a, b)) == (a != b)
    for change in diff(a, b):
        assert change.fields or change.how in ("added", "removed")
        assert change.line()


@settings(max_examples=60)
@given(layouts, layouts)
def test_what_was_added_one_way_was_removed_the_other(a: Layout, b: Layout) -> None:
    there, back = diff(a, b), diff(b, a)
    for one, other in (("added", "removed"), ("removed", "added")):
        assert sorted((c.kind, c.id) for c in there if c.how == one) == sorted(
            (c.kind, c.id) for c in back if c.how == other
        )


@settings(max_examples=60)
@given(layouts, layouts)
def test_a_patch_as_json_makes_the_one_the_other_byte_for_byte(a: Layout, b: Layout) -> None:
    patch = json.loads(json.dumps(patch_of(a, b)))
    assert layout_text(patched(a, patch)) == layout_text(b)


def test_the_patch_of_a_moved_rack_is_that_rack(hall: Layout) -> None:
    cooler = hall.coolers[1]
    after = edit.move(hall, {cooler.id}, 0.6, 0.0)
    patch = patch_of(hall, after)
    assert patch == {
        "coolers": {"drop": [], "put": [[1, plain(after.coolers[1])]]},
    }
    again = patched(hall, patch)
    assert again == after
    assert again.rows[0] is hall.rows[0], "what did not change is shared"


def test_diff_on_the_command_line_says_what_and_exits_by_it(small: Layout, tmp_path: Path, capsys) -> None:
    a, b = tmp_path / "a.layout.json", tmp_path / "b.layout.json"
    save_layout(small, a)
    save_layout(edit.remove(edit.move(small, {"A1"}, 0.6, 0.0), {"B5"}), b)
    assert main(["diff", str(a), str(a)]) == 0
    assert capsys.readouterr().out == f"{a} -> {a}: no difference\n"
    assert main(["diff", str(a), str(b)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("> rack A1 moved: x_m ")
    assert lines[1] == "- rack B5 removed"
    assert lines[2] == f"{a} -> {b}: 0 added, 1 removed, 1 moved, 0 changed"
    assert main(["diff", str(a), str(b), "--json"]) == 1
    moved, removed = json.loads(capsys.readouterr().out)
    assert moved["fields"] == [
        {"field": "x_m", "before": small.racks[0].x_m, "after": pytest.approx(small.racks[0].x_m + 0.6)}
    ]
    assert (removed["how"], removed["kind"], removed["id"]) == ("removed", "rack", "B5")
