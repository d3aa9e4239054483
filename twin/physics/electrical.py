"""Part-load losses of everything that passes electric power on: transformers, UPS, power supplies."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from twin.physics import FloatArray, Values


def loss_w(load_w: Values, rated_w: Values, a: Values, b: Values, c: Values, d: Values = 0.0) -> Values:
    """Power turned into heat by a device that passes `load_w` on.

    loss = rated (a + b x + c x^2 + d x^3), x = load / rated: no-load, proportional and resistive part, and what else a
    power supply loses near its limit. Beyond the rating a cubic part goes on along its tangent.

    load_w: (n,) output power; rated_w: (n,) rated output; a, b, c, d: (n,) fractions of the rating.
    Valid for 0 <= x <= 1.25.
    Source: standard three-term loss law of UPS and transformer data sheets.

    A modern double-conversion UPS (a, b, c = .006, .010, .012), 97.3 % at full load:
    >>> round(float(100e3 / input_w(100e3, 100e3, .006, .010, .012)), 3)
    0.973
    """
    x = load_w / rated_w
    return rated_w * (a + x * (b + x * c) + d * _cube(x))


def _cube(x: Values) -> Values:
    """x^3 up to 1, its tangent 3 x - 2 beyond."""
    inside = np.minimum(x, 1.0)
    return inside * inside * inside + 3.0 * (x - inside)


def input_w(load_w: Values, rated_w: Values, a: Values, b: Values, c: Values, d: Values = 0.0) -> Values:
    """Power drawn by a device that passes `load_w` on: load + loss. Arguments and range as in `loss_w`."""
    return load_w + loss_w(load_w, rated_w, a, b, c, d)


def efficiency_frac(load_frac: Values, a: Values, b: Values, c: Values, d: Values = 0.0) -> Values:
    """Output over input at a part load: eta = x / (x + a + b x + c x^2 + d x^3).

    load_frac: (n,) load over rating, > 0; a, b, c, d: (n,) loss terms as in `loss_w`.
    Source: definition of efficiency applied to the loss law.

    Preset of the 97 % UPS class (Schneider Galaxy VS brochure figures: up to 97 %) at 25, 50, 75 and 100 % load:
    >>> np.round(100 * efficiency_frac(np.array([.25, .5, .75, 1.]), .006, .010, .012), 1)
    array([96.4, 97.3, 97.4, 97.3])
    """
    return load_frac / (load_frac + a + load_frac * (b + load_frac * c) + d * _cube(load_frac))


def fit_loss_abc(load_frac: FloatArray, efficiency: FloatArray) -> FloatArray:
    """Loss terms a, b, c >= 0 that fit measured efficiencies best (non-negative least squares).

    minimise sum (a + b x + c x^2 - x (1/eta - 1))^2; a negative term would create energy at some load, so the best of
    all fits with every term >= 0 is taken.

    load_frac: (m,) loads over rating, m >= 3, > 0; efficiency: (m,) output over input, 0 < eta <= 1.
    Returns (3,): a, b, c.
    Source: Lawson and Hanson, Solving Least Squares Problems, 1974 (here by trying each set of terms).

    >>> x = np.array([.25, .5, .75, 1.])
    >>> np.round(100 * efficiency_frac(x, *fit_loss_abc(x, np.array([.964, .973, .974, .973]))), 1)
    array([96.4, 97.3, 97.4, 97.3])
    """
    target = load_frac * (1.0 / efficiency - 1.0)
    basis = np.stack([np.ones_like(load_frac), load_frac, load_frac**2], axis=1)
    best, best_error = np.zeros(3), float(np.sum(target**2))
    for kept in (list(terms) for n in (1, 2, 3) for terms in combinations(range(3), n)):
        fitted = np.linalg.lstsq(basis[:, kept], target, rcond=None)[0]
        error = float(np.sum((basis[:, kept] @ fitted - target) ** 2))
        if fitted.min() >= 0.0 and error < best_error:
            best, best_error = np.zeros(3), error
            best[kept] = fitted
    return best


def loss_through(load_frac: FloatArray, efficiency: FloatArray) -> FloatArray:
    """Loss terms a, b, c, d of loss / rated = a + b x + c x^2 + d x^3 that go through three or four measured points.

    Where such a curve would create energy or fall steeply at some load up to 1.3 of the rating, and for more points
    than four, the best fit of `fit_loss_abc` is taken, with d = 0.

    load_frac: (m,) loads over rating, m >= 3, > 0, rising; efficiency: (m,) output over input, 0 < eta <= 1.
    Returns (4,). Source: interpolation by the polynomial of least degree.

    80 PLUS Titanium at 10, 20, 50 and 100 % load:
    >>> x, eta = np.array([.1, .2, .5, 1.]), np.array([.90, .94, .96, .91])
    >>> np.round(100 * efficiency_frac(x, *loss_through(x, eta)), 6)
    array([90., 94., 96., 91.])
    """
    if len(load_frac) <= 4:
        terms = np.zeros(4)
        target = load_frac * (1.0 / efficiency - 1.0)
        terms[: len(load_frac)] = np.linalg.solve(np.vander(load_frac, increasing=True), target)
        loss_frac = np.asarray(loss_w(np.linspace(0.0, 1.3, 131), 1.0, *terms.tolist()))
        if loss_frac.min() >= 0.0 and np.diff(loss_frac).min() > -0.1 * 0.01:
            return terms
    return np.append(fit_loss_abc(load_frac, efficiency), 0.0)


def psu_input_w(output_w: Values, rated_w: Values, load_points: FloatArray, efficiency_points: FloatArray) -> Values:
    """Power drawn by a power supply whose efficiency is known at a few loads (20, 50 and 100 % for 80 PLUS).

    input = output + rated L(x), L linear between the points x_i (1/eta_i - 1), held below the first point and
    continued with the last slope above the last one. Losses are interpolated, not efficiencies, so that the loss at
    no load stays finite.

    output_w, rated_w: (n,); load_points: (m,) rising loads over rating, m >= 2; efficiency_points: (m,).
    Valid for 0 <= x <= 1.2.
    Source: 80 PLUS 230 V redundant table (Titanium 94/96/91 % at 20/50/100 %).

    >>> round(float(500 / psu_input_w(500., 1000., np.array([.2, .5, 1.]), np.array([.94, .96, .91]))), 4)
    0.96
    """
    loss_points = load_points * (1.0 / efficiency_points - 1.0)
    last_slope = (loss_points[-1] - loss_points[-2]) / (load_points[-1] - load_points[-2])
    x = output_w / rated_w
    loss_frac = np.interp(x, load_points, loss_points) + last_slope * np.maximum(x - load_points[-1], 0.0)
    return output_w + rated_w * loss_frac


def transformer_loss_w(load_w: Values, rated_w: Values, no_load_w: Values, load_loss_w: Values) -> Values:
    """Iron and copper loss of a transformer: P0 + Pk x^2, x = load / rated.

    load_w, rated_w: (n,) at the same power factor; no_load_w: (n,) P0; load_loss_w: (n,) Pk at full load.
    Valid for 0 <= x <= 1.5.
    Source: IEC 60076-1; 1000 kVA of EU regulation 548/2014 tier 2, liquid-filled: 693 W and 7600 W.

    >>> transformer_loss_w(500e3, 1000e3, 693., 7600.)
    2593.0
    """
    return no_load_w + load_loss_w * (load_w / rated_w) ** 2
