"""Boxes in racks: which units they take, whether a place is free, and edits that move, add and take them out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from twin.catalogue.compute import Server
from twin.catalogue.cooling import Cdu
from twin.errors import TwinError
from twin.layout import edit
from twin.layout.floor import Fittable, FittedDevice, Floor, FloorRack
from twin.layout.model import Fitting, Layout, PlacedRack, RackRow

Face = Literal["front", "rear"]
Body = PlacedRack | RackRow


@dataclass(frozen=True, slots=True)
class BoxAt:
    """Where a box is written: its rack or row, the fitting in its contents, and which of a stack, counted from 0."""

    owner: str
    i_fitting: int
    i_box: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a box: a rack, the lowest unit, and the face it is mounted at."""

    rack: str
    u_low: int
    face: Face = "front"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a box cannot be somewhere: it would end below unit 1, above the top, or in units that are taken."""

    kind: Literal["below", "above", "taken"]
    u_low: int
    u_top: int
    limit_u: int
    by: str = ""  # the box in the way
    by_low: int = 0
    by_top: int = 0

    def error(self, what: str, rack: str) -> TwinError:
        """The same as an error about a box in a rack."""
        units = f"{what} in units {self.u_low} to {self.u_top}"
        if self.kind == "taken":
            text = f"{units} would collide with {self.by} in units {self.by_low} to {self.by_top}"
        else:
            text = f"{units} would stand out of the rack, which has units 1 to {self.limit_u}"
        return TwinError(text, rack, "choose free units, or take something out")


def faces_taken(device: Fittable, face: Face) -> tuple[Face, ...]:
    """A server or CDU reaches through to the other side; what is shallow leaves the other face free."""
    return ("front", "rear") if isinstance(device, (Server, Cdu)) else (face,)


def height_u(device: Fittable) -> int:
    """Whole units a box takes; 0 for what hangs beside them."""
    return math.ceil(device.u_height)


def owner_of(rack: FloorRack) -> str:
    """What an edit of a rack changes: its row, for the racks of a row are equal, or itself."""
    return rack.row or rack.id


def addressed(rack: FloorRack) -> Iterator[tuple[FittedDevice, BoxAt]]:
    """The boxes of a rack, each with where it is written."""
    index = {id(spec): i for i, spec in enumerate(rack.spec.contents)}
    seen: Counter[int] = Counter()
    for box in rack.fitted:
        i_fitting = index[id(box.spec)]
        i_box = (box.u_low - box.spec.u) // box.u_height if box.spec.u and box.u_height else seen[i_fitting]
        seen[i_fitting] += 1
        yield box, BoxAt(owner_of(rack), i_fitting, i_box)


class Units:
    """The units of a rack on both faces and which box has them; some boxes may be thought away."""

    def __init__(self, rack: FloorRack, without: Collection[BoxAt] = ()) -> None:
        self.rack = rack
        self._taken: dict[tuple[int, Face], tuple[str, int, int]] = {}
        for box, at in addressed(rack):
            if box.u_low and box.u_height and at not in without:
                self.take(box.id, box.device, box.u_low, box.spec.face)

    def take(self, name: str, device: Fittable, u_low: int, face: Face) -> None:
        """Put a box there; units that are taken keep their first owner."""
        top = u_low + height_u(device) - 1
        for u in range(u_low, top + 1):
            for side in faces_taken(device, face):
                self._taken.setdefault((u, side), (name, u_low, top))

    def trouble(self, device: Fittable, u_low: int, face: Face = "front") -> Trouble | None:
        """What keeps a box from standing there, or None."""
        top, limit = u_low + height_u(device) - 1, self.rack.device.u_height
        if not height_u(device):
            return None
        if u_low < 1 or top > limit:
            return Trouble("below" if u_low < 1 else "above", u_low, top, limit)
        for u in range(u_low, top + 1):
            for side in faces_taken(device, face):
                other = self._taken.get((u, side))
                if other is not None:
                    return Trouble("taken", u_low, top, limit, *other)
        return None

    def free_u(self, device: Fittable, face: Face = "front", near: int = 1) -> int | None:
        """The free lowest unit nearest to one, the upper of two equally near; None when there is no place."""
        low = range(1, self.rack.device.u_height - height_u(device) + 2)
        fits = [u for u in low if self.trouble(device, u, face) is None]
        return min(fits, key=lambda u: (abs(u - near), -u), default=None)

    def is_free(self, u: int, face: Face) -> bool:
        """Whether nobody has a unit of a face."""
        return (u, face) not in self._taken


def collisions(rack: FloorRack) -> dict[str, Trouble]:
    """What is wrong with the units of each box of a rack, by box; a box that stands well is left out."""
    found: dict[str, Trouble] = {}
    standing = [(box, at) for box, at in addressed(rack) if box.u_low and box.u_height]
    if len({*_cells(standing)}) == sum(1 for _ in _cells(standing)):
        tops = [box for box, _ in standing if box.u_low + box.u_height - 1 > rack.device.u_height]
        limit = rack.device.u_height
        return {box.id: Trouble("above", box.u_low, box.u_low + box.u_height - 1, limit) for box in tops}
    for box, at in standing:
        trouble = Units(rack, {at}).trouble(box.device, box.u_low, box.spec.face)
        if trouble is not None:
            found[box.id] = trouble
    return found


def _cells(standing: list[tuple[FittedDevice, BoxAt]]) -> Iterator[tuple[int, Face]]:
    for box, _ in standing:
        for u in range(box.u_low, box.u_low + box.u_height):
            for face in faces_taken(box.device, box.spec.face):
                yield u, face


# Edits


def move_boxes(layout: Layout, floor: Floor, slots: Mapping[str, Slot]) -> Layout:
    """With boxes moved to other units or racks; what a rack of a row gets, every rack of the row gets.

    Taken units and places outside a rack are refused, and so is a move into or out of a row: it would take one box
    out of many racks, or make many of one.
    """
    changes: dict[BoxAt, Slot] = {}
    boxes: dict[BoxAt, FittedDevice] = {}
    for name, slot in slots.items():
        box, at = _known(floor, name)
        to = floor.racks[slot.rack]
        row = floor.racks[box.rack].row or to.row
        if at.owner != owner_of(to) and row:
            n = len(floor.row_racks[row])
            what = f"{name} would cross between {at.owner} and {owner_of(to)}, and row {row} has {n} equal racks"
            raise TwinError(what, row, "copy it instead, or break the row into racks first")
        changes[at], boxes[at] = slot, box
    _check(floor, [(boxes[at], slot) for at, slot in changes.items()], changes)
    for owner in dict.fromkeys(at.owner for at in changes):
        layout = _rewritten(layout, owner, {at: s for at, s in changes.items() if at.owner == owner}, floor, boxes)
    return layout


def add_boxes(layout: Layout, floor: Floor, adds: Sequence[tuple[Fitting, Slot, Fittable]]) -> Layout:
    """With more boxes, each one of a kind of fitting; names and stacks are not copied."""
    by_rack: dict[str, Units] = {}
    for spec, slot, device in adds:
        units = by_rack.setdefault(owner_of(floor.racks[slot.rack]), Units(floor.racks[slot.rack]))
        _take(units, spec.type, device, slot)
    for spec, slot, device in adds:
        u_low = slot.u_low if height_u(device) else 0
        made = spec.model_copy(update={"u": u_low, "face": slot.face, "id": None, "count": 1})
        layout = _with(layout, owner_of(floor.racks[slot.rack]), (made,))
    return layout


def remove_boxes(layout: Layout, floor: Floor, names: Collection[str]) -> Layout:
    """Without boxes; in a row, without those of every rack of it. What named them still does, and a check says so."""
    gone = {at: None for at in (_known(floor, name)[1] for name in names)}
    boxes = {
        at: box for rack in {floor.fitted[name].rack for name in names} for box, at in addressed(floor.racks[rack])
    }
    for owner in dict.fromkeys(at.owner for at in gone):
        layout = _rewritten(layout, owner, {at: None for at in gone if at.owner == owner}, floor, boxes)
    return layout


@dataclass(frozen=True, slots=True)
class Fill:
    """So many boxes of a type from a unit upward, one every so many units."""

    device: Fittable
    count: int
    from_u: int = 1
    every_u: int = 1
    face: Face = "front"


def fill(layout: Layout, floor: Floor, racks: Sequence[str], what: Fill) -> Layout:
    """With racks filled; a row counts once, and boxes that touch are written as one stack."""
    u_height = height_u(what.device)
    if not u_height or what.every_u < u_height:
        text = f"{what.device.name} takes {u_height} U, one every {what.every_u} U leaves no room for it"
        raise TwinError(text, what.device.id, f"take one every {max(u_height, 1)} U or more")
    for rack in {owner_of(floor.racks[name]): floor.racks[name] for name in racks}.values():
        units = Units(rack)
        for i in range(what.count):
            _take(units, what.device.name, what.device, Slot(rack.id, what.from_u + i * what.every_u, what.face))
        stack = what.count if what.every_u == u_height else 1
        lows = range(what.from_u, what.from_u + what.count * what.every_u, what.every_u * stack)
        made = (Fitting(type=what.device.id, u=u, face=what.face, count=stack) for u in lows)
        layout = _with(layout, owner_of(rack), tuple(made))
    return layout


def room_for(floor: Floor, racks: Sequence[str], what: Fill) -> int:
    """How many of a fill have room in every one of these racks, counted from its first unit until the first trouble."""
    least = 0
    for i, rack in enumerate({owner_of(floor.racks[name]): floor.racks[name] for name in racks}.values()):
        units, n = Units(rack), 0
        while units.trouble(what.device, what.from_u + n * max(what.every_u, 1), what.face) is None and n < 1000:
            n += 1
        least = n if i == 0 else min(least, n)
    return least


def set_fitting(layout: Layout, floor: Floor, name: str, **changes: object) -> Layout:
    """With other values of one box, such as its feeds; a box of a stack leaves its stack."""
    box, at = _known(floor, name)
    body = cast(Body, edit.find(layout, at.owner))
    parts = _parts(body.contents[at.i_fitting], {at.i_box}, box.u_height)
    changed = tuple(part if i_box is None else part.model_copy(update=changes) for part, i_box in parts)
    contents = (*body.contents[: at.i_fitting], *changed, *body.contents[at.i_fitting + 1 :])
    return edit.replace(layout, body.model_copy(update={"contents": contents}))


def _known(floor: Floor, name: str) -> tuple[FittedDevice, BoxAt]:
    box = floor.fitted.get(name)
    if box is None:
        raise TwinError(f"there is no box {name!r} in a rack", name, "choose a box that is fitted")
    return box, next(at for other, at in addressed(floor.racks[box.rack]) if other is box)


def _check(floor: Floor, moved: list[tuple[FittedDevice, Slot]], without: Collection[BoxAt]) -> None:
    by_owner: dict[str, Units] = {}
    for box, slot in moved:
        rack = floor.racks[slot.rack]
        units = by_owner.setdefault(owner_of(rack), Units(rack, without))
        _take(units, box.id, box.device, slot)


def _take(units: Units, name: str, device: Fittable, slot: Slot) -> None:
    trouble = units.trouble(device, slot.u_low, slot.face)
    if trouble is not None:
        raise trouble.error(name, units.rack.id)
    units.take(name, device, slot.u_low, slot.face)


def _rewritten(
    layout: Layout,
    owner: str,
    changes: Mapping[BoxAt, Slot | None],
    floor: Floor,
    boxes: Mapping[BoxAt, FittedDevice],
) -> Layout:
    """The contents of one rack or row with boxes moved or gone; stacks that change as a whole stay stacks."""
    body = cast(Body, edit.find(layout, owner))
    kept: list[Fitting] = []
    away: dict[str, list[Fitting]] = {}
    by_fitting: dict[int, dict[int, Slot | None]] = {}
    for at, slot in changes.items():
        by_fitting.setdefault(at.i_fitting, {})[at.i_box] = slot
    for i, spec in enumerate(body.contents):
        moves = by_fitting.get(i)
        if moves is None:
            kept.append(spec)
            continue
        u_height = next(box.u_height for at, box in boxes.items() if at.i_fitting == i and at.owner == owner)
        for part, slot in _moved(spec, moves, u_height):
            to = owner if slot is None else owner_of(floor.racks[slot.rack])
            (kept if to == owner else away.setdefault(to, [])).append(part)
    layout = edit.replace(layout, body.model_copy(update={"contents": tuple(kept)}))
    for to, parts in away.items():
        layout = _with(layout, to, tuple(parts))
    return layout


def _moved(spec: Fitting, moves: Mapping[int, Slot | None], u_height: int) -> Iterator[tuple[Fitting, Slot | None]]:
    """The fittings one fitting becomes, each with the slot it goes to; what stays has none, what is removed is gone."""
    whole = _as_one(spec, moves, u_height)
    if whole is not None:
        yield spec.model_copy(update={"u": whole.u_low, "face": whole.face}), whole
        return
    for part, i_box in _parts(spec, set(moves), u_height):
        slot = None if i_box is None else moves[i_box]
        if i_box is None:
            yield part, None
        elif slot is not None:
            yield part.model_copy(update={"u": slot.u_low if spec.u else 0, "face": slot.face}), slot


def _as_one(spec: Fitting, moves: Mapping[int, Slot | None], u_height: int) -> Slot | None:
    """The slot of the lowest box when all of a stack move together, else None."""
    slots = [moves.get(i) for i in range(spec.count)]
    first = slots[0]
    if first is None or not spec.u:
        return None
    wanted = [Slot(first.rack, first.u_low + i * u_height, first.face) for i in range(spec.count)]
    return first if slots == wanted else None


def _parts(spec: Fitting, singled: Collection[int], u_height: int) -> Iterator[tuple[Fitting, int | None]]:
    """A stack in parts: boxes singled out alone, with which it was; the rest in stacks, or one by one to keep names."""
    i = 0
    while i < spec.count:
        n = 1
        if i not in singled and not spec.id:
            while i + n < spec.count and i + n not in singled:
                n += 1
        name = spec.id if not spec.id or i == 0 else f"{spec.id}.{i + 1}"
        u = spec.u + i * u_height if spec.u else 0
        yield spec.model_copy(update={"id": name, "u": u, "count": n}), i if i in singled else None
        i += n


def _with(layout: Layout, owner: str, fittings: tuple[Fitting, ...]) -> Layout:
    body = cast(Body, edit.find(layout, owner))
    return edit.replace(layout, body.model_copy(update={"contents": (*body.contents, *fittings)}))
