"""What waves of one period come to where they meet: their sum anywhere on a path, from one gain for each wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from twin.physics import FloatArray
from twin.physics.swings import BAND_HZ, Wave, full_buffer_j


@dataclass(frozen=True, slots=True)
class InPhase:
    """Waves of one period (m,), in phase, reduced to what their sums need; all about the mean of each."""

    period_s: float
    top_w: FloatArray  # (m,) highest over mean, reached by all at once
    bottom_w: FloatArray  # (m,) mean over lowest, reached by all at once
    products_w2: FloatArray  # (m, m) mean of the products of two waves
    band_products_w2: FloatArray  # (m, m) the same of their parts in BAND_HZ
    rises_w_s: FloatArray  # (n_pieces, m) slope of each wave in each piece of the rise
    is_step: np.ndarray  # (m,) bool, changes at once
    above_j: FloatArray  # (m,) energy above the mean in a period


@dataclass(frozen=True, slots=True)
class Swell:
    """What a sum of waves is at each of some places (n,), about its mean."""

    top_w: FloatArray
    bottom_w: FloatArray
    mean_square_w2: FloatArray
    band_w2: FloatArray  # mean square of the part in BAND_HZ
    ramp_w_s: FloatArray  # infinity where it steps
    step_w: FloatArray  # highest rise within the time asked for

    def __add__(self, other: Swell) -> Swell:
        """With waves of another period: squares add, as over time such waves are independent; the rest at its worst."""
        return Swell(
            self.top_w + other.top_w,
            self.bottom_w + other.bottom_w,
            self.mean_square_w2 + other.mean_square_w2,
            self.band_w2 + other.band_w2,
            self.ramp_w_s + other.ramp_w_s,
            self.step_w + other.step_w,
        )


def in_phase(waves: Sequence[Wave]) -> InPhase:
    """The sums of waves (m >= 1) of one period, in closed form.

    Products are integrated exactly between the corners of all waves: L (p q + s t L^2 / 12) over a piece of length L
    with middles p, q and slopes s, t. Source: Simpson's rule, exact for parabolas; Parseval's theorem for the band.

    Two waves, one half of the other, in phase: the mean squares of a square wave of amplitude 1 and of half of it.
    >>> found = in_phase([Wave(2.0, 1.0, -1.0, 1.0), Wave(2.0, 1.0, -0.5, 0.5)])
    >>> np.round(found.products_w2, 12)
    array([[1.  , 0.5 ],
           [0.5 , 0.25]])
    """
    period_s = waves[0].period_s
    corners = [0.0, 0.5 * period_s]
    corners += [at_s for wave in waves for at_s in (0.5 * wave.top_s, 0.5 * wave.top_s + wave.ramp_s)]
    edges_s = np.unique(np.clip(corners, 0.0, 0.5 * period_s))
    length_s, middle_s = np.diff(edges_s), 0.5 * (edges_s[1:] + edges_s[:-1])
    means_w = np.array([wave.mean_w for wave in waves])
    middles_w = np.array([wave.at(middle_s) for wave in waves]).T - means_w
    slopes_w_s = np.array([_slope_w_s(wave, middle_s) for wave in waves]).T
    share = 2.0 * length_s / period_s
    products = middles_w.T @ (share[:, None] * middles_w)
    products += slopes_w_s.T @ ((share * length_s**2 / 12.0)[:, None] * slopes_w_s)
    amplitudes_w = np.array([wave.cosines_w(_orders(period_s)) for wave in waves])
    return InPhase(
        period_s=period_s,
        top_w=np.array([wave.high_w for wave in waves]) - means_w,
        bottom_w=means_w - np.array([wave.low_w for wave in waves]),
        products_w2=products,
        band_products_w2=0.5 * amplitudes_w @ amplitudes_w.T,
        rises_w_s=slopes_w_s,
        is_step=np.array([wave.ramp_w_s is None for wave in waves], dtype=bool),
        above_j=np.array([full_buffer_j(wave) for wave in waves]),
    )


def swell(waves: InPhase, gain: FloatArray, within_s: float) -> Swell:
    """The sum of waves at places where each counts so many times; gain: (n, m) >= 0.

    step_w is the highest rise within a time: the whole depth where the steepest ramp gets that far, an upper bound.

    >>> one = in_phase([Wave(2.0, 1.0, -1.0, 1.0)])
    >>> found = swell(one, np.array([[3.0]]), 5.0)
    >>> float(found.top_w[0]), float(found.mean_square_w2[0]), float(found.step_w[0])
    (3.0, 9.0, 6.0)
    """
    top_w, bottom_w = gain @ waves.top_w, gain @ waves.bottom_w
    ramp_w_s = (gain @ waves.rises_w_s.T).max(axis=1, initial=0.0)
    ramp_w_s = np.where((gain[:, waves.is_step] > 0.0).any(axis=1), np.inf, ramp_w_s)
    return Swell(
        top_w=top_w,
        bottom_w=bottom_w,
        mean_square_w2=np.einsum("nm,mk,nk->n", gain, waves.products_w2, gain),
        band_w2=np.einsum("nm,mk,nk->n", gain, waves.band_products_w2, gain),
        ramp_w_s=ramp_w_s,
        step_w=np.minimum(top_w + bottom_w, ramp_w_s * within_s),
    )


def _slope_w_s(wave: Wave, at_s: FloatArray) -> FloatArray:
    """How fast a wave rises so long before the middle of its top, (k,); it falls as fast after it."""
    if wave.ramp_s <= 0.0 or wave.depth_w <= 0.0:
        return np.zeros(len(at_s))
    is_in = (at_s > 0.5 * wave.top_s) & (at_s < 0.5 * wave.top_s + wave.ramp_s)
    return np.where(is_in, wave.depth_w / wave.ramp_s, 0.0)


def _orders(period_s: float) -> FloatArray:
    """Harmonics inside BAND_HZ; a hair wider, so that one on the edge is in whatever the rounding."""
    low, high = BAND_HZ
    return np.arange(max(1, ceil(low * period_s * (1 - 1e-12))), floor(high * period_s * (1 + 1e-12)) + 1, dtype=float)
