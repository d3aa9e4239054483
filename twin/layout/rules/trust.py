"""Which numbers under the drawing are estimates."""

from __future__ import annotations

from collections.abc import Iterator

from twin.catalogue.compute import Server
from twin.catalogue.device import NOT_NUMBERS, Device
from twin.catalogue.library import Catalogue
from twin.layout.finding import Finding, listed
from twin.layout.floor import Floor


def trust_findings(floor: Floor, catalogue: Catalogue) -> Iterator[Finding]:
    """One note per device type whose sheet holds estimates, in the order of first use."""
    for device in used_devices(floor, catalogue):
        fields = estimates(device)
        if fields:
            many = "values are estimates" if len(fields) > 1 else "value is an estimate"
            text = f"{device.name}: {len(fields)} {many}, not published ({listed(fields)})"
            hint = f"`twin devices {device.id}` shows the reasoning; a sheet of your own overrides it"
            yield Finding("trust.estimate", "note", device.id, text, hint)


def estimates(device: Device) -> list[str]:
    """Fields of a sheet that carry numbers nobody publishes."""
    filled = device.model_dump(exclude_none=True, exclude_defaults=True)
    numbers = (name for name, value in filled.items() if name not in NOT_NUMBERS and not isinstance(value, str))
    sources = ((name, device.source_of(name)) for name in numbers)
    return [name for name, source in sources if source is not None and source.estimate]


def used_devices(floor: Floor, catalogue: Catalogue) -> list[Device]:
    """Every sheet the floor rests on, once, in the order of first use; accelerators follow their servers."""
    used: dict[str, Device] = {}
    for rack in floor.racks.values():
        used[rack.device.id] = rack.device
        if rack.rear_door:
            used[rack.rear_door.id] = rack.rear_door
        for box in rack.fitted:
            used[box.device.id] = box.device
            inner = [part.type for part in box.device.accelerators] if isinstance(box.device, Server) else []
            used.update({key: catalogue[key] for key in (*inner, *box.spec.cards) if key in catalogue})
    placed = (floor.coolers, floor.plant, floor.power, floor.tiles)
    devices: list[Device] = [item.device for shelf in placed for item in shelf.values()]
    used.update({device.id: device for device in devices})
    used.update({node.battery.id: node.battery for node in floor.power.values() if node.battery})
    return list(used.values())
