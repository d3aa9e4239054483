"""Decode steps as pieces: between two context sums one mapping is the fastest and its time is a straight line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from twin.physics.pim_memory import Mapping

Line = tuple[float, float]  # seconds without context, seconds per context token


class Work(NamedTuple):
    """What an accelerator, its computing memory and the link between them do: seconds busy, operations, bytes."""

    npu_s: float = 0.0
    pim_s: float = 0.0
    link_s: float = 0.0
    flops: float = 0.0
    n_bytes: float = 0.0  # between accelerator and its memory
    pim_bytes: float = 0.0  # inside the memory, repeated reads included
    macs: float = 0.0
    link_bytes: float = 0.0

    def plus(self, other: Work) -> Work:
        """The sum of this and the other."""
        return Work(*[a + b for a, b in zip(self, other, strict=True)])

    def over(self, n_steps: float, per_context: Work, contexts: float) -> Work:
        """Of n_steps steps that attend so many context tokens together."""
        # Written out: this is done for every stretch of a replica, and a loop takes three times as long.
        a, b, c, d, e, f, g, h = self
        at, bt, ct, dt, et, ft, gt, ht = per_context
        return Work(
            n_steps * a + contexts * at,
            n_steps * b + contexts * bt,
            n_steps * c + contexts * ct,
            n_steps * d + contexts * dt,
            n_steps * e + contexts * et,
            n_steps * f + contexts * ft,
            n_steps * g + contexts * gt,
            n_steps * h + contexts * ht,
        )


@dataclass(frozen=True, slots=True)
class Curve:
    """One way to run a decode step: its time is the highest of the lines, its work linear in the context."""

    mapping: Mapping
    lines: tuple[Line, ...]
    fixed: Work
    per_context: Work

    def time_s(self, context_sum: float) -> float:
        """Seconds of the step."""
        return max([a + b * context_sum for a, b in self.lines])


@dataclass(frozen=True, slots=True)
class Piece:
    """Steps from a context sum on, until the next piece: `time_s + context_s x contexts`."""

    start: int
    mapping: Mapping
    time_s: float
    context_s: float
    fixed: Work
    per_context: Work


class Pieces:
    """The pieces of one batch size, in order of their context sums."""

    __slots__ = ("pieces", "starts")

    def __init__(self, curves: Sequence[Curve]) -> None:
        self.pieces = _pieces(curves)
        self.starts = [piece.start for piece in self.pieces]

    def at(self, context_sum: int) -> Piece:
        """The piece of a step."""
        return self.pieces[self.index_at(context_sum)]

    def index_at(self, context_sum: int) -> int:
        """Its place in the chain."""
        return bisect_right(self.starts, context_sum) - 1

    def spans(self, n_decode: int, context_sum: int, n_steps: int) -> list[tuple[Piece, int, float]]:
        """The pieces that n_steps steps pass: each with its steps and the context tokens these attend together.

        context_sum: of the first step; each later step attends n_decode more.
        """
        starts, i, found = self.starts, self.index_at(context_sum), []
        last = len(starts) - 1
        while n_steps > 0:
            k = n_steps if i == last else min(n_steps, -((context_sum - starts[i + 1]) // n_decode))
            if k > 0:
                found.append((self.pieces[i], k, k * (context_sum + 0.5 * (n_decode * (k - 1)))))
                context_sum += k * n_decode
                n_steps -= k
            i += 1
        return found


def _pieces(curves: Sequence[Curve]) -> list[Piece]:
    """The fastest curve and its highest line in each interval between crossings of lines."""
    lines = sorted({line for curve in curves for line in curve.lines})
    crossings = {
        (c - a) / (b - d) for i, (a, b) in enumerate(lines) for c, d in lines[:i] if b != d and (c - a) / (b - d) > 0.0
    }
    edges = [0.0, *sorted(crossings)]
    found: list[Piece] = []
    chosen: tuple[int, Line] | None = None
    for i, start in enumerate(edges):
        middle = 0.5 * (start + edges[i + 1]) if i + 1 < len(edges) else 2.0 * start + 1e9
        best = min(range(len(curves)), key=lambda j: curves[j].time_s(middle))
        curve = curves[best]
        line = max(curve.lines, key=lambda one: one[0] + one[1] * middle)
        if (best, line) == chosen:
            continue
        chosen = best, line
        piece = Piece(ceil(start), curve.mapping, *line, curve.fixed, curve.per_context)
        if found and found[-1].start == piece.start:  # no whole number of tokens lies in the one before
            found.pop()
        found.append(piece)
    return found
