"""Chilled-water loops with chillers, pumps and heat rejection: mixed loops, chillers that hold the set point."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from twin.catalogue.cooling import Chiller, HeatRejection, Pump
from twin.physics import FloatArray
from twin.physics.chiller import ChillerCurve, available_w, chiller_point
from twin.physics.coil import WATER_HEAT_J_KG_K
from twin.physics.economiser import exchanger_effectiveness, free_heat_w, free_water_c
from twin.physics.fan import fan_power_w, pump_power_w
from twin.physics.rejection import Rejection, leaving_c, rated_rejection
from twin.physics.tower import make_up_kg_s
from twin.plant.coolers.held_fans import LEAST_FAN_FRAC, HeldFans, Outdoors, held_fans

WATER_KG_M3 = 998.0
WORTH_K = 0.5
"""Tower water must be so much colder than the return before a valve opens to it. Estimate: usual differential."""
UNREJECTED_K = 20.0
"""Condenser water over the warmest of a chiller's fit while nothing rejects its heat. Estimate: near its trip."""
RIDE_THROUGH_S = 120.0
"""Water in a loop whose volume is not drawn, over its pumped or rated flow. Estimate: two minutes of flow."""


@dataclass(slots=True)
class PlantStep:
    """One step: electric power of each item (n_items,), heats (J), water (kg)."""

    item_w: FloatArray
    pump_heat_j: float
    removed_j: float
    stored_j: float
    water_kg: float
    is_extrapolated: bool
    free_w: float = 0.0  # W, part of what was removed that economisers took


@dataclass(slots=True)
class Machine:
    """A chiller item: `count` equal machines that share the load of their loop."""

    i_item: int
    curve: ChillerCurve
    is_water_cooled: bool
    rejects_to: str
    bypass: str = "none"  # economiser beside it: waterside, or integrated


@dataclass(slots=True)
class WaterLoop:
    """What hangs on one chilled-water loop."""

    id: str
    machines: list[Machine]
    pumps: list[int]  # item indices
    pump_heat_w: list[float]  # hydraulic power of the running pumps of each item


@dataclass(slots=True)
class Rejector:
    """Towers or dry coolers of one condenser loop."""

    i_item: int
    device: HeatRejection
    machine: Rejection  # the same as physics takes it

    def near_c(self, outdoors: Outdoors) -> float:
        """The coldest water its fans are asked for: the rated approach over the air."""
        air_c = outdoors.wet_bulb_c if self.machine.role == "tower" else outdoors.dry_bulb_c
        return air_c + self.machine.approach_k


