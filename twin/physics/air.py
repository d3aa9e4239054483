"""Air as a carrier of heat in a data hall, and the limits the equipment sets on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.physics import Values

AIR_DENSITY_KG_M3 = 1.2
AIR_HEAT_J_KG_K = 1006.0
AIR_HEAT_J_M3_K = AIR_DENSITY_KG_M3 * AIR_HEAT_J_KG_K


def air_flow_m3_s(heat_w: Values, rise_k: Values) -> Values:
    """Air needed to carry a heat away at a temperature rise: V = Q / (rho cp dT).

    heat_w, rise_k: (n,); rise above 0. Valid for air near 20 C at sea level (rho 1.2 kg/m3, cp 1006 J/kg K).
    Source: heat balance; the rule of thumb 160 CFM/kW = 0.0755 m3/s per kW is a rise of 11 K.

    >>> round(air_flow_m3_s(1000.0, 10.97), 4)
    0.0755
    """
    return heat_w / (AIR_HEAT_J_M3_K * rise_k)


def air_rise_k(heat_w: Values, flow_m3_s: Values) -> Values:
    """Temperature rise of air that takes up a heat: dT = Q / (rho cp V).

    heat_w, flow_m3_s: (n,); flow above 0. Valid as in `air_flow_m3_s`.
    Source: heat balance.

    >>> round(air_rise_k(1000.0, 0.0755), 1)
    11.0
    """
    return heat_w / (AIR_HEAT_J_M3_K * flow_m3_s)


@dataclass(frozen=True, slots=True)
class AirClass:
    """What inlet air a class of equipment allows while it works."""

    name: str
    low_c: float
    high_c: float
    low_dew_point_c: float
    high_dew_point_c: float
    high_humidity_frac: float
    derate_k_per_m: float  # fall of high_c per metre above 900 m


# Source: ASHRAE TC 9.9, 2021 Equipment Thermal Guidelines (5th edition reference card); the altitude derates are
# those of the same guidelines (1 K per 300, 300, 175 and 125 m above 900 m).
AIR_CLASSES = {
    "A1": AirClass("A1", 15.0, 32.0, -12.0, 17.0, 0.80, 1 / 300),
    "A2": AirClass("A2", 10.0, 35.0, -12.0, 21.0, 0.80, 1 / 300),
    "A3": AirClass("A3", 5.0, 40.0, -12.0, 24.0, 0.85, 1 / 175),
    "A4": AirClass("A4", 5.0, 45.0, -12.0, 24.0, 0.90, 1 / 125),
}
RECOMMENDED_LOW_C = 18.0
RECOMMENDED_HIGH_C = 27.0


def allowed_inlet_c(high_c: Values, derate_k_per_m: Values, elevation_m: Values) -> Values:
    """Highest inlet temperature a class allows at an altitude: high - derate max(0, z - 900 m).

    high_c: (n,) limit at sea level; derate_k_per_m: (n,); elevation_m: (n,). Valid up to 3050 m.
    Source: ASHRAE TC 9.9 2021 thermal guidelines, altitude derating.

    >>> a2 = AIR_CLASSES["A2"]
    >>> float(allowed_inlet_c(a2.high_c, a2.derate_k_per_m, 1800.0))
    32.0
    """
    return high_c - derate_k_per_m * np.maximum(elevation_m - 900.0, 0.0)
