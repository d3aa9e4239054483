"""From a layout and a catalogue to the floor: rows become racks, types become sheets, names are looked up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar, cast

from twin.catalogue.compute import Accelerator, Rack, Server
from twin.catalogue.cooling import AirCooler, Cdu, Chiller, HeatRejection, Pump, Tank, Tile
from twin.catalogue.device import Device, Footprint
from twin.catalogue.electrical import Battery, PowerElement
from twin.catalogue.library import Catalogue
from twin.catalogue.network import Switch
from twin.errors import CatalogueError, DocumentError, TwinError, raise_all
from twin.layout.floor import (
    Fittable,
    FittedDevice,
    Floor,
    FloorCooler,
    FloorPlant,
    FloorPower,
    FloorRack,
    FloorTiles,
    PlantDevice,
)
from twin.layout.geometry import Corners, Point, front_of, rectangle, turned
from twin.layout.model import (
    Fitting,
    Layout,
    Place,
    PlacedCooler,
    PlacedRack,
    PlantItem,
    PowerNode,
    RackRow,
)
from twin.layout.names import rack_name
from twin.layout.references import dangling
from twin.layout.room import TileField

Kind = TypeVar("Kind", bound=Device)
Item = TypeVar("Item")

FITTABLE = (Server, Switch, PowerElement, Cdu)
_Box = tuple[Fitting, Fittable, float]
PLANT = (Chiller, HeatRejection, Pump, Tank)


def expand(layout: Layout, catalogue: Catalogue) -> Floor:
    """Everything placed, resolved. Unknown devices, ids given twice and names of nothing are raised together."""
    floor, problems = expand_known(layout, catalogue)
    problems += [DocumentError(f"no {ref.wanted} {ref.name!r}", ref.place, ref.hint) for ref in dangling(floor)]
    raise_all(problems)
    return floor


def expand_known(layout: Layout, catalogue: Catalogue) -> tuple[Floor, list[TwinError]]:
    """What can be resolved, and the problems: CatalogueError for devices, DocumentError for ids."""
    expansion = _Expansion(Floor(layout), catalogue)
    for tiles in layout.tiles:
        expansion.add_tiles(tiles)
    for rack in layout.racks:
        expansion.add_rack(rack)
    for row in layout.rows:
        expansion.add_row(row)
    for cooler in layout.coolers:
        expansion.add_cooler(cooler)
    for loop in layout.loops:
        expansion.keep(expansion.floor.loops, loop.id, loop)
    for item in layout.plant:
        expansion.add_plant(item)
    for node in layout.power:
        expansion.add_power(node)
    expansion.claim_the_rest()
    return expansion.floor, expansion.problems


def row_places(row: RackRow, device: Rack) -> Iterator[tuple[int, str, Point]]:
    """Place, id and centre of each rack of a row; the row turns as one body about its own centre."""
    width_m = (row.count - 1) * row.pitch_m + device.width_m
    centre = (row.x_m + width_m / 2, row.y_m + device.depth_m / 2)
    for n in range(1, row.count + 1):
        if n not in row.skip:
            x_m = row.x_m + (n - 1) * row.pitch_m + device.width_m / 2
            yield n, rack_name(row, n), turned((x_m, centre[1]), centre, row.angle_deg)


@dataclass(slots=True)
class _Expansion:
    """A floor being filled; problems are collected, what has one is left out."""

    floor: Floor
    catalogue: Catalogue
    problems: list[TwinError] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def find(self, key: str, kind: type[Kind], where: str) -> Kind | None:
        try:
            return self.catalogue.find(key, kind, where)
        except CatalogueError as error:
            self.problems.append(error)
            return None

    def find_of(self, key: str, kinds: tuple[type[Device], ...], where: str) -> Device | None:
        device = self.catalogue.get(key)
        if isinstance(device, kinds):
            return device
        return self.find(key, kinds[0], where)

    def claim(self, name: str) -> bool:
        """Whether an id is still free; a second use is a problem."""
        if name in self.taken:
            self.problems.append(DocumentError(f"id {name!r} is given twice", name, "rename one"))
            return False
        self.taken.add(name)
        return True

    def keep(self, shelf: dict[str, Item], name: str, item: Item) -> None:
        if self.claim(name):
            shelf[name] = item

    def claim_the_rest(self) -> None:
        """Ids of what needs no sheet."""
        room = self.floor.layout.room
        rest: Iterable[str] = (
            part.id
            for parts in (self.floor.layout.containments, room.walls, room.columns, room.doors)
            for part in parts
        )
        for name in (*rest, *(fabric.id for fabric in self.floor.layout.fabrics)):
            self.claim(name)

    def add_tiles(self, spec: TileField) -> None:
        device = self.find(spec.type, Tile, spec.id)
        if device is None:
            return
        width_m, depth_m = spec.columns * device.width_m, spec.rows * device.depth_m
        outline = rectangle((spec.x_m + width_m / 2, spec.y_m + depth_m / 2), width_m, depth_m, 0.0)
        open_frac = device.open_frac if spec.open_frac is None else spec.open_frac
        self.keep(self.floor.tiles, spec.id, FloorTiles(spec.id, spec, device, outline, open_frac))

    def add_rack(self, spec: PlacedRack) -> None:
        device = self.find(spec.type, Rack, spec.id)
        fittings, rear_door = self._contents(spec)
        if device is not None:
            centre = (spec.x_m + device.width_m / 2, spec.y_m + device.depth_m / 2)
            self._stand(FloorRack(spec.id, None, 0, spec, device, rear_door, *_stance(centre, spec, device)), fittings)

    def add_row(self, spec: RackRow) -> None:
        device = self.find(spec.type, Rack, spec.id)
        fittings, rear_door = self._contents(spec)
        if device is None or not self.claim(spec.id):
            return
        names = self.floor.row_racks[spec.id] = []
        for place, name, centre in row_places(spec, device):
            rack = FloorRack(name, spec.id, place, spec, device, rear_door, *_stance(centre, spec, device))
            if self._stand(rack, fittings):
                names.append(name)

    def _contents(self, spec: PlacedRack | RackRow) -> tuple[list[_Box], AirCooler | None]:
        """Sheets of what is in a rack, looked up once for all racks of a row."""
        rear_door = self.find(spec.rear_door, AirCooler, f"{spec.id} rear_door") if spec.rear_door else None
        found = []
        for i, fitting in enumerate(spec.contents):
            device = self.find_of(fitting.type, FITTABLE, f"{spec.id} contents[{i}]")
            for card in fitting.cards:
                self.find(card, Accelerator, f"{spec.id} contents[{i}] cards")
            if device is not None:
                found.append((fitting, cast(Fittable, device), largest_draw_w(device, fitting, self.catalogue)))
        return found, rear_door

    def _stand(self, rack: FloorRack, fittings: list[_Box]) -> bool:
        if not self.claim(rack.id):
            return False
        self.floor.racks[rack.id] = rack
        names: set[str] = set()
        for spec, device, max_w in fittings:
            u_height = math.ceil(device.u_height)
            for i in range(spec.count):
                u_low = spec.u + i * u_height if spec.u else 0
                name = _fitted_name(rack, spec, i, u_low, names)
                names.add(name)
                feeds = rack.feeds if spec.feeds is None else spec.feeds
                box = FittedDevice(name, rack.id, device, spec, u_low, u_height, feeds, max_w)
                if self.claim(name):
                    rack.fitted.append(box)
                    self.floor.fitted[name] = box
        return True

    def add_cooler(self, spec: PlacedCooler) -> None:
        device = self.find_of(spec.type, (AirCooler, Cdu), spec.id)
        if device is not None:
            known = cast(AirCooler | Cdu, device)
            outline = _outline(spec, known.footprint)
            centre = _centre(spec, known.footprint)
            item = FloorCooler(spec.id, spec, known, centre, outline, front_of(spec.angle_deg))
            self.keep(self.floor.coolers, spec.id, item)

    def add_plant(self, spec: PlantItem) -> None:
        device = self.find_of(spec.type, PLANT, spec.id)
        if device is not None:
            known = cast(PlantDevice, device)
            outline = _outline(spec.place, None if isinstance(known, Pump) else known.footprint)
            self.keep(self.floor.plant, spec.id, FloorPlant(spec.id, spec, known, outline))

    def add_power(self, spec: PowerNode) -> None:
        device = self.find(spec.type, PowerElement, spec.id)
        battery = self.find(spec.battery, Battery, f"{spec.id} battery") if spec.battery else None
        if device is not None:
            rated_w = spec.rated_w or device.rated_w or device.rated_va
            outline = _outline(spec.place, device.footprint)
            self.keep(self.floor.power, spec.id, FloorPower(spec.id, spec, device, battery, rated_w, outline))


def _fitted_name(rack: FloorRack, spec: Fitting, i: int, u_low: int, taken: set[str]) -> str:
    """The given id (in a row RACK.id, stacked ones id.2, id.3 ...), else RACK/uNN, with .2, .3 where that is taken."""
    if spec.id:
        name = f"{rack.id}.{spec.id}" if rack.row else spec.id
        return name if i == 0 else f"{name}.{i + 1}"
    name = f"{rack.id}/u{u_low:02d}"
    n = 1
    while (name if n == 1 else f"{name}.{n}") in taken:
        n += 1
    return name if n == 1 else f"{name}.{n}"


def largest_draw_w(device: Device, fitting: Fitting, catalogue: Catalogue) -> float:
    """Largest draw, W: the rating, else what its parts may draw together; cards put into free slots add theirs."""
    if isinstance(device, Switch):
        return device.max_w or (device.typical_w or 0.0) + device.ports * (device.port_w or 0.0)
    if isinstance(device, Server):
        own = 0.0 if device.max_w else sum(_tdp_w(catalogue, part.type) * part.count for part in device.accelerators)
        rated_w = device.max_w or own + (device.host_max_w or 0.0) + (device.fan_max_w or 0.0)
        return rated_w + sum(_tdp_w(catalogue, card) * n for card, n in fitting.cards.items())
    return (device.pump_max_w or 0.0) if isinstance(device, Cdu) else 0.0


def _tdp_w(catalogue: Catalogue, key: str) -> float:
    card = catalogue.get(key)
    return (card.tdp_w or 0.0) if isinstance(card, Accelerator) else 0.0


def _stance(centre: Point, place: Place, device: Rack) -> tuple[Point, float, Corners, Point]:
    """Centre, angle, outline and front of a rack."""
    outline = rectangle(centre, device.width_m, device.depth_m, place.angle_deg)
    return centre, place.angle_deg, outline, front_of(place.angle_deg)


def _centre(place: Place, footprint: Footprint | None) -> Point:
    if footprint is None:
        return place.x_m, place.y_m
    return place.x_m + footprint.width_m / 2, place.y_m + footprint.depth_m / 2


def _outline(place: Place | None, footprint: Footprint | None) -> Corners | None:
    if place is None or footprint is None:
        return None
    return rectangle(_centre(place, footprint), footprint.width_m, footprint.depth_m, place.angle_deg)
