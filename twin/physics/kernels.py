"""A model on measured kernels: the time of its operators by group, compiled to scalars for one accelerator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from twin.errors import ModelRangeError
from twin.physics.attention import ChunkLaw, DecodeLaw, Heads, TileLaw
from twin.physics.operators import (
    CollectiveLaw,
    DenseLaw,
    ElementwiseLaw,
    Peaks,
    all_reduce_s,
    dense_s,
    elementwise_s,
    product_bytes,
    product_flops,
)
from twin.physics.roofline import ring_all_reduce_s
from twin.physics.transfer import check_link_rate

if TYPE_CHECKING:
    from twin.physics.llm import ModelShape

_SPLIT_BELOW_FRAC = 0.8  # as in `decode_attention_s`
_ACTIVATION_BYTES = 2.0
_BLOCK = 512
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KernelLaws:
    """Fitted laws of the operator groups of one device.

    decode is used in the form linear in context (corner 1, no serial walk): a stretch of steps has a closed form.
    Of chunk and tile the second wins where both are known: it was measured with generated tokens beside a chunk.
    """

    dense: DenseLaw
    elementwise: ElementwiseLaw
    decode: DecodeLaw
    chunk: ChunkLaw | None = None
    tile: TileLaw | None = None
    collective: CollectiveLaw | None = None

    def __post_init__(self) -> None:
        if self.chunk is None and self.tile is None:
            raise ModelRangeError("neither chunk nor tile is given", "kernels", "fit one from a table of prompts")


class KernelTimes:
    """Seconds of the operators of one model on one of tensor_parallel accelerators, by what an iteration holds.

    Times that depend on a count only are kept by that count, and computed for many counts at once.
    """

    __slots__ = (
        "_by_sampled",
        "_by_tokens",
        "_corner_p",
        "_corner_root",
        "_decode",
        "_heads",
        "_laws",
        "_link_bw_bytes_s",
        "_link_latency_s",
        "_n",
        "_pair_s",
        "_peaks",
        "_seen_s",
        "_shape",
        "_started_s",
        "_walk_s",
        "_written_s",
        "context_s",
    )

    def __init__(
        self, shape: ModelShape, laws: KernelLaws, peaks: Peaks, tensor_parallel: int, link: tuple[float, float]
    ) -> None:
        self._shape, self._laws, self._peaks, self._n = shape, laws, peaks, tensor_parallel
        self._link_bw_bytes_s, self._link_latency_s = link
        kv_heads = max(shape.n_kv_heads / tensor_parallel, 1.0)
        self._heads = Heads(shape.n_heads / tensor_parallel, kv_heads, shape.head_dim, shape.kv_bytes_per_value)
        bandwidth = laws.decode.memory_frac * peaks.mem_bw_bytes_s
        self.context_s = shape.n_layers * self._heads.token_bytes / bandwidth
        self._by_tokens: list[float] = []
        self._by_sampled: list[float] = []
        self._decode: dict[int, float] = {}
        if laws.chunk is not None:
            self._compile_chunk(laws.chunk)

    def tokens_s(self, n_tokens: int) -> float:
        """Products, element-wise operators and collectives of all layers over n_tokens."""
        known = self._by_tokens
        if n_tokens >= len(known):
            known += (self._shape.n_layers * self._layer_s(_counts(known, n_tokens))).tolist()
        return known[n_tokens]

    def sampled_s(self, n_sampled: int) -> float:
        """The vocabulary head of n_sampled tokens; nothing for a stage of the model that has none."""
        known = self._by_sampled
        if n_sampled >= len(known):
            shape, counts = self._shape, _counts(known, n_sampled)
            time_s = self._product_s(counts, shape.vocab / self._n, shape.hidden) if shape.vocab else 0.0 * counts
            known += time_s.tolist()
        return known[n_sampled]

    def decode_s(self, n_decode: int) -> float:
        """Attention of n_decode generated tokens without what grows with context."""
        known = self._decode.get(n_decode)
        if known is None:
            law, heads = self._laws.decode, self._heads
            units = n_decode * heads.n_kv
            is_grouped = heads.n_query > heads.n_kv
            time_s = law.t0_s + law.unit_s * units
            if is_grouped and units < _SPLIT_BELOW_FRAC * self._peaks.n_processors:
                time_s += law.split_s
            if is_grouped and n_decode > 1 and heads.n_kv > 1:
                time_s += law.regroup_s
            known = self._decode[n_decode] = self._shape.n_layers * time_s
        return known

    def mixed_s(self, chunk: int, pairs: float, n_decode: int, context_sum: int) -> float:
        """Attention of an iteration with prompt tokens, seen as one chunk over the cached tokens its pairs tell.

        pairs: (token, context token) pairs of the chunk. context_sum: tokens the n_decode others see.
        """
        cached = max(pairs / chunk - 0.5 * (chunk + 1.0), 0.0)
        if self._laws.tile is not None:
            mean = context_sum / n_decode if n_decode else 0.0
            return self._shape.n_layers * self._tile_s(self._laws.tile, chunk, cached, n_decode, mean)
        seen = cached + chunk
        shared_s = self._pair_s * pairs + self._seen_s * seen + self._written_s * chunk
        walk_s, p = self._walk_s * seen, self._corner_p
        time_s = self._started_s + self._shape.n_layers * (shared_s**p + walk_s**p) ** self._corner_root
        if n_decode:
            time_s += (self._decode.get(n_decode) or self.decode_s(n_decode)) + self.context_s * context_sum
        return time_s

    def _tile_s(self, law: TileLaw, chunk: int, cached: float, n_decode: int, context: float) -> float:
        """`mixed_attention_s` of one iteration, in scalars because every iteration with a chunk asks for it."""
        heads, n, rows = self._heads, float(self._peaks.n_processors), law.tile_rows
        blocks = -(-chunk // rows)
        seen = cached + (0.5 * (chunk + rows) if chunk > rows else chunk)
        work = blocks * (seen + law.start_tokens) + n_decode * (context + law.start_tokens)
        longest = max(cached + chunk, context)
        one = 1.0 - 1.0 / n
        compute_s = law.step_s * max(heads.n_query * work / n + law.tail_frac * longest * one, longest)
        launched_s = law.block_s * (n_decode + 1.0) * heads.n_query * blocks
        if not n_decode:
            return law.t0_s + compute_s + launched_s
        group = heads.n_query / heads.n_kv
        reuse = group
        if n_decode * context * heads.token_bytes / heads.n_kv > self._peaks.cache_bytes:
            reuse = min(max(n // n_decode, 1.0), group)
        n_bytes = n_decode * context * heads.token_bytes * group / reuse
        memory_s = n_bytes / (law.memory_frac * self._peaks.mem_bw_bytes_s)
        return law.t0_s + (compute_s**4.0 + memory_s**4.0) ** 0.25 + launched_s

    def _compile_chunk(self, law: ChunkLaw) -> None:
        """Constants of `prompt_attention_s` for one chunk: per pair, token seen, token written, longest walk."""
        heads, peaks = self._heads, self._peaks
        bandwidth = law.memory_frac * peaks.mem_bw_bytes_s
        self._pair_s = 4.0 * heads.n_query * heads.head_dim / (law.compute_frac * peaks.flops)
        self._seen_s = heads.token_bytes / bandwidth
        self._written_s = 2.0 * _ACTIVATION_BYTES * heads.n_query * heads.head_dim / bandwidth
        self._walk_s = law.serial_s
        self._corner_p, self._corner_root = law.corner_p, 1.0 / law.corner_p
        self._started_s = self._shape.n_layers * (law.t0_s + law.head_s * heads.n_query)

    def _layer_s(self, tokens: Array) -> Array:
        shape, n, heads = self._shape, self._n, self._heads
        hidden, query, kv = shape.hidden, heads.n_query * heads.head_dim, heads.n_kv * heads.head_dim
        time_s = self._product_s(tokens, query + 2.0 * kv, hidden) + self._product_s(tokens, hidden, query)
        moved = [4.0 * hidden, 4.0 * (query + kv), 4.0 * hidden, 6.0 * hidden]
        if shape.has_qk_norm:
            moved += [4.0 * query, 4.0 * kv]
        if shape.ffn:
            time_s += self._product_s(tokens, 2.0 * shape.ffn / n, hidden)
            time_s += self._product_s(tokens, hidden, shape.ffn / n)
            moved.append(6.0 * shape.ffn / n)
        if shape.n_experts:
            time_s += self._experts_s(tokens)
            moved.append(6.0 * shape.expert_ffn * shape.n_active_experts / n)
        for size in moved:
            time_s = time_s + elementwise_s(self._laws.elementwise, self._peaks, tokens * size)
        return time_s + 2.0 * self._all_reduce_s(tokens * hidden * _ACTIVATION_BYTES) if n > 1 else time_s

    def _all_reduce_s(self, message_bytes: Array) -> Array:
        """By the measured law, or by the ring of the data sheet where no collectives were measured.

        A ring sends `2 (n-1)/n` of the message. Raises ModelRangeError when the link's rate would be exceeded.
        """
        link, law, n = self._link_bw_bytes_s, self._laws.collective, self._n
        if law is None:
            return np.asarray(ring_all_reduce_s(message_bytes, n, link, self._link_latency_s))
        time_s = np.asarray(all_reduce_s(law, link, n, message_bytes))
        check_link_rate(2.0 * (n - 1) / n * message_bytes, time_s, link, f"an all-reduce of {n} chips")
        return time_s

    def _product_s(self, m: Array, n: float, k: float) -> Array:
        n_bytes = product_bytes(m, n, k, self._shape.weight_bytes_per_param, _ACTIVATION_BYTES)
        return np.asarray(dense_s(self._laws.dense, self._peaks, product_flops(m, n, k), n_bytes))

    def _experts_s(self, tokens: Array) -> Array:
        """Two grouped products over the experts that any token chose, and their gate."""
        shape, n = self._shape, self._n
        weights = 3.0 * shape.hidden * shape.expert_ffn / n
        left_out = (1.0 - shape.n_active_experts / shape.n_experts) ** tokens
        n_bytes = shape.n_experts * (1.0 - left_out) * weights * shape.weight_bytes_per_param
        flops = 2.0 * tokens * shape.n_active_experts * weights
        grouped_s = np.asarray(dense_s(self._laws.dense, self._peaks, flops, n_bytes)) + self._laws.dense.t0_s
        return grouped_s + self._product_s(tokens, shape.n_experts, shape.hidden)


def _counts(known: list[float], wanted: int) -> Array:
    """The counts to compute next: up to the wanted one and on to a full block."""
    return np.arange(len(known), (wanted // _BLOCK + 1) * _BLOCK, dtype=np.float64)


def at_clock(laws: KernelLaws, clock_frac: float) -> KernelLaws:
    """The laws with the core clock at clock_frac of nominal: arithmetic slows, memory and links keep their rate."""
    dense = replace(laws.dense, compute_frac=laws.dense.compute_frac * clock_frac)
    chunk = laws.chunk and replace(
        laws.chunk, compute_frac=laws.chunk.compute_frac * clock_frac, serial_s=laws.chunk.serial_s / clock_frac
    )
    tile = laws.tile and replace(laws.tile, step_s=laws.tile.step_s / clock_frac)
    return replace(laws, dense=dense, chunk=chunk, tile=tile)
