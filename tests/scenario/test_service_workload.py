"""What a scenario may say about a service of fixed cost, and arrivals that have no lengths."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from twin.errors import DocumentError
from twin.scenario.model import Workload
from twin.scenario.sources import workload_requests
from twin.scenario.traces.arrival_times import drawn_arrivals, read_arrivals
from twin.scenario.traces.arrivals import ArrivalProcess


def workload(**parts: object) -> Workload:
    return Workload.model_validate({"id": "w", "service": "resnet50", "arrivals": {"rate_per_s": 100.0}, **parts})


def refusal(**parts: object) -> str:
    with pytest.raises(ValidationError) as caught:
        workload(**parts)
    return str(caught.value)


def test_a_service_takes_arrivals_or_any_trace_or_generator() -> None:
    assert workload().served == "resnet50"
    assert workload(arrivals=None, generator={"rate_per_s": 3.0}).service == "resnet50"
    assert workload(arrivals=None, trace={"file": "a.csv", "columns": {"arrival": "t"}}).trace is not None


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"weights": "int8"}, "weights is for a language model only"),
        ({"kv": "fp8"}, "kv is for a language model only"),
        ({"engine": {"max_batch": 8}, "weights": "fp8"}, "engine, weights are for a language model only"),
        ({"replicas": {"tensor_parallel": 2}}, "replicas.tensor_parallel is for a language model only"),
        ({"slo": {"ttft_s": 1.0}}, r"slo.ttft_s is for a language model only"),
        ({"router": "least_kv"}, "router least_kv looks at KV caches"),
        ({"model": "llama-3.1-8b"}, "give either `model` .* or `service`"),
        ({"arrivals": None}, "give either a trace or a generator or servegen, or arrivals"),
        ({"generator": {"rate_per_s": 1.0}}, "give either a trace or a generator or servegen, or arrivals"),
    ],
)
def test_what_a_service_has_not_is_refused_by_name(parts: dict[str, object], named: str) -> None:
    assert re.search(named, refusal(**parts))


def test_a_language_model_needs_lengths_and_its_own_engine() -> None:
    language = {"service": None, "model": "llama-3.1-8b"}
    assert "arrivals is for a service only" in refusal(**language)
    assert "batching is for a service only" in refusal(
        **language, arrivals=None, generator={"rate_per_s": 1.0}, batching={"max_batch": 4}
    )
    columns = {"file": "a.csv", "columns": {"arrival": "t"}}
    assert "names no prompt and output columns" in refusal(**language, arrivals=None, trace=columns)


def test_a_day_without_any_arrival_is_refused() -> None:
    assert "0 in all 24 hours" in refusal(arrivals={"rate_per_s": 1.0, "hourly_factor": [0.0] * 24})


# Arrivals


def test_poisson_arrivals_have_the_rate_and_the_gaps_of_their_process() -> None:
    arrival_s = drawn_arrivals(ArrivalProcess(200.0), 500.0, np.random.default_rng(1)).arrival_s
    n = 200.0 * 500.0
    assert abs(len(arrival_s) - n) < 4 * np.sqrt(n)
    gaps_s = np.diff(arrival_s)
    assert gaps_s.std() / gaps_s.mean() == pytest.approx(1.0, abs=0.02)
    assert arrival_s[0] >= 0.0
    assert arrival_s[-1] < 500.0


def test_gamma_arrivals_are_as_bursty_as_asked() -> None:
    gaps_s = np.diff(drawn_arrivals(ArrivalProcess(200.0, 2.0), 500.0, np.random.default_rng(2)).arrival_s)
    assert gaps_s.std() / gaps_s.mean() == pytest.approx(2.0, rel=0.05)


def test_arrivals_follow_the_hour_of_the_day_and_keep_its_mean() -> None:
    factor = [1.0] * 12 + [3.0] * 11 + [0.0]
    spec = workload(arrivals={"rate_per_s": 2.0, "hourly_factor": factor})
    table = workload_requests(spec, Path(), 86400.0, np.random.default_rng(3), start_s=23.5 * 3600.0)
    hours = ((table.arrival_s + 23.5 * 3600.0) // 3600.0).astype(int) % 24
    counts = np.bincount(hours, minlength=24)
    expected = 2.0 * 3600.0 * np.array(factor) / np.mean(factor)
    assert counts[23] == 0
    assert np.all(np.abs(counts - expected) <= 5.0 * np.sqrt(expected))


def test_the_arrival_column_of_a_csv_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "camera.csv"
    path.write_text("camera,t\na,12.5\nb,10\nc,\nd,11.25\ne,noon\nf,1,2\n")
    table = read_arrivals(path, "t")
    assert table.arrival_s.tolist() == [0.0, 1.25, 2.5]
    assert table.dropped == {"bad_time": 1, "missing_field": 1, "too_many_fields": 1}
    assert table.rows_read == 6
    spec = workload(arrivals=None, trace={"file": "camera.csv", "columns": {"arrival": "t"}, "rate_factor": 2.0})
    assert workload_requests(spec, tmp_path, 9.0, np.random.default_rng()).arrival_s.tolist() == [0.0, 0.625, 1.25]


def test_a_csv_without_the_column_says_which_there_are(tmp_path: Path) -> None:
    path = tmp_path / "camera.csv"
    path.write_text("camera,t\na,12.5\n")
    with pytest.raises(DocumentError, match="column 'time' stands there 0 times; columns found: camera, t"):
        read_arrivals(path, "time")
