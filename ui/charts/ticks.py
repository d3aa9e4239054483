"""Round numbers for axes, round times for the time axis, and labels that do not overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence

_TIME_STEPS_S = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800),
)
_MAX_STEPS = 5


def nice_step(span: float) -> float:
    """The smallest 1, 2, 2.5 or 5 times a power of ten that cuts a span into at most five steps."""
    raw = span / _MAX_STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= raw * (1 - 1e-9))


def nice_range(low: float, high: float, is_zero_based: bool = False) -> tuple[float, float, float]:
    """Lower end, upper end and step of an axis that holds low to high and has 3 to 6 ticks."""
    if is_zero_based:
        low, high = min(low, 0.0), max(high, 0.0)
    if not math.isfinite(low) or not math.isfinite(high):
        return 0.0, 1.0, 0.5
    if high - low <= 1e-9 * max(abs(high), abs(low), 1e-3):
        pad = 0.05 * abs(high) or 0.5
        low, high = (low - (0.0 if is_zero_based else pad)), high + pad
    step = nice_step(high - low)
    # Rounding outward can add a step at each end; the next step up then brings it back to six ticks.
    while math.ceil(high / step - 1e-9) - math.floor(low / step + 1e-9) > _MAX_STEPS:
        step = nice_step(step * _MAX_STEPS * 1.01)
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if end - start < 1.5 * step:
        step /= 2.0
    return start, end, step


def tick_values(start: float, end: float, step: float) -> list[float]:
    """Multiples of `step` from start to end."""
    first = math.ceil(start / step - 1e-6)
    return [i * step for i in range(first, math.floor(end / step + 1e-6) + 1)]


def step_digits(step: float) -> int:
    """Decimals needed to write multiples of a step."""
    return next(d for d in range(13) if d == 12 or abs(step * 10**d - round(step * 10**d)) < 1e-6 * step * 10**d)


def time_ticks(start_s: float, end_s: float, n_most: int) -> tuple[list[float], float]:
    """Round times between two times and their spacing in s."""
    span_s = max(end_s - start_s, 1e-9)
    step_s = next((s for s in _TIME_STEPS_S if span_s / s <= n_most), float(_TIME_STEPS_S[-1]))
    while span_s / step_s > n_most:
        step_s *= 2
    return tick_values(start_s, end_s, step_s), float(step_s)


def pushed_apart(centres: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Centres moved as little as possible so that neighbours are `gap` apart between top and bottom, order kept.

    When they do not all fit, they share the height evenly.
    """
    n = len(centres)
    if n * gap > bottom - top + gap:
        gap = (bottom - top) / max(1, n - 1)
    order = sorted(range(n), key=lambda i: centres[i])
    # Merge neighbours that touch into blocks around their mean, as in isotonic regression.
    blocks: list[list[float]] = []  # [sum of wanted first places, count]
    for rank, i in enumerate(order):
        blocks.append([centres[i] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    placed: list[float] = []
    for total, count in blocks:
        base = min(max(total / count, top), bottom - (n - 1) * gap)
        placed += [base + (len(placed) + k) * gap for k in range(int(count))]
    result = [0.0] * n
    for rank, i in enumerate(order):
        result[i] = placed[rank]
    return result
