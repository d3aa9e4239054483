"""Time per output token of whole engines on H100: a closed loop of requests, leaving workloads or models out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.physics.fit import fitted
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.roofline import soft_roofline_s
from twin.sim.placement import chip_law
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.devices import peaks_of
from twin.validate.tables import Table, read_table

WORKLOAD_BOUND_FRAC, MODEL_BOUND_FRAC = 0.08, 0.15
FILE = "llm_measured/aiconfigurator/silicon_sample_e2e.csv"
LINK_BW_BYTES_S = 450e9
_LONGEST_TTFT_MS = 10e3  # beyond it requests wait, and the batch of the row is not what ran
_PLANNED_ISL = 4000  # rows of a planner: their batch counts several replicas, how many is not given
CHUNK_TOKENS = 8192  # the token budget of an iteration, vLLM's default on this device
_WINDOW_TOKENS = 128.0  # every second layer of gpt-oss


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a model; ffn is 0 when all of it is experts, window is the share of layers with a sliding window."""

    n_layers: float
    hidden: float
    n_query: float
    n_kv: float
    head_dim: float
    ffn: float
    vocab: float
    n_experts: float = 0.0
    n_active: float = 0.0
    expert_ffn: float = 0.0
    windowed_frac: float = 0.0


SHAPES = {
    "Llama-3.1-8B": Shape(32, 4096, 32, 8, 128, 14336, 128256),
    "Llama-3.1-70B": Shape(80, 8192, 64, 8, 128, 28672, 128256),
    "Qwen3-32B": Shape(64, 5120, 64, 8, 128, 25600, 151936),
    "Qwen3-235B": Shape(94, 4096, 64, 4, 128, 0, 151936, 128, 8, 1536),
    "gpt-oss-120b": Shape(36, 2880, 64, 8, 64, 0, 201088, 128, 4, 2880, 0.5),
    "MiniMax-M2.5": Shape(62, 3072, 48, 8, 128, 0, 200064, 256, 8, 1536),
}
ENGINES = ("trtllm", "vllm", "sglang")


@dataclass(frozen=True, slots=True)
class StepLaw:
    """Parameters of a decode step and of the share of prompt work that delays it.

    *_layer_s: start-ups and element-wise work of a layer, per engine. *_prompt_frac: share of the prompt work of the
    other requests that decodes wait for, per engine. compute_frac, fp8_frac: reached arithmetic of dense products at 16
    and at 8 bit. expert_*: the same of experts; expert_layer_s: routing of a layer. request_s: sampling.
    """

    trtllm_layer_s: float = 4e-5
    vllm_layer_s: float = 5e-5
    sglang_layer_s: float = 4e-5
    trtllm_prompt_frac: float = 0.55
    vllm_prompt_frac: float = 0.55
    sglang_prompt_frac: float = 0.55
    memory_frac: float = 0.85
    compute_frac: float = 0.45
    fp8_frac: float = 0.3
    cache_frac: float = 0.8
    request_s: float = 1e-5
    hop_s: float = 2e-6
    link_frac: float = 0.3
    expert_memory_frac: float = 0.6
    expert_compute_frac: float = 0.4
    expert_layer_s: float = 3e-5


FREE = tuple(StepLaw.__slots__)
MOST = {"memory_frac": 1.0, "compute_frac": 1.0, "fp8_frac": 1.0, "cache_frac": 1.0, "expert_memory_frac": 1.0}


class Rows:
    """Aggregated rows on H100 whose batch is what ran; every attribute holds one value per row."""

    def __init__(self, table: Table) -> None:
        kept = table.where((table.words("system") == "h100_sxm") & (table.words("mode") == "agg"))
        batch, spread = kept.numbers("batch_size"), np.nan_to_num(kept.numbers("attention_dp_size"), nan=1.0)
        waits = np.nan_to_num(kept.numbers("silicon_ttft_ms")) >= _LONGEST_TTFT_MS
        rows = kept.where((kept.numbers("isl") != _PLANNED_ISL) & (spread <= 1) & ~waits & ~np.isnan(batch))
        self.batch, self.shards = rows.numbers("batch_size"), rows.numbers("tp_size")
        self.prompt, self.output = rows.numbers("isl"), rows.numbers("osl")
        self.measured_s = rows.numbers("silicon_tpot_ms") * 1e-3
        self.models = rows.words("model_path")
        self.workloads = np.array([f"{a:.0f}/{b:.0f}" for a, b in zip(self.prompt, self.output, strict=True)])
        self.engine = np.array([ENGINES.index(word) for word in rows.words("backend")])
        precision = rows.words("precision")
        self.is_fp8 = precision == "fp8"
        self.weight_bytes = np.where(self.is_fp8, 1.0, 2.0)
        self.expert_bytes = np.where(precision == "fp4", 0.53, self.weight_bytes)
        self.shape = _columns([next(s for part, s in SHAPES.items() if part in model) for model in self.models])
        self.peaks = peaks_of("nvidia_h100_sxm")


