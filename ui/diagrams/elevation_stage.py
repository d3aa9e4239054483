"""What an elevation shows and what is selected in it: racks, their shape on the screen, boxes; without the hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from twin.layout.floor import FittedDevice
from twin.layout.racking import faces_taken
from ui import theme
from ui.diagrams.carrying import Carry
from ui.diagrams.columns import Column, box_words, columns_of
from ui.diagrams.elevation_commands import ElevationCommands
from ui.diagrams.faces import Faces
from ui.diagrams.shape import SCALE_PX, Shape, Show, shape_for
from ui.document import Document

MOST_ZOOM = 4.0


class ElevationStage(QAbstractScrollArea):
    """Racks side by side.

    Signals: `selection_changed` carries the ids of the selected boxes, `racks_chosen` those of racks a hand chose,
    `shown` follows every change of what is drawn, `said` carries words about what is under the hand, `menu_asked` a
    place on the screen, `typing_asked` that Enter was pressed on a box.
    """

    selection_changed = Signal(list)
    racks_chosen = Signal(list)
    shown = Signal()
    said = Signal(str)
    menu_asked = Signal(object)
    typing_asked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.commands = ElevationCommands(self)
        self.columns: list[Column] = []
        self.racks: list[str] = []
        self.chosen: list[str] = []  # racks selected, here or on the plan
        self.selection: list[str] = []
        self.hovered = ""
        self.carry: Carry | None = None
        self.live_w: Mapping[str, float] = {}
        self.show_faces: Show = "both"
        self.zoom = 1.0
        self.shape: Shape = shape_for(1, 42, "both", (800, 600), 1.0)
        self.faces = Faces(document.catalogue)
        self._set_up()
        document.changed.connect(lambda _old, _new: self.rebuild())
        theme.changed().changed.connect(self._restyle)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAcceptDrops(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Elevation"))
        self.setAccessibleDescription(
            self.tr("Racks from front and rear. Tab walks through the boxes, arrows move them by a unit or a rack.")
        )

    # What is shown

    def show_racks(self, racks: Sequence[str]) -> None:
        """Draw these racks side by side; unknown ones are passed over."""
        self.racks = list(racks)
        self.rebuild()
        self.horizontalScrollBar().setValue(0)

    def rebuild(self) -> None:
        """Take what the drawing says now."""
        self.drop_hand()
        floor = self.document.floor
        self.racks = [name for name in self.racks if name in floor.racks]
        self.columns = columns_of(floor, self.document.catalogue, self.racks) if self.isVisible() else []
        kept = [name for name in self.selection if name in floor.fitted and floor.fitted[name].rack in self.racks]
        if kept != self.selection:
            self.selection = kept
            self.selection_changed.emit(list(kept))
        self.hovered = ""
        self._reshape()
        self.shown.emit()

    def set_faces(self, show: Show) -> None:
        """Draw fronts, rears or both."""
        self.show_faces = show
        self._reshape()

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Draw larger about a point of the viewport; 1 is as large as fits."""
        at = at or QPointF(self.viewport().rect().center())
        before, old = self.to_drawing(at), self.shape
        self.zoom = min(max(zoom, 1.0), MOST_ZOOM)
        self._reshape()
        new = self.shape
        x = (before.x() - old.left_px) * new.column_px / max(old.column_px, 1) + new.left_px
        y = before.y() * new.height_px / max(old.height_px, 1)
        self.horizontalScrollBar().setValue(round(x - at.x()))
        self.verticalScrollBar().setValue(round(y - at.y()))

    def set_live(self, watts: Mapping[str, float]) -> None:
        """Show what racks draw in a run; nothing goes back to the name plates."""
        self.live_w = watts
        self.viewport().update()

    def set_chosen(self, racks: Iterable[str]) -> None:
        """Mark racks that are selected on the plan."""
        self.chosen = [name for name in racks if name in self.racks]
        self.viewport().update()

    def set_selection(self, names: Iterable[str], keep_step: bool = False) -> None:
        """Select these boxes and nothing else; `keep_step` lets the next edit join the last one."""
        fitted = self.document.floor.fitted
        known = [name for name in dict.fromkeys(names) if name in fitted and fitted[name].rack in self.racks]
        if not keep_step:
            self.document.end_merge()
        if known != self.selection:
            self.selection = known
            self.viewport().update()
            self.selection_changed.emit(list(known))
            self._tell()
        if known:
            self.choose_racks([fitted[name].rack for name in known])

    def choose_racks(self, racks: Iterable[str]) -> None:
        """Select racks, here and on the plan."""
        chosen = list(dict.fromkeys(racks))
        if chosen != self.chosen:
            self.chosen = chosen
            self.viewport().update()
            self.racks_chosen.emit(chosen)

    def bring_into_view(self, name: str) -> None:
        """Scroll until a box or rack can be seen."""
        box = self.document.floor.fitted.get(name)
        rack = box.rack if box else name
        if rack in self.racks:
            spot = self.shape.rack(self.racks.index(rack), self.shape.faces[0])
            bar, width = self.horizontalScrollBar(), self.viewport().width()
            if spot.left() - SCALE_PX < bar.value() or spot.right() > bar.value() + width:
                bar.setValue(round(spot.center().x() - width / 2))

    def to_drawing(self, at: QPointF) -> QPointF:
        """A point of the viewport on the drawing."""
        return at + QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def box_at(self, at: QPointF) -> tuple[FittedDevice, Column] | None:
        """The box under a point of the viewport; the one mounted at this face before one that shows through."""
        spot = self.to_drawing(at)
        found = self.shape.rack_at(spot)
        if found is None or found[0] >= len(self.columns):
            return None
        i_rack, face = found
        column, u = self.columns[i_rack], int(self.shape.u_at(i_rack, face, spot.y()))
        here = [box for box in column.boxes() if box.u_low and box.u_low <= u < box.u_low + max(box.u_height, 1)]
        here.sort(key=lambda box: face not in faces_taken(box.device, box.spec.face))
        return (here[0], column) if here else None

    def _reshape(self) -> None:
        u_max = max((column.rack.device.u_height for column in self.columns), default=42)
        size = self.viewport().size()
        self.shape = shape_for(len(self.columns), u_max, self.show_faces, (size.width(), size.height()), self.zoom)
        for bar, whole, page in (
            (self.horizontalScrollBar(), self.shape.width_px, size.width()),
            (self.verticalScrollBar(), self.shape.height_px, size.height()),
        ):
            bar.setRange(0, max(0, whole - page))
            bar.setPageStep(page)
            bar.setSingleStep(self.shape.column_px)
        self.viewport().update()

    def _restyle(self, _look: object = None) -> None:
        self.faces.forget()
        self.viewport().update()

    def _tell(self) -> None:
        """Screen readers hear what is selected; so does whoever listens."""
        boxes = {box.id: (column, box) for column in self.columns for box in column.rack.fitted}
        words = "; ".join(box_words(*boxes[name]) for name in self.selection[:3] if name in boxes)
        self.setAccessibleName(f"{self.tr('Elevation')}: {words}" if words else self.tr("Elevation"))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
        self.said.emit(words)

    def drop_hand(self) -> bool:
        """Put everything back; whether anything was in the hand."""
        was = self.carry is not None
        self.carry = None
        self.viewport().unsetCursor()
        self.viewport().update()
        return was
