"""Processing in memory: fill of channels, overlap bounds, help in the feed-forward, energy by level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.pim import (
    LayerTimes,
    fill_frac,
    in_memory_products_s,
    in_memory_s,
    interleaved_s,
    pipelined_s,
    read_j,
    serial_s,
    shared_ffn_s,
)

SECONDS = st.floats(1e-7, 1e-2)


@given(st.integers(1, 10_000), st.integers(1, 64))
def test_channels_are_never_more_than_full_and_whole_rounds_fill_them(n: int, channels: int) -> None:
    assert 0.0 < fill_frac(n, channels) <= 1.0
    assert fill_frac(n * channels, channels) == 1.0


@given(SECONDS, SECONDS, SECONDS, SECONDS, SECONDS, st.floats(0.01, 1.0))
def test_pipelining_lies_between_the_longest_part_and_the_sum(
    attention: float, link: float, around: float, ffn: float, rest: float, head: float
) -> None:
    layer = LayerTimes(attention, link, around, ffn, rest)
    fixed = ffn + rest
    assert max(attention, link, around) + fixed <= pipelined_s(layer, head) * (1 + 1e-12)
    assert pipelined_s(layer, head) <= (attention + link + around + fixed) * (1 + 1e-12)
    assert pipelined_s(layer, head) <= serial_s(layer, head) * (1 + 1e-12)


def test_rereading_eight_times_erases_eight_times_the_bandwidth() -> None:
    """Grouped queries of 8 without row reuse, LPDDR5X-PIM at 614 against 76.8 GB/s (Hot Chips 2026)."""
    inside = in_memory_s(1e9, 614e9, 1.0, rereads=8.0)
    assert inside == pytest.approx(1e9 / 76.8e9, rel=0.01)


def test_the_memory_helps_the_less_the_larger_the_batch_while_traffic_binds() -> None:
    few, many = (shared_ffn_s(1e-4, 1e-6, (9.0, 0.1), n) for n in (1.0, 64.0))
    assert few == pytest.approx(1e-5)
    assert few < many < 1e-4


def test_products_in_memory_lose_to_the_bus_beyond_a_batch_of_sixteen() -> None:
    """IANUS: 2.4 TB/s inside, 256 GB/s outside at 0.76; the two cost the same at 12 requests."""
    outside = 1e9 / (0.76 * 256e9)
    assert in_memory_products_s(1e9, 2.4e12, 12.0) == pytest.approx(outside, rel=0.03)
    assert in_memory_products_s(1e9, 2.4e12, 16.0) > outside


def test_two_sub_batches_pay_only_when_products_shrink_with_the_batch() -> None:
    serial = 2e-3 + 2e-3
    assert interleaved_s(1e-3, 2e-3, 40.0) < serial
    assert interleaved_s(2e-3, 1e-3, 40.0) > 3e-3


def test_energy_rises_with_every_level_a_bit_climbs() -> None:
    """AttAcc simulator constants: bank 0.55, bank group 1.56, buffer 3.29, host 3.59 pJ a bit."""
    picojoule = [read_j(1.0, place) / 8e-12 for place in ("bank", "bank_group", "buffer", "host")]
    assert picojoule == pytest.approx([0.55, 1.56, 3.29, 3.59])
