"""Time of attention on one accelerator: tokens being generated, prompt chunks, and both in one kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.physics.operators import Peaks
from twin.physics.roofline import Real, soft_roofline_s

Array = npt.NDArray[np.float64]

_SPLIT_ABOVE_TOKENS = 128  # a context of one tile is never split
_SPLIT_BELOW_FRAC = 0.8  # of the processors: with more units than that all are busy without splitting


@dataclass(frozen=True, slots=True)
class Heads:
    """Heads one accelerator computes, and bytes per element of keys and values."""

    n_query: float
    n_kv: float
    head_dim: float = 128.0
    kv_bytes: float = 2.0

    @property
    def token_bytes(self) -> float:
        """Bytes of keys and values of one context token in one layer."""
        return 2.0 * self.n_kv * self.head_dim * self.kv_bytes


@dataclass(frozen=True, slots=True)
class DecodeLaw:
    """Parameters of attention of generated tokens.

    t0_s: start-up. unit_s: work of one request x KV head that context does not change. memory_frac: reached share of
    the bandwidth. corner_p: sharpness between the two. serial_s: seconds per context token of a unit that one processor
    walks alone. split_s: merging what several processors computed of one unit. regroup_s: reordering grouped queries of
    several requests.
    """

    t0_s: float
    unit_s: float
    memory_frac: float
    corner_p: float
    serial_s: float
    split_s: float
    regroup_s: float


@dataclass(frozen=True, slots=True)
class ChunkLaw:
    """Parameters of causal attention of prompts, one kernel for all of them.

    t0_s: start-up. compute_frac, memory_frac: reached shares of the peaks. serial_s: seconds per token of the longest
    prompt, whose last block one processor walks alone. head_s: work of one request x query head that length does not
    change. corner_p: sharpness between the shared work and the longest walk.
    """

    t0_s: float
    compute_frac: float
    memory_frac: float
    serial_s: float
    head_s: float
    corner_p: float


@dataclass(frozen=True, slots=True)
class TileLaw:
    """Parameters of one kernel that serves a prompt chunk and generated tokens together, in tiles of query rows.

    t0_s: start-up. step_s: seconds a processor needs per context token of one tile. start_tokens: cost of beginning a
    tile, in context tokens. tail_frac: share of the longest tile that is not hidden behind the others. block_s: seconds
    per launched block, empty ones included. memory_frac: reached share of the bandwidth. tile_rows: query rows of a
    tile; a generated token fills a whole tile per query head, which is why mixing is dear.
    """

    t0_s: float
    step_s: float
    start_tokens: float
    tail_frac: float
    block_s: float
    memory_frac: float
    tile_rows: float


def decode_attention_s(law: DecodeLaw, peaks: Peaks, heads: Heads, n_requests: Real, context: Real) -> Real:
    """Time of one layer's attention of n_requests tokens that see context tokens each.

    `t0 + ((u R k)^p + (K/(em BW))^p + (s L)^p)^(1/p) + merge + regroup` with R requests, k KV heads, K the bytes of
    keys and values, L the context. The serial walk s L counts where a unit is not split: one query head per KV head,
    one tile of context, or enough units to fill the chip.
    Source: form read off github:ai-dynamo/aiconfigurator systems/data attention tables (vLLM); fitted per device.
    """
    units = n_requests * heads.n_kv
    is_grouped = np.asarray(heads.n_query > heads.n_kv)
    is_split = (
        is_grouped
        & np.asarray(context > _SPLIT_ABOVE_TOKENS)
        & np.asarray(units < _SPLIT_BELOW_FRAC * peaks.n_processors)
    )
    is_regrouped = is_grouped & np.asarray(n_requests > 1) & np.asarray(heads.n_kv > 1)
    traffic_s = heads.token_bytes * n_requests * context / (law.memory_frac * peaks.mem_bw_bytes_s)
    walk_s = law.serial_s * context * ~is_split
    shared_s = soft_roofline_s(soft_roofline_s(law.unit_s * units, traffic_s, law.corner_p), walk_s, law.corner_p)
    return law.t0_s + shared_s + law.split_s * is_split + law.regroup_s * is_regrouped


def prompt_attention_s(law: ChunkLaw, peaks: Peaks, heads: Heads, n_prompts: Real, tokens: Real) -> Real:
    """Time of one layer's causal attention of n_prompts prompts of tokens each, nothing cached.

    `t0 + h R q + ((F/(ec P) + B/(em BW))^p + (s S)^p)^(1/p)`, F counting the causal half only.
    Source: as for `decode_attention_s`.
    """
    flops = 2.0 * n_prompts * tokens * (tokens + 1.0) * heads.n_query * heads.head_dim
    n_bytes = heads.kv_bytes * n_prompts * tokens * heads.head_dim * 2.0 * (heads.n_query + heads.n_kv)
    shared_s = flops / (law.compute_frac * peaks.flops) + n_bytes / (law.memory_frac * peaks.mem_bw_bytes_s)
    walk_s = law.serial_s * tokens
    return law.t0_s + law.head_s * n_prompts * heads.n_query + soft_roofline_s(shared_s, walk_s, law.corner_p)


@dataclass(frozen=True, slots=True)
class Mixture:
    """What one iteration attends: a chunk of prompt tokens over cached ones, and requests generating one token each.

    Arrays of one shape. context: tokens each generating request sees, one mean value per row.
    """

    chunk: Array
    cached: Array
    n_decode: Array
    context: Array


def mixed_attention_s(law: TileLaw, peaks: Peaks, heads: Heads, mix: Mixture) -> Array:
    """Time of one layer's attention when a prompt chunk and generated tokens share a kernel.

    Tiles are handed to processors as these become free, so the time of the work is
    `step (W / n + tail longest (1 - 1/n))`, W the context tokens of all tiles, never less than the longest tile. Keys
    and values are read once per group of query heads while one head's share of all requests fits the cache, otherwise
    once per query head that does not run beside its sisters.
    Source: form read off github:casys-kaist/LLMServingSim profiler/perf (vLLM 0.19 on RTX PRO 6000); fitted per device.
    """
    rows, n = law.tile_rows, float(peaks.n_processors)
    n_blocks = np.ceil(mix.chunk / rows)
    seen = mix.cached + np.where(mix.chunk > rows, 0.5 * (mix.chunk + rows), mix.chunk)
    work = heads.n_query * n_blocks * (seen + law.start_tokens)
    work = work + heads.n_query * mix.n_decode * (mix.context + law.start_tokens)
    longest = np.maximum(mix.cached + mix.chunk, mix.context * (mix.n_decode > 0))
    compute_s = law.step_s * np.maximum(work / n + law.tail_frac * longest * (1.0 - 1.0 / n), longest)
    memory_s = _mixed_bytes(peaks, heads, mix) / (law.memory_frac * peaks.mem_bw_bytes_s)
    launched = (mix.n_decode + 1.0) * heads.n_query * n_blocks
    return law.t0_s + soft_roofline_s(compute_s, memory_s, 4.0) + law.block_s * launched


def _mixed_bytes(peaks: Peaks, heads: Heads, mix: Mixture) -> Array:
    """Bytes of keys and values the generating requests pull from memory, rereading by sister heads included."""
    group = heads.n_query / heads.n_kv
    one_head = mix.n_decode * mix.context * heads.token_bytes / heads.n_kv
    together = np.floor(peaks.n_processors / np.maximum(mix.n_decode, 1.0))
    reuse = np.where(one_head <= peaks.cache_bytes, group, np.clip(together, 1.0, group))
    return mix.n_decode * mix.context * heads.token_bytes * group / reuse
