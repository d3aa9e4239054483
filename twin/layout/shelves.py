"""The shelves of a layout: which of its lists hold things with ids, and what the words for such things are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

from pydantic import BaseModel

from twin.layout.model import Fabric, Layout, Loop, PlacedCooler, PlacedRack, PlantItem, PowerNode, RackRow
from twin.layout.room import Column, Containment, Door, TileField, Wall


class Named(Protocol):
    """Whatever lies on a shelf."""

    @property
    def id(self) -> str:
        """Its name, unique in the layout."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """One list of things: its field, whether it is of the room, the model of its things, and the word for one."""

    field: str
    model: type[BaseModel]
    noun: str
    is_of_room: bool = False

    @property
    def path(self) -> str:
        """Where it is in the document, such as racks or room.walls."""
        return f"room.{self.field}" if self.is_of_room else self.field

    def of(self, layout: Layout) -> tuple[Named, ...]:
        """Its things in a layout."""
        return cast("tuple[Named, ...]", getattr(layout.room if self.is_of_room else layout, self.field))


SHELVES: tuple[Shelf, ...] = (
    Shelf("walls", Wall, "wall", True),
    Shelf("columns", Column, "column", True),
    Shelf("doors", Door, "door", True),
    Shelf("tiles", TileField, "tiles"),
    Shelf("containments", Containment, "containment"),
    Shelf("rows", RackRow, "row"),
    Shelf("racks", PlacedRack, "rack"),
    Shelf("coolers", PlacedCooler, "cooler"),
    Shelf("loops", Loop, "loop"),
    Shelf("plant", PlantItem, "plant item"),
    Shelf("power", PowerNode, "power node"),
    Shelf("fabrics", Fabric, "fabric"),
)
BY_PATH = {shelf.path: shelf for shelf in SHELVES}


def own_values(layout: Layout) -> Iterator[tuple[str, object]]:
    """What a layout says beside its shelves, by path: name, note, site, layers, underlays and the room's own values."""
    taken = {shelf.path for shelf in SHELVES}
    for name in Layout.model_fields:
        if name != "room" and name not in taken:
            yield name, getattr(layout, name)
    for name in type(layout.room).model_fields:
        if f"room.{name}" not in taken:
            yield f"room.{name}", getattr(layout.room, name)
