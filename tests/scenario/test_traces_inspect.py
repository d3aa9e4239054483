"""The report on a trace: published figures of a real one, closed forms on made ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twin.scenario.traces.columns import ColumnMap
from twin.scenario.traces.inspect import inspect_requests


def test_the_azure_trace_has_its_published_figures(data_dir: Path) -> None:
    # Azure/AzurePublicDataset @ b469a113, AzureLLMInferenceTrace_conv.csv.
    report = inspect_requests(data_dir / "llm" / "azure2023_conv.csv.gz")
    assert (report.shape, report.rows_read, report.n_requests, report.out_of_order) == ("azure", 19_366, 19_366, 0)
    assert report.dropped == {}
    assert report.starts_at == "2023-11-16T18:15:46.680590000"
    assert report.span_s == pytest.approx(3502, abs=0.5)
    assert report.rate_per_s == pytest.approx(5.53, abs=0.005)
    assert report.gap_cv == pytest.approx(1.09, abs=0.005)
    assert report.peak_second_requests == 16
    assert report.peak_minute_ratio == pytest.approx(1.54, abs=0.02)
    prompt, output = report.prompt_tokens, report.output_tokens
    assert (prompt.p50, prompt.p95, prompt.p99, prompt.max) == (1020, 4083, 4142, 14_050)
    assert (output.p50, output.p95, output.max) == (129, 451, 1000)
    assert (round(prompt.mean), round(output.mean)) == (1155, 211)


def test_a_regular_trace_has_no_variation(tmp_path: Path) -> None:
    path = tmp_path / "regular.csv"
    rows = "".join(f"{10 + i / 4},100,{i + 1}\n" for i in range(481))
    path.write_text("arrived_at,num_prefill_tokens,num_decode_tokens\n" + rows)
    report = inspect_requests(path)
    assert report.gap_cv == pytest.approx(0.0, abs=1e-12)
    assert report.span_s == 120.0
    assert (report.peak_second_requests, report.peak_minute_requests) == (4, 240)
    assert report.peak_minute_ratio == pytest.approx(240 / (481 / 2))
    assert report.output_tokens.p50 == 241
    assert report.output_tokens.total == 481 * 482 // 2
    assert report.starts_at is None


def test_drops_and_disorder_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text("when,in,out\n5000,1,1\n4000,2,2\nx,3,3\n6000,4,0\n7000,5,\n8000,6,0\n")
    report = inspect_requests(path, ColumnMap(arrival="when", prompt="in", output="out", arrival_unit="ms"))
    assert report.shape == "mapped"
    assert report.columns == {"arrival": "when", "prompt": "in", "output": "out", "arrival_unit": "ms"}
    assert (report.rows_read, report.n_requests, report.out_of_order) == (6, 2, 1)
    assert report.dropped == {"bad_time": 1, "missing_field": 1, "no_output_tokens": 2}
    assert report.first_line_dropped == {"bad_time": 4, "missing_field": 6, "no_output_tokens": 5}


def test_a_single_request_has_no_rate_and_is_still_json(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("arrived_at,num_prefill_tokens,num_decode_tokens\n5,1,2\n")
    report = inspect_requests(path)
    assert (report.rate_per_s, report.gap_cv, report.peak_minute_ratio) == (None, None, None)
    assert report.peak_second_requests == 1
    tree = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert tree["prompt_tokens"]["max"] == 1
    assert tree["rate_per_s"] is None
