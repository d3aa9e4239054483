"""Snapping and live dimensions: pure functions over boxes in metres, so that they are tested without a window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

GRID_STEP_M, HALF_STEP_M, FINE_STEP_M = 0.6, 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Gap:
    """The free distance from a box to what is nearest on one side, m."""

    start: tuple[float, float]
    end: tuple[float, float]
    length_m: float


def snapped(value_m: float, step_m: float) -> float:
    """The nearest multiple of a step, without float dust; a step of 0 keeps millimetres."""
    return round(round(value_m / step_m) * step_m, 6) if step_m else round(value_m, 3)


def snapped_shift(corner: tuple[float, float], shift: tuple[float, float], step_m: float) -> tuple[float, float]:
    """The shift that puts a corner on the grid; along an axis the hand has hardly moved, nothing moves."""
    made = []
    for at, by in zip(corner, shift, strict=True):
        made.append(0.0 if abs(by) < step_m / 2 else round(snapped(at + by, step_m) - at, 6))
    return made[0], made[1]


def gaps(box: Box, others: Floats, room: Box) -> list[Gap]:
    """Free distances to the left, right, above and below: to the nearest box that faces this one, else to the wall."""
    x0, y0, x1, y1 = box
    mid_x, mid_y = (x0 + x1) / 2, (y0 + y1) / 2
    left, right, top, bottom = room[0], room[2], room[1], room[3]
    if len(others):
        beside = (others[:, 1] < y1 - 1e-6) & (others[:, 3] > y0 + 1e-6)
        above = (others[:, 0] < x1 - 1e-6) & (others[:, 2] > x0 + 1e-6)
        left = max([left, *others[beside & (others[:, 2] <= x0 + 1e-6), 2]])
        right = min([right, *others[beside & (others[:, 0] >= x1 - 1e-6), 0]])
        top = max([top, *others[above & (others[:, 3] <= y0 + 1e-6), 3]])
        bottom = min([bottom, *others[above & (others[:, 1] >= y1 - 1e-6), 1]])
    found = [
        Gap((float(left), mid_y), (x0, mid_y), x0 - float(left)),
        Gap((x1, mid_y), (float(right), mid_y), float(right) - x1),
        Gap((mid_x, float(top)), (mid_x, y0), y0 - float(top)),
        Gap((mid_x, y1), (mid_x, float(bottom)), float(bottom) - y1),
    ]
    return [gap for gap in found if gap.length_m > 0.005]
