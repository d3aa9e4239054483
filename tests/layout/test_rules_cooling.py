"""Findings about the cooling path, with both numbers; silence when all is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.catalogue.library import Catalogue
from twin.layout import edit
from twin.layout.expand import expand
from twin.layout.finding import Finding
from twin.layout.model import (
    Fitting,
    Layout,
    Loop,
    PlacedCooler,
    PlantItem,
)
from twin.layout.rules.cooling import heat_of

Check = Callable[[Layout], list[Finding]]
BOARD = {"A": "MAIN"}
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


class TestCooling:
    """6.4 kW of heat, two air coolers of 8 kW, two chillers of 20 kW."""

    def test_no_air_cooler(self, room: Layout, findings: Check) -> None:
        finding = only(findings(edit.remove(room, {"CRAH-1", "CRAH-2"})), "cooling.no_air_cooler")
        assert finding.what == "gives 6.4 kW of heat to the air and has 0 air coolers, 1 is needed"

    def test_air_coolers_too_small(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, Fitting(type="npu4", u=1, count=6), LEAF)), "cooling.capacity")
        assert finding.severity == "error"
        assert finding.what == "must move 18.4 kW of heat, its 2 air coolers are rated 16.0 kW together"

    def test_the_spare_is_lost(self, room: Layout, findings: Check) -> None:
        (finding,) = findings(edit.remove(room, {"CRAH-2"}))
        assert (finding.rule, finding.severity) == ("cooling.no_spare", "note")
        assert finding.what == "must move 6.4 kW of heat, without CRAH-1 its air coolers are rated 0.0 kW"

    def test_a_cooler_without_a_loop(self, room: Layout, findings: Check) -> None:
        dry = PlacedCooler(id="CRAH-3", type="crah", x_m=2.4, y_m=5.2, feeds=BOARD)
        assert only(findings(edit.place(room, dry)), "cooling.no_loop").place == "CRAH-3"
        direct = dry.model_copy(update={"type": "crac"})
        assert findings(edit.place(room, direct)) == []

    def test_a_loop_without_a_chiller(self, room: Layout, findings: Check) -> None:
        finding = only(findings(edit.remove(room, {"CH"})), "cooling.no_heat_rejection")
        assert finding.place == "CHW"
        assert finding.what == (
            "takes the heat of CRAH-1, CRAH-2 and has 0 chillers, towers or dry coolers, 1 is needed"
        )

    def test_a_loop_without_a_pump(self, room: Layout, findings: Check) -> None:
        (finding,) = findings(edit.remove(room, {"P"}))
        assert (finding.rule, finding.severity) == ("cooling.no_pump", "warning")

    def test_a_loop_that_is_not_drawn(self, room: Layout, findings: Check) -> None:
        found = findings(edit.remove(room, {"CHW"}))
        assert rules(found).count("cooling.no_such_loop") == 4

    def water_cooled(self, room: Layout) -> Layout:
        wet = PlantItem(id="CH", type="water_chiller", count=2, loop="CHW", rejects_to="CW", feeds=BOARD)
        layout = edit.place(edit.replace(room, wet), Loop(id="CW", role="condenser_water", supply_c=27))
        layout = edit.place(layout, PlantItem(id="CT", type="tower", count=2, loop="CW", feeds=BOARD))
        return edit.place(layout, PlantItem(id="CP", type="pump", loop="CW", feeds=BOARD))

    def test_a_water_cooled_chiller_with_its_tower(self, room: Layout, findings: Check) -> None:
        assert findings(self.water_cooled(room)) == []

    def test_a_water_cooled_chiller_without_a_condenser_loop(self, room: Layout, findings: Check) -> None:
        chiller = PlantItem(id="CH", type="water_chiller", count=2, loop="CHW", feeds=BOARD)
        assert only(findings(edit.replace(room, chiller)), "cooling.no_condenser_loop").place == "CH"

    def test_a_condenser_loop_without_a_tower(self, room: Layout, findings: Check) -> None:
        finding = only(findings(edit.remove(self.water_cooled(room), {"CT"})), "cooling.no_heat_rejection")
        assert finding.what.startswith("takes the heat of CH and has 0 chillers, towers")

    def test_the_tower_takes_the_work_of_the_chiller_too(self, room: Layout, catalogue: Catalogue) -> None:
        heat = heat_of(expand(self.water_cooled(room), catalogue))
        assert heat.loop_w["CHW"] == pytest.approx(6400)
        assert heat.loop_w["CW"] == pytest.approx(6400 * (1 + 1 / 4))

    def test_cold_plates_need_a_loop_and_a_cdu(self, room: Layout, findings: Check, catalogue: Catalogue) -> None:
        wet = Fitting(type="wet4", u=1, count=2)
        assert only(findings(filled(room, wet, LEAF)), "cooling.no_liquid_path").what == (
            "has 4.2 kW of cold-plate heat and 0 liquid loops, 1 is needed"
        )
        layout = edit.place(
            filled(room, wet, LEAF, loop="TCS"), Loop(id="TCS", role="technology_coolant", supply_c=35, volume_m3=0.05)
        )
        assert (
            only(findings(layout), "cooling.no_liquid_path").what
            == "hangs on loop TCS, which 0 CDUs serve, 1 is needed"
        )
        cdus = [
            PlacedCooler(id=f"CDU-{i}", type="cdu", x_m=0, y_m=0, loop="CHW", serves="TCS", feeds=BOARD) for i in (1, 2)
        ]
        layout = edit.place(edit.place(layout, cdus[0]), cdus[1])
        assert findings(layout) == []
        heat = heat_of(expand(layout, catalogue))
        assert heat.air_w == pytest.approx(6400 - 4200)
        assert heat.loop_w["CHW"] == pytest.approx(6400)

    def test_a_rear_door_needs_a_loop_and_takes_heat_from_the_room(
        self, room: Layout, findings: Check, catalogue: Catalogue
    ) -> None:
        door = filled(room, TWO, LEAF, rear_door="door")
        assert only(findings(door), "cooling.no_liquid_path").what == "has a rear door and 0 liquid loops, 1 is needed"
        joined = filled(room, TWO, LEAF, rear_door="door", loop="CHW")
        assert findings(joined) == []
        assert heat_of(expand(joined, catalogue)).air_w == 0