class _Columns:
    """The fields of `Shape` with one value per row."""

    n_layers: Array
    hidden: Array
    n_query: Array
    n_kv: Array
    head_dim: Array
    ffn: Array
    vocab: Array
    n_experts: Array
    n_active: Array
    expert_ffn: Array
    windowed_frac: Array


def _columns(shapes: list[Shape]) -> _Columns:
    columns = _Columns()
    for name in Shape.__slots__:
        setattr(columns, name, np.array([getattr(shape, name) for shape in shapes]))
    return columns


def step_s(rows: Rows, law: StepLaw) -> Array:
    """Time per output token of every row: a decode step plus its share of the others' prompts, once per output.

    `step + k (B-1)/osl prompt(isl)`: in a closed loop B-1 prompts pass while one request generates osl tokens.
    """
    layer_s = np.array([law.trtllm_layer_s, law.vllm_layer_s, law.sglang_layer_s])[rows.engine]
    share = np.array([law.trtllm_prompt_frac, law.vllm_prompt_frac, law.sglang_prompt_frac])[rows.engine]
    others = np.maximum(rows.batch - 1.0, 0.0) / rows.output
    s = rows.shape
    started_s = s.n_layers * (layer_s + law.expert_layer_s * (s.n_experts > 0)) + law.request_s * rows.batch
    decode_s = started_s + _weights_s(rows, law) + _cache_s(rows, law) + _ring_s(rows, law, rows.batch, law.hop_s)
    return np.asarray(decode_s + share * others * _prompt_s(rows, law))


def _dense_params(rows: Rows) -> tuple[Array, Array, Array]:
    """Parameters of all layers that every token passes, of the vocabulary head, and of the experts a token visits."""
    s = rows.shape
    dense = s.n_layers * s.hidden * (2.0 * (s.n_query + s.n_kv) * s.head_dim + 3.0 * s.ffn)
    return dense, s.vocab * s.hidden, s.n_layers * s.n_active * 3.0 * s.hidden * s.expert_ffn


def _weights_s(rows: Rows, law: StepLaw) -> Array:
    """Products of one decode step: weights against arithmetic for the dense part, their sum for experts."""
    s, peaks = rows.shape, rows.peaks
    dense, head, active = _dense_params(rows)
    traffic_s = (dense * rows.weight_bytes + 2.0 * head) / rows.shards / (law.memory_frac * peaks.mem_bw_bytes_s)
    arithmetic_s = 2.0 * (dense + head) * rows.batch / rows.shards / _flops(rows, law)
    read = 1.0 - (1.0 - s.n_active / np.maximum(s.n_experts, 1.0)) ** rows.batch
    experts = s.n_layers * s.n_experts * 3.0 * s.hidden * s.expert_ffn * rows.expert_bytes * read / rows.shards
    expert_s = experts / (law.expert_memory_frac * peaks.mem_bw_bytes_s)
    expert_s = expert_s + 2.0 * rows.batch * active / rows.shards / _expert_flops(rows, law)
    return np.asarray(soft_roofline_s(traffic_s, arithmetic_s, 2.0) + expert_s)


def _flops(rows: Rows, law: StepLaw) -> Array:
    peak = rows.peaks.flops * np.where(rows.is_fp8, 2.0, 1.0)
    return np.asarray(peak * np.where(rows.is_fp8, law.fp8_frac, law.compute_frac))


def _expert_flops(rows: Rows, law: StepLaw) -> Array:
    return np.asarray(law.expert_compute_frac * rows.peaks.flops * np.where(rows.is_fp8, 2.0, 1.0))


def _cache_s(rows: Rows, law: StepLaw) -> Array:
    """Reading keys and values at mid-output, windowed layers only their window."""
    s = rows.shape
    context = rows.prompt + 0.5 * rows.output
    seen = (1.0 - s.windowed_frac) * context + s.windowed_frac * np.minimum(context, _WINDOW_TOKENS)
    n_bytes = rows.batch * seen * 4.0 * s.n_layers * np.maximum(s.n_kv / rows.shards, 1.0) * s.head_dim
    return np.asarray(n_bytes / (law.cache_frac * rows.peaks.mem_bw_bytes_s))


