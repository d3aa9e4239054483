"""One replica: when tokens come, what waits, what is refused, what the building hears."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import simpy

from twin.errors import ModelRangeError
from twin.physics.llm import IterationLaw
from twin.policies.routers.round_robin import RoundRobin
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import H100, LLAMA_8B
from twin.sim.kv_blocks import EngineConfig, kv_blocks
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica

LAW = IterationLaw(LLAMA_8B, H100)
ROOMY = EngineConfig(n_blocks=kv_blocks(LLAMA_8B, 80e9))


@dataclass
class Listener:
    """Keeps every announcement."""

    calls: list[tuple[int, float, float, float, float, float]] = field(default_factory=list)

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        self.calls.append((i_replica, now_s, accel_w, compute_frac, memory_frac, host_frac))


@dataclass
class Bench:
    """A replica with its requests, ready to run."""

    requests: RequestColumns
    config: EngineConfig = ROOMY
    env: simpy.Environment = field(default_factory=simpy.Environment)
    listener: Listener = field(default_factory=Listener)

    def __post_init__(self) -> None:
        self.replica = Replica(self.env, LAW, self.config, self.requests, self.listener, 3)
        self.workload = Workload(self.env, self.requests, [self.replica], RoundRobin())


def prefill_s(tokens: int, done: int = 0) -> float:
    return LAW.iteration(tokens, tokens * done + tokens * (tokens + 1) / 2, 0, 0)[0]


# Tokens in time


def test_a_lone_request_takes_its_prefill_and_its_steps() -> None:
    bench = Bench(RequestColumns([1.0], [1000], [200]))
    bench.env.run()
    decode_s = sum(LAW.iteration(0, 0.0, 1, 1001 + i)[0] for i in range(199))
    latencies = bench.requests.arrays()
    assert latencies["ttft_s"][0] == pytest.approx(prefill_s(1000))
    assert latencies["e2e_s"][0] == pytest.approx(prefill_s(1000) + decode_s)
    assert latencies["tpot_s"][0] == pytest.approx(decode_s / 199)


def test_a_long_prompt_is_cut_to_the_token_budget() -> None:
    bench = Bench(RequestColumns([0.0], [5000], [1]))
    bench.env.run()
    expected_s = prefill_s(2048) + prefill_s(2048, 2048) + prefill_s(904, 4096)
    assert bench.requests.first_token_s[0] == pytest.approx(expected_s)
    assert bench.requests.finish_s[0] == bench.requests.first_token_s[0]
    assert np.isnan(bench.requests.arrays()["tpot_s"][0])


def test_requests_of_one_instant_share_their_first_iteration() -> None:
    bench = Bench(RequestColumns([0.5, 0.5, 0.5], [100, 200, 300], [5, 5, 5]))
    bench.env.run()
    assert len(set(bench.requests.first_token_s)) == 1
    assert len(set(bench.requests.finish_s)) == 1


def test_an_arrival_during_decode_waits_for_the_step_in_progress_only() -> None:
    bench = Bench(RequestColumns([0.0, 1.0], [100, 100], [2000, 2]))
    bench.env.run()
    step_s = LAW.iteration(0, 0.0, 1, 300)[0]
    shared_s = LAW.iteration(100, 5050, 1, 300)[0]
    ttft_s = float(bench.requests.arrays()["ttft_s"][1])
    assert shared_s * 0.999 < ttft_s < shared_s + step_s * 1.001


def test_tokens_done_count_whole_steps_inside_a_stretch() -> None:
    bench = Bench(RequestColumns([0.0], [1000], [500]))
    at_s, produced = prefill_s(1000), 1
    for i in range(40):
        at_s += LAW.iteration(0, 0.0, 1, 1001 + i)[0]
        produced += 1
        bench.env.run(until=at_s - 1e-6)
        assert bench.replica.tokens_done(bench.env.now) == (1000, produced - 1)
        bench.env.run(until=at_s + 1e-6)
        assert bench.replica.tokens_done(bench.env.now) == (1000, produced)
    bench.env.run()
    assert bench.replica.tokens_done(bench.env.now) == (1000, 500)


def test_free_blocks_shrink_while_decoding_and_come_back() -> None:
    bench = Bench(RequestColumns([0.0], [16], [100]), EngineConfig(n_blocks=20))
    seen = []
    while bench.env.peek() < float("inf") and bench.env.now < 0.9:
        bench.env.run(until=bench.env.now + 0.005)
        seen.append(bench.replica.kv_free_blocks)
    assert min(seen) == 20 - 8  # 16 + 99 tokens are kept: eight blocks of sixteen
    assert seen[-1] == 20
    assert seen[: seen.index(12)] == sorted(seen[: seen.index(12)], reverse=True)


# Limits


def test_a_request_larger_than_the_cache_is_rejected_with_both_numbers() -> None:
    bench = Bench(RequestColumns([0.0, 0.0], [100, 100], [61, 62]), EngineConfig(n_blocks=10))
    bench.env.run()
    assert list(bench.requests.state) == [RequestState.DONE, RequestState.REJECTED]
    assert bench.requests.reject_reason == {1: "needs 11 KV blocks of 16 tokens, the replica has 10"}
    assert bench.replica.outstanding == 0


def test_no_more_than_max_batch_run_at_once() -> None:
    bench = Bench(RequestColumns([0.0] * 10, [50] * 10, [40] * 10), EngineConfig(n_blocks=1000, max_batch=4))
    most = 0
    while bench.env.peek() < float("inf"):
        bench.env.step()
        most = max(most, bench.replica.n_running)
    assert most == 4
    assert bench.requests.count(RequestState.DONE) == 10


def test_the_first_in_the_queue_is_not_overtaken_by_one_that_would_fit() -> None:
    # 30 blocks: the first takes 20 (and grows), the second needs 25, the third 1.
    bench = Bench(RequestColumns([0.0, 0.1, 0.2], [320, 400, 16], [100, 2, 2]), EngineConfig(n_blocks=30))
    bench.env.run()
    first, second, third = bench.requests.first_token_s
    assert second > bench.requests.finish_s[0] > first
    assert third == second


def test_a_preempted_request_keeps_what_it_generated() -> None:
    bench = Bench(RequestColumns([0.0, 0.0], [64, 64], [80, 80]), EngineConfig(n_blocks=12))
    bench.env.run()
    assert bench.requests.preemptions == [0, 1]
    assert bench.requests.finish_s[1] > bench.requests.finish_s[0]
    assert bench.requests.first_token_s[0] == bench.requests.first_token_s[1]
    _, produced = bench.replica.tokens_done(bench.env.now)
    assert produced == 160


def test_a_batch_that_fills_the_budget_is_refused() -> None:
    with pytest.raises(ModelRangeError, match="max_batch 64 leaves no prompt token in a budget of 64 tokens"):
        EngineConfig(n_blocks=10, max_batch=64, max_batch_tokens=64)


# Clock and power


def test_a_slower_clock_takes_effect_at_the_end_of_the_step() -> None:
    bench = Bench(RequestColumns([0.0], [100], [400]))
    bench.env.run(until=1.0)
    before = bench.replica.tokens_done(1.0)[1]
    bench.replica.set_clock(0.1)
    slow = LAW.at_clock(0.1)
    bench.env.run()
    left = 400 - before - 1  # the step in progress still ran at full clock
    slow_s = sum(slow.iteration(0, 0.0, 1, 100 + before + 1 + i)[0] for i in range(left))
    assert bench.requests.finish_s[0] == pytest.approx(1.0 + slow_s, abs=LAW.iteration(0, 0.0, 1, 500)[0])
    assert bench.replica.clock_frac == 0.1


def test_the_building_hears_of_idle_load_and_darkness() -> None:
    bench = Bench(RequestColumns([1.0], [1000], [100]))
    bench.env.run(until=1.2)
    held = bench.workload.fail(0)
    bench.env.run(until=2.0)
    bench.workload.restore(0)
    calls = bench.listener.calls
    assert held == 1
    assert calls[0] == (3, 0.0, 68.0, 0.0, 0.0, 0.0)
    assert [round(call[1], 6) for call in calls[1:3]] == [1.0, round(1.0 + prefill_s(1000), 6)]
    assert calls[1][2] > calls[2][2] > 68.0  # prefill draws more than decoding alone
    assert calls[3] == (3, 1.2, 0.0, 0.0, 0.0, 0.0)
    assert calls[4][:3] == (3, 2.0, 68.0)
    assert calls[1][3] > calls[1][4]  # compute bound
    assert calls[2][4] > calls[2][3]  # memory bound
    assert 0.0 < calls[1][5] < calls[2][5] < 1.0  # the host weighs more on the shorter decode steps


def test_a_request_begins_again_after_a_failure() -> None:
    bench = Bench(RequestColumns([0.0], [100], [50]))
    bench.env.run(until=0.2)
    assert bench.requests.first_token_s[0] < 0.2
    bench.workload.fail(0)
    assert np.isnan(bench.requests.first_token_s[0])
    assert not bench.replica.is_up
    bench.env.run(until=1.0)
    bench.workload.restore(0)
    bench.env.run()
    assert bench.requests.first_token_s[0] == pytest.approx(1.0 + prefill_s(100))
    assert bench.requests.retries == [1]
    assert bench.requests.state[0] == RequestState.DONE


def test_a_replica_without_power_takes_no_request() -> None:
    bench = Bench(RequestColumns([5.0], [100], [50]))
    bench.replica.fail()
    with pytest.raises(RuntimeError, match="request 0 was sent to replica 3, which has no power"):
        bench.replica.submit(0)


def test_an_empty_replica_sleeps_at_its_own_watts_and_what_comes_waits_until_it_is_woken() -> None:
    bench = Bench(RequestColumns([0.0, 2.0], [100, 100], [10, 10]))
    bench.env.run(until=1.0)
    bench.workload.sleep(0, 20.0)
    assert bench.replica.accel_w_at(1.0) == 20.0
    bench.env.run(until=3.0)
    assert (bench.replica.is_up, bench.workload.n_held) == (False, 1)
    bench.workload.wake(0)
    bench.env.run()
    assert [call[1:3] for call in bench.listener.calls if call[2] <= 68.0][-3:-1] == [(1.0, 20.0), (3.0, 68.0)]
    assert bench.requests.first_token_s[1] == pytest.approx(3.0 + prefill_s(100))


def test_a_sleeping_replica_loses_power_too_and_comes_back_awake() -> None:
    bench = Bench(RequestColumns([2.0], [100], [10]))
    bench.env.run(until=0.5)
    bench.workload.sleep(0, 20.0)
    bench.workload.restore(0)
    assert not bench.replica.is_up  # power was never lost
    bench.workload.fail(0)
    bench.workload.wake(0)
    assert bench.listener.calls[-1][2] == 0.0
    bench.workload.restore(0)
    bench.env.run()
    assert bench.requests.count(RequestState.DONE) == 1


def test_a_busy_replica_does_not_sleep() -> None:
    bench = Bench(RequestColumns([0.0], [100], [50]))
    bench.env.run(until=0.1)
    with pytest.raises(RuntimeError, match="replica 3 was told to sleep with 1 requests"):
        bench.workload.sleep(0, 20.0)
    assert bench.workload.n_down == 0


def test_a_drained_queue_leaves_those_admitted_running() -> None:
    bench = Bench(RequestColumns([0.0, 0.1, 0.2], [320, 400, 16], [100, 2, 2]), EngineConfig(n_blocks=30))
    bench.env.run(until=0.3)
    assert bench.replica.drain_queue() == [1, 2]
    assert (bench.replica.outstanding, bench.replica.queue_length) == (1, 0)
    bench.env.run()
    assert list(bench.requests.state) == [RequestState.DONE, RequestState.WAITING, RequestState.WAITING]
    assert bench.replica.kv_free_blocks == 30


# Cost


def announcements(output_factor: int) -> int:
    rng = np.random.default_rng(5)
    output = rng.integers(5, 60, 60) * output_factor
    bench = Bench(RequestColumns(np.arange(60) * 100.0, rng.integers(10, 1500, 60), output))
    bench.env.run()
    assert bench.replica.tokens_done(bench.env.now)[1] == output.sum()
    return len(bench.listener.calls)


def test_a_hundred_times_longer_answer_needs_not_one_event_more() -> None:
    assert announcements(1) == announcements(100) == 1 + 3 * 60  # idle; then prefill, decode, idle for each
