"""A device fitted to the log of an engine: values put in come out again, and what a log cannot tell is said."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twin.calibrate import Served
from twin.catalogue.compute import Accelerator
from twin.catalogue.library import read_sheet, shipped_catalogue
from twin.catalogue.models import LanguageModel
from twin.cli import main
from twin.errors import DocumentError
from twin.log_fit import Knobs, LogSettings, Replay, fitted_to_log, tuned
from twin.physics.search import least
from twin.scenario.traces.engine_log import EngineLog, read_engine_log

LLAMA = Served(shipped_catalogue().find("llama-3.1-8b", LanguageModel))
L40S = shipped_catalogue().find("nvidia_l40s", Accelerator)
REPLAY = Replay(L40S, LLAMA, LogSettings())
TRUTH = Knobs(4e-3, 0.6, 0.8)
RUNS = "llm_measured/llmservingsim/vllm_RTXPRO6000_{}/requests.jsonl"


def made_log(knobs: Knobs, n: int = 200, rate_per_s: float = 3.0) -> EngineLog:
    """A log of an engine that runs exactly by the law with these knobs."""
    rng = np.random.default_rng(7)
    arrival_s = np.cumsum(rng.exponential(1.0 / rate_per_s, n))
    prompt, output = rng.integers(50, 3000, n), rng.integers(20, 300, n)
    bare = EngineLog(arrival_s - arrival_s[0], prompt, output, {})
    return replace(bare, latencies_s=REPLAY.latencies_s(bare, tuned(REPLAY.chip(), knobs)))


def written(path: Path, log: EngineLog) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["arrival", "input", "output", "first_token", "last_token"])
        ttft_s, e2e_s = log.latencies_s["ttft_s"], log.latencies_s["e2e_s"]
        for i, at_s in enumerate(log.arrival_s):
            writer.writerow([at_s, log.prompt_tokens[i], log.output_tokens[i], at_s + ttft_s[i], at_s + e2e_s[i]])
    return path


def test_a_log_made_by_the_model_gives_back_what_made_it() -> None:
    fit = fitted_to_log(REPLAY, made_log(TRUTH))
    assert fit.untold == ()
    assert fit.n_replays <= 105
    assert fit.knobs.compute == pytest.approx(TRUTH.compute, rel=0.05)
    steps_s = [
        knobs.host_s + LLAMA.model.params_total * 2.0 / (tuned(REPLAY.chip(), knobs).eff_memory_frac * 864e9)
        for knobs in (fit.knobs, TRUTH)
    ]
    assert steps_s[0] == pytest.approx(steps_s[1], rel=0.02)  # both act on every iteration: their sum is told best
    assert fit.knobs.bandwidth == pytest.approx(TRUTH.bandwidth, rel=0.1)
    assert fit.after["tpot_s"] < 0.02
    assert fit.after["e2e_s"] < 0.02
    assert fit.after["ttft_s"] < 0.25 * fit.before["ttft_s"]  # hangs on which iteration is just missed


def test_what_a_log_does_not_tell_keeps_the_value_of_the_sheet() -> None:
    """Host time and bandwidth both take their part of every iteration; here the sheet's host time serves as well."""
    fit = fitted_to_log(REPLAY, made_log(Knobs(1.5e-3, 0.5, 0.9)))
    assert "host_s" in fit.untold
    assert fit.knobs.host_s == L40S.serving.host_overhead_s  # type: ignore[union-attr]


@pytest.mark.parametrize(("run", "model", "n"), [("Llama-3.1-8B", "llama-3.1-8b", 1), ("Qwen3-32B", "qwen3-32b", 2)])
def test_a_data_sheet_fitted_to_a_real_run_meets_its_held_out_rest(
    data_dir: Path, run: str, model: str, n: int
) -> None:
    sheet = shipped_catalogue().find("nvidia_rtx_pro_6000", Accelerator).model_copy(update={"kernels": None})
    served = Served(shipped_catalogue().find(model, LanguageModel), n)
    log = read_engine_log(data_dir / RUNS.format(run))
    fit = fitted_to_log(Replay(sheet, served, LogSettings("bf16", 128, 2048)), log)
    assert max(fit.after.values()) < 0.06
    assert fit.after["e2e_s"] < 0.5 * fit.before["e2e_s"]


def test_the_written_sheet_says_what_it_was_fitted_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, sheet = written(tmp_path / "requests.csv", made_log(TRUTH)), tmp_path / "nvidia_l40s.yaml"
    assert main(["calibrate", "nvidia_l40s", "--log", str(log), "--model", "llama-3.1-8b", "-o", str(sheet)]) == 0
    said = capsys.readouterr().out
    assert "mean error on held-out requests" in said
    device = read_sheet(sheet)
    assert isinstance(device, Accelerator)
    assert device.serving is not None
    assert L40S.serving is not None
    assert device.serving.eff_compute_frac == pytest.approx(L40S.serving.eff_compute_frac * TRUTH.compute, rel=0.05)
    assert "first 120 requests of requests.csv" in device.provenance["held_errors"].source
    assert device.held_errors["requests"] < 0.05


def test_a_log_needs_the_name_of_its_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = written(tmp_path / "requests.csv", made_log(TRUTH, 50))
    assert main(["calibrate", "nvidia_l40s", "--log", str(log)]) == 1
    assert "which model was served; name it with --model" in capsys.readouterr().err


def row(**changed: object) -> dict[str, object]:
    good = {"arrival": 1.0, "input": 10, "output": 5, "first_token": 2.0, "last_token": 3.0}
    return {key: value for key, value in {**good, **changed}.items() if value != "absent"}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"first_token": 0.5}, r"request 8: first token 0.5 s, before it arrived at 1 s"),
        ({"last_token": 1.5}, r"request 8: last token 1.5 s, before its first at 2 s"),
        ({"output": 0}, r"request 8: 10 input and 0 output tokens"),
        ({"input": "many"}, r"request 8: input is 'many', a number is needed"),
    ],
)
def test_a_log_that_cannot_be_is_refused_with_its_request(tmp_path: Path, bad: dict[str, object], says: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text("\n".join(json.dumps(row(**(bad if i == 7 else {}))) for i in range(50)))
    with pytest.raises(DocumentError, match=rf"^.*broken\.jsonl {says}"):
        read_engine_log(path)


def test_a_log_without_a_column_or_with_few_requests_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(json.dumps(row(output="absent")) for _ in range(50)))
    with pytest.raises(DocumentError, match=r"no column tells the output; name it output or"):
        read_engine_log(path)
    path.write_text("\n".join(json.dumps(row()) for _ in range(5)))
    with pytest.raises(DocumentError, match="5 requests, at least 40 are needed"):
        read_engine_log(path)
    path.write_text("{")
    with pytest.raises(DocumentError, match=r"log\.jsonl: is no log of requests"):
        read_engine_log(path)


def test_the_search_finds_a_minimum_in_a_bent_valley_within_its_calls() -> None:
    """Rosenbrock's function, shifted so that all is above 0."""
    calls = []

    def loss(x: tuple[float, ...]) -> float:
        calls.append(x)
        return (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2

    point, n_calls = least(loss, (0.3, 2.0), (1.5, 1.5), 250)
    assert point == pytest.approx((1.0, 1.0), rel=0.02)
    assert n_calls == len(calls) <= 250
