"""Pipelines, ranks, dealt experts: rounds against a ring walked job by job, the plain law as the special case."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pipeline import SpreadLaw
from twin.physics.spread import Spread
from twin.physics.stage import StageLaw, StageLink
from twin.physics.transfer import check_link_rate
from twin.sim.placement import chip_law

LLAMA_70B = ModelShape(80, 8192, 64, 8, 128, 28672, 128256, 1.0, 1.0)
QWEN_30B = ModelShape(48, 2048, 32, 4, 128, 0, 151936, 1.0, 1.0, 128, 8, 768)
SHEET = ChipLaw(1979e12, 3.35e12, 0.8, 0.85, 4.0, 1e-5, 1.5e-3, 2e-5, 68.0, 700.0, 1.1, 0.9, 450e9, 1e-5)
FREE = replace(
    SHEET, kernel_t0_s=0.0, host_overhead_s=0.0, host_per_seq_s=0.0, link_bw_bytes_s=1e15, link_latency_s=0.0
)
BUDGET = 2048


def measured_chip() -> ChipLaw:
    return chip_law(shipped_catalogue().find("nvidia_h100_sxm", Accelerator, "test"), "fp8", "test")


def walked_s(stage_s: list[list[float]], n_rounds: int = 60) -> float:
    """Seconds of a round of micro-batches in a ring of stages, walked job by job: stage_s[stage][micro-batch]."""
    n_stages, n_jobs = len(stage_s), len(stage_s[0])
    stage_free, job_free = [0.0] * n_stages, [0.0] * n_jobs
    ends = []
    for _ in range(n_rounds):
        for job in range(n_jobs):
            for stage in range(n_stages):
                start = max(stage_free[stage], job_free[job])
                stage_free[stage] = job_free[job] = start + stage_s[stage][job]
        ends.append(job_free[-1])
    return (ends[-1] - ends[n_rounds // 2 - 1]) / (n_rounds - n_rounds // 2)


# The special case


@pytest.mark.parametrize("chip", [SHEET, measured_chip()], ids=["sheet", "measured"])
@pytest.mark.parametrize(("shape", "tensor"), [(LLAMA_70B, 8), (QWEN_30B, 2)])
def test_one_stage_one_rank_and_sliced_experts_are_the_plain_law(chip: ChipLaw, shape: ModelShape, tensor: int) -> None:
    plain, spread = IterationLaw(shape, chip, tensor), SpreadLaw(shape, chip, Spread(tensor), BUDGET)
    for n in (1, 7, 200):
        assert spread.stretch_load(n, n * 999, 17) == pytest.approx(plain.stretch_load(n, n * 999, 17), rel=1e-12)
        assert spread.steps_in(n, n * 999, 1.5) == pytest.approx(plain.steps_in(n, n * 999, 1.5), rel=1e-12)
        mixed = (BUDGET - n, 1e6, n, n * 500)
        assert spread.iteration_load(*mixed) == pytest.approx(plain.iteration_load(*mixed), rel=1e-12)
        assert spread.iteration(*mixed) == plain.iteration(*mixed)


# The ring


@given(
    st.integers(1, 5).flatmap(
        lambda p: st.tuples(st.lists(st.floats(0.1, 5.0), min_size=p, max_size=p), st.integers(1, p))
    )
)
def test_a_round_of_equal_micro_batches_is_the_critical_cycle_of_the_ring(case: tuple[list[float], int]) -> None:
    stage_s, m = case
    assert walked_s([[s] * m for s in stage_s]) == pytest.approx(max(sum(stage_s), m * max(stage_s)), rel=1e-9)


@given(st.integers(2, 5), st.integers(0, 4), st.floats(1.0, 20.0))
def test_one_large_micro_batch_sets_the_pace_of_all(p: int, where: int, large: float) -> None:
    """No micro-batch overtakes: while a prompt goes through the stages, everyone gets one token."""
    jobs = [1.0] * p
    jobs[where % p] = large
    assert walked_s([jobs] * p) == pytest.approx(max(p * large, sum(jobs)), rel=1e-9)


def test_a_decode_round_is_that_cycle_of_its_stages() -> None:
    law = SpreadLaw(LLAMA_70B, measured_chip(), Spread(2, 4), BUDGET)
    inner, last = law.stages
    for n in (1, 3, 4, 64):
        fullest = -(-n // 4)
        times = [stage.cost(0, 0.0, fullest, 0, fullest)[0] for stage in (inner, inner, inner, last)]
        assert law.iteration(0, 0.0, n, 0)[0] == pytest.approx(walked_s([[s] * min(n, 4) for s in times]), rel=1e-9)


def test_rounds_grow_by_the_same_time_with_every_step() -> None:
    law = SpreadLaw(LLAMA_70B, measured_chip(), Spread(2, 4), BUDGET)
    for n in (1, 5, 64):
        each = [law.iteration(0, 0.0, n, n * (700 + i))[0] for i in range(50)]
        assert np.diff(each) == pytest.approx(np.full(49, each[1] - each[0]), rel=1e-6)
        assert law.stretch_load(n, n * 700, 50)[0] == pytest.approx(sum(each), rel=1e-12)
        assert law.steps_in(n, n * 700, sum(each)) == pytest.approx(50.0, rel=1e-9)


def test_one_sequence_takes_the_time_of_all_layers_whatever_the_stages() -> None:
    """Nothing is gained for a single answer; the layers are passed one after another."""
    alone_s = IterationLaw(LLAMA_70B, FREE).iteration(0, 0.0, 1, 3000)[0]
    for p in (2, 4, 8):
        time_s = SpreadLaw(LLAMA_70B, FREE, Spread(1, p), BUDGET).iteration(0, 0.0, 1, 3000)[0]
        assert time_s == pytest.approx(alone_s, rel=1e-6)


@pytest.mark.parametrize("p", [2, 4, 8])
def test_a_full_pipeline_works_as_many_stages_at_once(p: int) -> None:
    headless = replace(LLAMA_70B, vocab=1)
    tokens, pairs = BUDGET * p, 0.5 * BUDGET**2 * p
    alone_s = p * IterationLaw(headless, FREE).iteration(BUDGET, pairs / p, 0, 0)[0]
    spread_s = SpreadLaw(headless, FREE, Spread(1, p), BUDGET).iteration(tokens, pairs, 0, 0)[0]
    assert spread_s == pytest.approx(alone_s / p, rel=1e-3)


def test_a_lone_prompt_passes_all_stages_and_fills_none_of_the_others() -> None:
    headless = replace(LLAMA_70B, vocab=1)
    alone = IterationLaw(headless, FREE).iteration_load(BUDGET, 0.5 * BUDGET**2, 0, 0)
    spread = SpreadLaw(headless, FREE, Spread(1, 4), BUDGET).iteration_load(BUDGET, 0.5 * BUDGET**2, 0, 0)
    assert spread[0] == pytest.approx(alone[0], rel=1e-3)
    assert spread[1] - 68.0 < (alone[1] - 68.0) / 2.0  # watts: three of four chips wait at any time


@given(st.sampled_from([1, 2, 5, 10]), st.integers(1, 400), st.integers(0, 3 * BUDGET), st.sampled_from([1, 2, 4]))
def test_more_stages_are_no_slower_where_arithmetic_decides(p: int, n: int, chunk: int, tensor: int) -> None:
    """With a thousand times the bandwidth, no overheads and an even split of the layers."""
    chip = replace(FREE, mem_bw_bytes_s=3.35e15)
    few, many = (SpreadLaw(LLAMA_70B, chip, Spread(tensor, stages), 10 * BUDGET) for stages in (p, 2 * p))
    args = chunk, 0.5 * chunk * chunk, n, n * 800
    assert many.iteration(*args)[0] <= few.iteration(*args)[0] * (1 + 1e-3)


@given(st.integers(1, 500), st.integers(0, 4000), st.sampled_from([Spread(2, 4), Spread(1, 1, 8, True)]))
def test_more_work_takes_longer(n: int, chunk: int, spread: Spread) -> None:
    law = SpreadLaw(QWEN_30B, measured_chip(), spread, BUDGET)
    base = law.iteration(chunk, 0.5 * chunk * chunk, n, n * 800)[0]
    assert law.iteration(chunk, 0.5 * chunk * chunk, n, n * 900)[0] >= base
    assert law.iteration(chunk, 0.5 * chunk * chunk, n + spread.slots, (n + spread.slots) * 800)[0] >= base * (1 - 1e-9)


# Ranks and experts


def test_ranks_read_the_cache_of_their_own_sequences() -> None:
    law = SpreadLaw(QWEN_30B, measured_chip(), Spread(1, 1, 8, True), BUDGET)
    one_rank = IterationLaw(QWEN_30B, measured_chip())
    grown_s = law.iteration(0, 0.0, 64, 64 * 2000)[0] - law.iteration(0, 0.0, 64, 64 * 1000)[0]
    assert grown_s == pytest.approx(8 * 1000 * one_rank.context_s, rel=1e-6)


def test_dealing_experts_whole_costs_what_the_fullest_chip_has_more() -> None:
    chip = measured_chip()
    sliced = SpreadLaw(QWEN_30B, chip, Spread(8), BUDGET).iteration(0, 0.0, 64, 0)[0]
    dealt = SpreadLaw(QWEN_30B, chip, Spread(8, is_expert_parallel=True), BUDGET).iteration(0, 0.0, 64, 0)[0]
    assert sliced <= dealt < 1.05 * sliced


@given(
    st.integers(1, 300),
    st.integers(0, 5000),
    st.sampled_from([Spread(2, 4), Spread(4, 1, 2, True), Spread(2, 2, 2, True), Spread(8, 1, 1, True)]),
    st.sampled_from([1.0, 0.5]),
)
def test_watts_and_fractions_stay_within_the_chip(n: int, chunk: int, spread: Spread, clock: float) -> None:
    law = SpreadLaw(QWEN_30B, measured_chip(), spread, BUDGET).at_clock(clock)
    for load in (law.iteration_load(chunk, 0.5 * chunk**2, n, n * 700), law.stretch_load(n, n * 700, 9)):
        assert load[0] > 0.0
        assert 68.0 <= load[1] <= 700.0
        assert all(0.0 <= share <= 1.0 + 1e-9 for share in load[2:])


@pytest.mark.parametrize(
    ("shape", "spread", "words"),
    [
        (LLAMA_70B, Spread(1, 81), "80 layers do not fill 81 stages"),
        (LLAMA_70B, Spread(1, 1, 4, True), r"dense.*multiply `count` by 4"),
        (LLAMA_70B, Spread(4, is_expert_parallel=True), "has no experts"),
        (QWEN_30B, Spread(1, 1, 4), "expert_parallel is off.*`count`"),
        (QWEN_30B, Spread(1, 1, 3, True), "128 experts do not divide over 3 chips"),
    ],
)
def test_a_spread_that_cannot_be_is_refused_with_the_way_out(shape: ModelShape, spread: Spread, words: str) -> None:
    with pytest.raises(ModelRangeError) as caught:
        SpreadLaw(shape, SHEET, spread, BUDGET)
    assert re.search(words, str(caught.value))


# Links


def test_a_hand_over_is_a_start_up_and_the_parts_over_the_link_gathered_again() -> None:
    chip = replace(SHEET, link_bw_bytes_s=100e9, link_latency_s=1e-6)
    stage = StageLaw(LLAMA_70B, chip, Spread(4, 2), 1.0, StageLink(50e9, 5e-6), False)
    message = 2 * 2 * 8192 * 1000
    assert stage.hand_over_s(1000) == pytest.approx(5e-6 + message / 4 / 50e9 + 3 * (1e-6 + message / 4 / 100e9))
    last = StageLaw(LLAMA_70B, chip, Spread(4, 2), 1.0, StageLink(50e9, 5e-6), True)
    assert last.hand_over_s(1000) == 5e-6


def test_slower_links_between_stages_make_longer_rounds() -> None:
    times = [
        SpreadLaw(LLAMA_70B, SHEET, Spread(4, 2), BUDGET, link=StageLink(rate, 1e-5)).iteration(4096, 4e6, 8, 8000)[0]
        for rate in (5e9, 50e9, 450e9)
    ]
    assert times[0] > times[1] > times[2]


def test_chips_without_a_link_cannot_be_stages() -> None:
    with pytest.raises(ModelRangeError, match="2 accelerators share a model but link_bw_bytes_s is 0"):
        SpreadLaw(LLAMA_70B, replace(SHEET, link_bw_bytes_s=0.0), Spread(1, 2), BUDGET)


def test_bytes_faster_than_their_link_are_an_error_with_both_rates() -> None:
    check_link_rate(np.array([1e9, 2e9]), np.array([1.0, 2.0]), 1e9, "a transfer")
    with pytest.raises(ModelRangeError, match=r"a transfer would move 2\.0 GB/s over a link of 1\.0 GB/s"):
        check_link_rate(np.array([1e9, 4e9]), np.array([1.0, 2.0]), 1e9, "a transfer")
