"""Latency and watts of batches: measured points are kept, what lies between is on the line, nothing lies beyond."""

from __future__ import annotations

import pytest

from twin.errors import ModelRangeError
from twin.physics.service import ServiceLaw, by_batch

ATOM_S = {1: 0.236624e-3, 8: 1.272565e-3}  # ResNet-50, MLPerf Inference v3.0, Rebellions ATOM


def test_measured_batches_keep_their_value() -> None:
    latency_s = by_batch(ATOM_S, 8)
    assert latency_s[1] == ATOM_S[1]
    assert latency_s[8] == ATOM_S[8]


def test_between_two_measured_batches_the_time_is_on_the_line() -> None:
    step_s = (ATOM_S[8] - ATOM_S[1]) / 7
    latency_s = by_batch(ATOM_S, 8)
    for size in range(1, 9):
        assert latency_s[size] == pytest.approx(ATOM_S[1] + (size - 1) * step_s, rel=1e-12)


def test_a_batch_below_the_smallest_measured_one_is_padded_to_it() -> None:
    assert by_batch({18: 2.66e-3}, 18)[1:] == (2.66e-3,) * 18


def test_nothing_is_known_above_the_largest_measured_batch() -> None:
    with pytest.raises(ModelRangeError, match="batch 9 is above the largest measured one, 8"):
        by_batch(ATOM_S, 9)


def test_watts_above_idle_fall_with_the_cube_of_the_clock() -> None:
    law = ServiceLaw((0.0, 1.0), (0.0, 100.0), 20.0)
    assert law.batch_w(1, 1.0) == 100.0
    assert law.batch_w(1, 0.5) == pytest.approx(20.0 + 80.0 / 8)
