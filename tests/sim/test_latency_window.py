"""Latencies of the last minute, against a count by brute force."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.sim.latency import WINDOW_S, LatencyWindow, percentiles
from twin.sim.requests import RequestColumns


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), pulse_s=st.sampled_from([0.5, 1.0, 7.0, 45.0]))
def test_the_window_holds_what_fell_into_the_last_minute(seed: int, pulse_s: float) -> None:
    rng = np.random.default_rng(seed)
    n = 300
    arrival_s = np.sort(rng.uniform(0.0, 200.0, n))
    first_s = arrival_s + rng.exponential(3.0, n)
    n_output = rng.integers(1, 5, n)
    finish_s = first_s + np.where(n_output > 1, rng.exponential(20.0, n), 0.0)
    requests = RequestColumns(arrival_s, np.ones(n, int), n_output)
    window = LatencyWindow(requests)
    before_s = 0.0
    for now_s in np.arange(pulse_s, 240.0, pulse_s):
        for i in range(n):
            if before_s < first_s[i] <= now_s:
                requests.first_token_s[i] = first_s[i]
                requests.begun.append(i)
            if before_s < finish_s[i] <= now_s:
                requests.finish_s[i] = finish_s[i]
                requests.ended.append(i)
        window.advance(before_s, now_s)
        before_s = now_s
        assert window.n_completed == (finish_s <= now_s).sum()
        # Inside one pulse the order of first tokens is that of arrivals: what is older than the window by less than a
        # pulse may still be there. On whole windows the two agree.
        is_first = (first_s <= now_s) & (first_s > now_s - WINDOW_S)
        assert set(np.round((first_s - arrival_s)[is_first], 9)) <= set(np.round(window.ttft_s, 9))
        assert len(window.ttft_s) <= ((first_s <= now_s) & (first_s > now_s - WINDOW_S - pulse_s)).sum()
        is_done = (finish_s <= now_s) & (finish_s > now_s - WINDOW_S) & (n_output > 1)
        steps_s = (finish_s - first_s)[is_done] / (n_output[is_done] - 1)
        assert set(np.round(steps_s, 9)) <= set(np.round(window.tpot_s, 9))


def test_percentiles_of_several_workloads_are_those_of_all_together() -> None:
    parts = [np.array([1.0, 2.0]), np.array([]), np.array([3.0, 10.0])]
    assert percentiles(parts, 50, 100) == [2.5, 10.0]
    assert np.isnan(percentiles([np.array([])], 50, 99)).all()


def test_a_first_token_lost_with_its_replica_is_not_counted_and_one_given_twice_is_counted_once() -> None:
    requests = RequestColumns(np.zeros(2), np.ones(2, int), np.full(2, 5))
    window = LatencyWindow(requests)
    requests.first_token_s[1] = 0.75
    requests.begun += [0, 1, 1]
    window.advance(0.0, 1.0)
    assert window.ttft_s.tolist() == [0.75]
    window.advance(1.0, 2.0)
    assert window.ttft_s.tolist() == [0.75]
