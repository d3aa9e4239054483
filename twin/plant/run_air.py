"""The air of a hall under way: which racks breathe how much of their neighbours' heat, and what each cooler draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from twin.errors import TwinError, each_problem
from twin.layout.floor import Floor
from twin.layout.geometry import bounds
from twin.layout.wet import liquid_frac
from twin.physics import FloatArray
from twin.physics.air_map import AirMap, Tier, Warming, blended, times
from twin.plant.air_store import Flow, keep, path_of, room_digest, stored

if TYPE_CHECKING:
    from twin.plant.coolers.air import Blown
    from twin.plant.cooling import AirStep, Cooling
    from twin.plant.draw import ItDraw
    from twin.plant.plant import Racks

AirMode = Literal["settled", "instant", "mixed"]
CELLS_M = (0.3, 0.45, 0.6)
MOST_CELLS = 30_000
"""Cells of the finest grid taken. A settled flow of so many takes some 10 to 20 CPU-s; beyond them at the coarsest
grid the flow is the instant one."""
PARTS = (1.0, 0.5)
"""Parts of the largest heat and airflow of racks at which a flow is solved; in between, maps are blended."""
FAN_STEPS = 10
"""Steps of a cooler's rated airflow between which flows count as the same."""
MOST_FLOWS = 24
"""Flows solved in a run; afterwards the nearest one is taken."""


@dataclass(frozen=True, slots=True)
class Breath:
    """What racks breathe: mean and upper third of each front, (n_racks,) °C, and where it comes from."""

    inlet_c: FloatArray
    top_c: FloatArray
    mode: AirMode


def grid_of(floor: Floor, wanted: Tier) -> tuple[Tier, float]:
    """The tier that a hall can pay for, and its cells: as fine as MOST_CELLS allow."""
    room = floor.layout.room
    box = bounds(room.outline_m)
    volume_m3 = (box.x1_m - box.x0_m) * (box.y1_m - box.y0_m) * (room.height_m + room.ceiling_plenum_m)
    for cell_m in CELLS_M:
        if volume_m3 <= MOST_CELLS * cell_m**3:
            return wanted, cell_m
    return "instant", CELLS_M[-1]


class AirMaps:
    """Maps of a drawing by flow: each solved once, and kept on disk for other runs."""

    def __init__(self, floor: Floor, wanted: Tier, ids: list[str], rated_m3_s: FloatArray) -> None:
        self._floor, self._ids, self.rated_m3_s = floor, ids, rated_m3_s
        self.tier, self.cell_m = grid_of(floor, wanted)
        self._digest = room_digest(floor)
        self._known: dict[tuple[int, ...], tuple[AirMap, ...]] = {}
        self.n_solved = 0
        self.n_nearest = 0
        self.obstacles: dict[str, str] = {}  # why there is no map, or not the one asked for

    def at(self, steps: tuple[int, ...]) -> tuple[AirMap, ...]:
        """Maps at PARTS of the rack flow for coolers at so many steps of their rated flow; none where there is none."""
        if steps not in self._known:
            if len(self._known) >= MOST_FLOWS:
                self.n_nearest += 1
                nearest = min(self._known, key=lambda k: (sum(abs(a - b) for a, b in zip(k, steps, strict=True)), k))
                return self._known[nearest]
            self._known[steps] = self._found(steps)
        return self._known[steps]

    def _found(self, steps: tuple[int, ...]) -> tuple[AirMap, ...]:
        """The maps of one flow: of the tier wanted, else of the instant one, else none."""
        flow_m3_s = tuple(float(v) for v in self.rated_m3_s * np.array(steps) / FAN_STEPS)
        tiers: tuple[Tier, ...] = ("settled", "instant") if self.tier == "settled" else ("instant",)
        for tier in tiers:
            try:
                return tuple(self._one((flow_m3_s, part), tier) for part in PARTS)
            except TwinError as error:
                problems = each_problem(error)
                more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
                rather = "the instant one is taken" if tier != tiers[-1] else "the room is taken as well mixed"
                self.obstacles.setdefault(tier, f"no {tier} flow of this room's air, {rather}: {problems[0]}{more}")
        return ()

    def _one(self, flow: Flow, tier: Tier) -> AirMap:
        path = path_of(self._digest, flow, tier, self.cell_m)
        found = stored(path)
        if found is None:
            # Compiled loops take long to load: only who solves needs them.
            from twin.plant.air_solve import solved_map

            flows = dict(zip(self._ids, flow[0], strict=True))
            found = solved_map(self._floor, flows, flow[1], tier, self.cell_m)
            self.n_solved += 1
            keep(path, found)
        return found


