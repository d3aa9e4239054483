"""Two real vLLM runs replayed request by request, every prompt computed whole, by the laws of the device's sheet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from simpy import Environment

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.catalogue.models import LanguageModel
from twin.errors import DocumentError
from twin.physics.llm import IterationLaw
from twin.policies.routers.round_robin import RoundRobin
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import EnergyMeter
from twin.sim.kv_blocks import EngineConfig, kv_blocks
from twin.sim.placement import chip_law, model_shape
from twin.sim.requests import RequestColumns
from twin.sim.serving import Replica
from twin.validate.case import Array, Case, Group

CACHE_NOTE = "listed only: computes every prompt whole, where the real engine kept equal prefixes"
FOLDER = "llm_measured/llmservingsim/vllm_RTXPRO6000_{}/requests.jsonl"
DEVICE = "nvidia_rtx_pro_6000"
MAX_BATCH, MAX_TOKENS = 128, 2048  # meta.json of both runs: max_num_seqs, max_num_batched_tokens
# Name of the run -> catalogue model, accelerators, what to know.
RUNS = {
    "Llama-3.1-8B": (
        "llama-3.1-8b",
        1,
        "kernel tables only, the sampler included; chosen after seeing this run: the host hides beside the device and "
        "adds nothing, where sheets of older engines have 1.5 ms",
    ),
    "Qwen3-32B": (
        "qwen3-32b",
        2,
        "kernel tables of Llama-3.1-8B, the same host; chosen after seeing this run: an all-reduce over PCIe reaches "
        "a quarter of the link, for which no table was found (11 to 16 % fast with the share of the H100)",
    ),
}
TIMES = ("queued_ts", "first_token_ts", "last_token_ts")


def _read(path: Path) -> dict[str, Array]:
    """Columns of a run, by time of arrival in the engine."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        columns = {name: np.array([float(row[name]) for row in rows]) for name in (*TIMES, "input_toks", "output_toks")}
    except (OSError, ValueError, KeyError) as error:
        raise DocumentError(f"is no log of requests: {error}", str(path)) from error
    order = np.argsort(columns["queued_ts"], kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _delays(queued: Array, first: Array, last: Array, output: Array) -> dict[str, Array]:
    """Seconds to the first token, per further token, and in all."""
    return {
        "time to first token": first - queued,
        "time per output token": (last - first) / (output - 1.0),
        "end to end": last - queued,
    }


def replayed(run: dict[str, Array], model: str, tensor_parallel: int) -> dict[str, Array]:
    """Delays of the requests of a run as the simulator serves them."""
    catalogue = shipped_catalogue()
    chip = catalogue.find(DEVICE, Accelerator, "validate")
    shape = model_shape(catalogue.find(model, LanguageModel, "validate"), "bf16", "bf16")
    requests = RequestColumns(
        run["queued_ts"] - run["queued_ts"][0], run["input_toks"].astype(int), run["output_toks"].astype(int)
    )
    env = Environment()
    law = IterationLaw(shape, chip_law(chip, "bf16", "validate"), tensor_parallel)
    n_blocks = kv_blocks(shape, chip.memory_bytes or 0.0, tensor_parallel)
    config = EngineConfig(n_blocks=n_blocks, max_batch=MAX_BATCH, max_batch_tokens=MAX_TOKENS)
    replica = Replica(env, law, config, requests, EnergyMeter(1), 0)
    Workload(env, requests, [replica], RoundRobin())
    env.run()
    arrival, first, last = (np.array(x) for x in (requests.arrival_s, requests.first_token_s, requests.finish_s))
    return _delays(arrival, first, last, run["output_toks"])


def _cases(data: Path) -> Iterator[Case]:
    for name, (model, n, note) in RUNS.items():
        run = _read(data / FOLDER.format(name))
        measured = _delays(run["queued_ts"], run["first_token_ts"], run["last_token_ts"], run["output_toks"])
        for what, seconds in replayed(run, model, n).items():
            for which, of in (("mean", np.mean), ("p99", lambda values: np.quantile(values, 0.99))):
                pair = float(of(measured[what])) * 1e3, float(of(seconds)) * 1e3
                error = abs(pair[1] / pair[0] - 1.0)
                yield Case(
                    f"vLLM run {name}, {what}, {which}", *pair, "ms", error, None, seconds.size, f"{note}; {CACHE_NOTE}"
                )


GROUPS = (Group("vLLM runs on RTX PRO 6000", tuple(FOLDER.format(name) for name in RUNS), _cases),)
