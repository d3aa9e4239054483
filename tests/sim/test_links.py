"""A replica whose chips wait for their links longer than they compute is pointed out, with both rates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.sim.kv_blocks import EngineConfig
from twin.sim.links import link_findings, link_need

LLAMA_70B = ModelShape(80, 8192, 64, 8, 128, 28672, 128256, 1.0, 1.0)
CHIP = ChipLaw(
    peak_flops=1979e12,
    mem_bw_bytes_s=3.35e12,
    eff_compute_frac=0.8,
    eff_memory_frac=0.85,
    soft_corner_p=4.0,
    kernel_t0_s=1e-5,
    host_overhead_s=1.5e-3,
    host_per_seq_s=2e-5,
    idle_w=68.0,
    tdp_w=700.0,
    compute_w_frac=1.1,
    memory_w_frac=0.9,
    link_bw_bytes_s=450e9,
    link_latency_s=1e-5,
)
CONFIG = EngineConfig(n_blocks=1000)


def test_fast_links_need_no_remark() -> None:
    assert link_findings([("chat", IterationLaw(LLAMA_70B, CHIP, 4), CONFIG)]) == []


def test_slow_links_are_named_with_both_rates() -> None:
    slow = IterationLaw(LLAMA_70B, replace(CHIP, link_bw_bytes_s=20e9), 4)
    (finding,) = link_findings([("chat", slow, CONFIG), ("chat", slow, CONFIG)])
    assert "20 GB/s" in finding[1]
    assert finding[1].startswith("chat: 4 chips")


def test_need_does_not_depend_on_the_link_it_is_compared_with() -> None:
    needs = [
        link_need(IterationLaw(LLAMA_70B, replace(CHIP, link_bw_bytes_s=rate), 4), CONFIG) for rate in (20e9, 450e9)
    ]
    assert needs[0] is not None
    assert needs[1] is not None
    assert needs[0].needed_bytes_s == pytest.approx(needs[1].needed_bytes_s, rel=1e-9)


def test_a_single_chip_has_no_collectives() -> None:
    assert link_need(IterationLaw(LLAMA_70B, CHIP, 1), CONFIG) is None
