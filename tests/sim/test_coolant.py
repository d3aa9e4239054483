"""Coolant that stops: the seconds left are told, met at their own instant, and grow with what holds heat up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.plant.liquid_forecast import reach_s
from twin.record.result import Result
from twin.scenario.overrides import Documents, parse_set
from twin.sim.coolant import CoolantEvents
from twin.sim.run import Run, load_documents, simulate, start_live

Write = Callable[..., Path]


def wet(write: Write, layouts_dir: Path, *sets: str, water: str = "FWS", **parts: object) -> tuple[Documents, Path]:
    """The small room with its two DGX racks on cold plates: 85 % of their heat goes to a unit of 250 kW."""
    layout = json.loads((layouts_dir / "small_room.layout.json").read_text())
    layout["loops"] += [
        {"id": "TCS", "medium": "pg25", "role": "technology_coolant", "supply_c": 36},
        {"id": "FWS", "role": "facility_water", "supply_c": 30},
    ]
    unit = {"id": "CDU", "type": "cdu_250kw", "x_m": 0.4, "y_m": 4.0, "loop": water, "serves": "TCS"}
    layout["coolers"].append({**unit, "feeds": {"A": "PDU-A", "B": "PDU-B"}})
    for rack in layout["racks"]:
        if rack["id"].startswith("B"):
            rack["loop"] = "TCS"
    path = write(**{"loads": [], **parts})
    documents = load_documents(path, json.dumps(layout))
    sheets = ("sheet:dgx_h100.liquid_frac=0.85", *sets)
    return documents.changed([parse_set(text) for text in sheets]), path


HELD = [{"id": "gpus", "on": ["dgx_h100"], "accelerator_frac": 0.9, "host_frac": 0.5}]


def story(write: Write, layouts_dir: Path, *sets: str, acts: tuple = (), **parts: object) -> Result:  # type: ignore[type-arg]
    faults = [{"at_s": at_s, "element": element, "action": action} for at_s, action, element in acts]
    documents, path = wet(write, layouts_dir, *sets, faults=faults, **parts)  # type: ignore[arg-type]
    result = simulate(documents, path)
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    return result


def times(result: Result, kind: str) -> list[float]:
    return [event.time_s for event in result.events if event.kind == kind]


def loss(run: Run) -> CoolantEvents:
    return run._faults.coolant


def lived(documents: Documents, path: Path, to_s: float) -> Run:
    run = start_live(documents, path)
    while run.now_s < to_s:
        run.step()
    return run


@pytest.mark.parametrize("pulse_s", [1.0, 7.0, 60.0])
def test_a_unit_that_fails_leaves_the_seconds_it_said(write_scenario: Write, layouts_dir: Path, pulse_s: float) -> None:
    parts = {"workloads": [], "loads": HELD, "hours": 0.1, "pulse_s": pulse_s}
    result = story(write_scenario, layouts_dir, acts=((180.5, "fail", "CDU"),), **parts)
    found = result.summary["liquid"]["losses"][0]
    assert found["loop"] == "TCS"
    assert times(result, "coolant.stopped") == [180.5]
    throttle_s, trip_s = found["predicted_throttle_s"], found["predicted_trip_s"]
    assert 5.0 < throttle_s < trip_s < 60.0
    # Held loads know no clock, so what was predicted at that instant comes true.
    assert times(result, "thermal.chips_throttle")[0] - 180.5 == pytest.approx(throttle_s, abs=0.02)
    assert times(result, "thermal.chips_trip")[0] - 180.5 == pytest.approx(trip_s, abs=0.02)
    assert found["tripped_after_s"] == pytest.approx(trip_s, abs=0.02)
    assert min(times(result, "server.off")) == pytest.approx(180.5 + trip_s, abs=0.02)


def test_seconds_left_are_those_of_fine_steps(write_scenario: Write, layouts_dir: Path) -> None:
    documents, path = wet(write_scenario, layouts_dir, workloads=[], loads=HELD, hours=1.0)
    run = lived(documents, path, 300.0)
    plant = run.hall.plant
    loops, branches, rack_w = plant.cooling.liquid, plant.cooling.liquid.branches, plant.wet_now_w()
    loops.units.is_fed[0] = False
    left_s = reach_s(loops, rack_w, np.stack([branches.throttle_c, branches.trip_c]))
    crossed = np.full(left_s.shape, np.inf)
    dt_s = 0.01
    for k in range(1, 6000):
        loops.step(rack_w, plant.cooling.plant.water_c, plant.cooling.plant.has_flow(), dt_s)
        over = loops.chip_c() >= np.stack([branches.throttle_c, branches.trip_c])
        crossed = np.where(over & np.isinf(crossed), k * dt_s, crossed)
    assert np.isfinite(left_s).all()
    np.testing.assert_allclose(left_s, crossed - 0.5 * dt_s, atol=0.51 * dt_s)


def test_more_heat_less_time_more_coolant_more_time(write_scenario: Write, layouts_dir: Path) -> None:
    def seconds(share: float, *sets: str) -> float:
        loads = [{**HELD[0], "accelerator_frac": share, "host_frac": share}]
        documents, path = wet(write_scenario, layouts_dir, *sets, workloads=[], loads=loads, hours=1.0)
        run = lived(documents, path, 200.0)
        run.fail("CDU")
        return loss(run).losses[0].throttle_s

    by_heat = [seconds(share) for share in (0.4, 0.6, 0.8, 1.0)]
    assert by_heat == sorted(by_heat, reverse=True)
    assert seconds(1.0, "sheet:nvidia_h100_sxm.throttle_c=94") > by_heat[-1]
    assert seconds(1.0, "sheet:nvidia_h100_sxm.plate_k_w=0.06") < by_heat[-1]


def test_clocks_fall_before_servers_go_and_rise_again(write_scenario: Write, layouts_dir: Path) -> None:
    documents, _ = wet(write_scenario, layouts_dir)
    busy = {**documents.scenario["workloads"][1], "generator": {"rate_per_s": 40.0}}  # type: ignore[index]
    acts = ((120.0, "fail", "CDU"), (182.0, "repair", "CDU"))
    result = story(write_scenario, layouts_dir, acts=acts, workloads=[busy], hours=0.06)
    throttled = times(result, "thermal.chips_throttle")
    assert throttled
    assert 120.0 < throttled[0] < 182.0
    assert times(result, "thermal.chips_cool")[0] > 182.0
    assert times(result, "thermal.chips_trip") == [] == times(result, "server.off")
    during = (result.time_s > throttled[0] + 2.0) & (result.time_s < 183.0)
    before = (result.time_s > 100.0) & (result.time_s < 120.0)
    assert result["accelerators_w"][during].min() < 0.8 * result["accelerators_w"][before].mean()


def test_servers_come_back_when_coolant_does(write_scenario: Write, layouts_dir: Path) -> None:
    acts = ((60.0, "fail", "CDU"), (150.0, "repair", "CDU"))
    result = story(write_scenario, layouts_dir, acts=acts, workloads=[], loads=HELD, hours=0.1)
    off, on = times(result, "server.off"), times(result, "server.on")
    assert len(off) == len(on) == 2
    assert max(off) < 150.0 < min(on)


def test_power_lost_stops_the_pumps_and_is_told(write_scenario: Write, layouts_dir: Path) -> None:
    documents, path = wet(write_scenario, layouts_dir, workloads=[], loads=HELD, hours=1.0)
    unit = documents.layout["coolers"][-1]  # type: ignore[index]
    unit["feeds"] = {"A": "PDU-A"}
    run = lived(documents, path, 30.0)
    before = run.hall.plant.cooling.liquid.pump_w().sum()
    run.fail("PDU-A")
    assert before == pytest.approx(1900.0)
    assert run.hall.plant.cooling.liquid.pump_w().sum() == 0.0
    assert [one.cause for one in loss(run).losses] == ["no coolant flows"]
    assert run.hall.plant.energy_residual_frac() < 1e-9


def test_water_that_stands_still_warms_the_whole_loop(write_scenario: Write, layouts_dir: Path) -> None:
    documents, path = wet(write_scenario, layouts_dir, water="CHW", workloads=[], loads=HELD, hours=1.0)
    run = lived(documents, path, 200.0)
    supply_c = float(run.hall.plant.cooling.liquid.state_c[0, 0])
    run.fail("CHWP")
    [found] = loss(run).losses
    assert found.cause == "coolant flows and no water cools it"
    alone = lived(documents, path, 200.0)
    alone.fail("CDU")
    assert found.trip_s > loss(alone).losses[0].trip_s  # all its coolant takes part
    while run.now_s < 230.0:
        run.step()
    assert run.hall.plant.cooling.liquid.state_c[0, 0] > supply_c + 1.0
    assert run.hall.plant.energy_residual_frac() < 1e-9


def test_a_scenario_slows_pumps(write_scenario: Write, layouts_dir: Path) -> None:
    slower = [{"kind": "set_point", "at_s": 60.0, "element": "CDU", "field": "pump_frac", "value": 0.5}]
    result = story(write_scenario, layouts_dir, workloads=[], loads=HELD, policies=slower, hours=0.05)
    chip_c = result["chip_max_c"]
    assert chip_c[-1] > chip_c[result.time_s == 60.0][0]
    assert result.summary["liquid"]["units"][0]["pump_w"] == pytest.approx(1900.0 / 8)


def test_set_points_of_loops_and_pumps_can_be_set_in_a_live_run(write_scenario: Write, layouts_dir: Path) -> None:
    documents, path = wet(write_scenario, layouts_dir, workloads=[], loads=HELD, hours=1.0)
    run = lived(documents, path, 200.0)
    liquid = run.hall.plant.cooling.liquid
    warm_c = liquid.chip_c().copy()
    run.poke("TCS", "supply_c", 40.0)
    while run.now_s < 400.0:
        run.step()
    np.testing.assert_allclose(liquid.chip_c() - warm_c, 4.0, atol=0.1)
    run.poke("CDU", "pump_frac", 0.5)
    assert liquid.pump_w().sum() == pytest.approx(1900.0 / 8)
    assert loss(run).losses[0].cause == "less coolant flows"
    run.poke("FWS", "supply_c", 45.0)
    while run.now_s < 600.0:
        run.step()
    assert liquid.state_c[0, 0] > 45.0
