"""Two pools with links between give what a walk through every iteration of all engines gives."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Generator
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.llm import IterationLaw
from twin.policies.protocols import Router
from twin.policies.routers.least_outstanding import LeastOutstanding
from twin.policies.routers.round_robin import RoundRobin
from twin.scenario.traces.prefix import PrefixBlocks, blocks_from
from twin.sim.bench_serving import H100, LLAMA_8B, EnergyMeter
from twin.sim.decode import DecodeReplica
from twin.sim.disaggregated import DecodePool, Disaggregated
from twin.sim.kv_blocks import EngineConfig
from twin.sim.kv_link import KvLink
from twin.sim.prefill import PrefillReplica
from twin.sim.requests import RequestColumns, RequestState


def _loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


serving = sys.modules.get("reference_serving") or _loaded("reference_serving")
reference = _loaded("reference_two_pools")

# No two alike: where two replicas end an iteration at the very same instant, the order would be anybody's.
LAWS = [
    IterationLaw(LLAMA_8B, replace(H100, host_overhead_s=H100.host_overhead_s * (1 + sqrt(k) / 30))) for k in range(6)
]
TOKEN_BYTES = 131072.0
Columns = tuple[list[float], list[int], list[int]]
Control = tuple[float, str, int, float]  # when, what, which replica, clock


@dataclass
class Case:
    """Requests and the pools that serve them."""

    columns: Columns
    for_prompts: EngineConfig
    for_answers: list[EngineConfig]  # one per decode replica
    n_prefill: int
    router: Router
    controls: list[Control]
    rate_bytes_s: float = 2e9
    latency_s: float = 1e-3
    is_retried: bool = True
    prefix: PrefixBlocks | None = None


@dataclass
class Counted:
    """A router of that name, from counts alone."""

    name: str

    def __call__(self, i_request: int, outstanding: list[int], is_up: list[bool]) -> int:
        n = len(is_up)
        if self.name == "RoundRobin":
            i = i_request % n
            while not is_up[i]:
                i = (i + 1) % n
            return i
        return min((i for i in range(n) if is_up[i]), key=outstanding.__getitem__)


def balance(requests: RequestColumns) -> bool:
    """Whether every request that arrived is in one place."""
    counts = [requests.count(state) for state in RequestState]
    return sum(counts) == len(requests) and requests.n_arrived == sum(counts[1:])


def fast(case: Case) -> tuple[Disaggregated, list[float], float]:
    """The pools after the run, energy per accelerator of each replica, time of the end."""
    n, n_all = case.n_prefill, case.n_prefill + len(case.for_answers)
    env, meter = simpy.Environment(), EnergyMeter(n_all)
    requests = RequestColumns(*case.columns, case.prefix)
    decoding = [
        DecodeReplica(env, LAWS[n + i], config, requests, meter, n + i) for i, config in enumerate(case.for_answers)
    ]
    decode = DecodePool(env, requests, decoding, case.router)
    links = [
        KvLink(env, requests, decode, lambda slot: case.rate_bytes_s, TOKEN_BYTES, case.latency_s) for _ in range(n)
    ]
    prefill = [PrefillReplica(env, LAWS[i], case.for_prompts, link, meter, i) for i, link in enumerate(links)]
    pools = Disaggregated(env, requests, prefill, decode, case.router)

    def control() -> Generator[simpy.Event, None, None]:
        for at_s, action, slot, clock in case.controls:
            yield env.timeout(at_s - env.now)
            if action == "clock":
                pools.replicas[slot].set_clock(clock)
            elif action == "fail":
                pools.fail(slot, case.is_retried)
            else:
                pools.restore(slot)
            assert balance(requests)
            in_pools = sum(pools.outstanding) + pools.n_held
            assert in_pools == requests.count(RequestState.WAITING) + requests.count(RequestState.RUNNING)

    env.process(control())
    env.run()
    for i in range(n_all):
        meter.load_changed(i, env.now, 0.0, 0.0, 0.0, 0.0)
    energy = [meter.energy_j(i) + replica.unsettled_j for i, replica in enumerate(pools.replicas)]
    return pools, energy, env.now


def slow(case: Case, end_s: float) -> object:
    """The same, step by step."""
    unit = case.prefix.block_tokens if case.prefix else 0
    first, finish, preemptions = {}, {}, {}
    shared = {"first_token_s": first, "finish_s": finish, "preemptions": preemptions}
    n = case.n_prefill
    pools = reference.TwoPools(
        [reference.PromptEngine(LAWS[i], case.for_prompts, unit, **shared) for i in range(n)],
        [reference.AnswerEngine(LAWS[n + i], config, **shared) for i, config in enumerate(case.for_answers)],
        Counted(type(case.router).__name__),
        lambda tokens: case.latency_s + tokens * TOKEN_BYTES / case.rate_bytes_s,
        case.is_retried,
    )
    for i, (at_s, prompt, output) in enumerate(zip(*case.columns, strict=True)):
        whole = case.prefix.of(i).tolist()[: prompt // unit] if case.prefix else []
        sequence = serving.Sequence(i, prompt, output, prefix=whole)
        pools.at(at_s, lambda one=sequence: pools.arrive(one))
    for at_s, action, slot, clock in case.controls:
        act = {"clock": lambda s=slot, c=clock: pools.clock(s, c), "fail": lambda s=slot: pools.fail(s)}
        pools.at(at_s, act.get(action, lambda s=slot: pools.restore(s)))
    pools.run(end_s)
    return pools


def compare(case: Case) -> Disaggregated:
    """Run both and hold them together."""
    pools, energy, end_s = fast(case)
    requests, walked = pools.requests, slow(case, end_s)
    engine = walked.engines[0]
    assert balance(requests)
    for i in range(len(requests)):
        assert (requests.state[i] == RequestState.REJECTED) == (i in walked.rejected)
        assert (requests.state[i] == RequestState.LOST) == (i in walked.lost)
        assert requests.retries[i] == walked.retries.get(i, 0)
        if requests.state[i] in (RequestState.REJECTED, RequestState.LOST):
            continue
        assert requests.state[i] == RequestState.DONE
        assert requests.first_token_s[i] == pytest.approx(engine.first_token_s[i], rel=1e-9, abs=1e-9)
        assert requests.finish_s[i] == pytest.approx(engine.finish_s[i], rel=1e-9, abs=1e-9)
        assert requests.preemptions[i] == engine.preemptions.get(i, 0)
        if requests.output_tokens[i] > 1:
            assert requests.transfer_s[i] == pytest.approx(walked.transfer_s[i], rel=1e-9, abs=1e-9)
    assert energy == pytest.approx([one.energy_j for one in walked.engines], rel=1e-9, abs=1e-6)
    for link, twin_link in zip(pools.links, walked.links, strict=True):
        assert link.sent_bytes == pytest.approx(twin_link.sent_tokens * TOKEN_BYTES)
    hits = [0 if one.prefix is None else one.prefix.hit_tokens for one in pools.prefill.replicas]
    assert hits == [one.hit_tokens for one in walked.prompts]
    if all(replica.is_up for replica in pools.replicas):
        n_blocks = [case.for_prompts.n_blocks] * case.n_prefill + [config.n_blocks for config in case.for_answers]
        assert [replica.kv_free_blocks for replica in pools.replicas] == n_blocks
        assert sum(pools.outstanding) == 0
    return pools


@st.composite
def controls(draw: st.DrawFn, n_replicas: int) -> list[Control]:
    """Clocks and faults of any replica; what failed has power again in the end."""
    told: list[Control] = []
    at_s, down = 0.0, set()
    for i in range(draw(st.integers(0, 6))):
        at_s += draw(st.sampled_from([0.004, 0.05, 0.3])) * (1.0 + sqrt(3.0 + i) / 7.0)
        slot = draw(st.integers(0, n_replicas - 1))
        if draw(st.booleans()):
            told.append((at_s, "clock", slot, draw(st.sampled_from([0.35, 0.6, 1.0]))))
        else:
            told.append((at_s, "restore" if slot in down else "fail", slot, 0.0))
            down ^= {slot}
    return told + [(at_s + 0.123456 + 0.0271 * slot, "restore", slot, 0.0) for slot in sorted(down)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    n = draw(st.integers(1, 14))
    gaps = draw(st.lists(st.sampled_from([0.0, 0.003, 0.02, 0.11, 0.7]), min_size=n, max_size=n))
    # Uneven numbers: an arrival at the very instant of an iteration's end may be served by either iteration.
    arrival_s = np.cumsum([gap * (1.0 + sqrt(2.0 + i) / 10.0) for i, gap in enumerate(gaps)]).tolist()
    prompt = draw(st.lists(st.integers(1, 90), min_size=n, max_size=n))
    output = draw(st.lists(st.integers(1, 70), min_size=n, max_size=n))
    block_tokens = draw(st.sampled_from([1, 4, 16]))

    def config() -> EngineConfig:
        max_batch = draw(st.integers(1, 6))
        return EngineConfig(
            n_blocks=draw(st.integers(4, 60)),
            max_batch_tokens=draw(st.integers(max_batch + 1, 100)),
            max_batch=max_batch,
            block_tokens=block_tokens,
        )

    n_prefill = draw(st.integers(1, 3))
    answers = [config() for _ in range(draw(st.integers(1, 3)))]
    return Case(
        (arrival_s, prompt, output),
        config(),
        answers,
        n_prefill,
        draw(st.sampled_from([RoundRobin(), LeastOutstanding()])),
        draw(controls(n_prefill + len(answers))),
        draw(st.sampled_from([2e8, 2e9, 5e10])),
        draw(st.sampled_from([0.00012345, 0.0034567])),
        draw(st.booleans()),
    )


@settings(max_examples=250, deadline=None)
@given(cases())
def test_random_workloads_on_two_pools_end_at_the_same_times_with_the_same_energy(case: Case) -> None:
    compare(case)


@st.composite
def cases_with_prefixes(draw: st.DrawFn) -> Case:
    """Requests of which many begin alike."""
    case = draw(cases())
    unit = case.for_prompts.block_tokens * draw(st.sampled_from([1, 1, 2, 3]))
    rows = []
    for i, tokens in enumerate(case.columns[1]):
        n_ids = -(-tokens // unit)
        n_alike, stem = draw(st.integers(0, n_ids)), draw(st.integers(0, 2)) * 1000
        rows.append([stem + k if k < n_alike else 10_000 * (i + 1) + k for k in range(n_ids)])
    return replace(case, for_prompts=replace(case.for_prompts, prefix_cache=True), prefix=blocks_from(rows, unit))


@settings(max_examples=250, deadline=None)
@given(cases_with_prefixes())
def test_prompts_that_begin_alike_are_computed_once_in_both(case: Case) -> None:
    compare(case)


def crowd(n: int, seed: int) -> Columns:
    """More at once than the caches hold."""
    rng = np.random.default_rng(seed)
    arrival_s = np.cumsum(rng.exponential(0.02, n)).tolist()
    return arrival_s, rng.integers(5, 60, n).tolist(), rng.integers(5, 90, n).tolist()


@pytest.mark.parametrize("router", [RoundRobin(), LeastOutstanding()], ids=["round_robin", "least_outstanding"])
def test_full_caches_slow_links_and_faults_still_agree(router: Router) -> None:
    small = EngineConfig(n_blocks=30, max_batch_tokens=64, max_batch=12, block_tokens=8)
    answers = [small, replace(small, n_blocks=18, max_batch_tokens=40)]
    faults: list[Control] = [
        (0.31234567, "fail", 2, 0.0),
        (0.41234567, "clock", 0, 0.6),
        (0.51234567, "fail", 1, 0.0),
        (0.71234567, "fail", 3, 0.0),
        (1.01234567, "restore", 2, 0.0),
        (1.21234567, "restore", 1, 0.0),
        (1.31234567, "restore", 3, 0.0),
        (1.41234567, "clock", 3, 0.5),
    ]
    pools = compare(Case(crowd(120, 5), replace(small, n_blocks=16), answers, 2, router, faults, 2e8))
    requests = pools.requests
    assert sum(requests.preemptions) > 20
    assert sum(requests.retries) > 20
    assert max(requests.transfer_s) > 5 * (1e-3 + 60 * TOKEN_BYTES / 2e8)  # they waited for the link


def test_one_request_takes_its_prompt_then_its_transfer_then_its_steps() -> None:
    """Closed form: prefill + latency + bytes / rate + n steps of one sequence."""
    config = EngineConfig(n_blocks=1000)
    pools = compare(Case(([0.5], [700], [40]), config, [config], 1, RoundRobin(), []))
    requests = pools.requests
    first_s = 0.5 + LAWS[0].iteration(700, 0.5 * 700 * 701, 0, 0)[0]
    assert requests.first_token_s[0] == pytest.approx(first_s, rel=1e-12)
    assert requests.transfer_s[0] == pytest.approx(1e-3 + 700 * TOKEN_BYTES / 2e9, rel=1e-12)
    steps_s = sum(LAWS[1].iteration(0, 0.0, 1, 700 + k)[0] for k in range(1, 40))
    assert requests.finish_s[0] == pytest.approx(first_s + requests.transfer_s[0] + steps_s, rel=1e-12)
    assert [replica.tokens_done(9.0) for replica in pools.replicas] == [(700, 1), (0, 39)]


def test_an_answer_of_one_token_needs_no_decode_replica() -> None:
    config = EngineConfig(n_blocks=1000)
    pools = compare(Case(([0.0], [700], [1]), config, [replace(config, n_blocks=1)], 1, RoundRobin(), []))
    assert pools.requests.finish_s == pools.requests.first_token_s
    assert pools.links[0].n_sent == 0


def test_what_never_fits_where_it_goes_next_is_rejected_before_its_prompt_is_computed() -> None:
    config = EngineConfig(n_blocks=1000)
    case = Case(([0.0], [700], [60]), config, [replace(config, n_blocks=47)], 1, RoundRobin(), [])
    pools = compare(case)
    assert (
        pools.requests.reject_reason[0]
        == "needs 48 KV blocks of 16 tokens, the largest decode replica has 47 for one request"
    )
    assert pools.prefill.replicas[0].tokens_done(1.0) == (0, 0)


def test_without_decode_replicas_prompts_are_kept_where_they_were_computed() -> None:
    config = EngineConfig(n_blocks=50)
    held: list[Control] = [(0.001, "fail", 1, 0.0), (5.0, "restore", 1, 0.0)]
    requests = compare(
        Case(([0.01, 0.02, 0.03], [350] * 3, [20] * 3), config, [config], 1, RoundRobin(), held)
    ).requests
    assert max(requests.first_token_s[:2]) < 1.0
    assert requests.first_token_s[2] > 5.0  # two prompts fill the cache
    assert min(requests.finish_s) > 5.0
    assert requests.retries == [0, 0, 0]
