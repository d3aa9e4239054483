"""Select and move: click, rubber band, drag with snapping and live dimensions, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from ui import format as fmt
from ui.canvas.menu import plan_menu
from ui.canvas.overlay import Guide
from ui.canvas.snap import FINE_STEP_M, GRID_STEP_M, HALF_STEP_M, gaps, snapped_shift
from ui.canvas.tools.base import Tool

if TYPE_CHECKING:
    from ui.canvas.view import PlanView

DRAG_PX = 4.0
DEFAULT_RACK = "rack_42u_600"
NUDGE_M, FINE_NUDGE_M = 0.1, 0.01
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def step_of(modifiers: Qt.KeyboardModifier) -> float:
    """The grid while dragging: 0.6 m; Ctrl 0.3 m; Shift 0.1 m; Alt none, to the millimetre."""
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return 0.0
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return FINE_STEP_M
    return HALF_STEP_M if modifiers & Qt.KeyboardModifier.ControlModifier else GRID_STEP_M


class SelectTool(Tool):
    """The tool in hand when no other is."""

    def __init__(self, view: PlanView) -> None:
        super().__init__(view)
        self._from: QPointF | None = None
        self._grabbed: str | None = None  # what was pressed on
        self._is_dragging = False
        self._keeps = False  # shift was held: the selection is added to

    def press(self, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Select what is under the hand, or begin a rubber band."""
        view = self.view
        self._from, self._is_dragging = at_m, False
        self._keeps = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        under = view.plan_scene.plan.at(at_m.x(), at_m.y())
        self._grabbed = under[0] if under else None
        if self._grabbed is None:
            return
        selected = view.selection
        row = view.plan_scene.plan.bodies[view.plan_scene.plan.index[self._grabbed]].unit
        is_selected = self._grabbed in selected or row in selected
        if self._keeps:
            view.set_selection(
                [s for s in selected if s != self._grabbed] if is_selected else [*selected, self._grabbed]
            )
        elif not is_selected:
            view.set_selection([self._grabbed])

    def move(self, at_m: QPointF, modifiers: Qt.KeyboardModifier, is_pressed: bool) -> None:
        """Hover, drag or stretch."""
        view = self.view
        if not is_pressed or self._from is None:
            under = view.plan_scene.plan.at(at_m.x(), at_m.y())
            view.set_hovered(under[0] if under else None)
            return
        if not self._is_dragging:
            away = at_m - self._from
            self._is_dragging = max(abs(away.x()), abs(away.y())) * view.px_per_m >= DRAG_PX
        if self._is_dragging and self._grabbed is None:
            view.overlay.band = (QRectF(self._from, at_m).normalized(), at_m.x() < self._from.x())
        elif self._is_dragging:
            self._carry(at_m, modifiers)
        view.viewport().update()

    def release(self, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put down, take what the band holds, or settle a click."""
        view, shift, carried = self.view, self.view.overlay.shift_m, self.view.overlay.carried
        band, was_click = view.overlay.band, not self._is_dragging and self._from is not None
        grabbed, keeps = self._grabbed, self._keeps
        self.cancel()
        if band is not None:
            box = band[0]
            found = view.plan_scene.plan.inside((box.left(), box.top(), box.right(), box.bottom()), band[1])
            view.set_selection([*view.selection, *found] if keeps else found)
        elif carried and shift != (0.0, 0.0):
            view.commands.move_by(shift)
        elif was_click and not keeps:
            view.set_selection([grabbed] if grabbed else [])

    def offer(self, at_m: QPointF, at_screen: QPoint) -> None:
        """Select what is under the hand and show what can be done with it."""
        plan, selected = self.view.plan_scene.plan, self.view.selection
        under = plan.at(at_m.x(), at_m.y())
        if under and plan.index[under[0]] not in plan.indices(selected):
            self.view.set_selection(under[:1])
        plan_menu(self.view).popup(at_screen)

    def double_click(self, at_m: QPointF) -> None:
        """Take the whole row, and open what racks hold."""
        under = self.view.plan_scene.plan.at(at_m.x(), at_m.y())
        if under:
            self.view.set_selection(self.view.plan_scene.plan.units(under[:1]))
            self.view.open_selection()

    def key(self, event: QKeyEvent) -> bool:
        """Arrows nudge, R turns, Del removes, Ctrl+D duplicates, Ctrl+B breaks rows, F fits, Enter opens, Esc ends."""
        commands, modifiers = self.view.commands, event.modifiers()
        is_plain = not modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        key = Qt.Key(event.key())
        if key in ARROWS:
            step = FINE_NUDGE_M if modifiers & Qt.KeyboardModifier.ShiftModifier else NUDGE_M
            commands.nudge((ARROWS[key][0] * step, ARROWS[key][1] * step))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            commands.remove()
        elif key == Qt.Key.Key_R and is_plain:
            self._turn_or_take(270.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else 90.0)
        elif key == Qt.Key.Key_D and modifiers == Qt.KeyboardModifier.ControlModifier:
            commands.duplicate()
        elif key == Qt.Key.Key_A and modifiers == Qt.KeyboardModifier.ControlModifier:
            commands.select_all()
        elif key == Qt.Key.Key_B and modifiers == Qt.KeyboardModifier.ControlModifier:
            commands.break_rows()
        elif key == Qt.Key.Key_F and is_plain:
            self.view.zoom_to_fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.view.open_selection()
        elif key == Qt.Key.Key_Escape:
            self._let_go()
        else:
            return False
        return True

    def cancel(self) -> None:
        """Put everything back where it was."""
        overlay = self.view.overlay
        has_carried = bool(overlay.carried)
        if has_carried:
            self.view.plan_scene.bodies.set_hidden(frozenset())
        overlay.carried, overlay.guides, overlay.band, overlay.shift_m = [], [], None, (0.0, 0.0)
        if has_carried:
            self.view.carry_changed.emit()
        self._from, self._grabbed, self._is_dragging = None, None, False
        self.view.viewport().update()

    def _turn_or_take(self, angle_deg: float) -> None:
        """R turns the selection; with nothing selected it takes a rack in hand."""
        if self.view.selection:
            self.view.commands.rotate(angle_deg)
        else:
            self.view.take_device(DEFAULT_RACK)

    def _let_go(self) -> None:
        """Escape: first the gesture, then the selection."""
        is_busy = self._from is not None
        self.cancel()
        if not is_busy:
            self.view.set_selection([])

    def _carry(self, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Carry the selection along, on the grid, and say how far it is from its neighbours."""
        view, overlay = self.view, self.view.overlay
        plan = view.plan_scene.plan
        if not overlay.carried:
            overlay.carried = plan.with_units(view.selection)
            view.plan_scene.bodies.set_hidden(frozenset(overlay.carried))
        box = plan.box_of(overlay.carried)
        if box is None or self._from is None:
            return
        away, before = at_m - self._from, overlay.shift_m
        overlay.shift_m = snapped_shift((box[0], box[1]), (away.x(), away.y()), step_of(modifiers))
        dx, dy = overlay.shift_m
        if overlay.shift_m != before:
            view.carry_changed.emit()
        others = np.delete(plan.boxes, overlay.carried, axis=0)
        xs, ys = zip(*view.document.layout.room.outline_m, strict=True)
        moved = (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy)
        free = gaps(moved, others, (min(xs), min(ys), max(xs), max(ys)))
        overlay.guides = [Guide(gap.start, gap.end, f"{fmt.number(gap.length_m, 2)} m") for gap in free]
