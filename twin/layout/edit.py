"""Edits of a drawing: each takes a layout and returns a new one that shares what did not change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import TypeVar, cast

from twin.catalogue.compute import Rack
from twin.catalogue.library import Catalogue
from twin.errors import TwinError
from twin.files import validated
from twin.layout.expand import row_places
from twin.layout.model import (
    Fabric,
    Layout,
    Loop,
    PlacedCooler,
    PlacedRack,
    PlantItem,
    PowerNode,
    RackRow,
    Side,
)
from twin.layout.names import all_ids, ids_of, next_free_id, rack_names
from twin.layout.renaming import renamed
from twin.layout.room import Column, Containment, Door, TileField, Wall

__all__ = ["break_row", "cut", "find", "join", "move", "next_free_id", "place", "remove", "rename", "replace", "rotate"]

Thing = (
    PlacedRack | RackRow | PlacedCooler | Loop | PlantItem | PowerNode | Fabric | TileField | Containment
    | Wall | Column | Door
)  # fmt: skip
Kept = TypeVar("Kept")

SHELVES: dict[type, str] = {
    TileField: "tiles", Containment: "containments", RackRow: "rows", PlacedRack: "racks", PlacedCooler: "coolers",
    Loop: "loops", PlantItem: "plant", PowerNode: "power", Fabric: "fabrics",
}  # fmt: skip
ROOM_SHELVES: dict[type, str] = {Wall: "walls", Column: "columns", Door: "doors"}

MICRO = 6
"""Places are kept to the micrometre, so that moving there and back is no change."""


def find(layout: Layout, name: str) -> Thing:
    """The thing with that id; TwinError when there is none or when it is a rack of a row."""
    for owner, shelves in ((layout, SHELVES), (layout.room, ROOM_SHELVES)):
        for shelf in shelves.values():
            for thing in cast(tuple[Thing, ...], getattr(owner, shelf)):
                if thing.id == name:
                    return thing
    for row in layout.rows:
        if name in rack_names(row):
            raise TwinError(f"{name} is a rack of row {row.id}", name, f"edit {row.id}, or break the row first")
    raise TwinError(f"there is nothing with id {name!r}", layout.name, "name a thing that is drawn")


def place(layout: Layout, thing: Thing) -> Layout:
    """With one more thing, last of its kind."""
    shelf = _shelf(layout, type(thing))
    return _unique(_with_shelf(layout, type(thing), (*shelf, thing)), layout)


def replace(layout: Layout, thing: Thing) -> Layout:
    """With the thing of the same id and kind exchanged for this one."""
    known = find(layout, thing.id)
    if type(known) is not type(thing):
        raise TwinError(f"{thing.id} is a {_noun(known)}, not a {_noun(thing)}", thing.id, "choose another id")
    return _unique(_mapped(layout, {thing.id}, lambda _: thing), layout)


def remove(layout: Layout, names: Collection[str]) -> Layout:
    """Without these things. What hung on them still names them, and a check says so."""
    kinds = {type(find(layout, name)) for name in names}
    for kind in kinds:
        kept = tuple(thing for thing in _shelf(layout, kind) if thing.id not in names)
        layout = _with_shelf(layout, kind, kept)
    return layout


def move(layout: Layout, names: Collection[str], dx_m: float, dy_m: float) -> Layout:
    """With these things moved."""

    def moved(thing: Thing) -> Thing:
        if isinstance(thing, (PlantItem, PowerNode)):
            if thing.place is None:
                raise TwinError(f"{thing.id} is not drawn on the floor", thing.id, "give it a place first")
            return thing.model_copy(update={"place": thing.place.model_copy(update=_shifted(thing.place, dx_m, dy_m))})
        if isinstance(thing, Wall):
            points = tuple((round(x + dx_m, MICRO), round(y + dy_m, MICRO)) for x, y in thing.points_m)
            return thing.model_copy(update={"points_m": points})
        if isinstance(thing, (Loop, Fabric)):
            raise TwinError(f"{thing.id} is a {_noun(thing)} and has no place", thing.id, "move what hangs on it")
        return thing.model_copy(update=_shifted(thing, dx_m, dy_m))

    return _mapped(layout, names, moved)


def rotate(layout: Layout, names: Collection[str], angle_deg: float) -> Layout:
    """With these things turned counter-clockwise, each about its own centre."""

    def turned(thing: Thing) -> Thing:
        if isinstance(thing, (PlantItem, PowerNode)) and thing.place is not None:
            place = thing.place.model_copy(update={"angle_deg": _angle(thing.place.angle_deg + angle_deg)})
            return thing.model_copy(update={"place": place})
        if isinstance(thing, (PlacedRack, RackRow, PlacedCooler, Door)):
            return thing.model_copy(update={"angle_deg": _angle(thing.angle_deg + angle_deg)})
        raise TwinError(f"{thing.id} is a {_noun(thing)} that cannot be turned", thing.id, "turn something else")

    return _mapped(layout, names, turned)


def join(layout: Layout, name: str, node: str, side: Side = "A") -> Layout:
    """With a thing hung on a power node: on one side of a rack, row, cooler or plant item, as an input of a node."""
    if node not in {known.id for known in layout.power}:
        raise TwinError(f"there is no power node {node!r}", name, "place it first")

    def joined(thing: Thing) -> Thing:
        if isinstance(thing, PowerNode):
            if node in thing.inputs:
                raise TwinError(f"{name} hangs on {node} already", name, "choose another node")
            return thing.model_copy(update={"inputs": (*thing.inputs, node)})
        if isinstance(thing, (PlacedRack, RackRow, PlacedCooler, PlantItem)):
            if side in thing.feeds:
                raise TwinError(f"side {side} of {name} hangs on {thing.feeds[side]} already", name, "cut it first")
            return thing.model_copy(update={"feeds": {**thing.feeds, side: node}})
        raise TwinError(f"{name} is a {_noun(thing)} and takes no power", name, "join something else")

    return _mapped(layout, {name}, joined)


def cut(layout: Layout, name: str, node: str) -> Layout:
    """With a thing taken off a power node, on whichever side it hung."""

    def apart(thing: Thing) -> Thing:
        if isinstance(thing, PowerNode) and node in thing.inputs:
            return thing.model_copy(update={"inputs": tuple(up for up in thing.inputs if up != node)})
        if isinstance(thing, (PlacedRack, RackRow, PlacedCooler, PlantItem)) and node in thing.feeds.values():
            return thing.model_copy(update={"feeds": {s: up for s, up in thing.feeds.items() if up != node}})
        raise TwinError(f"{name} does not hang on {node}", name, "cut a feed that is there")

    return _mapped(layout, {name}, apart)


def rename(layout: Layout, old: str, new: str) -> Layout:
    """With another id for a thing; whatever names it follows, for a row its racks and their boxes too."""
    thing = find(layout, old)
    other = cast(Thing, validated(type(thing), {**dict(thing), "id": new}, new))
    ids: dict[str, str | tuple[str, ...]] = {old: new}
    if isinstance(thing, RackRow) and isinstance(other, RackRow):
        ids.update(zip(ids_of(thing), ids_of(other), strict=True))
    return _unique(renamed(_mapped(layout, {old}, lambda _: other), ids), layout)


def break_row(layout: Layout, name: str, catalogue: Catalogue) -> Layout:
    """With a row turned into single racks of the same ids and places; whatever named the row names its racks."""
    row = find(layout, name)
    if not isinstance(row, RackRow):
        raise TwinError(f"{name} is a {_noun(row)}, not a row", name, "choose a row")
    device = catalogue.find(row.type, Rack, name)
    body = {key: getattr(row, key) for key in PlacedRack.model_fields if key in RackRow.model_fields}
    racks = []
    for _, rack_id, (x_m, y_m) in row_places(row, device):
        contents = tuple(
            box.model_copy(update={"id": f"{rack_id}.{box.id}"}) if box.id else box for box in row.contents
        )
        corner = {"x_m": round(x_m - device.width_m / 2, MICRO), "y_m": round(y_m - device.depth_m / 2, MICRO)}
        racks.append(PlacedRack(**{**body, **corner, "id": rack_id, "contents": contents}))
    layout = remove(layout, {name}).model_copy(update={"racks": (*layout.racks, *racks)})
    return renamed(layout, {name: tuple(rack.id for rack in racks)})


def _unique(layout: Layout, before: Layout) -> Layout:
    """The layout, unless it gives an id twice that was not given twice before."""
    old = Counter(all_ids(before))
    twice = [name for name, n in Counter(all_ids(layout)).items() if n > max(1, old[name])]
    if twice:
        raise TwinError(f"id {twice[0]!r} is taken", layout.name, "choose another")
    return layout


def _shelf(layout: Layout, kind: type) -> tuple[Thing, ...]:
    owner, shelves = (layout.room, ROOM_SHELVES) if kind in ROOM_SHELVES else (layout, SHELVES)
    return cast(tuple[Thing, ...], getattr(owner, shelves[kind]))


def _with_shelf(layout: Layout, kind: type, things: tuple[Thing, ...]) -> Layout:
    if kind in ROOM_SHELVES:
        return layout.model_copy(update={"room": layout.room.model_copy(update={ROOM_SHELVES[kind]: things})})
    return layout.model_copy(update={SHELVES[kind]: things})


def _mapped(layout: Layout, names: Collection[str], change: Callable[[Thing], Thing]) -> Layout:
    """The layout with a change made to the things of these ids; others are the same objects as before."""
    wanted = set(names)
    for kind in {type(find(layout, name)) for name in wanted}:
        things = tuple(change(thing) if thing.id in wanted else thing for thing in _shelf(layout, kind))
        layout = _with_shelf(layout, kind, things)
    return layout


def _shifted(thing: object, dx_m: float, dy_m: float) -> dict[str, float]:
    x_m, y_m = cast(float, getattr(thing, "x_m")), cast(float, getattr(thing, "y_m"))  # noqa: B009
    return {"x_m": round(x_m + dx_m, MICRO), "y_m": round(y_m + dy_m, MICRO)}


def _angle(angle_deg: float) -> float:
    return round(angle_deg % 360, MICRO) % 360


def _noun(thing: Thing) -> str:
    return type(thing).__name__.removeprefix("Placed").lower()
