"""The room: air and mass that take up heat, coolers that take it out, loops that carry it away.

Its air has one temperature, the mean of what coolers and doors draw; `run_air` says who draws and breathes what.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.economiser import outdoor_air_frac
from twin.physics.thermal import RoomLoad, RoomModel, room_step
from twin.plant.coolers.air import AirCoolers, Blown, Sink
from twin.plant.coolers.chiller_plant import ChillerPlant, Outdoors, PlantStep
from twin.plant.coolers.doors import RearDoors
from twin.plant.liquid import Liquid


@dataclass(slots=True)
class AirStep:
    """The air of the room in a step: means."""

    room_c: float
    supply_c: float
    each_supply_c: FloatArray  # (n_coolers,)
    heat_w: float  # into the room, but for what rear doors took
    door_w: FloatArray  # (n_doors,)


@dataclass(slots=True)
class CoolingStep(AirStep):
    """One step: mean temperatures, and what the plant drew."""

    plant: PlantStep
    liquid_w: float  # heat that racks gave to liquid
    to_room_j: float  # what crossed the boundaries, and what was taken up
    to_loops_j: float
    removed_j: float
    stored_j: float


@dataclass(slots=True)
class Cooling:
    """State of the room and its loops, with the heats that crossed its boundaries since the start (J)."""

    room: RoomModel
    coolers: AirCoolers
    plant: ChillerPlant
    air_c: float
    mass_c: float
    liquid: Liquid
    doors: RearDoors
    return_over_c: FloatArray | None = None  # (n_coolers,) of each return over their mean; none where air is mixed
    lets_air: bool = False  # outdoor air may come in through coolers that have dampers; controls
    to_room_j: float = 0.0  # put into the room air: IT, losses indoors, fans
    to_loops_j: float = 0.0  # put into liquid: by racks, and pump work
    removed_j: float = 0.0  # taken out of the loops by chillers, or by water from outside the drawing
    stored_j: float = 0.0  # taken up by air, mass and water

    def _sink(self, heat_w: float) -> Sink:
        """Coolers, then rear doors, as linear sinks; coolers see what doors leave of the heat."""
        loop, has_flow = self.coolers.loop, self.plant.has_flow()
        if not len(self.doors.i_rack):
            return self._coolers(heat_w, self.plant.water_c[loop], has_flow[loop])
        doors = self.doors.sink(self.air_c, self.plant.water_c, has_flow)
        heat_w -= float(np.dot(doors.each_w_k, self.air_c - doors.each_c))
        coolers = self._coolers(heat_w, self.plant.water_c[loop], has_flow[loop])
        pairs = (coolers.each_w_k, doors.each_w_k), (coolers.each_c, doors.each_c)
        return Sink(*(np.concatenate(pair) for pair in pairs))

    def _coolers(self, heat_w: float, water_c: FloatArray, has_flow: np.ndarray) -> Sink:
        """Each cooler draws its own return: seen from the mean, its water and set point are so much colder."""
        over_c = self.return_over_c
        if over_c is None:
            return self.coolers.sink(heat_w, self.air_c, water_c, has_flow)
        return self.coolers.sink(heat_w, self.air_c, water_c - over_c, has_flow, self.coolers.supply_c - over_c)

    def step(self, heat_w: float, liquid_w: FloatArray, outdoors: Outdoors, dt_s: float) -> CoolingStep:
        """Carry room and loops over dt_s with a constant heat into the room; fans of the coolers come on top.

        liquid_w: heat of each rack into its coolant, (n_racks,).
        """
        blown = self.coolers.blown()
        heat_w += blown.total_fan_w
        sink = self._sink(heat_w)
        load = RoomLoad(heat_w, 0.0, sink.total_w_k, sink.mean_c(self.air_c))
        after = room_step(self.room, self.air_c, self.mass_c, load, dt_s)
        if not isfinite(after.air_c):
            raise ModelRangeError("the room temperature is not a number", "cooling", "report this layout")
        stored_j = float(self.room.air_j_k * (after.air_c - self.air_c))
        stored_j += float(self.room.mass_j_k * (after.mass_c - self.mass_c))
        self.air_c, self.mass_c = float(after.air_c), float(after.mass_c)
        total_w = float(after.removed_j) / dt_s
        coil_w = self._coil_w(sink, float(after.air_mean_c), total_w)
        coil_w, door_w = coil_w[: len(self.coolers.ids)], coil_w[len(self.coolers.ids) :]
        cooler_w = float(np.add.reduce(coil_w)) if len(door_w) else total_w
        supplied_c = self.supply_c(float(after.air_mean_c), cooler_w, blown)
        each_supply_c = self._each_supply_c(float(after.air_mean_c), coil_w, blown)
        outdoor_w = self._outdoor_w(coil_w, float(after.air_mean_c), outdoors) if self.lets_air else 0.0
        loop_w = np.bincount(self.coolers.loop, coil_w, len(self.plant.loops)).astype(float)
        if len(door_w):
            chilled_w, given_w = self.doors.shared_w(door_w, len(self.plant.loops))
            loop_w, outdoor_w = loop_w + chilled_w, outdoor_w + given_w
        wet = self.liquid.step(liquid_w, self.plant.water_c, self.plant.has_flow(), dt_s)
        water = self.plant.step(loop_w + wet.loop_w, outdoors, dt_s)
        room_c = float(after.air_mean_c)
        step = CoolingStep(
            room_c=room_c,
            supply_c=supplied_c,
            each_supply_c=each_supply_c,
            heat_w=heat_w - float(np.add.reduce(door_w)),
            door_w=door_w,
            plant=water,
            liquid_w=wet.from_racks_w,
            to_room_j=heat_w * dt_s,
            to_loops_j=water.pump_heat_j + (wet.from_racks_w + wet.pump_w) * dt_s,
            removed_j=water.removed_j + (wet.outside_w + outdoor_w) * dt_s,
            stored_j=stored_j + water.stored_j + wet.stored_j,
        )
        self.count(step)
        return step

    def count(self, step: CoolingStep) -> None:
        """Count the heats of a step; once more for each time the same step is taken again."""
        self.to_room_j += step.to_room_j
        self.to_loops_j += step.to_loops_j
        self.removed_j += step.removed_j
        self.stored_j += step.stored_j

    def _coil_w(self, sink: Sink, room_c: float, total_w: float) -> FloatArray:
        """Heat each cooler takes; the sum is what left the room, to the last bit of rounding."""
        each_w = sink.each_w_k * (room_c - sink.each_c)
        sum_w = float(np.add.reduce(each_w))
        return each_w * (total_w / sum_w) if sum_w != 0.0 else each_w

    def _outdoor_w(self, coil_w: FloatArray, room_c: float, outdoors: Outdoors) -> float:
        """Heat that outdoor air carries off in place of room air; what it takes is taken off the coils, in place."""
        air_w_k = self.coolers.blown().air_w_k
        damper_w_k, all_w_k = float(air_w_k[self.coolers.has_outdoor].sum()), float(air_w_k.sum())
        wanted_w = float(np.add.reduce(coil_w))
        if damper_w_k <= 0.0 or wanted_w <= 0.0:
            return 0.0
        set_c = float(np.dot(air_w_k, self.coolers.supply_c)) / all_w_k
        frac = float(outdoor_air_frac(outdoors.dry_bulb_c, room_c, set_c, True))
        outdoor_w = min(frac * damper_w_k * max(room_c - outdoors.dry_bulb_c, 0.0), wanted_w)
        coil_w *= 1.0 - outdoor_w / wanted_w
        return outdoor_w

    def supply_c(self, room_c: float, coil_w: float, blown: Blown) -> float:
        """Temperature of the air that leaves the coolers, mixed; the room's own when none moves air."""
        air_w_k = blown.total_m3_s * AIR_HEAT_J_M3_K
        return room_c - coil_w / air_w_k if air_w_k > 0.0 else room_c

    def _each_supply_c(self, room_c: float, coil_w: FloatArray, blown: Blown) -> FloatArray:
        """(n_coolers,) temperature of the air that leaves each; what it draws where nothing cools it."""
        cooled_k = np.divide(coil_w, blown.air_w_k, out=np.zeros(len(coil_w)), where=blown.air_w_k > 0.0)
        return room_c - cooled_k if self.return_over_c is None else room_c + self.return_over_c - cooled_k

    def settle_at(self, heat_w: float, liquid_w: FloatArray) -> AirStep:
        """Start at the steady temperature of this heat, so that no run begins with a warm-up nobody asked for."""
        self.liquid.settle_at(liquid_w, self.plant.water_c, self.plant.has_flow())
        heat_w += self.coolers.blown().total_fan_w
        for _ in range(3):
            sink = self._sink(heat_w)
            if sink.total_w_k > 0.0:
                self.air_c = self.mass_c = sink.mean_c(self.air_c) + heat_w / sink.total_w_k
        taken_w = sink.each_w_k * (self.air_c - sink.each_c)
        coil_w, door_w = taken_w[: len(self.coolers.ids)], taken_w[len(self.coolers.ids) :]
        blown = self.coolers.blown()
        supply_c = self.supply_c(self.air_c, float(coil_w.sum()), blown)
        each_c = self._each_supply_c(self.air_c, coil_w, blown)
        return AirStep(self.air_c, supply_c, each_c, heat_w - float(door_w.sum()), door_w)

    def residual_j(self) -> float:
        """Heat that came in, less what left, less what is stored; zero but for rounding."""
        return self.to_room_j + self.to_loops_j - self.removed_j - self.stored_j
