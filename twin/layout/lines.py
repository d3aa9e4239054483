"""Racks that stand side by side: the row a rack belongs to, or the single racks in line with it."""

from __future__ import annotations

from twin.layout.floor import Floor, FloorRack

IN_LINE_M = 0.15
"""Racks whose middles are off by no more than this stand in one line."""
GAP_M = 0.65
"""A wider gap, such as a door or an aisle, ends the line; a tile does not."""


def line_of(floor: Floor, name: str) -> list[str]:
    """The racks beside a rack, itself with them: those of its row in order, else single racks from left to right."""
    if name in floor.row_racks:
        return list(floor.row_racks[name])
    rack = floor.racks.get(name)
    if rack is None:
        return []
    if rack.row is not None:
        return list(floor.row_racks[rack.row])
    along = (abs(rack.front[1]), abs(rack.front[0]))
    spots = sorted((_along(other, along), other.id) for other in floor.racks.values() if _is_beside(rack, other))
    ids = [other for _, other in spots]
    at = ids.index(name)
    first, last = at, at
    while first > 0 and _gap_m(floor, spots, first - 1) <= GAP_M:
        first -= 1
    while last + 1 < len(ids) and _gap_m(floor, spots, last) <= GAP_M:
        last += 1
    return ids[first : last + 1]


def _is_beside(rack: FloorRack, other: FloorRack) -> bool:
    if other.row is not None or other.angle_deg != rack.angle_deg:
        return False
    away = (other.centre_m[0] - rack.centre_m[0], other.centre_m[1] - rack.centre_m[1])
    return abs(away[0] * rack.front[0] + away[1] * rack.front[1]) <= IN_LINE_M


def _along(rack: FloorRack, along: tuple[float, float]) -> float:
    return round(rack.centre_m[0] * along[0] + rack.centre_m[1] * along[1], 6)


def _gap_m(floor: Floor, spots: list[tuple[float, str]], i: int) -> float:
    """Free floor between one rack and the next of a line, m."""
    (a_m, a), (b_m, b) = spots[i], spots[i + 1]
    return b_m - a_m - (floor.racks[a].device.width_m + floor.racks[b].device.width_m) / 2