class RunAir:
    """Follows a plant: maps of its present flow, and inlets from room, supply and heat."""

    def __init__(self, maps: AirMaps | None = None, full_w: float = 0.0) -> None:
        """maps: none for a well-mixed room. full_w: largest heat of all racks into the air, W."""
        self.maps, self._full_w = maps, full_w
        self._blown: Blown | None = None
        self._at: tuple[AirMap, ...] = ()
        self._it: ItDraw | None = None
        self._warming: Warming | None = None
        self._half_frac = 0.0
        self._supplies: tuple[
            FloatArray, ...
        ] = ()  # of fronts, upper thirds, returns: rows at full, and half less full
        self._supply: FloatArray = np.zeros((0, 0))  # the same at the present heat

    @property
    def map(self) -> AirMap | None:
        """At the largest heat and present flow of coolers; none in a mixed room."""
        return self._at[0] if self._at else None

    def _follow(self, blown: Blown, it: ItDraw, cooling: Cooling, step: AirStep) -> None:
        """The maps of what blows now, and how the present heat, less what doors took, spreads in them."""
        if self.maps is None:
            return
        if blown is not self._blown:
            self._blown, self._it = blown, None
            rated = self.maps.rated_m3_s
            steps = np.rint(FAN_STEPS * blown.air_m3_s / rated).astype(int)
            steps = np.maximum(steps, blown.air_m3_s > 0.0)
            self._at = self.maps.at(tuple(steps.tolist())) if steps.any() else ()
            rows = [np.concatenate([one.front_s, one.top_s, one.back_s]) for one in self._at]
            self._supplies = (rows[0], rows[1] - rows[0]) if rows else ()
        if it is not self._it and self._at:
            i_door = cooling.doors.i_rack
            self._it = it if not len(i_door) else None
            heat_w = it.rack_w - it.wet_w
            if len(i_door):
                heat_w -= np.bincount(i_door, step.door_w, len(heat_w))
            full = self._at[0].warming(heat_w)
            part = full.moved_w / self._full_w if self._full_w > 0.0 else 1.0
            self._half_frac = float(min(max((PARTS[0] - part) / (PARTS[0] - PARTS[1]), 0.0), 1.0))
            half = self._at[1].warming(heat_w) if self._half_frac > 0.0 else full
            self._warming = full if self._half_frac == 0.0 else blended(full, half, self._half_frac)
            self._supply = self._supplies[0] + self._half_frac * self._supplies[1]

    def breath(self, racks: Racks, it: ItDraw, cooling: Cooling, step: AirStep) -> Breath:
        """Inlets after a step of room and coolers, and how far the next returns differ from the room's air.

        Room air is the mean of the returns. In a map an inlet is supply air and a part of what returns are warmer
        than supply: exact at rest, and in between it follows room and supply. Losses and fans give their heat to the
        returns.
        """
        blown = cooling.coolers.blown()
        self._follow(blown, it, cooling, step)
        if not self._at or self._warming is None:
            cooling.return_over_c = cooling.doors.over_k = None
            inlet_c = mixed_inlet_c(racks, step, it.contained_m3_s, blown.total_m3_s)
            return Breath(inlet_c, inlet_c, "mixed")
        n, warming, supply_c = len(racks.ids), self._warming, times(self._supply, step.each_supply_c)
        over_k = step.room_c - step.supply_c
        cooling.return_over_c = _over_mean_k(blown, supply_c[2 * n :] + over_k * warming.back)
        racks_k = over_k * warming.moved_w / step.heat_w if step.heat_w > 0.0 else over_k
        inlet_c = supply_c[:n] + racks_k * warming.front
        top_c = supply_c[n : 2 * n] + racks_k * warming.top
        if len(cooling.doors.i_rack):
            cooling.doors.over_k = inlet_c[cooling.doors.i_rack] - step.room_c
        return Breath(inlet_c, top_c, self._at[0].tier)


def _over_mean_k(blown: Blown, back_c: FloatArray) -> FloatArray:
    """(n_coolers,) what each return is warmer than their mean, K; 0 where a cooler stands still."""
    mean_c = float(np.dot(blown.air_m3_s, back_c)) / blown.total_m3_s
    return np.where(blown.air_m3_s > 0.0, back_c - mean_c, 0.0)


def mixed_inlet_c(racks: Racks, step: AirStep, drawn_m3_s: float, given_m3_s: float) -> FloatArray:
    """Racks in the open breathe room air; a closed aisle gives supply air plus what leaks or is short."""
    short_frac = max(0.0, 1.0 - given_m3_s / drawn_m3_s) if drawn_m3_s > 0.0 else 0.0
    from_room = np.where(racks.is_contained, np.maximum(racks.leakage_frac, short_frac), 1.0)
    return step.supply_c + from_room * (step.room_c - step.supply_c)


def run_air(floor: Floor, mode: AirMode, ids: list[str], rated_m3_s: FloatArray) -> RunAir:
    """The air of a hall in the mode asked for; mixed where no air cooler stands."""
    if mode == "mixed" or not ids:
        return RunAir()
    full_w = sum(box.max_w * (1.0 - liquid_frac(floor, box)) for box in floor.fitted.values())
    return RunAir(AirMaps(floor, mode, ids, rated_m3_s), float(full_w))
