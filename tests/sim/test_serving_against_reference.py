"""The fast replica gives what a walk through every iteration gives: times, preemptions, rejections and energy."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Generator
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.llm import IterationLaw
from twin.policies.routers.round_robin import RoundRobin
from twin.scenario.traces.prefix import PrefixBlocks, blocks_from
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import H100, LLAMA_8B, EnergyMeter
from twin.sim.kv_blocks import EngineConfig
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica

_spec = importlib.util.spec_from_file_location("reference_serving", Path(__file__).with_name("reference_serving.py"))
assert _spec is not None
assert _spec.loader is not None
reference = importlib.util.module_from_spec(_spec)
sys.modules["reference_serving"] = reference
_spec.loader.exec_module(reference)

LAW = IterationLaw(LLAMA_8B, H100)
Control = tuple[float, str, float | None]


def fast(
    columns: tuple[list[float], list[int], list[int]],
    config: EngineConfig,
    controls: list[Control],
    prefix: PrefixBlocks | None = None,
) -> tuple[RequestColumns, float, float, int]:
    """Requests after the run, energy per accelerator, time of the end, prompt tokens found in the cache."""
    env, meter = simpy.Environment(), EnergyMeter(1)
    requests = RequestColumns(*columns, prefix)
    replica = Replica(env, LAW, config, requests, meter)
    workload = Workload(env, requests, [replica], RoundRobin())

    def control() -> Generator[simpy.Event, None, None]:
        for at_s, action, argument in controls:
            yield env.timeout(at_s - env.now)
            if argument is not None:
                replica.set_clock(argument)
            elif action == "fail":
                workload.fail(0)
            else:
                workload.restore(0)

    env.process(control())
    env.run()
    meter.load_changed(0, env.now, 0.0, 0.0, 0.0, 0.0)
    assert replica.outstanding == 0
    assert replica.kv_free_blocks == config.n_blocks
    assert requests.n_arrived == requests.count(RequestState.DONE) + requests.count(RequestState.REJECTED)
    hit_tokens = 0 if replica.prefix is None else replica.prefix.hit_tokens
    return requests, meter.energy_j(0) + replica.unsettled_j, env.now, hit_tokens


def compare(
    columns: tuple[list[float], list[int], list[int]],
    config: EngineConfig,
    controls: list[Control],
    prefix: PrefixBlocks | None = None,
) -> int:
    """Run both and hold them together; how many preemptions there were."""
    requests, energy_j, end_s, hit_tokens = fast(columns, config, controls, prefix)
    slow = reference.ReferenceEngine(LAW, config, prefix.block_tokens if prefix else 0)
    whole = [
        prefix.of(i).tolist()[: prompt // prefix.block_tokens] if prefix else [] for i, prompt in enumerate(columns[1])
    ]
    arrivals = [
        (at_s, "arrive", reference.Sequence(i, prompt, output, prefix=whole[i]))
        for i, (at_s, prompt, output) in enumerate(zip(*columns, strict=True))
    ]
    slow.run([*arrivals, *controls], end_s)
    for i in range(len(requests)):
        if i in slow.rejected:
            assert requests.state[i] == RequestState.REJECTED
            continue
        assert requests.first_token_s[i] == pytest.approx(slow.first_token_s[i], rel=1e-9, abs=1e-9)
        assert requests.finish_s[i] == pytest.approx(slow.finish_s[i], rel=1e-9, abs=1e-9)
        assert requests.preemptions[i] == slow.preemptions.get(i, 0)
    assert energy_j == pytest.approx(slow.energy_j, rel=1e-9)
    assert hit_tokens == slow.hit_tokens
    return sum(requests.preemptions)


@st.composite
def workloads(draw: st.DrawFn) -> tuple[tuple[list[float], list[int], list[int]], EngineConfig, list[Control]]:
    n = draw(st.integers(1, 12))
    gaps = draw(st.lists(st.sampled_from([0.0, 0.003, 0.02, 0.11, 0.7]), min_size=n, max_size=n))
    # Uneven numbers: an arrival at the very instant of an iteration's end may be served by either iteration.
    arrival_s = np.cumsum([gap * (1.0 + sqrt(2.0 + i) / 10.0) for i, gap in enumerate(gaps)]).tolist()
    prompt = draw(st.lists(st.integers(1, 90), min_size=n, max_size=n))
    output = draw(st.lists(st.integers(1, 70), min_size=n, max_size=n))
    max_batch = draw(st.integers(1, 6))
    config = EngineConfig(
        n_blocks=draw(st.integers(4, 60)),
        max_batch_tokens=draw(st.integers(max_batch + 1, 100)),
        max_batch=max_batch,
        block_tokens=draw(st.sampled_from([1, 4, 16])),
    )
    controls: list[Control] = []
    at_s, is_up = 0.0, True
    for i in range(draw(st.integers(0, 5))):
        at_s += draw(st.sampled_from([0.004, 0.05, 0.3])) * (1.0 + sqrt(3.0 + i) / 7.0)
        action = draw(st.sampled_from(["clock", "clock", "power"]))
        if action == "clock":
            controls.append((at_s, "clock", draw(st.sampled_from([0.35, 0.6, 1.0]))))
        else:
            controls.append((at_s, "fail" if is_up else "restore", None))
            is_up = not is_up
    if not is_up:
        controls.append((at_s + 0.123456, "restore", None))
    return (arrival_s, prompt, output), config, controls


@settings(max_examples=400, deadline=None)
@given(workloads())
def test_random_workloads_end_at_the_same_times_with_the_same_energy(
    case: tuple[tuple[list[float], list[int], list[int]], EngineConfig, list[Control]],
) -> None:
    compare(*case)


@st.composite
def shared_prompts(
    draw: st.DrawFn,
) -> tuple[tuple[list[float], list[int], list[int]], EngineConfig, list[Control], PrefixBlocks]:
    """Requests of which many begin alike: a few stems, left at any block."""
    (arrival_s, prompt, output), config, controls = draw(workloads())
    unit = config.block_tokens * draw(st.sampled_from([1, 1, 2, 3]))
    config = replace(config, prefix_cache=True)
    rows = []
    for i, tokens in enumerate(prompt):
        n_ids = -(-tokens // unit)
        n_alike = draw(st.integers(0, n_ids))
        stem = draw(st.integers(0, 2)) * 1000
        rows.append([stem + k if k < n_alike else 10_000 * (i + 1) + k for k in range(n_ids)])
    return (arrival_s, prompt, output), config, controls, blocks_from(rows, unit)


@settings(max_examples=600, deadline=None)
@given(shared_prompts())
def test_random_workloads_that_share_prefixes_agree_as_well(
    case: tuple[tuple[list[float], list[int], list[int]], EngineConfig, list[Control], PrefixBlocks],
) -> None:
    compare(*case)


def test_a_full_cache_of_shared_prefixes_preempts_evicts_and_still_agrees() -> None:
    rng = np.random.default_rng(11)
    columns = (
        np.cumsum(rng.exponential(0.04, 150)).tolist(),
        rng.integers(20, 90, 150).tolist(),
        rng.integers(5, 90, 150).tolist(),
    )
    rows = [
        [1000 * int(rng.integers(0, 4)) + k if k < 4 else 10_000 * (i + 1) + k for k in range(-(-tokens // 8))]
        for i, tokens in enumerate(columns[1])
    ]
    prefix = blocks_from(rows, 8)
    config = EngineConfig(n_blocks=44, max_batch_tokens=64, max_batch=12, block_tokens=8, prefix_cache=True)
    controls: list[Control] = [(1.2345678, "clock", 0.5), (2.7182818, "fail", None), (3.1415926, "restore", None)]
    assert compare(columns, config, controls, prefix) > 10
    assert fast(columns, config, controls, prefix)[3] > 1000


def test_a_cache_that_overflows_preempts_and_still_agrees() -> None:
    rng = np.random.default_rng(7)
    columns = (
        np.cumsum(rng.exponential(0.05, 80)).tolist(),
        rng.integers(5, 60, 80).tolist(),
        rng.integers(5, 90, 80).tolist(),
    )
    config = EngineConfig(n_blocks=40, max_batch_tokens=64, max_batch=12, block_tokens=8)
    assert compare(
        columns, config, [(1.2345678, "clock", 0.5), (2.7182818, "fail", None), (3.1415926, "restore", None)]
    )


@pytest.mark.parametrize("fail_s", [1.003, 1.02, 1.5])
def test_energy_is_exact_when_power_fails_after_an_arrival_cut_a_stretch(fail_s: float) -> None:
    """In the step that was cut, in the prefill that settles it, and in a later stretch."""
    columns = ([0.0, 1.0], [500, 1500], [800, 300])
    config = EngineConfig(n_blocks=1000)
    controls: list[Control] = [(fail_s, "fail", None), (2.7182818, "restore", None)]
    assert compare(columns, config, controls) == 0