def _ring_s(rows: Rows, law: StepLaw, tokens: Array, hop_s: float) -> Array:
    """Two all-reduces a layer of tokens activations."""
    s, n = rows.shape, rows.shards
    traffic_s = 2.0 * (n - 1.0) / n * tokens * s.hidden * 2.0 / (law.link_frac * LINK_BW_BYTES_S)
    return np.asarray(2.0 * s.n_layers * (hop_s * np.log2(n) + traffic_s))


def _prompt_s(rows: Rows, law: StepLaw) -> Array:
    """Work of one prompt: products, causal attention at half the peak, all-reduces."""
    s = rows.shape
    dense, _, active = _dense_params(rows)
    attention = 2.0 * rows.prompt**2 * s.n_layers * s.n_query * s.head_dim * (1.0 - s.windowed_frac)
    time_s = rows.prompt * 2.0 * dense / rows.shards / _flops(rows, law)
    time_s = time_s + rows.prompt * 2.0 * active / rows.shards / _expert_flops(rows, law)
    time_s = time_s + attention / rows.shards / (0.5 * rows.peaks.flops)
    return np.asarray(time_s + _ring_s(rows, law, rows.prompt, 0.0))


def left_out_s(rows: Rows, groups: npt.NDArray[np.str_]) -> Array:
    """Times of every row by the law fitted without the rows of its group; what no row tells keeps its first guess."""
    found = np.zeros(rows.measured_s.size)
    for group in np.unique(groups):
        on = groups != group
        law = fitted(StepLaw(), lambda law, on=on: step_s(rows, law)[on], rows.measured_s[on], FREE, MOST)  # type: ignore[misc]
        found[~on] = step_s(rows, law)[~on]
    return found


def _cases(data: Path) -> Iterator[Case]:
    rows = Rows(read_table(data / FILE))
    note = "aggregated rows whose batch is what ran (no queue, no planner rows, no data-parallel attention)"
    for name, groups, bound in (
        ("workload", rows.workloads, WORKLOAD_BOUND_FRAC),
        ("model", rows.models, MODEL_BOUND_FRAC),
    ):
        model = left_out_s(rows, groups)
        yield over_rows(f"time per output token H100, one {name} left out", model, rows.measured_s, bound, note)
    on = (rows.engine == ENGINES.index("vllm")) & (rows.shape.n_experts == 0)
    note = "the simulated iteration law of the H100 sheet: kernel tables and its host time only, no engine row fitted"
    yield over_rows(
        "time per output token H100, vLLM dense rows", _simulated_s(rows, on), rows.measured_s[on], None, note
    )


def _simulated_s(rows: Rows, on: npt.NDArray[np.bool_]) -> Array:
    """Time per output token of rows by the law simulations run on: a step at mid-output and the others' prompts."""
    sheet = shipped_catalogue().find("nvidia_h100_sxm", Accelerator, "validate")
    found = []
    for i in np.flatnonzero(on):
        s = next(shape for part, shape in SHAPES.items() if part in rows.models[i])
        layers, hidden, query, kv, width, ffn, vocab = (int(getattr(s, name)) for name in Shape.__slots__[:7])
        shape = ModelShape(layers, hidden, query, kv, width, ffn, vocab, float(rows.weight_bytes[i]), 2.0)
        chip = chip_law(sheet, "fp8" if rows.is_fp8[i] else "bf16", "validate")
        law = IterationLaw(shape, chip, int(rows.shards[i]))
        found.append(closed_loop_s(law, int(rows.batch[i]), int(rows.prompt[i]), float(rows.output[i])))
    return np.array(found)


def closed_loop_s(law: IterationLaw, batch: int, prompt: int, output: float) -> float:
    """Time per output token of batch requests in a closed loop: a step at mid-output, and what others' prompts add."""
    context = prompt + 0.5 * output
    step = law.iteration(0, 0.0, batch, int(batch * context))[0]
    others, seen = batch - 1, int((batch - 1) * context)
    chunk = min(prompt, CHUNK_TOKENS)
    mixed = law.iteration(chunk, 0.5 * chunk * (chunk + 1), others, seen)[0]
    added = mixed - law.iteration(0, 0.0, max(others, 1), seen)[0]
    return float(step + others / output * added * prompt / chunk)


GROUPS = (Group("time per output token of engines on H100", (FILE,), _cases),)
