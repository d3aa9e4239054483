"""NeuPIMs, its baselines and its batches, from the commands and cycles of the public simulator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.physics.pim import interleaved_s
from twin.validate.case import Array
from twin.validate.tables import read_table

CONTEXTS_FILE = "pim/neupims_contexts.csv"
DATASETS = ("sharegpt", "alpaca")
BATCHES = (64, 128, 256, 384, 512)

# Configuration files of github:casys-kaist/NeuPIMs; one cycle is 1 ns, a value 2 bytes.
N_CHANNELS, N_BANKS, ROW_VALUES, ROW_COMMAND_VALUES = 32, 32, 512, 16
BUS_BYTES_S = 1024e9
REFRESH_FRAC = 260.0 / 3900.0  # tRFC over tREFI
N_ARRAYS, ARRAY = 8, 128
VECTOR_IN_S, ROW_S = 100e-9, 184e-9  # one vector into a channel, one row of all its banks: src/scheduler/Scheduler.cc
COMMAND_S = 1e-9  # branch npu+pim issues one memory command a cycle for all channels
# A100 SXM4 40 GB; share of peak and bandwidth as AttAcc's simulator takes them for GPUs.
GPU_FLOPS, GPU_BYTES_S, GPU_COMPUTE_FRAC, GPU_MEMORY_FRAC = 312e12, 1555e9, 0.8, 0.85


@dataclass(frozen=True, slots=True)
class Shard:
    """What one device holds of a model: layers of its stage, width, heads, tensor parallel degree."""

    n_layers: int
    hidden: int
    n_heads: int
    shards: int

    @property
    def heads(self) -> int:
        """Heads on a device."""
        return self.n_heads // self.shards

    @property
    def head_dim(self) -> int:
        """Width of a head."""
        return self.hidden // self.n_heads

    @property
    def width(self) -> int:
        """Width of all its heads."""
        return self.hidden // self.shards

    @property
    def params(self) -> float:
        """Weights of a layer on a device."""
        return 12.0 * self.hidden**2 / self.shards


# configs/model_configs of the simulator; layers of a stage: trace-generator/get_distributions.py over its n_pp.
SHARDS = {
    "7B": Shard(32, 4096, 32, 4),
    "13B": Shard(40, 5120, 40, 4),
    "30B": Shard(24, 7168, 56, 4),
    "175B": Shard(24, 12288, 96, 8),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """Seconds of a layer and its parts on the device that is NeuPIMs."""

    npu_s: float
    pim_s: float
    arithmetic_s: float
    time_s: float


def products_s(shard: Shard, batch: float) -> float:
    """Products of a layer: bus traffic, or 16 cycles per 128 x 128 weights and 128 rows on eight arrays together."""
    traffic_s = 2.0 * shard.params / (BUS_BYTES_S * (1.0 - REFRESH_FRAC))
    return max(traffic_s, arithmetic_s(shard, batch))


def arithmetic_s(shard: Shard, batch: float) -> float:
    """Cycles of the arrays alone; a part of 128 rows takes as long as all."""
    passes = -(-batch // ARRAY)
    return passes * (ARRAY / N_ARRAYS) * 1e-9 * shard.params / ARRAY**2


def attention_npu_s(shard: Shard, contexts: Array) -> float:
    """Attention of all heads on the arrays, which work on different heads; or, where longer, the bus decides.

    A product of one row fills and drains an array, 255 cycles, besides the rows that stream through it. Keys take one,
    values one for each 128 tokens begun and one more.
    Source: get_inst_compute_cycles of src/SystolicWS.cc and src/operations/FusedMHA.cc, branch npu-only.
    """
    fill = 2.0 * ARRAY - 1.0
    key_cycles = fill + contexts / N_ARRAYS
    value_cycles = np.ceil((contexts + ARRAY - 1.0) / ARRAY) * (fill + shard.head_dim / N_ARRAYS)
    array_s = shard.heads * float((key_cycles + value_cycles).sum()) * 1e-9 / N_ARRAYS
    bus_s = 4.0 * float(contexts.sum()) * shard.width / (BUS_BYTES_S * (1.0 - REFRESH_FRAC))
    return max(array_s, bus_s)


def attention_rows(shard: Shard, contexts: Array) -> tuple[Array, Array, Array]:
    """Rows, vectors sent in and commands to attend each request in its channel, shape (requests,) each.

    Source: estimate_mha_latency of src/scheduler/Scheduler.cc; commands of src/operations/NeuPIMSLogitSoftmax.cc and
    NeuPIMSAttend.cc with single-buffered memory: a header, the computations and the results of a row.
    """
    key_chunks = np.ceil(shard.width / ROW_VALUES)
    key_rows = key_chunks * np.ceil(contexts / N_BANKS)
    heads_of_row = min(shard.heads, ROW_VALUES // shard.head_dim)
    key_commands = 1.0 + heads_of_row * (np.ceil(shard.head_dim / ROW_COMMAND_VALUES) + 1.0)
    value_chunks = np.ceil(contexts / ROW_VALUES)
    rows_of_chunk = shard.heads * np.ceil(shard.head_dim / N_BANKS)
    value_rows = rows_of_chunk * value_chunks
    value_commands = 2.0 * value_rows + rows_of_chunk * np.ceil(contexts / ROW_COMMAND_VALUES)
    vectors = key_chunks + shard.heads * value_chunks
    return key_rows + value_rows, vectors, key_rows * key_commands + value_commands + vectors


def attention_pim_s(shard: Shard, contexts: Array, is_balanced: bool) -> float:
    """Attention in memory: the fullest channel, requests dealt in turn or each to the least loaded, longest first."""
    rows, vectors, _ = attention_rows(shard, contexts)
    each_s = rows * ROW_S + vectors * VECTOR_IN_S
    loads = np.zeros(N_CHANNELS)
    for i, seconds in enumerate(np.sort(each_s)[::-1] if is_balanced else each_s):
        loads[np.argmin(loads) if is_balanced else i % N_CHANNELS] += seconds
    return float(loads.max()) / (1.0 - REFRESH_FRAC)


def npu_alone_s(shard: Shard, contexts: Array) -> float:
    """A layer on the accelerator without computing memory."""
    return products_s(shard, len(contexts)) + attention_npu_s(shard, contexts)


def blocked_s(shard: Shard, contexts: Array) -> float:
    """A layer with single row buffers: products, then attention command by command, requests dealt in turn."""
    commands_s = float(attention_rows(shard, contexts)[2].sum()) * COMMAND_S
    return products_s(shard, len(contexts)) + max(attention_pim_s(shard, contexts, False), commands_s)


def dual(shard: Shard, contexts: Array, is_whole: bool = True) -> Layer:
    """A layer with dual row buffers and whole-row commands; is_whole: also balanced channels and two sub-batches,
    where these are shorter."""
    n = len(contexts)
    pim_s, npu_s = attention_pim_s(shard, contexts, is_whole), products_s(shard, n)
    serial = Layer(npu_s, pim_s, arithmetic_s(shard, n), npu_s + pim_s)
    half_s = products_s(shard, n / 2.0)
    both_s = interleaved_s(half_s, pim_s, shard.n_layers)
    if not is_whole or both_s >= serial.time_s:
        return serial
    return Layer(2.0 * half_s, pim_s, 2.0 * arithmetic_s(shard, n / 2.0), both_s)


def gpu_s(shard: Shard, contexts: Array, launches_s: float) -> float:
    """A layer on an A100 under eager PyTorch: scores written and read three times, launches if they take longer."""
    n = len(contexts)
    fc_s = max(
        2.0 * shard.params / (GPU_BYTES_S * GPU_MEMORY_FRAC),
        2.0 * shard.params * n / (GPU_FLOPS * GPU_COMPUTE_FRAC),
    )
    cache_bytes = 4.0 * contexts.sum() * shard.width + 6.0 * 2.0 * contexts.sum() * shard.heads
    return float(max(fc_s + cache_bytes / (GPU_BYTES_S * GPU_MEMORY_FRAC), launches_s))


def batch_of(contexts: Array, n: int, seed: int) -> Array:
    """Contexts of n requests in steady state, drawn from the quantiles of a data set, shape (n,)."""
    return np.random.default_rng([seed, n]).choice(contexts, n)


def figures(data: Path, launches_s: float, n_draws: int = 4) -> dict[str, float]:
    """Model values of the published rows, by id; averages over sizes, batches and data sets as the paper takes them."""
    table = read_table(data / CONTEXTS_FILE)
    contexts = {name: table.numbers(name) for name in DATASETS}
    gains: dict[str, list[float]] = {key: [] for key in ("gpu", "npu", "naive", "naive_vs_npu", "drb")}
    for name, shard in SHARDS.items():
        for n in BATCHES:
            for source in DATASETS:
                for seed in range(n_draws):
                    batch = batch_of(contexts[source], n, seed)
                    full_s, blocked = dual(shard, batch).time_s, blocked_s(shard, batch)
                    alone_s = npu_alone_s(shard, batch)
                    gains["gpu"].append(gpu_s(shard, batch, launches_s) / full_s)
                    gains["npu"].append(alone_s / full_s)
                    gains["naive"].append(blocked / full_s)
                    gains["naive_vs_npu"].append(alone_s / blocked)
                    if (name, source) == ("7B", "sharegpt"):
                        gains["drb"].append(100.0 * (blocked / dual(shard, batch, is_whole=False).time_s - 1.0))
    found = {f"neupims_{key}": float(np.mean(values)) for key, values in gains.items()}
    return found | _utilisation(contexts["sharegpt"])


def _utilisation(contexts: Array) -> dict[str, float]:
    """Busy shares of arrays and memory, GPT3-30B, batch 256, ShareGPT."""
    shard, batch = SHARDS["30B"], batch_of(contexts, 256, 0)
    whole = dual(shard, batch)
    return {
        "neupims_util": 100.0 * whole.arithmetic_s / whole.time_s,
        "neupims_util_naive": 100.0 * arithmetic_s(shard, 256) / blocked_s(shard, batch),
        "neupims_util_pim": 100.0 * whole.pim_s / whole.time_s,
    }
