"""Iterations of an accelerator with a computing memory: who runs what, how long each is busy, seconds and watts."""

from __future__ import annotations

from math import ceil, sqrt

from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pim import LINK_J_PER_BIT, MAC_J, fill_frac
from twin.physics.pim_curves import Products, Step, curves, with_shared_ffn
from twin.physics.pim_memory import Mapping, PimLaw
from twin.physics.pim_pieces import Pieces, Work

_ROUNDING = 1.0 + 1e-9
_LINK_J_PER_BYTE = 8.0 * LINK_J_PER_BIT
_VECTOR_BYTES = 2.0  # queries, keys, values and outputs travel as 16-bit values
Load = tuple[float, float, float, float, float]
_Load = tuple[float, ...]  # pairs without and per context: seconds, arithmetic, bandwidth, inner bandwidth, joule
Booked = tuple[Mapping, float, float, Work]  # mapping, seconds, iterations, work


class PimIterationLaw(IterationLaw):
    """An iteration law with memory that computes: the fastest of the mappings it may choose from, step by step.

    With one mapping the choice is fixed; with several each iteration takes the shortest (the rule of PAPI and IANUS).
    Decode steps keep their closed form: per batch size the time is a chain of straight lines in the summed context.
    Prompt chunks run on the accelerator, decodes that share their iteration attend where the mapping says, and only
    `pim_only` runs prompts in the memory. Raises ModelRangeError when the memory alone would draw more than the TDP,
    or more than a peak would be achieved.
    """

    __slots__ = (
        "_attends",
        "_chains",
        "_inside",
        "_loads",
        "_pim_j_per_byte",
        "candidates",
        "head_frac",
        "last_booked",
        "pim",
    )

    def __init__(
        self,
        shape: ModelShape,
        chip: ChipLaw,
        pim: PimLaw,
        candidates: tuple[Mapping, ...],
        tensor_parallel: int = 1,
        clock_frac: float = 1.0,
    ) -> None:
        super().__init__(shape, chip, tensor_parallel, clock_frac)
        self.pim, self.candidates = pim, candidates
        self._check_memory()
        rereads = ceil(shape.n_heads / shape.n_kv_heads / pim.queries_per_row)
        traffic_s = rereads * self.context_bytes / (pim.inner_bw_bytes_s * pim.eff_inner_frac)
        # Attention of a context token in the memory when all channels are full.
        self._inside = Work(
            pim_s=max(traffic_s, self.context_flops / pim.mac_flops),
            pim_bytes=rereads * self.context_bytes,
            macs=0.5 * self.context_flops,
        )
        self.head_frac = 1.0 / max(1, shape.n_kv_heads // tensor_parallel)
        self._pim_j_per_byte = pim.j_per_byte
        self._chains: dict[int, Pieces] = {}
        self._loads: dict[int, list[_Load]] = {}
        self.last_booked: Booked = "none", 0.0, 0.0, Work()
        self._attends: dict[int, tuple[float, Work]] = {}

    def _check_memory(self) -> None:
        most_w = self.chip.idle_w + self.pim.most_w()
        if most_w > self.chip.tdp_w:
            raise ModelRangeError(
                f"idle and the memory at its full rate draw {most_w:.0f} W, the TDP is {self.chip.tdp_w:.0f} W",
                "pim",
                "lower eff_inner_frac to what the power allows",
            )
        if self.pim.is_linked and not {"fc", "pim_only"}.isdisjoint(self.candidates):
            raise ModelRangeError(
                "products cannot run in a memory behind a link: the weights lie in the accelerator's own",
                "pim",
                "choose the mapping attention or none",
            )

    def at_clock(self, clock_frac: float) -> PimIterationLaw:
        """The same with the accelerator's clock at clock_frac of nominal; the memory keeps its own."""
        return PimIterationLaw(self.shape, self.chip, self.pim, self.candidates, self.tensor_parallel, clock_frac)

    # What a step is made of

    def _host_s(self, n_sampled: float) -> float:
        return self.host_s + self.host_per_seq_s * n_sampled

    def _products(self, n_decode: int) -> Products:
        """The products of a step on the accelerator; those around attention by their share of the weights."""
        time_s, flops, n_bytes = super().iteration(0, 0.0, n_decode, 0)
        device_s = time_s - self._host_s(n_decode)
        rest_s = 0.0
        if self._kernels is None:
            rest_s = self._fixed_s - self.host_s + self._all_reduce_per_token_s * n_decode
        around_s = (device_s - rest_s) * self._around_frac(n_decode)
        return Products(around_s, device_s - rest_s - around_s, rest_s, flops, n_bytes)

    def _around_frac(self, n_tokens: float) -> float:
        shape = self.shape
        params = shape.n_layers * shape.hidden * (2 * shape.n_heads + 2 * shape.n_kv_heads) * shape.head_dim
        return params * shape.weight_bytes_per_param / shape.read_weight_bytes(n_tokens)

    def _in_memory(self, n_tokens: int, n_sampled: float) -> Work:
        """All products in the memory: weights once per `tokens_per_row` tokens, experts once per token."""
        shape, pim = self.shape, self.pim
        passes = ceil(n_tokens / pim.tokens_per_row)
        expert_params = 3 * shape.hidden * shape.expert_ffn * shape.n_active_experts * shape.n_layers
        params = passes * shape.always_params + ceil(n_sampled / pim.tokens_per_row) * shape.head_params
        n_bytes = (params + n_tokens * expert_params) * shape.weight_bytes_per_param / self.tensor_parallel
        flops = self._flops_per_token * n_tokens + self._head_flops * n_sampled
        time_s = max(n_bytes / (pim.inner_bw_bytes_s * pim.eff_inner_frac), flops / pim.mac_flops)
        return Work(pim_s=time_s, pim_bytes=n_bytes, macs=0.5 * flops)

    def _inside_at(self, n_decode: float) -> Work:
        """Attention of a context token in the memory, with the channels as full as so many requests fill them."""
        n_heads = max(1, self.shape.n_kv_heads // self.tensor_parallel)
        filled = fill_frac(n_decode * n_heads, self.pim.n_channels)
        return self._inside._replace(pim_s=self._inside.pim_s / filled)

    def _link(self, n_decode: int) -> Work:
        """Queries, keys and values out, outputs back, two transfers a layer."""
        shape, pim = self.shape, self.pim
        if not pim.is_linked:
            return Work()
        vectors = (2 * shape.n_heads + 2 * shape.n_kv_heads) * shape.head_dim / self.tensor_parallel
        n_bytes = _VECTOR_BYTES * n_decode * vectors * shape.n_layers
        time_s = n_bytes / pim.link_bw_bytes_s + 2 * shape.n_layers * pim.link_latency_s
        return Work(link_s=time_s, link_bytes=n_bytes)

    def _halves(self, n_decode: int) -> Products | None:
        if self.pim.overlap != "interleaved" or n_decode < 2:
            return None
        some, others = self._products(n_decode - n_decode // 2), self._products(n_decode // 2)
        return Products(
            some.around_s + others.around_s,
            some.ffn_s + others.ffn_s,
            some.rest_s + others.rest_s,
            some.flops + others.flops,
            some.n_bytes + others.n_bytes,
        )

    def _step(self, n_decode: int) -> Step:
        products = self._products(n_decode)
        beside, taken = self._shared(products, n_decode)
        return Step(
            host_s=self._host_s(n_decode),
            products=products,
            beside=beside,
            taken=taken,
            halves=self._halves(n_decode),
            in_memory=self._in_memory(n_decode, n_decode),
            kept_bytes=self._kv_bytes * n_decode,
            outside=Work(npu_s=self.context_s, flops=self.context_flops, n_bytes=self.context_bytes),
            inside=self._inside_at(n_decode),
            link=self._link(n_decode),
            head_frac=self.head_frac,
            fill_frac=0.5 / self.shape.n_layers,
        )

    def _shared(self, products: Products, n_decode: int) -> tuple[Products, Work]:
        """Products left to the accelerator and those taken by the memory, where it shares the feed-forward."""
        pim = self.pim
        if not pim.shares_ffn:
            return products, Work()
        part = 1.0 - self._around_frac(n_decode)
        flops, n_bytes = part * products.flops, part * (products.n_bytes - self._kv_bytes * n_decode)
        rates = (pim.inner_bw_bytes_s * pim.eff_inner_frac * self._memory_s, pim.mac_flops * self._compute_s)
        roof_s = n_bytes * self._memory_s, flops * self._compute_s
        return with_shared_ffn(products, roof_s, Work(flops=flops, n_bytes=n_bytes), rates, n_decode)

    def chain(self, n_decode: int) -> Pieces:
        """The pieces of decode steps of n_decode sequences; kept per batch size."""
        chain = self._chains.get(n_decode)
        if chain is None:
            step, overlap = self._step(n_decode), self.pim.overlap
            chain = Pieces([curve for mapping in self.candidates for curve in curves(step, mapping, overlap)])
            self._hold(chain)
            self._loads[n_decode] = [
                (piece.time_s, piece.context_s, *self._pairs(piece.fixed, piece.per_context)) for piece in chain.pieces
            ]
            self._chains[n_decode] = chain
        return chain

    def _hold(self, chain: Pieces) -> None:
        """No piece may achieve more than a peak: fractions change one way along it, so its ends are enough."""
        for piece, end in zip(chain.pieces, [*chain.starts[1:], 1e18], strict=True):
            for contexts in (piece.start, end):
                work = piece.fixed.over(1.0, piece.per_context, contexts)
                self._work_load(work, piece.time_s + piece.context_s * contexts)

    # Seconds, watts, busy units

    def iteration(
        self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int
    ) -> tuple[float, float, float]:
        """Seconds, and operations and bytes on the accelerator's own units and bus, of one iteration."""
        _, time_s, _, work = self.iteration_work(chunk_tokens, chunk_attention_pairs, n_decode, context_sum)
        return time_s, work.flops, work.n_bytes

    def iteration_work(
        self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int
    ) -> Booked:
        """Mapping, seconds and work of one iteration; arguments as `iteration`."""
        if not chunk_tokens:
            piece = self.chain(n_decode).at(context_sum)
            work = piece.fixed.over(1.0, piece.per_context, context_sum)
            return piece.mapping, piece.time_s + piece.context_s * context_sum, 1, work
        chunk = chunk_tokens, chunk_attention_pairs
        if len(self.candidates) == 1:
            return self._mixed(self.candidates[0], chunk, n_decode, context_sum)
        ways = [self._mixed(mapping, chunk, n_decode, context_sum) for mapping in self.candidates]
        return min(ways, key=lambda way: way[1])

    def _mixed(self, mapping: Mapping, chunk: tuple[int, float], n_decode: int, context_sum: int) -> Booked:
        """An iteration with prompt tokens; chunk: those tokens, and the (token, context) pairs they attend."""
        if mapping == "pim_only":
            return self._all_inside(chunk, n_decode, context_sum)
        (tokens, pairs), pim = chunk, self.pim
        is_inside = mapping == "attention" and n_decode > 0
        time_s, flops, n_bytes = super().iteration(tokens, pairs, n_decode, 0 if is_inside else context_sum)
        host_s = self._host_s(n_decode + 1)
        npu_s, link_s, link_bytes = time_s - host_s, 0.0, 0.0
        if pim.is_linked and mapping == "attention":  # new keys and values go to the other memory
            link_bytes = self._kv_bytes * tokens
            link_s = link_bytes / pim.link_bw_bytes_s
            time_s = max(time_s, host_s + link_s)
        if not is_inside:
            return "none", time_s, 1, Work(npu_s, 0.0, link_s, flops, n_bytes, 0.0, 0.0, link_bytes)
        per_context_s, link = self._attend(n_decode)
        pim_s = per_context_s * context_sum
        longer, shorter = (pim_s, link.link_s) if pim_s > link.link_s else (link.link_s, pim_s)
        inside_s = longer + self.head_frac * shorter
        if pim.runs_beside:  # prompts attend on the accelerator meanwhile
            if self._kernels is None:
                inside_s -= self._pair_flops * pairs * self._compute_s
            else:
                inside_s -= npu_s + host_s - super().iteration(tokens, 0.0, n_decode, 0)[0]
        pim_bytes, macs = self._inside.pim_bytes * context_sum, self._inside.macs * context_sum
        work = Work(npu_s, pim_s, link_s + link.link_s, flops, n_bytes, pim_bytes, macs, link_bytes + link.link_bytes)
        return "attention", time_s + inside_s if inside_s > 0.0 else time_s, 1, work

    def _attend(self, n_decode: int) -> tuple[float, Work]:
        """Seconds of a context token in the memory and the work of the link; kept per batch size."""
        known = self._attends.get(n_decode)
        if known is None:
            known = self._attends[n_decode] = self._inside_at(n_decode).pim_s, self._link(n_decode)
        return known

    def _all_inside(self, chunk: tuple[int, float], n_decode: int, context_sum: int) -> Booked:
        """An iteration wholly in the memory: a prompt's tokens read their context one by one."""
        tokens, pairs = chunk
        n_tokens = tokens + n_decode
        rest = self._products(n_tokens).rest_s
        attention = Work().over(0.0, self._inside_at(n_decode + 1), pairs + context_sum)
        work = self._in_memory(n_tokens, n_decode + 1).plus(attention)
        work = work.plus(Work(npu_s=rest, n_bytes=self._kv_bytes * n_tokens))
        return "pim_only", self._host_s(n_decode + 1) + rest + work.pim_s, 1, work

    def iteration_load(self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int) -> Load:
        """Seconds, watts per accelerator, fractions of peak arithmetic and bandwidth, host share of an iteration."""
        booked = self.iteration_work(chunk_tokens, chunk_attention_pairs, n_decode, context_sum)
        self.last_booked = booked  # whoever asked may want it, and it costs as much as the load
        _, time_s, _, work = booked
        host_s = self._host_s(n_decode + 1 if chunk_tokens else n_decode)
        return time_s, *self._work_load(work, time_s), host_s / time_s

    def stretch_load(self, n_decode: int, context_sum: int, n_steps: int) -> Load:
        """What `iteration_load` gives, over n_steps pure-decode steps, in closed form."""
        chain = self._chains.get(n_decode) or self.chain(n_decode)
        loads, starts = self._loads[n_decode], chain.starts
        time_s = compute_s = memory_s = inner_s = dynamic_j = 0.0
        i, last = chain.index_at(context_sum), len(starts) - 1
        steps_left = n_steps
        while steps_left > 0:
            k = steps_left if i == last else min(steps_left, -((context_sum - starts[i + 1]) // n_decode))
            if k > 0:
                steps = float(k)
                contexts = steps * (context_sum + 0.5 * (n_decode * (k - 1)))
                a, at, b, bt, c, ct, d, dt, e, et = loads[i]
                time_s += steps * a + contexts * at
                compute_s += steps * b + contexts * bt
                memory_s += steps * c + contexts * ct
                inner_s += steps * d + contexts * dt
                dynamic_j += steps * e + contexts * et
                context_sum += k * n_decode
                steps_left -= k
            i += 1
        accel_w = self.idle_w + dynamic_j / time_s
        if accel_w > self._tdp_w:
            accel_w = self._tdp_w
        widest_s = memory_s if memory_s > inner_s else inner_s
        return time_s, accel_w, compute_s / time_s, widest_s / time_s, n_steps * self._host_s(n_decode) / time_s

    def stretch_work(self, n_decode: int, context_sum: int, n_steps: int) -> list[Booked]:
        """Mapping, seconds, steps and work of each piece that n_steps decode steps pass."""
        return [
            (
                piece.mapping,
                k * piece.time_s + contexts * piece.context_s,
                k,
                piece.fixed.over(k, piece.per_context, contexts),
            )
            for piece, k, contexts in (self._chains.get(n_decode) or self.chain(n_decode)).spans(
                n_decode, context_sum, n_steps
            )
        ]

    def steps_in(self, n_decode: int, context_sum: int, elapsed_s: float) -> float:
        """Decode steps, not rounded, that take elapsed_s: piece by piece, a quadratic in the last."""
        chain, done = self.chain(n_decode), 0
        while True:
            i = chain.index_at(context_sum)
            piece = chain.pieces[i]
            if i + 1 < len(chain.starts):
                k = -((context_sum - chain.starts[i + 1]) // n_decode)
                whole_s = k * (piece.time_s + piece.context_s * (context_sum + 0.5 * (n_decode * (k - 1))))
                if whole_s <= elapsed_s:
                    elapsed_s -= whole_s
                    done += k
                    context_sum += k * n_decode
                    continue
            b_s = piece.context_s * n_decode
            linear_s = piece.time_s + piece.context_s * context_sum - 0.5 * b_s
            return done + 2.0 * elapsed_s / (linear_s + sqrt(linear_s * linear_s + 2.0 * b_s * elapsed_s))

    # Watts

    def _peaks(self, work: Work) -> tuple[float, float, float, float]:
        """Seconds the work takes at peak (arithmetic, bandwidth, bandwidth inside) and its energy above idle.

        That energy is of the accelerator's own units and bus, of the memory by level, and of the link.
        """
        pim_bytes = work.pim_bytes
        compute_s, memory_s = work.flops * self._compute_frac_s, work.n_bytes * self._memory_frac_s
        dynamic_j = self._compute_w * compute_s + self._memory_w * memory_s
        if pim_bytes or work.link_bytes:
            dynamic_j += pim_bytes * self._pim_j_per_byte + work.macs * MAC_J + work.link_bytes * _LINK_J_PER_BYTE
        return compute_s, memory_s, pim_bytes / self.pim.inner_bw_bytes_s, dynamic_j

    def _pairs(self, fixed: Work, per_context: Work) -> list[float]:
        """Seconds at each peak and joule, without context and per context token in turn."""
        ends = [self._peaks(work) for work in (fixed, per_context)]
        return [value for pair in zip(*ends, strict=True) for value in pair]

    def _work_load(self, work: Work, time_s: float) -> tuple[float, float, float]:
        """Mean watts per accelerator with its memory, and fractions of peak; the busier of the two bandwidths."""
        compute_s, memory_s, inner_s, dynamic_j = self._peaks(work)
        compute_frac, memory_frac, inner_frac = compute_s / time_s, memory_s / time_s, inner_s / time_s
        if inner_frac > _ROUNDING:
            raise ModelRangeError(
                f"{inner_frac:.3f} of the bandwidth inside the memory would be achieved over {time_s:.3e} s",
                "pim",
                "check eff_inner_frac of the sheet",
            )
        if compute_frac > self._most_compute_frac or memory_frac > _ROUNDING:
            raise self._above_peak(compute_frac, memory_frac, time_s)
        accel_w = self.idle_w + dynamic_j / time_s
        return min(accel_w, self._tdp_w), compute_frac, max(memory_frac, inner_frac)
