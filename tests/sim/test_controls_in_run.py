"""Controls in a run: they move set points, let a hand have its way, and come to rest where the year says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from twin.scenario.overrides import parse_set
from twin.sim.run import load_documents, simulate, start_run

LOADS = [{"id": "all", "accelerator_frac": 0.6, "host_frac": 0.4}]


@pytest.fixture
def write(write_scenario: Callable[..., Path]) -> Callable[..., Path]:
    def written(name: str = "case.yaml", **parts: object) -> Path:
        return write_scenario(name, **{"workloads": [], "loads": LOADS, "hours": 2.0, "pulse_s": 10.0, **parts})

    return written


def test_fan_control_brings_the_inlet_to_its_target_in_pulses_and_in_hours(write: Callable[..., Path]) -> None:
    controls = [{"control": "fan_pid", "inlet_c": 27.0}]
    lived, flow = write("lived.yaml", controls=controls), write("flow.yaml", controls=controls, grain="flow")
    in_the_open = [parse_set("layout:containments=[]")]
    by_pulse = simulate(load_documents(lived).changed(in_the_open), lived)
    by_hour = simulate(load_documents(flow).changed(in_the_open), flow)
    assert by_pulse["inlet_max_c"][-1] == pytest.approx(27.0, abs=0.1)
    assert by_hour["inlet_max_c"][-1] == pytest.approx(27.0, abs=0.1)
    assert by_pulse["cooling_w"][-30:].mean() == pytest.approx(by_hour["cooling_w"][-1], rel=0.02)
    assert by_pulse.summary["balance"]["energy_residual_frac"] < 1e-9


def test_coolers_answer_the_failure_of_one(write: Callable[..., Path]) -> None:
    faults = [{"at_s": 600.0, "element": "CRAH-1"}]
    alone = write("alone.yaml", faults=faults, hours=1.0)
    helped = write("helped.yaml", faults=faults, hours=1.0, controls=[{"control": "failure_response"}])
    results = [simulate(load_documents(path), path) for path in (alone, helped)]
    assert results[1]["inlet_max_c"][-1] < results[0]["inlet_max_c"][-1] - 1.0
    assert results[0]["cooling_w"][30] == pytest.approx(results[1]["cooling_w"][30], rel=1e-9)


def test_a_set_point_moved_by_hand_is_left_alone(write: Callable[..., Path]) -> None:
    path = write(controls=[{"control": "fixed", "fan_frac": 0.9, "supply_c": 20.0}], hours=0.1)
    run = start_run(load_documents(path), path)
    for _ in range(3):
        run.step()
    coolers = run.hall.plant.cooling.coolers
    assert coolers.fan_frac.tolist() == [0.9, 0.9, 0.9]
    run.poke("CRAH-2", "fan_frac", 0.5)
    run.step()
    run.step()
    assert coolers.fan_frac.tolist() == [0.9, 0.5, 0.9]
    assert coolers.supply_c.tolist() == [20.0, 20.0, 20.0]


def test_outdoor_air_takes_heat_off_the_coils(write: Callable[..., Path]) -> None:
    cool = {"kind": "fixed", "dry_bulb_c": 12.0, "humidity_frac": 0.6}
    path = write(weather=cool, hours=1.0)
    closed = simulate(load_documents(path), path)
    opened = load_documents(path).changed([parse_set("sheet:crah_120kw.has_outdoor_air=true")])
    open_ = simulate(opened, path)
    flow = simulate(opened.changed([parse_set("grain=flow")]), path)
    assert open_["cooling_w"][-1] < 0.8 * closed["cooling_w"][-1]
    assert open_.summary["balance"]["energy_residual_frac"] < 1e-9
    assert flow["cooling_w"][-1] == pytest.approx(open_["cooling_w"][-1], rel=2e-3)
    # What is left to the compressors is the work of the pumps on the water.
    assert flow.summary["annual"]["free_cooling_frac_of_heat"] > 0.9


@pytest.mark.parametrize(("bypass", "wet_c"), [("integrated", 5.0), ("integrated", 12.0), ("waterside", 5.0)])
def test_a_hall_with_towers_comes_to_rest_in_pulses_where_its_hours_stand(
    layouts_dir: Path, bypass: str, wet_c: float
) -> None:
    path = layouts_dir / "scenarios" / "npu_hall_year.yaml"
    sets = [
        f"layout:plant.CH.bypass={bypass}",
        "layout:loops.CHW.supply_c=16",
        f"weather={{kind: fixed, dry_bulb_c: {wet_c}, humidity_frac: 1.0}}",
        "hours=8",
        "air=mixed",  # as hours are
    ]
    documents = load_documents(path).changed([parse_set(text) for text in sets])
    by_hour = simulate(documents, path)
    lived = documents.changed([parse_set("grain=request"), parse_set("pulse_s=60")])
    by_pulse = simulate(lived, path)
    for name in ("it_w", "cooling_w", "facility_w", "water_l_per_h"):
        assert by_hour[name][-1] == pytest.approx(by_pulse[name][-60:].mean(), rel=5e-3), name


def test_hot_inlets_cost_watts_in_pulses_as_in_hours(write: Callable[..., Path]) -> None:
    in_the_open = [parse_set("layout:containments=[]")]
    watts = {}
    for name, supply_c in (("cool", 14.0), ("warm", 24.0)):
        controls = [{"control": "fixed", "supply_c": supply_c, "water_c": 12.0}]
        lived = write(f"{name}.yaml", controls=controls, hours=6.0, pulse_s=30.0)
        flow = write(f"{name}_flow.yaml", controls=controls, grain="flow")
        by_pulse = simulate(load_documents(lived).changed(in_the_open), lived)
        by_hour = simulate(load_documents(flow).changed(in_the_open), flow)
        assert by_pulse["it_w"][-1] == pytest.approx(by_hour["it_w"][-1], rel=5e-3)
        assert by_pulse.summary["balance"]["energy_residual_frac"] < 1e-9
        watts[name] = float(by_hour["it_w"][-1])
    assert 1.02 < watts["warm"] / watts["cool"] < 1.25
