"""From a workload's words to its requests: every source, and the words that cannot go together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from twin.errors import TwinError
from twin.files import Tree, validated
from twin.scenario.model import Workload
from twin.scenario.sources import request_files, workload_requests
from twin.scenario.traces.requests import RequestTable


def spec(**source: object) -> Workload:
    tree: Tree = {"id": "chat", "model": "llama-3.1-8b", **source}
    return validated(Workload, tree, "workloads[0]")


def requests_of(workload: Workload, folder: Path, seed: int = 1, duration_s: float = 1200.0) -> RequestTable:
    return workload_requests(workload, folder, duration_s, np.random.default_rng(seed))


@pytest.fixture
def ticking(tmp_path: Path) -> str:
    """A trace in the Mooncake layout: four requests every 3 s, 16 tokens behind an id."""
    rows = [
        {"timestamp": 3000 * (i // 4), "input_length": 32, "output_length": 5, "hash_ids": [0, i + 1]}
        for i in range(40)
    ]
    (tmp_path / "ticks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return "ticks.jsonl"


@pytest.fixture
def lengths(tmp_path: Path) -> str:
    (tmp_path / "lengths.csv").write_text("num_prefill_tokens,num_decode_tokens\n" + "30,4\n" * 5000)
    return "lengths.csv"


def test_a_coarse_clock_is_left_alone_unless_asked_to_be_spread(tmp_path: Path, ticking: str) -> None:
    plain = requests_of(spec(trace={"file": ticking, "block_tokens": 16}), tmp_path)
    assert sorted(set(plain.arrival_s.tolist())) == [3.0 * i for i in range(10)]
    trace = {"file": ticking, "block_tokens": 16, "format": "mooncake", "spread_arrivals": "even", "rate_factor": 2.0}
    spread = requests_of(spec(trace=trace), tmp_path)
    assert spread.arrival_s[:5].tolist() == pytest.approx([0.1875, 0.5625, 0.9375, 1.3125, 1.6875])
    assert spread.prefix is not None
    assert spread.prefix.of(39).tolist() == [0, 40]


def test_spreading_at_random_follows_the_seed(tmp_path: Path, ticking: str) -> None:
    workload = spec(trace={"file": ticking, "block_tokens": 16, "spread_arrivals": "random"})
    first, again, other = (requests_of(workload, tmp_path, seed).arrival_s.tolist() for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("arrivals", "gap_cv"), [({"rate_per_s": 4.0}, 1.0), ({"process": "gamma", "rate_per_s": 4.0, "cv": 2.0}, 2.0)]
)
def test_lengths_alone_arrive_by_the_process_named(
    tmp_path: Path, lengths: str, arrivals: dict[str, object], gap_cv: float
) -> None:
    table = requests_of(spec(trace={"file": lengths, "arrivals": arrivals}), tmp_path)
    gaps_s = np.diff(table.arrival_s)
    assert gaps_s.mean() == pytest.approx(0.25, rel=0.15)
    assert gaps_s.std() / gaps_s.mean() == pytest.approx(gap_cv, rel=0.15)
    assert (len(table), set(table.prompt_tokens.tolist())) == (5000, {30})


def test_lengths_under_other_names_need_no_arrival_column(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("in,out\n3,4\n")
    trace = {"file": "own.csv", "columns": {"prompt": "in", "output": "out"}, "arrivals": {"rate_per_s": 1.0}}
    assert requests_of(spec(trace=trace), tmp_path).prompt_tokens.tolist() == [3]


def test_client_models_are_drawn_for_the_time_of_the_run(tmp_path: Path) -> None:
    rows = "0,0,0.5,1,Gamma,1,2\n0,600,0.1,1,Gamma,1,10\n"
    (tmp_path / "c.csv").write_text("client_id,timestamp,rate,cv,pattern,param1,param2\n" + rows)
    windows = {"0": {"input_tokens": "{9: 1.0}", "output_tokens": "{3: 1.0}"}}
    (tmp_path / "l.jsonl").write_text(json.dumps({"client_id": 0, "windows": windows}))
    workload = spec(servegen={"clients": "c.csv", "lengths": "l.jsonl", "rate_factor": 2.0, "start_s": 600.0})
    assert len(requests_of(workload, tmp_path, duration_s=600.0)) == 120
    assert request_files(workload) == ("c.csv", "l.jsonl")


def test_only_sources_in_files_name_files() -> None:
    assert request_files(spec(trace={"file": "a.csv"})) == ("a.csv",)
    assert request_files(spec(generator={"rate_per_s": 1.0})) == ()


def test_a_generator_still_draws_from_its_table(tmp_path: Path) -> None:
    table = requests_of(spec(generator={"rate_per_s": 2.0}), tmp_path)
    assert len(table) == pytest.approx(2400, rel=0.15)


CLIENTS = {"clients": "c.csv", "lengths": "l.jsonl"}


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ({}, "give either a trace or a generator or servegen"),
        ({"generator": {"rate_per_s": 1.0}, "servegen": CLIENTS}, "give either a trace or a generator or servegen"),
        ({"trace": {"file": "a", "arrivals": {"rate_per_s": 1.0, "cv": 2.0}}}, "cv goes with process: gamma"),
        ({"trace": {"file": "a", "arrivals": {"rate_per_s": 1.0, "process": "gamma"}}}, "gamma needs it"),
        ({"trace": {"file": "a", "arrivals": {"rate_per_s": 1.0}, "rate_factor": 2.0}}, "`arrivals` draws new"),
        ({"trace": {"file": "a", "arrivals": {"rate_per_s": 1.0}, "segment": 1}}, "`arrivals` draws new"),
        ({"trace": {"file": "a", "columns": {"prompt": "in", "output": "out"}}}, "columns names no arrival column"),
        ({"trace": {"file": "a", "segment": -1}}, "segment"),
        ({"trace": {"file": "a", "format": "parquet"}}, "format"),
        ({"servegen": {"clients": "c.csv"}}, "lengths"),
    ],
)
def test_words_that_do_not_go_together_are_refused(source: dict[str, object], part: str) -> None:
    with pytest.raises(TwinError) as caught:
        spec(**source)
    assert str(caught.value).startswith("workloads[0]")
    assert part in str(caught.value)
