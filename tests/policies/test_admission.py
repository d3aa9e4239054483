"""Admission: what is let in and what is refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policies.admission.queue_limit import QueueLimit
from twin.policies.admission.token_bucket import TokenBucket


@dataclass
class View:
    """Three replicas, written down; what these policies do not read is left out."""

    outstanding: list[int]
    is_up: list[bool]
    n_held: int = 0

    @property
    def n_down(self) -> int:
        return self.is_up.count(False)


@pytest.mark.parametrize(
    ("outstanding", "is_up", "n_held", "is_refused"),
    [
        ([3, 4, 4], [True, True, True], 0, False),
        ([4, 4, 4], [True, True, True], 0, True),
        ([9, 1, 1], [True, True, True], 0, False),
        ([9, 4, 3], [False, True, True], 0, False),  # what drains elsewhere does not count
        ([0, 4, 4], [False, True, True], 0, True),
        ([2, 0, 0], [False, False, False], 3, False),
        ([2, 0, 0], [False, False, False], 4, True),
    ],
)
def test_a_queue_limit_counts_what_replicas_that_take_requests_have(
    outstanding: list[int], is_up: list[bool], n_held: int, is_refused: bool
) -> None:
    reason = QueueLimit(most=4)(0.0, 0, View(outstanding, is_up, n_held))  # type: ignore[arg-type]
    assert reason == ("queue_limit: 4 requests a replica" if is_refused else "")


def let_in(bucket: TokenBucket, times_s: list[float]) -> list[bool]:
    view = View([0], [True])
    return [not bucket(time_s, i, view) for i, time_s in enumerate(times_s)]  # type: ignore[arg-type]


def test_a_bucket_lets_in_its_burst_at_once_and_then_its_rate() -> None:
    bucket = TokenBucket(rate_per_s=2.0, burst=3)
    assert let_in(bucket, [0.0] * 5) == [True] * 3 + [False] * 2
    assert let_in(bucket, [0.4, 0.5, 0.6, 1.0, 1.1]) == [False, True, False, True, False]
    assert let_in(bucket, [10.0] * 4) == [True] * 3 + [False]


@given(st.floats(0.1, 20.0), st.integers(1, 8), st.lists(st.floats(0.0, 2.0), min_size=1, max_size=200))
def test_a_bucket_is_one_that_fills_steadily_and_is_never_fuller_than_its_burst(
    rate_per_s: float, burst: int, gaps_s: list[float]
) -> None:
    times_s = np.cumsum(gaps_s).tolist()
    found = let_in(TokenBucket(rate_per_s=rate_per_s, burst=burst), times_s)
    tokens, last_s = float(burst), times_s[0]
    for time_s, is_in in zip(times_s, found, strict=True):
        tokens, last_s = min(burst, tokens + (time_s - last_s) * rate_per_s), time_s
        if abs(tokens - 1.0) > 1e-6:
            assert is_in == (tokens > 1.0)
        tokens -= is_in
