"""The iteration law of a replica spread over stages, ranks and experts: rounds of micro-batches in a ring of stages."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.spread import Spread
from twin.physics.stage import StageLaw, StageLink
from twin.physics.watts import watts_at_clock

Round = tuple[float, float, float, float, float]  # seconds, seconds per context token, flops, bytes, host seconds


class SpreadLaw(IterationLaw):
    """A model on tensor x pipeline x data chips; operations and bytes are per chip, averaged over all of them.

    An iteration is one *round*: every micro-batch passes every stage once, and every running sequence gets one token.
    n sequences are dealt evenly over p micro-batches and d ranks, so that the fullest slot holds `b = ceil(n / (p d))`.
    Micro-batches go round the stages in a fixed order, none overtakes, and a stage works on one at a time. In such a
    ring a round takes as long as its critical cycle, either the largest micro-batch through all stages or all
    micro-batches through the slowest stage:
    `T = max( sum_i s_i(largest), sum_j max_i s_i(micro-batch j) )`.
    Decode: `m = min(p, ceil(n/d))` equal micro-batches, `T = max(sum_i s_i(b), m max_i s_i(b))`; constant and context
    term are bounded apart, so T stays `a(n) + c(n) sum of contexts` (exact when p divides the layers or n >= p d).
    Contexts are taken as evenly dealt. With prompts: chunks fill the token budget B of a slot first come, first
    served, `min(C, B - b)` tokens in the largest; the other micro-batches of the round carry decodes alone. Rounds
    follow each other without draining: right for a prompt of up to B tokens, alone or in a crowd, and for a stream of
    prompts; a prompt longer than B and alone in the pipeline would take up to p - 1 stage times longer to come out.
    With ranks, a prompt longer than B is taken as dealt over several of them, which is early by as many iterations.
    With p = d = 1 and experts sliced it is `IterationLaw`.
    Source: max-plus cycle time of a closed ring, Baccelli, Cohen, Olsder, Quadrat, Synchronization and Linearity, 1992,
    theorem 3.23; micro-batches in flight as in vLLM v1 (batch queue of the engine core) and SGLang.
    """

    __slots__ = (
        "_context_flops",
        "_context_read_bytes",
        "_micro_batch_tokens",
        "_rounds",
        "_sample_flops",
        "_stages",
        "_token_flops",
        "link",
        "spread",
    )

    def __init__(
        self,
        shape: ModelShape,
        chip: ChipLaw,
        spread: Spread,
        micro_batch_tokens: int,
        clock_frac: float = 1.0,
        link: StageLink | None = None,
    ) -> None:
        """micro_batch_tokens: token budget of a slot; link: between stages, none: that between sister chips."""
        spread.check(shape)
        if spread.n_chips > 1 and chip.link_bw_bytes_s <= 0.0:
            raise ModelRangeError(
                f"{spread.n_chips} accelerators share a model but link_bw_bytes_s is {chip.link_bw_bytes_s}",
                "accelerator",
                "give the link bandwidth of the accelerator",
            )
        super().__init__(shape, chip, spread.tensor, clock_frac)
        if self._awake_w is not None and chip.watts is not None and spread.tensor == 1 < spread.n_chips:
            self._awake_w -= watts_at_clock(chip.watts, clock_frac).waiting_w  # its chips wait for each other as well
        self.spread, self._micro_batch_tokens = spread, micro_batch_tokens
        self.link = link or StageLink(chip.link_bw_bytes_s, chip.link_latency_s)
        self._stages = self._built_stages()
        share = spread.tensor * spread.slots
        self._token_flops = shape.flops_per_token / share
        self._sample_flops = shape.head_flops_per_sample / share
        self._context_flops = shape.attention_flops_per_pair / share
        self._context_read_bytes = shape.kv_bytes_per_token_on_each(spread.tensor) / spread.slots
        self._rounds: dict[int, Round] = {}

    def _built_stages(self) -> list[tuple[StageLaw, int]]:
        """Each kind of stage and how many there are of it: only the last has the vocabulary head."""
        layers = self.spread.stage_layers(self.shape.n_layers)
        chip, clock_frac = self.chip, self.clock_frac
        inner = StageLink(chip.link_bw_bytes_s, chip.link_latency_s)
        kinds: dict[tuple[int, bool, StageLink], int] = {}
        for i, n in enumerate(layers):
            is_last = i == len(layers) - 1  # it answers to the first, over the same link as any that leaves its server
            key = n, is_last, self.link if is_last or (i + 1) % self.link.every == 0 else inner
            kinds[key] = kinds.get(key, 0) + 1
        return [
            (StageLaw(_stage(self.shape, n, is_last), chip, self.spread, clock_frac, link, is_last), count)
            for (n, is_last, link), count in kinds.items()
        ]

    @property
    def stages(self) -> list[StageLaw]:
        """One of each kind of stage."""
        return [law for law, _ in self._stages]

    @property
    def micro_batch_tokens(self) -> int:
        """Token budget of one micro-batch on one rank."""
        return self._micro_batch_tokens

    def at_clock(self, clock_frac: float) -> SpreadLaw:
        """The same with the core clock at clock_frac of nominal on every chip."""
        return SpreadLaw(self.shape, self.chip, self.spread, self._micro_batch_tokens, clock_frac, self.link)

    def iteration(
        self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int
    ) -> tuple[float, float, float]:
        """Seconds of a round, operations and bytes of the mean chip in it; arguments as in `IterationLaw`."""
        if not chunk_tokens:
            step_s, context_s, flops, n_bytes, _ = self._rounds.get(n_decode) or self._round(n_decode)
            flops += self._context_flops * context_sum
            return step_s + context_s * context_sum, flops, n_bytes + self._context_read_bytes * context_sum
        return self._mixed(chunk_tokens, chunk_attention_pairs, n_decode, context_sum)[:3]

    def iteration_load(
        self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int
    ) -> tuple[float, float, float, float, float]:
        """Seconds, watts per chip, fractions of peak arithmetic and bandwidth, host share; all averaged over chips."""
        if not chunk_tokens:
            return self.stretch_load(n_decode, context_sum, 1)
        time_s, flops, n_bytes, host_s = self._mixed(chunk_tokens, chunk_attention_pairs, n_decode, context_sum)
        return time_s, *self.load(flops, n_bytes, time_s), host_s / time_s

    def stretch_load(self, n_decode: int, context_sum: int, n_steps: int) -> tuple[float, float, float, float, float]:
        """What `iteration_load` gives, over n_steps rounds of the same n_decode sequences, in closed form."""
        step_s, context_s, flops, n_bytes, host_s = self._rounds.get(n_decode) or self._round(n_decode)
        steps = float(n_steps)
        contexts = steps * (context_sum + 0.5 * (n_decode * (n_steps - 1)))
        time_s = steps * step_s + context_s * contexts
        flops = steps * flops + self._context_flops * contexts
        n_bytes = steps * n_bytes + self._context_read_bytes * contexts
        return time_s, *self.load(flops, n_bytes, time_s), steps * host_s / time_s

    def steps_in(self, n_decode: int, context_sum: int, elapsed_s: float) -> float:
        """Rounds, not rounded, that take elapsed_s; solved as in `IterationLaw`, with the slope of this batch size."""
        step_s, context_s, _, _, _ = self._rounds.get(n_decode) or self._round(n_decode)
        b_s = context_s * n_decode
        linear_s = step_s + context_s * context_sum - 0.5 * b_s
        return 2.0 * elapsed_s / (linear_s + sqrt(linear_s * linear_s + 2.0 * b_s * elapsed_s))

    def _round(self, n: int) -> Round:
        """A pure-decode round of n sequences, kept per n: without context, and what each context token adds."""
        spread = self.spread
        fullest = -(-n // spread.slots)
        m = min(spread.pipeline, -(-n // spread.data))
        costs = [(*law.cost(0, 0.0, fullest, 0, -(-n // m)), count, law.context_s) for law, count in self._stages]
        through_s = sum([count * time_s for time_s, _, count, _ in costs])
        step_s = max(through_s, m * max([cost[0] for cost in costs]))
        through_context_s = sum([count * context_s for _, _, count, context_s in costs])
        context_s = max(through_context_s, m * max([cost[3] for cost in costs])) * (fullest / n)
        n_bytes = m * sum([count * n_bytes for _, n_bytes, count, _ in costs]) / spread.pipeline
        flops = (self._token_flops + self._sample_flops) * n
        host_s = m * (self.host_s + self.host_per_seq_s * fullest)
        self.load(flops, n_bytes, step_s)
        known = self._rounds[n] = step_s, context_s, flops, n_bytes, host_s
        return known

    def _mixed(self, chunk: int, pairs: float, n: int, context_sum: int) -> tuple[float, float, float, float]:
        """Seconds, operations, bytes and host seconds of a round with prompt tokens."""
        spread = self.spread
        p, d = spread.pipeline, spread.data
        fullest = -(-n // spread.slots)
        largest = max(-(-chunk // spread.slots), min(chunk, self._micro_batch_tokens - fullest))
        n_full = min(p, -(-chunk // (d * largest)))
        m = max(n_full, min(p, -(-n // d)))
        decodes = -(-n // m)  # of one micro-batch on all ranks
        seen = context_sum * fullest // n if n else 0
        full = (largest, pairs * largest / chunk, fullest, seen, min(chunk, d * largest) + decodes)
        full_s, slowest_s, n_bytes = self._passed(full)
        busy_s, n_bytes = n_full * slowest_s, n_full * n_bytes
        host_s = n_full * (self.host_s + self.host_per_seq_s * (fullest + 1))
        if rest := m - n_full:
            _, small_s, small_bytes = self._passed((0, 0.0, fullest, seen, decodes))
            busy_s, n_bytes = busy_s + rest * small_s, n_bytes + rest * small_bytes
            host_s += rest * (self.host_s + self.host_per_seq_s * fullest)
        flops = self._token_flops * (chunk + n) + self._sample_flops * (n + 1)
        return max(full_s, busy_s), flops + self._context_flops * (pairs + context_sum), n_bytes, host_s

    def _passed(self, micro_batch: tuple[int, float, int, int, int]) -> tuple[float, float, float]:
        """A micro-batch through all stages: seconds, those of the slowest stage, bytes of the mean stage."""
        costs = [(*law.cost(*micro_batch), count) for law, count in self._stages]
        through_s = sum([count * time_s for time_s, _, count in costs])
        slowest_s = max([time_s for time_s, _, _ in costs])
        return through_s, slowest_s, sum([count * n_bytes for _, n_bytes, count in costs]) / self.spread.pipeline


def _stage(shape: ModelShape, n_layers: int, has_head: bool) -> ModelShape:
    return replace(shape, n_layers=n_layers, vocab=shape.vocab if has_head else 0)
