"""A model on measured kernels: the compiled law equals the formulas, keeps its closed form and stays below peaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.errors import ModelRangeError
from twin.physics.attention import Heads, Mixture, mixed_attention_s, prompt_attention_s
from twin.physics.chip import ChipLaw
from twin.physics.kernels import KernelLaws, KernelTimes
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.operators import Peaks
from twin.physics.roofline import ring_all_reduce_s
from twin.sim.placement import chip_law

LLAMA_8B = ModelShape(32, 4096, 32, 8, 128, 14336, 128256, 2.0, 2.0)
LLAMA_70B = ModelShape(80, 8192, 64, 8, 128, 28672, 128256, 2.0, 2.0)
MEASURED = ("nvidia_a100_sxm80", "nvidia_h100_sxm", "nvidia_rtx_pro_6000")


def chip_of(device: str) -> ChipLaw:
    return chip_law(shipped_catalogue().find(device, Accelerator, "test"), "bf16", "test")


def times_of(device: str, shape: ModelShape = LLAMA_8B) -> tuple[KernelTimes, KernelLaws, Peaks]:
    chip = chip_of(device)
    assert chip.kernels is not None
    peaks = Peaks(chip.peak_flops, chip.mem_bw_bytes_s, chip.n_processors, chip.cache_bytes)
    return KernelTimes(shape, chip.kernels, peaks, 1, (chip.link_bw_bytes_s, chip.link_latency_s)), chip.kernels, peaks


@pytest.mark.parametrize(
    ("chunk", "cached", "n_decode", "mean"), [(512, 0, 0, 0), (100, 3000, 16, 900), (2048, 0, 128, 8000)]
)
def test_the_compiled_tiles_equal_the_formula(chunk: int, cached: int, n_decode: int, mean: int) -> None:
    times, laws, peaks = times_of("nvidia_rtx_pro_6000")
    assert laws.tile is not None
    mix = Mixture(*(np.array([value], dtype=float) for value in (chunk, cached, n_decode, mean)))
    pairs = chunk * (cached + 0.5 * (chunk + 1))
    formula = 32 * mixed_attention_s(laws.tile, peaks, Heads(32, 8), mix)[0]
    assert times.mixed_s(chunk, pairs, n_decode, n_decode * mean) == pytest.approx(formula, rel=1e-12)


def test_the_compiled_prompt_equals_the_formula() -> None:
    times, laws, peaks = times_of("nvidia_h100_sxm")
    assert laws.chunk is not None
    formula = 32 * prompt_attention_s(laws.chunk, peaks, Heads(32, 8), 1.0, 2048.0)
    assert times.mixed_s(2048, 2048 * 2049 / 2, 0, 0) == pytest.approx(formula, rel=1e-12)


def test_counts_asked_in_any_order_give_the_same_times() -> None:
    rising, falling = times_of("nvidia_a100_sxm80")[0], times_of("nvidia_a100_sxm80")[0]
    counts = [1, 7, 511, 512, 2000]
    assert [rising.tokens_s(n) for n in counts] == [falling.tokens_s(n) for n in reversed(counts)][::-1]


@pytest.mark.parametrize("device", MEASURED)
@given(n=st.integers(1, 256), context=st.integers(1, 4000), steps=st.integers(1, 500))
def test_a_stretch_equals_its_steps_one_by_one(device: str, n: int, context: int, steps: int) -> None:
    law = IterationLaw(LLAMA_8B, chip_of(device))
    one_by_one = sum(law.iteration(0, 0.0, n, n * (context + i))[0] for i in range(steps))
    assert law.stretch_load(n, n * context, steps)[0] == pytest.approx(one_by_one, rel=1e-9)


@pytest.mark.parametrize("device", MEASURED)
@given(chunk=st.integers(1, 8192), n=st.integers(0, 256), context=st.integers(1, 16000))
def test_no_iteration_exceeds_the_peaks(device: str, chunk: int, n: int, context: int) -> None:
    law = IterationLaw(LLAMA_8B, chip_of(device))
    _, watts, compute_frac, memory_frac, _ = law.iteration_load(chunk, chunk * (chunk + 1) / 2, n, n * context)
    assert 0.0 < compute_frac < 1.0
    assert 0.0 < memory_frac < 1.0
    assert watts <= law.chip.tdp_w


def test_half_the_clock_stretches_prompts_more_than_tokens() -> None:
    law = IterationLaw(LLAMA_8B, chip_of("nvidia_h100_sxm"))
    slow = law.at_clock(0.5)
    prompt = slow.iteration(4096, 4096 * 4097 / 2, 0, 0)[0] / law.iteration(4096, 4096 * 4097 / 2, 0, 0)[0]
    token = slow.iteration(0, 0.0, 8, 8000)[0] / law.iteration(0, 0.0, 8, 8000)[0]
    assert 1.7 < prompt < 2.0
    assert token < 1.1


def test_four_accelerators_are_faster_than_two_but_not_twice() -> None:
    chip = chip_of("nvidia_h100_sxm")
    two, four = (IterationLaw(LLAMA_70B, chip, n).iteration(0, 0.0, 16, 16000)[0] for n in (2, 4))
    assert two / 2 < four < two


def test_laws_without_any_for_prompts_are_refused() -> None:
    laws = times_of("nvidia_h100_sxm")[1]
    with pytest.raises(ModelRangeError, match="neither chunk nor tile"):
        KernelLaws(laws.dense, laws.elementwise, laws.decode)


def test_a_chip_measured_without_collectives_pays_the_ring_of_its_data_sheet() -> None:
    _, laws, peaks = times_of("nvidia_h100_sxm")
    bare = replace(laws, collective=None)
    links = [(1e9, 1e-5), (1e12, 0.0)]
    slow_s, fast_s = (KernelTimes(LLAMA_8B, bare, peaks, 2, link).tokens_s(512) for link in links)
    message_bytes = 512 * LLAMA_8B.hidden * 2.0
    slow_ring_s, fast_ring_s = (2 * LLAMA_8B.n_layers * ring_all_reduce_s(message_bytes, 2, *link) for link in links)
    assert slow_s - fast_s == pytest.approx(slow_ring_s - fast_ring_s, rel=1e-9)
