"""Rear doors take heat out of what racks blow out, and the books balance; oil takes all heat of what hangs in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.errors import TwinError
from twin.plant.coolers.chiller_plant import Outdoors
from twin.scenario.overrides import Documents
from twin.sim.run import Run, load_documents, start_live

Write = Callable[..., Path]
HELD = [{"id": "gpus", "on": ["dgx_h100"], "accelerator_frac": 0.9, "host_frac": 0.5}]


def documents(write: Write, layouts_dir: Path, door: str | None, loop: str) -> tuple[Documents, Path]:
    """The small room under load, its two DGX racks with a rear door and on a loop."""
    layout = json.loads((layouts_dir / "small_room.layout.json").read_text())
    layout["loops"] += [
        {"id": "FWS", "role": "facility_water", "supply_c": 20},
        {"id": "OIL", "role": "technology_coolant", "medium": "oil", "supply_c": 40, "volume_m3": 1.0},
    ]
    if loop == "OIL":
        unit = {"id": "HX", "type": "cdu_250kw", "x_m": 0.4, "y_m": 4.0, "loop": "FWS", "serves": "OIL"}
        layout["coolers"].append({**unit, "feeds": {"A": "PDU-A", "B": "PDU-B"}})
    for rack in layout["racks"]:
        if rack["id"] in ("B1", "B2"):
            rack |= {"loop": loop, **({"rear_door": door} if door else {})}
    path = write(workloads=[], loads=HELD, hours=1.0)
    return load_documents(path, json.dumps(layout)), path


def lived(write: Write, layouts_dir: Path, door: str | None = None, loop: str = "CHW") -> Run:
    run = start_live(*documents(write, layouts_dir, door, loop))
    while run.now_s < 1800.0:
        run.step()
    assert run.hall.plant.energy_residual_frac() < 1e-9
    return run


@pytest.mark.parametrize("loop", ["CHW", "FWS"])
def test_a_door_takes_what_its_exchanger_passes(write_scenario: Write, layouts_dir: Path, loop: str) -> None:
    run = lived(write_scenario, layouts_dir, "rear_door_50kw", loop)
    cooling = run.hall.plant.cooling
    doors, water_c = cooling.doors, 20.0 if loop == "FWS" else float(cooling.plant.water_c[0])
    sink = doors.sink(cooling.air_c, cooling.plant.water_c, cooling.plant.has_flow())
    door_w = sink.each_w_k * (cooling.air_c - sink.each_c)
    exhaust_c = cooling.air_c + doors.rise_k
    np.testing.assert_allclose(door_w, doors.w_k * (exhaust_c - water_c), rtol=1e-12)
    # No exchanger cools air below its water: per kelvin it takes less than the air carries.
    settled = run.hall.plant.settle(run.now_s + 1.0, run.hall.outside.air(run.now_s))
    air_w_k = settled.rack_w[doors.i_rack] / (settled.rack_exhaust_c - settled.rack_inlet_c)[doors.i_rack]
    assert (doors.w_k > 0.3 * air_w_k).all()
    assert (doors.w_k < air_w_k).all()
    assert (door_w > 1e3).all()


def test_a_room_with_doors_is_cooler(write_scenario: Write, layouts_dir: Path) -> None:
    with_doors = lived(write_scenario, layouts_dir, "rear_door_50kw")
    without = lived(write_scenario, layouts_dir)
    assert with_doors.hall.plant.cooling.air_c < without.hall.plant.cooling.air_c - 0.5


def test_a_tank_of_oil_takes_all_heat_and_needs_no_fans(write_scenario: Write, layouts_dir: Path) -> None:
    run = lived(write_scenario, layouts_dir, loop="OIL")
    plant = run.hall.plant
    in_oil = [c for c in plant.compute.constants if c.type == "dgx_h100"]
    assert {(c.fan_max_w, c.liquid_frac) for c in in_oil} == {(0.0, 1.0)}
    wet_w = plant.wet_now_w()
    rack = plant.racks.ids.index("B1")
    input_w = plant.compute.input_w[plant.rack_of_server == rack]
    assert wet_w[rack] == pytest.approx(float(input_w.sum()))
    loops = plant.cooling.liquid
    assert loops.state_c[0, 0] == pytest.approx(40.0, abs=0.5)
    chips_k = loops.chip_c() - loops.coolant_c()
    assert (chips_k > 20.0).all()


def test_two_exchangers_in_a_row_are_refused(write_scenario: Write, layouts_dir: Path) -> None:
    given, path = documents(write_scenario, layouts_dir, None, "OIL")
    second = {"id": "HX-2", "type": "cdu_250kw", "x_m": 0.4, "y_m": 6.0, "loop": "CHW", "serves": "FWS"}
    given.layout["coolers"].append({**second, "feeds": {"A": "PDU-A"}})  # type: ignore[union-attr]
    with pytest.raises(TwinError, match="two exchangers in a row"):
        start_live(given, path)


def test_many_kinds_of_racks_on_a_loop_keep_its_flow_and_its_heat(write_scenario: Write, layouts_dir: Path) -> None:
    given, path = documents(write_scenario, layouts_dir, None, "OIL")
    rack = next(one for one in given.layout["racks"] if one["id"] == "B1")  # type: ignore[union-attr]
    for n in range(40):  # each with another heat
        cards = {"type": "rngd_aimx_server", "u": 1, "count": 1 + n % 20}
        place = {"id": f"Z{n}", "x_m": 0.0, "y_m": 0.0, "contents": [cards]}
        given.layout["racks"].append({**rack, **place})  # type: ignore[union-attr]
    plant = start_live(given, path).hall.plant
    loops = plant.cooling.liquid
    assert loops.circuits.law.n_racks.shape[1] <= 16
    assert loops.circuits.law.n_racks.sum() == 42
    assert loops.branch_kg_s().sum() == pytest.approx(loops.units.rated_kg_s.sum(), rel=1e-9)
    for k in range(1, 20):
        plant.settle(float(k), Outdoors(30.0, 20.0))
    assert plant.energy_residual_frac() < 1e-9
