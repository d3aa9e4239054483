"""Series: memory stays fixed, peaks survive, stacked series stay aligned, look-ups are exact."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.charts.series import Series


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=700), st.sampled_from([16, 40, 100]))
def test_highest_and_lowest_survive_any_thinning(values: list[float], capacity: int) -> None:
    series = Series(capacity)
    series.extend(np.arange(len(values)), values)
    kept = [*series.window(0.0, len(values), 10_000)[1], *(value for _, value in series._group)]
    assert len(series) <= capacity
    assert max(kept) == max(values)
    assert min(kept) == min(values)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 60))
def test_window_is_in_time_order_and_thin_enough(n: int, n_groups: int) -> None:
    series = Series(4000)
    series.extend(np.arange(n), np.sin(np.arange(n)))
    times_s, values = series.window(0.0, float(n), n_groups)
    assert len(times_s) == len(values) <= max(3 * n_groups + 3, 2 * n_groups + 7)
    assert (np.diff(times_s) >= 0).all()


def test_a_spike_of_one_sample_shows_in_a_narrow_window() -> None:
    series = Series()
    values = np.zeros(10_000)
    values[4321] = 9.0
    series.extend(np.arange(10_000), values)
    assert series.window(0.0, 10_000.0, 50)[1].max() == 9.0


def test_means_keep_the_mean_of_the_run() -> None:
    series = Series(64, "mean")
    values = np.random.default_rng(3).uniform(size=1024)
    series.extend(np.arange(1024), values)
    assert series._value[: len(series)].mean() == pytest.approx(values.mean(), rel=1e-12)


def test_series_fed_together_keep_the_same_times_for_stacking() -> None:
    one, other = Series(64, "mean"), Series(64, "mean")
    rng = np.random.default_rng(4)
    for i in range(1000):
        one.append(float(i), rng.uniform())
        other.append(float(i), math.nan if i % 7 == 0 else rng.uniform())
    for n_groups in (3, 10, 1000):
        assert (one.window(100.0, 900.0, n_groups)[0] == other.window(100.0, 900.0, n_groups)[0]).all()


def test_the_value_in_force_is_the_newest_at_or_before_a_time() -> None:
    series = Series()
    series.extend([1.0, 2.0, 4.0], [10.0, 20.0, 40.0])
    assert [series.value_at(t) for t in (1.0, 1.9, 2.0, 3.9, 99.0)] == [10.0, 10.0, 20.0, 20.0, 40.0]
    assert math.isnan(series.value_at(0.5))


def test_the_newest_value_is_drawn_before_its_group_is_full() -> None:
    series = Series(16)
    series.extend(np.arange(101), np.arange(101))
    assert series.window(0.0, 200.0, 500)[1][-1] == 100.0


def test_a_missing_value_leaves_no_mark_and_clear_forgets_all() -> None:
    series = Series()
    series.append(1.0, math.nan)
    assert len(series) == 0
    series.append(2.0, 5.0)
    version = series.version
    series.clear()
    assert len(series) == 0
    assert math.isnan(series.last_value)
    assert series.version > version
