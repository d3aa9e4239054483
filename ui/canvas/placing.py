"""What a device of the palette becomes on the plan: a rack, a cooler, a box in a rack, or nothing yet."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from twin.catalogue.compute import Rack, Server
from twin.catalogue.cooling import AirCooler, Cdu
from twin.catalogue.device import Device
from twin.catalogue.network import Switch
from twin.layout.edit import MICRO
from twin.layout.floor import Floor, FloorRack
from twin.layout.geometry import Point, bounds
from twin.layout.model import Fabric, PlacedCooler, PlacedRack
from twin.layout.room import Column, Containment, Door, Wall

PREFIXES = {"rack": "R", "crah": "CRAH", "crac": "CRAC", "fan_wall": "FAN", "in_row": "IRC", "cdu": "CDU"}


def fits_in_rack(device: Device) -> bool:
    """Whether it goes into a rack rather than onto the floor."""
    return isinstance(device, (Server, Switch)) or (isinstance(device, Cdu) and device.footprint is None)


def footprint_of(device: Device) -> tuple[float, float] | None:
    """Width and depth of what can be put on the floor, m; None for everything else."""
    if isinstance(device, Rack):
        return device.width_m, device.depth_m
    if isinstance(device, AirCooler) and device.role != "rear_door":
        return device.footprint.width_m, device.footprint.depth_m
    if isinstance(device, Cdu) and device.footprint is not None:
        return device.footprint.width_m, device.footprint.depth_m
    return None


def is_placeable(device: Device) -> bool:
    """Whether the plan takes it at all."""
    return fits_in_rack(device) or footprint_of(device) is not None


def placed(device: Device, corner_m: tuple[float, float], taken: Iterable[str]) -> PlacedRack | PlacedCooler:
    """The device on the floor with a free name; the caller has asked `footprint_of` first."""
    x_m, y_m = corner_m
    if isinstance(device, Rack):
        return PlacedRack(id=free_name(PREFIXES["rack"], taken), type=device.id, x_m=x_m, y_m=y_m)
    role = device.role if isinstance(device, AirCooler) else "cdu"
    name = free_name(f"{PREFIXES.get(role, 'COOLER')}-", taken)
    return PlacedCooler(id=name, type=device.id, x_m=x_m, y_m=y_m)


def free_name(stem: str, taken: Iterable[str]) -> str:
    """The stem with the lowest number nobody has; racks count with two digits."""
    used = set(taken)
    width = 1 if stem.endswith("-") else 2
    n = 1
    while f"{stem}{n:0{width}d}" in used:
        n += 1
    return f"{stem}{n:0{width}d}"


def next_name(name: str, taken: Iterable[str]) -> str:
    """The name of a copy: its number counted on to the first free one."""
    match = re.fullmatch(r"(.*?)(\d+)", name)
    stem, digits = (match[1], match[2]) if match else (f"{name}-", "1")
    used = set(taken)
    n = int(digits) + 1
    while f"{stem}{n:0{len(digits)}d}" in used:
        n += 1
    return f"{stem}{n:0{len(digits)}d}"


def lowest_free_u(rack: FloorRack, u_height: float) -> int | None:
    """The lowest unit where a box of that height fits; None when no gap is large enough."""
    need = math.ceil(u_height)
    used = {u for box in rack.fitted if box.u_low for u in range(box.u_low, box.u_low + box.u_height)}
    for low in range(1, rack.device.u_height - need + 2):
        if not used.intersection(range(low, low + need)):
            return low
    return None


def taken_names(floor: Floor) -> set[str]:
    """Every id in use on the drawing."""
    room = floor.layout.room
    parts: tuple[Containment | Wall | Column | Door | Fabric, ...] = (
        *floor.layout.containments, *room.walls, *room.columns, *room.doors, *floor.layout.fabrics,
    )  # fmt: skip
    shelves = (floor.racks, floor.fitted, floor.coolers, floor.plant, floor.power, floor.tiles, floor.loops)
    names = {part.id for part in parts} | set(floor.row_racks)
    return names.union(*shelves)


def place_of(floor: Floor, name: str) -> tuple[float, float, float] | None:
    """Where a thing is seen to stand: upper left corner of the box around it, m, and angle; None off the floor."""
    spot = _outline_of(floor, name)
    if spot is None:
        return None
    points, angle_deg = spot
    box = bounds(points)
    return round(box.x0_m, MICRO), round(box.y0_m, MICRO), angle_deg


def _outline_of(floor: Floor, name: str) -> tuple[list[Point], float] | None:
    rack, cooler = floor.racks.get(name), floor.coolers.get(name)
    if rack is not None:
        return [*rack.outline_m], rack.angle_deg
    if cooler is not None:
        return ([*cooler.outline_m], cooler.spec.angle_deg) if cooler.outline_m else None
    members = floor.row_racks.get(name)
    if members:
        racks = [floor.racks[member] for member in members]
        return [point for rack in racks for point in rack.outline_m], racks[0].angle_deg
    node = floor.power.get(name) or floor.plant.get(name)
    if node is None or node.outline_m is None or node.spec.place is None:
        return None
    return [*node.outline_m], node.spec.place.angle_deg
