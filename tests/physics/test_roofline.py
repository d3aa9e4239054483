"""The roofline, its soft corner and the ring all-reduce."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.roofline import ring_all_reduce_s, roofline_s, soft_roofline_s

seconds = st.floats(1e-9, 1e3)


@given(seconds, seconds, st.floats(1.0, 40.0))
def test_a_soft_corner_lies_between_perfect_overlap_and_none(compute_s: float, memory_s: float, p: float) -> None:
    soft = soft_roofline_s(compute_s, memory_s, p)
    assert roofline_s(compute_s, memory_s) * (1 - 1e-12) <= soft <= (compute_s + memory_s) * (1 + 1e-12)


def test_far_from_the_corner_the_softness_vanishes() -> None:
    assert soft_roofline_s(1.0, 0.01, 4.0) == pytest.approx(1.0, rel=1e-8)


def test_at_the_corner_a_fourth_power_costs_nineteen_percent() -> None:
    assert soft_roofline_s(1.0, 1.0, 4.0) == pytest.approx(2**0.25)


def test_arrays_come_back_as_arrays() -> None:
    soft = soft_roofline_s(np.array([3.0, 0.0]), np.array([4.0, 2.0]), 2.0)
    np.testing.assert_allclose(soft, [5.0, 2.0])


def test_a_ring_moves_almost_twice_the_message_whatever_its_size() -> None:
    """Thakur et al. 2005: 2 (n-1)/n of the message crosses each link."""
    assert ring_all_reduce_s(1e9, 2, 1e9, 0.0) == pytest.approx(1.0)
    assert ring_all_reduce_s(1e9, 64, 1e9, 0.0) == pytest.approx(2.0 * 63 / 64)


def test_a_small_message_costs_the_latency_of_each_hop() -> None:
    """AttAcc's A100 constant of 6.06 us per hop (scale-snu/attacc_simulator): 14 hops on 8 devices."""
    assert ring_all_reduce_s(0.0, 8, 300e9, 6.06e-6) == pytest.approx(14 * 6.06e-6)
