"""What can be done to the drawing from the elevation: each is one named edit of the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication

from twin.layout import edit
from twin.layout.floor import Fittable, FittedDevice
from twin.layout.model import Fitting, Layout, Side
from twin.layout.racking import (
    Face,
    Fill,
    Slot,
    Units,
    add_boxes,
    fill,
    height_u,
    move_boxes,
    owner_of,
    remove_boxes,
    set_fitting,
)
from ui.canvas.placing import fits_in_rack

if TYPE_CHECKING:
    from ui.diagrams.elevation_stage import ElevationStage

translate = QCoreApplication.translate


class ElevationCommands:
    """Edits of the boxes selected in one elevation; a change in a rack of a row is made in its row."""

    def __init__(self, view: ElevationStage) -> None:
        self.view = view
        self._document = view.document

    def boxes(self) -> list[FittedDevice]:
        """The selected boxes."""
        fitted = self._document.floor.fitted
        return [fitted[name] for name in self.view.selection if name in fitted]

    def move_to(self, slots: Mapping[str, Slot], key: tuple[str, ...] | None = None) -> bool:
        """Move boxes; the selection goes along."""
        name = translate("elevation", "Move {what}").format(what=self._named(list(slots)))
        at = [(self._document.floor.fitted[box], slot) for box, slot in slots.items()]
        floor = self._document.floor
        done = self._document.apply(name, lambda layout: move_boxes(layout, floor, slots), key)
        if done:
            self._select_at([(box.device, slot) for box, slot in at], keep_step=key is not None)
        return done

    def move_by(self, by_u: int, by_rack: int = 0) -> bool:
        """Move the selection by units, or to a rack beside it; steps that follow each other are undone together."""
        racks, boxes = self.view.racks, self.boxes()
        slots: dict[str, Slot] = {}
        for box in boxes:
            i_rack = racks.index(box.rack) + by_rack if box.rack in racks else -1
            if not 0 <= i_rack < len(racks):
                return False
            slots[box.id] = Slot(racks[i_rack], box.u_low + by_u, box.spec.face)
        # A step changes the ids of boxes without a name, so what they are stands for which they are.
        key = (
            "units",
            *(box.spec.type for box in boxes),
            *(owner_of(self._document.floor.racks[b.rack]) for b in boxes),
        )
        return bool(slots) and self.move_to(slots, key)

    def set_u(self, name: str, u_low: int) -> bool:
        """Put one box at a unit that was typed."""
        box = self._document.floor.fitted[name]
        return self.move_to({name: Slot(box.rack, u_low, box.spec.face)})

    def flip(self) -> bool:
        """Mount the selection at the other face."""
        slots = {box.id: Slot(box.rack, box.u_low, _other(box.spec.face)) for box in self.boxes()}
        return bool(slots) and self.move_to(slots)

    def put(self, device: Fittable, slot: Slot) -> bool:
        """Put a new box into a rack and select it."""
        words = translate("elevation", "Fit {device} into {what}")
        name = words.format(device=device.name, what=owner_of(self._document.floor.racks[slot.rack]))
        spec = Fitting(type=device.id, u=max(slot.u_low, 0))
        return self._add(name, [(spec, slot, device)])

    def copy_to(self, slots: Mapping[str, Slot]) -> bool:
        """Put copies of boxes elsewhere and select them."""
        fitted = self._document.floor.fitted
        name = translate("elevation", "Copy {what}").format(what=self._named(list(slots)))
        return self._add(name, [(fitted[box].spec, slot, fitted[box].device) for box, slot in slots.items()])

    def duplicate(self) -> bool:
        """Put a copy of each selected box into the free units nearest above it, else nearest to it."""
        adds = []
        units: dict[str, Units] = {}
        for box in self.boxes():
            rack = self._document.floor.racks[box.rack]
            taken = units.setdefault(owner_of(rack), Units(rack))
            u_low = taken.free_u(box.device, box.spec.face, box.u_low + box.u_height) or box.u_low
            taken.take(box.id, box.device, u_low, box.spec.face)
            adds.append((box.spec, Slot(rack.id, u_low, box.spec.face), box.device))
        name = translate("elevation", "Duplicate {what}").format(what=self._named(self.view.selection))
        return bool(adds) and self._add(name, adds)

    def remove(self) -> bool:
        """Take the selected boxes out."""
        names = [box.id for box in self.boxes()]
        name, floor = translate("elevation", "Remove {what}").format(what=self._named(names)), self._document.floor
        return bool(names) and self._document.apply(name, lambda layout: remove_boxes(layout, floor, names))

    def rotate(self) -> bool:
        """Boxes do not turn: they are mounted at the other face."""
        return self.flip()

    def select_all(self) -> None:
        """Select all boxes in units of the racks shown."""
        self.view.set_selection([box.id for column in self.view.columns for box in column.boxes() if box.u_low])

    def fill(self, racks: list[str], what: Fill) -> bool:
        """Fill racks with boxes of one type."""
        owners = list(dict.fromkeys(owner_of(self._document.floor.racks[rack]) for rack in racks))
        words = translate("elevation", "Fill {what} with {n} × {device}")
        name = words.format(what=self._named(owners), n=what.count, device=what.device.name)
        floor = self._document.floor
        return self._document.apply(name, lambda layout: fill(layout, floor, racks, what))

    def break_row(self) -> bool:
        """Turn the rows of the racks shown into single racks, so that each can be changed alone."""
        rows = list(dict.fromkeys(column.rack.row for column in self.view.columns if column.rack.row))

        def broken(layout: Layout) -> Layout:
            for row in rows:
                layout = edit.break_row(layout, row, self._document.catalogue)
            return layout

        name = translate("plan", "Break row {what}").format(what=", ".join(rows))
        return bool(rows) and self._document.apply(name, broken)

    def feed(self, name: str, side: Side, node: str) -> bool:
        """Hang one cord of a box on a power node of its own, or on none."""
        box = self._document.floor.fitted[name]
        feeds = {**{key: value for key, value in box.feeds.items() if key != side}, **({side: node} if node else {})}
        words = (
            translate("elevation", "Feed {what} from {node}")
            if node
            else translate("elevation", "Cut {side} of {what}")
        )
        floor = self._document.floor
        title = words.format(what=name, node=node, side=side)
        done = self._document.apply(title, lambda layout: set_fitting(layout, floor, name, feeds=feeds))
        if done:
            self._select_at([(box.device, Slot(box.rack, box.u_low, box.spec.face))])
        return done

    def _add(self, name: str, adds: list[tuple[Fitting, Slot, Fittable]]) -> bool:
        floor = self._document.floor
        done = self._document.apply(name, lambda layout: add_boxes(layout, floor, adds))
        if done:
            self._select_at([(device, slot) for _, slot, device in adds])
        return done

    def _select_at(self, places: list[tuple[Fittable, Slot]], keep_step: bool = False) -> None:
        """Select the boxes that stand at these places; without a name of their own they have another id there."""
        found = []
        for device, slot in places:
            for box in self._document.floor.racks[slot.rack].fitted:
                if box.device.id == device.id and box.u_low == slot.u_low and box.spec.face == slot.face:
                    found.append(box.id)
        self.view.set_selection(found, keep_step)

    def _named(self, names: list[str]) -> str:
        return names[0] if len(names) == 1 else translate("plan", "{n} things").format(n=len(names))


def fittable(document_device: object) -> Fittable | None:
    """The device as one that goes into units of a rack, or None."""
    device = cast(Fittable, document_device)
    return device if document_device is not None and fits_in_rack(device) and height_u(device) else None


def _other(face: Face) -> Face:
    return "rear" if face == "front" else "front"
