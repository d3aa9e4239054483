"""The drawing of racks from front and rear: scrolls, zooms, selects, and carries boxes between units."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from twin.layout.floor import FittedDevice
from ui.canvas.mime import device_of
from ui.diagrams.carrying import Carry, held_box, held_device
from ui.diagrams.columns import box_words
from ui.diagrams.elevation_commands import fittable
from ui.diagrams.elevation_keys import press_key
from ui.diagrams.elevation_paint import ElevationPainter
from ui.diagrams.elevation_stage import ElevationStage
from ui.document import Document

DRAG_PX = 4.0


class ElevationView(ElevationStage):
    """Racks side by side, and a hand that moves what is in them."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        self._from: QPointF | None = None
        self._in_hand = False  # taken from the palette by a click: it follows the mouse without a button
        super().__init__(document, parent)
        self._painter = ElevationPainter(self)

    # Hands

    def grab_boxes(self, grabbed: FittedDevice, grab_u: int = 0) -> None:
        """Take the selection in hand by one of its boxes."""
        boxes = [box for box in self.commands.boxes() if box.u_low and box is not grabbed]
        self.carry = Carry([held_box(box, grabbed, self.racks) for box in (grabbed, *boxes)], grab_u)

    def take_device(self, device_id: str) -> bool:
        """Take a device of the palette in hand: it follows the mouse, a click puts it down, Esc gives up."""
        device = fittable(self.document.catalogue.get(device_id))
        if device is None:
            return False
        self.carry, self._in_hand = Carry([held_device(device, self.document.catalogue)]), True
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        return True

    def drop_hand(self) -> bool:
        """Put everything back; whether anything was in the hand."""
        self._from, self._in_hand = None, False
        return super().drop_hand()

    def aim(self, at: QPointF, is_copy: bool = False) -> None:
        """Point what is in the hand at a place of the viewport."""
        carry, spot = self.carry, self.to_drawing(at)
        found = self.shape.rack_at(spot)
        if carry is None or not self.columns:
            return
        if found is None:
            is_new = bool(carry.slots)
            carry.slots = []
        else:
            i_rack, face = found
            is_new = carry.aim(self.columns, i_rack, int(self.shape.u_at(i_rack, face, spot.y())), face)
        if is_new or is_copy != carry.is_copy or not carry.verdict.title:
            carry.is_copy = is_copy
            carry.judge(self.document.floor, {column.id: column for column in self.columns})
            self.viewport().update()

    def put_down(self) -> bool:
        """Do what the ghost shows; a place that is not legal is refused and nothing changes."""
        carry = self.carry
        if carry is None:
            return False
        self.drop_hand()
        if len(carry.slots) < len(carry.held):
            return False
        slots = {held.name: slot for held, slot in zip(carry.held, carry.slots, strict=True)}
        if carry.is_new:
            return self.commands.put(carry.held[0].device, carry.slots[0])
        return self.commands.copy_to(slots) if carry.is_copy else self.commands.move_to(slots)

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the pictures of the racks in sight, then what belongs to the hand."""
        painter = QPainter(self.viewport())
        self._painter.paint(painter)

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked is worked out now."""
        self.rebuild()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size."""
        self._reshape()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms at the hand, Shift and a sideways wheel go along the row."""
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * 1.0015 ** turn.y(), event.position())
        else:
            is_across = (
                bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or not self.verticalScrollBar().maximum()
            )
            bar = self.horizontalScrollBar() if is_across or turn.x() else self.verticalScrollBar()
            bar.setValue(bar.value() - (turn.y() or turn.x()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is under the hand, or put down what is in it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.RightButton:
            self.drop_hand()
            self._select_under(event.position(), False, keeps_selected=True)
            self.menu_asked.emit(event.globalPosition().toPoint())
        elif event.button() == Qt.MouseButton.LeftButton and self._in_hand:
            self.aim(event.position())
            self.put_down()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position()
            is_adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._select_under(event.position(), is_adding, keeps_selected=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry, or say what is under the hand."""
        is_copy = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._from is not None and self.carry is None:
            away = event.position() - self._from
            under = self.box_at(self._from)
            if under is not None and max(abs(away.x()), abs(away.y())) >= DRAG_PX and under[0].id in self.selection:
                spot = self.to_drawing(self._from)
                found = self.shape.rack_at(spot)
                u = int(self.shape.u_at(*found, spot.y())) if found else under[0].u_low
                self.grab_boxes(under[0], u - under[0].u_low)
        if self.carry is not None:
            self.aim(event.position(), is_copy and not self.carry.is_new)
        else:
            self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down, or settle a click."""
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return
        if self.carry is not None:
            self.put_down()
        elif not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._select_under(event.position(), False)
        self._from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys edit; what means nothing here goes on."""
        event.setAccepted(press_key(self, event))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks through the boxes, rack by rack from the bottom up, and leaves after the last."""
        names = [box.id for column in self.columns for box in column.boxes() if box.u_low]
        at = names.index(self.selection[-1]) if self.selection and self.selection[-1] in names else None
        i = (0 if forward else len(names) - 1) if at is None else at + (1 if forward else -1)
        if not 0 <= i < len(names):
            return super().focusNextPrevChild(forward)
        self.set_selection([names[i]])
        self.bring_into_view(names[i])
        return True

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered outside."""
        self._hover(QPointF(-1, -1))

    def viewportEvent(self, event: QEvent) -> bool:
        """Boxes explain themselves under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.carry is None:
            under = self.box_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), box_words(under[1], under[0]) if under else "", self)
            return True
        return super().viewportEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take devices that go into racks."""
        device = fittable(self.document.catalogue.get(device_of(event.mimeData())))
        if device is None:
            event.ignore()
            return
        self.carry = Carry([held_device(device, self.document.catalogue)])
        _accept(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        self.aim(event.position())
        if self.carry is not None and self.carry.verdict.is_legal:
            _accept(event)
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget it."""
        self.drop_hand()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put it down."""
        self.aim(event.position())
        if self.put_down():
            _accept(event)
        else:
            event.ignore()

    def _select_under(self, at: QPointF, is_adding: bool, keeps_selected: bool = False) -> None:
        under, found = self.box_at(at), self.shape.rack_at(self.to_drawing(at))
        if under is None:
            if not is_adding:
                self.set_selection([])
                self.choose_racks([self.racks[found[0]]] if found else [])
            return
        name = under[0].id
        if is_adding:
            rest = [other for other in self.selection if other != name]
            self.set_selection(rest if name in self.selection else [*rest, name])
        elif not (keeps_selected and name in self.selection):
            self.set_selection([name])

    def _hover(self, at: QPointF) -> None:
        under = self.box_at(at)
        name = under[0].id if under else ""
        if name != self.hovered:
            self.hovered = name
            self.viewport().update()
            self.said.emit(box_words(under[1], under[0]) if under else "")


def _accept(event: QDropEvent) -> None:
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
