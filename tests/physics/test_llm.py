"""Language models against published sizes and figures, and the iteration law against its own parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw, accelerator_w
from twin.physics.llm import IterationLaw, ModelShape

LLAMA_8B = ModelShape(32, 4096, 32, 8, 128, 14336, 128256, 2.0, 2.0)
LLAMA_70B = ModelShape(80, 8192, 64, 8, 128, 28672, 128256, 1.0, 2.0)
MIXTRAL = ModelShape(32, 4096, 32, 8, 128, 0, 32000, 2.0, 2.0, n_experts=8, n_active_experts=2, expert_ffn=14336)

H100 = ChipLaw(989e12, 3.35e12, 0.6, 0.8, 4.0, 4e-6, 2e-3, 5e-6, 68.0, 700.0, 0.6, 0.4, 450e9, 2e-6)


def ideal(peak_flops: float, mem_bw_bytes_s: float) -> ChipLaw:
    """A chip that reaches its peaks, with no overheads: a plain roofline."""
    return ChipLaw(peak_flops, mem_bw_bytes_s, 1.0, 1.0, 30.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1e15, 0.0)


# Sizes


def test_parameters_are_those_published() -> None:
    """Tensor sizes of the published checkpoints (total_size of the safetensors index over 2 bytes)."""
    assert LLAMA_8B.params == 8_030_261_248
    assert LLAMA_70B.params == 70_553_706_496
    assert MIXTRAL.params == 46_702_792_704


def test_a_token_of_llama_8b_keeps_128_kib() -> None:
    assert LLAMA_8B.kv_bytes_per_token == 131_072


def test_a_dense_model_costs_two_operations_per_parameter_and_token() -> None:
    passed = LLAMA_8B.params - LLAMA_8B.head_params  # the embedding is looked up, not multiplied
    operations = LLAMA_8B.flops_per_token + LLAMA_8B.head_flops_per_sample
    assert operations == pytest.approx(2 * passed, rel=1e-4)


def test_mixtral_runs_thirteen_billion_parameters_per_token() -> None:
    """Mixtral of Experts (arXiv 2401.04088): 47B parameters, 13B active."""
    active = (MIXTRAL.flops_per_token + MIXTRAL.head_flops_per_sample) / 2 + MIXTRAL.head_params
    assert active == pytest.approx(12.9e9, rel=0.01)


def test_one_token_reads_its_own_experts_and_many_tokens_all() -> None:
    others = MIXTRAL.always_params + MIXTRAL.head_params
    assert MIXTRAL.read_weight_bytes(1) == pytest.approx(2 * (others + MIXTRAL.expert_params / 4))
    assert MIXTRAL.read_weight_bytes(256) == pytest.approx(2 * (others + MIXTRAL.expert_params))


def test_more_accelerators_than_kv_heads_hold_copies() -> None:
    assert LLAMA_8B.kv_bytes_per_token_on_each(8) == 131_072 / 8
    assert LLAMA_8B.kv_bytes_per_token_on_each(16) == 131_072 / 8


# Published throughput, plain roofline


def decode_tokens_per_s(chip: ChipLaw, memory_bytes: float, kv_bytes_per_value: float) -> float:
    """128 tokens in, 4096 out, memory full, mean context 2176."""
    shape = replace(LLAMA_8B, weight_bytes_per_param=1.0, kv_bytes_per_value=kv_bytes_per_value)
    n = int((memory_bytes - shape.weight_bytes) / (shape.kv_bytes_per_token * 2176))
    time_s, _, _ = IterationLaw(shape, chip).iteration(0, 0.0, n, n * 2176)
    return n / time_s


def test_rngd_claims_nine_tenths_of_its_decode_roofline() -> None:
    """RNGD: 512 TFLOP/s FP8, 1.5 TB/s, 48 GB. Maker's claim for Llama-3.1-8B FP8 128/4096: 3935 tokens/s
    (b-lab.team RNGD page), 90 % of 4370 by hand: about 140 sequences, 48 GB per step, 32 ms."""
    rate = decode_tokens_per_s(ideal(512e12, 1.5e12), 48e9, 2.0)
    assert rate == pytest.approx(4370, rel=0.02)
    assert 3935 / rate == pytest.approx(0.90, abs=0.02)


def test_h100_claim_needs_a_smaller_kv_precision_than_16_bit() -> None:
    """Same page, H100 SXM with TensorRT-LLM 0.15: 13222 tokens/s, above the 16-bit KV roofline of about 10450."""
    chip = ideal(1979e12, 3.35e12)
    rate = decode_tokens_per_s(chip, 80e9, 2.0)
    assert rate == pytest.approx(10450, rel=0.02)
    assert rate < 13222 < decode_tokens_per_s(chip, 80e9, 1.0)


def test_eight_rngd_are_bound_by_prefill_on_long_prompts() -> None:
    """Llama-3.1-70B FP8, 2048 in 128 out: 70 ms of operations per request, 1830 output tokens/s at full use, so the
    maker's claim of 957 (same page) is 52 % of it."""
    law = IterationLaw(LLAMA_70B, ideal(512e12, 1.5e12), tensor_parallel=8)
    time_s, _, _ = law.iteration(2048, 0.0, 0, 0)
    assert 128 / time_s == pytest.approx(1830, rel=0.04)
    assert 957 / (128 / time_s) == pytest.approx(0.52, abs=0.03)


