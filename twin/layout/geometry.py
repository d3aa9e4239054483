"""Rectangles and polygons on the floor plan: corners after rotation, overlap, containment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]

TOUCH_M = 1e-6
"""Bodies closer than this touch; they do not overlap."""

_QUARTERS = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}


class Box(NamedTuple):
    """An upright rectangle."""

    x0_m: float
    y0_m: float
    x1_m: float
    y1_m: float


def cos_sin(angle_deg: float) -> tuple[float, float]:
    """Cosine and sine of an angle in degrees; quarter turns are exact, so that aligned bodies stay aligned."""
    quarter = _QUARTERS.get(angle_deg)
    if quarter is not None:
        return quarter
    angle = math.radians(angle_deg)
    return math.cos(angle), math.sin(angle)


def turned(point: Point, centre: Point, angle_deg: float) -> Point:
    """A point turned counter-clockwise about a centre."""
    cos, sin = cos_sin(angle_deg)
    dx, dy = point[0] - centre[0], point[1] - centre[1]
    return centre[0] + cos * dx - sin * dy, centre[1] + sin * dx + cos * dy


def rectangle(centre: Point, width_m: float, depth_m: float, angle_deg: float) -> Corners:
    """Corners of a body, counter-clockwise from its front left; at 0 degrees its front looks to -y."""
    cos, sin = cos_sin(angle_deg)
    half_w, half_d = width_m / 2, depth_m / 2
    a, b = (cos * half_w, sin * half_w), (-sin * half_d, cos * half_d)
    x, y = centre
    return (
        (x - a[0] - b[0], y - a[1] - b[1]),
        (x + a[0] - b[0], y + a[1] - b[1]),
        (x + a[0] + b[0], y + a[1] + b[1]),
        (x - a[0] + b[0], y - a[1] + b[1]),
    )


def front_of(angle_deg: float) -> Point:
    """Unit vector a front looks along."""
    cos, sin = cos_sin(angle_deg)
    return sin, -cos


def bounds(points: Iterable[Point]) -> Box:
    """The upright box around points."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def meet(a: Box, b: Box) -> bool:
    """Whether two upright boxes overlap by more than TOUCH_M; a box without width meets what it passes through."""
    return (
        a.x0_m < b.x1_m - TOUCH_M
        and b.x0_m < a.x1_m - TOUCH_M
        and a.y0_m < b.y1_m - TOUCH_M
        and b.y0_m < a.y1_m - TOUCH_M
    )


def middle(corners: Sequence[Point]) -> Point:
    """Mean of the corners."""
    n = len(corners)
    return sum(x for x, _ in corners) / n, sum(y for _, y in corners) / n


def overlap_m(a: Sequence[Point], b: Sequence[Point]) -> float:
    """How deep two convex polygons reach into each other, m; 0 when they touch or are apart.

    Separating axes: two convex bodies are apart when their shadows on the normal of some edge are.
    """
    depth = math.inf
    for polygon in (a, b):
        for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            length = math.hypot(x1 - x0, y1 - y0)
            nx, ny = (y1 - y0) / length, (x0 - x1) / length
            shadow_a = [nx * x + ny * y for x, y in a]
            shadow_b = [nx * x + ny * y for x, y in b]
            depth = min(depth, max(shadow_a) - min(shadow_b), max(shadow_b) - min(shadow_a))
            if depth <= TOUCH_M:
                return 0.0
    return depth


def is_inside(point: Point, polygon: Sequence[Point]) -> bool:
    """Whether a point lies in a polygon or within TOUCH_M of its edge (even-odd rule)."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if distance_to_segment_m(point, (x0, y0), (x1, y1)) <= TOUCH_M:
            return True
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def distance_to_segment_m(point: Point, start: Point, end: Point) -> float:
    """Shortest distance of a point to a line segment."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    px, py = point[0] - start[0], point[1] - start[1]
    along = 0.0 if length2 == 0 else min(1.0, max(0.0, (px * dx + py * dy) / length2))
    return math.hypot(px - along * dx, py - along * dy)


def crosses(polygon: Sequence[Point], start: Point, end: Point) -> bool:
    """Whether a segment passes through the interior of a convex polygon."""
    low, high = 0.0, 1.0
    dx, dy = end[0] - start[0], end[1] - start[1]
    cx, cy = middle(polygon)
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = (y1 - y0) / length, (x0 - x1) / length
        if nx * (cx - x0) + ny * (cy - y0) > 0:
            nx, ny = -nx, -ny
        # Inside means a distance below -TOUCH_M from every edge.
        at_start = nx * (start[0] - x0) + ny * (start[1] - y0) + TOUCH_M
        slope = nx * dx + ny * dy
        if slope == 0:
            if at_start > 0:
                return False
            continue
        cut = -at_start / slope
        low, high = (max(low, cut), high) if slope < 0 else (low, min(high, cut))
        if low > high:
            return False
    return True


def thick_segment(start: Point, end: Point, thickness_m: float) -> Corners:
    """The body of a straight wall about its centre line."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    angle_deg = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])) % 360
    return rectangle(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), max(length, TOUCH_M), thickness_m, angle_deg)


def clipped(polygon: Sequence[Point], window: Sequence[Point]) -> list[Point]:
    """The part of a polygon or segment inside a convex counter-clockwise window (Sutherland and Hodgman, 1974)."""
    points = list(polygon)
    for (x0, y0), (x1, y1) in zip(window, (*window[1:], window[0]), strict=True):
        ex, ey = x1 - x0, y1 - y0
        kept: list[Point] = []
        for (ax, ay), (bx, by) in zip(points, (*points[1:], *points[:1]), strict=True):
            a = ex * (ay - y0) - ey * (ax - x0)
            b = ex * (by - y0) - ey * (bx - x0)
            if a >= 0:
                kept.append((ax, ay))
            if a * b < 0:
                t = a / (a - b)
                kept.append((ax + t * (bx - ax), ay + t * (by - ay)))
        points = kept
        if not points:
            break
    return points
