"""Solid things on the floor, found by place: a grid of cells so that a hall of thousands is checked at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twin.layout.floor import Floor
from twin.layout.geometry import Box, Point, bounds, meet, rectangle, thick_segment

CELL_M = 2.0


@dataclass(slots=True)
class Body:
    """Something solid."""

    id: str
    kind: str  # rack, cooler, plant, power, column, wall
    outline_m: Sequence[Point]
    box: Box


def bodies_of(floor: Floor) -> list[Body]:
    """Everything solid: racks, coolers, plant and power with a place, columns, inner walls."""
    placed = [
        *(("rack", rack.id, rack.outline_m) for rack in floor.racks.values()),
        *(("cooler", cooler.id, cooler.outline_m) for cooler in floor.coolers.values()),
        *(("plant", item.id, item.outline_m) for item in floor.plant.values()),
        *(("power", node.id, node.outline_m) for node in floor.power.values()),
    ]
    bodies = [Body(name, kind, outline, bounds(outline)) for kind, name, outline in placed if outline is not None]
    room = floor.layout.room
    for column in room.columns:
        centre = (column.x_m + column.width_m / 2, column.y_m + column.depth_m / 2)
        corners = rectangle(centre, column.width_m, column.depth_m, 0.0)
        bodies.append(Body(column.id, "column", corners, bounds(corners)))
    for wall in room.walls:
        for start, end in zip(wall.points_m, wall.points_m[1:], strict=False):
            corners = thick_segment(start, end, wall.thickness_m)
            bodies.append(Body(wall.id, "wall", corners, bounds(corners)))
    return bodies


class BodyGrid:
    """Bodies by the cells they touch."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.bodies = bodies
        self._cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        for i, body in enumerate(bodies):
            for cell in _cells(body.box):
                self._cells[cell].append(i)

    def pairs(self) -> Iterator[tuple[Body, Body]]:
        """Pairs whose upright boxes overlap, each once, in the order of the bodies."""
        found = set()
        for members in self._cells.values():
            for k, i in enumerate(members):
                box = self.bodies[i].box
                for j in members[k + 1 :]:
                    if meet(box, self.bodies[j].box):
                        found.add((i, j))
        for i, j in sorted(found):
            yield self.bodies[i], self.bodies[j]

    def near(self, box: Box) -> Iterator[Body]:
        """Bodies whose upright boxes overlap a box, each once, in the order of the bodies."""
        found = {i for cell in _cells(box) for i in self._cells.get(cell, ()) if meet(box, self.bodies[i].box)}
        for i in sorted(found):
            yield self.bodies[i]


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for i in range(int(box.x0_m // CELL_M), int(box.x1_m // CELL_M) + 1):
        for j in range(int(box.y0_m // CELL_M), int(box.y1_m // CELL_M) + 1):
            yield i, j
