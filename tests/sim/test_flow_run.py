"""Years by the hour: balances, the same building as in pulses, controls and weather that move it, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError
from twin.record.report import summary_lines
from twin.record.result import Result, open_result
from twin.scenario.overrides import Documents, parse_set
from twin.sim.run import load_documents, simulate, start_live

LOADS = [{"id": "all", "accelerator_frac": 0.6, "host_frac": 0.4}]


def year_of(layouts_dir: Path, *sets: str) -> Documents:
    return load_documents(layouts_dir / "scenarios" / "npu_hall_year.yaml").changed([parse_set(text) for text in sets])


@pytest.fixture(scope="module")
def year_path(layouts_dir: Path) -> Path:
    return layouts_dir / "scenarios" / "npu_hall_year.yaml"


@pytest.fixture(scope="module")
def year(year_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The example as it is, written to a folder."""
    return simulate(load_documents(year_path), year_path, tmp_path_factory.mktemp("flow") / "year")


def test_a_year_of_two_hundred_racks_closes_its_balances(year: Result) -> None:
    assert year.summary["balance"]["energy_residual_frac"] < 1e-9
    assert len(year.time_s) == 8760
    assert year["it_w"] + year["loss_w"] + year["cooling_w"] == pytest.approx(year["facility_w"], rel=1e-12)
    assert year.folder is not None
    kept = open_result(year.folder)
    assert kept.summary["annual"]["hours"] == 8760.0
    assert kept["facility_w"].sum() / 1e3 == pytest.approx(kept.summary["energy_kwh"]["facility"], rel=1e-9)
    assert kept["cost_per_h"].sum() == pytest.approx(kept.summary["cost"]["energy"], rel=1e-9)
    assert not any(np.isnan(kept[name]).any() for name in ("it_w", "cooling_w", "inlet_max_c", "water_l_per_h", "pue"))


def test_the_annual_pue_of_the_example_lies_in_a_published_band_and_says_which(year: Result) -> None:
    summary = year.summary
    assert 1.04 <= summary["pue"] <= 1.65
    assert "industry's mean" in summary["annual"]["pue_band"]


def test_an_hour_of_a_year_is_the_steady_state_of_the_same_building_in_pulses(
    write_scenario: Callable[..., Path],
) -> None:
    same = {"workloads": [], "loads": LOADS, "hours": 12.0}
    flow = write_scenario("flow.yaml", grain="flow", **same)
    lived = write_scenario("lived.yaml", pulse_s=30.0, **same)
    by_hour = simulate(load_documents(flow), flow)
    by_pulse = simulate(load_documents(lived), lived)
    for name in ("it_w", "loss_w", "cooling_w", "facility_w"):
        assert by_hour[name][-1] == pytest.approx(by_pulse[name][-1], rel=2e-3), name
    assert by_hour["inlet_max_c"][-1] == pytest.approx(by_pulse["inlet_max_c"][-1], abs=0.05)


def test_warmer_water_and_an_integrated_economiser_save_energy_and_take_hours_from_the_chillers(
    layouts_dir: Path, year_path: Path, year: Result
) -> None:
    plain = year.summary
    free = simulate(
        year_of(layouts_dir, "controls=[{control: fixed, water_c: 16}]", "layout:plant.CH.bypass=integrated"), year_path
    ).summary
    assert free["pue"] < plain["pue"] - 0.05
    assert free["annual"]["free_cooling_h"] > 3000.0
    assert free["annual"]["partly_free_cooling_h"] > 300.0
    assert free["balance"]["energy_residual_frac"] < 1e-9
    half = simulate(
        year_of(layouts_dir, "controls=[{control: fixed, water_c: 16}]", "layout:plant.CH.bypass=waterside"), year_path
    ).summary
    assert half["annual"]["partly_free_cooling_h"] == 0.0
    assert plain["pue"] > half["pue"] > free["pue"]


def test_a_heat_wave_costs_energy_and_demand(write_scenario: Callable[..., Path]) -> None:
    peaks, pues = [], []
    for offset_k in (0, 2, 4):
        weather = {"kind": "seoul_year", "offset_k": offset_k}
        path = write_scenario(workloads=[], loads=LOADS, grain="flow", hours=8760.0, weather=weather)
        summary = simulate(load_documents(path), path).summary
        peaks.append(summary["power_w"]["facility_peak"])
        pues.append(summary["pue"])
    assert peaks == sorted(set(peaks))
    assert pues == sorted(set(pues))


def test_a_pool_follows_the_hours_of_its_day(write_scenario: Callable[..., Path]) -> None:
    factor = [0.2] * 8 + [1.0] * 16
    workload = {
        "id": "chat",
        "model": "llama-3.1-8b",
        "weights": "fp8",
        "kv": "fp8",
        "generator": {"rate_per_s": 2.0, "hourly_factor": factor},
        "replicas": {"count": "all", "tensor_parallel": 1, "on": ["l40s_server"]},
    }
    path = write_scenario(grain="flow", workloads=[workload], start="2026-07-15T00:00", hours=48.0)
    result = simulate(load_documents(path), path)
    rate = result["requests_completed_per_s"]
    assert rate[3] / rate[12] == pytest.approx(0.2)
    assert rate.mean() == pytest.approx(2.0)
    assert result["it_w"][3] < result["it_w"][12]
    assert result.summary["annual"]["pools"]["chat"]["served"] == pytest.approx(2.0 * 48 * 3600)