@dataclass(slots=True)
class ChillerPlant:
    """State of all loops and plant items."""

    loops: list[WaterLoop]
    rejectors: dict[str, list[Rejector]]  # condenser loop -> what rejects its heat
    item_ids: list[str]
    count: FloatArray  # (n_items,) machines of each item
    run_w: FloatArray  # (n_items,) power of what runs at a constant rate: the pumps that the flow needs
    set_c: FloatArray  # (n_loops,) supply set point; poke
    water_c: FloatArray  # (n_loops,) supply temperature now
    capacity_j_k: FloatArray  # (n_loops,)
    flow_w_k: FloatArray  # (n_loops,) capacity rate of the rated water flow
    is_up: np.ndarray  # (n_items,) bool; faults
    is_fed: np.ndarray  # (n_items,) bool; power path
    condenser_w: dict[str, float] = field(default_factory=dict)  # heat to each condenser loop in the last step
    fans: dict[str, HeldFans] = field(default_factory=dict)  # of each condenser loop
    stage_frac: float = 1.0  # load of the running chillers at which one more starts; controls
    uses_economiser: bool = True  # controls

    def has_flow(self) -> np.ndarray:
        """Which loops are pumped; one without pumps in the drawing is taken as pumped elsewhere."""
        is_on = self.is_up & self.is_fed
        return np.array([not loop.pumps or any(is_on[i] for i in loop.pumps) for loop in self.loops], dtype=bool)

    def step(self, loop_w: FloatArray, outdoors: Outdoors, dt_s: float) -> PlantStep:
        """Carry the loops over dt_s with the coils' heat (n_loops,) held."""
        is_on = (self.is_up & self.is_fed).tolist()
        result = PlantStep(np.where(is_on, self.run_w, 0.0), 0.0, 0.0, 0.0, 0.0, False)
        rejected_w: dict[str, float] = {}
        # Plain numbers: a loop or two is too few for arrays to pay.
        water_c, set_c, capacity_j_k = self.water_c.tolist(), self.set_c.tolist(), self.capacity_j_k.tolist()
        for i, (loop, heat_w) in enumerate(zip(self.loops, loop_w.tolist(), strict=True)):
            pump_w = sum([w for p, w in zip(loop.pumps, loop.pump_heat_w, strict=True) if is_on[p]])
            into_w = heat_w + pump_w
            wanted_w = max(0.0, into_w + capacity_j_k[i] * (water_c[i] - set_c[i]) / dt_s)
            removed_w = self._chill(i, wanted_w, outdoors, result, rejected_w)
            change_j = (into_w - removed_w) * dt_s
            self.water_c[i] += change_j / capacity_j_k[i]
            result.pump_heat_j += pump_w * dt_s
            result.removed_j += removed_w * dt_s
            result.stored_j += change_j
        self.condenser_w = rejected_w
        result.water_kg = self._reject(rejected_w, result.item_w, dt_s)
        return result

    def _chill(
        self, i: int, wanted_w: float, outdoors: Outdoors, result: PlantStep, rejected_w: dict[str, float]
    ) -> float:
        """Economiser first, then the running chillers of a loop by size; what they really take."""
        machines = [m for m in self.loops[i].machines if self.is_up[m.i_item] and self.is_fed[m.i_item]]
        set_c = float(self.set_c[i])
        entering_c, removed_w = self._entering_c(i, machines, wanted_w, outdoors)
        if removed_w > 0.0:
            name = next(m.rejects_to for m in machines if m.bypass != "none")
            rejected_w[name] = rejected_w.get(name, 0.0) + removed_w
            result.free_w += removed_w
            wanted_w -= removed_w
        running = self._staged(machines, wanted_w, set_c, entering_c)
        size_w = sum(m.curve.rated_w * n for m, n in zip(machines, running, strict=True))
        for machine, n, air_c in zip(machines, running, entering_c, strict=True):
            if n == 0:
                continue
            point = chiller_point(machine.curve, wanted_w * machine.curve.rated_w / size_w, set_c, air_c)
            result.item_w[machine.i_item] += float(point.power_w) * n
            result.is_extrapolated |= bool(point.is_extrapolated)
            removed_w += float(point.cooling_w) * n
            if machine.is_water_cooled:
                heat_w = float(point.condenser_w) * n
                rejected_w[machine.rejects_to] = rejected_w.get(machine.rejects_to, 0.0) + heat_w
        return removed_w

    def _entering_c(
        self, i: int, machines: list[Machine], wanted_w: float, outdoors: Outdoors
    ) -> tuple[list[float], float]:
        """Water or air that enters each condenser, and the heat an economiser takes ahead of the chillers."""
        economiser = next((m for m in machines if m.bypass != "none"), None) if self.uses_economiser else None
        free_c = None if economiser is None else self._free_target_c(i, economiser, wanted_w, outdoors)
        found: list[float] = []
        removed_w = 0.0
        for machine in machines:
            if not machine.is_water_cooled:
                found.append(outdoors.dry_bulb_c)
                continue
            is_free = free_c is not None and economiser is not None and machine.rejects_to == economiser.rejects_to
            tower_c = self._tower_c(machine, outdoors, free_c if is_free else None)
            found.append(max(tower_c, machine.curve.condenser_range_c[0]))
            if machine is economiser and free_c is not None:
                removed_w = self._free_w(i, machine, wanted_w, tower_c)
        return found, removed_w

    def _free_target_c(self, i: int, economiser: Machine, wanted_w: float, outdoors: Outdoors) -> float | None:
        """Tower water that the exchanger asks for; none while it is not worth it."""
        running = self._running(economiser.rejects_to)
        if not running or wanted_w <= 0.0:
            return None
        near_c = running[0].near_c(outdoors)
        flow_w_k, set_c = float(self.flow_w_k[i]), float(self.set_c[i])
        need_c = float(free_water_c(wanted_w, set_c, flow_w_k, self.effectiveness(i, economiser)))
        if economiser.bypass == "integrated":
            is_worth = near_c < set_c + wanted_w / flow_w_k - WORTH_K
        else:
            is_worth = near_c <= need_c
        return max(need_c, near_c) if is_worth else None

    def _free_w(self, i: int, economiser: Machine, wanted_w: float, tower_c: float) -> float:
        flow_w_k, set_c, effectiveness = (
            float(self.flow_w_k[i]),
            float(self.set_c[i]),
            self.effectiveness(i, economiser),
        )
        taken_w = float(free_heat_w(wanted_w, set_c, tower_c, flow_w_k, effectiveness))
        if taken_w >= (1.0 - 1e-9) * wanted_w:
            return wanted_w
        return taken_w if economiser.bypass == "integrated" else 0.0

    def effectiveness(self, i: int, economiser: Machine) -> float:
        """Of the plate exchanger beside a chiller item, sized for all its machines."""
        rated_w = economiser.curve.rated_w * float(self.count[economiser.i_item])
        return float(exchanger_effectiveness(rated_w, float(self.flow_w_k[i])))

    def _staged(self, machines: list[Machine], wanted_w: float, set_c: float, entering_c: list[float]) -> list[int]:
        """How many machines of each item run: as few as carry the heat, in the order of the drawing."""
        running = []
        for machine, air_c in zip(machines, entering_c, strict=True):
            most_w = float(available_w(machine.curve, set_c, air_c)) * self.stage_frac
            n = min(int(self.count[machine.i_item]), ceil(max(wanted_w, 0.0) / most_w))
            running.append(n)
            wanted_w -= n * most_w
        return running

    def _tower_c(self, machine: Machine, outdoors: Outdoors, free_c: float | None) -> float:
        """Water that towers or dry coolers send back, held at its target as far as the fans can.

        The target is the rated approach over the air, never under the chiller's lowest condenser temperature, or what
        an economiser asks for. Towers see the heat of the step before.
        """
        running = self._running(machine.rejects_to)
        size_w = self._size_w(running)
        if size_w <= 0.0:
            return machine.curve.condenser_range_c[1] + UNREJECTED_K
        target_c = free_c
        if target_c is None:
            target_c = max(running[0].near_c(outdoors), machine.curve.condenser_range_c[0])
        heat_frac = max(self.condenser_w.get(machine.rejects_to, 0.0) / size_w, 1e-3)
        known = self.fans.get(machine.rejects_to)
        if known is None or not known.serves(heat_frac, target_c, outdoors):
            known = self.fans[machine.rejects_to] = held_fans(running[0].machine, heat_frac, target_c, outdoors)
        if known.speed_frac < 1.0:
            return target_c
        return max(target_c, float(leaving_c(running[0].machine, heat_frac, 1.0, known.air_c, outdoors.wet_bulb_c)))

    def _running(self, loop: str) -> list[Rejector]:
        return [r for r in self.rejectors.get(loop, []) if self.is_up[r.i_item] and self.is_fed[r.i_item]]

    def _size_w(self, running: list[Rejector]) -> float:
        return float(sum([r.device.rated_w * self.count[r.i_item] for r in running]))

    def _reject(self, rejected_w: dict[str, float], item_w: FloatArray, dt_s: float) -> float:
        """Fans of the heat rejection; water it uses: what the air carries off, blowdown, drift."""
        water_kg = 0.0
        for loop, heat_w in rejected_w.items():
            running = self._running(loop)
            size_w = self._size_w(running)
            fans = self.fans.get(loop)
            for r in running:
                count, device = self.count[r.i_item], r.device
                speed = fans.speed_frac if fans is not None else min(1.0, max(LEAST_FAN_FRAC, heat_w / size_w))
                item_w[r.i_item] = fan_power_w(device.fan_max_w, speed, device.fan_exponent) * count
                if fans is None or fans.water_kg_j <= 0.0:
                    continue
                share_j = heat_w * dt_s * device.rated_w * count / size_w
                # All cells are wetted at their rated flow, whatever the heat.
                circulating_kg = device.rated_w * count * dt_s / (WATER_HEAT_J_KG_K * r.machine.range_k)
                drift_kg = circulating_kg * (device.drift_frac or 0.0) if device.role == "tower" else 0.0
                evaporated_kg, cycles = share_j * fans.water_kg_j, device.cycles_of_concentration
                # A sheet without cycles of concentration says nothing of blowdown, so none is counted.
                used_kg = make_up_kg_s(evaporated_kg, cycles, drift_kg) if cycles else evaporated_kg + drift_kg
                water_kg += float(used_kg)
        return water_kg


