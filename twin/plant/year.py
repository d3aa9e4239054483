"""Whole years of a plant in steps of an hour, each steady: IT, room, loops and power path settled together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.plant.coolers.air_hours import AirSide, FanHours, RoomHours, fan_hours, room_hours
from twin.plant.coolers.humid_hours import HumidHours, humid_hours, room_air_kg
from twin.plant.coolers.plant_hours import AirHours, HourPlant, PlantHours
from twin.plant.plant import Plant

MOST_ROUNDS = 60
FREE_ROUNDS = 12
"""Afterwards towers keep the heat they last had: in a few hours one chiller more warms the water until one less is
enough, and there is no rest between the two."""
CLOSE_FRAC = 1e-13
"""All is settled when losses that heat the room change by less than this share of the heat in a round."""


@dataclass(frozen=True, slots=True)
class ItHours:
    """IT of each hour: the watts of distinct states, and which state each hour is in."""

    state: np.ndarray  # (n,) index of the state
    consumer_w: FloatArray  # (n_it, n_states) at the cords: servers, then switches
    rack_w: FloatArray  # (n_racks, n_states)
    wet_w: FloatArray  # (n_racks, n_states) heat into coolant
    rack_m3_s: FloatArray  # (n_racks, n_states) air through racks
    chips_w: FloatArray  # (n_states,)
    hosts_w: FloatArray  # (n_states,)
    network_w: FloatArray  # (n_states,)
    bank_busy: FloatArray  # (n_families, n_states) share of busy chips by family


@dataclass(frozen=True, slots=True)
class Controlled:
    """Set points of each hour: fans and supply (n_coolers, n), water (n_loops, n), staging and economisers (n,)."""

    fan_frac: FloatArray
    supply_c: FloatArray
    water_c: FloatArray
    stage_frac: FloatArray
    uses_water: np.ndarray  # bool, water-side economisers may run
    lets_air: np.ndarray  # bool, outdoor air may come in


@dataclass(slots=True)
class YearHours:
    """Everything settled, watts (n,) unless said otherwise."""

    it_w: FloatArray
    liquid_w: FloatArray
    fans: FanHours
    room: RoomHours
    humid: HumidHours
    plant: PlantHours
    cdu_w: FloatArray
    load_w: FloatArray  # (n_nodes, n)
    loss_w: FloatArray  # (n_nodes, n)
    input_w: FloatArray  # (n_nodes, n)
    grid_w: FloatArray
    indoor_w: FloatArray  # losses in the room
    outside_w: FloatArray  # liquid heat that leaves the drawing
    given_w: FloatArray  # heat of rear doors that leaves the drawing
    into_room_w: FloatArray
    into_loops_w: FloatArray
    controls: Controlled
    rounds: int

    @property
    def cooling_w(self) -> FloatArray:
        """Fans, pumps, chillers and heat rejection."""
        return self.fans.fan_w.sum(axis=0) + self.plant.item_w.sum(axis=0) + self.cdu_w

    @property
    def residual_w(self) -> FloatArray:
        """Heat in less heat out of room and loops; zero but for rounding where nothing is unmet."""
        taken = self.plant.removed_w.sum(axis=0) + self.plant.unmet_w.sum(axis=0) + self.outside_w + self.given_w
        return self.into_room_w + self.into_loops_w - self.room.outdoor_w - self.room.unmet_w - taken


Control = Callable[[FloatArray], Controlled]
"""Set points from the heat into the room of each hour, (n,)."""


def settle_hours(plant: Plant, it: ItHours, air: AirHours, control: Control) -> YearHours:
    """All hours at once: losses in the power path heat the room, cooling draws through the path, until both agree.

    Losses are a few percent of cooling and cooling a part of losses, so every round is a hundred times closer.
    Errors: ModelRangeError where they do not come to rest.
    """
    loop_w, outside_w, cdu_w = _liquid_hours(plant, it)
    it_air_w = (it.rack_w - it.wet_w).sum(axis=0)[it.state]
    indoor_w: FloatArray = np.zeros(len(it.state))
    fan_w = np.zeros(len(it.state))
    condenser_w: dict[str, FloatArray] = {}
    doors = _door_hours(plant, it)
    for rounds in range(1, MOST_ROUNDS + 1):
        controls = control(it_air_w + indoor_w + fan_w)
        fans = fan_hours(plant.cooling.coolers, controls.fan_frac)
        heats = _Heats(it_air_w + indoor_w, loop_w, condenser_w, doors)
        (room, humid, water), into_room_w, into_loops_w = _thermal(plant, heats, fans, air, controls)
        load_w, loss_w, input_w, grid_w = _electrical(plant, it, fans, water, cdu_w)
        heats_w = loss_w[plant.power.is_indoors].sum(axis=0)
        moved = max(_moved(heats_w, indoor_w, into_room_w), _moved(fans.fan_w.sum(axis=0), fan_w, into_room_w))
        used_w, indoor_w, fan_w = indoor_w, heats_w, fans.fan_w.sum(axis=0)
        if rounds < FREE_ROUNDS:
            moved = max(moved, _moved_condensers(water.condenser_w, condenser_w))
            condenser_w = water.condenser_w
        if moved < CLOSE_FRAC:
            break
    else:
        raise ModelRangeError(
            f"heat and losses do not come to rest within {MOST_ROUNDS} rounds (last change {moved:.1e} of the heat)",
            "grain: flow",
            "report this layout",
        )
    it_w = it.rack_w.sum(axis=0)[it.state]
    liquid_w = it.wet_w.sum(axis=0)[it.state]
    return YearHours(
        it_w, liquid_w, fans, room, humid, water, cdu_w, load_w, loss_w, input_w, grid_w, used_w, outside_w,
        room.door_w[plant.cooling.doors.i_water >= len(loop_w)].sum(axis=0), into_room_w, into_loops_w + outside_w,
        controls, rounds,
    )  # fmt: skip


def _moved(new: FloatArray, old: FloatArray, scale: FloatArray) -> float:
    return float(np.max(np.abs(new - old) / np.maximum(scale, 1.0), initial=0.0))


def _moved_condensers(new: dict[str, FloatArray], old: dict[str, FloatArray]) -> float:
    """Condenser heat only moves temperatures of the next round, so a millionth is close enough there."""
    if new.keys() != old.keys():
        return 1.0
    moved = max((_moved(new[name], old[name], new[name]) for name in new), default=0.0)
    return moved if moved > 1e-6 else 0.0


def _liquid_hours(plant: Plant, it: ItHours) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Liquid heat into each loop (n_loops, n), out of the drawing (n,), and pumps of distribution units (n,)."""
    n_loops, n_states = len(plant.cooling.plant.loops), it.wet_w.shape[1]
    steps = [plant.cooling.liquid.steady_step(it.wet_w[:, k]) for k in range(n_states)]
    loop_w = np.array([step.loop_w for step in steps]).reshape(n_states, n_loops).T
    outside_w = np.array([step.outside_w for step in steps])
    pumps_w = np.full(len(it.state), float(plant.cooling.liquid.pump_w().sum()))
    return loop_w[:, it.state], outside_w[it.state], pumps_w


