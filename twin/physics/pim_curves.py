"""The ways to run a decode step on an accelerator and its computing memory, each as lines in the summed context."""

from __future__ import annotations

from dataclasses import dataclass

from twin.physics.pim import shared_ffn_s
from twin.physics.pim_memory import Mapping, Overlap
from twin.physics.pim_pieces import Curve, Line, Work


@dataclass(frozen=True, slots=True)
class Products:
    """Matrix products of a step on the accelerator: around attention, feed-forward with the vocabulary, the rest.

    rest_s: time per layer and collectives, which no bandwidth shortens.
    """

    around_s: float
    ffn_s: float
    rest_s: float
    flops: float
    n_bytes: float

    @property
    def total_s(self) -> float:
        """Seconds of all of it."""
        return self.around_s + self.ffn_s + self.rest_s

    def work(self) -> Work:
        """The same as work of the accelerator."""
        return Work(npu_s=self.total_s, flops=self.flops, n_bytes=self.n_bytes)


@dataclass(frozen=True, slots=True)
class Step:
    """Parts of a decode step of one batch size, and what a token of context adds on either side.

    beside: the products left to the accelerator when the memory attends; taken: those the memory takes over then.
    halves: both halves of the batch one after the other, for sub-batches. in_memory: the products inside the memory.
    outside, inside: attention of a context token on the accelerator and in the memory; their npu_s, pim_s are seconds.
    link: vectors to and from a separate memory. head_frac: one head's share of those on a device. fill_frac: share of
    an overlapped pass that fills and drains the two sub-batches.
    """

    host_s: float
    products: Products
    beside: Products
    taken: Work
    halves: Products | None
    in_memory: Work
    kept_bytes: float  # new keys and values, written whatever runs where
    outside: Work
    inside: Work
    link: Work
    head_frac: float
    fill_frac: float


def curves(step: Step, mapping: Mapping, overlap: Overlap) -> list[Curve]:
    """Every schedule of a mapping; the shorter one is run.

    Source: AttAcc (serial, head by head), NeuPIMs (two sub-batches), IANUS (products in memory), CENT (all in memory).
    """
    products = step.products
    if mapping == "none":
        return [_serial(step, "none", products.total_s, products.work(), step.outside)]
    if mapping == "attention":
        found = [_attention(step, overlap == "pipelined")]
        return [*found, _interleaved(step, step.halves)] if step.halves else found
    fixed = step.in_memory.plus(Work(npu_s=products.rest_s, n_bytes=step.kept_bytes))
    time_s = products.rest_s + step.in_memory.pim_s
    return [_serial(step, mapping, time_s, fixed, step.outside if mapping == "fc" else step.inside)]


def _serial(step: Step, mapping: Mapping, time_s: float, fixed: Work, per_context: Work) -> Curve:
    """Products, then attention."""
    line = step.host_s + time_s, per_context.npu_s + per_context.pim_s
    return Curve(mapping, (line,), fixed, per_context)


def _attention(step: Step, is_pipelined: bool) -> Curve:
    """Attention in memory after the products around it, or beside them head by head; the link hides, one head apart."""
    products, inside_s, link_s, h = step.beside, step.inside.pim_s, step.link.link_s, step.head_frac
    before_s = step.host_s + products.ffn_s + products.rest_s
    parts: list[Line] = [(0.0, inside_s), *([(link_s, 0.0)] if link_s else [])]
    if is_pipelined:
        parts.append((products.around_s, 0.0))
    else:
        before_s += products.around_s
    sum_s = sum(part[0] for part in parts)
    lines = {(before_s + (1.0 - h) * a + h * sum_s, (1.0 - h) * b + h * inside_s) for a, b in parts}
    return Curve("attention", tuple(sorted(lines)), products.work().plus(step.link).plus(step.taken), step.inside)


def _interleaved(step: Step, halves: Products) -> Curve:
    """Products of one half of the batch beside attention of the other, plus one layer of fill."""
    inside_s, link_s, f = step.inside.pim_s, step.link.link_s, step.fill_frac
    sum_s = halves.total_s + link_s
    lines = (
        (step.host_s + (1.0 - f) * halves.total_s + f * sum_s, f * inside_s),
        (step.host_s + (1.0 - f) * link_s + f * sum_s, inside_s),
    )
    return Curve("attention", lines, halves.work().plus(step.link), step.inside)


def with_shared_ffn(
    products: Products, roof_s: tuple[float, float], ffn: Work, rates: tuple[float, float], n_requests: int
) -> tuple[Products, Work]:
    """Products whose feed-forward the memory shares, and the work it takes over.

    roof_s: traffic and arithmetic time of the feed-forward. ffn: its operations and bytes. rates: what the memory
    reaches of bandwidth and arithmetic over what the accelerator reaches.
    """
    share = 1.0 - shared_ffn_s(roof_s[0], roof_s[1], rates, n_requests) / max(roof_s)
    ffn_s = (1.0 - share) * products.ffn_s
    flops, n_bytes = share * ffn.flops, share * ffn.n_bytes
    left = Products(products.around_s, ffn_s, products.rest_s, products.flops - flops, products.n_bytes - n_bytes)
    return left, Work(pim_s=ffn_s, pim_bytes=n_requests * n_bytes, macs=0.5 * flops)
