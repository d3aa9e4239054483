"""Replicas with computing memory: times, energy and booked units of the slow engine, also cut and interrupted."""

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

from twin.physics.chip import ChipLaw
from twin.physics.llm import ModelShape
from twin.physics.pim_iteration import PimIterationLaw
from twin.physics.pim_memory import PimLaw
from twin.policies.routers.round_robin import RoundRobin
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import EnergyMeter
from twin.sim.kv_blocks import EngineConfig
from twin.sim.pim_replica import PimLedger, PimReplica
from twin.sim.requests import RequestColumns, RequestState

_spec = importlib.util.spec_from_file_location("reference_serving", Path(__file__).with_name("reference_serving.py"))
assert _spec is not None
assert _spec.loader is not None
reference = sys.modules.get("reference_serving") or importlib.util.module_from_spec(_spec)
sys.modules["reference_serving"] = reference
_spec.loader.exec_module(reference)

SHAPE = ModelShape(8, 1024, 16, 4, 64, 2816, 8000, 2.0, 2.0)
CHIP = ChipLaw(100e12, 1e12, 0.8, 0.85, 4.0, 10e-6, 1e-3, 20e-6, 40.0, 300.0, 0.6, 0.3, 50e9, 5e-6)
MEMORY = PimLaw(8e12, 0.8, 8e12, n_channels=16)
LAWS = (
    PimIterationLaw(SHAPE, CHIP, replace(MEMORY, overlap="interleaved"), ("attention",)),
    # As slow as the bus: the shortest way changes with batch and context.
    PimIterationLaw(SHAPE, CHIP, replace(MEMORY, eff_inner_frac=0.2), ("none", "attention", "fc", "pim_only")),
    PimIterationLaw(SHAPE, CHIP, replace(MEMORY, is_dual=False), ("pim_only",)),
    PimIterationLaw(SHAPE, CHIP, replace(MEMORY, link_bw_bytes_s=30e9, overlap="pipelined"), ("attention",)),
)
Control = tuple[float, str, float | None]
Columns = tuple[list[float], list[int], list[int]]


class BookingEngine(reference.ReferenceEngine):  # type: ignore[name-defined, misc]
    """The slow engine, booking units iteration by iteration; a failure counts by the time that had passed."""

    def iterate(self, events: list[tuple[float, str, object]]) -> None:
        before_s = self.now_s
        super().iterate(events)
        mapping, time_s, iterations, work = self.booked
        self.ledger.add([(mapping, time_s, iterations, work)], min(1.0, (self.now_s - before_s) / time_s))

    def cost(self, chunks: dict[int, int]) -> tuple[float, float]:
        decoding = [sequence for sequence in self.running if sequence.is_decoding]
        pairs = 0.0
        for sequence in self.running:
            for token in range(chunks.get(sequence.i, 0)):
                pairs += sequence.prefilled + token + 1
        contexts = sum(sequence.context + 1 for sequence in decoding)
        step = sum(chunks.values()), pairs, len(decoding), contexts
        self.booked = self.law.iteration_work(*step)
        time_s, accel_w, _, _, _ = self.law.iteration_load(*step)
        return time_s, accel_w


def compare(law: PimIterationLaw, columns: Columns, config: EngineConfig, controls: list[Control]) -> PimLedger:
    """Run both and hold them together; what the fast one booked."""
    env, meter = simpy.Environment(), EnergyMeter(1)
    requests = RequestColumns(*columns)
    replica = PimReplica(env, law, config, requests, meter)
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
    slow = BookingEngine(law, config)
    slow.ledger = PimLedger()
    arrivals = [
        (at_s, "arrive", reference.Sequence(i, prompt, output))
        for i, (at_s, prompt, output) in enumerate(zip(*columns, strict=True))
    ]
    slow.run([*arrivals, *controls], env.now)
    for i in range(len(requests)):
        if i in slow.rejected:
            assert requests.state[i] == RequestState.REJECTED
            continue
        assert requests.first_token_s[i] == pytest.approx(slow.first_token_s[i], rel=1e-9, abs=1e-9)
        assert requests.finish_s[i] == pytest.approx(slow.finish_s[i], rel=1e-9, abs=1e-9)
    assert meter.energy_j(0) + replica.unsettled_j == pytest.approx(slow.energy_j, rel=1e-9)
    same(replica.ledger, slow.ledger)
    return replica.ledger


