"""Axes take round numbers with three to six ticks, and labels never overlap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ui.charts.ticks import nice_range, pushed_apart, step_digits, tick_values, time_ticks


@given(st.floats(-1e7, 1e7), st.floats(1e-3, 1e7), st.booleans())
def test_an_axis_holds_its_values_with_three_to_six_ticks(low: float, span: float, is_zero_based: bool) -> None:
    assume(span > 1e-6 * abs(low))
    start, end, step = nice_range(low, low + span, is_zero_based)
    slack = 1e-6 * step
    assert start - slack <= low
    assert low + span <= end + slack
    assert 3 <= len(tick_values(start, end, step)) <= 6
    if is_zero_based:
        assert start - slack <= 0.0 <= end + slack


@pytest.mark.parametrize(
    ("low", "high", "axis"),
    [(22.0, 81.0, (20.0, 100.0, 20.0)), (1.23, 1.27, (1.23, 1.27, 0.01)), (0.3, 2.1, (0.0, 2.5, 0.5))],
)
def test_round_axes(low: float, high: float, axis: tuple[float, float, float]) -> None:
    assert nice_range(low, high) == pytest.approx(axis)


def test_a_flat_line_gets_an_axis_around_it() -> None:
    start, end, _ = nice_range(5.0, 5.0)
    assert start < 5.0 < end


@pytest.mark.parametrize(("step", "digits"), [(20.0, 0), (0.5, 1), (0.25, 2), (2.5, 1), (0.01, 2)])
def test_steps_are_written_with_the_digits_they_need(step: float, digits: int) -> None:
    assert step_digits(step) == digits


@given(st.floats(0, 1e7), st.floats(10, 1e7), st.integers(2, 12))
def test_time_ticks_are_round_and_few(start_s: float, span_s: float, n_most: int) -> None:
    ticks, step_s = time_ticks(start_s, start_s + span_s, n_most)
    assert len(ticks) <= n_most + 1
    assert all(abs(tick / step_s - round(tick / step_s)) < 1e-6 for tick in ticks)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=12))
def test_labels_are_a_gap_apart_inside_their_room_and_keep_their_order(centres: list[float]) -> None:
    placed = pushed_apart(centres, 14.0, 0.0, 200.0)
    ordered = [place for _, place in sorted(zip(centres, placed, strict=True))]
    assert all(b - a >= 14.0 - 1e-6 for a, b in pairwise(ordered))
    assert min(placed) >= -1e-6
    assert max(placed) <= 200.0 + 1e-6


def test_labels_with_room_stay_where_they_are() -> None:
    assert pushed_apart([10.0, 100.0, 50.0], 14.0, 0.0, 200.0) == pytest.approx([10.0, 100.0, 50.0])


def test_too_many_labels_share_the_height() -> None:
    assert pushed_apart([5.0] * 5, 14.0, 0.0, 20.0) == pytest.approx([0.0, 5.0, 10.0, 15.0, 20.0])
