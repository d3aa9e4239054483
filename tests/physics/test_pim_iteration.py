"""Iterations with a computing memory: the chain of lines against formulas step by step, limits, guards, energy."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pim import LayerTimes, fill_frac, in_memory_s, interleaved_s, pipelined_s, serial_s
from twin.physics.pim_iteration import PimIterationLaw
from twin.physics.pim_memory import MAPPINGS, Mapping, PimLaw
from twin.validate.attacc import FILE
from twin.validate.attacc_law import runs
from twin.validate.tables import read_table

SHAPE = ModelShape(8, 1024, 16, 4, 64, 2816, 8000, 2.0, 2.0)
MHA = replace(SHAPE, n_kv_heads=16)
MOE = replace(SHAPE, ffn=0, n_experts=8, n_active_experts=2, expert_ffn=1408)
CHIP = ChipLaw(100e12, 1e12, 0.8, 0.85, 4.0, 10e-6, 1e-3, 20e-6, 40.0, 300.0, 0.6, 0.3, 50e9, 5e-6)
MEMORY = PimLaw(8e12, 0.8, 8e12, n_channels=16)
LINKED = replace(MEMORY, link_bw_bytes_s=50e9, link_latency_s=1e-6)

MEMORIES = (
    MEMORY,
    replace(MEMORY, is_dual=False),
    replace(MEMORY, overlap="pipelined"),
    replace(MEMORY, overlap="interleaved", queries_per_row=2),
    LINKED,
    replace(LINKED, overlap="pipelined", shares_ffn=True),
    replace(MEMORY, eff_inner_frac=0.01, tokens_per_row=4),
)


@st.composite
def laws(draw: st.DrawFn) -> PimIterationLaw:
    memory = draw(st.sampled_from(MEMORIES))
    known = MAPPINGS[:2] if memory.is_linked else MAPPINGS
    chosen: tuple[Mapping, ...] = tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=4, unique=True)))
    shape = draw(st.sampled_from((SHAPE, MHA, MOE)))
    return PimIterationLaw(shape, CHIP, memory, chosen, draw(st.sampled_from((1, 4, 8))))


@settings(max_examples=150, deadline=None)
@given(laws(), st.integers(1, 300), st.integers(0, 4_000_000), st.integers(1, 600))
def test_a_stretch_is_the_sum_of_its_steps(law: PimIterationLaw, n: int, first: int, k: int) -> None:
    context_sum = first + n
    steps = [law.iteration_load(0, 0.0, n, context_sum + i * n) for i in range(k)]
    seconds = sum(step[0] for step in steps)
    joule = sum(step[0] * step[1] for step in steps)
    time_s, accel_w, compute_frac, memory_frac, host_frac = law.stretch_load(n, context_sum, k)
    assert time_s == pytest.approx(seconds, rel=1e-12)
    assert accel_w * time_s == pytest.approx(joule, rel=1e-12)
    assert compute_frac * time_s == pytest.approx(sum(step[0] * step[2] for step in steps), rel=1e-11)
    assert host_frac * time_s == pytest.approx(sum(step[0] * step[4] for step in steps), rel=1e-11)
    assert 0.0 <= memory_frac <= 1.0 + 1e-9
    booked = law.stretch_work(n, context_sum, k)
    singly = [law.iteration_work(0, 0.0, n, context_sum + i * n) for i in range(k)]
    assert sum(part[1] for part in booked) == pytest.approx(time_s, rel=1e-12)
    assert sum(part[2] for part in booked) == k
    for i in range(8):
        assert sum(part[3][i] for part in booked) == pytest.approx(sum(one[3][i] for one in singly), rel=1e-10)
    assert {part[0] for part in booked} == {one[0] for one in singly}
    assert law.steps_in(n, context_sum, time_s) == pytest.approx(k, rel=1e-10)
    assert k - 1 < law.steps_in(n, context_sum, seconds - 0.5 * steps[-1][0]) < k


@settings(max_examples=80, deadline=None)
@given(laws(), st.integers(1, 300), st.integers(1, 4_000_000))
def test_several_mappings_take_the_time_of_the_shortest(law: PimIterationLaw, n: int, contexts: int) -> None:
    def alone(mapping: Mapping) -> PimIterationLaw:
        return PimIterationLaw(law.shape, CHIP, law.pim, (mapping,), law.tensor_parallel)

    chosen, time_s, _, _ = law.iteration_work(0, 0.0, n, contexts)
    times = {mapping: alone(mapping).iteration(0, 0.0, n, contexts)[0] for mapping in law.candidates}
    assert time_s == pytest.approx(min(times.values()), rel=1e-12)
    assert times[chosen] == pytest.approx(time_s, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 256), st.integers(1, 2_000_000), st.sampled_from(MEMORIES[:6]), st.sampled_from((1, 4)))
def test_attention_in_memory_takes_what_the_layer_formulas_say(
    n: int, contexts: int, memory: PimLaw, tensor_parallel: int
) -> None:
    """The chain against serial_s, pipelined_s and interleaved_s of twin.physics.pim, all layers in one."""
    memory = replace(memory, shares_ffn=False, link_latency_s=0.0)
    law = PimIterationLaw(MHA, CHIP, memory, ("attention",), tensor_parallel)
    npu = IterationLaw(MHA, CHIP, tensor_parallel)
    host_s = CHIP.host_overhead_s + n * CHIP.host_per_seq_s

    def products_s(batch: int) -> float:
        return npu.iteration(0, 0.0, batch, 0)[0] - CHIP.host_overhead_s - batch * CHIP.host_per_seq_s

    heads = MHA.n_heads // tensor_parallel
    reached = memory.eff_inner_frac * fill_frac(n * heads, memory.n_channels)
    inside_s = in_memory_s(MHA.kv_bytes_per_token / tensor_parallel * contexts, memory.inner_bw_bytes_s, reached)
    link_s = 0.0
    if memory.is_linked:
        link_s = 2.0 * n * 4 * MHA.hidden * MHA.n_layers / tensor_parallel / memory.link_bw_bytes_s
    around_s, rest_s = _around_and_rest(law, npu, n)
    layer = LayerTimes(inside_s, link_s, around_s, products_s(n) - around_s - rest_s, rest_s)
    expected_s = (pipelined_s if memory.overlap == "pipelined" else serial_s)(layer, 1.0 / heads)
    if memory.overlap == "interleaved" and n > 1:
        halves_s = 0.5 * (products_s(n // 2) + products_s(n - n // 2))
        expected_s = min(expected_s, interleaved_s(halves_s, inside_s, MHA.n_layers))
    assert law.iteration(0, 0.0, n, contexts)[0] == pytest.approx(host_s + expected_s, rel=1e-12)


def _around_and_rest(law: PimIterationLaw, npu: IterationLaw, n: int) -> tuple[float, float]:
    """By bandwidth and arithmetic of the attention matrices alone: same operations per byte as the whole."""
    rest_s = MHA.n_layers * CHIP.kernel_t0_s
    if npu.tensor_parallel > 1:
        ring = 2 * (npu.tensor_parallel - 1)
        message = n * MHA.hidden * 2.0 / npu.tensor_parallel
        rest_s += 2 * MHA.n_layers * ring * (CHIP.link_latency_s + message / CHIP.link_bw_bytes_s)
    products = npu.iteration(0, 0.0, n, 0)[0] - rest_s - CHIP.host_overhead_s - n * CHIP.host_per_seq_s
    share = MHA.n_layers * 4 * MHA.hidden**2 * 2.0 / MHA.read_weight_bytes(n)
    return products * share, rest_s


@given(st.integers(0, 900), st.integers(1, 256), st.integers(1, 500_000))
def test_the_mapping_none_is_the_plain_law(tokens: int, n: int, contexts: int) -> None:
    law, plain = PimIterationLaw(SHAPE, CHIP, MEMORY, ("none",), 4), IterationLaw(SHAPE, CHIP, 4)
    pairs = 0.5 * tokens * (tokens + 1)
    assert law.iteration_load(tokens, pairs, n, contexts) == pytest.approx(
        plain.iteration_load(tokens, pairs, n, contexts), rel=1e-9
    )
    assert law.stretch_load(n, contexts, 7)[0] == pytest.approx(plain.stretch_load(n, contexts, 7)[0], rel=1e-12)
    assert law.at_clock(0.5).iteration(tokens, pairs, n, contexts)[0] == pytest.approx(
        plain.at_clock(0.5).iteration(tokens, pairs, n, contexts)[0], rel=1e-12
    )


def test_a_memory_without_limits_leaves_the_products_only() -> None:
    endless = PimLaw(1e21, 1.0, 1e21, n_channels=1)
    law = PimIterationLaw(MHA, replace(CHIP, tdp_w=1e20), endless, ("attention",))
    plain = IterationLaw(MHA, CHIP)
    assert law.iteration(0, 0.0, 32, 10**6)[0] == pytest.approx(plain.iteration(0, 0.0, 32, 0)[0], rel=1e-6)


def test_the_choice_leaves_the_memory_for_the_products_as_the_batch_grows() -> None:
    """IANUS: products in memory for few tokens, on the accelerator beyond `BWi eta / (BW eta)` of them."""
    memory = PimLaw(4.096e12, 0.59, 4.096e12, n_channels=64)
    chip = replace(CHIP, peak_flops=184e12, mem_bw_bytes_s=256e9, eff_memory_frac=0.76, tdp_w=120.0, soft_corner_p=64.0)
    law = PimIterationLaw(MHA, chip, memory, ("none", "fc"))
    chosen = [law.iteration_work(0, 0.0, n, 100 * n)[0] for n in range(1, 33)]
    turn = chosen.index("none") + 1
    assert turn == ceil(4.096e12 * 0.59 / (256e9 * 0.76)) == 13
    assert chosen == ["fc"] * (turn - 1) + ["none"] * (33 - turn)


def test_blocking_a_shared_memory_makes_prompts_and_attention_follow_each_other() -> None:
    dual, blocked = (
        PimIterationLaw(MHA, CHIP, replace(MEMORY, is_dual=dual), ("attention",)) for dual in (True, False)
    )
    chunk = (512, 512 * 20_000.0, 64, 64 * 500)
    prompts_s = dual.iteration(*chunk[:2], 0, 0)[0] - dual.iteration(512, 0.0, 0, 0)[0]
    inside_s = dual.iteration_work(*chunk)[3].pim_s
    assert blocked.iteration(*chunk)[0] - dual.iteration(*chunk)[0] == pytest.approx(min(prompts_s, inside_s), rel=1e-9)


def test_only_pim_only_keeps_the_accelerator_out_of_prompts() -> None:
    everything = PimIterationLaw(SHAPE, CHIP, MEMORY, ("pim_only",)).iteration_work(256, 32_896.0, 8, 4_000)
    assert everything[0] == "pim_only"
    assert everything[3].flops == 0.0
    assert everything[3].macs == pytest.approx(0.5 * IterationLaw(SHAPE, CHIP).iteration(256, 32_896.0, 8, 4_000)[1])
    fc = PimIterationLaw(SHAPE, CHIP, MEMORY, ("fc",)).iteration_work(256, 32_896.0, 8, 4_000)
    assert fc[0] == "none"
    assert fc[3].macs == 0.0


def test_a_memory_that_would_draw_more_than_the_tdp_is_refused() -> None:
    with pytest.raises(ModelRangeError, match="TDP is 50 W"):
        PimIterationLaw(SHAPE, replace(CHIP, tdp_w=50.0), MEMORY, ("attention",))
    with pytest.raises(ModelRangeError, match="behind a link"):
        PimIterationLaw(SHAPE, CHIP, LINKED, ("fc",))
    with pytest.raises(ModelRangeError, match="nothing runs above its peak"):
        replace(MEMORY, eff_inner_frac=1.2)
    with pytest.raises(ModelRangeError, match="blocks its accelerator"):
        replace(MEMORY, is_dual=False, overlap="interleaved")


def test_energy_in_watts_is_the_energy_by_level() -> None:
    law = PimIterationLaw(MHA, CHIP, LINKED, ("attention",))
    time_s, accel_w, _, _, _ = law.stretch_load(16, 16_000, 50)
    work = law.stretch_work(16, 16_000, 50)[0][3]
    assert len(law.stretch_work(16, 16_000, 50)) == 1
    npu_j = 260.0 * (0.6 * work.flops / CHIP.peak_flops + 0.3 * work.n_bytes / CHIP.mem_bw_bytes_s)
    memory_j = sum(LINKED.energy_j(work.pim_bytes, work.macs, work.link_bytes).values())
    assert accel_w * time_s == pytest.approx(40.0 * time_s + npu_j + memory_j, rel=1e-12)


def test_the_law_of_the_simulator_gives_the_runs_of_the_attacc_simulator() -> None:
    """Decode latency of all its runs whose heads divide over the boards: mean error 5 %, worst 13 %."""
    table = read_table(Path(__file__).parents[2] / "assets" / "validation" / FILE)
    model_s, measured_s = runs(table)
    errors = model_s / measured_s - 1.0
    assert len(errors) > 170
    assert np.mean(np.abs(errors)) < 0.055
    assert np.max(np.abs(errors)) < 0.14
