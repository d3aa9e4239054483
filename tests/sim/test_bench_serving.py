"""The serving benchmark runs, serves everything and names its figures with units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.sim.bench_serving import azure_like, read_azure, serving_cases


def test_cases_serve_every_request_and_report_figures() -> None:
    cases = serving_cases(n_requests=300, repeats=1)
    assert [case["n_replicas"] for case in cases] == [1, 1, 16, 16, 1, 1]
    for case in cases:
        assert case["n_completed"] == case["n_requests"] == 300
        assert case["requests_per_cpu_s"] == pytest.approx(300 / float(str(case["cpu_s"])))
    assert int(str(cases[5]["n_output_tokens"])) == 10 * int(str(cases[4]["n_output_tokens"]))


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
