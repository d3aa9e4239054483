"""Which clock a limit leaves: the highest that keeps it, and a straight line down with heat."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from twin.policies.controls.clock import (
    FULL_CLOCK_PCT,
    LEAST_CLOCK_PCT,
    clock_under_pct,
    throttled_clock_pct,
)


@given(st.floats(0.0, 500.0), st.floats(1.0, 4.0), st.floats(0.0, 900.0), st.integers(LEAST_CLOCK_PCT, FULL_CLOCK_PCT))
def test_it_is_the_highest_clock_within_the_limit(idle_w: float, power: float, limit_w: float, highest: int) -> None:
    def watts_at(pct: int) -> float:
        return idle_w + 400.0 * (pct / 100.0) ** power

    clock = clock_under_pct(watts_at, limit_w, LEAST_CLOCK_PCT, highest)
    within = [pct for pct in range(LEAST_CLOCK_PCT, highest + 1) if watts_at(pct) <= limit_w]
    assert clock == max(within, default=LEAST_CLOCK_PCT)


def test_a_step_in_the_law_needs_few_questions() -> None:
    asked: list[int] = []

    def watts_at(pct: int) -> float:
        asked.append(pct)
        return 100.0 if pct <= 61 else 900.0

    assert clock_under_pct(watts_at, 500.0, 20, 100) == 61
    assert len(asked) <= 8


def test_clocks_fall_linearly_above_the_inlet_limit_and_stop_at_the_least() -> None:
    clocks = [throttled_clock_pct(inlet_c, 32.0) for inlet_c in (18.0, 32.0, 34.5, 37.0, 42.0, 60.0)]
    assert clocks == [100, 100, 80, 60, 20, 20]
