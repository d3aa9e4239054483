"""Cooling coils colder than the dew point: what they take out of moist air, and the humidity a room rests at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from twin.physics import FloatArray, Values
from twin.physics.coil import Coil as DryCoil
from twin.physics.coil import coil_heat_w, coil_ua_w_k, crossflow_effectiveness
from twin.physics.psychro import enthalpy_j_kg, humidity_ratio

CONDENSING_J_KG = 2.45e6
"""Heat that a kilogram of vapour gives off as it condenses at 20 C. Source: ASHRAE Fundamentals 2017 ch. 1."""
AIR_HEAT_J_KG_K = 1006.0
_TABLE_C = np.arange(-20.0, 60.0, 0.05)
_TABLE_RATIO = np.asarray(humidity_ratio(_TABLE_C, 1.0))
_TABLE_J_KG = np.asarray(enthalpy_j_kg(_TABLE_C, _TABLE_RATIO))


class WetCoilPoint(NamedTuple):
    """What a coil does; each field (n,)."""

    heat_w: Values  # sensible and latent
    supply_c: Values
    supply_ratio: Values  # kg/kg
    condensate_kg_s: Values


def saturated_ratio(temperature_c: Values) -> Values:
    """Humidity ratio of saturated air, from a table of 0.05 K; -20 to 60 C. Source: `psychro.humidity_ratio`."""
    return np.interp(temperature_c, _TABLE_C, _TABLE_RATIO)


def bypass_frac(coil: DryCoil, air_frac: Values) -> Values:
    """Share of the air that meets no surface: exp(-UA_air / C_air), UA_air the conductance of the air film alone.

    air_frac: (n,) air over rated air. Source: ASHRAE Handbook HVAC Systems and Equipment, air-cooling coils.
    """
    film_w_k = coil.ua_w_k / coil.air_share_frac * air_frac**0.8
    return np.exp(-film_w_k / np.maximum(coil.air_w_k * air_frac, 1e-9))


def surface_c(return_c: Values, supply_c: Values, bypass: Values) -> Values:
    """Mean surface of a coil that cools air from return to supply: Tret - (Tret - Tsup) / (1 - BF).

    Arguments (n,). Source: bypass-factor model.

    >>> surface_c(30.0, 18.0, 0.2)
    15.0
    """
    return return_c - (return_c - supply_c) / (1.0 - bypass)


def wet_coil_point(
    coil: DryCoil, flows: tuple[Values, Values], air: tuple[Values, Values], water_c: Values
) -> WetCoilPoint:
    """A coil at part flows in moist air: the greater of its dry heat and its heat on enthalpy.

    Wet: Q = eps* m_a (h_in - h_sat(Tw)), a cross flow of enthalpies: air m_a against water C_w / cs, cs = dh_sat/dT
    between water in and out, units UA / cp. Leaving air by the bypass model on the same air film.

    flows: air and water over rated; air: dry bulb and humidity ratio of the return; water_c: entering; all (n,).
    Valid for water of 2 to 30 C. Where the surface is above the dew point all of it is dry.
    Source: Braun, Klein and Mitchell, ASHRAE Transactions 95-1 (1989), effectiveness models for cooling coils.
    """
    (air_frac, water_frac), (dry_c, ratio) = flows, air
    air_kg_s = coil.air_w_k * air_frac / AIR_HEAT_J_KG_K
    water_w_k = coil.water_w_k * water_frac
    dry_w = coil_heat_w(coil, air_frac, water_frac, dry_c, water_c)
    enthalpy = enthalpy_j_kg(dry_c, ratio)
    water_j_kg = np.interp(water_c, _TABLE_C, _TABLE_J_KG)
    wet_w = dry_w
    for _ in range(8):  # cs and the heat follow each other
        out_c = water_c + np.maximum(wet_w, 1.0) / np.maximum(water_w_k, 1e-9)
        slope = (np.interp(out_c, _TABLE_C, _TABLE_J_KG) - water_j_kg) / np.maximum(out_c - water_c, 1e-6)
        air_side, water_side = air_kg_s, water_w_k / slope
        least = np.maximum(np.minimum(air_side, water_side), 1e-12)
        units = coil_ua_w_k(coil, air_frac, water_frac) / AIR_HEAT_J_KG_K / least
        effectiveness = crossflow_effectiveness(units, least / np.maximum(air_side, water_side))
        wet_w = effectiveness * least * np.maximum(enthalpy - water_j_kg, 0.0)
    bypass = bypass_frac(coil, air_frac)
    film_j_kg = enthalpy - wet_w / np.maximum(air_kg_s, 1e-12) / (1.0 - bypass)
    film_c = np.interp(film_j_kg, _TABLE_J_KG, _TABLE_C)
    is_wet = (wet_w > dry_w) & (saturated_ratio(film_c) < ratio)
    heat_w = np.where(is_wet, wet_w, dry_w)
    dry_supply_c = dry_c - dry_w / np.maximum(coil.air_w_k * air_frac, 1e-9)
    supply_c = np.where(is_wet, film_c + (dry_c - film_c) * bypass, dry_supply_c)
    left_ratio = np.where(is_wet, saturated_ratio(film_c) + (ratio - saturated_ratio(film_c)) * bypass, ratio)
    return WetCoilPoint(heat_w, supply_c, left_ratio, air_kg_s * (ratio - left_ratio))


class RoomHumidity(NamedTuple):
    """Humidity a room comes to rest at; ratio (n,), condensate of each coil (n_coils, n)."""

    ratio: FloatArray
    condensate_kg_s: FloatArray


def steady_humidity(
    outdoor_kg_s: FloatArray, outdoor_ratio: FloatArray, coil_kg_s: FloatArray, surface_ratio: FloatArray
) -> RoomHumidity:
    """Humidity at which what outdoor air brings is what coils condense: m_o (W_o - W) = sum k_i (W - W_i), W_i < W.

    outdoor_kg_s, outdoor_ratio: (n,); coil_kg_s: (n_coils, n) air that meets a surface, (1 - BF) m_a; surface_ratio:
    (n_coils, n) saturated at the surface. Equipment gives off no vapour and nothing humidifies. Coils that are drier
    than the room stay out of the balance; as it falls fewer take part, so this ends.
    Source: vapour balance of a well-mixed room.
    """
    ratio = outdoor_ratio.copy()
    for _ in range(len(coil_kg_s) + 1):
        takes = np.where(surface_ratio < ratio, coil_kg_s, 0.0)
        rested = (outdoor_kg_s * outdoor_ratio + (takes * surface_ratio).sum(axis=0)) / np.maximum(
            outdoor_kg_s + takes.sum(axis=0), 1e-12
        )
        if np.array_equal(rested, ratio):
            break
        ratio = rested
    return RoomHumidity(ratio, coil_kg_s * np.maximum(ratio - surface_ratio, 0.0))


def dew_point_of_ratio_c(ratio: Values) -> Values:
    """Dew point of a humidity ratio at sea level, from a table; -20 to 60 C. Source: inverse of `saturated_ratio`.

    >>> round(float(dew_point_of_ratio_c(0.009881)), 2)
    13.86
    """
    return np.interp(ratio, _TABLE_RATIO, _TABLE_C)
