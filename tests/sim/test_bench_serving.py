"""The serving benchmark runs, serves everything and names its figures with units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.sim.bench_hall import million_case
from twin.sim.bench_serving import azure_like, flat_cases, mooncake_cases, read_azure, trace_cases


def test_cases_serve_every_request_and_report_figures() -> None:
    cases = trace_cases(n_requests=300, repeats=1)
    assert [case["n_replicas"] for case in cases] == [1, 1, 16, 16, 256, 256, 1, 1]
    for case in cases:
        assert case["n_completed"] == case["n_requests"] == 300
        assert case["requests_per_cpu_s"] == pytest.approx(300 / float(str(case["cpu_s"])))
        assert float(str(case["peak_rss_mb"])) > 10.0
    assert int(str(cases[7]["n_output_tokens"])) == 10 * int(str(cases[6]["n_output_tokens"]))


def test_longer_traffic_is_served_whole() -> None:
    assert [case["n_completed"] for case in flat_cases((100, 300))] == [100, 300]


def test_the_mooncake_case_is_skipped_by_name_without_its_file(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        (case,) = mooncake_cases(folder)
        assert case["name"] == "mooncake_conversation_16"
        assert "mooncake_conversation.jsonl.gz" in str(case["skipped"])


def test_the_mooncake_case_finds_prompts_that_begin_alike(data_dir: Path) -> None:
    (case,) = mooncake_cases(data_dir, limit=600, repeats=1)
    assert case["n_completed"] == 600
    assert float(str(case["prefix_hit_frac"])) > 0.1


def test_a_hall_serves_its_share_of_a_million() -> None:
    case = million_case(400, 100)
    assert case["n_pulses"] == 4
    assert float(str(case["n_requests"])) == pytest.approx(400, abs=100)


def test_generated_requests_have_the_medians_of_the_trace() -> None:
    arrival_s, prompt, output = azure_like(20_000)
    assert np.median(prompt) == pytest.approx(1020, rel=0.03)
    assert np.median(output) == pytest.approx(129, rel=0.03)
    assert len(arrival_s) / arrival_s[-1] == pytest.approx(5.53, rel=0.03)


def test_the_real_trace_is_read_as_published(data_dir: Path) -> None:
    arrival_s, prompt, output = read_azure(data_dir / "llm" / "azure2023_conv.csv.gz", 100_000)
    assert len(arrival_s) == 19_366
    assert (np.median(prompt), np.median(output)) == (1020, 129)
    assert arrival_s[-1] == pytest.approx(3502, abs=1)
