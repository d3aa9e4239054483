"""Drops from the palette: a rack or cooler onto the floor, a server or switch into a rack; its ghost shows where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from twin.catalogue.device import Device
from twin.layout.geometry import rectangle
from ui.canvas.mime import device_of
from ui.canvas.placing import fits_in_rack, footprint_of
from ui.canvas.snap import snapped
from ui.canvas.tools.select import step_of

if TYPE_CHECKING:
    from ui.canvas.view import PlanView


class DropTarget:
    """What a drag over the plan would do, shown while it hovers and done when it drops."""

    def __init__(self, view: PlanView) -> None:
        self.view = view
        self.angle_deg = 0.0

    def enter(self, event: QDragMoveEvent) -> None:
        """Take drags that carry a device of the catalogue."""
        if self._device(event) is not None:
            _accept(event)
        else:
            event.ignore()

    def move(self, event: QDragMoveEvent) -> None:
        """Show where it would go; places that offer nothing refuse the drop."""
        device = self._device(event)
        if device is None:
            event.ignore()
        elif self.show(device, self.view.to_metres(event.position()), event.modifiers()):
            _accept(event)
        else:
            event.ignore()

    def leave(self) -> None:
        """Forget the ghost."""
        self.view.overlay.ghost, self.view.overlay.target = [], None
        self.view.viewport().update()

    def drop(self, event: QDropEvent) -> None:
        """Put it down as an edit that can be undone."""
        device = self._device(event)
        at = self.view.to_metres(event.position())
        self.leave()
        if device is not None and self.put(device, at, event.modifiers()):
            _accept(event)
        else:
            event.ignore()

    def show(self, device: Device, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Draw the ghost, or outline the rack it would go into; False where it can go nowhere."""
        overlay = self.view.overlay
        overlay.ghost, overlay.target = [], None
        if fits_in_rack(device):
            rack = self._rack_at(at_m)
            # The racks of a row are equal, so the whole row would take it.
            overlay.target = self.view.plan_scene.plan.units([rack])[0] if rack else None
            possible = rack is not None
        else:
            size = footprint_of(device)
            possible = size is not None
            if size is not None:
                x, y = _corner(size, at_m, modifiers)
                overlay.ghost = [list(rectangle((x + size[0] / 2, y + size[1] / 2), *size, self.angle_deg))]
        self.view.viewport().update()
        return possible

    def put(self, device: Device, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Place it; False when it can go nowhere or the edit is refused."""
        if fits_in_rack(device):
            rack = self._rack_at(at_m)
            return rack is not None and self.view.commands.fit(rack, device)
        size = footprint_of(device)
        return size is not None and self.view.commands.place(device, _corner(size, at_m, modifiers), self.angle_deg)

    def _device(self, event: QDropEvent) -> Device | None:
        return self.view.document.catalogue.get(device_of(event.mimeData()))

    def _rack_at(self, at_m: QPointF) -> str | None:
        plan = self.view.plan_scene.plan
        under = plan.at(at_m.x(), at_m.y())
        return under[0] if under and plan.bodies[plan.index[under[0]]].kind == "rack" else None


def _accept(event: QDropEvent) -> None:
    """Take a copy, whatever the modifier keys propose: they choose the grid."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _corner(size: tuple[float, float], at_m: QPointF, modifiers: Qt.KeyboardModifier) -> tuple[float, float]:
    """The corner nearest the origin of a body held by its middle, on the grid."""
    step = step_of(modifiers)
    return snapped(at_m.x() - size[0] / 2, step), snapped(at_m.y() - size[1] / 2, step)
