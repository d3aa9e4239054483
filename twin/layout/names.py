"""Ids in a layout: which are taken, what racks of a row are called, which is free next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from twin.layout.model import Fitting, Layout, PlacedRack, RackRow


def rack_name(row: RackRow, n: int) -> str:
    """The id of the n-th rack of a row; only {row} and {n} (with a width such as {n:02d}) are filled in."""

    def filled(match: re.Match[str]) -> str:
        return row.id if match[1] == "row" else f"{n:0{match[2] or 0}d}"

    return re.sub(r"\{(row|n)(?::0?(\d)d)?\}", filled, row.naming)


def rack_names(row: RackRow) -> list[str]:
    """The ids of all racks of a row."""
    return [rack_name(row, n) for n in range(1, row.count + 1) if n not in row.skip]


def given_names(rack: str, contents: tuple[Fitting, ...], is_in_row: bool) -> Iterator[str]:
    """Ids of boxes that have one of their own; in a row it is RACK.id, the rest of a stack ends in .2, .3 and so on."""
    for fitting in contents:
        if fitting.id:
            first = f"{rack}.{fitting.id}" if is_in_row else fitting.id
            yield from (first if n == 1 else f"{first}.{n}" for n in range(1, fitting.count + 1))


def ids_of(thing: PlacedRack | RackRow) -> Iterator[str]:
    """The ids a rack or row brings with it."""
    yield thing.id
    if isinstance(thing, RackRow):
        for name in rack_names(thing):
            yield name
            yield from given_names(name, thing.contents, True)
    else:
        yield from given_names(thing.id, thing.contents, False)


def all_ids(layout: Layout) -> list[str]:
    """Every id in a layout, racks of rows and boxes with ids of their own included; one given twice is listed twice."""
    room = layout.room
    shelves = (
        layout.tiles, layout.containments, layout.coolers, layout.loops, layout.plant, layout.power, layout.fabrics,
        room.walls, room.columns, room.doors,
    )  # fmt: skip
    plain: list[str] = [thing.id for shelf in shelves for thing in shelf]
    racks: tuple[PlacedRack | RackRow, ...] = (*layout.racks, *layout.rows)
    return [*chain.from_iterable(ids_of(rack) for rack in racks), *plain]


def next_free_id(layout: Layout, prefix: str) -> str:
    """The prefix with the smallest number from 1 that no id has."""
    taken = set(all_ids(layout))
    n = 1
    while f"{prefix}{n}" in taken:
        n += 1
    return f"{prefix}{n}"
