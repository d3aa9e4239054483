"""Autoscalers: how many replicas they want for what they see."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policies.autoscalers.schedule import Schedule
from twin.policies.autoscalers.target_load import TargetLoad
from twin.policies.autoscalers.ttft import Ttft


@dataclass
class Fleet:
    """A workload, written down."""

    n_awake: int
    n_open: int = 0
    hour: float = 12.0
    n_replicas: int = 100
    ttft_s: np.ndarray = field(default_factory=lambda: np.zeros(0))


def test_target_load_wants_as_many_as_carry_the_target_each() -> None:
    policy = TargetLoad(target=10.0, low_frac=0.5)
    assert policy(Fleet(1, n_open=25)) == 3
    assert policy(Fleet(3, n_open=30)) == 3
    assert policy(Fleet(3, n_open=31)) == 4
    assert policy(Fleet(3, n_open=0)) == 0


def test_target_load_lets_go_only_when_those_left_are_well_below_the_target() -> None:
    policy = TargetLoad(target=10.0, low_frac=0.5)
    assert policy(Fleet(4, n_open=16)) == 4
    assert policy(Fleet(4, n_open=15)) == 3
    assert policy(Fleet(10, n_open=15)) == 3


@given(
    target=st.floats(0.5, 50.0),
    low_frac=st.floats(0.05, 0.95),
    n_awake=st.integers(0, 200),
    n_open=st.integers(0, 2000),
)
def test_a_steady_load_changes_the_number_once_and_never_again(
    target: float, low_frac: float, n_awake: int, n_open: int
) -> None:
    policy = TargetLoad(target=target, low_frac=low_frac)
    settled = policy(Fleet(n_awake, n_open=n_open))
    assert policy(Fleet(settled, n_open=n_open)) == settled
    assert settled * target >= n_open * (1.0 - 1e-12)


@given(n_open=st.integers(1, 500), swing=st.integers(0, 60))
def test_a_load_that_swings_within_the_band_does_not_flap(n_open: int, swing: int) -> None:
    policy = TargetLoad(target=10.0, low_frac=0.5)
    high = n_open + min(swing, n_open // 2)
    n_awake = policy(Fleet(0, n_open=high))
    # Twice the low load fits what is awake with the target each, so neither side of the swing asks for a change.
    if n_open > 5.0 * (n_awake - 1):
        assert {policy(Fleet(n_awake, n_open=n)) for n in (n_open, high) * 3} == {n_awake}


@pytest.mark.parametrize(("hour", "n"), [(0.0, 1), (7.99, 1), (8.0, 6), (12.0, 6), (21.5, 3), (23.99, 3)])
def test_a_schedule_goes_by_the_latest_hour_that_has_come(hour: float, n: int) -> None:
    assert Schedule({0.0: 1, 8.0: 6, 21.5: 3})(Fleet(2, hour=hour)) == n


def test_before_the_first_hour_of_a_day_the_last_one_holds_on() -> None:
    assert Schedule({22.0: 2, 8.0: 6})(Fleet(6, hour=3.0)) == 2


def test_ttft_wakes_a_share_when_answers_begin_late_and_lets_go_of_one_when_early() -> None:
    policy = Ttft(limit_s=1.0, percentile=90.0, low_frac=0.25, grow_frac=0.25)
    late, fair, early = (np.full(50, value) for value in (1.5, 0.5, 0.2))
    assert policy(Fleet(8, n_open=90, ttft_s=late)) == 10
    assert policy(Fleet(8, n_open=90, ttft_s=fair)) == 8
    assert policy(Fleet(8, n_open=90, ttft_s=early)) == 7
    assert policy(Fleet(8, n_open=90, ttft_s=np.concatenate([early, late[:4]]))) == 7  # 4 of 54 are late
    assert policy(Fleet(8, n_open=90, ttft_s=np.concatenate([early, late[:7]]))) == 10


def test_ttft_without_answers_tells_silence_from_a_jam() -> None:
    policy = Ttft(limit_s=1.0)
    assert policy(Fleet(8, n_open=0)) == 0
    assert policy(Fleet(8, n_open=3)) == 3
    assert policy(Fleet(8, n_open=90)) == 10
