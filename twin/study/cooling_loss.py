"""What lost coolers, chillers, pumps and towers leave of the cooling, and how soon racks are too hot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from twin.catalogue.cooling import AirCooler, Cdu, Chiller, HeatRejection, Pump
from twin.catalogue.library import Catalogue
from twin.layout.floor import FittedDevice, Floor, FloorPlant
from twin.layout.wet import liquid_frac
from twin.physics import FloatArray
from twin.physics.heating import rise_time_s
from twin.physics.thermal import RoomModel
from twin.plant.compile import compile_plant
from twin.plant.plant import Plant

INLET_LIMIT_C = 32.0
"""Allowable inlet temperature of class A1. Source: ASHRAE TC 9.9, thermal guidelines."""
WATER_J_KG_K = 4186.0
"""Specific heat of water at 20 °C. Source: IAPWS."""
ROOM = "room air"
Lost = Mapping[str, int]
"""Machines lost, by the id of the cooler or plant item."""


@dataclass(frozen=True, slots=True)
class CoolingLeft:
    """What is left of the cooling, where it is too little."""

    short: dict[str, float] = field(default_factory=dict)  # the room or a loop -> capacity left over its heat, < 1
    inlet_min: float | None = None  # minutes until the warmest inlet reaches its limit; none: it does not
    is_dry: np.ndarray | None = None  # (n_boxes,) bool, without coolant; none: none is


class CoolingLosses:
    """The heat balance of the one well-mixed room and of its water, everything at its most and by ratings.

    What the coolers or a loop take out less than comes in warms the room's air and mass, and the water of the loops
    that are short, all of one temperature; coils take no more for it, which is on the safe side.
    """

    def __init__(self, floor: Floor, catalogue: Catalogue, indoor_loss_w: float) -> None:
        self._floor = floor
        boxes: list[FittedDevice] = [*floor.servers(), *floor.switches()]
        max_w = np.array([box.max_w for box in boxes])
        wet = np.array([liquid_frac(floor, box) for box in boxes])
        loops = [floor.racks[box.rack].spec.loop or "" for box in boxes]
        self._circuit, self._racks = np.array(loops, dtype=object), [box.rack for box in boxes]
        self._liquid_w = np.where(self._circuit != "", max_w * wet, 0.0)
        self._air_w = max_w - self._liquid_w
        self._indoor_loss_w = indoor_loss_w
        self._air = {
            c.id: (c.device, c.spec.loop or "") for c in floor.coolers.values() if isinstance(c.device, AirCooler)
        }
        self._cdus = {c.id: (c.device, c.spec) for c in floor.coolers.values() if isinstance(c.device, Cdu)}
        plant = compile_plant(floor, catalogue)
        self._room: RoomModel = plant.cooling.room
        self._loop_j_k = {
            loop.id: float(c)
            for loop, c in zip(plant.cooling.plant.loops, plant.cooling.plant.capacity_j_k, strict=True)
        }
        self._leak_frac = float(np.where(plant.racks.is_contained, plant.racks.leakage_frac, 1.0).max(initial=0.0))
        self._room_c, self._supply_c = self._at_rest_c(plant)
        contained = plant.racks.is_contained[plant.rack_of_server]
        per_w = np.array([c.air_m3_s_per_w for c in plant.compute.constants])
        self._drawn_m3_s = np.zeros(len(boxes))  # of closed aisles
        self._drawn_m3_s[: len(per_w)] = self._air_w[: len(per_w)] * per_w * contained
        self._kept: dict[tuple[object, ...], CoolingLeft] = {}

    def _at_rest_c(self, plant: Plant) -> tuple[float, float]:
        """Room and supply air when nothing is lost, as a run has them."""
        cooling, heat_w = plant.cooling, float(self._air_w.sum()) + self._indoor_loss_w
        place = {rack: i for i, rack in enumerate(plant.racks.ids)}
        rack = [place[name] for name in self._racks]
        cooling.settle_at(heat_w, np.bincount(rack, self._liquid_w, len(place)).astype(float))
        return cooling.air_c, cooling.supply_c(cooling.air_c, heat_w, cooling.coolers.blown())

    def _rise_k(self, lost: Lost, on: FloatArray) -> float:
        """How far the warmest inlet may rise: a closed aisle that is short of supply air breathes room air at once."""
        given_m3_s = sum(device.rated_air_m3_s for name, (device, _) in self._air.items() if not lost.get(name))
        drawn_m3_s = float(self._drawn_m3_s @ on)
        short_frac = max(0.0, 1.0 - given_m3_s / drawn_m3_s) if drawn_m3_s > 0.0 else 0.0
        from_room = max(self._leak_frac, short_frac)
        return INLET_LIMIT_C - self._supply_c - from_room * (self._room_c - self._supply_c)

    def single(self) -> list[tuple[str, dict[str, int]]]:
        """Every single failure of a machine: what it is called, and what is lost."""
        found = [(name, {name: 1}) for name in self._floor.coolers]
        for item in self._floor.plant.values():
            if isinstance(item.device, (Chiller, HeatRejection, Pump)):
                n = item.spec.count
                found.append((item.id if n == 1 else f"1 of {n} {item.id}", {item.id: 1}))
        return found

    def after(self, lost: Lost, is_dark: np.ndarray | None = None) -> CoolingLeft:
        """What is left without some machines; is_dark: (n_boxes,) bool, boxes that give no heat any more."""
        key = (*sorted(lost.items()), b"" if is_dark is None else is_dark.tobytes())
        if key not in self._kept:
            self._kept[key] = self._found(lost, is_dark)
        return self._kept[key]

    def _found(self, lost: Lost, is_dark: np.ndarray | None) -> CoolingLeft:
        is_dry = self._dry(lost)
        on = np.ones(len(self._air_w)) if is_dark is None else 1.0 - is_dark
        on = on * ~is_dry
        if not on.any():
            return CoolingLeft(is_dry=is_dry if is_dry.any() else None)
        air_w = float(self._air_w @ on) + self._indoor_loss_w
        loop_w = self._loop_heats_w(lost, air_w, self._liquid_w * on)
        short, times_s, rise_k = {}, [np.inf], self._rise_k(lost, on)
        if self._air:
            left_w = sum(device.rated_w for name, (device, _) in self._air.items() if not lost.get(name))
            if left_w < air_w:
                short[ROOM] = left_w / air_w
                times_s.append(rise_time_s(self._room, air_w - left_w, rise_k))
        for loop, heat_w in loop_w.items():
            left_w = self._capacity_w(loop, lost)
            if left_w < heat_w:
                short[loop] = left_w / heat_w
                times_s.append(self._loop_s(loop, heat_w - left_w, rise_k, self._flow_w(loop, lost) < heat_w))
        first_s = min(times_s)
        return CoolingLeft(short, first_s / 60.0 if np.isfinite(first_s) else None, is_dry if is_dry.any() else None)

    def _dry(self, lost: Lost) -> np.ndarray:
        """Boxes on coolant whose loop has no unit left, (n_boxes,)."""
        drawn = {spec.serves for _, spec in self._cdus.values() if spec.serves}
        running = {spec.serves for name, (_, spec) in self._cdus.items() if not lost.get(name)}
        is_off = np.isin(self._circuit, sorted(drawn - running))
        return np.asarray(is_off & (self._liquid_w > 0.0))

    def _loop_heats_w(self, lost: Lost, air_w: float, liquid_w: FloatArray) -> dict[str, float]:
        """Heat of every loop: coolant, then water below units and coils, then condensers."""
        heats: dict[str, float] = defaultdict(float)
        for loop in dict.fromkeys(self._circuit.tolist()):
            if loop:
                heats[loop] += float(liquid_w[self._circuit == loop].sum())
        live = {name: pair for name, pair in self._air.items() if not lost.get(name)}
        rated_w = sum(device.rated_w for device, _ in live.values())
        for device, loop in live.values():
            if loop:
                heats[loop] += min(air_w, rated_w) * device.rated_w / rated_w
        units = {name: pair for name, pair in self._cdus.items() if not lost.get(name)}
        for unit, spec in units.values():
            of_w = sum(other.rated_w for other, its in units.values() if its.serves == spec.serves)
            if spec.loop and spec.serves:
                heats[spec.loop] += heats[spec.serves] * unit.rated_w / of_w
        return self._with_condensers(heats, lost)

    def _with_condensers(self, heats: dict[str, float], lost: Lost) -> dict[str, float]:
        result = dict(heats)
        for loop, heat_w in heats.items():
            machines = [(i, i.device) for i in self._on(loop) if isinstance(i.device, Chiller)]
            size_w = sum(self._n_left(item.id, lost) * device.rated_w for item, device in machines)
            for item, device in machines:
                if item.spec.rejects_to and size_w > 0.0:
                    share = self._n_left(item.id, lost) * device.rated_w / size_w
                    rejected_w = min(heat_w, size_w) * share * (1.0 + 1.0 / device.rated_cop)
                    result[item.spec.rejects_to] = result.get(item.spec.rejects_to, 0.0) + rejected_w
        return result

    def _on(self, loop: str) -> list[FloorPlant]:
        return [item for item in self._floor.plant.values() if item.spec.loop == loop]

    def _n_left(self, name: str, lost: Lost) -> int:
        return max(0, self._floor.plant[name].spec.count - lost.get(name, 0))

    def _capacity_w(self, loop: str, lost: Lost) -> float:
        """Heat a loop takes: by its machines, its distribution units, the flow of its pumps; infinite if outside."""
        limits_w = [np.inf]
        sinks = [(i.id, i.device) for i in self._on(loop) if isinstance(i.device, (Chiller, HeatRejection))]
        if sinks:
            limits_w.append(sum(self._n_left(name, lost) * device.rated_w for name, device in sinks))
        units = [(name, device) for name, (device, spec) in self._cdus.items() if spec.serves == loop]
        if units:
            limits_w.append(sum(unit.rated_w for name, unit in units if not lost.get(name)))
        return float(min(*limits_w, self._flow_w(loop, lost)))

    def _flow_w(self, loop: str, lost: Lost) -> float:
        """Heat the pumps of a loop carry from its supply to its return temperature; infinite without pumps."""
        pumps = [(item.id, item.device) for item in self._on(loop) if isinstance(item.device, Pump)]
        if not pumps:
            return np.inf
        drawn = self._floor.loops.get(loop)
        flow_kg_s = sum(self._n_left(name, lost) * device.rated_kg_s for name, device in pumps)
        if drawn is None or drawn.return_c is None:
            return np.inf if flow_kg_s > 0.0 else 0.0
        return float(flow_kg_s * WATER_J_KG_K * abs(drawn.return_c - drawn.supply_c))

    def _loop_s(self, loop: str, surplus_w: float, rise_k: float, stands: bool) -> float:
        """Time until inlets are too warm when a loop is short; its water warms with the room, where it flows."""
        above = {item.spec.loop for item in self._floor.plant.values() if item.spec.rejects_to == loop}
        water = {loop, *above} & set(self._loop_j_k)
        if not self._air or not any(home in water for _, home in self._air.values()):
            return np.inf
        if stands:  # water that does not come to the coils takes up nothing, and their air is that of the room
            return rise_time_s(self._room, surplus_w, min(rise_k, INLET_LIMIT_C - self._room_c))
        model = self._room._replace(air_j_k=self._room.air_j_k + sum(self._loop_j_k[name] for name in water))
        return rise_time_s(model, surplus_w, rise_k)
