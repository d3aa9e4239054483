"""The upright faces of a body: on which axis they lie, on which side the air is, and how far they reach."""

from __future__ import annotations

from typing import TypeAlias

from twin.layout.geometry import Point
from twin.physics.airflow.shape import Box6, Span

Face: TypeAlias = tuple[int, int, float, Span]
"""Axis, side of the air, place on the axis m, span of the other two axes m."""


def plane(box: Box6, direction: Point) -> Face:
    """The face of a body that looks along one of the four directions."""
    x0, x1, y0, y1, z0, z1 = box
    dx, dy = round(direction[0]), round(direction[1])
    if dx:
        return 0, dx, x1 if dx > 0 else x0, (y0, y1, z0, z1)
    return 1, dy, y1 if dy > 0 else y0, (x0, x1, z0, z1)
