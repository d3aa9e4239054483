"""Carbon of making what stands in a hall, and the share of it that a time of use carries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.device import Device
from twin.catalogue.library import Catalogue
from twin.layout.floor import FittedDevice, Floor

S_PER_YEAR = 365.25 * 86400.0


@dataclass(slots=True)
class Embodied:
    """Sums over everything placed; what no sheet knows is counted, not guessed."""

    kg: float = 0.0
    kg_per_s: float = 0.0  # each over its own lifetime
    by_kind: dict[str, float] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)  # device id -> how many stand there

    def add(self, device: Device, count: int) -> None:
        """So many of one device."""
        if device.embodied_kgco2e is None or device.lifetime_years is None:
            self.missing[device.id] = self.missing.get(device.id, 0) + count
            return
        kg = count * device.embodied_kgco2e
        kind = str(device.kind)  # type: ignore[attr-defined]
        self.kg += kg
        self.by_kind[kind] = self.by_kind.get(kind, 0.0) + kg
        self.kg_per_s += kg / (device.lifetime_years * S_PER_YEAR)


def embodied(floor: Floor, catalogue: Catalogue) -> Embodied:
    """The carbon of a floor; the building, cables and pipes are not on it."""
    found = Embodied()
    for device, count in _placed(floor, catalogue):
        found.add(device, count)
    return found


def _alike(floor: Floor) -> Iterator[tuple[FittedDevice, int]]:
    """One box of each sheet and set of cards, and how many there are: a hall may have 400,000 of few kinds."""
    keys = [(id(box.device), *box.spec.cards.items()) for box in floor.fitted.values()]
    one_of = dict(zip(reversed(keys), reversed(floor.fitted.values()), strict=True))
    for key, n in Counter(keys).items():
        yield one_of[key], n


def _placed(floor: Floor, catalogue: Catalogue) -> Iterator[tuple[Device, int]]:
    for rack in floor.racks.values():
        yield rack.device, 1
        if rack.rear_door is not None:
            yield rack.rear_door, 1
    for box, n in _alike(floor):
        yield box.device, n
        built_in = box.device.accelerators if isinstance(box.device, Server) else ()
        for name, count in (*((card.type, card.count) for card in built_in), *box.spec.cards.items()):
            yield catalogue.find(name, Accelerator, box.id), n * count
    for cooler in floor.coolers.values():
        yield cooler.device, 1
    for item in floor.plant.values():
        yield item.device, item.spec.count
    for node in floor.power.values():
        yield node.device, 1
        if node.battery is not None:
            yield node.battery, node.spec.battery_count
