"""Heat passed between two liquids in counterflow."""

from __future__ import annotations

import numpy as np

from twin.physics import Values

MOST_UNITS = 30.0
"""Transfer units beyond which an exchanger is as good as endless."""


def counterflow_effectiveness(transfer_units: Values, ratio: Values) -> Values:
    """Share of the greatest possible heat that a counterflow exchanger passes.

    eps = (1 - e) / (1 - r e), e = exp(-NTU (1 - r)); NTU / (1 + NTU) at r = 1.

    transfer_units: (n,) UA / Cmin; ratio: (n,) r = Cmin / Cmax, 0 to 1.
    Source: Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, table 11.3 eq. 11.29.

    >>> round(float(counterflow_effectiveness(2.0, 1.0)), 4), round(float(counterflow_effectiveness(2.0, 0.5)), 4)
    (0.6667, 0.7746)
    """
    gap = np.maximum(1.0 - ratio, 1e-7)  # at 1 the form is 0 / 0; the limit is met to 1e-7
    fading = np.exp(-transfer_units * gap)
    return -np.expm1(-transfer_units * gap) / (1.0 - (1.0 - gap) * fading)


def counterflow_units(effectiveness: Values, ratio: Values) -> Values:
    """Transfer units a counterflow exchanger needs: the inverse of `counterflow_effectiveness`.

    NTU = ln((1 - r eps) / (1 - eps)) / (1 - r). What no exchanger reaches is met with NTU = 30.

    effectiveness, ratio: (n,). Source: Incropera and DeWitt, table 11.4.

    >>> round(float(counterflow_units(counterflow_effectiveness(2.0, 0.5), 0.5)), 9)
    2.0
    """
    gap = np.maximum(1.0 - ratio, 1e-7)
    left = np.maximum(1.0 - effectiveness, 1e-300)
    # ln(1 + eps (1 - r) / (1 - eps)): no digits are lost where r is near 1.
    return np.minimum(np.log1p(effectiveness * gap / left) / gap, MOST_UNITS)


def film_ua_w_k(rated_w_k: Values, first_frac: Values, second_frac: Values) -> Values:
    """Conductance at part flows: two equal films in series, each with its flow to the 0.8.

    1/UA = 1/UAr (f1^-0.8 + f2^-0.8) / 2.

    first_frac, second_frac: (n,) flows over rated flows, 0 to 1.5. Zero where either stands still.
    Source: turbulent film coefficients proportional to Re^0.8 (Dittus-Boelter), Incropera and DeWitt ch. 8.

    >>> float(film_ua_w_k(100.0, 1.0, 1.0))
    100.0
    """
    films = np.maximum(first_frac, 1e-12) ** -0.8 + np.maximum(second_frac, 1e-12) ** -0.8
    return 2.0 * rated_w_k / films


def rated_ua_w_k(heat_w: Values, hot_w_k: Values, cold_w_k: Values, between_k: Values) -> Values:
    """Conductance of the counterflow exchanger that passes a heat at its rating.

    hot_w_k, cold_w_k: (n,) capacity rates; between_k: (n,) hot inlet over cold inlet.
    Source: effectiveness-NTU method, Incropera and DeWitt ch. 11.

    >>> round(float(rated_ua_w_k(100e3, 10e3, 10e3, 14.0)))  # 10 K on either side at an approach of 4 K
    25000
    """
    least = np.minimum(hot_w_k, cold_w_k)
    ratio = least / np.maximum(hot_w_k, cold_w_k)
    return counterflow_units(np.minimum(heat_w / (least * between_k), 1.0 - 1e-9), ratio) * least


def hot_drop_frac(hot_w_k: Values, cold_w_k: Values, ua_w_k: Values) -> Values:
    """How far the hot stream falls towards the cold inlet: (Thi - Tho) / (Thi - Tci) = eps Cmin / Chot.

    hot_w_k, cold_w_k, ua_w_k: (n,). Zero where either stream stands still. Source: as `counterflow_effectiveness`.

    >>> round(float(hot_drop_frac(10e3, 10e3, 25e3)), 4)
    0.7143
    """
    least = np.minimum(hot_w_k, cold_w_k)
    most = np.maximum(np.maximum(hot_w_k, cold_w_k), 1e-9)
    moved = counterflow_effectiveness(ua_w_k / np.maximum(least, 1e-9), least / most) * least
    return np.where(least > 0.0, moved / np.maximum(hot_w_k, 1e-9), 0.0)
