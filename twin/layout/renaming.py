"""Names follow a thing that is renamed, and a row that becomes racks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel

from twin.layout.model import Fabric, Fitting, Layout

Part = TypeVar("Part", bound=BaseModel)
Ids = Mapping[str, str | tuple[str, ...]]


def renamed(layout: Layout, ids: Ids) -> Layout:
    """The layout with every reference to an old id pointing to the new one, or to all of several.

    A field that can hold only one name (the row a cooler stands in) becomes empty where one name turns into several.
    """
    update = {
        "racks": tuple(_contents(_fields(rack, ids, "feeds", "loop"), ids) for rack in layout.racks),
        "rows": tuple(_contents(_fields(row, ids, "feeds", "loop"), ids) for row in layout.rows),
        "coolers": tuple(_fields(c, ids, "feeds", "loop", "serves", "in_row") for c in layout.coolers),
        "plant": tuple(_fields(item, ids, "feeds", "loop", "rejects_to") for item in layout.plant),
        "power": tuple(_fields(node, ids, "inputs") for node in layout.power),
        "fabrics": tuple(_fabric(fabric, ids) for fabric in layout.fabrics),
    }
    return layout.model_copy(update=update)


def _contents(rack: Part, ids: Ids) -> Part:
    contents: tuple[Fitting, ...] = rack.contents  # type: ignore[attr-defined]
    changed = tuple(_fields(box, ids, "feeds") for box in contents)
    return rack if all(a is b for a, b in zip(contents, changed, strict=True)) else _copy(rack, contents=changed)


def _fabric(fabric: Fabric, ids: Ids) -> Fabric:
    links = tuple(_fields(link, ids, "a", "b") for link in fabric.links)
    serves = {str(_one(leaf, ids)): _many(served, ids) for leaf, served in fabric.serves.items()}
    fabric = _fields(fabric, ids, "leaves", "spines")
    is_same = serves == fabric.serves and all(a is b for a, b in zip(fabric.links, links, strict=True))
    return fabric if is_same else _copy(fabric, links=links, serves=serves)


def _fields(part: Part, ids: Ids, *names: str) -> Part:
    """The part with these fields renamed; the same object when nothing changes."""
    update: dict[str, object] = {}
    for name in names:
        value = getattr(part, name)
        if isinstance(value, dict):
            new: object = {key: _one(item, ids) for key, item in value.items()}
        elif isinstance(value, tuple):
            new = _many(value, ids)
        else:
            new = _one(value, ids)
        if new != value:
            update[name] = new
    return _copy(part, **update) if update else part


def _copy(part: Part, **update: object) -> Part:
    return part.model_copy(update=update)


def _one(name: str | None, ids: Ids) -> str | None:
    new = ids.get(name, name) if name is not None else None
    return new if isinstance(new, str) else None


def _many(names: tuple[str, ...], ids: Ids) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        new = ids.get(name, name)
        found += [new] if isinstance(new, str) else new
    return tuple(found)
