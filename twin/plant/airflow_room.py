"""From an expanded drawing to a room in plain numbers: bodies, thin walls, openings with flows that balance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from twin.catalogue.cooling import AirCooler
from twin.errors import ModelRangeError, TwinError, raise_all
from twin.layout.floor import Floor, FloorRack
from twin.layout.geometry import Corners, Point, bounds, front_of, overlap_m, rectangle
from twin.physics import FloatArray
from twin.physics.airflow.recirculation import RackAir
from twin.physics.airflow.shape import Box6, Cut, Opening, RoomShape
from twin.physics.airflow.voxels import covered_m2
from twin.plant.airflow_aisles import all_sheets
from twin.plant.airflow_coolers import CoolerAir, cooler_airs
from twin.plant.airflow_plenum import Plenum, plenum_of
from twin.plant.airflow_racks import FLOW_M3_S_W, RackDraw, heats_w, rack_air, rack_draws
from twin.plant.airflow_sides import plane

COVERED_FRAC = 0.9
"""A tile covered by more than this share of its area gives no air."""


@dataclass(frozen=True, slots=True)
class RackPiece:
    """A rack in the air: its body, and its two openings where air moves through it."""

    box: Box6
    openings: tuple[Opening, ...]


@dataclass(slots=True)
class RoomParts:
    """All parts of a room, kept apart so that a rack can be moved without reading the drawing again."""

    floor: Floor
    draws: list[RackDraw]
    racks: RackAir
    heat_w: FloatArray  # (n_racks,) at the largest load
    pieces: list[RackPiece]  # one per rack, in the floor's order
    coolers: list[CoolerAir]
    others: list[Box6]  # other bodies
    tiles: dict[str, Box6]  # open floor tiles, z0 = z1 = 0
    tile_open_frac: dict[str, float]
    plenum: Plenum | None = None
    covered: tuple[str, ...] = field(default=())  # tiles under a body

    @property
    def height_m(self) -> float:
        """Floor to the underside of the slab."""
        room = self.floor.layout.room
        return room.height_m + room.ceiling_plenum_m

    def openings(self) -> list[Opening]:
        """Openings of racks, then of coolers."""
        racks = [o for piece in self.pieces for o in piece.openings]
        return racks + [o for cooler in self.coolers for o in cooler.openings]

    def moved(self, rack: str, x_m: float, y_m: float, angle_deg: float) -> RoomParts:
        """The same room with one rack elsewhere; its corner nearest the origin before rotation, as in the drawing."""
        i = self.racks.ids.index(rack)
        here = self.floor.racks[rack]
        centre = (x_m + here.device.width_m / 2, y_m + here.device.depth_m / 2)
        outline = rectangle(centre, here.device.width_m, here.device.depth_m, angle_deg)
        pieces = list(self.pieces)
        pieces[i] = rack_piece(here, self.draws[i], (outline, angle_deg), float(self.racks.flow_m3_s[i]))
        return replace(self, pieces=pieces)

    def with_rack(self, like: str, name: str, heat_w: float, stance: tuple[float, float, float]) -> RoomParts:
        """The room with one more rack like another, of another heat; stance: its corner x_m, y_m and its angle."""
        x_m, y_m, angle_deg = stance
        here, i = self.floor.racks[like], self.racks.ids.index(like)
        flow_m3_s = heat_w * FLOW_M3_S_W
        draw = RackDraw(heat_w, flow_m3_s, self.draws[i].is_reversed, (), 0.0)
        centre = (x_m + here.device.width_m / 2, y_m + here.device.depth_m / 2)
        outline = rectangle(centre, here.device.width_m, here.device.depth_m, angle_deg)
        piece = rack_piece(replace(here, id=name), draw, (outline, angle_deg), flow_m3_s)
        racks = RackAir(
            (*self.racks.ids, name),
            np.append(self.racks.flow_m3_s, flow_m3_s),
            np.append(self.racks.gap_frac, 0.0),
            np.append(self.racks.door_pass_frac, 1.0),
            np.append(self.racks.door_c, 0.0),
        )
        heats = np.append(self.heat_w, heat_w)
        return replace(self, draws=[*self.draws, draw], racks=racks, heat_w=heats, pieces=[*self.pieces, piece])

    def blows_like(self, other: RoomParts) -> bool:
        """Whether the air under the floor is that of another state of the room, open tiles aside."""
        return (
            self.tiles == other.tiles
            and self.tile_open_frac == other.tile_open_frac
            and self.coolers == other.coolers
            and self.floor.layout.room == other.floor.layout.room
        )

    def shape(self, h_m: float) -> RoomShape:
        """The room as the grid takes it; the plenum is solved again when coolers or open tiles have changed."""
        box = bounds(self.floor.layout.room.outline_m)
        room = RoomShape((box.x0_m, box.y0_m, 0.0), (box.x1_m, box.y1_m, self.height_m))
        if not _is_rectangle(self.floor):
            room.outline_m = np.array(self.floor.layout.room.outline_m)
        room.bodies = [*(p.box for p in self.pieces), *(c.box for c in self.coolers), *self.others]
        room.openings = self.openings()
        self._blow(room, h_m)
        room.sheets = all_sheets(self.floor, room.openings)
        room.cuts = _cuts(self.floor)
        return room

    def _blow(self, room: RoomShape, h_m: float) -> None:
        """Tiles and seams of the floor, with the flow the plenum gives them."""
        if not any(c.supply == "plenum" for c in self.coolers):
            return
        open_tiles = _uncovered(self.tiles, room.bodies)
        self.covered = tuple(name for name in self.tiles if name not in open_tiles)
        if self.plenum is None or self.plenum.tiles != tuple(open_tiles):
            tiles = {name: (self.tiles[name], self.tile_open_frac[name]) for name in open_tiles}
            self.plenum = plenum_of(self.floor, self.coolers, tiles, h_m)
        for name, flow in zip(self.plenum.tiles, self.plenum.flow.tile_m3_s, strict=True):
            x0, x1, y0, y1 = self.tiles[name][:4]
            open_frac = self.tile_open_frac[name]
            room.openings.append(Opening(name, "tile", "", 2, 1, 0.0, (x0, x1, y0, y1), float(flow), open_frac))
        if self.plenum.leak_m3_s > 0.0:
            span = (room.low_m[0], room.high_m[0], room.low_m[1], room.high_m[1])
            room.openings.append(Opening("floor seams", "leak", "", 2, 1, 0.0, span, self.plenum.leak_m3_s))


def room_parts(
    floor: Floor,
    flows_m3_s: Mapping[str, float] | None = None,
    supply_c: Mapping[str, float] | None = None,
) -> RoomParts:
    """The parts of a drawing; flows and supply temperatures of coolers by id override its set points.

    Raises ModelRangeError by name: a rack or cooler at an odd angle, nothing that moves air.
    """
    draws = rack_draws(floor)
    racks = rack_air(floor, draws)
    coolers = cooler_airs(floor, flows_m3_s or {}, supply_c or {})
    pieces, problems = [], []
    for rack, draw, flow in zip(floor.racks.values(), draws, racks.flow_m3_s, strict=True):
        try:
            pieces.append(rack_piece(rack, draw, (rack.outline_m, rack.angle_deg), float(flow)))
        except TwinError as error:
            problems.append(error)
    raise_all(problems)
    if not any(cooler.flow_m3_s > 0.0 for cooler in coolers):
        raise ModelRangeError(
            f"no air cooler moves air, and racks move {racks.flow_m3_s.sum():.2f} m3/s",
            "coolers",
            "place an air cooler, or let one run: without supply no temperature settles",
        )
    tiles, open_frac = _tiles(floor)
    return RoomParts(floor, draws, racks, heats_w(draws), pieces, coolers, _others(floor), tiles, open_frac)


def rack_piece(rack: FloorRack, draw: RackDraw, stance: tuple[Corners, float], flow_m3_s: float) -> RackPiece:
    """A rack that stands with an outline and an angle, and moves so much air through the room."""
    outline, angle_deg = stance
    if angle_deg % 90.0 != 0.0:
        raise ModelRangeError(f"turned by {angle_deg:g}°, the air model knows 0, 90, 180 and 270", rack.id, "turn it")
    body = bounds(outline)
    box = (body.x0_m, body.x1_m, body.y0_m, body.y1_m, 0.0, rack.device.height_m)
    front: Point = front_of(angle_deg)
    front = (-front[0], -front[1]) if draw.is_reversed else front
    faces = plane(box, front), plane(box, (-front[0], -front[1]))
    return RackPiece(
        box,
        (
            Opening(f"{rack.id} front", "rack_front", rack.id, *faces[0], flow_m3_s, 1.0, draw.profile),
            Opening(f"{rack.id} rear", "rack_rear", rack.id, *faces[1], flow_m3_s, 1.0, draw.profile),
        ),
    )


def _tiles(floor: Floor) -> tuple[dict[str, Box6], dict[str, float]]:
    """Every single tile of every field, named FIELD/row-column from its low corner."""
    boxes: dict[str, Box6] = {}
    open_frac: dict[str, float] = {}
    for tiles in floor.tiles.values():
        width_m, depth_m = tiles.device.width_m, tiles.device.depth_m
        for row in range(tiles.spec.rows):
            for column in range(tiles.spec.columns):
                name = f"{tiles.id}/{row + 1}-{column + 1}"
                x0, y0 = tiles.spec.x_m + column * width_m, tiles.spec.y_m + row * depth_m
                boxes[name] = (x0, x0 + width_m, y0, y0 + depth_m, 0.0, 0.0)
                open_frac[name] = tiles.open_frac
    return {n: b for n, b in boxes.items() if open_frac[n] > 0.0}, open_frac


def _uncovered(tiles: Mapping[str, Box6], bodies: list[Box6]) -> list[str]:
    """Tiles on which no body stands."""
    if not tiles:
        return []
    t = np.array(list(tiles.values()))
    covered = covered_m2(t, np.array(bodies).reshape(-1, 6))
    is_open = covered < COVERED_FRAC * (t[:, 1] - t[:, 0]) * (t[:, 3] - t[:, 2])
    return [name for name, free in zip(tiles, is_open, strict=True) if free]


def _others(floor: Floor) -> list[Box6]:
    """Columns, coolant units, power and plant drawn in the room; a turned one as an upright box of its area."""
    room = floor.layout.room
    found: list[Box6] = [
        (c.x_m, c.x_m + c.width_m, c.y_m, c.y_m + c.depth_m, 0.0, room.height_m + room.ceiling_plenum_m)
        for c in room.columns
    ]
    units = [c for c in floor.coolers.values() if not isinstance(c.device, AirCooler)]
    placed = [(c.outline_m, c.device.footprint) for c in units]
    placed += [(p.outline_m, p.device.footprint) for p in floor.power.values()]
    placed += [(p.outline_m, getattr(p.device, "footprint", None)) for p in floor.plant.values()]
    outline = room.outline_m
    for corners, footprint in placed:
        if corners is None or footprint is None:
            continue
        box, middle = bounds(corners), np.mean(corners, axis=0)
        full = (box.x1_m - box.x0_m) * (box.y1_m - box.y0_m)
        scale = math.sqrt(footprint.width_m * footprint.depth_m / full)
        half = (box.x1_m - box.x0_m) * scale / 2, (box.y1_m - box.y0_m) * scale / 2
        if overlap_m(corners, outline) > 0.0:
            top_m = min(footprint.height_m, room.height_m)
            x, y = float(middle[0]), float(middle[1])
            found.append((x - half[0], x + half[0], y - half[1], y + half[1], 0.0, top_m))
    return found


def _cuts(floor: Floor) -> list[Cut]:
    """Walls of the drawing, up to their height or the ceiling."""
    room = floor.layout.room
    return [
        Cut(*start, *end, min(wall.height_m or room.height_m, room.height_m))
        for wall in room.walls
        for start, end in zip(wall.points_m, wall.points_m[1:], strict=False)
    ]


def _is_rectangle(floor: Floor) -> bool:
    outline = floor.layout.room.outline_m
    box = bounds(outline)
    corners = {(x, y) for x in (box.x0_m, box.x1_m) for y in (box.y0_m, box.y1_m)}
    return len(outline) == 4 and set(outline) == corners