def chiller_curve(device: Chiller) -> ChillerCurve:
    """The curves of a sheet in the form physics takes."""
    curves = device.curves
    return ChillerCurve(
        rated_w=device.rated_w,
        rated_cop=device.rated_cop,
        evaporator_ref_c=device.ref_evaporator_c,
        condenser_ref_c=device.ref_condenser_c,
        evaporator_range_c=curves.evaporator_c,
        condenser_range_c=curves.condenser_c,
        part_load_range=curves.plr,
        capacity_ft=tuple(map(float, curves.capacity)),
        eir_ft=tuple(map(float, curves.eir)),
        eir_fplr=tuple(map(float, curves.eir_plr)),
        extra_lift_k=20.0 if device.condenser == "air" else 10.0,
    )


def rejection_of(device: HeatRejection) -> Rejection:
    """A sheet at its rating in the form physics takes."""
    water_c = (device.rated_water_in_c, device.rated_water_out_c)
    return rated_rejection(
        device.role, device.rated_w, water_c, device.rated_air_c, device.pad_effectiveness_frac or 0.0
    )


def constant_w(device: object) -> float:
    """Power of one machine that runs at a constant rate: a pump at its rating."""
    if isinstance(device, Pump):
        return float(pump_power_w(device.rated_kg_s / WATER_KG_M3, device.rated_head_pa, device.efficiency_frac))
    return 0.0


def hydraulic_w(device: Pump) -> float:
    """Work one pump does on the water; all of it ends as heat in the loop."""
    return device.rated_kg_s / WATER_KG_M3 * device.rated_head_pa
