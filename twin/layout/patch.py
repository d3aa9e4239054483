"""What one layout has that another has not, as a small piece of JSON that turns the one into the other exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from twin.errors import DocumentError
from twin.files import Tree, validated
from twin.layout.model import Layout
from twin.layout.shelves import BY_PATH, SHELVES, Named, Shelf, own_values
from twin.layout.store import plain

ALL, DROP, PUT, OWN = "all", "drop", "put", "own"


def patch_of(before: Layout, after: Layout) -> Tree:
    """The change as JSON: per shelf the indices dropped and the things put, or all of it; own values by path.

    What both layouts share as objects is not looked into, so the patch of one edit costs what the edit changed.
    """
    patch: Tree = {}
    for shelf in SHELVES:
        old, new = shelf.of(before), shelf.of(after)
        if old is not new and old != new:
            patch[shelf.path] = _shelf_patch(old, new)
    kept = dict(own_values(before))
    own = {path: plain(value) for path, value in own_values(after) if value is not kept[path] and value != kept[path]}
    return {**patch, OWN: own} if own else patch


def patched(layout: Layout, patch: Tree, where: str = "") -> Layout:
    """The layout with a patch made to it; DocumentError when the patch does not fit it."""
    values, room = dict(layout), dict(layout.room)
    for path, change in patch.items():
        if path == OWN:
            for name, value in cast(Tree, change).items():
                (room if name.startswith("room.") else values)[name.removeprefix("room.")] = value
        elif path in BY_PATH:
            shelf = BY_PATH[path]
            things = _patched_shelf(shelf, shelf.of(layout), cast("dict[str, list[object]]", change), where)
            (room if shelf.is_of_room else values)[shelf.field] = things
        else:
            raise DocumentError(f"{path!r} is nothing a layout has", where, "the patch is of another program")
    # What was an object stays that object: only what the patch brought is validated.
    return validated(Layout, {**values, "room": room}, where)


def _shelf_patch(old: Sequence[Named], new: Sequence[Named]) -> Tree:
    if len(old) == len(new):
        # Most edits change a few things in place; among thousands, only those are looked at.
        other = [i for i, (was, thing) in enumerate(zip(old, new, strict=True)) if was is not thing]
        if all(old[i].id == new[i].id for i in other):
            return {DROP: [], PUT: [[i, plain(new[i])] for i in other if old[i] != new[i]]}
    old_at = {thing.id: i for i, thing in enumerate(old)}
    new_at = {thing.id: i for i, thing in enumerate(new)}
    kept_old = [thing.id for thing in old if thing.id in new_at]
    kept_new = [thing.id for thing in new if thing.id in old_at]
    if kept_old != kept_new or len(old_at) != len(old) or len(new_at) != len(new):
        return {ALL: [plain(thing) for thing in new]}
    put = []
    for i, thing in enumerate(new):
        was = old[old_at[thing.id]] if thing.id in old_at else None
        if was is not thing and was != thing:
            put.append([i, plain(thing)])
    return {DROP: [i for i, thing in enumerate(old) if thing.id not in new_at], PUT: put}


def _patched_shelf(
    shelf: Shelf, old: Sequence[Named], change: dict[str, list[object]], where: str
) -> tuple[object, ...]:
    if ALL in change:
        return tuple(validated(shelf.model, tree, f"{where} {shelf.path}") for tree in change[ALL])
    dropped = set(cast("list[int]", change[DROP]))
    kept = [thing for i, thing in enumerate(old) if i not in dropped]
    names = {thing.id for thing in kept}
    put = {
        i: cast(Named, validated(shelf.model, tree, f"{where} {shelf.path}[{i}]"))
        for i, tree in cast("list[tuple[int, Tree]]", change[PUT])
    }
    n_things = len(kept) + sum(thing.id not in names for thing in put.values())
    if any(i >= n_things for i in put) or any(i >= len(old) for i in dropped):
        raise DocumentError(f"{shelf.path} has {len(old)} things, the patch speaks of others", where, "another layout")
    made: list[Named] = []
    rest = iter(kept)
    for i in range(n_things):
        if i not in put:
            made.append(next(rest))
            continue
        if put[i].id in names:
            next(rest)
        made.append(put[i])
    return tuple(made)
