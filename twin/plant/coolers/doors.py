"""Rear doors: coils that cool what a rack blows out before it reaches the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from twin.catalogue.cooling import AirCooler
from twin.layout.floor import Floor, FloorRack
from twin.physics import FloatArray
from twin.physics.coil import Coil, coil_conductance_w_k, rated_coil
from twin.plant.coolers.air import Sink


@dataclass(slots=True)
class RearDoors:
    """Doors as rows (n,), their water wide open, the air of their rack through them; their own fans are not counted."""

    i_rack: np.ndarray
    i_water: np.ndarray  # chilled loops of the plant first, then water from outside the drawing
    outside_c: FloatArray  # (n_outside,) its temperature
    coil: Coil
    rated_m3_s: FloatArray
    w_k: FloatArray = field(default_factory=lambda: np.zeros(0))  # heat per kelvin between exhaust and water
    rise_k: FloatArray = field(default_factory=lambda: np.zeros(0))  # of the air through each rack
    over_k: FloatArray | None = None  # inlet of each rack over the air of the room; none where that is mixed

    def follow(self, rack_rise_k: FloatArray, rack_m3_s: FloatArray) -> None:
        """Take over rise and flow of the air through the racks, (n_racks,)."""
        if len(self.i_rack):
            air_frac = rack_m3_s[self.i_rack] / self.rated_m3_s
            full = coil_conductance_w_k(self.coil, np.maximum(air_frac, 1e-6), 1.0)
            self.w_k, self.rise_k = np.where(air_frac > 0.0, full, 0.0), rack_rise_k[self.i_rack]

    def sink(self, air_c: float, loop_c: FloatArray, is_pumped: np.ndarray) -> Sink:
        """The doors as linear sinks of a room at air_c: eps Cmin (T + rise - Twater), none where water is warmer."""
        water_c = np.concatenate([loop_c, self.outside_c])[self.i_water]
        flows = np.concatenate([is_pumped, np.ones(len(self.outside_c), dtype=bool)])[self.i_water]
        rise_k = self.rise_k if self.over_k is None else self.rise_k + self.over_k
        w_k = np.where(flows & (air_c + rise_k > water_c), self.w_k, 0.0)
        return Sink(w_k, water_c - rise_k)

    def shared_w(self, door_w: FloatArray, n_loops: int) -> tuple[FloatArray, float]:
        """Heat of the doors (n,) into each chilled loop and into water from outside."""
        heat_w = np.bincount(self.i_water, door_w, n_loops + len(self.outside_c)).astype(np.float64)
        return heat_w[:n_loops], float(heat_w[n_loops:].sum())


def door_racks(floor: Floor) -> list[FloorRack]:
    """Racks with a rear door that hangs on a water loop."""
    return [
        rack
        for rack in floor.racks.values()
        if isinstance(rack.rear_door, AirCooler) and rack.spec.loop in floor.loops and _is_water(floor, rack)
    ]


def _is_water(floor: Floor, rack: FloorRack) -> bool:
    return floor.loops[str(rack.spec.loop)].medium == "water"


def door_kg_s(floor: Floor, loop: str) -> float:
    """Water the doors take from a loop at their rating."""
    return sum(
        rack.rear_door.rated_water_kg_s for rack in door_racks(floor) if rack.rear_door and rack.spec.loop == loop
    )


def compile_doors(floor: Floor, loops: Mapping[str, int]) -> RearDoors:
    """Rows of all doors; `loops` maps the chilled loops of the plant to their index, other water is from outside."""
    racks = door_racks(floor)
    outside = list(dict.fromkeys(str(rack.spec.loop) for rack in racks if rack.spec.loop not in loops))
    waters = {**loops, **{name: len(loops) + i for i, name in enumerate(outside)}}
    names = list(floor.racks)

    def column(name: str) -> FloatArray:
        return np.array([float(getattr(rack.rear_door, name)) for rack in racks])

    coil = rated_coil(
        column("rated_w"),
        column("rated_air_m3_s"),
        column("rated_water_kg_s"),
        column("rated_return_c"),
        column("rated_water_in_c"),
    )
    return RearDoors(
        i_rack=np.array([names.index(rack.id) for rack in racks], dtype=np.intp),
        i_water=np.array([waters[str(rack.spec.loop)] for rack in racks], dtype=np.intp),
        outside_c=np.array([floor.loops[name].supply_c for name in outside], dtype=float),
        coil=coil,
        rated_m3_s=column("rated_air_m3_s"),
        w_k=np.zeros(len(racks)),
        rise_k=np.zeros(len(racks)),
    )
