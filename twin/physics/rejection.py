"""Towers, dry and adiabatic coolers away from their rating: water they send back, fans that hold it, water they use."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1
from typing import Literal

import numpy as np

from twin.physics import FloatArray, Values
from twin.physics.air import AIR_DENSITY_KG_M3, AIR_HEAT_J_KG_K
from twin.physics.coil import WATER_HEAT_J_KG_K, Coil, coil_ua_w_k, crossflow_effectiveness, rated_coil
from twin.physics.psychro import humidity_ratio
from twin.physics.tower import Tower, rated_tower, saturated_enthalpy_j_kg

EVAPORATION_J_KG = 2.430e6
"""Heat of evaporation of water at 30 C. Source: ASHRAE Handbook Fundamentals 2017 ch. 1."""
WATER_TO_AIR = 1.2
"""Kilograms of water per kilogram of air through a tower at rating. Estimate: 0.75 to 1.5 is usual."""
AIR_RISE_FRAC = 0.6
"""Rise of the air through a dry cooler at rating over water inlet less air. Estimate: one to two transfer units."""
FAN_SPEEDS: FloatArray = np.geomspace(0.1, 1.0, 19)
"""Speeds between which the one that holds a temperature is interpolated, over their reciprocals."""

_TABLE_C = np.arange(-60.0, 100.0, 0.05)
_TABLE_J_KG = np.asarray(saturated_enthalpy_j_kg(_TABLE_C))
_TABLE_RATIO = np.asarray(humidity_ratio(_TABLE_C, 1.0))


@dataclass(frozen=True, slots=True)
class Rejection:
    """One machine at its rating; a tower or a coil, never both."""

    role: Literal["tower", "dry_cooler", "adiabatic_cooler"]
    rated_w: float
    range_k: float
    approach_k: float  # leaving water over wet bulb (tower) or dry bulb at rating
    tower: Tower | None
    coil: Coil | None
    pad_frac: float = 0.0  # effectiveness of an adiabatic pad on the wet-bulb depression

    @property
    def air_kg_s(self) -> float:
        """Air at full fan speed."""
        if self.tower is not None:
            return float(self.tower.air_kg_s)
        assert self.coil is not None
        return float(self.coil.air_w_k) / AIR_HEAT_J_KG_K


def rated_rejection(
    role: Literal["tower", "dry_cooler", "adiabatic_cooler"],
    rated_w: float,
    water_c: tuple[float, float],
    air_c: float,
    pad_frac: float = 0.0,
) -> Rejection:
    """The machine that cools its rated water from water_c[0] to water_c[1] in air of air_c (wet bulb for a tower).

    Sheets give no air flow: a tower moves WATER_TO_AIR, the air of a dry cooler warms by AIR_RISE_FRAC of the whole
    difference. Source: Merkel tower and cross-flow coil of `twin.physics.tower` and `.coil`.

    >>> tower = rated_rejection("tower", 2.5e6, (37.0, 32.0), 27.0)
    >>> round(float(leaving_c(tower, 1.0, 1.0, 33.0, 27.0)), 2)
    32.0
    """
    range_k, approach_k = water_c[0] - water_c[1], water_c[1] - air_c
    water_kg_s = rated_w / (WATER_HEAT_J_KG_K * range_k)
    if role == "tower":
        tower = rated_tower(water_kg_s, water_kg_s / WATER_TO_AIR, air_c, range_k, approach_k)
        return Rejection(role, rated_w, range_k, approach_k, tower, None)
    air_m3_s = rated_w / (AIR_RISE_FRAC * (water_c[0] - air_c)) / (AIR_HEAT_J_KG_K * AIR_DENSITY_KG_M3)
    coil = rated_coil(rated_w, air_m3_s, water_kg_s, water_c[0], air_c)
    return Rejection(role, rated_w, range_k, approach_k, None, coil, pad_frac)


def _exp_counterflow(transfer_units: Values, ratio: Values) -> Values:
    less = -transfer_units * (1.0 - ratio)
    fallen = expm1(less) if isinstance(less, float) else np.expm1(less)
    return -fallen / (1.0 - ratio - ratio * fallen)


def leaving_c(machine: Rejection, heat_frac: Values, fan_frac: Values, dry_c: Values, wet_c: Values) -> Values:
    """Water a machine sends back at its rated water flow, for a share of its rated heat and of its fan speed.

    Tower: Merkel in closed form. The air leaves saturated at h = h_wb + Q / m_a, which gives cpe, hence UA, NTU and
    the counter-flow effectiveness; water enters at Twb + Q / (eps Cmin) and leaves Q / Cw cooler. UA corrections of
    Scheier: (1 + 0.0081 dTwb) fa (1.3 - 0.3 fa). Dry cooler: Tair + Q / (eps Cmin) - Q / Cw, cross flow, films as coil.
    An adiabatic cooler is dry here; give it the air behind its pad as dry_c when that is wet.

    heat_frac > 0, fan_frac 0.1 to 1, dry_c, wet_c: (n,). Valid for wet bulbs of -20 to 35 C.
    Source: as `twin.physics.tower.tower_point` and `twin.physics.coil.coil_heat_w`.
    """
    heat_w = machine.rated_w * heat_frac
    if machine.tower is not None:
        tower = machine.tower
        air_kg_s = tower.air_kg_s * fan_frac
        enthalpy = np.interp(wet_c, _TABLE_C, _TABLE_J_KG)
        out_c = np.interp(enthalpy + heat_w / air_kg_s, _TABLE_J_KG, _TABLE_C)
        effective_j_kg_k = heat_w / air_kg_s / np.maximum(out_c - wet_c, 1e-9)
        air_w_k, water_w_k = air_kg_s * effective_j_kg_k, tower.water_kg_s * WATER_HEAT_J_KG_K
        scheier = (1.0 + 0.0081 * (tower.wet_bulb_c - wet_c)) * fan_frac * (1.3 - 0.3 * fan_frac)
        ua_w_k = tower.ua_w_k * scheier * effective_j_kg_k / AIR_HEAT_J_KG_K
        least = np.minimum(air_w_k, water_w_k)
        ratio = np.minimum(least / np.maximum(air_w_k, water_w_k), 1.0 - 1e-9)
        return wet_c + heat_w / (_exp_counterflow(ua_w_k / least, ratio) * least) - heat_w / water_w_k
    coil = machine.coil
    assert coil is not None
    air_w_k = coil.air_w_k * fan_frac
    least = np.minimum(air_w_k, coil.water_w_k)
    ratio = least / np.maximum(air_w_k, coil.water_w_k)
    passed_w_k = crossflow_effectiveness(coil_ua_w_k(coil, fan_frac, 1.0) / least, ratio) * least
    return dry_c + heat_w / passed_w_k - heat_w / coil.water_w_k


def fan_frac_to_hold(
    machine: Rejection, heat_frac: Values, target_c: Values, air: tuple[Values, Values], least_frac: float
) -> Values:
    """Least fan speed at which the leaving water is no warmer than a target; 1 where none is enough.

    heat_frac, target_c: (n,) or numbers; air: dry and wet bulb; least_frac: lowest speed of the drive.
    Source: inverse of `leaving_c` by interpolation between FAN_SPEEDS, where it is nearly a line over 1 / speed.
    """
    dry_c, wet_c = air
    speeds = FAN_SPEEDS if np.ndim(heat_frac) == 0 else FAN_SPEEDS[:, None]
    found = np.asarray(leaving_c(machine, heat_frac, speeds, dry_c, wet_c))
    if found.ndim == 1:
        return max(least_frac, 1.0 / float(np.interp(-float(target_c), -found, 1.0 / FAN_SPEEDS)))
    is_over = found > target_c  # leaving water falls with the speed
    i_high = np.clip(is_over.sum(axis=0), 1, len(FAN_SPEEDS) - 1)
    columns = np.arange(found.shape[1])
    above, below = found[i_high - 1, columns], found[i_high, columns]
    part = np.clip((above - target_c) / np.maximum(above - below, 1e-12), 0.0, 1.0)
    slow, fast = 1.0 / FAN_SPEEDS[i_high - 1], 1.0 / FAN_SPEEDS[i_high]
    return np.maximum(1.0 / (slow + part * (fast - slow)), least_frac)


def tower_evaporation_kg_s(
    machine: Rejection, heat_frac: Values, fan_frac: Values, air: tuple[Values, Values]
) -> Values:
    """Water a tower gives to its air: m_a (W_leaving - W_entering), the air leaving saturated at h_in + Q / m_a.

    heat_frac, fan_frac: (n,); air: dry and wet bulb. Never below 0: warm wet air may even condense.
    Source: Merkel's balances of heat and vapour; the entering W from the adiabatic saturation balance,
    W = W_s(Twb) - cp (T - Twb) / h_fg.
    """
    dry_c, wet_c = air
    air_kg_s = machine.air_kg_s * fan_frac
    enthalpy = np.interp(wet_c, _TABLE_C, _TABLE_J_KG) + machine.rated_w * heat_frac / air_kg_s
    entering = np.maximum(np.interp(wet_c, _TABLE_C, _TABLE_RATIO) - 1006.0 * (dry_c - wet_c) / 2.501e6, 0.0)
    leaving = np.interp(enthalpy, _TABLE_J_KG, _TABLE_RATIO)
    return air_kg_s * np.maximum(leaving - entering, 0.0)


def behind_pad_c(machine: Rejection, dry_c: Values, wet_c: Values) -> Values:
    """Air behind a wet adiabatic pad: Tdb - eta (Tdb - Twb). Source: definition of the pad's effectiveness.

    >>> cooler = rated_rejection("adiabatic_cooler", 5e5, (49.0, 43.0), 35.0, 0.8)
    >>> behind_pad_c(cooler, 35.0, 25.0)
    27.0
    """
    return dry_c - machine.pad_frac * (dry_c - wet_c)


def pad_evaporation_kg_s(machine: Rejection, fan_frac: Values, dry_c: Values, wet_c: Values) -> Values:
    """Water a wet pad gives to its air: m_a cp eta (Tdb - Twb) / h_fg. Source: adiabatic saturation.

    fan_frac, dry_c, wet_c: (n,).
    """
    fallen_k = machine.pad_frac * np.maximum(dry_c - wet_c, 0.0)
    return machine.air_kg_s * fan_frac * AIR_HEAT_J_KG_K * fallen_k / EVAPORATION_J_KG
