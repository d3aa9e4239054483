"""What differs between two layouts, thing by thing: added, removed, moved, changed, with both values of every field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from twin.layout.model import Fitting, Layout, Link
from twin.layout.room import Underlay
from twin.layout.shelves import SHELVES, Named, Shelf, own_values
from twin.layout.store import plain

How = Literal["added", "removed", "moved", "changed"]
SIGNS: dict[How, str] = {"added": "+", "removed": "-", "moved": ">", "changed": "*"}
HALL = "hall"
PLACES = frozenset({"x_m", "y_m", "angle_deg", "points_m", "place.x_m", "place.y_m", "place.angle_deg"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with both values as plain JSON; None where it is not set. `field` is its path, such as feeds.A."""

    field: str
    before: object
    after: object

    def text(self) -> str:
        """Such as `x_m 3.6 -> 4.2`."""
        return f"{self.field} {_shown(self.before)} -> {_shown(self.after)}"


@dataclass(frozen=True, slots=True)
class ThingChange:
    """What happened to one thing; a row counts as one. A renamed thing has its new id, and the old one in its fields.

    Moved means that nothing but its place or angle changed. The hall's own values are of the kind `hall`, without id.
    """

    how: How
    kind: str
    id: str
    fields: tuple[FieldChange, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Whether its place or angle changed, whatever else did."""
        return any(change.field in PLACES for change in self.fields)

    @property
    def old_id(self) -> str:
        """Its id in the first layout."""
        return next((str(change.before) for change in self.fields if change.field == "id"), self.id)

    def line(self) -> str:
        """One line, such as `> rack A1 moved: x_m 3.6 -> 4.2`."""
        what = f"{SIGNS[self.how]} {self.kind} {self.id}".rstrip()
        fields = "; ".join(change.text() for change in self.fields)
        return f"{what} {self.how}" + (f": {fields}" if fields else "")


def diff(before: Layout, after: Layout) -> tuple[ThingChange, ...]:
    """Every difference, in the order of the document; nothing exactly when both layouts are equal."""
    own = tuple(_value_changes(dict(own_values(before)), dict(own_values(after)), ""))
    order = tuple(_order_changes(before, after))
    hall = (ThingChange("changed", HALL, "", (*own, *order)),) if own or order else ()
    return (*hall, *(change for shelf in SHELVES for change in _shelf_changes(shelf, before, after)))


def _shelf_changes(shelf: Shelf, before: Layout, after: Layout) -> Iterator[ThingChange]:
    old, new = _by_key(shelf.of(before)), _by_key(shelf.of(after))
    gone = {key: thing for key, thing in old.items() if key not in new}
    come = {key: thing for key, thing in new.items() if key not in old}
    renamed = _renamed(gone, come)
    for key, thing in new.items():
        if key in come and key not in renamed:
            yield ThingChange("added", shelf.noun, thing.id)
            continue
        was = gone[renamed[key]] if key in renamed else old[key]
        if was is not thing and was != thing:
            fields = tuple(_value_changes(_fields(was), _fields(thing), ""))
            how: How = "moved" if all(change.field in PLACES for change in fields) else "changed"
            yield ThingChange(how, shelf.noun, thing.id, fields)
    for key, thing in gone.items():
        if key not in renamed.values():
            yield ThingChange("removed", shelf.noun, thing.id)


def _by_key(things: Sequence[Named]) -> dict[tuple[str, int], Named]:
    """Things by id and, where a hand gave one id twice, by which of them it is."""
    made: dict[tuple[str, int], Named] = {}
    for thing in things:
        n = 0
        while (thing.id, n) in made:
            n += 1
        made[thing.id, n] = thing
    return made


def _renamed(
    gone: dict[tuple[str, int], Named], come: dict[tuple[str, int], Named]
) -> dict[tuple[str, int], tuple[str, int]]:
    """New key -> old key of things that are the same but for their id."""
    free = {_nameless(thing): key for key, thing in reversed(gone.items())}
    found = {}
    for key, thing in come.items():
        if (old := free.pop(_nameless(thing), None)) is not None:
            found[key] = old
    return found


def _nameless(thing: Named) -> str:
    return repr({name: value for name, value in _fields(thing).items() if name != "id"})


def _fields(thing: object) -> dict[str, object]:
    return dict(thing) if isinstance(thing, BaseModel) else {}


def _order_changes(before: Layout, after: Layout) -> Iterator[FieldChange]:
    for shelf in SHELVES:
        old, new = _by_key(shelf.of(before)), _by_key(shelf.of(after))
        first, then = [key for key in old if key in new], [key for key in new if key in old]
        if first != then:
            yield FieldChange(f"order of {shelf.path}", [key[0] for key in first], [key[0] for key in then])


def _value_changes(old: dict[str, object], new: dict[str, object], path: str) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*old, *new)):
        a, b = old.get(name), new.get(name)
        if a is b or a == b:
            continue
        inner = f"{path}.{name}" if path and not name.startswith("[") else f"{path}{name}"
        before, after = _opened(a), _opened(b)
        inside = list(_value_changes(before, after, inner)) if before is not None and after is not None else []
        # Parts that only changed places have no change inside.
        yield from inside or [FieldChange(inner, plain(a), plain(b))]


def _opened(value: object) -> dict[str, object] | None:
    """What is looked into: a part by its fields, a mapping by its keys, a list of parts by what each is known by."""
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, dict):
        return value
    if isinstance(value, tuple) and all(isinstance(part, (Fitting, Link, Underlay)) for part in value):
        made: dict[str, object] = {}
        for part in value:
            name = _known_by(part)
            n = 2
            while f"[{name}]" in made:
                name, n = f"{_known_by(part)} #{n}", n + 1
            made[f"[{name}]"] = part
        return made
    return None


def _known_by(part: object) -> str:
    if isinstance(part, Fitting):
        return part.id or (f"U{part.u}" if part.face == "front" else f"U{part.u} rear")
    if isinstance(part, Link):
        return f"{part.a}-{part.b}"
    return part.file if isinstance(part, Underlay) else ""


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict) and "type" in value:
        return str(value["type"])
    return str(value)
