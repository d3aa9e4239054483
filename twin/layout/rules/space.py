"""Does it fit on the floor: overlap, outside the room, columns and walls, free space before and behind racks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from twin.layout.bodies import Body, BodyGrid, bodies_of
from twin.layout.finding import Finding
from twin.layout.floor import Floor, FloorRack
from twin.layout.geometry import (
    TOUCH_M,
    Corners,
    Point,
    bounds,
    clipped,
    crosses,
    is_inside,
    meet,
    middle,
    overlap_m,
    rectangle,
)

FRONT_M = 1.0
"""Free depth in front of a rack to slide a server out."""
REAR_M = 0.9
"""Free depth behind a rack to work at it."""
FIXED = {"column": "space.column", "wall": "space.wall"}


def space_findings(floor: Floor) -> Iterator[Finding]:
    """Findings about the floor plan."""
    bodies = bodies_of(floor)
    grid = BodyGrid(bodies)
    yield from _overlaps(grid)
    yield from _outside(floor, bodies)
    yield from _clearances(floor, grid)


def _overlaps(grid: BodyGrid) -> Iterator[Finding]:
    for a, b in grid.pairs():
        if a.kind in FIXED and b.kind in FIXED:
            continue
        depth_m = overlap_m(a.outline_m, b.outline_m)
        if depth_m > 0:
            rule = FIXED.get(b.kind, FIXED.get(a.kind, "space.overlap"))
            text = f"reaches {depth_m:.2f} m into {b.kind} {b.id}, 0.00 m is the limit"
            yield Finding(rule, "error", a.id, text, "move one of them apart", middle(a.outline_m))


def _outside(floor: Floor, bodies: Sequence[Body]) -> Iterator[Finding]:
    outline = floor.layout.room.outline_m
    edges = [(edge, bounds(edge)) for edge in zip(outline, (*outline[1:], outline[0]), strict=True)]
    for body in bodies:
        if body.kind in FIXED:
            continue
        # A body that no edge passes through lies wholly inside or wholly outside: its middle tells which.
        is_cut = any(meet(body.box, box) and crosses(body.outline_m, *edge) for edge, box in edges)
        if is_cut or not is_inside(middle(body.outline_m), outline):
            box, room = body.box, bounds(outline)
            text = (
                f"stands outside the room: it spans x {box.x0_m:.2f} to {box.x1_m:.2f} m, y {box.y0_m:.2f} to "
                f"{box.y1_m:.2f} m, the room x {room.x0_m:.2f} to {room.x1_m:.2f} m, "
                f"y {room.y0_m:.2f} to {room.y1_m:.2f} m"
            )
            yield Finding("space.outside", "error", body.id, text, "move it inside the outline", middle(body.outline_m))


def _clearances(floor: Floor, grid: BodyGrid) -> Iterator[Finding]:
    outline = floor.layout.room.outline_m
    walls = [Body("the wall", "", edge, bounds(edge)) for edge in zip(outline, (*outline[1:], outline[0]), strict=True)]
    for side, sign, limit_m in (("front", 1.0, FRONT_M), ("rear", -1.0, REAR_M)):
        worst: dict[str, tuple[float, str, FloorRack]] = {}
        n_of: dict[str, int] = {}
        for rack in floor.racks.values():
            free_m, what = _free_m(rack, sign, limit_m, grid, walls)
            if free_m < limit_m - TOUCH_M:
                key = rack.row or rack.id
                n_of[key] = n_of.get(key, 0) + 1
                if key not in worst or free_m < worst[key][0]:
                    worst[key] = free_m, what, rack
        for key, (free_m, what, rack) in worst.items():
            more = f" ({n_of[key]} racks of row {key} are too close)" if rack.row else ""
            where = "in front" if side == "front" else "behind"
            text = f"has {free_m:.2f} m free {where}, up to {what}, {limit_m:.2f} m are needed{more}"
            yield Finding(
                f"space.{side}_clearance", "warning", rack.id, text, "widen the aisle or turn the rack", rack.centre_m
            )


def _free_m(rack: FloorRack, sign: float, limit_m: float, grid: BodyGrid, walls: Sequence[Body]) -> tuple[float, str]:
    """Free depth on one side up to the limit, and what ends it."""
    zone, start, ahead = _zone(rack, sign, limit_m)
    box = bounds(zone)
    free_m, what = limit_m, ""
    for body in (*grid.near(box), *(wall for wall in walls if meet(box, wall.box))):
        if body.id == rack.id:
            continue
        for x, y in clipped(body.outline_m, zone):
            reach_m = max(0.0, (x - start[0]) * ahead[0] + (y - start[1]) * ahead[1])
            if reach_m < free_m:
                free_m, what = reach_m, body.id
    return free_m, what


def _zone(rack: FloorRack, sign: float, depth_m: float) -> tuple[Corners, Point, Point]:
    """The strip before a rack, narrower by a hair so that neighbours that touch do not count."""
    half_m = rack.device.depth_m / 2
    ahead = (rack.front[0] * sign, rack.front[1] * sign)
    start = (rack.centre_m[0] + ahead[0] * half_m, rack.centre_m[1] + ahead[1] * half_m)
    reach_m = half_m + depth_m / 2
    centre = (rack.centre_m[0] + ahead[0] * reach_m, rack.centre_m[1] + ahead[1] * reach_m)
    width_m = rack.device.width_m - 4 * TOUCH_M
    return rectangle(centre, width_m, depth_m - 2 * TOUCH_M, rack.angle_deg), start, ahead
