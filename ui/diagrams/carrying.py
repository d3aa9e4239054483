"""Boxes in the hand: where they would go, whether they may, and what the rack would be like then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.catalogue.library import Catalogue
from twin.layout.expand import largest_draw_w
from twin.layout.floor import Fittable, FittedDevice, Floor
from twin.layout.model import Fitting
from twin.layout.racking import BoxAt, Face, Slot, Trouble, Units, addressed, faces_taken, height_u, owner_of
from ui import format as fmt
from ui.diagrams.columns import Column, short_name, translate, trouble_words, units_words


@dataclass(frozen=True, slots=True)
class Held:
    """One box in the hand, and where it is relative to the one that was grabbed."""

    name: str  # empty for a new one
    device: Fittable
    face: Face
    max_w: float
    by_u: int = 0
    by_rack: int = 0


@dataclass(slots=True)
class Verdict:
    """What a drop here would mean: each line is said beside the hand."""

    is_legal: bool
    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)  # words, colour role


@dataclass(slots=True)
class Carry:
    """A gesture with boxes; the first is the one under the hand."""

    held: list[Held]
    grab_u: int = 0  # unit of the grabbed box the hand holds it at, from its lowest
    is_copy: bool = False
    slots: list[Slot] = field(default_factory=list)
    verdict: Verdict = field(default_factory=lambda: Verdict(False, ""))

    @property
    def is_new(self) -> bool:
        """Whether the box comes from the palette."""
        return not self.held[0].name

    def aim(self, columns: list[Column], i_rack: int, u: int, face: Face) -> bool:
        """Point the hand at a unit of a rack; whether anything changed. Off the racks at the side nothing is legal."""
        first = self.held[0]
        face = first.face if len(faces_taken(first.device, first.face)) > 1 else face
        # A box stays within its rack while the hand is a little above or below.
        limit_u = columns[i_rack].rack.device.u_height - height_u(first.device) + 1
        u_low = min(max(u - self.grab_u, 1), max(limit_u, 1))
        slots = []
        for held in self.held:
            i = i_rack + held.by_rack
            own_face = face if held is first or len(self.held) == 1 else held.face
            if 0 <= i < len(columns):
                slots.append(Slot(columns[i].id, u_low + held.by_u, own_face))
        changed = slots != self.slots
        self.slots = slots
        return changed

    def judge(self, floor: Floor, columns: Mapping[str, Column]) -> None:
        """Find out what a drop here would mean."""
        first, slot = self.held[0], self.slots[0] if self.slots else None
        if slot is None or len(self.slots) < len(self.held):
            self.verdict = Verdict(
                False, "", [(translate("elevation", "A box would leave the racks shown"), "critical")]
            )
            return
        title = f"{slot.rack}, {units_words(slot.u_low, height_u(first.device))}"
        hard = self._crossing(floor) or self._trouble(floor)
        if hard:
            self.verdict = Verdict(False, title, [(hard, "critical")])
            return
        self.verdict = Verdict(True, title, self._consequences(floor, columns[slot.rack]))

    def _owners(self, floor: Floor) -> dict[str, str]:
        return {held.name: owner_of(floor.racks[floor.fitted[held.name].rack]) for held in self.held}

    def _crossing(self, floor: Floor) -> str:
        """Words when a move would cross the border of a row."""
        if self.is_new or self.is_copy:
            return ""
        for held, slot in zip(self.held, self.slots, strict=True):
            here, there = floor.racks[floor.fitted[held.name].rack], floor.racks[slot.rack]
            if owner_of(here) != owner_of(there) and (here.row or there.row):
                row = here.row or there.row or ""
                text = translate("elevation", "Row {row} has {n} equal racks: hold Ctrl to copy, or break the row")
                return text.format(row=row, n=len(floor.row_racks[row]))
        return ""

    def _trouble(self, floor: Floor) -> str:
        """Words when units are taken or not there."""
        gone = set() if self.is_new or self.is_copy else {_address(floor, held.name) for held in self.held}
        by_owner: dict[str, Units] = {}
        for held, slot in zip(self.held, self.slots, strict=True):
            rack = floor.racks[slot.rack]
            units = by_owner.setdefault(owner_of(rack), Units(rack, gone))
            trouble: Trouble | None = units.trouble(held.device, slot.u_low, slot.face)
            if trouble is not None:
                words = trouble_words(trouble)
                return words[:1].upper() + words[1:]
            units.take(held.name, held.device, slot.u_low, slot.face)
        return ""

    def _consequences(self, floor: Floor, column: Column) -> list[tuple[str, str]]:
        """Units, watts and kilograms of the rack afterwards; soft limits are said and not enforced."""
        load, rack = column.load, column.rack
        owner, comes_from = owner_of(rack), {} if self.is_new or self.is_copy else self._owners(floor)
        pairs = zip(self.held, self.slots, strict=True)
        there = [held for held, slot in pairs if owner_of(floor.racks[slot.rack]) == owner]
        added = [held for held in there if comes_from.get(held.name) != owner]
        free_u = load.u_free - sum(height_u(held.device) for held in added)
        power_w = load.max_w + sum(held.max_w for held in added)
        load_kg = load.load_kg + sum(held.device.weight_kg or 0.0 for held in added)
        fits = translate("elevation", "Fits: {n} U free after, {power}")
        lines = [(fits.format(n=free_u, power=_of(power_w / 1e3, load.budget_w, 1e3, "kW")), "text_2")]
        if load.budget_w is not None and power_w > load.budget_w:
            over = translate("elevation", "{kw} kW over the budget of the rack")
            lines.append((over.format(kw=fmt.number((power_w - load.budget_w) / 1e3, 1)), "warning"))
        if load.max_kg is not None and load_kg > load.max_kg:
            over = translate("elevation", "{kg} kg over what the rack may carry")
            lines.append((over.format(kg=fmt.number(load_kg - load.max_kg, 0)), "warning"))
        way = getattr(self.held[0].device, "airflow", "none")
        if way in ("front_to_rear", "rear_to_front") and (way == "front_to_rear") != (self.slots[0].face == "front"):
            lines.append((translate("elevation", "Would blow warm air to the front"), "warning"))
        if rack.row is not None:
            lines.append((translate("elevation", "In every rack of row {row}").format(row=rack.row), "note"))
        return lines


def held_box(box: FittedDevice, grabbed: FittedDevice, racks: list[str]) -> Held:
    """A box of the drawing in the hand."""
    by_rack = racks.index(box.rack) - racks.index(grabbed.rack)
    return Held(box.id, box.device, box.spec.face, box.max_w, box.u_low - grabbed.u_low, by_rack)


def held_device(device: Fittable, catalogue: Catalogue) -> Held:
    """A device of the palette in the hand."""
    return Held("", device, "front", largest_draw_w(device, Fitting(type=device.id, u=1), catalogue))


def hand_words(carry: Carry) -> str:
    """What is in the hand."""
    if len(carry.held) == 1:
        return short_name(carry.held[0].device)
    return translate("elevation", "{n} boxes").format(n=len(carry.held))


def _address(floor: Floor, name: str) -> BoxAt:
    box = floor.fitted[name]
    return next(at for other, at in addressed(floor.racks[box.rack]) if other is box)


def _of(value: float, limit: float | None, scale: float, unit: str) -> str:
    if limit is None:
        return f"{fmt.number(value, 1)} {unit}"
    text = translate("elevation", "{value} of {limit} {unit}")
    return text.format(value=fmt.number(value, 1), limit=fmt.number(limit / scale, 1), unit=unit)
