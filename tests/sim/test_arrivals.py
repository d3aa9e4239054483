"""Workloads: every request is accounted for, routers choose among what has power."""

from __future__ import annotations

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import ModelRangeError, TwinError
from twin.physics.llm import IterationLaw
from twin.policies.protocols import Router
from twin.policies.routers.least_kv import LeastKv
from twin.policies.routers.least_outstanding import LeastOutstanding
from twin.policies.routers.round_robin import RoundRobin
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import H100, LLAMA_8B, EnergyMeter, azure_like
from twin.sim.kv_blocks import EngineConfig
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica

LAW = IterationLaw(LLAMA_8B, H100)
ROUTERS: list[Router] = [RoundRobin(), LeastOutstanding(), LeastKv()]


class View:
    """Three replicas as a router sees them."""

    def __init__(self, outstanding: list[int], is_up: list[bool], free: list[int]) -> None:
        self.outstanding, self.is_up, self.free = outstanding, is_up, free
        self.n_down = is_up.count(False)

    def kv_free_blocks(self) -> list[int]:
        return self.free

    def least_outstanding(self) -> int:
        return min([i for i, is_up in enumerate(self.is_up) if is_up], key=self.outstanding.__getitem__)


def start(requests: RequestColumns, n_replicas: int, router: Router) -> tuple[simpy.Environment, Workload]:
    env, meter = simpy.Environment(), EnergyMeter(n_replicas)
    config = EngineConfig(n_blocks=400)
    replicas = [Replica(env, LAW, config, requests, meter, i) for i in range(n_replicas)]
    return env, Workload(env, requests, replicas, router)


def unfinished(requests: RequestColumns) -> int:
    return requests.count(RequestState.WAITING) + requests.count(RequestState.RUNNING)


@pytest.mark.parametrize("router", ROUTERS)
@settings(max_examples=15, deadline=None)
@given(until_s=st.floats(0.5, 60.0), fail_s=st.floats(0.5, 20.0), is_retried=st.booleans())
def test_every_request_is_done_rejected_lost_or_unfinished(
    router: Router, until_s: float, fail_s: float, is_retried: bool
) -> None:
    requests = RequestColumns(*azure_like(150, rate_per_s=12.0, seed=1))
    env, workload = start(requests, 2, router)
    env.run(until=fail_s)
    workload.fail(0, is_retried)
    env.run(until=fail_s + 0.5)
    workload.fail(1, is_retried)
    env.run(until=fail_s + 1.0)
    workload.restore(0)
    env.run(until=fail_s + 1.0 + until_s)
    lost = requests.count(RequestState.LOST)
    ended = requests.count(RequestState.DONE) + requests.count(RequestState.REJECTED) + lost
    assert requests.n_arrived == ended + unfinished(requests)
    assert unfinished(requests) == sum(workload.outstanding) + workload.n_held
    assert requests.n_arrived == int(np.sum(np.array(requests.arrival_s) <= env.now))
    assert lost == 0 or not is_retried


def test_round_robin_takes_turns_and_steps_over_the_dark() -> None:
    router = RoundRobin()
    assert [router(0.0, i, View([9, 0, 0], [True] * 3, [0] * 3)) for i in range(4)] == [0, 1, 2, 0]
    assert [router(0.0, i, View([9, 0, 0], [False, True, False], [0] * 3)) for i in range(4)] == [1, 1, 1, 1]


def test_least_outstanding_takes_the_shortest_that_has_power() -> None:
    router = LeastOutstanding()
    assert router(0.0, 0, View([4, 2, 2], [True] * 3, [0] * 3)) == 1
    assert router(0.0, 0, View([4, 0, 2], [True, False, True], [0] * 3)) == 2


def test_least_kv_takes_the_emptiest_cache_then_the_shortest_queue() -> None:
    router = LeastKv()
    assert router(0.0, 0, View([0, 0, 0], [True] * 3, [5, 9, 7])) == 1
    assert router(0.0, 0, View([3, 1, 0], [True, True, False], [5, 5, 9])) == 1


def test_a_failed_replica_hands_its_requests_to_the_others() -> None:
    requests = RequestColumns([0.0] * 6, [200] * 6, [300] * 6)
    env, workload = start(requests, 2, RoundRobin())
    env.run(until=1.0)
    assert workload.outstanding == [3, 3]
    assert workload.fail(0) == 3
    assert workload.outstanding == [0, 6]
    env.run()
    assert requests.replica == [1] * 6
    assert requests.retries == [1, 0, 1, 0, 1, 0]
    assert requests.count(RequestState.DONE) == 6


def test_with_no_replica_up_requests_are_held_and_sent_on_in_order() -> None:
    requests = RequestColumns([0.5, 0.6, 0.7], [100] * 3, [10] * 3)
    env, workload = start(requests, 1, LeastOutstanding())
    workload.fail(0)
    env.run(until=1.0)
    assert workload.n_held == 3
    workload.restore(0)
    env.run()
    assert requests.count(RequestState.DONE) == 3
    assert min(requests.first_token_s) > 1.0


def test_two_workloads_do_not_touch_each_other() -> None:
    env, meter = simpy.Environment(), EnergyMeter(2)
    config = EngineConfig(n_blocks=400)
    chat, batch = (RequestColumns(*azure_like(40, seed=seed)) for seed in (1, 2))
    for i, requests in enumerate((chat, batch)):
        Workload(env, requests, [Replica(env, LAW, config, requests, meter, i)], RoundRobin())
    env.run()
    alone = RequestColumns(*azure_like(40, seed=1))
    env_alone, _ = start(alone, 1, RoundRobin())
    env_alone.run()
    assert chat.finish_s == alone.finish_s
    assert set(batch.replica) == {1}


def test_the_same_requests_give_the_same_bytes() -> None:
    def columns() -> bytes:
        requests = RequestColumns(*azure_like(200, rate_per_s=20.0))
        env, _ = start(requests, 3, LeastKv())
        env.run()
        return b"".join(column.tobytes() for column in requests.arrays().values())

    assert columns() == columns()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([0.0, 1.0], [5], [5]), "2 arrivals, 1 prompts and 1 outputs"),
        (([1.0, 0.0], [5, 5], [5, 5]), "in order of time"),
        (([float("nan")], [5], [5]), "not finite"),
        (([0.0], [5], [0]), "0 tokens in a request"),
    ],
)
def test_unfit_columns_are_refused(columns: tuple[list[float], list[int], list[int]], message: str) -> None:
    with pytest.raises(TwinError, match=message):
        RequestColumns(*columns)


def test_a_workload_needs_a_replica() -> None:
    with pytest.raises(ModelRangeError, match="0 replicas"):
        Workload(simpy.Environment(), RequestColumns([0.0], [1], [1]), [], RoundRobin())
