"""Text for people: every figure with its unit, nothing for what the run does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.catalogue.library import shipped_catalogue
from twin.record.report import (
    device_lines,
    device_list_lines,
    duration,
    summary_lines,
    trace_lines,
)
from twin.record.words import aligned, exactly, number, percent, quantity, unit_of
from twin.scenario.traces.inspect import inspect_requests

SPREAD = {"mean": 0.1234, "p50": 0.1, "p90": 0.2, "p95": 0.33, "p99": None}
SUMMARY: dict[str, object] = {
    "simulated_s": 3600.0,
    "wall_s": 0.9,
    "seed": 7,
    "serving": {
        "requests_arrived": 19366,
        "requests_completed": 19300,
        "requests_rejected": 0,
        "requests_unfinished": 66,
        "prompt_tokens": 22361870,
        "output_tokens": 4088665,
        "output_tokens_per_s": 1135.7,
        "preemptions": 3,
        "slo_attained_frac": 0.9912,
        "ttft_s": SPREAD,
        "tpot_s": SPREAD,
        "e2e_s": SPREAD,
    },
    "power_w": {"it_mean": 45234.0, "it_peak": 60123.0, "facility_mean": 60000.0, "facility_peak": 1.2e6},
    "energy_kwh": {"it": 45.2, "facility": 60.0, "accelerators": 0.03, "power_losses": 3.3, "cooling": 11.0},
    "pue": 1.3274,
    "j_per_output_token": 52.8,
    "water_l": 0.0,
    "carbon_kg": 24.1,
    "cost": {"currency": "KRW", "energy": 10800.4},
    "thermal": {"inlet_c_max": 24.31, "inlet_c_mean": 21.9},
    "balance": {"energy_residual_frac": 1.2e-15, "requests_residual": 0},
    "warnings": ["a chiller ran outside its range"],
}


def line_of(lines: list[str], label: str) -> str:
    return next(line for line in lines if line.startswith(label))[len(label) :].strip()


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("simulated", "1.00 h in 0.900 s (4,000 times as fast as real), seed 7"),
        ("requests", "19,366 arrived, 19,300 completed, 0 rejected, 66 unfinished"),
        ("tokens", "22,361,870 prompt, 4,088,665 output"),
        ("throughput", "1,136 output tokens/s"),
        ("objectives kept", "99.1 % of requests"),
        ("IT power", "mean 45.2 kW, peak 60.1 kW"),
        ("facility power", "mean 60.0 kW, peak 1.20 MW"),
        ("energy  ", "IT 45.2 kWh, facility 60.0 kWh, accelerators 30.0 Wh, power losses 3.30 kWh, cooling 11.0 kWh"),
        ("PUE", "1.327"),
        ("energy per token", "52.8 J"),
        ("energy cost", "10,800 KRW"),
        ("rack inlet", "mean 21.9 °C, hottest 24.3 °C"),
        ("balance", "energy residual 1.2e-15, requests residual 0"),
        ("time to first token", "0.123  0.100  0.200  0.330    –"),
        ("warning:", "a chiller ran outside its range"),
    ],
)
def test_a_summary_says_each_figure_with_its_unit(label: str, text: str) -> None:
    assert line_of(summary_lines(SUMMARY), label) == text


def test_a_figure_the_run_does_not_have_is_not_shown() -> None:
    lines = summary_lines({"simulated_s": 60.0, "seed": 1, "pue": 1.2})
    assert lines == ["simulated  1.00 min, seed 1", "PUE        1.200"]


def test_a_run_without_work_shows_dashes_not_zeros() -> None:
    none = dict.fromkeys(SPREAD)
    serving = {**SUMMARY["serving"], "ttft_s": none, "slo_attained_frac": None}  # type: ignore[dict-item]
    lines = summary_lines({**SUMMARY, "serving": serving, "pue": None})
    assert line_of(lines, "time to first token").split() == ["–"] * 5
    assert line_of(lines, "PUE") == "–"
    assert not any(line.startswith("objectives") for line in lines)


def test_a_trace_accounts_for_every_row(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n" + "2023-11-16 18:15:46.68,100,20\n" * 3 + "x,1,1\n")
    lines = trace_lines(inspect_requests(path).to_json())
    assert line_of(lines, "rows") == "4 read = 3 kept + 1 dropped"
    assert line_of(lines, "dropped").startswith("1 ")
    assert line_of(lines, "dropped").endswith("(first in line 5)")
    assert line_of(lines, "output").split() == ["20"] * 5 + ["60"]


def test_a_trace_shows_shared_prompts_coarse_clocks_and_restarts(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    row = '{"timestamp": %d, "input_length": 512, "output_length": 9, "hash_ids": [%d]}\n'
    ticks = [row % (3000 * (i // 4) + 10_000_000, i % 3) for i in range(40)]
    path.write_text("".join([*ticks, row % (0, 5), row % (0, 6)]))
    lines = trace_lines(inspect_requests(path).to_json())
    assert line_of(lines, "prefix blocks") == "42 of 512 tokens, 5 distinct"
    assert line_of(lines, "prefix hits").startswith("88.1 % of blocks")
    assert line_of(lines, "segment 1") == "from line 41: 2 requests in 0 s"
    text = " ".join(" ".join(lines).split())
    assert "note: arrivals are quantised to 3 s (4.2 requests at each of 10 instants)" in text
    assert "note: the clock starts again in line 41: 2 segments" in text


def test_a_device_shows_units_and_the_source_of_each_number() -> None:
    sheet = shipped_catalogue()["furiosa_rngd"].model_dump(mode="json", exclude_none=True)
    lines = device_lines(sheet)
    assert lines[0] == "RNGD (furiosa_rngd)"
    assert line_of(lines, "memory_bw_bytes_s") == "1.5 TB/s  [1]"
    assert line_of(lines, "tdp_w") == "180 W  [2]"
    assert line_of(lines, "peak_flops") == "bf16: 256 TFLOP/s, fp8: 512 TFLOP/s, int8: 512 TFLOP/s  [1]"
    assert any(line.startswith("[1] developer.furiosa.ai RNGD overview") for line in lines)
    assert any("estimate: " in line for line in lines)


def test_every_shipped_sheet_can_be_shown_and_gives_each_number_a_source() -> None:
    for key, device in shipped_catalogue().items():
        lines = device_lines(device.model_dump(mode="json", exclude_none=True, exclude_defaults=True) | {"kind": "x"})
        numbers = [line for line in lines if line.split("  ")[0].endswith(("_w", "_kg", "_bytes"))]
        assert all(line.endswith("]") for line in numbers), key


def test_the_list_of_devices_is_one_line_each() -> None:
    catalogue = shipped_catalogue()
    lines = device_list_lines(device.model_dump(mode="json") for device in catalogue.values())
    assert len(lines) == len(catalogue)
    assert any(line.split() == ["nvidia_l40s", "gpu", "NVIDIA", "L40S"] for line in lines)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (999.4, "W", "999 W"),
        (999.6, "W", "1.00 kW"),
        (0.0123, "s", "0.0123 s"),
        (12345678.0, "s", "12,345,678 s"),
        (-4500.0, "W", "-4.50 kW"),
        (0, "W", "0 W"),
        (1.2e-7, "", "1.20e-07"),
        (float("nan"), "W", "–"),
        (None, "W", "–"),
    ],
)
def test_quantities_read_as_written(value: object, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


def test_small_words() -> None:
    assert unit_of("airflow_m3_s_per_w") == "m³/s per W"
    assert unit_of("memory_bw_bytes_s") == "B/s"
    assert unit_of("n_layers") == ""
    assert exactly(1.5e12, "B/s") == "1.5 TB/s"
    assert exactly(131072) == "131072"
    assert number(1234567) == "1,234,567"
    assert percent(0.99995) == "99.995 %"
    assert percent(1.0) == "100.0 %"
    assert aligned([("a", "1"), ("bcd", "22")]) == ["a     1", "bcd  22"]


@pytest.mark.parametrize(
    ("span_s", "text"),
    [(30.0, "30.0 s"), (90.0, "1.50 min"), (3600.0, "1.00 h"), (86400.0, "24.0 h"), (31536000.0, "365 days")],
)
def test_a_span_is_said_in_the_unit_that_suits_it(span_s: float, text: str) -> None:
    assert duration(span_s) == text
