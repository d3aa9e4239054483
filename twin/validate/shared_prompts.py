"""The replayed vLLM runs with the prompts that begin alike computed once, as vLLM does unless told not to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from simpy import Environment

from twin.catalogue.compute import Accelerator
from twin.catalogue.engines import EnginePreset
from twin.catalogue.library import shipped_catalogue
from twin.catalogue.models import LanguageModel
from twin.errors import DocumentError
from twin.files import asset_dir
from twin.physics.llm import IterationLaw
from twin.policies.routers.round_robin import RoundRobin
from twin.scenario.traces.prefix import PrefixBlocks, blocks_from
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import EnergyMeter
from twin.sim.engines import hosted
from twin.sim.kv_blocks import EngineConfig, kv_blocks
from twin.sim.placement import chip_law, model_shape
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica
from twin.validate.case import Array, Case, Group
from twin.validate.replay import DEVICE, FOLDER, MAX_BATCH, MAX_TOKENS, RUNS
from twin.validate.tables import read_table

# Leading blocks of 16 tokens that a prompt has in common with an earlier one, from the token ids of
# github:casys-kaist/LLMServingSim workloads/sharegpt-*-300-sps10.jsonl at 5daddb2 (MIT): 8 % of all prompt tokens.
TABLE = Path("validation") / "llmservingsim" / "shared_prompts.csv"
ENGINE = "vllm_0_19"
BLOCK_TOKENS = 16
BOUND_FRAC = 0.05
LATENCIES = ("ttft_s", "tpot_s", "e2e_s")


@dataclass(frozen=True, slots=True)
class Log:
    """What a run was asked and its latencies in seconds; arrays of one value per request, in order of arrival."""

    arrival_s: Array
    prompt_tokens: Array
    output_tokens: Array
    latencies_s: dict[str, Array]


def read_log(path: Path) -> Log:
    """The requests of a run, timed from the client's call; DocumentError when a line is no request.

    The clock of arrivals has another origin than the engine's: the request taken up fastest sets the shift.
    """
    names = ("arrival_time", "queued_ts", "first_token_ts", "last_token_ts", "input_toks", "output_toks")
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        columns = [np.array([float(line[name]) for line in lines]) for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DocumentError(f"is no log of requests: {error!r}", str(path)) from error
    if not lines:
        raise DocumentError("holds no request", str(path), "give the requests.jsonl of a run")
    arrival_s, queued_s, first_s, last_s, prompt, output = columns
    arrival_s = arrival_s + np.min(queued_s - arrival_s)
    latencies_s = first_s - arrival_s, (last_s - first_s) / (output - 1.0), last_s - arrival_s
    return Log(arrival_s - arrival_s[0], prompt, output, dict(zip(LATENCIES, latencies_s, strict=True)))


def shared_blocks(run: str, prompt_tokens: Array) -> PrefixBlocks:
    """The whole blocks of every prompt of a run, equal where two begin alike."""
    table = read_table(asset_dir() / TABLE)
    rows = table.where(table.words("run") == run)
    columns = (rows.numbers(name).astype(int).tolist() for name in ("request", "like", "blocks"))
    alike = {i: (j, n_shared) for i, j, n_shared in zip(*columns, strict=True)}
    ids: list[list[int]] = []
    n_known = 0
    for i, tokens in enumerate(prompt_tokens):
        j, n_shared = alike.get(i, (0, 0))
        n_new = int(tokens) // BLOCK_TOKENS - n_shared
        known = ids[j][:n_shared] if n_shared else []
        ids.append([*known, *range(n_known, n_known + n_new)])
        n_known += n_new
    return blocks_from(ids, BLOCK_TOKENS)


def replayed_s(run: str, log: Log, host: EnginePreset | None, shares: bool = True) -> dict[str, Array]:
    """Latencies in seconds of a run's requests on one simulated replica; host None takes the device's sheet as it is.

    shares: prompts that begin alike are computed once.
    """
    model, tensor_parallel, _ = RUNS[run]
    sheet = shipped_catalogue().find(DEVICE, Accelerator, "validate")
    shape = model_shape(shipped_catalogue().find(model, LanguageModel, "validate"), "bf16", "bf16")
    chip = chip_law(sheet, "bf16", "validate")
    if host is not None:
        chip = hosted(chip, host, tensor_parallel)
    n_blocks = kv_blocks(shape, sheet.memory_bytes or 0.0, tensor_parallel)
    config = EngineConfig(n_blocks, MAX_TOKENS, MAX_BATCH, BLOCK_TOKENS, prefix_cache=shares)
    prompt, output = log.prompt_tokens.astype(np.int64), log.output_tokens.astype(np.int64)
    requests = RequestColumns(log.arrival_s, prompt, output, shared_blocks(run, log.prompt_tokens))
    env = Environment()
    replica = Replica(env, IterationLaw(shape, chip, tensor_parallel), config, requests, EnergyMeter(1))
    Workload(env, requests, [replica], RoundRobin())
    env.run()
    n_done = requests.count(RequestState.DONE)
    if n_done != len(requests):
        raise DocumentError(f"{n_done} of {len(requests)} requests were served", run, "check the size of the cache")
    columns = requests.arrays()
    return {name: np.asarray(columns[name], dtype=np.float64) for name in LATENCIES}


def figures(latencies_s: dict[str, Array]) -> dict[str, float]:
    """Mean and 99th percentile of each latency, seconds."""
    found = {}
    for name in LATENCIES:
        found[f"mean {name[:-2]}"] = float(np.mean(latencies_s[name]))
        found[f"p99 {name[:-2]}"] = float(np.percentile(latencies_s[name], 99.0))
    return found


def _cases(data: Path) -> Iterator[Case]:
    """Listed, not judged: the same runs are judged by `twin.validate.replay`, and the host time was chosen on one."""
    engine = shipped_catalogue().find(ENGINE, EnginePreset, "validate")
    for run in RUNS:
        log = read_log(data / FOLDER.format(run))
        measured = figures(log.latencies_s)
        model, bare = figures(replayed_s(run, log, engine)), figures(replayed_s(run, log, None))
        for what, seconds in measured.items():
            error = abs(model[what] / seconds - 1.0)
            note = (
                f"{engine.host_overhead_s * 1e3:.1f} ms of host time ({engine.id}), chosen on the run of Llama-3.1-8B; "
                f"with the sheet as it is {bare[what] / seconds - 1.0:+.1%}"
            )
            name = f"vLLM run {run}, equal prompts computed once, {what}"
            yield Case(name, seconds * 1e3, model[what] * 1e3, "ms", error, BOUND_FRAC, log.arrival_s.size, note)


GROUPS = (Group("vLLM runs with equal prompts computed once", tuple(FOLDER.format(name) for name in RUNS), _cases),)
