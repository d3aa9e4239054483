"""Clocks in hundredths of nominal: the highest that keeps a power limit, and what a hot inlet leaves."""

from __future__ import annotations

from collections.abc import Callable
from math import floor

FULL_CLOCK_PCT = 100
LEAST_CLOCK_PCT = 20
"""Lowest clock a control asks for. Estimate: data-centre GPUs list clocks down to a fifth of nominal and below."""

A2_INLET_C = 35.0
"""Allowable inlet of class A2 equipment (ASHRAE TC 9.9, Thermal Guidelines), where a sheet names no limit."""

THROTTLE_SPAN_K = 10.0
"""Rise above the limit over which the clock falls from full to least. Estimate: to A4's 45 °C from A2's 35 °C."""


def clock_under_pct(watts_at: Callable[[int], float], limit_w: float, lowest_pct: int, highest_pct: int) -> int:
    """Highest clock from lowest to highest at which watts_at(clock) is within the limit, else the lowest.

    watts_at must not fall with the clock; it is asked at most 8 times.

    >>> clock_under_pct(lambda pct: 7.0 * pct, 350.0, 20, 100)
    50
    """
    if watts_at(highest_pct) <= limit_w:
        return highest_pct
    low, high = lowest_pct, highest_pct
    while high - low > 1:
        middle = (low + high) // 2
        if watts_at(middle) <= limit_w:
            low = middle
        else:
            high = middle
    return low


def chip_clock_pct(chip_c: float, throttle_c: float, trip_c: float) -> int:
    """Clock of a hot chip: full up to its throttle limit, least half way from there to where it shuts itself off.

    Estimate: hardware slows down far before it shuts off; boards publish the two limits and not the way between.

    >>> chip_clock_pct(90.0, 90.0, 95.0), chip_clock_pct(91.25, 90.0, 95.0), chip_clock_pct(94.0, 90.0, 95.0)
    (100, 60, 20)
    """
    over_frac = min(1.0, max(0.0, 2.0 * (chip_c - throttle_c) / (trip_c - throttle_c)))
    return floor(FULL_CLOCK_PCT - over_frac * (FULL_CLOCK_PCT - LEAST_CLOCK_PCT))


def throttled_clock_pct(inlet_c: float, limit_c: float) -> int:
    """Clock a server keeps at an inlet: full up to its limit, then linearly less, never under the least.

    >>> throttled_clock_pct(35.0, 35.0), throttled_clock_pct(40.0, 35.0), throttled_clock_pct(60.0, 35.0)
    (100, 60, 20)
    """
    over_frac = min(1.0, max(0.0, (inlet_c - limit_c) / THROTTLE_SPAN_K))
    return floor(FULL_CLOCK_PCT - over_frac * (FULL_CLOCK_PCT - LEAST_CLOCK_PCT))
