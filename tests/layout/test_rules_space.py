"""Findings about the floor plan and the racks, with both numbers; silence when all is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.catalogue.library import Catalogue, shipped_catalogue
from twin.layout import edit
from twin.layout.check import check
from twin.layout.expand import expand
from twin.layout.finding import Finding
from twin.layout.model import (
    Fitting,
    Layout,
    PlacedRack,
    RackRow,
)
from twin.layout.room import Column, Wall
from twin.layout.rules.space import space_findings
from twin.layout.store import load_layout

Check = Callable[[Layout], list[Finding]]
LEAF = Fitting(type="switch", u=42, id="LEAF")
TWO = Fitting(type="npu4", u=1, count=2)


def only(found: list[Finding], rule: str) -> Finding:
    """The one finding of a rule."""
    (finding,) = (finding for finding in found if finding.rule == rule)
    return finding


def rules(found: list[Finding]) -> list[str]:
    return [finding.rule for finding in found]


def filled(room: Layout, *contents: Fitting, **fields: object) -> Layout:
    """The room with these contents in its rack."""
    return edit.replace(room, room.racks[0].model_copy(update={"contents": contents, **fields}))


def rack(name: str, x_m: float, y_m: float, angle_deg: float = 0.0) -> PlacedRack:
    """An empty rack."""
    return PlacedRack(id=name, type="rack", x_m=x_m, y_m=y_m, angle_deg=angle_deg)


def test_a_sound_room_has_no_findings(room: Layout, findings: Check) -> None:
    assert findings(room) == []


@pytest.mark.parametrize("name", ["small_room", "npu_hall_2025", "npu_pim_hall_2028", "gpu_hall", "ai_factory_800vdc"])
def test_the_examples_have_neither_errors_nor_warnings(layouts_dir: object, name: str) -> None:
    found = check(load_layout(f"{layouts_dir}/{name}.layout.json"), shipped_catalogue())
    assert [finding.line() for finding in found if finding.severity != "note"] == []


def test_a_finding_is_one_line_with_the_way_out(room: Layout, findings: Check) -> None:
    (finding,) = findings(edit.place(room, rack("R2", 2.9, 2.4)))
    assert finding.line() == (
        "error: R1: reaches 0.10 m into rack R2, 0.00 m is the limit; move one of them apart [space.overlap]"
    )
    assert finding.at_m == pytest.approx((2.7, 3.0))


def test_errors_come_before_warnings_before_notes(room: Layout, findings: Check) -> None:
    layout = edit.remove(edit.place(room, rack("R2", 2.9, 1.5)), {"CRAH-2"})
    severities = [finding.severity for finding in findings(layout)]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert set(severities) == {"error", "warning", "note"}


class TestSpace:
    """The floor plan."""

    def test_neighbours_that_touch_do_not_overlap(self, room: Layout, findings: Check) -> None:
        assert findings(edit.place(room, rack("R2", 3.0, 2.4))) == []

    def test_turned_racks_overlap_by_their_outlines_not_their_boxes(self, room: Layout, findings: Check) -> None:
        corner_to_corner = edit.place(room, rack("R2", 3.25, 3.25, 45))
        assert "space.overlap" not in rules(findings(corner_to_corner))
        closer = edit.place(room, rack("R2", 2.95, 2.95, 45))
        assert "space.overlap" in rules(findings(closer))

    def test_a_rack_in_a_column_and_in_a_wall(self, room: Layout, findings: Check) -> None:
        layout = edit.place(room, Column(id="C", x_m=2.9, y_m=2.5, width_m=0.4, depth_m=0.4))
        layout = edit.place(layout, Wall(id="W", points_m=((2.0, 3.55), (5.0, 3.55)), thickness_m=0.2))
        found = findings(layout)
        assert only(found, "space.column").what == "reaches 0.10 m into column C, 0.00 m is the limit"
        assert only(found, "space.wall").what == "reaches 0.15 m into wall W, 0.00 m is the limit"

    def test_a_rack_half_outside_and_one_wholly_outside(self, room: Layout, findings: Check) -> None:
        layout = edit.place(edit.place(room, rack("OUT", 5.7, 2.4)), rack("FAR", 9, 9))
        out, far = (finding for finding in findings(layout) if finding.rule == "space.outside")
        assert (out.place, far.place) == ("OUT", "FAR")
        assert "it spans x 5.70 to 6.30 m" in out.what
        assert "the room x 0.00 to 6.00 m" in out.what

    def test_a_room_with_a_notch_is_outside_in_the_notch(self, room: Layout, findings: Check) -> None:
        notch = ((0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0), (3.4, 4.0), (3.4, 6.0), (0.0, 6.0))
        shaped = room.model_copy(update={"room": room.room.model_copy(update={"outline_m": notch})})
        found = [finding.place for finding in findings(edit.place(shaped, rack("R2", 3.3, 4.5)))]
        assert "R2" in found
        assert "space.outside" not in rules(findings(shaped))

    def test_front_and_rear_need_their_free_depth(self, room: Layout, findings: Check) -> None:
        layout = edit.place(edit.place(room, rack("R2", 2.4, 0.3)), rack("R3", 2.4, 4.4, 180))
        found = findings(layout)
        front = {f.place: f.what for f in found if f.rule == "space.front_clearance"}
        rear = {f.place: f.what for f in found if f.rule == "space.rear_clearance"}
        assert front["R1"] == "has 0.90 m free in front, up to R2, 1.00 m are needed"
        assert front["R2"] == "has 0.30 m free in front, up to the wall, 1.00 m are needed"
        assert rear["R1"] == "has 0.80 m free behind, up to R3, 0.90 m are needed"

    def test_exactly_enough_free_depth_is_enough(self, room: Layout, findings: Check) -> None:
        facing = edit.place(room, rack("R2", 2.4, 0.2, 180))
        assert "space.front_clearance" not in rules(findings(facing))

    def test_a_row_too_close_is_one_finding(self, room: Layout, findings: Check) -> None:
        row = RackRow(id="A", type="rack", x_m=0, y_m=0.5, count=4, pitch_m=0.6)
        (finding,) = (f for f in findings(edit.place(room, row)) if f.rule == "space.front_clearance")
        assert finding.what == (
            "has 0.50 m free in front, up to the wall, 1.00 m are needed (4 racks of row A are too close)"
        )

    def test_five_thousand_racks_are_checked_at_once(self, room: Layout, catalogue: Catalogue) -> None:
        many = tuple(rack(f"X{i}", 1 + 0.6 * (i % 70), 1 + 2.4 * (i // 70)) for i in range(5000))
        big = room.room.model_copy(update={"outline_m": ((0.0, 0.0), (50.0, 0.0), (50.0, 180.0), (0.0, 180.0))})
        floor = expand(room.model_copy(update={"racks": many, "room": big, "fabrics": ()}), catalogue)
        found = list(space_findings(floor))
        assert {finding.place for finding in found} <= {"CRAH-1", "CRAH-2", *(f"X{i}" for i in range(5000))}
        assert not [finding for finding in found if finding.rule == "space.outside"]


class TestRack:
    """What is in the rack."""

    def test_two_boxes_in_one_unit(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, TWO, Fitting(type="npu4", u=8), LEAF)), "rack.unit_collision")
        assert finding.what == "R1/u08 in units 8 to 11 collides with R1/u05 in units 5 to 8"

    def test_a_switch_at_the_rear_leaves_the_front_to_another(self, room: Layout, findings: Check) -> None:
        rear = Fitting(type="switch", u=42, face="rear")
        assert "rack.unit_collision" not in rules(findings(filled(room, TWO, LEAF, rear)))
        behind_server = Fitting(type="switch", u=1, face="rear")
        assert "rack.unit_collision" in rules(findings(filled(room, TWO, LEAF, behind_server)))

    def test_a_box_above_the_top(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, Fitting(type="npu4", u=40))), "rack.out_of_units")
        assert finding.what == "R1/u40 takes units 40 to 43, the rack has 42"

    def test_a_box_deeper_than_the_rack(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, Fitting(type="deep4", u=1), LEAF)), "rack.depth")
        assert finding.what == "R1/u01 is 1.30 m deep, the rack 1.20 m"

    def test_too_heavy_for_the_rack(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, Fitting(type="npu4", u=1, count=12))), "rack.weight")
        assert finding.what == "carries 540 kg, the rack may carry 500 kg"

    def test_too_heavy_for_the_floor(self, room: Layout, findings: Check) -> None:
        weak = room.model_copy(update={"room": room.room.model_copy(update={"floor_limit_kg_m2": 250})})
        finding = only(findings(weak), "rack.floor_load")
        assert finding.what == "loads its footprint with 278 kg/m2, the floor may carry 250 kg/m2"

    def test_a_row_is_looked_at_once(self, room: Layout, findings: Check) -> None:
        deep = (Fitting(type="deep4", u=1),)
        row = RackRow(id="A", type="rack", x_m=0.6, y_m=2.4, count=2, pitch_m=0.6, contents=deep)
        assert [f.place for f in findings(edit.place(room, row)) if f.rule == "rack.depth"] == ["A01"]


class TestDrawing:
    """Ids and devices."""

    def test_an_id_given_twice(self, room: Layout, findings: Check) -> None:
        twin = rack("R1", 3.0, 2.4)
        layout = room.model_copy(update={"racks": (*room.racks, twin)})
        assert only(findings(layout), "layout.duplicate_id").what == "id 'R1' is given twice"

    def test_an_unknown_device(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, TWO, LEAF, Fitting(type="npu9", u=20))), "layout.unknown_device")
        assert (finding.place, finding.what) == ("R1", "contents[2] unknown device 'npu9'")

    def test_an_estimate_is_noted_once_per_device(self, room: Layout, findings: Check) -> None:
        guess = Fitting(type="guess4", u=1, count=2)
        (finding,) = findings(filled(room, guess, LEAF))
        assert (finding.rule, finding.severity, finding.place) == ("trust.estimate", "note", "guess4")
        assert finding.what == "guess4: 1 value is an estimate, not published (max_w)"
