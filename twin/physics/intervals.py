"""Sets of disjoint intervals of time, as sorted arrays: unions, k of n at once, and what is left after a grace time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from twin.physics import FloatArray


class Intervals(NamedTuple):
    """When something was so: sorted, disjoint, not touching; start and end are (m,) in one unit of time."""

    start: FloatArray
    end: FloatArray

    @property
    def lengths(self) -> FloatArray:
        """(m,) length of each."""
        return self.end - self.start

    @property
    def total(self) -> float:
        """Time in all of them."""
        return float(self.lengths.sum())


NEVER = Intervals(np.zeros(0), np.zeros(0))


def at_least(sets: Sequence[Intervals], k: int) -> Intervals:
    """When at least k of the sets hold at once: k = 1 is their union, k = len(sets) their intersection.

    sets: each of any length, disjoint in itself; 1 <= k. Intervals that touch come out as one.
    Source: sweep over all ends sorted by time, counting how many hold.

    >>> a, b = Intervals(np.array([0., 10.]), np.array([4., 12.])), Intervals(np.array([2.]), np.array([6.]))
    >>> [[list(map(float, part)) for part in at_least([a, b], k)] for k in (1, 2)]
    [[[0.0, 10.0], [6.0, 12.0]], [[2.0], [4.0]]]
    """
    held = [one for one in sets if len(one.start)]
    if len(held) < k:
        return NEVER
    if len(held) == 1:
        return held[0]
    starts, ends = np.concatenate([one.start for one in held]), np.concatenate([one.end for one in held])
    times = np.concatenate([starts, ends])
    # Starts come first and the sort is stable, so what touches is joined.
    order = np.argsort(times, kind="stable")
    holds = np.cumsum(np.where(order < len(starts), 1, -1)) >= k
    edge = np.diff(holds.astype(np.int8), prepend=np.int8(0))
    found = Intervals(times[order[edge > 0]], times[order[edge < 0]])
    is_real = found.end > found.start
    return found if is_real.all() else Intervals(found.start[is_real], found.end[is_real])


def after_grace(one: Intervals, grace: FloatArray | float) -> Intervals:
    """What is left of each interval when its first part does not count.

    grace: (m,) or one for all, >= 0.

    >>> [list(map(float, part)) for part in after_grace(Intervals(np.array([0., 5.]), np.array([1., 9.])), 2.0)]
    [[7.0], [9.0]]
    """
    start = one.start + grace
    is_left = one.end > start
    return Intervals(start[is_left], one.end[is_left])


def within(one: Intervals, horizon: float) -> Intervals:
    """The part of a set that lies in 0 to horizon."""
    start, end = np.maximum(one.start, 0.0), np.minimum(one.end, horizon)
    is_left = end > start
    return Intervals(start[is_left], end[is_left])
