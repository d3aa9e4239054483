"""The reference room of the air model: 12 x 9 x 3 m, two rows of ten racks over a cold aisle, tiles, two room units."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.recirculation import RackAir
from twin.physics.airflow.room_flow import AirState, AirUsers, RoomFlow, room_flow
from twin.physics.airflow.shape import Opening, RoomShape, Sheet

RACK_W = 6000.0
RACK_M3_S = 160.0 * 0.000471947443 * 6.0
"""160 CFM/kW."""
SUPPLY_C = 18.0
NAMES = tuple(f"{row}{k:02d}" for row in "AB" for k in range(10))
COOLERS = ("c0", "c1")


def reference_shape(supply_over_demand: float = 1.0, leak_frac: float | None = None) -> RoomShape:
    """Racks of 0.6 x 1.2 x 2.1 m, tiles that cover the aisle evenly, units with their return on top.

    leak_frac: openness of a roof and two doors over the aisle; none: the aisle is open.
    """
    room = RoomShape((0.0, 0.0, 0.0), (12.0, 9.0, 3.0))
    for i, name in enumerate(NAMES):
        x0 = 3.0 + 0.6 * (i % 10)
        front, rear, side = (3.9, 2.7, 1) if i < 10 else (5.1, 6.3, -1)
        room.bodies.append((x0, x0 + 0.6, min(front, rear), max(front, rear), 0.0, 2.1))
        span = (x0, x0 + 0.6, 0.0, 2.1)
        room.openings.append(Opening(f"{name} front", "rack_front", name, 1, side, front, span, RACK_M3_S))
        room.openings.append(Opening(f"{name} rear", "rack_rear", name, 1, -side, rear, span, RACK_M3_S))
    tile_m3_s = RACK_M3_S * supply_over_demand
    for i in range(20):
        x0, y0 = 3.0 + 0.6 * (i % 10), 3.9 + 0.6 * (i // 10)
        room.openings.append(Opening(f"t{i:02d}", "tile", "", 2, 1, 0.0, (x0, x0 + 0.6, y0, y0 + 0.6), tile_m3_s))
    for name, x0 in zip(COOLERS, (0.0, 11.1), strict=True):
        room.bodies.append((x0, x0 + 0.9, 3.6, 5.4, 0.0, 1.8))
        flow = 10.0 * tile_m3_s
        room.openings.append(Opening(f"{name} return", "return", name, 2, 1, 1.8, (x0, x0 + 0.9, 3.6, 5.4), flow))
    if leak_frac is not None:
        room.sheets.append(Sheet(2, 2.1, (3.0, 9.0, 3.9, 5.1), leak_frac))
        room.sheets += [Sheet(0, x, (3.9, 5.1, 0.0, 2.1), leak_frac) for x in (3.0, 9.0)]
    return room


def reference_users() -> AirUsers:
    """Racks of 6 kW, and tiles that bring the air of both units alike."""
    racks = RackAir(NAMES, np.full(20, RACK_M3_S), np.zeros(20), np.ones(20), np.zeros(20))
    return AirUsers(racks, COOLERS, {f"t{i:02d}": np.array([0.5, 0.5]) for i in range(20)})


def solved(
    supply_over_demand: float = 1.0, cell_m: float = 0.3, leak_frac: float | None = None
) -> tuple[RoomFlow, AirState]:
    """The room in double precision."""
    grid = reference_shape(supply_over_demand, leak_frac).grid(cell_m).checked()
    flow = room_flow(grid, reference_users(), is_exact=True)
    return flow, flow.state(flow.settled(heat_w(), supply_c()), heat_w(), supply_c())


def heat_w() -> FloatArray:
    """(20,) heat of the racks, W."""
    return np.full(20, RACK_W)


def supply_c() -> FloatArray:
    """(2,) supply of the units, °C."""
    return np.full(2, SUPPLY_C)
