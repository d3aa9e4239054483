"""Heat a cooling coil takes from air into water, and the flows that hold a set point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from twin.physics import Values
from twin.physics.air import AIR_HEAT_J_M3_K

WATER_HEAT_J_KG_K = 4186.0


def crossflow_effectiveness(transfer_units: Values, ratio: Values) -> Values:
    """Share of the greatest possible heat that a cross-flow exchanger with both streams unmixed passes.

    eps = 1 - exp[(NTU^0.22 / r) (exp(-r NTU^0.78) - 1)], r = Cmin / Cmax; 1 - exp(-NTU) as r -> 0.

    transfer_units: (n,) UA / Cmin; ratio: (n,) 0 to 1. Valid for NTU up to 10.
    Source: Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, table 11.3 eq. 11.32.

    >>> round(float(crossflow_effectiveness(1.0, 0.0)), 4)
    0.6321
    """
    r = np.maximum(ratio, 1e-9)
    return -np.expm1(transfer_units**0.22 / r * np.expm1(-r * transfer_units**0.78))


def exchanger_heat_w(air_w_k: Values, water_w_k: Values, ua_w_k: Values, hot_c: Values, cold_c: Values) -> Values:
    """Heat passed from a hot to a cold stream in cross flow: Q = eps Cmin (Thot - Tcold).

    air_w_k, water_w_k: (n,) capacity rates of the two streams; ua_w_k: (n,); hot_c, cold_c: (n,) entering.
    Valid for dry surfaces (water above the dew point of the air). Negative when the cold stream is the warmer.
    Source: effectiveness-NTU method, Incropera and DeWitt ch. 11.

    >>> round(float(exchanger_heat_w(1000., 1e12, 1000., 30., 20.)))
    6321
    """
    least = np.maximum(np.minimum(air_w_k, water_w_k), 1e-9)
    ratio = least / np.maximum(np.maximum(air_w_k, water_w_k), 1e-9)
    return crossflow_effectiveness(ua_w_k / least, ratio) * least * (hot_c - cold_c)


@dataclass(frozen=True, slots=True)
class Coil:
    """Coils at their rating point; each field (n,) or one number for all."""

    air_w_k: Values  # capacity rate of the rated air flow
    water_w_k: Values  # capacity rate of the rated water flow
    ua_w_k: Values  # conductance at both rated flows
    air_share_frac: Values = 0.7  # share of the air film in the whole resistance; estimate for finned coils


def rated_coil(heat_w: Values, air_m3_s: Values, water_kg_s: Values, return_c: Values, water_c: Values) -> Coil:
    """The coil that passes a rated heat at its rated flows and entering temperatures.

    Solves eps(UA / Cmin, Cmin / Cmax) = Q / (Cmin (Tret - Tw)) for UA by bisection on its logarithm.

    heat_w, air_m3_s, water_kg_s, return_c, water_c: (n,) of the data sheet. A rating above what the flows can carry
    at all is met as nearly as NTU = 50 does.
    Source: effectiveness-NTU method, Incropera and DeWitt ch. 11.

    >>> coil = rated_coil(100e3, 6.94, 4.3, 35.0, 18.0)
    >>> round(float(coil_heat_w(coil, 1.0, 1.0, 35.0, 18.0)))
    100000
    """
    air_w_k, water_w_k = air_m3_s * AIR_HEAT_J_M3_K, water_kg_s * WATER_HEAT_J_KG_K
    least = np.minimum(air_w_k, water_w_k)
    low, high = np.log(1e-3 * least), np.log(50.0 * least)
    for _ in range(50):
        middle = 0.5 * (low + high)
        is_short = exchanger_heat_w(air_w_k, water_w_k, np.exp(middle), return_c, water_c) < heat_w
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    return Coil(air_w_k, water_w_k, np.exp(0.5 * (low + high)))


def coil_ua_w_k(coil: Coil, air_frac: Values, water_frac: Values) -> Values:
    """Conductance of a coil away from its rating: air and water films in series, each with flow to the 0.8.

    1/UA = 1/UAr [s fa^-0.8 + (1 - s) fw^-0.8], s = air share of the resistance.

    air_frac, water_frac: (n,) flows over rated flows, 0 to 1.5.
    Source: turbulent film coefficients proportional to Re^0.8 (Dittus-Boelter), Incropera and DeWitt ch. 8.

    >>> round(float(coil_ua_w_k(Coil(1.0, 1.0, 100.0, 0.5), 1.0, 1.0)), 6)
    100.0
    """
    air_film = coil.air_share_frac * np.maximum(air_frac, 1e-9) ** -0.8
    water_film = (1.0 - coil.air_share_frac) * np.maximum(water_frac, 1e-9) ** -0.8
    return coil.ua_w_k / (air_film + water_film)


def coil_heat_w(coil: Coil, air_frac: Values, water_frac: Values, return_c: Values, water_c: Values) -> Values:
    """Heat a coil takes out of the air at part flows; zero when either stands still.

    Q = eps(UA(fa, fw)) Cmin (Tret - Tw), C = f C_rated.

    air_frac, water_frac: (n,) flows over rated flows; return_c, water_c: (n,) entering temperatures.
    Valid for a dry coil, water above the dew point. Source: as `exchanger_heat_w` and `coil_ua_w_k`.
    """
    ua_w_k = coil_ua_w_k(coil, air_frac, water_frac)
    return exchanger_heat_w(coil.air_w_k * air_frac, coil.water_w_k * water_frac, ua_w_k, return_c, water_c)


def coil_conductance_w_k(coil: Coil, air_frac: Values, water_frac: Values) -> Values:
    """Heat per kelvin between return air and entering water, eps Cmin: the linear sink a well-mixed room sees."""
    return coil_heat_w(coil, air_frac, water_frac, 1.0, 0.0)


def water_frac_for_heat(
    coil: Coil, air_frac: Values, heat_w: Values, return_c: Values, water_c: Values, most_frac: Values = 1.0
) -> Values:
    """Least water flow, over the rated flow, that takes a heat out of the air; `most_frac` where none does.

    Solves Q(fa, fw) = heat for fw in [0, most]. A supply set point Tset is the heat fa C_air (Tret - Tset).

    air_frac, heat_w, return_c, water_c, most_frac: (n,). Valid as `coil_heat_w`.
    Source: inverse of `coil_heat_w`.
    """
    return _frac_for_heat(lambda frac: coil_heat_w(coil, air_frac, frac, return_c, water_c), heat_w, most_frac)


def air_frac_for_heat(
    coil: Coil, water_frac: Values, heat_w: Values, return_c: Values, water_c: Values, most_frac: Values = 1.0
) -> Values:
    """Least air flow, over the rated flow, with which a coil passes a heat; `most_frac` where none does.

    Solves Q(fa, fw) = heat for fa in [0, most].

    water_frac, heat_w, return_c, water_c, most_frac: (n,). Valid as `coil_heat_w`. Source: inverse of `coil_heat_w`.
    """
    return _frac_for_heat(lambda frac: coil_heat_w(coil, frac, water_frac, return_c, water_c), heat_w, most_frac)


def _frac_for_heat(heat_at_w: Callable[[Values], Values], heat_w: Values, most_frac: Values) -> Values:
    """Root of a rising heat(frac) = heat_w in [0, most] by the Illinois form of false position, clamped at the ends."""
    low, high = 0.0 * most_frac, most_frac
    short_w, over_w = heat_at_w(low) - heat_w, heat_at_w(high) - heat_w
    is_reached, is_idle = over_w >= 0.0, short_w >= 0.0
    was_high = was_low = np.zeros_like(np.asarray(is_reached))
    for _ in range(18):
        span_w = over_w - short_w
        middle = np.minimum(low - short_w * (high - low) / np.maximum(span_w, 1e-30), high)
        miss_w = heat_at_w(middle) - heat_w
        is_high = miss_w >= 0.0
        # An end kept twice in a row loses half its weight: that is what makes false position converge fast.
        low, high = np.where(is_high, low, middle), np.where(is_high, middle, high)
        short_w = np.where(is_high, np.where(was_high, 0.5 * short_w, short_w), miss_w)
        over_w = np.where(is_high, miss_w, np.where(was_low, 0.5 * over_w, over_w))
        was_high, was_low = np.asarray(is_high), ~np.asarray(is_high)
    return np.where(is_idle, 0.0, np.where(is_reached, high, most_frac))
