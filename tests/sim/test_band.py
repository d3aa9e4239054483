"""Runs on devices known by data sheet carry a band and say so; runs on measured ones carry the error of the fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import twin
from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.catalogue.spread import ClassSpread, class_spread
from twin.record.report import summary_lines
from twin.record.words import quantity
from twin.scenario.overrides import Documents
from twin.sim.band import METRICS, band_of, corners
from twin.sim.banded import simulate_with_band
from twin.sim.run import load_documents
from twin.validate.class_wide import measured_spread, middle_range

Write = Callable[..., Path]
RNGD = shipped_catalogue().find("furiosa_rngd", Accelerator)
SPREAD = class_spread()


def scenario(write: Write, on: str) -> Path:
    work = {
        "id": "w",
        "model": "llama-3.1-8b",
        "weights": "fp8",
        "kv": "fp8",
        "generator": {"rate_per_s": 8.0},
        "replicas": {"count": 2, "on": [on]},
    }
    return write(workloads=[work], hours=20.0 / 3600.0)


def test_corners_are_slow_and_fast_each_at_few_and_many_watts() -> None:
    found = [case.sheets["furiosa_rngd"]["serving"] for case in corners(Documents({}, {}), [RNGD], SPREAD)]
    assert RNGD.serving is not None
    fast, slow = (RNGD.serving.eff_memory_frac / ratio for ratio in SPREAD.memory_time)
    few, many = (RNGD.serving.memory_w_frac * ratio for ratio in SPREAD.active_watts)
    ends = [(serving["eff_memory_frac"], serving["memory_w_frac"]) for serving in found]  # type: ignore[index]
    assert ends == [(fast, few), (fast, many), (slow, few), (slow, many)]


def test_corners_keep_what_the_user_set_on_the_sheet() -> None:
    documents = Documents({}, {}, {"furiosa_rngd": {"tdp_w": 150.0, "serving": {"soft_corner_p": 3.0}}})
    for case in corners(documents, [RNGD], SPREAD):
        assert case.sheets["furiosa_rngd"]["tdp_w"] == 150.0
        assert case.sheets["furiosa_rngd"]["serving"]["soft_corner_p"] == 3.0  # type: ignore[index]
    assert documents.sheets["furiosa_rngd"]["serving"] == {"soft_corner_p": 3.0}


def test_the_bill_has_a_band_and_its_sum_lies_between_the_sums_of_its_parts() -> None:
    bills = [{"cost": {"energy": e, "demand": d, "total": e + d}} for e, d in ((10.0, 3.0), (12.0, 2.0), (9.0, 4.0))]
    band = band_of(bills[0], bills[1:])
    assert band == {"cost.energy": [9.0, 12.0], "cost.demand": [2.0, 4.0], "cost.total": [13.0, 14.0]}
    lines = summary_lines({"cost": {**bills[0]["cost"], "currency": "KRW", "demand_by_month": [MONTH]}, "band": band})
    assert any(line.startswith("total cost") and "(13.0 KRW – 14.0 KRW)" in line for line in lines), lines


MONTH = {"peak_kw": 1.0, "peak_at": "2026-07-01T10:00"}


def test_a_band_holds_the_nominal_value_and_leaves_out_what_a_run_does_not_have() -> None:
    band = band_of({"pue": 1.3, "carbon_kg": None}, [{"pue": 1.2, "carbon_kg": 1.0}, {"pue": 1.25}])
    assert band == {"pue": [1.2, 1.3]}


def test_a_hall_of_data_sheets_carries_a_band_around_every_figure(write_scenario: Write) -> None:
    path = scenario(write_scenario, "nxt_rngd")
    documents = load_documents(path)
    summary = simulate_with_band(documents, path).summary
    band = summary["band"]
    assert set(band) == {".".join(path) for path in METRICS} - {"serving.slo_attained_frac"}
    for low, high in band.values():
        assert low <= high
    low, high = band["serving.tpot_s.mean"]
    assert low == summary["serving"]["tpot_s"]["mean"]  # class-wide values are favourable
    assert 1.2 < high / low < 2.2
    assert band["j_per_output_token"][1] > summary["j_per_output_token"]
    assert summary["devices"][0]["speed"] == "datasheet only"
    assert not any("nominal" in text for text in summary["warnings"])
    text = "\n".join(summary_lines(summary))
    assert "furiosa_rngd  speed: datasheet only; power: datasheet only" in text
    ends = " – ".join(quantity(end, "J") for end in band["j_per_output_token"])
    assert f"({ends})" in text
    again = simulate_with_band(documents, path).summary
    assert again["band"] == band


def test_nominal_figures_of_data_sheets_are_marked(write_scenario: Write) -> None:
    summary = twin.run(scenario(write_scenario, "nxt_rngd")).summary
    assert summary["band"] is None
    assert any(text.startswith("furiosa_rngd: known by the data sheet only") for text in summary["warnings"])


def test_a_hall_of_measured_devices_carries_the_error_of_the_fit_and_no_band(write_scenario: Write) -> None:
    path = scenario(write_scenario, "dgx_h100")
    summary = simulate_with_band(load_documents(path), path).summary
    assert summary["band"] is None
    assert summary["devices"] == [
        {
            "id": "nvidia_h100_sxm",
            "chips": 2,
            "speed": "measured kernels",
            "power": "measured watts",
            "held_errors": {
                **{"dense": 0.078, "decode": 0.079, "chunk": 0.083},
                **{"collective": 0.075, "elementwise": 0.34, "watts": 0.076},
            },
        }
    ]  # fmt: skip
    assert not any("nominal" in text for text in summary["warnings"])


def test_a_range_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match="lower end first"):
        ClassSpread(compute_time=(2.0, 1.0), memory_time=(1.0, 2.0), active_watts=(1.0, 2.0), source="x")


def test_the_middle_range_weighs_tables_not_rows() -> None:
    import numpy as np

    assert middle_range([np.full(1000, 1.0), np.array([2.0])]) == (1.0, 2.0)


def test_the_ranges_in_the_asset_are_those_of_the_tables(data_dir: Path) -> None:
    for name, ends in measured_spread(data_dir).items():
        assert getattr(SPREAD, name) == pytest.approx(ends, abs=0.006)
