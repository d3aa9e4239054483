"""Replicas that sleep and wake: energy to the joule, every request accounted for, whatever fails meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.llm import IterationLaw
from twin.policies.admission.queue_limit import QueueLimit
from twin.policies.autoscalers.schedule import Schedule
from twin.policies.autoscalers.target_load import TargetLoad
from twin.policies.protocols import Autoscaler, FleetView
from twin.policies.routers.least_outstanding import LeastOutstanding
from twin.scenario.policies import Autoscale
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import H100, LLAMA_8B, EnergyMeter, azure_like
from twin.sim.choices import Bed, ScalingPlan
from twin.sim.kv_blocks import EngineConfig
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.scaling import Scaling
from twin.sim.serving import Replica

LAW = IterationLaw(LLAMA_8B, H100)
IDLE_W, SLEEP_W = 68.0, 20.0
DAY_S = 86400.0


@dataclass(frozen=True)
class Wants:
    """A number that changes at given times: (from, replicas)."""

    steps: tuple[tuple[float, int], ...]
    now_s: Callable[[], float]

    def __call__(self, fleet: FleetView) -> int:
        return [n for from_s, n in self.steps if from_s <= self.now_s()][-1]


class Bench:
    """Replicas under an autoscaler, with a meter and the events it tells."""

    def __init__(
        self,
        requests: RequestColumns,
        policy: Autoscaler | tuple[tuple[float, int], ...],
        n_replicas: int = 1,
        wake_s: float = 5.0,
        **spec: float,
    ) -> None:
        self.env, self.meter, self.requests = simpy.Environment(), EnergyMeter(n_replicas), requests
        config = EngineConfig(n_blocks=400)
        replicas = [Replica(self.env, LAW, config, requests, self.meter, i) for i in range(n_replicas)]
        self.workload = Workload(self.env, requests, replicas, LeastOutstanding())
        if isinstance(policy, tuple):
            policy = Wants(policy, lambda: float(self.env.now))
        bounds = Autoscale.model_validate({"policy": "any", "every_s": 1.0, "down_after_s": 0.0, "min": 0, **spec})
        beds = [Bed(f"server {i}", SLEEP_W, wake_s) for i in range(n_replicas)]
        self.events: list[tuple[float, str, str]] = []
        plan = ScalingPlan(bounds, policy, beds)
        self.scaling = Scaling("chat", self.workload, plan, 0.0, lambda _, kind, place, __: self.tell(kind, place))

    def tell(self, kind: str, place: str) -> None:
        self.events.append((float(self.env.now), kind.removeprefix("scale."), place))

    def energy_j(self, until_s: float) -> float:
        """Energy of one accelerator of each replica, once all is still."""
        self.env.run(until=until_s)
        for i in range(len(self.workload.replicas)):
            self.meter.load_changed(i, self.env.now, self.meter._rows[i][1], 0.0, 0.0, 0.0)
        return sum(self.meter.energy_j(i) for i in range(len(self.workload.replicas)))


def no_requests() -> RequestColumns:
    return RequestColumns([], [], [])


def wave(n_periods: int, period_s: float, n_each: int) -> RequestColumns:
    """Bursts at the start of each period, nothing after."""
    times_s = [i * period_s + 0.05 * k for i in range(n_periods) for k in range(n_each)]
    return RequestColumns(times_s, [200] * len(times_s), [30] * len(times_s))


def test_an_idle_replica_draws_sleep_watts_while_asleep_and_idle_watts_while_it_loads() -> None:
    bench = Bench(no_requests(), ((0.0, 1), (100.0, 0), (300.0, 1)))
    found_j = bench.energy_j(400.0)
    assert found_j == pytest.approx(200.0 * IDLE_W + 200.0 * SLEEP_W, rel=1e-12)
    spent = bench.scaling.state_s()
    assert spent == {"awake": 195.0, "draining": 0.0, "loading": 5.0, "asleep": 200.0, "dark": 0.0}
    place = "server 0"
    assert bench.events == [(100.0, "sleep", place), (300.0, "wake", place), (305.0, "ready", place)]


def test_on_a_square_wave_sleep_saves_its_watts_times_the_time_asleep() -> None:
    def lived(sleep_w: float) -> tuple[float, Bench]:
        bench = Bench(wave(5, 60.0, 20), TargetLoad(target=4.0), n_replicas=3)
        bench.scaling._plan.beds[:] = [Bed("s", sleep_w, 5.0)] * 3  # type: ignore[index]
        return bench.energy_j(300.0), bench

    (deep_j, deep), (shallow_j, shallow) = lived(SLEEP_W), lived(IDLE_W)
    assert deep.requests.finish_s == shallow.requests.finish_s
    asleep_s = deep.scaling.state_s()["asleep"]
    assert asleep_s == shallow.scaling.state_s()["asleep"] > 600.0
    assert shallow_j - deep_j == pytest.approx((IDLE_W - SLEEP_W) * asleep_s, rel=1e-9)
    assert deep.scaling.n_wakes >= 4


def test_the_first_request_wakes_a_replica_when_all_sleep_and_waits_for_its_weights() -> None:
    bench = Bench(RequestColumns([50.5, 51.0], [100, 100], [10, 10]), ((0.0, 0),), n_replicas=3, wake_s=7.0)
    bench.env.run(until=54.0)
    assert (bench.workload.n_held, bench.scaling.n_awake, bench.scaling.n_wakes) == (2, 1, 1)
    bench.env.run(until=100.0)
    assert bench.requests.first_token_s[0] == pytest.approx(57.5 + LAW.iteration(200, 10000.0, 0, 0)[0])
    assert bench.requests.count(RequestState.DONE) == 2
    assert bench.scaling.n_awake == 0  # asleep again, as the policy wants


def test_a_replica_let_go_finishes_what_it_has_and_takes_nothing_new() -> None:
    requests = RequestColumns([0.0, 0.0, 20.5, 20.5], [100] * 4, [4000, 4000, 50, 50])
    bench = Bench(requests, ((0.0, 2), (10.0, 1)), n_replicas=2)
    bench.env.run(until=11.0)
    assert (bench.workload.is_up, bench.workload.outstanding) == ([True, False], [1, 1])
    bench.env.run(until=60.0)
    assert requests.replica == [0, 1, 0, 0]
    assert requests.count(RequestState.DONE) == 4
    (slept_s, kind, place) = bench.events[0]
    assert (kind, place) == ("sleep", "server 1")
    assert 0.0 <= slept_s - requests.finish_s[1] <= 1.0  # at the first look that finds it empty
    assert bench.scaling.state_s()["draining"] == pytest.approx(slept_s - 10.0)


def test_one_that_is_wanted_again_before_it_slept_is_back_at_once() -> None:
    requests = RequestColumns([0.0, 0.0, 13.5], [100] * 3, [4000, 4000, 50])
    bench = Bench(requests, ((0.0, 2), (10.0, 1), (13.0, 2)), n_replicas=2)
    bench.env.run(until=20.0)
    assert (bench.events, bench.scaling.n_wakes, bench.workload.n_down) == ([], 0, 0)


def test_one_that_is_not_wanted_any_more_stops_loading() -> None:
    bench = Bench(no_requests(), ((0.0, 0), (10.0, 1), (12.0, 0)), wake_s=5.0)
    bench.env.run(until=30.0)
    assert [(at_s, kind) for at_s, kind, _ in bench.events] == [(0.0, "sleep"), (10.0, "wake"), (12.0, "sleep")]
    assert bench.scaling.state_s()["loading"] == 2.0
    assert bench.workload.is_up == [False]


def test_replicas_go_to_sleep_only_down_to_the_most_wanted_lately() -> None:
    bench = Bench(no_requests(), ((0.0, 4), (10.0, 1), (15.0, 3), (16.0, 1)), n_replicas=4, down_after_s=20.0)
    bench.env.run(until=60.0)
    assert [(at_s, place) for at_s, _, place in bench.events] == [
        (29.0, "server 3"),  # 4 were wanted until 9 s
        (35.0, "server 2"),  # 3 at 15 s
        (35.0, "server 1"),
    ]


def test_bounds_hold_whatever_the_policy_wants() -> None:
    bench = Bench(no_requests(), ((0.0, 0), (10.0, 99)), n_replicas=6, min=2, max=4)
    bench.env.run(until=9.0)
    assert bench.scaling.n_awake == 2
    bench.env.run(until=20.0)
    assert bench.scaling.n_awake == 4


def test_a_schedule_follows_the_local_day_however_many_days_pass() -> None:
    bench = Bench(no_requests(), Schedule({8.0: 3, 20.0: 1}), n_replicas=3, wake_s=0.0, every_s=3600.0)
    bench.env.run(until=3 * DAY_S)
    spent = bench.scaling.state_s()
    assert spent["asleep"] == pytest.approx(3 * 2 * 12 * 3600.0)
    assert spent["awake"] == pytest.approx(3 * (3 * 12 + 12) * 3600.0)


@pytest.mark.parametrize("low_frac", [0.5, 0.7, 0.9])
def test_a_steady_stream_does_not_flap(low_frac: float) -> None:
    """Arrivals at even gaps: the number of requests swings by a few, the number of replicas does not."""
    n = 3000
    requests = RequestColumns(np.arange(n) * 0.1, [500] * n, [120] * n)
    bench = Bench(requests, TargetLoad(target=6.0, low_frac=low_frac), 8, min=1, down_after_s=20.0)
    bench.env.run(until=60.0)
    n_changes = len(bench.events)
    bench.env.run(until=300.0)
    assert len(bench.events) == n_changes


def test_a_replica_that_lost_power_loads_its_weights_again() -> None:
    bench = Bench(RequestColumns([0.0], [100], [4000]), ((0.0, 1),), wake_s=6.0)
    bench.env.run(until=2.5)
    assert bench.workload.fail(0) == 1
    assert bench.workload.n_held == 1
    bench.env.run(until=4.5)
    bench.workload.restore(0)
    assert bench.workload.is_up == [False]
    bench.env.run(until=200.0)
    assert bench.requests.state[0] == RequestState.DONE
    assert bench.requests.first_token_s[0] == pytest.approx(10.5 + LAW.iteration(100, 5000.0, 0, 0)[0])
    spent = bench.scaling.state_s()
    assert (spent["dark"], spent["loading"]) == (2.0, 6.0)


@pytest.mark.parametrize("fail_s", [3.5, 12.5, 30.5])  # draining, asleep, loading
def test_power_lost_in_any_state_is_no_power_drawn_and_comes_back_to_what_was_wanted(fail_s: float) -> None:
    requests = RequestColumns([0.0, 0.0], [100] * 2, [500, 500])
    bench = Bench(requests, ((0.0, 2), (1.0, 1), (28.0, 2)), n_replicas=2, wake_s=5.0)
    bench.env.run(until=fail_s)
    state = bench.scaling._state[1]
    assert state == {3.5: "draining", 12.5: "asleep", 30.5: "loading"}[fail_s]
    bench.workload.fail(1)
    assert (bench.meter._rows[1][1], bench.scaling.n_replicas) == (0.0, 1)
    bench.env.run(until=fail_s + 2.0)
    bench.workload.restore(1)
    assert bench.scaling._state[1] == ("loading" if state == "loading" else "asleep")
    assert bench.meter._rows[1][1] == (IDLE_W if state == "loading" else SLEEP_W)
    bench.env.run(until=60.0)
    assert bench.workload.is_up == [True, True]
    assert requests.count(RequestState.DONE) == 2
    assert sum(bench.scaling.state_s().values()) == pytest.approx(120.0)


Acts = st.lists(st.tuples(st.floats(0.0, 40.0), st.integers(0, 3), st.booleans()), max_size=12)


@settings(max_examples=40)
@given(acts=Acts, target=st.floats(0.5, 12.0), wake_s=st.floats(0.0, 20.0), most=st.integers(1, 12), lose=st.booleans())
def test_every_request_is_accounted_for_and_every_second_of_every_replica(
    acts: list[tuple[float, int, bool]], target: float, wake_s: float, most: int, lose: bool
) -> None:
    requests = RequestColumns(*azure_like(120, rate_per_s=4.0, seed=5))
    bench = Bench(requests, TargetLoad(target=target), 4, wake_s, every_s=0.7, down_after_s=1.5)
    workload = bench.workload
    workload.admission = QueueLimit(most)
    for at_s, slot, is_failure in sorted(acts):
        if at_s > bench.env.now:
            bench.env.run(until=at_s)
        workload.fail(slot, not lose) if is_failure else workload.restore(slot)
        n_open = requests.count(RequestState.WAITING) + requests.count(RequestState.RUNNING)
        assert n_open == sum(workload.outstanding) + workload.n_held
        assert workload.n_down == workload.is_up.count(False)
        assert sum(bench.scaling.state_s().values()) == pytest.approx(4 * bench.env.now)
    for slot in range(4):
        workload.restore(slot)
    bench.env.run(until=bench.env.now + 400.0)
    ends = [requests.count(state) for state in (RequestState.DONE, RequestState.REJECTED, RequestState.LOST)]
    assert sum(ends) == len(requests)
    assert workload.n_refused <= ends[1]
    assert ends[2] == 0 or lose
    assert bench.scaling.n_awake == 0
    asleep_w = [bench.meter._rows[i][1] for i in range(4)]
    assert asleep_w == [SLEEP_W] * 4
