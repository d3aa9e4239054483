"""What hangs on what: edits that give a thing its feed or loop, and what its neighbours would suggest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QCoreApplication

from twin.catalogue.cooling import AirCooler
from twin.layout import edit
from twin.layout.finding import Finding
from twin.layout.floor import Floor, FloorCooler, FloorRack
from twin.layout.model import Feeds, Layout, PlacedCooler, PlacedRack, PlantItem, RackRow, Side

Fed = PlacedRack | RackRow | PlacedCooler | PlantItem

SIDES: tuple[Side, ...] = ("A", "B")
SAME_ROW_M = 0.35
"""Racks of one row stand on one line to within this."""
NEAR_M = 3.0
AISLE_M = 5.0
"""Middle to middle across an aisle: two racks of 1.2 m and an aisle of up to 3.8 m."""
LOOP_ROLES = ("chilled_water", "facility_water")


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe way out of a finding: its words and the edit."""

    text: str
    edit: Callable[[Layout], Layout]


def translate(text: str) -> str:
    """Words of this part in the language of the window."""
    return QCoreApplication.translate("joining", text)


def feed(layout: Layout, names: Collection[str], side: Side, node: str) -> Layout:
    """With one side of things hung on a node, whatever it hung on before; an empty node leaves the side unfed."""
    for name in names:
        feeds = cast(Fed, edit.find(layout, name)).feeds
        before = feeds.get(side, "")
        if before == node:
            continue
        if before:
            layout = edit.cut(layout, name, before)
            for other in (one for one in feeds if one != side and feeds[one] == before):
                layout = edit.join(layout, name, before, other)
        if node:
            layout = edit.join(layout, name, node, side)
    return layout


def hang(layout: Layout, names: Collection[str], loop: str) -> Layout:
    """With coolers on another loop; an empty one leaves them without."""
    for name in names:
        cooler = cast(PlacedCooler, edit.find(layout, name))
        layout = edit.replace(layout, cooler.model_copy(update={"loop": loop or None}))
    return layout


def feed_choices(floor: Floor, side: Side) -> list[str]:
    """Power nodes for one side: those of that side first, then those of neither, then those of the other."""
    order = {side: 0, None: 1}
    return sorted(floor.power, key=lambda name: order.get(floor.power[name].spec.side, 2))


def loop_choices(floor: Floor) -> list[str]:
    """Loops a cooler can hang on."""
    return [loop.id for loop in floor.loops.values() if loop.role in LOOP_ROLES]


def fix_of(finding: Finding, floor: Floor) -> Fix | None:
    """What can be done at once about a finding because all neighbours agree; None where the hand must choose."""
    if finding.rule == "power.no_feed":
        return _feed_fix(finding.place, floor)
    if finding.rule == "cooling.no_loop" and finding.place in floor.coolers:
        loops = {cooler.spec.loop for cooler in _likes(floor, floor.coolers[finding.place]) if cooler.spec.loop}
        if len(loops) == 1:
            loop = str(loops.pop())
            text = translate("Hang on {loop}").format(loop=loop)
            return Fix(text, lambda layout: hang(layout, [finding.place], loop))
    return None


def _feed_fix(place: str, floor: Floor) -> Fix | None:
    feeds: Feeds | None = None
    unit = place
    if place in floor.racks:
        rack = floor.racks[place]
        unit = rack.row or rack.id
        feeds = neighbour_feeds(floor, rack)
    elif place in floor.coolers:
        feeds = _agreed(cooler.spec.feeds for cooler in _likes(floor, floor.coolers[place]))
    elif place in floor.plant:
        feeds = _agreed(item.spec.feeds for item in floor.plant.values() if item.id != place)
    if not feeds:
        return None
    found = dict(feeds)

    def fed(layout: Layout) -> Layout:
        for side, node in found.items():
            layout = feed(layout, [unit], side, node)
        return layout

    nodes = translate(" and ").join(dict.fromkeys(found[side] for side in SIDES if side in found))
    return Fix(translate("Feed from {nodes}").format(nodes=nodes), fed)


def neighbour_feeds(floor: Floor, rack: FloorRack) -> Feeds | None:
    """The feeds the nearest fed racks of its row share, or else those across the aisle; None where they differ."""
    in_row: list[tuple[float, Feeds]] = []
    across: list[tuple[float, Feeds]] = []
    for other in floor.racks.values():
        if other.id == rack.id or not other.feeds or abs(_dot(rack.front, other.front)) < 0.99:
            continue
        away = (other.centre_m[0] - rack.centre_m[0], other.centre_m[1] - rack.centre_m[1])
        ahead_m, along_m = abs(_dot(away, rack.front)), abs(away[0] * rack.front[1] - away[1] * rack.front[0])
        if ahead_m <= SAME_ROW_M and along_m <= NEAR_M:
            in_row.append((along_m, other.feeds))
        elif ahead_m <= AISLE_M and along_m <= NEAR_M / 2:
            across.append((ahead_m, other.feeds))
    for near in (in_row, across):
        if near:
            return _agreed(feeds for _, feeds in near)
    return None


def _likes(floor: Floor, cooler: FloorCooler) -> list[FloorCooler]:
    """The other coolers of its kind: of the air, or of liquid."""
    is_air = isinstance(cooler.device, AirCooler)
    others = (other for other in floor.coolers.values() if other.id != cooler.id)
    return [other for other in others if isinstance(other.device, AirCooler) == is_air]


def _agreed(some: Iterable[Feeds]) -> Feeds | None:
    """The feeds all that have any share; None where they differ or nothing is fed."""
    every = [feeds for feeds in some if feeds]
    return every[0] if every and all(feeds == every[0] for feeds in every) else None


def _dot(one: tuple[float, float], other: tuple[float, float]) -> float:
    return one[0] * other[0] + one[1] * other[1]
