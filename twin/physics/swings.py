"""Power that swings with the iterations of synchronous training: its shape, its spectrum, and what smooths it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, sqrt

import numpy as np

from twin.physics import FloatArray

BAND_HZ = (0.1, 20.0)
"""Band of the reported spectrum. Estimate: from the slow swings of areas of a grid against each other to the torsion
of turbine shafts; that the spectrum of training is what matters to a grid: Choukse et al., arXiv 2508.14318."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A periodic trapezoid: up in ramp_s, on top for top_s, down in ramp_s, at the bottom for the rest of period_s.

    Watts; the middle of a top is at time zero, so waves of one period are in phase. top_s + 2 ramp_s <= period_s.
    """

    period_s: float
    top_s: float
    low_w: float
    high_w: float
    ramp_s: float = 0.0

    @property
    def depth_w(self) -> float:
        """Top over bottom, W."""
        return self.high_w - self.low_w

    @property
    def bottom_s(self) -> float:
        """Seconds of a period at the bottom."""
        return self.period_s - self.top_s - 2.0 * self.ramp_s

    @property
    def mean_w(self) -> float:
        """Mean over a period: low + depth (top + ramp) / period.

        Seven tenths of the time at 10 W, else at 2 W:
        >>> round(Wave(4.0, 2.8, 2.0, 10.0).mean_w, 12)
        7.6
        """
        return self.low_w + self.depth_w * (self.top_s + self.ramp_s) / self.period_s

    @property
    def ramp_w_s(self) -> float | None:
        """Steepest change, W/s; 0 of a flat wave, none where the wave steps at once."""
        if self.depth_w <= 0.0:
            return 0.0
        return self.depth_w / self.ramp_s if self.ramp_s > 0.0 else None

    def at(self, time_s: FloatArray) -> FloatArray:
        """The sub-trace: watts at times (m,), s."""
        from_top_s = np.abs((time_s + 0.5 * self.period_s) % self.period_s - 0.5 * self.period_s) - 0.5 * self.top_s
        if self.ramp_s > 0.0:
            share = np.clip(1.0 - from_top_s / self.ramp_s, 0.0, 1.0)
        else:
            share = (from_top_s <= 0.0).astype(float)
        return np.asarray(self.low_w + self.depth_w * share)

    def cosines_w(self, order: FloatArray) -> FloatArray:
        """Amplitudes of the cosines cos(2 pi n t / period), n = order (m,) >= 1, with their sign.

        2 depth (w / T) sinc(n w / T) sinc(n r / T), w = top + ramp, r = ramp, sinc x = sin(pi x) / (pi x): a trapezoid
        is a rectangle of width w smeared over r.
        Source: Fourier series of a rectangle, and the convolution theorem.

        >>> square = Wave(1.0, 0.5, -1.0, 1.0)  # 4 / pi (cos x - cos 3x / 3 + ...)
        >>> np.round(square.cosines_w(np.array([1.0, 2.0, 3.0])) * np.pi / 4, 12) + 0.0
        array([ 1.        ,  0.        , -0.33333333])
        """
        width = (self.top_s + self.ramp_s) / self.period_s
        smear = np.sinc(order * self.ramp_s / self.period_s)
        return np.asarray(2.0 * self.depth_w * width * np.sinc(order * width) * smear)


def floored(wave: Wave, floor_w: float) -> Wave:
    """The wave with its bottom held at no less than floor_w (below its top) by work that is thrown away.

    Source: the power floor of "power smoothing" in NVIDIA's NVML reference.
    """
    return replace(wave, low_w=min(max(wave.low_w, floor_w), wave.high_w))


def ramp_limited(wave: Wave, ramp_w_s: float) -> Wave:
    """A square wave (ramp_s = 0) whose power changes by no more than ramp_w_s, W/s.

    The top keeps its length, as training is not slowed: both ramps lie in the bottom, filled by work that is thrown
    away. Where they have no room the bottom is never reached.
    Source: the ramp rates of "power smoothing" in NVIDIA's NVML reference; where ramps lie is an estimate.

    >>> ramp_limited(Wave(4.0, 2.0, 0.0, 10.0), 5.0)
    Wave(period_s=4.0, top_s=2.0, low_w=5.0, high_w=10.0, ramp_s=1.0)
    """
    ramp_s = min(wave.depth_w / ramp_w_s, 0.5 * (wave.period_s - wave.top_s))
    return replace(wave, ramp_s=ramp_s, low_w=wave.high_w - ramp_w_s * ramp_s)


def full_buffer_j(wave: Wave, round_trip_frac: float = 1.0) -> float:
    """Energy a store gives every period when it makes the wave flat, J.

    The level h below the top at which what is cut off the top is round_trip_frac of what fills the bottom. Without
    losses the level is the mean and the energy the integral of (P - P_mean) where that is positive.

    >>> full_buffer_j(Wave(4.0, 1.0, 0.0, 8.0))  # 6 W above the mean for a second
    6.0
    """
    return _cut_j(wave, wave.top_s, _flat_depth_w(wave, round_trip_frac))


def buffered(wave: Wave, energy_j: float, round_trip_frac: float) -> Wave:
    """The wave behind a store that gives energy_j (J, > 0) each period off the top, and takes that / round_trip_frac.

    It cuts the top at one level and fills the bottom to another, which leaves a trapezoid; a store larger than
    `full_buffer_j` leaves a flat line. round_trip_frac: > 0, <= 1.
    Source: conservation of energy over a period.
    """
    if energy_j >= full_buffer_j(wave, round_trip_frac):
        level_w = wave.high_w - _flat_depth_w(wave, round_trip_frac)
        return replace(wave, low_w=level_w, high_w=level_w)
    cut_w = _cut_depth_w(wave, wave.top_s, energy_j)
    filled_w = _cut_depth_w(wave, wave.bottom_s, energy_j / round_trip_frac)
    s_per_w = wave.ramp_s / wave.depth_w
    return Wave(
        period_s=wave.period_s,
        top_s=wave.top_s + 2.0 * cut_w * s_per_w,
        low_w=wave.low_w + filled_w,
        high_w=wave.high_w - cut_w,
        ramp_s=(wave.depth_w - cut_w - filled_w) * s_per_w,
    )


def steepest_w_s(waves: Sequence[Wave]) -> float | None:
    """Steepest change of the sum of waves of one period, W/s; none where one steps at once.

    Every wave rises once a period, in the same half of it; the sum is steepest inside one of the pieces between the
    ends of those rises.
    """
    slopes = [wave.ramp_w_s for wave in waves]
    known = [slope for slope in slopes if slope is not None]
    if len(known) < len(slopes):
        return None
    starts = np.array([-0.5 * wave.top_s - wave.ramp_s for wave in waves])
    ends = np.array([-0.5 * wave.top_s for wave in waves])
    edges = np.unique(np.concatenate([starts, ends]))
    middles = 0.5 * (edges[1:] + edges[:-1])
    rises = (starts <= middles[:, None]) & (middles[:, None] < ends)
    return float(np.max(rises @ np.array(known), initial=0.0))


def band_rms_w(waves: Sequence[Wave], band_hz: tuple[float, float] = BAND_HZ) -> float:
    """Root mean square of the sum of waves of one period (>= 1, in phase) within a band of frequencies, W.

    sqrt(sum over n of a_n^2 / 2), n / period inside the band, a_n the summed amplitudes.
    Source: Parseval's theorem.

    >>> round(band_rms_w([Wave(2.0, 1.0, -1.0, 1.0)], (0.1, 0.6)) / (4 / np.pi / 2**0.5), 12)  # its first harmonic
    1.0
    """
    period_s = waves[0].period_s
    # A hair wider, so that a harmonic on the edge is in whatever the rounding.
    order = np.arange(
        max(1, ceil(band_hz[0] * period_s * (1 - 1e-12))), floor(band_hz[1] * period_s * (1 + 1e-12)) + 1, dtype=float
    )
    amplitude_w = np.sum([wave.cosines_w(order) for wave in waves], axis=0)
    return sqrt(0.5 * float(np.sum(amplitude_w**2)))


def _cut_j(wave: Wave, flat_s: float, depth_w: float) -> float:
    """Energy between the flat part and a level depth_w from it: the flat part, and the two triangles of the ramps."""
    return depth_w * flat_s + (depth_w**2 * wave.ramp_s / wave.depth_w if wave.ramp_s > 0.0 else 0.0)


def _cut_depth_w(wave: Wave, flat_s: float, energy_j: float) -> float:
    """The depth of which `_cut_j` is energy_j: the positive root, in the form that does not cancel."""
    s_per_w = wave.ramp_s / wave.depth_w
    return 2.0 * energy_j / (flat_s + sqrt(flat_s**2 + 4.0 * s_per_w * energy_j))


def _flat_depth_w(wave: Wave, round_trip_frac: float) -> float:
    """How far below the top the level lies at which a store makes the wave flat, W."""
    depth_w, share = wave.depth_w, round_trip_frac
    if depth_w <= 0.0:
        return 0.0
    s_per_w = wave.ramp_s / depth_w
    # s h^2 + top h = share (bottom (D - h) + s (D - h)^2), a quadratic in h whose positive root is asked for.
    linear = wave.top_s + share * (wave.bottom_s + 2.0 * s_per_w * depth_w)
    constant = share * depth_w * (wave.bottom_s + s_per_w * depth_w)
    return 2.0 * constant / (linear + sqrt(linear**2 + 4.0 * s_per_w * (1.0 - share) * constant))
