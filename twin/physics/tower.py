"""Heat thrown to the outdoors: evaporative towers, dry coolers, and the water that takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twin.physics import Values
from twin.physics.coil import WATER_HEAT_J_KG_K
from twin.physics.psychro import STANDARD_PRESSURE_PA, enthalpy_j_kg, humidity_ratio

AIR_HEAT_J_KG_K = 1006.0


def saturated_enthalpy_j_kg(temperature_c: Values) -> Values:
    """Enthalpy of saturated air per kilogram of dry air at sea level.

    temperature_c: (n,). Valid for 0 to 60 C.
    Source: ASHRAE Handbook Fundamentals 2017 ch. 1; its table 2 gives 76.5 kJ/kg at 25 C with the real-gas factor that
    perfect-gas relations leave out:

    >>> round(float(saturated_enthalpy_j_kg(25.0)) / 1e3, 1)
    76.3
    """
    return enthalpy_j_kg(temperature_c, humidity_ratio(temperature_c, 1.0, STANDARD_PRESSURE_PA))


@dataclass(frozen=True, slots=True)
class Tower:
    """Counter-flow cooling towers at their design point; each field (n,) or one number."""

    water_kg_s: Values
    air_kg_s: Values
    ua_w_k: Values  # conductance on temperature difference, at design flows and wet bulb
    wet_bulb_c: Values


class TowerPoint(NamedTuple):
    """How towers run; each field (n,)."""

    heat_w: Values
    leaving_c: Values


def _counterflow(transfer_units: Values, ratio: Values) -> Values:
    r = np.minimum(ratio, 1.0 - 1e-9)
    decay = np.exp(-transfer_units * (1.0 - r))
    return (1.0 - decay) / (1.0 - r * decay)


def _leaving_wet_bulb_c(enthalpy: Values, guess_c: Values) -> Values:
    """Temperature at which saturated air has an enthalpy, by secant steps of 0.01 K."""
    t = guess_c
    for _ in range(6):
        here = saturated_enthalpy_j_kg(t)
        t = t - (here - enthalpy) * 0.01 / (saturated_enthalpy_j_kg(t + 0.01) - here)
    return t


def rated_tower(water_kg_s: Values, air_kg_s: Values, wet_bulb_c: Values, range_k: Values, approach_k: Values) -> Tower:
    """The tower that cools its design water flow by a range to an approach above the design wet bulb.

    The leaving air's wet bulb follows from the heat balance; NTU is the closed inverse of counter flow,
    ln[(1 - eps r)/(1 - eps)] / (1 - r), and UA = NTU Cmin cp / cpe.

    Arguments (n,). Valid while the design asks eps < 1.
    Source: Merkel 1925 in the effectiveness-NTU form of EnergyPlus's CoolingTower:VariableSpeed:Merkel.
    """
    entering_c = wet_bulb_c + approach_k + range_k
    water_w_k = water_kg_s * WATER_HEAT_J_KG_K
    enthalpy = saturated_enthalpy_j_kg(wet_bulb_c)
    out_c = _leaving_wet_bulb_c(enthalpy + water_w_k * range_k / air_kg_s, wet_bulb_c + range_k)
    effective_j_kg_k = (saturated_enthalpy_j_kg(out_c) - enthalpy) / (out_c - wet_bulb_c)
    air_w_k = air_kg_s * effective_j_kg_k
    least = np.minimum(air_w_k, water_w_k)
    ratio = np.minimum(least / np.maximum(air_w_k, water_w_k), 1.0 - 1e-9)
    effectiveness = water_w_k * range_k / (least * (entering_c - wet_bulb_c))
    transfer_units = np.log((1.0 - effectiveness * ratio) / (1.0 - effectiveness)) / (1.0 - ratio)
    return Tower(water_kg_s, air_kg_s, transfer_units * least * AIR_HEAT_J_KG_K / effective_j_kg_k, wet_bulb_c)


def tower_point(
    tower: Tower, air_frac: Values, water_frac: Values, entering_c: Values, wet_bulb_c: Values
) -> TowerPoint:
    """Heat and leaving water of a tower at part flows and another wet bulb.

    Merkel with saturated air as a stream of heat cpe = dh_sat/dT over its own path; counter-flow effectiveness;
    UA corrected by (1 + 0.0081 dTwb)(1.3 fa - 0.3 fa^2)(0.1082 + 1.667 fw - 0.7713 fw^2)/1.0039.

    air_frac, water_frac: (n,) flows over design, 0.1 to 1.1; entering_c: (n,) water; wet_bulb_c: (n,) outdoors.
    Valid for wet bulbs -5 to 30 C and water above the wet bulb.
    Source: EnergyPlus Engineering Reference, Merkel tower; corrections of Scheier as used there.
    """
    water_w_k = tower.water_kg_s * water_frac * WATER_HEAT_J_KG_K
    air_kg_s = tower.air_kg_s * air_frac
    correction = (
        (1.0 + 0.0081 * (tower.wet_bulb_c - wet_bulb_c))
        * air_frac
        * (1.3 - 0.3 * air_frac)
        * (0.1082 + water_frac * (1.667 - 0.7713 * water_frac))
        / 1.0039
    )
    enthalpy = saturated_enthalpy_j_kg(wet_bulb_c)
    out_c = 0.5 * (entering_c + wet_bulb_c) + 0.01
    heat_w = 0.0 * out_c
    for _ in range(25):
        effective_j_kg_k = (saturated_enthalpy_j_kg(out_c) - enthalpy) / (out_c - wet_bulb_c)
        air_w_k = air_kg_s * effective_j_kg_k
        least = np.minimum(air_w_k, water_w_k)
        ua_w_k = tower.ua_w_k * correction * effective_j_kg_k / AIR_HEAT_J_KG_K
        effectiveness = _counterflow(ua_w_k / least, least / np.maximum(air_w_k, water_w_k))
        heat_w = effectiveness * least * (entering_c - wet_bulb_c)
        # Half steps: the wet bulb of the leaving air settles without overshoot.
        out_c = 0.5 * (out_c + np.maximum(wet_bulb_c + heat_w / air_w_k, wet_bulb_c + 1e-3))
    return TowerPoint(heat_w, entering_c - heat_w / water_w_k)


def evaporated_kg_s(heat_w: Values, latent_frac: Values = 0.9) -> Values:
    """Water a tower evaporates: latent share of the heat over the heat of evaporation at 30 C, 2430 kJ/kg.

    heat_w: (n,) rejected; latent_frac: 0.8 to 0.95 usual.
    Source: ASHRAE Handbook HVAC Systems and Equipment, cooling towers; all latent is 1.48 L per kWh:

    >>> round(evaporated_kg_s(1000.0, 1.0) * 3600, 2)
    1.48
    """
    return heat_w * latent_frac / 2.430e6


def make_up_kg_s(evaporation_kg_s: Values, cycles: Values, drift_kg_s: Values = 0.0) -> Values:
    """Water a tower must be given: evaporation, blow-down E / (cycles - 1) and drift.

    evaporation_kg_s, drift_kg_s: (n,); cycles: (n,) of concentration, 3 to 6 usual, > 1.
    Source: salt balance of the basin. At five cycles a quarter more than evaporates:

    >>> make_up_kg_s(1.0, 5.0)
    1.25
    """
    return evaporation_kg_s * cycles / (cycles - 1.0) + drift_kg_s


def dry_cooler_leaving_c(heat_w: Values, air_c: Values, rated_w: Values, rated_approach_k: Values) -> Values:
    """Water out of a dry cooler with all fans on: Tair + approach_rated Q / Q_rated.

    Exact for an exchanger at constant flows, where heat and every temperature difference are proportional.

    heat_w, air_c, rated_w: (n,); rated_approach_k: (n,) leaving water over air at rating, 6 to 10 K usual.
    Source: effectiveness-NTU method at constant effectiveness.

    >>> dry_cooler_leaving_c(50e3, 20.0, 100e3, 8.0)
    24.0
    """
    return air_c + rated_approach_k * heat_w / rated_w


def dry_cooler_fan_frac(heat_w: Values, lift_k: Values, rated_w: Values, rated_approach_k: Values) -> Values:
    """Share of full fan speed that holds the leaving water `lift_k` above the air, held in 0 to 1.

    Approach falls as the air flow rises, approach ~ Q / s to first order, so s = approach_rated Q / (Q_rated lift).

    heat_w, lift_k, rated_w, rated_approach_k: (n,). Valid while air is the lesser capacity rate (it is in dry coolers).
    Source: effectiveness-NTU method, Q = eps C_air (Tw - Tair) at constant eps.

    >>> float(dry_cooler_fan_frac(50e3, 8.0, 100e3, 8.0))
    0.5
    """
    needed = rated_approach_k * heat_w / rated_w
    return np.clip(needed / np.maximum(lift_k, 1e-9), 0.0, 1.0)