# The law


@given(st.integers(1, 256), st.integers(0, 400_000), st.integers(1, 300))
def test_a_stretch_is_the_sum_of_its_steps(n: int, context_sum: int, n_steps: int) -> None:
    law = IterationLaw(LLAMA_8B, H100)
    steps = [law.iteration_load(0, 0.0, n, context_sum + n * i) for i in range(n_steps)]
    time_s, *means = law.stretch_load(n, context_sum, n_steps)
    assert time_s == pytest.approx(sum(step[0] for step in steps), rel=1e-11)
    for i, mean in enumerate(means, start=1):
        assert mean * time_s == pytest.approx(sum(step[0] * step[i] for step in steps), rel=1e-11)


@given(
    st.integers(0, 4096),
    st.integers(0, 256),
    st.integers(0, 500_000),
    st.floats(0.05, 1.0),
    st.floats(0.05, 1.0),
    st.floats(1.0, 12.0),
    st.floats(0.2, 1.0),
    st.sampled_from([1, 2, 8]),
)
def test_nothing_runs_above_its_peak(
    chunk: int, n: int, contexts: int, eff_c: float, eff_m: float, p: float, clock: float, tp: int
) -> None:
    if chunk + n == 0:
        return
    chip = replace(H100, eff_compute_frac=eff_c, eff_memory_frac=eff_m, soft_corner_p=p, host_overhead_s=0.0)
    law = IterationLaw(MIXTRAL, chip, tp, clock)
    time_s, flops, n_bytes = law.iteration(chunk, chunk * (chunk + 1) / 2, n, contexts if n else 0)
    watts, compute_frac, memory_frac = law.load(flops, n_bytes, time_s)
    assert compute_frac <= clock * eff_c * (1 + 1e-9)
    assert memory_frac <= eff_m * (1 + 1e-9)
    assert chip.idle_w <= watts <= chip.tdp_w


def test_achieving_more_than_the_peak_is_an_error() -> None:
    law = IterationLaw(LLAMA_8B, H100)
    with pytest.raises(ModelRangeError, match=r"2\.000 of the arithmetic"):
        law.load(2 * 989e12, 0.0, 1.0)
    with pytest.raises(ModelRangeError, match=r"1\.100 of the bandwidth"):
        law.load(0.0, 1.1 * 3.35e12, 1.0)
    with pytest.raises(ModelRangeError, match="arithmetic"):
        law.at_clock(0.5).load(0.6 * 989e12, 0.0, 1.0)


