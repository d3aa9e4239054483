"""The plan view: pans, zooms, shows the overlay, and hands every gesture to the tool in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip, QWidget

from ui import theme
from ui.canvas.commands import PlanCommands
from ui.canvas.overlay import Overlay
from ui.canvas.placing import is_placeable
from ui.canvas.rulers import RULER_PX, Ruler
from ui.canvas.scene import PlanScene
from ui.canvas.tools.base import Tool
from ui.canvas.tools.drop import DropTarget
from ui.canvas.tools.place import PlaceTool
from ui.canvas.tools.select import SelectTool
from ui.document import Document
from ui.sayings import said

MIN_PX_PER_M, MAX_PX_PER_M = 1.0, 600.0
FIT_MARGIN_PX = 44.0


class PlanView(QGraphicsView):
    """The drawing to scale.

    Signals: `selection_changed` carries the selected ids, `hovered` the id under the mouse or None, `document_changed`
    follows every change of the drawing, `pointer_moved` the place under the mouse in metres, `opened` the id of a rack
    or row that was double-clicked or on which Enter was pressed.
    """

    selection_changed = Signal(list)
    hovered = Signal(object)
    document_changed = Signal()
    pointer_moved = Signal(float, float)
    zoomed = Signal(float)
    carry_changed = Signal()  # what the hand carries has moved, or was let go
    opened = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        # The view does not own its scene, so Python must.
        self.plan_scene = PlanScene(document)
        self.setScene(self.plan_scene)
        self.overlay = Overlay()
        # What others draw over the drawing and under the hand, in pixels.
        self.layers: list[Callable[[QPainter, QTransform], None]] = []
        self.commands = PlanCommands(self)
        self.tool: Tool = SelectTool(self)
        self._drop = DropTarget(self)
        self._pan_from: QPointF | None = None
        self._is_space_down = False
        self._is_fitted = False
        self._rulers = (Ruler(self, False), Ruler(self, True))
        self._set_up()
        document.changed.connect(self._document_changed)
        document.checked.connect(self._document_checked)
        theme.changed().changed.connect(self.restyle)
        self.restyle()

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(RULER_PX, RULER_PX, 0, 0)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Plan"))
        self.setAccessibleDescription(
            self.tr("Drawing of the room. Tab walks through what stands in it, arrows move the selection.")
        )
        self.scale(50.0, 50.0)

    # What the window calls

    @property
    def selection(self) -> list[str]:
        """Ids of what is selected."""
        return list(self.overlay.selection)

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select these and nothing else; unknown ids are passed over."""
        plan = self.plan_scene.plan
        floor = self.document.floor
        known = [name for name in dict.fromkeys(ids) if name in plan.index or name in plan.members or floor.has(name)]
        if known != self.overlay.selection:
            self.overlay.selection = known
            self.document.end_merge()
            self._mark_rulers()
            self.viewport().update()
            self.selection_changed.emit(list(known))

    def set_live(
        self, rack_ids: Sequence[str], values: Sequence[float], metric: str, inlet_c: Sequence[float] | None = None
    ) -> None:
        """Fill racks by `inlet` (°C), `power` (% of budget) or `utilisation` (%); `inlet_c` colours their fronts."""
        self.plan_scene.set_live(rack_ids, values, metric, inlet_c)

    def clear_live(self) -> None:
        """Show the drawing as drawn."""
        self.plan_scene.clear_live()

    def set_failed(self, ids: Iterable[str]) -> None:
        """Show these as failed."""
        self.plan_scene.set_failed(ids)

    def zoom_to_fit(self) -> None:
        """Show the whole room with its dimensions."""
        self._zoom_to_box(self.plan_scene.drawing_box(), FIT_MARGIN_PX)

    def zoom_to(self, ids: Iterable[str]) -> None:
        """Show these, with some floor around them."""
        box = self.plan_scene.plan.box_of(self.plan_scene.plan.indices(ids))
        if box is not None:
            x0, y0, x1, y1 = box
            self._zoom_to_box(QRectF(x0 - 1.2, y0 - 1.2, x1 - x0 + 2.4, y1 - y0 + 2.4), 8.0)

    def zoom_to_box(self, box_m: tuple[float, float, float, float]) -> None:
        """Show a part of the floor with some of it around; what is shown whole already stays where it is."""
        x0, y0, x1, y1 = box_m
        box = QRectF(x0 - 1.2, y0 - 1.2, x1 - x0 + 2.4, y1 - y0 + 2.4)
        if not QRectF(self.viewport().rect()).contains(self.viewportTransform().mapRect(box)):
            self._zoom_to_box(box, 8.0)

    def zoom_by(self, factor: float, at_px: QPointF | None = None) -> None:
        """Zoom about a point of the viewport, the middle by default."""
        at = at_px if at_px is not None else QPointF(self.viewport().rect().center())
        now = self.px_per_m
        factor = min(max(now * factor, MIN_PX_PER_M), MAX_PX_PER_M) / now
        before = self.to_metres(at)
        self.scale(factor, factor)
        self._scroll_by(self.viewportTransform().map(before) - at)
        self._view_moved()

    def set_tool(self, tool: Tool | None) -> None:
        """Take a tool in hand; None goes back to selecting."""
        self.tool.cancel()
        self.tool = tool or SelectTool(self)
        self.viewport().setCursor(self.tool.cursor)
        self.viewport().update()

    def open_selection(self) -> bool:
        """Ask for the elevation of the first rack or row selected; False when there is none."""
        plan = self.plan_scene.plan
        found = [name for name in self.selection if name in plan.members or plan.is_rack[plan.index[name]]]
        if found:
            self.opened.emit(found[0])
        return bool(found)

    def take_device(self, device_id: str) -> None:
        """Take a device of the catalogue in hand; a click puts it down."""
        device = self.document.catalogue.get(device_id)
        if device is not None and is_placeable(device):
            self.set_tool(PlaceTool(self, device))
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def px_per_m(self) -> float:
        """The scale of the drawing."""
        return self.transform().m11()

    def to_metres(self, at_px: QPointF) -> QPointF:
        """A point of the viewport on the floor."""
        return self.viewportTransform().inverted()[0].map(at_px)

    def restyle(self) -> None:
        """Take the colours of the current theme."""
        self.setBackgroundBrush(theme.current()["canvas"])
        self.plan_scene.restyle()
        self.viewport().update()

    # The document

    def _document_changed(self, old: object, new: object) -> None:
        self.tool.cancel()
        self.plan_scene.rebuild()
        self.overlay.hovered = None
        self.overlay.set_findings([], self.plan_scene.plan)
        plan = self.plan_scene.plan
        floor, chosen = self.document.floor, self.overlay.selection
        kept = [name for name in chosen if name in plan.index or name in plan.members or floor.has(name)]
        if kept != self.overlay.selection:
            self.overlay.selection = kept
            self.selection_changed.emit(list(kept))
        self._mark_rulers()
        self.viewport().update()
        self.document_changed.emit()

    def _document_checked(self, findings: list) -> None:
        self.overlay.set_findings(findings, self.plan_scene.plan)
        self.viewport().update()

    # Painting

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # type: ignore[override]
        """The overlay, in pixels."""
        xs, ys = zip(*self.document.layout.room.outline_m, strict=True)
        room = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        painter.save()
        painter.resetTransform()
        for paint in self.layers:
            paint(painter, self.viewportTransform())
        self.overlay.paint(painter, self.plan_scene.plan, self.viewportTransform(), room)
        painter.restore()

    # Moving about

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rulers keep to the edges; the first real size shows the whole room."""
        super().resizeEvent(event)
        self._rulers[0].setGeometry(RULER_PX, 0, self.width() - RULER_PX, RULER_PX)
        self._rulers[1].setGeometry(0, RULER_PX, RULER_PX, self.height() - RULER_PX)
        if not self._is_fitted:
            self.zoom_to_fit()
            self._is_fitted = self.isVisible()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; a sideways wheel pans."""
        turn = event.angleDelta()
        if turn.y():
            self.zoom_by(1.0015 ** turn.y(), event.position())
        elif turn.x():
            self._scroll_by(QPointF(-turn.x() / 2, 0))
            self._view_moved()
        event.accept()

    def _zoom_to_box(self, box: QRectF, margin_px: float) -> None:
        area = QRectF(self.viewport().rect())
        room = area.adjusted(margin_px, margin_px, -margin_px, -margin_px)
        if box.isEmpty() or room.width() < 10 or room.height() < 10:
            return
        wanted = min(room.width() / box.width(), room.height() / box.height())
        factor = min(max(wanted, MIN_PX_PER_M), MAX_PX_PER_M) / self.px_per_m
        self.scale(factor, factor)
        self._scroll_by(self.viewportTransform().map(box.center()) - area.center())
        self._view_moved()

    def _scroll_by(self, shift_px: QPointF) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + round(shift_px.x()))
        down.setValue(down.value() + round(shift_px.y()))

    def _view_moved(self) -> None:
        for ruler in self._rulers:
            ruler.update()
        self.viewport().update()
        self.zoomed.emit(self.px_per_m)

    def _mark_rulers(self) -> None:
        box = self.plan_scene.plan.box_of(self.plan_scene.plan.indices(self.overlay.selection))
        self._rulers[0].set_span((box[0], box[2]) if box else None)
        self._rulers[1].set_span((box[1], box[3]) if box else None)

    # Gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Middle button or space pans; everything else is the tool's."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        is_pan = event.button() == Qt.MouseButton.MiddleButton or self._is_space_down
        if is_pan:
            self._pan_from = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.tool.press(self.to_metres(event.position()), event.modifiers())
        elif event.button() == Qt.MouseButton.RightButton:
            self.tool.cancel()
            self.tool.offer(self.to_metres(event.position()), event.globalPosition().toPoint())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, drag, or say what is under the mouse."""
        at = self.to_metres(event.position())
        if self._pan_from is not None:
            self._scroll_by(self._pan_from - event.position())
            self._pan_from = event.position()
            self._view_moved()
        else:
            self.tool.move(at, event.modifiers(), bool(event.buttons() & Qt.MouseButton.LeftButton))
        self.pointer_moved.emit(at.x(), at.y())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        if self._pan_from is not None:
            self._pan_from = None
            self.viewport().setCursor(self._resting_cursor())
        elif event.button() == Qt.MouseButton.LeftButton:
            self.tool.release(self.to_metres(event.position()), event.modifiers())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click opens a rack."""
        self.tool.double_click(self.to_metres(event.position()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tool's keys first, then space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_down = True
            self.viewport().setCursor(self._resting_cursor())
            event.accept()
        elif self.tool.key(event):
            event.accept()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space released: back to the tool."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_down = False
            self.viewport().setCursor(self._resting_cursor())
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks through what stands on the floor and leaves the plan after the last."""
        return self.commands.select_next(1 if forward else -1) or super().focusNextPrevChild(forward)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered outside."""
        self.set_hovered(None)
        super().leaveEvent(event)

    def set_hovered(self, name: str | None) -> None:
        """Outline what is under the mouse."""
        if name != self.overlay.hovered:
            self.overlay.hovered = name
            self.viewport().update()
            self.hovered.emit(name)

    def viewportEvent(self, event: QEvent) -> bool:
        """Findings explain themselves under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = QPointF(event.pos())
            for box, findings in self.overlay.finding_spots(
                self.viewportTransform(), QRectF(at, at).adjusted(-1, -1, 1, 1)
            ):
                if box.contains(at):
                    words = "\n".join(f"{said(finding.what)}; {said(finding.hint)}" for finding in findings[:4])
                    QToolTip.showText(event.globalPos(), words, self)
                    return True
            QToolTip.hideText()
        return super().viewportEvent(event)

    def _resting_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.OpenHandCursor if self._is_space_down else self.tool.cursor

    # Drops from the palette

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take devices of the palette."""
        self._drop.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        self._drop.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget it."""
        self._drop.leave()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put it down."""
        self._drop.drop(event)
