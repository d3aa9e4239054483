"""Coolant loops against published figures and fine steps: every case is reached; and how the summary says it."""

from __future__ import annotations

from pathlib import Path

from twin.record.liquid_lines import liquid_rows
from twin.sim.bench_cooling import frontier_liquid_cases
from twin.validate import liquid


def test_every_case_is_reached() -> None:
    found = [case for group in liquid.GROUPS for case in group.cases(Path())]
    assert {case.state for case in found} == {"reached"}
    assert len(found) == 7


def test_the_benchmark_loses_no_heat() -> None:
    for case in frontier_liquid_cases():
        assert case["n_units"] == 25
        assert float(str(case["heat_residual_frac"])) < 1e-9
        assert float(str(case["simulated_s_per_cpu_s"])) > 1000.0  # a busy machine; on a quiet one over ten times that


def test_a_loss_is_said_with_its_seconds() -> None:
    loss = {
        "loop": "TCS", "cause": "no coolant flows", "at_s": 60.0,
        "predicted_throttle_s": 21.1, "predicted_trip_s": 26.4,
        "throttled_after_s": 21.1, "tripped_after_s": None,
    }  # fmt: skip
    rows = dict(
        liquid_rows({"coolant_supply_c_max": 36.0, "chip_c_max": 90.0, "pump_share_frac": 0.0075, "losses": [loss]})
    )
    assert rows["coolant"] == "supply up to 36.0 °C, return –, chips 90.0 °C"
    assert rows["  TCS"] == "no coolant flows at 60.0 s: throttle in 21.1 s, off in 26.4 s (throttled after 21.1 s)"
    assert liquid_rows(None) == []
