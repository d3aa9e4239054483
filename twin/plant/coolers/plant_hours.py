"""Chilled-water loops, chillers, economisers and heat rejection over many hours at once, each hour steady."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.physics import FloatArray
from twin.physics.chiller import available_w, chiller_point
from twin.physics.economiser import free_heat_w, free_water_c
from twin.physics.fan import fan_power_w
from twin.physics.rejection import (
    behind_pad_c,
    fan_frac_to_hold,
    leaving_c,
    pad_evaporation_kg_s,
    tower_evaporation_kg_s,
)
from twin.physics.tower import make_up_kg_s
from twin.plant.coolers.chiller_plant import UNREJECTED_K, WORTH_K, ChillerPlant, Machine, Rejector
from twin.plant.coolers.held_fans import LEAST_FAN_FRAC


@dataclass(frozen=True, slots=True)
class AirHours:
    """Outdoor air of each hour, (n,)."""

    dry_bulb_c: FloatArray
    wet_bulb_c: FloatArray
    ratio: FloatArray  # kilograms of vapour per kilogram of dry air


@dataclass(slots=True)
class PlantHours:
    """What the plant did in each hour; watts (rows, n), water (n,)."""

    item_w: FloatArray  # (n_items, n)
    removed_w: FloatArray  # (n_loops, n) by chillers and economisers
    free_w: FloatArray  # (n_loops, n) part of it by economisers
    unmet_w: FloatArray  # (n_loops, n) heat that nothing took
    pump_w: FloatArray  # (n_loops, n) work of pumps on the water
    water_kg_s: FloatArray
    is_extrapolated: np.ndarray
    tower_c: dict[str, FloatArray] = field(default_factory=dict)  # condenser loop -> water sent back
    condenser_w: dict[str, FloatArray] = field(default_factory=dict)  # condenser loop -> heat given to it


@dataclass(frozen=True, slots=True)
class Tower:
    """Tower or dry cooler water of one condenser loop in each hour."""

    water_c: FloatArray
    fan_frac: FloatArray
    heat_frac: FloatArray
    is_wet: np.ndarray  # an adiabatic pad is wetted


class HourPlant:
    """Settles a ChillerPlant over hours; set points (n_loops, n), `stage_frac` (n,) load at which one more starts."""

    def __init__(self, plant: ChillerPlant, air: AirHours, set_c: FloatArray, stage_frac: FloatArray) -> None:
        self._plant, self._air, self._set_c, self._stage_frac = plant, air, set_c, stage_frac
        self._is_on = plant.is_up & plant.is_fed
        self.uses_economiser = np.ones(len(air.dry_bulb_c), dtype=bool)

    def hours(self, loop_w: FloatArray, condenser_w: dict[str, FloatArray]) -> PlantHours:
        """All loops with the coils' heat (n_loops, n) and what condenser loops took in the round before."""
        plant, n = self._plant, loop_w.shape[1]
        run_w = np.where(self._is_on, plant.run_w, 0.0)
        found = PlantHours(
            item_w=np.repeat(run_w[:, None], n, axis=1),
            removed_w=np.zeros_like(loop_w),
            free_w=np.zeros_like(loop_w),
            unmet_w=np.zeros_like(loop_w),
            pump_w=np.zeros_like(loop_w),
            water_kg_s=np.zeros(n),
            is_extrapolated=np.zeros(n, dtype=bool),
        )
        towers: dict[str, Tower] = {}
        for i, loop in enumerate(plant.loops):
            pumps = [w for p, w in zip(loop.pumps, loop.pump_heat_w, strict=True) if self._is_on[p]]
            found.pump_w[i] = sum(pumps)
            machines = [m for m in loop.machines if self._is_on[m.i_item]]
            heat_w = loop_w[i] + found.pump_w[i]
            # Loops on one condenser loop share its water, held for the first of them.
            towers = {**self._towers(i, machines, heat_w, condenser_w), **towers}
            self._loop(i, machines, heat_w, towers, found)
        for name, tower in towers.items():
            found.tower_c[name] = tower.water_c
            self._reject(name, tower, found)
        return found

    def _loop(
        self, i: int, machines: list[Machine], heat_w: FloatArray, towers: dict[str, Tower], found: PlantHours
    ) -> None:
        free_w = self._free(i, machines, heat_w, towers)
        left_w = heat_w - free_w
        found.free_w[i] = free_w
        found.removed_w[i] = free_w
        self._chillers(i, machines, left_w, towers, found)
        found.unmet_w[i] = heat_w - found.removed_w[i]
        economiser = _economiser(machines)
        if economiser is not None:
            _add(found.condenser_w, economiser.rejects_to, free_w)

    def _towers(
        self, i: int, machines: list[Machine], heat_w: FloatArray, condenser_w: dict[str, FloatArray]
    ) -> dict[str, Tower]:
        """Water of each condenser loop under this loop's chillers, held at its target as far as the fans can."""
        economiser = _economiser(machines)
        found: dict[str, Tower] = {}
        for machine in machines:
            name = machine.rejects_to
            if not machine.is_water_cooled or name in found:
                continue
            target_c = None
            if economiser is not None and economiser.rejects_to == name:
                target_c = self._free_target(i, economiser, heat_w)
            found[name] = self._tower(machine, condenser_w.get(name, heat_w), target_c)
        return found

    def _free_target(self, i: int, economiser: Machine, heat_w: FloatArray) -> FloatArray:
        """Tower water the exchanger asks for, NaN in hours when it is not worth it."""
        plant = self._plant
        rejector = plant.rejectors[economiser.rejects_to][0]
        near_c = self._near_c(rejector)
        effectiveness = self._plant.effectiveness(i, economiser)
        flow_w_k = float(plant.flow_w_k[i])
        need_c = free_water_c(heat_w, self._set_c[i], flow_w_k, effectiveness)
        if economiser.bypass == "integrated":
            is_worth = near_c < self._set_c[i] + heat_w / flow_w_k - WORTH_K
        else:
            is_worth = near_c <= need_c
        return np.where(is_worth & self.uses_economiser, np.maximum(need_c, near_c), np.nan)

    def _near_c(self, rejector: Rejector) -> FloatArray:
        """The coldest water the fans are asked for: the rated approach over the air."""
        machine = rejector.machine
        air_c = self._air.wet_bulb_c if machine.role == "tower" else self._air.dry_bulb_c
        return air_c + machine.approach_k

    def _tower(self, chiller: Machine, heat_w: FloatArray, free_c: FloatArray | None) -> Tower:
        floor_c, most_c = chiller.curve.condenser_range_c
        running = [r for r in self._plant.rejectors.get(chiller.rejects_to, []) if self._is_on[r.i_item]]
        size_w = sum(r.device.rated_w * float(self._plant.count[r.i_item]) for r in running)
        n = len(heat_w)
        if size_w <= 0.0:
            return Tower(np.full(n, most_c + UNREJECTED_K), np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool))
        machine, heat_frac = running[0].machine, np.maximum(heat_w / size_w, 1e-3)
        dry_c, wet_c = self._air.dry_bulb_c, self._air.wet_bulb_c
        target_c = np.maximum(self._near_c(running[0]), floor_c)
        if free_c is not None:
            target_c = np.where(np.isnan(free_c), target_c, free_c)
        fan_frac = np.asarray(fan_frac_to_hold(machine, heat_frac, target_c, (dry_c, wet_c), LEAST_FAN_FRAC))
        water_c = np.asarray(leaving_c(machine, heat_frac, fan_frac, dry_c, wet_c))
        is_wet = np.zeros(n, dtype=bool)
        if machine.role == "adiabatic_cooler" and machine.pad_frac > 0.0:
            is_wet = (fan_frac >= 1.0) & (water_c > target_c + 1e-6)
            padded_c = np.where(is_wet, behind_pad_c(machine, dry_c, wet_c), dry_c)
            fan_frac = np.asarray(fan_frac_to_hold(machine, heat_frac, target_c, (padded_c, wet_c), LEAST_FAN_FRAC))
            water_c = np.asarray(leaving_c(machine, heat_frac, fan_frac, padded_c, wet_c))
        # Fans hold the target where they need not run full; below their least speed they cycle, and water by-passes.
        water_c = np.where(fan_frac < 1.0, target_c, np.maximum(water_c, target_c))
        return Tower(water_c, fan_frac, heat_frac, is_wet)

    def _free(self, i: int, machines: list[Machine], heat_w: FloatArray, towers: dict[str, Tower]) -> FloatArray:
        economiser = _economiser(machines)
        if economiser is None or economiser.rejects_to not in towers:
            return np.zeros_like(heat_w)
        flow_w_k, effectiveness = float(self._plant.flow_w_k[i]), self._plant.effectiveness(i, economiser)
        water_c = towers[economiser.rejects_to].water_c
        target_c = self._free_target(i, economiser, heat_w)
        free_w = np.asarray(free_heat_w(heat_w, self._set_c[i], water_c, flow_w_k, effectiveness))
        if economiser.bypass != "integrated":
            need_c = free_water_c(heat_w, self._set_c[i], flow_w_k, effectiveness)
            free_w = np.where(water_c <= need_c + 1e-6, heat_w, 0.0)
        # The last billionth is rounding, not a reason to start a chiller.
        free_w = np.where(free_w > (1.0 - 1e-9) * heat_w, heat_w, free_w)
        return np.where(np.isnan(target_c), 0.0, free_w)

    def _chillers(
        self, i: int, machines: list[Machine], left_w: FloatArray, towers: dict[str, Tower], found: PlantHours
    ) -> None:
        set_c = self._set_c[i]
        entering = [self._entering_c(m, towers) for m in machines]
        running, wanted_w = [], left_w.copy()
        for machine, air_c in zip(machines, entering, strict=True):
            most_w = np.asarray(available_w(machine.curve, set_c, air_c))
            n = np.minimum(
                self._plant.count[machine.i_item], np.ceil(np.maximum(wanted_w, 0.0) / (most_w * self._stage_frac))
            )
            running.append(n)
            wanted_w = wanted_w - n * most_w * self._stage_frac
        size_w = sum((m.curve.rated_w * n for m, n in zip(machines, running, strict=True)), np.zeros_like(left_w))
        for machine, n, air_c in zip(machines, running, entering, strict=True):
            share_w = left_w * machine.curve.rated_w / np.maximum(size_w, 1e-9)
            point = chiller_point(machine.curve, np.where(n > 0, share_w, 0.0), set_c, air_c)
            found.item_w[machine.i_item] += np.asarray(point.power_w) * n
            found.is_extrapolated |= np.asarray(point.is_extrapolated, dtype=bool) & (n > 0)
            found.removed_w[i] += np.asarray(point.cooling_w) * n
            if machine.is_water_cooled:
                _add(found.condenser_w, machine.rejects_to, np.asarray(point.condenser_w) * n)

    def _entering_c(self, machine: Machine, towers: dict[str, Tower]) -> FloatArray:
        if not machine.is_water_cooled:
            return self._air.dry_bulb_c
        return np.maximum(towers[machine.rejects_to].water_c, machine.curve.condenser_range_c[0])

    def _reject(self, name: str, tower: Tower, found: PlantHours) -> None:
        """Fans and water of one condenser loop; fans stand where there is no heat."""
        dry_c, wet_c = self._air.dry_bulb_c, self._air.wet_bulb_c
        heat_w = found.condenser_w.get(name, np.zeros_like(dry_c))
        is_used = heat_w > 0.0
        for r in [r for r in self._plant.rejectors.get(name, []) if self._is_on[r.i_item]]:
            count, machine = float(self._plant.count[r.i_item]), r.machine
            watts = np.asarray(fan_power_w(r.device.fan_max_w, tower.fan_frac, r.device.fan_exponent))
            found.item_w[r.i_item] = np.where(is_used, watts, 0.0) * count
            if machine.role == "tower":
                gone = np.asarray(tower_evaporation_kg_s(machine, tower.heat_frac, tower.fan_frac, (dry_c, wet_c)))
                drift = machine.rated_w * (r.device.drift_frac or 0.0) / (4186.0 * machine.range_k)
            elif tower.is_wet.any():
                gone = np.where(tower.is_wet, pad_evaporation_kg_s(machine, tower.fan_frac, dry_c, wet_c), 0.0)
                drift = 0.0
            else:
                continue
            cycles = r.device.cycles_of_concentration
            used = make_up_kg_s(gone, cycles, drift) if cycles else gone + drift
            found.water_kg_s += np.where(is_used, used, 0.0) * count


def _economiser(machines: list[Machine]) -> Machine | None:
    """The first machine that tower water may by-pass."""
    return next((m for m in machines if m.bypass != "none"), None)


def _add(sums: dict[str, FloatArray], name: str, watts: FloatArray) -> None:
    sums[name] = sums[name] + watts if name in sums else watts.copy()
