"""Names in a layout that must mean something: feeds, inputs, loops, fabric members."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from twin.catalogue.compute import Server
from twin.catalogue.network import Switch
from twin.layout.floor import Floor
from twin.layout.model import Fabric, PlacedRack, RackRow


class Reference(NamedTuple):
    """A name that means nothing."""

    place: str  # id of the thing that says it
    field: str
    wanted: str  # what it should name
    name: str
    hint: str


class _Known(NamedTuple):
    """Ids that feeds and loops may name, whether their sheets are known or not."""

    power: set[str]
    loops: set[str]
    rows: set[str]


def dangling(floor: Floor) -> list[Reference]:
    """Every reference to something that is not drawn, in the order of the layout."""
    known = _Known(
        {node.id for node in floor.layout.power},
        {loop.id for loop in floor.layout.loops},
        {row.id for row in floor.layout.rows},
    )
    return [*_of_racks(floor, known), *_of_cooling(floor, known), *_of_power(floor, known), *_of_fabrics(floor)]


def _of_racks(floor: Floor, known: _Known) -> Iterator[Reference]:
    bodies: tuple[PlacedRack | RackRow, ...] = (*floor.layout.racks, *floor.layout.rows)
    for body in bodies:
        yield from _missing(body.id, "feeds", body.feeds.values(), known.power, "power node")
        yield from _missing(body.id, "loop", [body.loop], known.loops, "loop")
        for i, fitting in enumerate(body.contents):
            feeds = (fitting.feeds or {}).values()
            yield from _missing(body.id, f"contents[{i}].feeds", feeds, known.power, "power node")


def _of_cooling(floor: Floor, known: _Known) -> Iterator[Reference]:
    for cooler in floor.layout.coolers:
        yield from _missing(cooler.id, "loop", [cooler.loop], known.loops, "loop")
        yield from _missing(cooler.id, "serves", [cooler.serves], known.loops, "loop")
        yield from _missing(cooler.id, "feeds", cooler.feeds.values(), known.power, "power node")
        yield from _missing(cooler.id, "in_row", [cooler.in_row], known.rows, "row")
    for item in floor.layout.plant:
        yield from _missing(item.id, "loop", [item.loop], known.loops, "loop")
        yield from _missing(item.id, "rejects_to", [item.rejects_to], known.loops, "loop")
        yield from _missing(item.id, "feeds", item.feeds.values(), known.power, "power node")


def _of_power(floor: Floor, known: _Known) -> Iterator[Reference]:
    for node in floor.layout.power:
        yield from _missing(node.id, "inputs", node.inputs, known.power, "power node")


def _of_fabrics(floor: Floor) -> Iterator[Reference]:
    switches = {name for name, box in floor.fitted.items() if isinstance(box.device, Switch)}
    ends = switches | {name for name, box in floor.fitted.items() if isinstance(box.device, Server)}
    tags = {tag for rack in floor.racks.values() for tag in rack.spec.tags}
    groups = {*floor.racks, *floor.row_racks, *tags}
    for fabric in floor.layout.fabrics:
        yield from _missing(fabric.id, "leaves", fabric.leaves, switches, "switch")
        yield from _missing(fabric.id, "spines", fabric.spines, switches, "switch")
        yield from _of_serves(fabric, groups)
        for i, link in enumerate(fabric.links):
            yield from _missing(fabric.id, f"links[{i}]", (link.a, link.b), ends, "switch or server")


def _of_serves(fabric: Fabric, groups: Collection[str]) -> Iterator[Reference]:
    for leaf, served in fabric.serves.items():
        yield from _missing(fabric.id, "serves", [leaf], fabric.leaves, "leaf")
        yield from _missing(fabric.id, f"serves.{leaf}", served, groups, "rack, row or tag")


def _missing(
    place: str, where: str, names: Collection[str | None], known: Collection[str], wanted: str
) -> Iterator[Reference]:
    for name in names:
        if name is not None and name not in known:
            yield Reference(place, where, wanted, name, f"draw it, or mend {where} of {place}")
