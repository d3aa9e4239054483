"""One stage of a model: its layers on the chips of one attention rank, its experts, its hand-over to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.physics.chip import ChipLaw
from twin.physics.experts import ExpertTimes, all_to_all_bytes
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.roofline import ring_all_reduce_s
from twin.physics.spread import Spread
from twin.physics.transfer import all_gather_s, check_link_rate, transfer_s

HANDED_OVER = 2
"""Vectors of width `hidden` a stage hands over per token: hidden state and residual, as vLLM's models do."""

_ACTIVATION_BYTES = 2.0


@dataclass(frozen=True, slots=True)
class StageLink:
    """What carries activations from a chip of one stage to its partner in the next: one direction, start-up."""

    bw_bytes_s: float
    latency_s: float
    every: int = 1  # it carries every so manyth hand-over, the others stay between sister chips


class StageLaw:
    """Seconds and bytes of one micro-batch in one stage, for the attention rank that has most of it.

    Time is host, layers, experts and, where another stage follows, the hand-over, one after the other: each of the
    tensor chips sends its part of the activations, and those of the next stage gather the parts. The last stage sends
    token numbers back to the first, for which only the start-up counts. Bytes are those of the mean chip.
    Source: vLLM v1, GroupCoordinator.send_tensor_dict (vllm/distributed/parallel_state.py), for what is sent.
    """

    __slots__ = ("_chip", "_experts", "_is_last", "_law", "_link", "_shape", "_spread", "context_s")

    def __init__(
        self, shape: ModelShape, chip: ChipLaw, spread: Spread, clock_frac: float, link: StageLink, is_last: bool
    ) -> None:
        self._chip, self._spread, self._link, self._is_last = chip, spread, link, is_last
        self._shape = shape
        self._experts = None
        if spread.is_expert_parallel:
            self._experts = ExpertTimes(shape, chip, spread.stage_chips, spread.data, clock_frac)
            shape = replace(shape, n_experts=0, n_active_experts=0, expert_ffn=0)  # the rest of the stage
        self._law = IterationLaw(shape, chip, spread.tensor, clock_frac)
        self.context_s = self._law.context_s

    def cost(
        self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int, n_routed: int
    ) -> tuple[float, float]:
        """Seconds and bytes of a micro-batch; n_routed: its tokens on all ranks, the others as in `iteration`."""
        time_s, _, n_bytes = self._law.iteration(chunk_tokens, chunk_attention_pairs, n_decode, context_sum)
        n_rank = chunk_tokens + n_decode
        if self._experts is not None:
            time_s += self._experts.seconds(n_routed, n_rank)
            n_bytes += self._experts.read_bytes(n_routed)
        if self._spread.pipeline > 1:
            time_s += self.hand_over_s(n_rank)
        return time_s, n_bytes

    def collectives(self, n_tokens: int) -> tuple[float, float]:
        """Bytes a chip sends to others of its stage for n_tokens of each rank, and the seconds it waits for them."""
        shape, chip, n = self._shape, self._chip, self._spread.tensor
        message_bytes = _ACTIVATION_BYTES * shape.hidden * n_tokens
        sent_bytes = 2 * shape.n_layers * message_bytes * 2.0 * (n - 1) / n
        ring_s = 0.0
        if n > 1:
            ring_s = float(ring_all_reduce_s(message_bytes, n, chip.link_bw_bytes_s, chip.link_latency_s))
        waited_s = 2 * shape.n_layers * ring_s
        if self._experts is not None and self._spread.data > 1:
            sent_bytes += 2 * shape.n_layers * all_to_all_bytes(n_tokens / n, shape, self._spread.stage_chips)
            waited_s += 2 * shape.n_layers * self._experts.all_to_all_s(n_tokens / n)
        return sent_bytes, waited_s

    @property
    def link_bw_bytes_s(self) -> float:
        """Rate of the link its hand-over takes, in one direction."""
        return self._link.bw_bytes_s

    def handed_over_bytes(self, n_tokens: int) -> float:
        """Bytes each chip hands over to the next stage for n_tokens of its rank."""
        return (
            0.0
            if self._is_last
            else HANDED_OVER * _ACTIVATION_BYTES * self._shape.hidden * n_tokens / self._spread.tensor
        )

    def hand_over_s(self, n_tokens: int) -> float:
        """Time until the next stage has the activations of n_tokens."""
        if self._is_last:
            return self._link.latency_s
        chip, n, link = self._chip, self._spread.tensor, self._link
        part_bytes = self.handed_over_bytes(n_tokens)
        sent_s = float(transfer_s(part_bytes, link.bw_bytes_s, link.latency_s))
        check_link_rate(part_bytes, sent_s, link.bw_bytes_s, "a hand-over between stages")
        return sent_s + float(all_gather_s(n * part_bytes, n, chip.link_bw_bytes_s, chip.link_latency_s))
