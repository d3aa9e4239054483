"""How many requests per CPU second the serving model gets through."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time

import numpy as np
import numpy.typing as npt

from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.policies.protocols import Router
from twin.policies.routers.least_outstanding import LeastOutstanding
from twin.policies.routers.prefix_aware import PrefixAware
from twin.policies.routers.round_robin import RoundRobin
from twin.scenario.traces.requests import read_requests
from twin.sim.arrivals import Workload
from twin.sim.clock import Clock
from twin.sim.kv_blocks import EngineConfig, kv_blocks
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica

# Llama-3.1-8B in 16 bit: config.json of the model. H100 SXM5: NVIDIA data sheet, dense FP16; idle watts from nvidia-smi
# samples. Efficiencies, kernel and host overheads, corner and power shares are estimates: no device was measured.
LLAMA_8B = ModelShape(32, 4096, 32, 8, 128, 14336, 128256, 2.0, 2.0)
H100 = ChipLaw(989e12, 3.35e12, 0.6, 0.8, 4.0, 4e-6, 2e-3, 5e-6, 68.0, 700.0, 0.6, 0.4)
_MEMORY_BYTES = 80e9
_PREFIX_BATCH_TOKENS = 8192

Columns = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]


class EnergyMeter:
    """Integrates what replicas announce, as the building does."""

    __slots__ = ("_rows",)

    def __init__(self, n_replicas: int) -> None:
        self._rows = [[0.0, 0.0, 0.0] for _ in range(n_replicas)]  # energy, power, since when

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """Integrate the row to now_s and give it its new power."""
        row = self._rows[i_replica]
        row[0] += row[1] * (now_s - row[2])
        row[1] = accel_w
        row[2] = now_s

    def energy_j(self, i_replica: int) -> float:
        """Energy of one accelerator of a replica up to its last change of load."""
        return self._rows[i_replica][0]


def azure_like(n_requests: int, rate_per_s: float = 5.53, seed: int = 2023) -> Columns:
    """Requests with the medians and means of the Azure 2023 conversation trace, as log-normal lengths.

    Source: Azure/AzurePublicDataset AzureLLMInferenceTrace_conv.csv (CC-BY-4.0): 5.53 requests/s, prompt p50 1020,
    mean 1155, max 14050, output p50 129, mean 211, max 1000.
    """
    rng = np.random.default_rng(seed)
    arrival_s = np.cumsum(rng.exponential(1.0 / rate_per_s, n_requests))
    prompt = np.exp(rng.normal(np.log(1020.0), np.sqrt(2.0 * np.log(1155 / 1020)), n_requests))
    output = np.exp(rng.normal(np.log(129.0), np.sqrt(2.0 * np.log(211 / 129)), n_requests))
    return arrival_s, np.clip(prompt, 4, 14050).astype(np.int64), np.clip(output, 2, 1000).astype(np.int64)


def read_azure(path: Path, n_requests: int) -> Columns:
    """The first n_requests of the trace file: seconds from the first arrival, prompt and output tokens."""
    with gzip.open(path, "rt", newline="") as lines:
        rows = [row for row, _ in zip(csv.DictReader(lines), range(n_requests), strict=False)]
    times = [datetime.fromisoformat(row["TIMESTAMP"]) for row in rows]
    arrival_s = np.array([(time - times[0]).total_seconds() for time in times])
    prompt = np.array([int(row["ContextTokens"]) for row in rows], dtype=np.int64)
    return arrival_s, prompt, np.array([int(row["GeneratedTokens"]) for row in rows], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Served:
    """A trace that was served to its end."""

    requests: RequestColumns
    cpu_s: float
    simulated_s: float
    hit_frac: float  # of the prompt tokens asked for


def serve(requests: RequestColumns, n_replicas: int, router: Router, config: EngineConfig) -> Served:
    """Serve requests to their end, their energy counted."""
    env, meter = Clock(), EnergyMeter(n_replicas)
    law = IterationLaw(LLAMA_8B, H100)
    started_s = process_time()
    replicas = [Replica(env, law, config, requests, meter, i) for i in range(n_replicas)]
    Workload(env, requests, replicas, router)
    env.run()
    cpu_s = process_time() - started_s
    kept = [replica.prefix for replica in replicas if replica.prefix is not None]
    asked_tokens = sum(cache.asked_tokens for cache in kept)
    hit_frac = sum(cache.hit_tokens for cache in kept) / asked_tokens if asked_tokens else 0.0
    return Served(requests, cpu_s, float(env.now), hit_frac)


def _serve(columns: Columns, n_replicas: int, router: Router) -> Served:
    """Serve a trace with its rate multiplied by the replicas."""
    arrival_s, prompt, output = columns
    requests = RequestColumns(arrival_s / n_replicas, prompt, output)
    return serve(requests, n_replicas, router, EngineConfig(n_blocks=kv_blocks(LLAMA_8B, _MEMORY_BYTES)))


def _figures(name: str, router: Router, n_replicas: int, runs: list[Served]) -> dict[str, object]:
    requests, cpu_s = runs[0].requests, min(run.cpu_s for run in runs)
    return {
        "name": name,
        "router": type(router).__name__,
        "n_replicas": n_replicas,
        "n_requests": len(requests),
        "n_completed": requests.count(RequestState.DONE),
        "n_output_tokens": sum(requests.output_tokens),
        "simulated_s": runs[0].simulated_s,
        "cpu_s": cpu_s,
        "requests_per_cpu_s": len(requests) / cpu_s,
        "cpu_us_per_request": 1e6 * cpu_s / len(requests),
        "peak_rss_mb": peak_rss_mb(),
    }


def _case(name: str, columns: Columns, n_replicas: int, router: Router, repeats: int) -> dict[str, object]:
    return _figures(name, router, n_replicas, [_serve(columns, n_replicas, router) for _ in range(repeats)])


def peak_rss_mb() -> float:
    """Most memory this process has held so far: of a case that runs alone, or the largest of those before it."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024.0


