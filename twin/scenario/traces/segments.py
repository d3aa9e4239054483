"""Traces whose clock starts again in the middle of the file: find the places, take one part, or join them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.errors import DocumentError

Part = int | Literal["joined"]

# A restart throws the clock back by a good part of all it has shown; rows that are merely late do not.
_LEAST_JUMP_NS = 3600 * 10**9
_LEAST_JUMP_OF_SPAN = 0.5
# A file in no order at all goes back again and again: it is to be sorted, not cut into pieces.
_MOST_LATE_FRAC = 0.1
_MAX_NS = 2**62


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of rows on one clock."""

    first_line: int  # of its first usable row in the file
    n_requests: int
    span_s: float


def segment_starts(arrival_ns: np.ndarray) -> list[int]:
    """Rows at which the clock starts again, row 0 included; `arrival_ns` (n,) in the order of the file, n >= 1."""
    starts = [0]
    for row in np.flatnonzero(np.diff(arrival_ns) < -_LEAST_JUMP_NS) + 1:
        before = arrival_ns[starts[-1] : row]
        span_ns = int(before.max()) - int(before.min())
        if int(before[-1]) - int(arrival_ns[row]) > _LEAST_JUMP_OF_SPAN * span_ns:
            starts.append(int(row))
    return starts if n_late(arrival_ns, starts) <= _MOST_LATE_FRAC * len(arrival_ns) else [0]


def n_late(arrival_ns: np.ndarray, starts: list[int]) -> int:
    """Rows that arrive before one that stands above them in the same segment."""
    parts = np.split(arrival_ns, starts[1:])
    return sum(int(np.count_nonzero(part < np.maximum.accumulate(part))) for part in parts)


def segments(arrival_ns: np.ndarray, lines: np.ndarray, starts: list[int]) -> tuple[Segment, ...]:
    """What stands between the restarts."""
    parts = np.split(arrival_ns, starts[1:])
    return tuple(
        Segment(int(lines[start]), len(part), float((part.max() - part.min()) / 1e9))
        for start, part in zip(starts, parts, strict=True)
    )


def chosen_rows(part: Part, starts: list[int], n_rows: int, where: str) -> slice:
    """The rows of segment `part`, or all of them. Errors: DocumentError when there is no such segment."""
    if part == "joined":
        return slice(0, n_rows)
    if not 0 <= part < len(starts):
        what = f"segment {part} asked for, but the file has {len(starts)}, counted from 0"
        raise DocumentError(what, where, "give one it has, or `joined` for all in a row")
    return slice(starts[part], [*starts, n_rows][part + 1])


def joined_ns(arrival_ns: np.ndarray, starts: list[int], gap_s: float, where: str) -> np.ndarray:
    """All segments on the clock of the first: each begins `gap_s` after the last arrival of the one before."""
    result = arrival_ns.copy()
    end_ns = 0
    for i, start in enumerate(starts):
        stop = [*starts, len(arrival_ns)][i + 1]
        first_ns, last_ns = int(arrival_ns[start:stop].min()), int(arrival_ns[start:stop].max())
        begin_ns = end_ns + round(gap_s * 1e9) if i else first_ns
        end_ns = begin_ns + last_ns - first_ns
        if end_ns >= _MAX_NS:
            raise DocumentError("the joined segments last longer than 146 years", where, "take one segment")
        # In this order no number leaves 64 bits on the way.
        result[start:stop] = arrival_ns[start:stop] - first_ns + begin_ns
    return result
