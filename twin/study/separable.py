"""Pairs of failures that have nothing to do with each other: what they do together is what each does alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from twin.study.cascade import Outcome
from twin.study.failure_case import FailureCase


def interacting(singles: Outcome) -> np.ndarray:
    """Which single failures meet, (n, n) bool, from what each touches and where loads fall with it; both traced.

    Two do not when no element or cord that one touches (it stands, switches, shares or is loaded otherwise, and more
    than usual) has any other load or state with the other. Then all that decides what happens, power from above and
    loads that could trip or empty anything, is as in the two cases alone, from the sources down and at all times; loads
    may fall at the same place, where nothing comes of it.
    """
    # Counts in single precision are exact far beyond any number of elements, and a matrix product of them is quick.
    touched = singles.touched.astype(np.float32)
    changed = singles.touched.copy()
    changed[: len(singles.fell)] |= singles.fell
    met = touched.T @ changed.astype(np.float32) > 0.0
    return np.asarray(met | met.T)


def together(
    one: FailureCase,
    two: FailureCase,
    racks: Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]],
) -> FailureCase:
    """Two cases that do not meet, as one; racks: the union of two lists of racks in the order of the drawing."""
    return FailureCase(
        lost=(*one.lost, *two.lost),
        servers_hit=one.servers_hit + two.servers_hit,
        servers_dark=one.servers_dark + two.servers_dark,
        racks_hit=racks(one.racks_hit, two.racks_hit),
        racks_dark=racks(one.racks_dark, two.racks_dark),
        it_dark_w=one.it_dark_w + two.it_dark_w,
        cooling_dark=one.cooling_dark + two.cooling_dark,
        tripped_s=_merged(one.tripped_s, two.tripped_s),
        overloaded=_merged(one.overloaded, two.overloaded, -1.0),
        battery_min=_least(one.battery_min, two.battery_min),
        empty_s=_merged(one.empty_s, two.empty_s),
        generators_s=_merged(one.generators_s, two.generators_s),
        stalled=(*one.stalled, *two.stalled) if two.stalled else one.stalled,
        requests_lost_per_h=_sum(one.requests_lost_per_h, two.requests_lost_per_h),
        capacity_lost_frac=one.capacity_lost_frac + two.capacity_lost_frac,
    )


def _merged(one: dict[str, float], two: dict[str, float], sign: float = 1.0) -> dict[str, float]:
    """Both, the least first (the greatest for sign -1); one of the two themselves where the other is empty."""
    if not one or not two:
        return one or two
    return dict(sorted({**one, **two}.items(), key=lambda item: (sign * item[1], item[0])))


def _least(one: float | None, two: float | None) -> float | None:
    return min((value for value in (one, two) if value is not None), default=None)


def _sum(one: float | None, two: float | None) -> float | None:
    return None if one is None or two is None else one + two


def rack_union(order: Sequence[str]) -> Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]:
    """Unions of lists of racks in this order, each list kept once."""
    place = {rack: i for i, rack in enumerate(order)}
    kept: dict[tuple[str, ...], tuple[str, ...]] = {}

    def union(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
        if not one or not two or one == two:
            return one or two
        found = tuple(sorted({*one, *two}, key=place.__getitem__))
        return kept.setdefault(found, found)

    return union
