"""Experts dealt over chips: the fullest chip against drawn tokens, what is read, what is sent, what no link carries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.experts import ExpertTimes, all_to_all_bytes, expected_max_normal, imbalance
from twin.physics.kernels import KernelTimes
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.operators import Peaks
from twin.sim.placement import chip_law

QWEN_30B = ModelShape(48, 2048, 32, 4, 128, 0, 151936, 1.0, 1.0, 128, 8, 768)


def measured_chip() -> ChipLaw:
    return chip_law(shipped_catalogue().find("nvidia_h100_sxm", Accelerator, "test"), "fp8", "test")


@pytest.mark.parametrize(("n", "exact"), [(1, 0.0), (2, 0.5642), (4, 1.0294), (8, 1.4236), (16, 1.7660), (64, 2.3437)])
def test_the_largest_of_n_normals_is_that_of_the_tables(n: int, exact: float) -> None:
    """Exact values: Harter, Biometrika 48, 1961, table 1."""
    assert expected_max_normal(n) == pytest.approx(exact, rel=0.046 if n == 2 else 0.02)


@pytest.mark.parametrize("n_chips", [2, 4, 8, 16])
@pytest.mark.parametrize("n_tokens", [4, 32, 256, 2048])
def test_the_fullest_chip_is_that_of_tokens_drawn_at_random(n_chips: int, n_tokens: int) -> None:
    rng = np.random.default_rng(5)
    n_experts, k = QWEN_30B.n_experts, QWEN_30B.n_active_experts
    drawn = 200
    scores = rng.random((drawn * n_tokens if n_tokens < 2048 else 20 * n_tokens, n_experts), dtype=np.float32)
    chosen = np.argpartition(scores, k, axis=1)[:, :k] // (n_experts // n_chips)
    runs = chosen.reshape(-1, n_tokens * k)
    fullest = np.mean([np.bincount(run, minlength=n_chips).max() for run in runs])
    mean = n_tokens * k / n_chips
    # Two tokens a chip are too few for a normal law, as its docstring says.
    assert imbalance(n_tokens, QWEN_30B, n_chips) == pytest.approx(fullest / mean, rel=0.04 if mean >= 4 else 0.08)


@given(st.integers(1, 100_000), st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128]))
def test_no_chip_gets_more_than_it_can_hold_nor_fewer_than_the_mean(n_tokens: int, n_chips: int) -> None:
    factor = imbalance(n_tokens, QWEN_30B, n_chips)
    assert 1.0 <= factor <= min(QWEN_30B.n_active_experts, 128 / n_chips) * n_chips / QWEN_30B.n_active_experts + 1e-12
    assert imbalance(10 * n_tokens, QWEN_30B, n_chips) <= factor * (1 + 1e-12)


def test_one_token_reads_its_experts_and_many_read_all() -> None:
    times = ExpertTimes(QWEN_30B, measured_chip(), 8, 1)
    all_bytes = QWEN_30B.expert_params / 8
    assert times.read_bytes(1) == pytest.approx(all_bytes * 8 / 128)
    assert times.read_bytes(10_000) == pytest.approx(all_bytes)


def test_tokens_sent_are_k_hidden_states_but_for_those_that_stay() -> None:
    assert all_to_all_bytes(100, QWEN_30B, 8) == 100 * 8 * 2048 * 2 * 7 / 8
    assert all_to_all_bytes(100, QWEN_30B, 1) == 0.0


def test_an_exchange_by_the_data_sheet_is_a_start_up_per_partner_and_the_bytes_over_the_link() -> None:
    chip = replace(measured_chip(), kernels=None, link_bw_bytes_s=1e11, link_latency_s=1e-5)
    times = ExpertTimes(QWEN_30B, chip, 8, 8)
    assert times.all_to_all_s(1000) == pytest.approx(7e-5 + 1000 * 8 * 2048 * 2 * 7 / 8 / 1e11)
    experts_s = ExpertTimes(QWEN_30B, chip, 8, 1).seconds(8000, 1000)
    assert times.seconds(8000, 1000) == pytest.approx(experts_s + 2 * 48 * times.all_to_all_s(1000))


def test_experts_of_one_chip_cost_what_the_plain_law_has_for_them() -> None:
    """On one chip nothing is uneven and nothing is sent."""
    chip = measured_chip()
    dense = replace(QWEN_30B, n_experts=0, n_active_experts=0, expert_ffn=0)
    experts = ExpertTimes(QWEN_30B, chip, 1, 1)
    for tokens in (1, 37, 4096):
        whole_s = IterationLaw(QWEN_30B, chip).iteration(tokens, 0.0, 0, 0)[0]
        rest_s = IterationLaw(dense, chip).iteration(tokens, 0.0, 0, 0)[0]
        assert whole_s == pytest.approx(rest_s + experts.seconds(tokens, tokens), rel=1e-12)


@given(st.integers(1, 20_000), st.sampled_from([1, 2, 4, 8, 16]))
def test_more_chips_compute_the_experts_no_slower(n_routed: int, n_chips: int) -> None:
    for chip in (measured_chip(), replace(measured_chip(), kernels=None)):
        few_s = ExpertTimes(QWEN_30B, chip, n_chips, 1).seconds(n_routed, n_routed)
        assert ExpertTimes(QWEN_30B, chip, 2 * n_chips, 1).seconds(n_routed, n_routed) <= few_s * (1 + 1e-9)


def absurd(chip: ChipLaw) -> ChipLaw:
    assert chip.kernels is not None
    assert chip.kernels.collective is not None
    law = replace(chip.kernels.collective, link_frac=3.0, t0_s=1e-9, step_s=1e-9)
    return replace(chip, kernels=replace(chip.kernels, collective=law))


def test_collectives_that_outrun_their_link_are_an_error_with_both_rates() -> None:
    chip = absurd(measured_chip())
    with pytest.raises(ModelRangeError, match=r"all-reduce of 4 chips would move .* GB/s over a link of 450\.0 GB/s"):
        IterationLaw(QWEN_30B, chip, 4).iteration(8192, 0.0, 0, 0)
    with pytest.raises(ModelRangeError, match=r"exchange of tokens .* GB/s over a link of 450\.0 GB/s"):
        ExpertTimes(QWEN_30B, chip, 8, 8).seconds(65536, 8192)


def test_measured_collectives_stay_below_their_link() -> None:
    chip = measured_chip()
    peaks = Peaks(chip.peak_flops, chip.mem_bw_bytes_s, chip.n_processors, chip.cache_bytes)
    assert chip.kernels is not None
    times = KernelTimes(QWEN_30B, chip.kernels, peaks, 8, (chip.link_bw_bytes_s, chip.link_latency_s))
    assert times.tokens_s(32768) > 0.0