@dataclass(frozen=True, slots=True)
class _Heats:
    """Heat into the room but for fans (n,), liquid heat into loops (n_loops, n), condensers in the round before."""

    room_w: FloatArray
    loop_w: FloatArray
    condenser_w: dict[str, FloatArray]
    doors: tuple[FloatArray, FloatArray]  # heat per kelvin and rise of the air of each rear door (n_doors, n)


def _door_hours(plant: Plant, it: ItHours) -> tuple[FloatArray, FloatArray]:
    """What rear doors make of the air of their racks, (n_doors, n)."""
    doors, n_states = plant.cooling.doors, it.rack_w.shape[1]
    w_k, rise_k = np.zeros((2, len(doors.i_rack), n_states))
    air_w_k = it.rack_m3_s * AIR_HEAT_J_M3_K
    rack_rise_k = np.divide(it.rack_w - it.wet_w, air_w_k, out=np.zeros_like(air_w_k), where=air_w_k > 0.0)
    for k in range(n_states if len(doors.i_rack) else 0):
        doors.follow(rack_rise_k[:, k], it.rack_m3_s[:, k])
        w_k[:, k], rise_k[:, k] = doors.w_k, doors.rise_k
    return w_k[:, it.state], rise_k[:, it.state]


def _thermal(
    plant: Plant, heats: _Heats, fans: FanHours, air: AirHours, controls: Controlled
) -> tuple[tuple[RoomHours, HumidHours, PlantHours], FloatArray, FloatArray]:
    """Room, humidity and plant, and the heat (n,) that came into room and loops."""
    coolers, n_loops = plant.cooling.coolers, len(plant.cooling.plant.loops)
    into_room_w = heats.room_w + fans.fan_w.sum(axis=0)
    doors, n = plant.cooling.doors, len(into_room_w)
    outside_c = np.repeat(doors.outside_c[:, None], n, axis=1)
    door_w_k, rise_k = heats.doors
    side = AirSide(
        controls.water_c[coolers.loop],
        controls.supply_c,
        air.dry_bulb_c,
        controls.lets_air,
        door_w_k,
        np.concatenate([controls.water_c, outside_c])[doors.i_water] - rise_k,
    )
    room = room_hours(coolers, fans, into_room_w, side)
    coils_w = np.zeros((n_loops, len(into_room_w)))
    humid = humid_hours(coolers, fans, room, air.ratio, room_air_kg(float(plant.cooling.room.air_j_k)))
    np.add.at(coils_w, coolers.loop, room.coil_w + humid.latent_w)
    is_chilled = doors.i_water < n_loops
    np.add.at(coils_w, doors.i_water[is_chilled], room.door_w[is_chilled])
    hour_plant = HourPlant(plant.cooling.plant, air, controls.water_c, controls.stage_frac)
    hour_plant.uses_economiser = controls.uses_water
    water = hour_plant.hours(coils_w + heats.loop_w, heats.condenser_w)
    into_loops_w = heats.loop_w.sum(axis=0) + water.pump_w.sum(axis=0) + humid.latent_w.sum(axis=0)
    return (room, humid, water), into_room_w, into_loops_w


def _electrical(
    plant: Plant, it: ItHours, fans: FanHours, water: PlantHours, cdu_w: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    path, n = plant.power, len(it.state)
    n_it = it.consumer_w.shape[0]
    group_w = np.zeros((path.n_groups, it.consumer_w.shape[1]))
    np.add.at(group_w, path.group_of[:n_it], it.consumer_w)
    group_w = group_w[:, it.state]
    pumps_w = np.repeat(plant.cooling.liquid.pump_w()[:, None], n, axis=1)
    np.add.at(group_w, path.group_of[n_it:], np.concatenate([fans.fan_w, water.item_w, pumps_w]))
    return path.flow_hours(group_w)