def test_a_pool_at_a_rate_draws_what_the_same_requests_draw_one_by_one(write_scenario: Callable[..., Path]) -> None:
    by_hour = write_scenario("flow.yaml", grain="flow", hours=1.0)
    one_by_one = write_scenario("lived.yaml", hours=0.25)
    flow, lived = (simulate(load_documents(path), path).summary for path in (by_hour, one_by_one))
    assert flow["power_w"]["it_mean"] == pytest.approx(lived["power_w"]["it_mean"], rel=0.03)


def test_more_requests_than_replicas_carry_are_said(write_scenario: Callable[..., Path]) -> None:
    path = write_scenario(grain="flow", hours=1.0)
    documents = load_documents(path).changed([parse_set("workloads.chat.generator.rate_per_s=5000")])
    summary = simulate(documents, path).summary
    assert any("more than its replicas can carry" in text for text in summary["warnings"])


def test_what_has_an_instant_is_refused(write_scenario: Callable[..., Path]) -> None:
    path = write_scenario(grain="flow", faults=[{"at_s": 5.0, "element": "CRAH-1"}])
    with pytest.raises(DocumentError, match="grain: flow has no instants"):
        simulate(load_documents(path), path)


def test_a_year_across_a_leap_day_has_its_8784_hours(write_scenario: Callable[..., Path]) -> None:
    parts = {"workloads": [], "loads": LOADS, "weather": {"kind": "seoul_year"}}
    path = write_scenario(**parts, grain="flow", start="2028-01-01T00:00", hours=8784.0)
    result = simulate(load_documents(path), path)
    assert len(result.time_s) == 8784
    assert np.isfinite(result["outdoor_c"]).all()
    leap, day_before = result["outdoor_c"][59 * 24 : 60 * 24], result["outdoor_c"][58 * 24 : 59 * 24]
    assert leap[:-1] == pytest.approx(day_before[:-1])


def test_cold_coils_dry_the_hall_and_their_heat_is_in_the_balance(write_scenario: Callable[..., Path]) -> None:
    humid = {"kind": "fixed", "dry_bulb_c": 30.0, "humidity_frac": 0.85}
    parts = {"workloads": [], "loads": LOADS, "grain": "flow", "hours": 24.0, "weather": humid}
    path = write_scenario(**parts)
    found = {}
    for name, supply_c, water_c in (("cold", 12.0, 5.0), ("warm", 22.0, 16.0)):
        controls = f"controls=[{{control: fixed, supply_c: {supply_c}, water_c: {water_c}}}]"
        summary = simulate(load_documents(path).changed([parse_set(controls)]), path).summary
        assert summary["balance"]["energy_residual_frac"] < 1e-9
        found[name] = summary["annual"]["humidity"]
    assert found["cold"]["condensate_l"] > found["warm"]["condensate_l"]
    assert found["cold"]["dew_point_c"]["max"] < found["warm"]["dew_point_c"]["max"]
    assert found["cold"]["latent_kwh"] == pytest.approx(found["cold"]["condensate_l"] * 2.45 / 3.6, rel=1e-6)


def test_a_year_cannot_be_watched(year_path: Path) -> None:
    with pytest.raises(DocumentError, match="nothing to watch"):
        start_live(load_documents(year_path), year_path)


def test_an_economiser_needs_a_condenser_loop(write_scenario: Callable[..., Path]) -> None:
    path = write_scenario(workloads=[], loads=LOADS, grain="flow")
    documents = load_documents(path).changed([parse_set("layout:plant.CH.bypass=integrated")])
    with pytest.raises(DocumentError, match="rejects to no loop"):
        simulate(documents, path)


def test_the_text_of_a_year_says_its_band_and_its_free_hours(year: Result) -> None:
    text = "\n".join(summary_lines(year.summary))
    assert "PUE band" in text
    assert "industry's mean" in text
    assert "free cooling" in text


def test_rear_doors_take_as_much_in_hours_as_in_pulses(write_scenario: Callable[..., Path], layouts_dir: Path) -> None:
    layout = json.loads((layouts_dir / "small_room.layout.json").read_text())
    for rack in layout["racks"][:4]:
        rack["rear_door"], rack["loop"] = "rear_door_50kw", "CHW"
    drawn = write_scenario("drawn.json").with_name("doors.layout.json")
    drawn.write_text(json.dumps(layout))
    same = {"workloads": [], "loads": LOADS, "hours": 12.0, "layout": str(drawn)}
    flow, lived = write_scenario("f.yaml", grain="flow", **same), write_scenario("l.yaml", pulse_s=30.0, **same)
    by_hour, by_pulse = (simulate(load_documents(path), path) for path in (flow, lived))
    assert by_hour.summary["balance"]["energy_residual_frac"] < 1e-9
    for name in ("it_w", "cooling_w", "facility_w"):
        assert by_hour[name][-1] == pytest.approx(by_pulse[name][-1], rel=2e-3), name
    assert by_hour["inlet_max_c"][-1] == pytest.approx(by_pulse["inlet_max_c"][-1], abs=0.05)


def test_a_result_says_what_was_done_to_its_weather(write_scenario: Callable[..., Path]) -> None:
    weather = {"kind": "seoul_year", "offset_k": 4.0, "day": "hottest"}
    path = write_scenario(workloads=[], loads=LOADS, grain="flow", hours=48.0, weather=weather)
    result = simulate(load_documents(path), path)
    notes = result.run["weather_notes"]
    assert any("raised by +4 K" in note for note in notes)
    assert any("design day" in note for note in notes)
    assert result["outdoor_c"][:24] == pytest.approx(result["outdoor_c"][24:])
