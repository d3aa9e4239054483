"""Thin walls of contained aisles and of the ceiling, drawn to the racks they belong to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.layout.floor import Floor
from twin.layout.room import Containment
from twin.physics.airflow.shape import Opening, Sheet

CEILING_LEAK_FRAC = 0.02
"""Open share of a ceiling beside the openings over hot aisles. Estimate: seams of ceiling tiles."""
GRILLE_FRAC = 0.25
"""Open share of a ceiling that returns air from the whole room. Estimate: a quarter of the tiles are grilles."""
SNAP_M = 0.35
"""A containment drawn closer than this to the racks beside it closes against them."""
RACK_TOP_M = 2.1
"""Height of a containment that has no rack beside it."""


@dataclass(frozen=True, slots=True)
class Aisle:
    """A containment whose sides lie on the faces of its racks. sides: low x, high x, low y, high y, m."""

    spec: Containment
    sides: tuple[float, float, float, float]
    has_racks: tuple[bool, bool, bool, bool]
    top_m: float


def aisle_of(spec: Containment, openings: list[Opening]) -> Aisle:
    """A containment with the fronts (cold aisle) or rears (hot aisle, chimney) that open into it."""
    kinds = {"cold_aisle": ("rack_front",), "curtain": ("rack_front", "rack_rear")}.get(spec.kind, ("rack_rear",))
    sides = [spec.x_m, spec.x_m + spec.width_m, spec.y_m, spec.y_m + spec.depth_m]
    has_racks, top_m = [False] * 4, 0.0
    low_high = ((sides[2], sides[3]), (sides[0], sides[1]))
    for i, drawn in enumerate(tuple(sides)):
        axis, side = i // 2, 1 if i % 2 == 0 else -1
        for o in openings:
            if o.kind not in kinds or o.axis != axis or o.side != side or abs(o.at_m - drawn) > SNAP_M:
                continue
            a0, a1 = low_high[axis]
            if min(a1, o.span_m[1]) - max(a0, o.span_m[0]) > 1e-6:
                sides[i], has_racks[i] = o.at_m, True
                top_m = max(top_m, o.span_m[3])
    return Aisle(
        spec,
        (sides[0], sides[1], sides[2], sides[3]),
        (has_racks[0], has_racks[1], has_racks[2], has_racks[3]),
        spec.height_m or top_m or RACK_TOP_M,
    )


def aisle_sheets(aisle: Aisle, height_m: float, has_plenum: bool) -> list[Sheet]:
    """Sides up to the top, or to the ceiling where the aisle opens into its plenum or hangs from it; roof or hole."""
    spec, (x0, x1, y0, y1) = aisle.spec, aisle.sides
    rises = spec.kind == "curtain" or (spec.kind in ("hot_aisle", "chimney") and has_plenum)
    top_m = height_m if rises else min(aisle.top_m, height_m)
    leak = max(spec.leakage_frac, 0.01)
    found = []
    for i, at in enumerate(aisle.sides):
        if aisle.has_racks[i] or spec.has_doors or spec.kind in ("curtain", "chimney"):
            span = (y0, y1, 0.0, top_m) if i < 2 else (x0, x1, 0.0, top_m)
            found.append(Sheet(i // 2, at, span, leak))
        elif rises and aisle.top_m < top_m:
            span = (y0, y1, aisle.top_m, top_m) if i < 2 else (x0, x1, aisle.top_m, top_m)
            found.append(Sheet(i // 2, at, span, leak))
    if rises and spec.kind != "curtain":
        found.append(Sheet(2, height_m, (x0, x1, y0, y1), 1.0, True))
    elif spec.has_roof and spec.kind != "curtain":
        found.append(Sheet(2, top_m, (x0, x1, y0, y1), leak))
    return found


def without_outlet(floor: Floor, openings: list[Opening]) -> list[str]:
    """Roofed hot aisles from which nothing draws: neither a ceiling plenum above nor a return inside."""
    if floor.layout.room.ceiling_plenum_m > 0.0:
        return []
    returns = [o for o in openings if o.kind == "return" and o.flow_m3_s > 0.0]
    hot = [c for c in floor.layout.containments if c.kind in ("hot_aisle", "chimney") and c.has_roof]
    return [c.id for c in hot if not any(_is_before(o, c) for o in returns)]


def _is_before(opening: Opening, spec: Containment) -> bool:
    """Whether the air just before an upright opening lies in a containment."""
    if opening.axis == 2:
        return False
    middle, ahead = (opening.span_m[0] + opening.span_m[1]) / 2, opening.at_m + 0.1 * opening.side
    x, y = (ahead, middle) if opening.axis == 0 else (middle, ahead)
    return spec.x_m <= x <= spec.x_m + spec.width_m and spec.y_m <= y <= spec.y_m + spec.depth_m


def all_sheets(floor: Floor, openings: list[Opening]) -> list[Sheet]:
    """The ceiling under its plenum, if there is one, then all containments.

    A roofed hot aisle from which nothing draws is taken as open on top: see `without_outlet`.
    """
    room = floor.layout.room
    lidless = without_outlet(floor, openings)
    has_plenum = room.ceiling_plenum_m > 0.0
    aisles = [aisle_of(spec, openings) for spec in floor.layout.containments]
    found: list[Sheet] = []
    if has_plenum:
        xs, ys = zip(*room.outline_m, strict=True)
        is_ducted = any(aisle.spec.kind in ("hot_aisle", "chimney") for aisle in aisles)
        share = CEILING_LEAK_FRAC if is_ducted else GRILLE_FRAC
        found.append(Sheet(2, room.height_m, (min(xs), max(xs), min(ys), max(ys)), share))
    for aisle in aisles:
        spec = aisle.spec.model_copy(update={"has_roof": False}) if aisle.spec.id in lidless else aisle.spec
        found += aisle_sheets(replace(aisle, spec=spec), room.height_m, has_plenum)
    return found
