"""Place a device chosen in the palette: its ghost follows the hand until it is put down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from twin.catalogue.device import Device
from ui.canvas.tools.base import Tool
from ui.canvas.tools.drop import DropTarget
from ui.canvas.tools.select import ARROWS, step_of

if TYPE_CHECKING:
    from ui.canvas.view import PlanView


class PlaceTool(Tool):
    """Click puts it down; Shift keeps it in hand; R turns it; arrows and Enter do the same from the keyboard."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: PlanView, device: Device) -> None:
        super().__init__(view)
        self._device = device
        self._target = DropTarget(view)
        self._at = view.to_metres(QPointF(view.viewport().rect().center()))
        self._show(Qt.KeyboardModifier.NoModifier)

    def press(self, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put it down."""
        self._at = at_m
        self._put(modifiers)

    def move(self, at_m: QPointF, modifiers: Qt.KeyboardModifier, is_pressed: bool) -> None:
        """The ghost follows."""
        self._at = at_m
        self._show(modifiers)

    def key(self, event: QKeyEvent) -> bool:
        """Arrows move the ghost a grid step, Enter puts it down, R turns it, Esc gives up."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in ARROWS:
            step = step_of(modifiers) or 0.1
            self._at = self._at + QPointF(*ARROWS[key]) * step
            self._show(modifiers)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._put(modifiers)
        elif key == Qt.Key.Key_R:
            self._target.angle_deg = (self._target.angle_deg + 90.0) % 360.0
            self._show(modifiers)
        elif key == Qt.Key.Key_Escape:
            self.view.set_tool(None)
        else:
            return False
        return True

    def cancel(self) -> None:
        """Forget the ghost."""
        self._target.leave()

    def _show(self, modifiers: Qt.KeyboardModifier) -> None:
        self._target.show(self._device, self._at, modifiers)

    def _put(self, modifiers: Qt.KeyboardModifier) -> None:
        is_done = self._target.put(self._device, self._at, modifiers)
        if is_done and not modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.view.set_tool(None)
        else:
            self._show(modifiers)
