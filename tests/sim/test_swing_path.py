"""Swings in a run: breakers, generators and UPS meet them at their peaks, the bill at their mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twin.record.report import summary_lines
from twin.record.result import Result
from twin.scenario.overrides import parse_set
from twin.sim.run import load_documents, simulate

Write = Callable[..., Path]
SWING = {"period_s": 6.0, "duty_frac": 0.5, "low_frac": 0.0}
HOURS = 0.05


def load(**swing: object) -> dict[str, object]:
    return {"id": "train", "accelerator_frac": 1.0, "host_frac": 0.5, "swing": {**SWING, **swing}}


@pytest.fixture
def run_n(layouts_dir: Path, write_scenario: Write, tmp_path: Path) -> Callable[..., Result]:
    """Runs the room on one path with fields of its power nodes replaced."""

    def run(nodes: dict[str, dict[str, object]] | None = None, **parts: object) -> Result:
        tree = json.loads((layouts_dir / "small_room_n.layout.json").read_text())
        tree["power"] = [{**node, **(nodes or {}).get(node["id"], {})} for node in tree["power"]]
        layout = tmp_path / "n.layout.json"
        layout.write_text(json.dumps(tree))
        path = write_scenario(layout=str(layout), workloads=[], **{"hours": HOURS, "loads": [load()], **parts})
        return simulate(load_documents(path), path)

    return run


def kinds(result: Result) -> set[tuple[str, str]]:
    return {(event.kind, event.place) for event in result.events}


def test_every_element_above_the_load_swings_and_the_summary_says_how_far(run_n: Callable[..., Result]) -> None:
    result = run_n()
    found = result.summary["swing_path"]
    elements, cords = found["elements"], result.summary["swings"]["train"]
    assert set(elements) == {"UTILITY", "TX-1", "ATS-1", "MSB", "UPS-1", "PDU-1"}
    pdu = elements["PDU-1"]
    assert pdu["peak_w"] - pdu["trough_w"] == pytest.approx(cords["peak_w"] - cords["trough_w"], rel=1e-9)
    assert pdu["rms_0p1_20hz_w"] == pytest.approx(cords["rms_0p1_20hz_w"], rel=1e-9)
    depths = [elements[name]["peak_w"] - elements[name]["trough_w"] for name in ("PDU-1", "UPS-1", "MSB", "TX-1")]
    assert depths == sorted(depths)  # losses rise with the load, so the swing grows on its way up
    assert depths[-1] < 1.1 * depths[0]
    assert pdu["ramp_w_s_max"] is None
    assert found["site"]["peak_w"] > result.summary["power_w"]["facility_peak"] + 0.4 * depths[0]
    month = result.summary["cost"]["demand_by_month"][0]
    assert found["site"]["demand_peak_w"] == pytest.approx(1e3 * month["peak_kw"])
    assert month["peak_kw"] * 1e3 <= result.summary["power_w"]["facility_peak"]
    assert any(line.startswith("swings at sources") for line in summary_lines(result.summary))
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9


def test_the_energy_of_the_site_does_not_depend_on_the_pulse(run_n: Callable[..., Result]) -> None:
    fine, coarse = (run_n(pulse_s=pulse_s).summary["energy_kwh"] for pulse_s in (1.0, 15.0))
    assert fine["it"] == pytest.approx(coarse["it"], rel=1e-9)
    assert fine["power_losses"] == pytest.approx(coarse["power_losses"], rel=1e-3)
    assert fine["facility"] == pytest.approx(coarse["facility"], rel=1e-3)


def test_a_swing_trips_a_breaker_that_its_mean_would_not(run_n: Callable[..., Result]) -> None:
    mean_w = run_n().summary["swing_path"]["elements"]["PDU-1"]["mean_w"]
    amps = 1.06 * mean_w / (380.0 * 3**0.5)  # the mean with the losses of the PDU is just below its rating
    steady = [{"id": "held", "accelerator_frac": 0.5, "host_frac": 0.5}]
    nodes = {"PDU-1": {"breaker_a": amps, "breaker_curve": "EI"}}
    assert ("breaker.tripped", "PDU-1") not in kinds(run_n(nodes, loads=steady, hours=0.3))
    assert ("breaker.tripped", "PDU-1") in kinds(run_n(nodes, hours=0.3))


def test_peaks_over_a_rating_are_told_though_the_mean_fits(run_n: Callable[..., Result]) -> None:
    row = run_n().summary["swing_path"]["elements"]["PDU-1"]
    between_w = 0.5 * (row["mean_w"] + row["peak_w"])
    told = kinds(run_n({"PDU-1": {"rated_w": between_w}}))
    assert ("power.swing_peak", "PDU-1") in told
    assert ("power.overload", "PDU-1") not in told


BLACKOUT = [{"at_s": 30.0, "element": "UTILITY"}]


def test_a_swing_beyond_its_step_stalls_the_generator_and_one_within_does_not(run_n: Callable[..., Result]) -> None:
    row = run_n().summary["swing_path"]["elements"]["MSB"]
    depth_w = row["peak_w"] - row["trough_w"]
    small, large = {"GEN-1": {"rated_w": depth_w}}, {"GEN-1": {"rated_w": 1e6}}
    assert ("generator.overstep", "GEN-1") in kinds(run_n(small, faults=BLACKOUT))
    carried = kinds(run_n(large, faults=BLACKOUT))
    assert ("generator.started", "GEN-1") in carried
    assert ("generator.overstep", "GEN-1") not in carried


def test_a_ramp_slow_enough_for_the_governor_is_no_step(run_n: Callable[..., Result]) -> None:
    slow = load(period_s=30.0, ramp_w_s=20.0)
    found = run_n(loads=[slow]).summary["swing_path"]["elements"]["MSB"]
    assert found["step_w"] == pytest.approx(5.0 * found["ramp_w_s_max"], rel=1e-9)
    assert found["step_w"] < found["peak_w"] - found["trough_w"]


def test_a_ups_on_its_battery_hides_the_swing_from_what_is_above_it(run_n: Callable[..., Result]) -> None:
    result = run_n(faults=[{"at_s": 0.0, "element": "UTILITY"}, {"at_s": 0.0, "element": "GEN-1"}])
    elements = result.summary["swing_path"]["elements"]
    assert "UPS-1" in elements
    assert "MSB" not in elements


def test_a_store_in_the_path_smooths_what_is_above_it_and_its_loss_is_in_the_books(
    run_n: Callable[..., Result],
) -> None:
    bare = run_n().summary
    depth_w = bare["swing_path"]["elements"]["PDU-1"]["peak_w"] - bare["swing_path"]["elements"]["PDU-1"]["trough_w"]
    store = {"smoothing_j": 0.25 * depth_w * 3.0, "smoothing_round_trip_frac": 0.9}  # half of what a square wave needs
    smooth = run_n(sheets={"pdu_225kva": store}).summary

    def rms_w(summary: dict[str, Any], name: str) -> float:
        return float(summary["swing_path"]["elements"][name]["rms_w"])

    assert rms_w(smooth, "PDU-1") == pytest.approx(rms_w(bare, "PDU-1"), rel=1e-6)
    assert rms_w(smooth, "UPS-1") == pytest.approx(0.5 * rms_w(bare, "UPS-1"), rel=1e-3)
    lost_w = 0.5 * 0.5 * depth_w * 0.5 * (1.0 / 0.9 - 1.0)
    more_kwh = smooth["energy_kwh"]["power_losses"] - bare["energy_kwh"]["power_losses"]
    assert more_kwh * 3.6e6 / (HOURS * 3600.0) == pytest.approx(lost_w, rel=0.05)
    assert smooth["balance"]["energy_residual_frac"] < 1e-9


def test_a_step_beyond_what_the_sheet_of_a_ups_gives_is_told(
    run_n: Callable[..., Result], write_scenario: Write
) -> None:
    told = kinds(run_n(sheets={"ups_400kva": {"step_frac": 0.05}}))
    assert ("ups.swing_step", "UPS-1") in told
    assert ("ups.swing_step", "UPS-1") not in kinds(run_n())


def test_the_hall_on_800_volts_swings_within_its_ratings_and_loses_less_than_one_on_alternating_current(
    layouts_dir: Path,
) -> None:
    path = layouts_dir / "scenarios" / "ai_factory_800vdc_training.yaml"
    result = simulate(load_documents(path).changed([parse_set("air=mixed")]), path, hours=0.02)
    assert not [event for event in result.events if event.severity != "note" and event.kind != "network.links"]
    elements = result.summary["swing_path"]["elements"]
    assert all(row["peak_over_rating"] < 1.0 for row in elements.values())
    assert elements["RECT-A"]["peak_w"] == pytest.approx(elements["RECT-B"]["peak_w"])
    # Either side alone must carry the peak of all.
    assert 2.0 * elements["RECT-A"]["peak_over_rating"] < 1.0
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    lost_kwh = result.summary["energy_kwh"]["power_losses"]
    assert lost_kwh / (lost_kwh + result.summary["energy_kwh"]["it"]) < 0.06
