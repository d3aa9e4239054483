"""A replica of a service: queues against theory, batches against closed forms, everything against a slow stepper."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.service import ServiceLaw, by_batch
from twin.plugins import ROUTERS, find
from twin.policies.routers.round_robin import RoundRobin
from twin.scenario.service import Batching
from twin.sim.arrivals import Workload
from twin.sim.requests import RequestState
from twin.sim.service import ItemColumns, ServiceReplica

_spec = importlib.util.spec_from_file_location("reference_service", Path(__file__).with_name("reference_service.py"))
assert _spec is not None
assert _spec.loader is not None
reference = importlib.util.module_from_spec(_spec)
sys.modules["reference_service"] = reference
_spec.loader.exec_module(reference)

# ResNet-50 on ATOM, MLPerf Inference v3.0; idle watts of the ATOM+.
ATOM = ServiceLaw(by_batch({1: 0.236624e-3, 8: 1.272565e-3}, 8), by_batch({1: 54.5, 8: 71.8}, 8), 19.0)
SECOND = ServiceLaw((0.0, 1.0, 1.5, 2.0, 2.5), (0.0, 50.0, 60.0, 70.0, 80.0), 10.0)


@dataclass
class Meter:
    """Integrates what is announced for one replica, and keeps each announcement."""

    energy_j: float = 0.0
    busy_s: float = 0.0
    calls: list[tuple[float, float, float]] = field(default_factory=list)
    _last: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        since_s, watts, busy = self._last
        self.energy_j += watts * (now_s - since_s)
        self.busy_s += busy * (now_s - since_s)
        self._last = (now_s, accel_w, compute_frac)
        self.calls.append((now_s, accel_w, host_frac))

    def until(self, now_s: float) -> float:
        self.load_changed(0, now_s, 0.0, 0.0, 0.0, 0.0)
        return self.energy_j


class Bench:
    """One replica with its requests, ready to run."""

    def __init__(self, arrival_s: object, law: ServiceLaw = SECOND, **batching: float) -> None:
        self.env, self.meter = simpy.Environment(), Meter()
        self.items = ItemColumns(np.asarray(arrival_s, dtype=float))
        self.replica = ServiceReplica(self.env, law, Batching(**batching), self.items, self.meter)  # type: ignore[arg-type]
        self.workload = Workload(self.env, self.items, [self.replica], RoundRobin())


def at(env: simpy.Environment, time_s: float, act: object) -> None:
    """Do something at a time."""
    env.timeout(time_s).callbacks.append(lambda _: act())  # type: ignore[operator, union-attr]


# Against theory


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_the_wait_of_a_single_server_is_that_of_pollaczek_and_khinchine(load: float) -> None:
    """M/D/1: mean wait = rho s / (2 (1 - rho)). Runs of 20 batches of requests give the statistical error."""
    n_runs, n = 20, 6000
    means = []
    for seed in range(n_runs):
        arrival_s = np.cumsum(np.random.default_rng(seed).exponential(1.0 / load, n))
        bench = Bench(arrival_s, ServiceLaw((0.0, 1.0), (0.0, 50.0), 10.0))
        bench.env.run()
        wait_s = bench.items.arrays()["e2e_s"] - 1.0
        means.append(float(wait_s[500:].mean()))  # the first ones find the queue still empty
    expected_s = load / (2.0 * (1.0 - load))
    error_s = float(np.std(means, ddof=1)) / sqrt(n_runs)
    assert abs(float(np.mean(means)) - expected_s) < 4.0 * error_s
    assert error_s < 0.1 * expected_s


def test_its_chips_are_busy_for_the_load_offered() -> None:
    arrival_s = np.cumsum(np.random.default_rng(1).exponential(2.0, 20_000))
    bench = Bench(arrival_s, ServiceLaw((0.0, 1.0), (0.0, 50.0), 10.0))
    bench.env.run()
    assert bench.replica.busy_until_s(bench.env.now) == pytest.approx(20_000.0, rel=1e-12)


# Batches in closed form


def test_a_full_batch_starts_with_its_last_request() -> None:
    bench = Bench([0.0, 1.0, 2.0, 3.0], max_batch=4, max_wait_s=10.0)
    bench.env.run()
    assert bench.items.finish_s == [5.5] * 4  # 3 s until full, 2.5 s for four
    assert bench.replica.n_batches == 1


def test_a_batch_that_does_not_fill_starts_when_its_first_has_waited_long_enough() -> None:
    bench = Bench([1.0, 2.0, 20.0], max_batch=4, max_wait_s=3.0)
    bench.env.run()
    assert bench.items.finish_s == [5.5, 5.5, 24.0]  # 1 + 3 + 1.5; 20 + 3 + 1


def test_who_waited_while_the_chips_were_busy_need_not_wait_again() -> None:
    bench = Bench([0.0, 0.5, 0.6], max_batch=4, max_wait_s=0.25)
    bench.env.run()
    # The first starts at 0.25 and ends at 1.25, when the second is 0.75 s old: the two start at once.
    assert bench.items.finish_s == [1.25, 2.75, 2.75]


def test_a_queue_is_served_in_full_batches_one_after_another() -> None:
    n = 4 * 25 + 3
    bench = Bench(np.zeros(n), max_batch=4, max_wait_s=0.0)
    bench.env.run()
    full = [2.5 * (i // 4 + 1) for i in range(100)]
    assert bench.items.finish_s == pytest.approx([*full, *([2.5 * 25 + 2.0] * 3)], rel=1e-12)
    assert bench.replica.items_done == n
    # Equal batches in a row change nothing for the building: idle, 25 full ones, the last, idle.
    assert [watts for _, watts, _ in bench.meter.calls] == [10.0, 80.0, 70.0, 10.0]


def test_requests_of_one_instant_share_a_batch_even_without_a_wait() -> None:
    bench = Bench([2.0, 2.0, 2.0], max_batch=4)
    bench.env.run()
    assert bench.items.finish_s == [4.0] * 3


# Energy and clocks


def test_energy_is_watts_of_the_table_times_its_seconds() -> None:
    arrival_s = np.cumsum(np.random.default_rng(4).exponential(1.0 / 4000.0, 5000))
    bench = Bench(arrival_s, ATOM, max_batch=8, max_wait_s=0.001)
    bench.env.run()
    arrays = bench.items.arrays()
    finish_s, counts = np.unique(arrays["finish_s"], return_counts=True)
    batches_j = sum(ATOM.latency_s[n] * ATOM.chip_w[n] for n in counts)
    idle_s = bench.env.now - sum(ATOM.latency_s[n] for n in counts)
    expected_j = batches_j + ATOM.idle_w * idle_s
    assert bench.meter.until(bench.env.now) == pytest.approx(expected_j, rel=1e-9)
    assert bench.replica.chip_j(bench.env.now) == pytest.approx(expected_j, rel=1e-9)
    assert bench.replica.n_batches == len(finish_s)


def test_a_lower_clock_stretches_the_batch_under_way_at_once() -> None:
    bench = Bench([0.0])
    at(bench.env, 0.25, lambda: bench.replica.set_clock(0.5))
    bench.env.run()
    assert bench.items.finish_s == [0.25 + 0.75 / 0.5]
    dynamic_j = 40.0 * 0.25 + 40.0 * 0.5**3 * 1.5
    assert bench.meter.until(1.75) == pytest.approx(10.0 * 1.75 + dynamic_j, rel=1e-12)
    assert bench.replica.accel_w_at(0.5) == 10.0


def test_what_it_would_draw_at_another_clock_is_known_before() -> None:
    bench = Bench([0.0, 0.0], max_batch=2)
    bench.env.run(until=0.5)
    assert bench.replica.accel_w_at(1.0) == 60.0
    assert bench.replica.accel_w_at(0.8) == pytest.approx(10.0 + 50.0 * 0.8**3)


def test_the_host_works_while_a_batch_runs_and_only_where_the_sheet_says_so() -> None:
    law = ServiceLaw((0.0, 1.0), (0.0, 50.0), 10.0, host_frac=0.4)
    bench = Bench([1.0], law)
    bench.env.run()
    assert bench.meter.calls == [(0.0, 10.0, 0.0), (1.0, 50.0, 0.4), (2.0, 10.0, 0.0)]


# Faults


def test_a_batch_under_way_begins_again_when_power_comes_back() -> None:
    bench = Bench([0.0, 0.1])
    at(bench.env, 0.5, lambda: bench.workload.fail(0))
    at(bench.env, 3.0, lambda: bench.workload.restore(0))
    bench.env.run()
    assert bench.items.finish_s == [4.0, 5.0]
    assert bench.items.retries == [1, 1]
    assert bench.meter.until(5.0) == pytest.approx(50.0 * 2.5, rel=1e-12)  # no watts without power


def test_requests_are_lost_where_the_scenario_says_so() -> None:
    bench = Bench([0.0, 0.1, 4.0])
    at(bench.env, 0.5, lambda: bench.workload.fail(0, is_retried=False))
    at(bench.env, 3.0, lambda: bench.workload.restore(0))
    bench.env.run()
    assert bench.items.count(RequestState.LOST) == 2
    assert bench.items.finish_s[2] == 5.0


def test_a_replica_without_power_refuses_requests() -> None:
    bench = Bench([9.0])
    bench.replica.fail()
    with pytest.raises(RuntimeError, match="has no power"):
        bench.replica.submit(0)


def test_it_sleeps_and_wakes_like_any_replica() -> None:
    bench = Bench([5.0])
    at(bench.env, 1.0, lambda: bench.workload.sleep(0, 2.0))
    at(bench.env, 7.0, lambda: bench.workload.wake(0))
    bench.env.run(until=6.0)
    assert not bench.replica.is_up
    assert bench.replica.accel_w_at(0.5) == 2.0
    bench.env.run()
    assert bench.items.finish_s == [8.0]
    assert bench.meter.until(8.0) == pytest.approx(10.0 + 6.0 * 2.0 + 50.0, rel=1e-12)
    bench.replica.fail()
    with pytest.raises(RuntimeError, match="told to sleep"):
        bench.replica.sleep(2.0)


def test_its_queue_can_be_given_back_while_a_batch_runs_on() -> None:
    bench = Bench([0.0, 0.1, 0.2])
    bench.env.run(until=0.5)
    assert bench.replica.drain_queue() == [1, 2]
    assert (bench.replica.outstanding, bench.replica.queue_length, bench.replica.n_running) == (1, 0, 1)
    bench.env.run()
    assert bench.items.count(RequestState.DONE) == 1


def test_it_never_counts_a_token() -> None:
    bench = Bench(np.zeros(7), max_batch=4)
    bench.env.run()
    arrays = bench.items.arrays()
    assert bench.replica.tokens_done(bench.env.now) == (0, 0)
    assert arrays["prompt_tokens"].sum() == arrays["output_tokens"].sum() == 0
    assert np.isnan(arrays["ttft_s"]).all()
    assert np.isnan(arrays["tpot_s"]).all()


# Against the slow stepper

times = st.floats(0.0, 40.0, allow_nan=False).map(lambda t: round(t, 6))
stories = st.lists(
    st.one_of(
        st.tuples(times, st.just("clock_to"), st.sampled_from([1.0, 0.9, 0.5, 0.31])),
        st.tuples(times, st.just("fail"), st.just(0.0)),
        st.tuples(times, st.just("restore"), st.just(0.0)),
    ),
    max_size=8,
)


@settings(max_examples=200)
@given(
    gaps_s=st.lists(st.floats(0.0, 4.0, allow_nan=False), min_size=1, max_size=40),
    story=stories,
    max_batch=st.integers(1, 4),
    max_wait_s=st.sampled_from([0.0, 0.3, 1.7]),
)
def test_the_fast_path_is_the_slow_one(
    gaps_s: list[float], story: list[tuple[float, str, float]], max_batch: int, max_wait_s: float
) -> None:
    # Odd offsets keep what happens apart: at one instant the order of events would decide.
    arrival_s = np.cumsum(gaps_s) + 1e-4 * np.sqrt(2.0) * np.arange(1, len(gaps_s) + 1)
    story = sorted((at_s + 1e-4 * np.pi * (i + 1), what, value) for i, (at_s, what, value) in enumerate(story))
    bench = Bench(arrival_s, max_batch=max_batch, max_wait_s=max_wait_s)
    acts = {
        "clock_to": bench.replica.set_clock,
        "fail": lambda _: bench.workload.fail(0),
        "restore": lambda _: bench.workload.restore(0),
    }
    for at_s, what, value in story:
        at(bench.env, at_s, lambda what=what, value=value: acts[what](value))
    until_s = 200.0
    bench.env.run(until=until_s)
    slow = reference.SlowReplica(SECOND, max_batch, max_wait_s)
    arrivals = [(float(t), "arrive", float(i)) for i, t in enumerate(arrival_s)]
    slow.run(sorted([*arrivals, *story]), until_s)
    done = {i: t for i, t in enumerate(bench.items.finish_s) if bench.items.state[i] == RequestState.DONE}
    assert done.keys() == slow.finish_s.keys()
    for i, finish_s in done.items():
        assert finish_s == pytest.approx(slow.finish_s[i], rel=1e-9, abs=1e-9)
    assert bench.meter.until(until_s) == pytest.approx(slow.energy_j, rel=1e-9)
    assert bench.replica.chip_j(until_s) == pytest.approx(slow.energy_j, rel=1e-9)
    assert bench.replica.busy_until_s(until_s) == pytest.approx(slow.busy_s, rel=1e-9, abs=1e-9)
    assert bench.replica.n_batches == len(slow.batches)
    assert bench.replica.items_taken == sum(slow.batches)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**16),
    n_replicas=st.integers(1, 5),
    router=st.sampled_from(["round_robin", "least_outstanding", "power_aware", "inlet_aware"]),
    faults=st.lists(st.tuples(times, st.integers(0, 4), st.booleans(), st.booleans()), max_size=10),
)
def test_no_request_is_lost_or_made_whatever_breaks(
    seed: int, n_replicas: int, router: str, faults: list[tuple[float, int, bool, bool]]
) -> None:
    arrival_s = np.cumsum(np.random.default_rng(seed).exponential(0.4, 120))
    env, meter, items = simpy.Environment(), Meter(), ItemColumns(arrival_s)
    batching = Batching(max_batch=4, max_wait_s=0.5)
    replicas = [ServiceReplica(env, SECOND, batching, items, meter, i) for i in range(n_replicas)]
    workload = Workload(env, items, replicas, find(ROUTERS, router)())  # type: ignore[operator]
    for at_s, slot, is_up, is_retried in faults:
        slot %= n_replicas
        at(env, at_s, lambda s=slot, up=is_up, r=is_retried: workload.restore(s) if up else workload.fail(s, r))
    env.run(until=300.0)
    outstanding = sum(replica.outstanding for replica in replicas) + workload.n_held
    done, lost = items.count(RequestState.DONE), items.count(RequestState.LOST)
    assert items.n_arrived == len(items) == done + lost + outstanding
    assert outstanding == items.count(RequestState.WAITING) + items.count(RequestState.RUNNING)
    assert done == sum(replica.items_done for replica in replicas)
    assert sum(workload.outstanding) == sum(replica.outstanding for replica in replicas)
    assert all(i not in replica.waiting for replica in replicas for i in np.flatnonzero(np.isfinite(items.finish_s)))
    if any(replica.is_up for replica in replicas):
        assert outstanding == 0
