"""Humidity of the room over many hours at once: what outdoor air brings in and coils take out, each hour at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.physics.air import AIR_DENSITY_KG_M3, AIR_HEAT_J_KG_K, AIR_HEAT_J_M3_K
from twin.physics.coil import Coil
from twin.physics.psychro import STANDARD_PRESSURE_PA, saturation_pressure_pa
from twin.physics.wet_coil import (
    CONDENSING_J_KG,
    bypass_frac,
    dew_point_of_ratio_c,
    saturated_ratio,
    steady_humidity,
    surface_c,
)
from twin.plant.coolers.air import AirCoolers
from twin.plant.coolers.air_hours import FanHours, RoomHours

AIR_CHANGES_H = 0.25
"""Air of the room that outdoor air replaces in an hour, by make-up and leaks. Estimate: 0.1 to 0.5 in halls kept shut.
It brings vapour; its own heat, some hundred watts, is left out."""


@dataclass(slots=True)
class HumidHours:
    """Moist air of each hour, (n,); coils (n_coolers, n)."""

    dew_point_c: FloatArray
    supply_frac: FloatArray  # relative humidity of the supply air
    condensate_kg_s: FloatArray  # (n,) of all coils
    latent_w: FloatArray  # (n_coolers, n) into their water


def humid_hours(
    coolers: AirCoolers, fans: FanHours, room: RoomHours, outdoor_ratio: FloatArray, room_air_kg: float
) -> HumidHours:
    """Humidity of the hall under coils that cool as in `room`; outdoor_ratio: (n,) kg/kg outside."""
    n_coolers, n = fans.air_m3_s.shape
    if n_coolers == 0:
        return HumidHours(np.full(n, np.nan), np.full(n, np.nan), np.zeros(n), np.zeros((0, n)))
    air_w_k = np.maximum(fans.air_m3_s * AIR_HEAT_J_M3_K, 1e-9)
    bypass = _bypass(coolers, fans.fan_frac)
    each_c = room.room_c - room.coil_w / air_w_k
    met_kg_s = fans.air_m3_s * AIR_DENSITY_KG_M3 * (1.0 - bypass)
    dampers_m3_s = fans.air_m3_s[coolers.has_outdoor].sum(axis=0)
    outdoor_kg_s = room_air_kg * AIR_CHANGES_H / 3600.0 + room.outdoor_frac * dampers_m3_s * AIR_DENSITY_KG_M3
    # A coil that takes nothing is as warm as the air: nothing condenses on it.
    surfaces = np.where(room.coil_w > 0.0, saturated_ratio(surface_c(room.room_c, each_c, bypass)), np.inf)
    surfaces = np.where(np.isfinite(surfaces), surfaces, 1.0)
    rested = steady_humidity(outdoor_kg_s, outdoor_ratio, met_kg_s, surfaces)
    vapour_pa = rested.ratio * STANDARD_PRESSURE_PA / (0.621945 + rested.ratio)
    return HumidHours(
        dew_point_c=np.asarray(dew_point_of_ratio_c(rested.ratio)),
        supply_frac=np.asarray(vapour_pa / saturation_pressure_pa(room.supply_c)),
        condensate_kg_s=rested.condensate_kg_s.sum(axis=0),
        latent_w=rested.condensate_kg_s * CONDENSING_J_KG,
    )


def room_air_kg(air_j_k: float) -> float:
    """Mass of the air of a room from its heat capacity."""
    return air_j_k / AIR_HEAT_J_KG_K


def _bypass(coolers: AirCoolers, fan_frac: FloatArray) -> FloatArray:
    """Share of the air of each coil that meets no surface, (n_coolers, n)."""
    coil = coolers.coil
    wide = Coil(
        *(np.asarray(column, dtype=float).reshape(-1, 1) for column in (coil.air_w_k, coil.water_w_k, coil.ua_w_k))
    )
    return np.asarray(bypass_frac(wide, fan_frac))
