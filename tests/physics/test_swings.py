"""Swings of synchronous training: closed forms against finely sampled sub-traces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics import FloatArray
from twin.physics.swings import (
    Wave,
    band_rms_w,
    buffered,
    floored,
    full_buffer_j,
    ramp_limited,
    steepest_w_s,
)

N_SAMPLES = 2**16


def sub_trace(wave: Wave, n_periods: int = 1) -> FloatArray:
    """Samples in the middle of equal steps over whole periods."""
    step_s = n_periods * wave.period_s / N_SAMPLES
    return wave.at((np.arange(N_SAMPLES) + 0.5) * step_s)


def band_rms_of_samples_w(watts: FloatArray, seconds: float) -> float:
    """RMS of what a discrete Fourier transform finds between 0.1 and 20 Hz."""
    spectrum = np.fft.rfft(watts) / len(watts)
    hertz = np.arange(len(spectrum)) / seconds
    inside = (hertz >= 0.1 - 1e-9) & (hertz <= 20.0 + 1e-9)
    return float(np.sqrt(2.0 * np.sum(np.abs(spectrum[inside]) ** 2)))


@st.composite
def waves(draw: st.DrawFn) -> Wave:
    period_s, duty = draw(st.floats(1.0, 30.0)), draw(st.floats(0.05, 0.95))
    low_w, depth_w = draw(st.floats(0.0, 500.0)), draw(st.floats(1.0, 1000.0))
    square = Wave(period_s, duty * period_s, low_w, low_w + depth_w)
    if draw(st.booleans()):
        return square
    return ramp_limited(square, draw(st.floats(10.0, 5000.0)))


@pytest.mark.parametrize(
    "wave",
    [
        Wave(1.0, 0.5, 100.0, 700.0),
        Wave(6.0, 4.2, 100.0, 700.0),
        Wave(10.0, 7.0, 100.0, 700.0),  # its first harmonic lies on the edge of the band
        Wave(30.0, 12.0, 100.0, 700.0),  # its first two harmonics lie below the band
        ramp_limited(Wave(6.0, 4.2, 100.0, 700.0), 1000.0),
        ramp_limited(Wave(6.0, 4.2, 100.0, 700.0), 300.0),  # never reaches its bottom
    ],
)
def test_the_rms_in_the_band_is_that_of_a_fourier_transform_of_the_sub_trace(wave: Wave) -> None:
    sampled = band_rms_of_samples_w(sub_trace(wave, n_periods=2), 2 * wave.period_s)
    assert band_rms_w([wave]) == pytest.approx(sampled, rel=1e-3)


def test_waves_in_phase_add_before_they_are_squared() -> None:
    square = Wave(6.0, 4.2, 100.0, 700.0)
    both = [square, ramp_limited(square, 400.0), Wave(6.0, 2.0, 0.0, 50.0)]
    sampled = band_rms_of_samples_w(sum(sub_trace(wave) for wave in both), 6.0)
    assert band_rms_w(both) == pytest.approx(sampled, rel=1e-3)
    assert band_rms_w([square, square]) == pytest.approx(2.0 * band_rms_w([square]), rel=1e-12)


def test_all_harmonics_of_a_square_wave_hold_its_whole_deviation() -> None:
    # sqrt(d (1 - d)) times the depth; what is left out above 2 kHz falls with 1 / n.
    assert band_rms_w([Wave(4.0, 1.0, 0.0, 8.0)], (0.1, 2e4)) == pytest.approx(8.0 * np.sqrt(0.25 * 0.75), rel=1e-4)


@given(waves())
def test_the_mean_is_that_of_the_sub_trace(wave: Wave) -> None:
    assert wave.mean_w == pytest.approx(sub_trace(wave).mean(), rel=1e-9, abs=2.0 * wave.depth_w / N_SAMPLES)


@given(waves())
def test_a_full_lossless_store_holds_what_lies_above_the_mean(wave: Wave) -> None:
    above_j = float(np.maximum(sub_trace(wave) - wave.mean_w, 0.0).mean()) * wave.period_s
    assert full_buffer_j(wave) == pytest.approx(above_j, abs=2.0 * wave.depth_w * wave.period_s / N_SAMPLES)


@given(waves(), st.floats(0.01, 1.5), st.floats(0.5, 1.0))
def test_a_store_loses_only_by_its_efficiency_and_never_steepens(
    wave: Wave, share: float, round_trip_frac: float
) -> None:
    full_j = full_buffer_j(wave, round_trip_frac)
    after = buffered(wave, share * full_j, round_trip_frac)
    given_j = min(share, 1.0) * full_j
    gained_j = (after.mean_w - wave.mean_w) * wave.period_s
    assert gained_j == pytest.approx(given_j * (1.0 / round_trip_frac - 1.0), abs=1e-9 * wave.high_w * wave.period_s)
    assert after.low_w >= wave.low_w
    assert after.high_w <= wave.high_w
    # What the store gives is what lies between the two sub-traces where it cuts.
    cut_j = float(np.maximum(sub_trace(wave) - sub_trace(after), 0.0).mean()) * wave.period_s
    assert cut_j == pytest.approx(given_j, abs=4.0 * wave.depth_w * wave.period_s / N_SAMPLES)
    if wave.ramp_w_s is not None and share < 0.99:
        assert after.ramp_w_s == pytest.approx(wave.ramp_w_s, rel=1e-6)


@given(waves(), st.floats(0.0, 2000.0))
def test_a_floor_holds_the_bottom_and_leaves_the_top(wave: Wave, floor_w: float) -> None:
    after = floored(wave, floor_w)
    assert after.high_w == wave.high_w
    assert after.low_w == pytest.approx(min(max(wave.low_w, floor_w), wave.high_w))


@given(st.floats(10.0, 5000.0))
def test_no_step_of_a_ramp_limited_sub_trace_is_steeper_than_the_limit(ramp_w_s: float) -> None:
    after = ramp_limited(Wave(6.0, 4.2, 100.0, 700.0), ramp_w_s)
    steepest = float(np.abs(np.diff(sub_trace(after))).max()) / (6.0 / N_SAMPLES)
    assert steepest == pytest.approx(ramp_w_s, rel=1e-6)
    assert after.top_s == 4.2
    assert after.bottom_s >= 0.0


def test_ramps_add_where_they_meet_only() -> None:
    early = Wave(10.0, 6.0, 0.0, 10.0, ramp_s=1.0)  # rises from -4 s to -3 s
    late = Wave(10.0, 2.0, 0.0, 30.0, ramp_s=1.5)  # rises from -2.5 s to -1 s
    wide = Wave(10.0, 5.0, 0.0, 6.0, ramp_s=2.0)  # rises from -4.5 s to -2.5 s
    assert steepest_w_s([early, late]) == pytest.approx(20.0)
    assert steepest_w_s([early, late, wide]) == pytest.approx(20.0)
    assert steepest_w_s([early, wide]) == pytest.approx(13.0)
    assert steepest_w_s([early, Wave(10.0, 6.0, 0.0, 1.0)]) is None
    assert steepest_w_s([Wave(10.0, 6.0, 5.0, 5.0)]) == 0.0
