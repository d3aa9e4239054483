"""Bodies on the plan: overlap, containment, the part inside a window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from twin.layout.geometry import Point, clipped, crosses, distance_to_segment_m, is_inside, overlap_m, rectangle

sizes = st.floats(0.2, 3)
offsets = st.floats(-4, 4)
angles = st.floats(0, 359)
NOTCHED = ((0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (4.0, 6.0), (4.0, 3.0), (2.0, 3.0), (2.0, 6.0), (0.0, 6.0))


def area_m2(polygon: Sequence[Point]) -> float:
    """Shoelace formula."""
    ring = [*polygon, *polygon[:1]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


@given(sizes, sizes, offsets, offsets)
def test_upright_bodies_overlap_as_deep_as_their_closer_sides(w_m: float, d_m: float, x_m: float, y_m: float) -> None:
    depth_m = min((w_m + 1) / 2 - abs(x_m), (d_m + 1) / 2 - abs(y_m))
    assume(abs(depth_m) > 1e-5)
    found = overlap_m(rectangle((0, 0), w_m, d_m, 0), rectangle((x_m, y_m), 1, 1, 0))
    assert found == pytest.approx(max(0.0, depth_m), abs=1e-9)


@given(sizes, sizes, angles, offsets, offsets, angles)
def test_bodies_overlap_exactly_when_one_has_a_part_inside_the_other(
    w_m: float, d_m: float, a_deg: float, x_m: float, y_m: float, b_deg: float
) -> None:
    a, b = rectangle((0, 0), w_m, d_m, a_deg), rectangle((x_m, y_m), 1.2, 0.6, b_deg)
    depth_m = overlap_m(a, b)
    assert depth_m == pytest.approx(overlap_m(b, a))
    part = clipped(a, b)
    shared_m2 = area_m2(part) if len(part) > 2 else 0.0
    assert shared_m2 == pytest.approx(area_m2(clipped(b, a)) if clipped(b, a) else 0.0, abs=1e-9)
    if shared_m2 > 1e-4:
        assert depth_m > 0
    if depth_m > 1e-2:
        assert shared_m2 > 0


def test_the_part_of_a_square_in_a_window_is_a_quarter() -> None:
    square, window = rectangle((0, 0), 2, 2, 0), rectangle((1, 1), 2, 2, 0)
    assert area_m2(clipped(square, window)) == pytest.approx(1.0)
    assert clipped(square, rectangle((5, 5), 2, 2, 0)) == []


@pytest.mark.parametrize(
    ("point", "inside"),
    [((1, 5), True), ((3, 5), False), ((5, 5), True), ((3, 1), True), ((3, 3), True), ((7, 1), False)],
)
def test_the_notch_of_a_room_is_outside(point: Point, inside: bool) -> None:
    assert is_inside(point, NOTCHED) is inside


def test_a_segment_crosses_a_body_only_through_its_interior() -> None:
    body = rectangle((0, 0), 2, 1, 0)
    assert crosses(body, (-5, 0), (5, 0))
    assert crosses(body, (0, 0), (0, 0.2))
    assert not crosses(body, (-5, 0.5), (5, 0.5))
    assert not crosses(body, (-5, 2), (5, 2))
    assert not crosses(body, (-5, 0), (-1.5, 0))


@given(offsets, offsets)
def test_the_distance_to_a_segment_is_never_more_than_to_its_ends(x_m: float, y_m: float) -> None:
    start, end = (-1.0, 0.0), (1.0, 0.0)
    found = distance_to_segment_m((x_m, y_m), start, end)
    assert found <= min(math.dist((x_m, y_m), start), math.dist((x_m, y_m), end)) + 1e-12
    if abs(x_m) <= 1:
        assert found == pytest.approx(abs(y_m))
