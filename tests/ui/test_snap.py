"""Snapping and live dimensions, as pure functions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.canvas.snap import gaps, snapped, snapped_shift

ROOM = (0.0, 0.0, 12.0, 9.0)
places = st.floats(-50.0, 50.0)
steps = st.sampled_from([0.6, 0.3, 0.1])


@given(places, steps)
def test_a_snapped_place_is_on_the_grid_and_at_most_half_a_step_away(place_m: float, step_m: float) -> None:
    on_grid = snapped(place_m, step_m)
    assert on_grid / step_m == pytest.approx(round(on_grid / step_m), abs=1e-4)
    assert abs(on_grid - place_m) <= step_m / 2 + 1e-6


@given(places, steps)
def test_snapping_twice_changes_nothing(place_m: float, step_m: float) -> None:
    once = snapped(place_m, step_m)
    assert snapped(once, step_m) == once


def test_without_a_grid_millimetres_are_kept() -> None:
    assert snapped(1.23456, 0.0) == 1.235


@given(places, places, steps)
def test_a_thing_off_the_grid_stays_until_the_hand_means_it(x_m: float, y_m: float, step_m: float) -> None:
    assert snapped_shift((x_m, y_m), (step_m * 0.49, -step_m * 0.49), step_m) == (0.0, 0.0)


def test_moving_along_one_axis_leaves_the_other_alone() -> None:
    dx, dy = snapped_shift((1.05, 2.05), (1.3, 0.02), 0.6)
    assert dy == 0.0
    assert 1.05 + dx == pytest.approx(2.4)


def test_gaps_go_to_the_nearest_neighbour_that_faces_and_else_to_the_wall() -> None:
    others = np.array([[1.0, 4.0, 2.0, 5.0], [2.5, 4.5, 3.0, 5.5], [6.0, 0.0, 7.0, 1.0]])
    found = {(gap.start, gap.end): gap.length_m for gap in gaps((4.0, 4.0, 5.0, 5.0), others, ROOM)}
    assert found == {
        ((3.0, 4.5), (4.0, 4.5)): 1.0,
        ((5.0, 4.5), (12.0, 4.5)): 7.0,
        ((4.5, 0.0), (4.5, 4.0)): 4.0,
        ((4.5, 5.0), (4.5, 9.0)): 4.0,
    }


def test_things_that_touch_have_no_gap() -> None:
    others = np.array([[3.4, 4.0, 4.0, 5.0]])
    lengths = [gap.length_m for gap in gaps((4.0, 4.0, 5.0, 5.0), others, ROOM)]
    assert lengths == [7.0, 4.0, 4.0]
