"""Operator times: rooflines bound them, a fit finds known parameters again, collectives follow the ring."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.attention import (
    DecodeLaw,
    Heads,
    Mixture,
    TileLaw,
    decode_attention_s,
    mixed_attention_s,
)
from twin.physics.fit import fitted, mean_error_frac
from twin.physics.operators import (
    CollectiveLaw,
    DenseLaw,
    Peaks,
    all_reduce_s,
    dense_s,
    product_bytes,
    product_flops,
)

PEAKS = Peaks(1e14, 1e12, 100, 50e6)
DENSE = DenseLaw(5e-6, 0.7, 0.8, 2.0)
DECODE = DecodeLaw(1e-5, 3e-8, 0.8, 2.0, 2e-8, 5e-6, 6e-6)
TILE = TileLaw(5e-6, 2e-8, 150.0, 0.4, 2e-9, 0.9, 64.0)


@given(st.floats(1e3, 1e16), st.floats(1e3, 1e13))
def test_a_product_is_never_faster_than_either_roof(flops: float, n_bytes: float) -> None:
    time_s = dense_s(DENSE, PEAKS, flops, n_bytes)
    assert time_s >= flops / PEAKS.flops
    assert time_s >= n_bytes / PEAKS.mem_bw_bytes_s


def test_a_fit_finds_the_parameters_of_a_law_again() -> None:
    m, n, k = 2.0 ** np.random.default_rng(1).uniform(0, 13, (3, 200))
    flops, n_bytes = np.asarray(product_flops(m, n, k)), np.asarray(product_bytes(m, n, k, 2.0))

    def seconds_of(law: DenseLaw) -> np.ndarray:
        return np.asarray(dense_s(law, PEAKS, flops, n_bytes))

    found = fitted(
        DenseLaw(1e-5, 0.4, 0.5, 4.0),
        seconds_of,
        seconds_of(DENSE),
        ("t0_s", "compute_frac", "memory_frac", "corner_p"),
    )
    assert mean_error_frac(seconds_of(found), seconds_of(DENSE)) < 1e-6
    assert found.memory_frac == pytest.approx(0.8, rel=1e-4)


def test_a_fit_keeps_a_share_below_its_limit() -> None:
    n_bytes = np.geomspace(1e6, 1e9, 20)
    measured_s = n_bytes / (1.3 * PEAKS.mem_bw_bytes_s)
    found = fitted(
        DenseLaw(1e-9, 0.7, 0.8, 2.0),
        lambda law: np.asarray(dense_s(law, PEAKS, 0.0 * n_bytes, n_bytes)),
        measured_s,
        ("memory_frac",),
        {"memory_frac": 1.0},
    )
    assert found.memory_frac == pytest.approx(1.0)


def test_a_large_all_reduce_takes_the_traffic_of_a_ring() -> None:
    law = CollectiveLaw(1e-6, 1e-6, 0.5, 1.0)
    assert all_reduce_s(law, 1e11, 8, 4e9) == pytest.approx(2 * 7 / 8 * 4e9 / 5e10, rel=1e-3)
    assert all_reduce_s(law, 1e11, 1, 4e9) == 0.0


def test_grouped_queries_read_keys_and_values_once_when_alone() -> None:
    alone = decode_attention_s(DECODE, PEAKS, Heads(8, 8), 64.0, 4096.0)
    grouped = decode_attention_s(DECODE, PEAKS, Heads(64, 8), 64.0, 4096.0)
    assert grouped - DECODE.regroup_s == pytest.approx(alone, rel=0.01)


def test_a_token_beside_a_chunk_costs_a_tile_per_query_head() -> None:
    one = np.ones(1)
    chunk_only = Mixture(512 * one, 0 * one, 0 * one, 0 * one)
    with_decodes = Mixture(512 * one, 0 * one, 64 * one, 1024 * one)
    added_s = mixed_attention_s(TILE, PEAKS, Heads(32, 8), with_decodes) - mixed_attention_s(
        TILE, PEAKS, Heads(32, 8), chunk_only
    )
    tiles_s = TILE.step_s * 64 * 32 * (1024 + TILE.start_tokens) / PEAKS.n_processors
    assert added_s[0] == pytest.approx(tiles_s, rel=0.15)


def test_mixing_is_dearer_when_one_head_overflows_the_cache() -> None:
    one = np.ones(1)
    mix = Mixture(16 * one, 0 * one, 128 * one, 16384 * one)
    small, large = Peaks(1e14, 1e12, 100, 50e6), Peaks(1e14, 1e12, 100, 5e9)
    heads = Heads(32, 8)
    assert mixed_attention_s(TILE, small, heads, mix)[0] > 1.5 * mixed_attention_s(TILE, large, heads, mix)[0]