def same(found: PimLedger, expected: PimLedger) -> None:
    assert {key for key, row in found.rows.items() if row[1] > 1e-9} == {
        key for key, row in expected.rows.items() if row[1] > 1e-9
    }
    for mapping, (seconds, iterations, work) in expected.rows.items():
        row = found.rows.get(mapping, (0.0, 0.0, work))
        assert row[0] == pytest.approx(seconds, rel=1e-9, abs=1e-9)
        assert row[1] == pytest.approx(iterations, rel=1e-7, abs=1e-7)
        for ours, theirs in zip(row[2], work, strict=True):
            assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-7)


@st.composite
def workloads(draw: st.DrawFn) -> tuple[Columns, EngineConfig, list[Control]]:
    n = draw(st.integers(1, 12))
    gaps = draw(st.lists(st.sampled_from([0.0, 0.003, 0.02, 0.11]), min_size=n, max_size=n))
    arrival_s = np.cumsum([gap * (1.0 + sqrt(2.0 + i) / 10.0) for i, gap in enumerate(gaps)]).tolist()
    prompt = draw(st.lists(st.integers(1, 90), min_size=n, max_size=n))
    output = draw(st.lists(st.integers(1, 70), min_size=n, max_size=n))
    config = EngineConfig(n_blocks=draw(st.integers(10, 60)), max_batch_tokens=64, max_batch=6, block_tokens=16)
    controls: list[Control] = []
    at_s = 0.0
    for i, kind in enumerate(draw(st.lists(st.sampled_from(["clock", "power"]), max_size=3))):
        at_s += draw(st.sampled_from([0.004, 0.05, 0.3])) * (1.0 + sqrt(3.0 + i) / 7.0)
        if kind == "clock":
            controls.append((at_s, "clock", draw(st.sampled_from([0.35, 1.0]))))
        else:
            controls += [(at_s, "fail", None), (at_s + 0.0123456, "restore", None)]
            at_s += 0.0123456
    return (arrival_s, prompt, output), config, controls


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LAWS), workloads())
def test_random_workloads_agree_in_times_energy_and_units(
    law: PimIterationLaw, case: tuple[Columns, EngineConfig, list[Control]]
) -> None:
    compare(law, *case)


def test_a_dynamic_choice_takes_several_mappings_in_one_run() -> None:
    rng = np.random.default_rng(5)
    columns = (
        np.cumsum(rng.exponential(0.03, 60)).tolist(),
        rng.integers(5, 60, 60).tolist(),
        rng.integers(5, 90, 60).tolist(),
    )
    config = EngineConfig(n_blocks=400, max_batch_tokens=64, max_batch=40)
    ledger = compare(LAWS[1], columns, config, [(0.4142135, "fail", None), (0.5773502, "restore", None)])
    assert len(ledger.rows) >= 2


def test_what_is_under_way_counts_up_to_the_moment_asked() -> None:
    law = LAWS[0]
    env, meter = simpy.Environment(), EnergyMeter(1)
    requests = RequestColumns([0.0, 0.0], [50, 40], [200, 150])
    replica = PimReplica(env, law, EngineConfig(n_blocks=100), requests, meter)
    Workload(env, requests, [replica], RoundRobin())
    env.run(0.1)
    busy_s = [sum(row[0] for row in replica.ledger_at(at_s).rows.values()) for at_s in (0.1, 0.1)]
    assert busy_s[0] == busy_s[1] == pytest.approx(0.1, rel=1e-9)
    units = replica.ledger_at(0.1).rows["attention"][2]
    assert 0.0 < units.pim_s < units.npu_s < 0.1
    env.run()
    assert sum(row[0] for row in replica.ledger.rows.values()) == pytest.approx(env.now, rel=1e-9)
