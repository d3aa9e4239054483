"""Air coolers over many hours at once: the steady room, the heat of each coil, outdoor air where dampers let it in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.coil import coil_conductance_w_k
from twin.physics.economiser import outdoor_air_frac
from twin.physics.fan import fan_power_w
from twin.plant.coolers.air import AirCoolers


@dataclass(slots=True)
class RoomHours:
    """The steady room of each hour, (n,); coils (n_coolers, n)."""

    room_c: FloatArray
    supply_c: FloatArray
    coil_w: FloatArray  # into water
    outdoor_w: FloatArray  # (n,) carried out by outdoor air
    outdoor_frac: FloatArray  # (n,) share of outdoor air
    air_m3_s: FloatArray  # (n,) moved by all coolers
    unmet_w: FloatArray  # (n,) heat nothing takes: no cooler runs, or all are warmer than the room can be
    door_w: FloatArray  # (n_doors, n) into the water of rear doors


@dataclass(frozen=True, slots=True)
class FanHours:
    """Fans of the coolers as set: speed, watts, air; each (n_coolers, n)."""

    fan_frac: FloatArray
    fan_w: FloatArray
    air_m3_s: FloatArray


def fan_hours(coolers: AirCoolers, fan_frac: FloatArray) -> FanHours:
    """Fans at speeds (n_coolers, n), none under the least of its sheet."""
    is_on = (coolers.is_up & coolers.is_fed)[:, None]
    speed = np.clip(fan_frac, coolers.min_fan_frac[:, None], 1.0)
    watts = fan_power_w(coolers.fan_max_w[:, None], speed, coolers.fan_exponent[:, None])
    air = coolers.rated_m3_s[:, None] * speed
    return FanHours(speed, np.where(is_on, watts, 0.0), np.where(is_on, air, 0.0))


@dataclass(frozen=True, slots=True)
class AirSide:
    """What coolers meet in each hour: water (n_coolers, n), set points (n_coolers, n), outdoor air (n,) if let in."""

    water_c: FloatArray
    set_c: FloatArray
    outdoor_c: FloatArray
    is_allowed: np.ndarray  # (n,) bool: outdoor air may come in
    door_w_k: FloatArray  # (n_doors, n) heat per kelvin of rear doors
    door_c: FloatArray  # (n_doors, n) room at which a door takes nothing


def room_hours(coolers: AirCoolers, fans: FanHours, heat_w: FloatArray, side: AirSide) -> RoomHours:
    """The steady room under a heat (n,): each cooler holds its set point, or runs at full water flow.

    The regimes are found as in `AirCoolers.sink`: all hold their set point first, those that cannot leave it, until
    none does. Outdoor air replaces room air in all coolers alike, and the coils take what it leaves.
    """
    n_coolers, n = fans.air_m3_s.shape
    if n_coolers + len(side.door_c) == 0:
        nothing, none = np.zeros(n), np.zeros((0, n))
        still = np.full(n, np.nan)
        return RoomHours(still, still, none, nothing, nothing, nothing, heat_w.copy(), none)
    air_w_k = fans.air_m3_s * AIR_HEAT_J_M3_K
    full_w_k = np.where(air_w_k > 0.0, _full_w_k(coolers, fans.fan_frac), 0.0) if n_coolers else air_w_k
    each_w_k, each_c, door_w_k = air_w_k, side.set_c, side.door_w_k
    is_held = np.ones((n_coolers, n), dtype=bool)
    for _ in range(n_coolers + len(door_w_k) + 1):
        rows_w_k, rows_c = np.concatenate([each_w_k, door_w_k]), np.concatenate([each_c, side.door_c])
        room_c = _aim_c(rows_w_k, rows_c, heat_w)
        is_short = is_held & (air_w_k * (room_c - side.set_c) > full_w_k * (room_c - side.water_c) + 1e-9)
        is_warm = (door_w_k > 0.0) & (room_c < side.door_c)
        if not is_short.any() and not is_warm.any():
            break
        is_held &= ~is_short
        door_w_k = np.where(is_warm, 0.0, door_w_k)
        each_w_k, each_c = np.where(is_held, air_w_k, full_w_k), np.where(is_held, side.set_c, side.water_c)
    door_w = door_w_k * (room_c - side.door_c)
    heat_w = heat_w - door_w.sum(axis=0)  # what is left for the coolers
    damper_w_k = air_w_k[coolers.has_outdoor].sum(axis=0)
    mean_set_c = (air_w_k * side.set_c).sum(axis=0) / np.maximum(air_w_k.sum(axis=0), 1e-9)
    frac = np.asarray(outdoor_air_frac(side.outdoor_c, room_c, mean_set_c, side.is_allowed))
    frac = np.where(damper_w_k > 0.0, frac, 0.0)
    # The room stays where the coils hold it: outdoor air only takes part of their heat over.
    outdoor_w = np.minimum(frac * damper_w_k * np.maximum(room_c - side.outdoor_c, 0.0), np.maximum(heat_w, 0.0))
    each_w = each_w_k * (room_c - each_c)
    coil_w = each_w * np.where(heat_w > 0.0, 1.0 - outdoor_w / np.maximum(heat_w, 1e-9), 1.0)
    unmet_w = heat_w - outdoor_w - coil_w.sum(axis=0)
    air_m3_s = fans.air_m3_s.sum(axis=0)
    is_blown = air_m3_s > 0.0
    fallen_k = (heat_w - unmet_w) / np.where(is_blown, air_m3_s * AIR_HEAT_J_M3_K, 1.0)
    supply_c = np.where(is_blown, room_c - fallen_k, room_c)
    return RoomHours(room_c, supply_c, coil_w, outdoor_w, frac, air_m3_s, unmet_w, door_w)


def _aim_c(each_w_k: FloatArray, each_c: FloatArray, heat_w: FloatArray) -> FloatArray:
    total = each_w_k.sum(axis=0)
    weighted = (each_w_k * each_c).sum(axis=0)
    return np.where(total > 0.0, (weighted + heat_w) / np.maximum(total, 1e-9), np.nan)


def _full_w_k(coolers: AirCoolers, fan_frac: FloatArray) -> FloatArray:
    """Heat per kelvin at full water flow: once for each set of speeds, few in a year."""
    speeds, at = np.unique(fan_frac, axis=1, return_inverse=True)
    if speeds.shape[1] > 64:  # a control that follows the heat: interpolated over the speeds of each cooler
        grid = np.linspace(0.1, 1.0, 46)
        table = np.array([coil_conductance_w_k(coolers.coil, np.full(len(fan_frac), s), 1.0) for s in grid])
        return np.array([np.interp(row, grid, table[:, i]) for i, row in enumerate(fan_frac)])
    table = np.array([coil_conductance_w_k(coolers.coil, column, 1.0) for column in speeds.T])
    return np.asarray(table[np.ravel(at)].T)