def test_half_the_clock_doubles_prefill_and_hardly_touches_decode() -> None:
    law = IterationLaw(LLAMA_8B, replace(H100, host_overhead_s=0.0, kernel_t0_s=0.0))
    slow = law.at_clock(0.5)
    prefill = slow.iteration(2048, 2e6, 0, 0)[0] / law.iteration(2048, 2e6, 0, 0)[0]
    decode = slow.iteration(0, 0.0, 16, 16_000)[0] / law.iteration(0, 0.0, 16, 16_000)[0]
    assert prefill == pytest.approx(2.0, rel=0.01)
    assert decode < 1.01


def test_an_operation_at_half_the_clock_costs_a_quarter_of_the_energy() -> None:
    law = IterationLaw(LLAMA_8B, H100)
    flops = 1e14
    above_idle_w = law.load(flops, 0.0, 1.0)[0] - H100.idle_w
    assert law.at_clock(0.5).load(flops, 0.0, 1.0)[0] - H100.idle_w == pytest.approx(above_idle_w / 4)


def test_power_is_the_linear_activity_model_up_to_tdp() -> None:
    law = IterationLaw(LLAMA_8B, H100)
    watts, compute_frac, memory_frac = law.load(0.3 * 989e12, 0.5 * 3.35e12, 1.0)
    assert (compute_frac, memory_frac) == (pytest.approx(0.3), pytest.approx(0.5))
    assert watts == pytest.approx(accelerator_w(H100, 0.3, 0.5))
    hot = IterationLaw(LLAMA_8B, replace(H100, compute_w_frac=1.0, memory_w_frac=1.0))
    assert hot.load(0.9 * 989e12, 0.9 * 3.35e12, 1.0)[0] == 700.0


def test_tensor_parallel_decode_pays_two_all_reduces_per_layer() -> None:
    free = IterationLaw(LLAMA_8B, replace(H100, link_bw_bytes_s=1e18, link_latency_s=0.0), 4)
    paid = IterationLaw(LLAMA_8B, H100, 4)
    extra_s = paid.iteration(0, 0.0, 8, 8000)[0] - free.iteration(0, 0.0, 8, 8000)[0]
    message_bytes = 8 * 4096 * 2
    assert extra_s == pytest.approx(2 * 32 * 6 * (2e-6 + message_bytes / 4 / 450e9), rel=1e-6)


def test_four_accelerators_share_the_work_of_one() -> None:
    one, four = IterationLaw(LLAMA_8B, H100), IterationLaw(LLAMA_8B, H100, 4)
    for whole, part in zip(one.iteration(512, 1e5, 8, 8000)[1:], four.iteration(512, 1e5, 8, 8000)[1:], strict=True):
        assert part == pytest.approx(whole / 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eff_compute_frac": 1.2}, r"eff_compute_frac is 1\.2"),
        ({"mem_bw_bytes_s": 0.0}, r"mem_bw_bytes_s is 0\.0"),
        ({"host_overhead_s": float("nan")}, "host_overhead_s is nan"),
        ({"idle_w": 800.0}, r"idle_w 800\.0 W is above tdp_w 700\.0 W"),
        ({"soft_corner_p": 0.5}, r"soft_corner_p is 0\.5"),
    ],
)
def test_an_impossible_chip_is_refused_with_its_numbers(change: dict[str, float], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        replace(H100, **change)


def test_a_model_is_not_split_where_it_cannot_be() -> None:
    with pytest.raises(ModelRangeError, match="32 attention heads do not divide over 3"):
        IterationLaw(LLAMA_8B, H100, 3)
    with pytest.raises(ModelRangeError, match="link_bw_bytes_s"):
        IterationLaw(LLAMA_8B, replace(H100, link_bw_bytes_s=0.0), 2)
    with pytest.raises(ModelRangeError, match=r"clock is 1\.2"):
        IterationLaw(LLAMA_8B, H100).at_clock(1.2)
