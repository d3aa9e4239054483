"""Does it fit in the rack: units, depth, weight, floor load."""

from __future__ import annotations

from collections.abc import Iterator

from twin.catalogue.compute import Server
from twin.catalogue.cooling import Cdu
from twin.layout.finding import Finding
from twin.layout.floor import FittedDevice, Floor, FloorRack


def rack_findings(floor: Floor) -> Iterator[Finding]:
    """Findings about what is in the racks; equal racks of a row are looked at once."""
    for rack in first_racks(floor):
        yield from _units(rack)
        yield from _depth(rack)
        yield from _weight(rack, floor.layout.room.floor_limit_kg_m2)


def first_racks(floor: Floor) -> Iterator[FloorRack]:
    """Each rack that stands alone and the first of each row."""
    seen: set[str] = set()
    for rack in floor.racks.values():
        if rack.row is None:
            yield rack
        elif rack.row not in seen:
            seen.add(rack.row)
            yield rack


def _units(rack: FloorRack) -> Iterator[Finding]:
    owner: dict[tuple[int, str], FittedDevice] = {}
    for box in rack.fitted:
        if box.u_low == 0 or box.u_height == 0:
            continue
        top = box.u_low + box.u_height - 1
        if top > rack.device.u_height:
            text = f"{box.id} takes units {box.u_low} to {top}, the rack has {rack.device.u_height}"
            yield Finding("rack.out_of_units", "error", rack.id, text, "move it down or take it out", rack.centre_m)
        # A server reaches through to the rear; what is shallow leaves the other face free.
        faces = ("front", "rear") if isinstance(box.device, (Server, Cdu)) else (box.spec.face,)
        taken = [(u, face) for u in range(box.u_low, top + 1) for face in faces]
        other = next((owner[slot] for slot in taken if slot in owner), None)
        if other is not None:
            other_top = other.u_low + other.u_height - 1
            text = (
                f"{box.id} in units {box.u_low} to {top} collides with {other.id} in units {other.u_low} to {other_top}"
            )
            yield Finding("rack.unit_collision", "error", rack.id, text, "move one of them", rack.centre_m)
        for slot in taken:
            owner.setdefault(slot, box)


def _depth(rack: FloorRack) -> Iterator[Finding]:
    for box in rack.fitted:
        depth_m = box.device.depth_m if isinstance(box.device, Server) else None
        if depth_m is not None and depth_m > rack.device.depth_m:
            text = f"{box.id} is {depth_m:.2f} m deep, the rack {rack.device.depth_m:.2f} m"
            yield Finding("rack.depth", "error", rack.id, text, "choose a deeper rack", rack.centre_m)


def _weight(rack: FloorRack, floor_limit_kg_m2: float | None) -> Iterator[Finding]:
    """Weights that no sheet gives count as nothing, so the sums are lower bounds."""
    load_kg = sum(box.device.weight_kg or 0.0 for box in rack.fitted)
    max_kg = rack.device.max_kg
    if max_kg is not None and load_kg > max_kg:
        text = f"carries {load_kg:,.0f} kg, the rack may carry {max_kg:,.0f} kg"
        yield Finding("rack.weight", "error", rack.id, text, "take something out", rack.centre_m)
    per_m2 = (load_kg + (rack.device.weight_kg or 0.0)) / (rack.device.width_m * rack.device.depth_m)
    if floor_limit_kg_m2 is not None and per_m2 > floor_limit_kg_m2:
        text = f"loads its footprint with {per_m2:,.0f} kg/m2, the floor may carry {floor_limit_kg_m2:,.0f} kg/m2"
        yield Finding("rack.floor_load", "warning", rack.id, text, "spread the load", rack.centre_m)
