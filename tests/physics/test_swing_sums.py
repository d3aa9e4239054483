"""Sums of waves on a path: closed forms against finely sampled traces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.swing_sums import Swell, in_phase, swell
from twin.physics.swings import Wave, band_rms_w, steepest_w_s

N_SAMPLES = 2**16


@st.composite
def waves(draw: st.DrawFn) -> list[Wave]:
    period_s = draw(st.floats(1.0, 30.0))
    found = []
    for _ in range(draw(st.integers(1, 4))):
        top, ramp = draw(st.floats(0.05, 0.6)), draw(st.floats(0.01, 0.18))
        low_w = draw(st.floats(0.0, 500.0))
        found.append(Wave(period_s, top * period_s, low_w, low_w + draw(st.floats(1.0, 1000.0)), ramp * period_s))
    return found


@given(waves(), st.lists(st.floats(0.1, 50.0), min_size=4, max_size=4))
def test_the_sum_is_that_of_the_sampled_traces(some: list[Wave], gains: list[float]) -> None:
    gain = np.array(gains[: len(some)])
    time_s = (np.arange(N_SAMPLES) + 0.5) * some[0].period_s / N_SAMPLES
    trace_w = sum(g * (wave.at(time_s) - wave.mean_w) for g, wave in zip(gain, some, strict=True))
    found = swell(in_phase(some), gain[None, :], 5.0)
    scale_w = float(np.abs(trace_w).max())
    assert float(np.mean(trace_w)) == pytest.approx(0.0, abs=1e-6 * scale_w)
    assert found.mean_square_w2[0] == pytest.approx(float(np.mean(trace_w**2)), rel=1e-5)
    assert found.top_w[0] == pytest.approx(float(trace_w.max()), rel=1e-6)
    assert found.bottom_w[0] == pytest.approx(-float(trace_w.min()), rel=1e-6)


@given(waves())
def test_ramp_and_band_are_those_of_the_waves_themselves(some: list[Wave]) -> None:
    found = swell(in_phase(some), np.ones((1, len(some))), 5.0)
    assert found.ramp_w_s[0] == pytest.approx(steepest_w_s(some), rel=1e-9)
    assert found.band_w2[0] ** 0.5 == pytest.approx(band_rms_w(some), rel=1e-9)


def test_a_wave_that_steps_ramps_without_bound_and_rises_by_all_its_depth() -> None:
    some = in_phase([Wave(6.0, 3.0, 0.0, 10.0), Wave(6.0, 3.0, 0.0, 1.0, 1.0)])
    found = swell(some, np.array([[1.0, 1.0], [0.0, 1.0]]), 0.5)
    assert found.ramp_w_s.tolist() == [np.inf, 1.0]
    assert found.step_w.tolist() == [11.0, 0.5]


def test_squares_of_two_periods_add_and_peaks_may_meet() -> None:
    one, two = (swell(in_phase([Wave(p, 0.5 * p, -1.0, 1.0)]), np.array([[2.0]]), 5.0) for p in (4.0, 7.0))
    both: Swell = one + two
    assert both.mean_square_w2[0] == pytest.approx(8.0)
    assert both.top_w[0] == 4.0
