"""Findings about coolant loops, with both numbers; silence when all is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.catalogue.library import Catalogue
from twin.layout import edit
from twin.layout.check import check
from twin.layout.finding import Finding
from twin.layout.model import Fitting, Layout, Loop, PlacedCooler

Check = Callable[[Layout], list[Finding]]
BOARD = {"A": "MAIN"}
TCS = {"id": "TCS", "role": "technology_coolant", "medium": "pg25", "supply_c": 35.0, "volume_m3": 0.05}
UNIT = {"type": "cdu", "x_m": 0.0, "y_m": 0.0, "loop": "CHW", "serves": "TCS", "feeds": BOARD}


@pytest.fixture
def wet(room: Layout) -> Layout:
    """The room with two servers on cold plates, 4.2 kW, and two units of 5 kW."""
    boxes = (Fitting(type="wet4", u=1, count=2), Fitting(type="switch", u=42, id="LEAF"))
    layout = edit.replace(room, room.racks[0].model_copy(update={"contents": boxes, "loop": "TCS"}))
    layout = edit.place(layout, Loop.model_validate(TCS))
    for i in (1, 2):
        layout = edit.place(layout, PlacedCooler.model_validate({"id": f"CDU-{i}", **UNIT}))
    return layout


def changed(layout: Layout, **fields: object) -> Layout:
    """With other values of the coolant loop."""
    return edit.replace(layout, Loop.model_validate({**TCS, **fields}))


def moved(layout: Layout, **fields: object) -> Layout:
    """With other values of the first unit."""
    unit = next(cooler for cooler in layout.coolers if cooler.id == "CDU-1")
    return edit.replace(layout, unit.model_copy(update=fields))


def of_liquid(found: list[Finding]) -> dict[str, Finding]:
    return {finding.rule: finding for finding in found if finding.rule.startswith("liquid.")}


def test_a_sound_loop_is_silent(wet: Layout, findings: Check) -> None:
    assert of_liquid(findings(wet)) == {}


def test_supply_warmer_than_return(wet: Layout, findings: Check) -> None:
    found = of_liquid(findings(changed(wet, return_c=30.0)))["liquid.supply_warmer"]
    assert (found.severity, found.place) == ("error", "TCS")
    assert found.what == "is supplied at 35 °C and returns at 30 °C, it must return warmer"


def test_a_set_point_below_the_water(wet: Layout, findings: Check) -> None:
    chilled_c = next(loop.supply_c for loop in wet.loops if loop.id == "CHW")
    found = of_liquid(findings(changed(wet, supply_c=chilled_c - 2.0)))
    assert found["liquid.supply_warmer"].severity == "error"
    near = of_liquid(findings(changed(wet, supply_c=chilled_c + 2.0)))
    assert f"at its rating it reaches {chilled_c + 4:g} °C" in near["liquid.approach"].what


def test_flow_without_a_path(wet: Layout, findings: Check) -> None:
    found = of_liquid(findings(moved(wet, serves=None)))["liquid.no_path"]
    assert found.what == "serves 0 loops, so its pumps have no path for any flow; 1 is needed"
    assert "no way out" in of_liquid(findings(moved(wet, loop="TCS")))["liquid.no_path"].what


def test_a_unit_with_nothing_on_its_loop(wet: Layout, findings: Check) -> None:
    other = edit.place(wet, Loop.model_validate({**TCS, "id": "SPARE"}))
    found = of_liquid(findings(moved(other, serves="SPARE")))["liquid.no_branch"]
    assert (found.severity, found.place) == ("warning", "CDU-1")


def test_a_loop_without_a_volume(wet: Layout, findings: Check) -> None:
    found = of_liquid(findings(changed(wet, volume_m3=None)))["liquid.no_volume"]
    assert (found.severity, found.place) == ("note", "TCS")


def with_unit(catalogue: Catalogue, **fields: object) -> Catalogue:
    """The small catalogue with another sheet of the unit."""
    devices = [device for device in catalogue.values() if device.id != "cdu"]
    return Catalogue([*devices, catalogue["cdu"].model_copy(update=fields)])


def test_a_loop_without_a_pump(wet: Layout, catalogue: Catalogue) -> None:
    found = of_liquid(check(wet, with_unit(catalogue, pump_max_w=None)))
    assert found["liquid.no_pump"].place == "TCS"


def test_too_little_flow(wet: Layout, catalogue: Catalogue) -> None:
    found = of_liquid(check(wet, with_unit(catalogue, rated_flow_kg_s=0.01)))
    assert "20 K is the most" in found["liquid.flow"].what
