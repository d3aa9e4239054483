"""The plenum of a drawing: which cooler blows into it where, and which tiles let its air out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from twin.layout.floor import Floor
from twin.layout.geometry import bounds
from twin.physics.airflow.plenum import PlenumFlow, plenum_flow
from twin.physics.airflow.shape import Box6, Opening, RoomShape
from twin.plant.airflow_coolers import CoolerAir

TOLERANCE_FRAC = 1e-5


@dataclass(frozen=True, slots=True)
class Plenum:
    """tiles: names in order of `flow.tile_m3_s`; coolers: ids in order of the columns of `flow.fractions`."""

    tiles: tuple[str, ...]
    coolers: tuple[str, ...]
    flow: PlenumFlow
    leak_m3_s: float


def plenum_of(floor: Floor, coolers: list[CoolerAir], tiles: Mapping[str, tuple[Box6, float]], h_m: float) -> Plenum:
    """Air under the floor. tiles: place and open share of each."""
    room = floor.layout.room
    box = bounds(room.outline_m)
    # One layer of cells, as high as it is wide: only the plan matters, depth enters with the velocities.
    shape = RoomShape((box.x0_m, box.y0_m, 0.0), (box.x1_m, box.y1_m, h_m))
    shape.bodies = [(c.x_m, c.x_m + c.width_m, c.y_m, c.y_m + c.depth_m, 0.0, h_m) for c in room.columns]
    blowing = [c for c in coolers if c.supply == "plenum"]
    for c in blowing:
        shape.openings.append(Opening(c.id, "supply", c.id, 2, -1, h_m, _inside(c.box, shape), c.flow_m3_s))
    for name, (tile, open_frac) in tiles.items():
        shape.openings.append(Opening(name, "return", "", 2, -1, h_m, _inside(tile, shape), 0.0, open_frac))
    grid = shape.grid(h_m)
    areas = {name: (t[1] - t[0]) * (t[3] - t[2]) for name, (t, _) in tiles.items()}
    # A tile cut by the grid keeps its own area.
    grid.ports = [
        p if p.is_inflow else replace(p, area_m2=p.area_m2 * (areas[p.name] / p.area_m2.sum())) for p in grid.ports
    ]
    leak = room.floor_leakage_frac
    flow = plenum_flow(grid, room.raised_floor_m, leak, TOLERANCE_FRAC)
    total = float(np.sum([c.flow_m3_s for c in blowing]))
    return Plenum(tuple(tiles), tuple(c.id for c in blowing), flow, leak * total)


def _inside(box: Box6, shape: RoomShape) -> tuple[float, float, float, float]:
    return (
        max(box[0], shape.low_m[0]),
        min(box[1], shape.high_m[0]),
        max(box[2], shape.low_m[1]),
        min(box[3], shape.high_m[1]),
    )
