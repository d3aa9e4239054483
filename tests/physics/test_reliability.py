"""Availability of simple systems is what the textbooks say, and intervals of time add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.intervals import NEVER, Intervals, after_grace, at_least, within
from twin.physics.reliability import (
    bridged,
    common_cause,
    demand_unavailability,
    gamma_quantile,
    k_of_n,
    parallel,
    series,
    standby_decay,
    sum_interval,
    unavailability,
)


def test_two_in_parallel_are_down_for_the_product_of_both() -> None:
    assert parallel(np.array([0.9, 0.8])) == pytest.approx(1.0 - 0.1 * 0.2)


def test_a_chain_is_as_available_as_the_product_of_its_links() -> None:
    assert series(np.array([0.9, 0.8, 0.7])) == pytest.approx(0.504)


@given(st.floats(0.0, 1.0))
def test_two_of_three_follow_the_cubic(p: float) -> None:
    assert k_of_n(np.full(3, p), 2) == pytest.approx(3 * p**2 - 2 * p**3)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
def test_series_and_parallel_are_the_ends_of_k_of_n(availability: list[float]) -> None:
    a = np.array(availability)
    assert k_of_n(a, len(a)) == pytest.approx(series(a))
    assert k_of_n(a, 1) == pytest.approx(parallel(a))
    assert k_of_n(a, 0) == pytest.approx(1.0)


def test_down_time_of_one_thing_is_its_repair_over_its_cycle() -> None:
    # One failure in 8,760 h of running and 24 h of repair: 24 h in a cycle of 8,784 h.
    assert unavailability(1.0, 24.0) == pytest.approx(24.0 / 8784.0)


def test_common_cause_moves_failures_and_loses_none() -> None:
    alone, together = common_cause(np.array([0.1, 2.0]), 0.07)
    assert alone + together == pytest.approx([0.1, 2.0])
    assert together == pytest.approx([0.007, 0.14])


def test_a_battery_bridges_what_is_shorter_than_it() -> None:
    # Mean repair of an hour, battery of an hour: e^-1 of the dark time is left.
    assert bridged(1e-3, 1.0, 1.0) == pytest.approx(1e-3 * np.exp(-1.0))


def test_a_standby_that_never_starts_leaves_the_whole_demand_unmet() -> None:
    per_h, end_1_h = 0.01, 0.5
    never = standby_decay(0.0, 1.0, 0.0, 1e-9, 0.0)
    assert demand_unavailability(per_h, end_1_h, [never]) == pytest.approx(per_h / end_1_h, rel=1e-6)


def test_running_failures_of_a_standby_match_the_numerical_integral() -> None:
    run_1_h, repair_1_h, end_1_h, grace_h = 0.05, 0.02, 0.3, 0.4
    q = standby_decay(0.01, 0.03, run_1_h, repair_1_h, grace_h)
    t = np.linspace(grace_h, 60.0, 200_001)
    failed = np.array([c * np.exp(-r * t) for c, r in q]).sum(axis=0)
    # What the decay must be: under repair, failed to start, or failed at x and not mended, each since t - grace.
    x = np.linspace(0.0, 1.0, 2001)
    at = t[20_000]
    ran = np.trapezoid(
        run_1_h * np.exp(-run_1_h * x * (at - grace_h) - repair_1_h * (at - x * (at - grace_h))) * (at - grace_h), x
    )
    wanted = 0.01 * np.exp(-repair_1_h * grace_h) + 0.99 * (0.03 * np.exp(-repair_1_h * at) + 0.97 * ran)
    assert failed[20_000] == pytest.approx(wanted, rel=1e-6)
    integral = np.trapezoid(np.exp(-end_1_h * t) * failed, t)
    assert demand_unavailability(0.01, end_1_h, [q], grace_h) == pytest.approx(0.01 * integral, rel=1e-6)


def test_gamma_quantiles_agree_with_tables_of_chi_squared() -> None:
    # Chi-squared, 95 %: 3.841, 18.307 and 124.342 at 1, 10 and 100 degrees of freedom.
    found = [2.0 * gamma_quantile(n / 2.0, 0.95) for n in (1, 10, 100)]
    assert found == pytest.approx([3.8415, 18.3070, 124.3421], abs=1e-4)


def test_gamma_quantiles_join_where_the_way_of_reckoning_changes() -> None:
    for share in (0.025, 0.5, 0.975):
        assert gamma_quantile(1e4 + 1.0, share) / gamma_quantile(1e4, share) == pytest.approx(1.0001, rel=2e-6)


def test_the_interval_of_a_sum_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(4)
    mean = 12.0  # events, of exponential size 3
    hits = 0
    for _ in range(600):
        sizes = random.exponential(3.0, random.poisson(mean))
        low, high = sum_interval(sizes, 0.95, 3.0)
        hits += low <= 3.0 * mean <= high
    # The binomial spread of 600 trials at 95 % is 0.9 %.
    assert hits / 600 > 0.93


STARTS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)), max_size=8)


def intervals(spec: list[tuple[int, int]]) -> Intervals:
    """Gaps and lengths one after another: never touching."""
    start, end, now = [], [], 0.0
    for gap, length in spec:
        start.append(now + gap + 0.5)
        end.append(start[-1] + length)
        now = end[-1]
    return Intervals(np.array(start, dtype=float), np.array(end, dtype=float))


@given(st.lists(STARTS, min_size=1, max_size=4), st.integers(1, 4))
def test_at_least_k_agrees_with_looking_at_every_instant(specs: list[list[tuple[int, int]]], k: int) -> None:
    sets = [intervals(spec) for spec in specs]
    ticks = np.arange(0.25, 700.0, 0.5)

    def holds(one: Intervals) -> np.ndarray:
        return ((one.start[:, None] < ticks) & (ticks < one.end[:, None])).any(axis=0)

    found = at_least(sets, k)
    assert (holds(found) == (np.sum([holds(one) for one in sets], axis=0) >= k)).all()
    assert (found.start[1:] > found.end[:-1]).all()


def test_grace_takes_the_first_part_of_each_and_drops_what_is_shorter() -> None:
    one = Intervals(np.array([0.0, 10.0, 20.0]), np.array([5.0, 12.0, 23.0]))
    left = after_grace(one, np.array([2.0, 2.0, 0.0]))
    assert left.start.tolist() == [2.0, 20.0]
    assert left.total == pytest.approx(6.0)


def test_what_lies_outside_the_horizon_is_cut_off() -> None:
    one = Intervals(np.array([-3.0, 8.0, 20.0]), np.array([1.0, 12.0, 21.0]))
    assert within(one, 10.0).total == pytest.approx(3.0)
    assert at_least([NEVER, NEVER], 1).total == 0.0