def trace_cases(trace: Path | None = None, n_requests: int = 10_000, repeats: int = 5) -> list[dict[str, object]]:
    """Cases on a trace file, or on requests of its shape: 1, 16 and 256 replicas, both routers, longer answers.

    CPU seconds are the least of `repeats` runs. The two last cases stretch the same requests' answers tenfold at a
    rate where they do not pile up, to show that the cost of a request does not depend on the length of its answer.
    """
    columns = azure_like(n_requests) if trace is None else read_azure(trace, n_requests)
    name = "azure_like" if trace is None else trace.name.split(".")[0]
    cases = [
        _case(f"{name}_{n_replicas}", columns, n_replicas, router, repeats)
        for n_replicas in (1, 16, 256)
        for router in (RoundRobin(), LeastOutstanding())
    ]
    arrival_s, prompt, output = columns
    for factor in (1, 10):
        longer = (arrival_s * 8.0, prompt, output * factor)
        cases.append(_case(f"{name}_sparse_output_x{factor}", longer, 1, RoundRobin(), repeats))
    return cases


def flat_cases(sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)) -> list[dict[str, object]]:
    """The same traffic for longer and longer on 16 replicas: what a request costs must not grow."""
    return [_case(f"flat_{n}", azure_like(n), 16, LeastOutstanding(), 1) for n in sizes]


def mooncake_cases(folder: Path | None, limit: int | None = None, repeats: int = 3) -> list[dict[str, object]]:
    """The Mooncake conversation trace with its prefixes kept, on 16 replicas; skipped by name without its file.

    An iteration takes 8192 tokens, what `vllm serve` takes on an H100 (v1, vllm/engine/arg_utils.py).
    Source: kvcache-ai/Mooncake FAST25-release/traces/conversation_trace.jsonl (Apache-2.0), in folder/llm.
    """
    name = "mooncake_conversation_16"
    path = None if folder is None else folder / "llm" / "mooncake_conversation.jsonl.gz"
    if path is None or not path.is_file():
        return [{"name": name, "skipped": "needs llm/mooncake_conversation.jsonl.gz in --data or TWIN_DATA"}]
    table = read_requests(path, limit=limit)
    n_blocks = kv_blocks(LLAMA_8B, _MEMORY_BYTES, max_batch_tokens=_PREFIX_BATCH_TOKENS)
    config = EngineConfig(n_blocks, max_batch_tokens=_PREFIX_BATCH_TOKENS, prefix_cache=True)
    router, runs = PrefixAware(), []
    for _ in range(repeats):
        requests = RequestColumns(table.arrival_s, table.prompt_tokens, table.output_tokens, table.prefix)
        runs.append(serve(requests, 16, router, config))
    return [{**_figures(name, router, 16, runs), "prefix_hit_frac": runs[0].hit_frac}]
