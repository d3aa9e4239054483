"""Chilled-water loops with chillers, pumps and heat rejection: mixed loops, chillers that hold the set point."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from twin.catalogue.cooling import Chiller, HeatRejection, Pump
from twin.physics import FloatArray
from twin.physics.chiller import ChillerCurve, available_w, chiller_point
from twin.physics.coil import WATER_HEAT_J_KG_K
from twin.physics.fan import fan_power_w, pump_power_w
from twin.physics.rejection import Rejection, rated_rejection
from twin.physics.tower import evaporated_kg_s, make_up_kg_s

WATER_KG_M3 = 998.0
RIDE_THROUGH_S = 120.0
"""Water in a loop whose volume is not drawn, over its pumped or rated flow. Estimate: two minutes of flow."""
LEAST_FAN_FRAC = 0.2
"""Lowest fan speed of towers and dry coolers. Estimate: usual minimum of their drives."""


@dataclass(frozen=True, slots=True)
class Outdoors:
    """Air outside during one step."""

    dry_bulb_c: float
    wet_bulb_c: float


@dataclass(slots=True)
class PlantStep:
    """One step: electric power of each item (n_items,), heats (J), water (kg)."""

    item_w: FloatArray
    pump_heat_j: float
    removed_j: float
    stored_j: float
    water_kg: float
    is_extrapolated: bool


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
        """Share the wanted heat among the running chillers of a loop by size; what they really take."""
        machines = [m for m in self.loops[i].machines if self.is_up[m.i_item] and self.is_fed[m.i_item]]
        set_c = float(self.set_c[i])
        entering_c = [self.condenser_c(machine, outdoors) for machine in machines]
        running = self._staged(machines, wanted_w, set_c, entering_c)
        size_w = sum(m.curve.rated_w * n for m, n in zip(machines, running, strict=True))
        removed_w = 0.0
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

    def _staged(self, machines: list[Machine], wanted_w: float, set_c: float, entering_c: list[float]) -> list[int]:
        """How many machines of each item run: as few as carry the heat, in the order of the drawing."""
        running = []
        for machine, air_c in zip(machines, entering_c, strict=True):
            most_w = float(available_w(machine.curve, set_c, air_c))
            n = min(int(self.count[machine.i_item]), ceil(max(wanted_w, 0.0) / most_w))
            running.append(n)
            wanted_w -= n * most_w
        return running

    def condenser_c(self, machine: Machine, outdoors: Outdoors) -> float:
        """Water or air that enters the condenser.

        Fans of the heat rejection follow its heat, so that its approach stays at the rating up to full load and grows
        in proportion beyond; the water is kept from falling under the chiller's lowest condenser temperature.
        """
        if not machine.is_water_cooled:
            return outdoors.dry_bulb_c
        running = self._running(machine.rejects_to)
        size_w = self._size_w(running)
        if size_w <= 0.0:
            return machine.curve.condenser_range_c[1] + 20.0
        load_frac = self.condenser_w.get(machine.rejects_to, 0.0) / size_w
        device = running[0].device
        air_c = outdoors.wet_bulb_c if device.role == "tower" else outdoors.dry_bulb_c
        out_c = air_c + (device.rated_water_out_c - device.rated_air_c) * max(1.0, load_frac)
        return max(out_c, machine.curve.condenser_range_c[0])

    def _running(self, loop: str) -> list[Rejector]:
        return [r for r in self.rejectors.get(loop, []) if self.is_up[r.i_item] and self.is_fed[r.i_item]]

    def _size_w(self, running: list[Rejector]) -> float:
        return float(sum([r.device.rated_w * self.count[r.i_item] for r in running]))

    def _reject(self, rejected_w: dict[str, float], item_w: FloatArray, dt_s: float) -> float:
        """Set the fans of the heat rejection; water used by towers: evaporation, blowdown, drift."""
        water_kg = 0.0
        for loop, heat_w in rejected_w.items():
            running = self._running(loop)
            size_w = self._size_w(running)
            for r in running:
                speed = min(1.0, max(LEAST_FAN_FRAC, heat_w / size_w))
                item_w[r.i_item] = fan_power_w(r.device.fan_max_w, speed, r.device.fan_exponent) * self.count[r.i_item]
                if r.device.role != "tower":
                    continue
                share_j = heat_w * dt_s * r.device.rated_w * self.count[r.i_item] / size_w
                range_k = r.device.rated_water_in_c - r.device.rated_water_out_c
                drift_kg = share_j / (WATER_HEAT_J_KG_K * range_k) * (r.device.drift_frac or 0.0)
                evaporated_kg, cycles = evaporated_kg_s(share_j), r.device.cycles_of_concentration
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
