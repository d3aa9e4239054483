"""The sheet of a diagram: pans, zooms, walks by keyboard, selects, and joins and cuts by hand."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ui import theme
from ui.diagrams.flow_layout import Flow, Link, Point, laid_out
from ui.diagrams.graph import Element, Graph, Wire, translate
from ui.diagrams.paint import load_words, paint_element, paint_focus, paint_wire
from ui.diagrams.symbols import BARS, cell_of

MIN_SCALE, MAX_SCALE, FIT_SCALE = 0.08, 4.0, 1.25
MARGIN_PX = 32.0
NEAR_PX = 5.0
DRAG_PX = 6.0
Key = Qt.Key


class DiagramCanvas(QWidget):
    """Shows one graph.

    `picked` carries ids of the drawing that were selected by hand, `opened` those that are wanted on the plan, `joined`
    the two elements of a wire drawn by hand, `cut` those of a wire that was cut, `removed` what is to be taken off.
    """

    picked = Signal(list)
    opened = Signal(list)
    joined = Signal(object, object)
    cut = Signal(object, object)
    removed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.graph, self.flow = Graph(), Flow()
        self.selected: list[str] = []
        self.wire: Wire | None = None
        self.hovered = ""
        self.joining_from = ""
        self._is_upwards = False
        self._scale, self._origin = 1.0, QPointF(0, 0)
        self._press: QPointF | None = None
        self._hand = QPointF()
        self._pan_from: QPointF | None = None
        self._is_fitted = True
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 160)
        theme.follow(self)

    # what is shown

    def set_graph(self, graph: Graph) -> None:
        """Show a graph; what was selected stays so where it is still there."""
        is_new = list(graph.elements) != list(self.graph.elements) or graph.wires != self.graph.wires
        self.graph = graph
        if is_new:
            links = [Link(wire.source, wire.target) for wire in graph.wires]
            self.flow = laid_out([cell_of(element) for element in graph.elements.values()], links)
        self.selected = [name for name in self.selected if name in graph.elements]
        self.wire = self.wire if self.wire in graph.wires else None
        self.hovered = self.joining_from = ""
        if self._is_fitted:
            self.fit()
        self._describe()
        self.update()

    def show_selection(self, ids: list[str]) -> None:
        """Mark the elements that stand for these."""
        found = list(dict.fromkeys(self.graph.element_of[name] for name in ids if name in self.graph.element_of))
        if found != self.selected:
            self.selected, self.wire = found, None
            self._bring_into_view()
            self._describe()
            self.update()

    def fit(self) -> None:
        """Show all of it."""
        wide, tall = self.flow.width_px + 2 * MARGIN_PX, self.flow.height_px + 2 * MARGIN_PX
        scale = min(self.width() / max(wide, 1.0), self.height() / max(tall, 1.0), FIT_SCALE)
        self._scale = max(scale, MIN_SCALE)
        left = (self.width() - self.flow.width_px * self._scale) / 2
        top = (self.height() - self.flow.height_px * self._scale) / 2
        self._origin = QPointF(round(left), round(min(top, MARGIN_PX * 1.5)))
        self._is_fitted = True
        self.update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about a point, the middle by default."""
        at = at if at is not None else QPointF(self.rect().center())
        factor = min(max(self._scale * factor, MIN_SCALE), MAX_SCALE) / self._scale
        self._origin = at - (at - self._origin) * factor
        self._scale *= factor
        self._is_fitted = False
        self.update()

    def box_of(self, name: str) -> QRectF:
        """Where an element is seen, in pixels of the widget."""
        box = self.flow.boxes[name]
        return self._transform().mapRect(QRectF(box.x_px, box.y_px, box.width_px, box.height_px))

    def element_at(self, at: QPointF) -> str:
        """The element under a point of the widget; empty where there is none."""
        return next((name for name in self.flow.boxes if self.box_of(name).adjusted(-4, -4, 4, 4).contains(at)), "")

    def wire_at(self, at: QPointF) -> Wire | None:
        """The wire under a point of the widget."""
        place = self._transform().inverted()[0].map(at)
        near = NEAR_PX / self._scale
        for wire, route in reversed(list(zip(self.graph.wires, self.flow.routes, strict=False))):
            for (x0, y0), (x1, y1) in itertools.pairwise(route):
                span = QRectF(QPointF(min(x0, x1), min(y0, y1)), QPointF(max(x0, x1), max(y0, y1)))
                if span.adjusted(-near, -near, near, near).contains(place):
                    return wire
        return None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Wires, then elements, then what the hand holds."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current()["canvas"])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setTransform(self._transform())
        seen = self._transform().inverted()[0].mapRect(QRectF(self.rect())).adjusted(-20, -20, 20, 20)
        for wire, route in zip(self.graph.wires, self.flow.routes, strict=False):
            if wire != self.wire:
                paint_wire(painter, wire, self._to_bar(wire, route), False)
        for wire, route in zip(self.graph.wires, self.flow.routes, strict=False):
            if wire == self.wire:
                paint_wire(painter, wire, self._to_bar(wire, route), True)
        for name, box in self.flow.boxes.items():
            place = QRectF(box.x_px, box.y_px, box.width_px, box.height_px)
            if seen.intersects(place):
                paint_element(painter, self.graph.elements[name], place)
                if name in self.selected or name == self.hovered:
                    paint_focus(painter, place, name not in self.selected)
        self._paint_joining(painter)

    def _to_bar(self, wire: Wire, route: list[Point]) -> list[Point]:
        """Wires that come to a bar go on down to it."""
        element = self.graph.elements[wire.target]
        if element.role not in BARS or len(route) < 2:
            return route
        box = self.flow.boxes[wire.target]
        over_px = 10.0 if element.role == "loop" else 4.0
        return [*route[:-1], (route[-1][0], box.bottom_px - over_px)]

    def _paint_joining(self, painter: QPainter) -> None:
        if not self.joining_from or self.joining_from not in self.flow.boxes:
            return
        painter.resetTransform()
        painter.setPen(theme.pen("guide", 2.0, (6.0, 3.0)))
        box = self.box_of(self.joining_from)
        start = QPointF(box.center().x(), box.top() if self._is_upwards else box.bottom())
        painter.drawLine(start, self._hand)

    def _transform(self) -> QTransform:
        return QTransform(self._scale, 0, 0, self._scale, self._origin.x(), self._origin.y())

    # the hand

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was shown whole stays so."""
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        self.zoom_by(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take an element, a wire, or the sheet."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at, name = event.position(), self.element_at(event.position())
        self._hand = at
        if event.button() == Qt.MouseButton.MiddleButton or (event.button() == Qt.MouseButton.LeftButton and not name):
            self.wire = self.wire_at(at) if event.button() == Qt.MouseButton.LeftButton else self.wire
            self._pan_from = at
            if event.button() == Qt.MouseButton.LeftButton:
                self._choose([])
        elif event.button() == Qt.MouseButton.LeftButton:
            keeps = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._press, self.wire = at, None
            self._is_upwards = at.y() < self.box_of(name).top() + 0.3 * self.box_of(name).height()
            self._choose([*self.selected, name] if keeps else [name])
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, lead a wire, or say what is under the mouse."""
        at = event.position()
        if self._pan_from is not None:
            self._origin += at - self._pan_from
            self._pan_from, self._is_fitted = at, False
        elif self._press is not None and (at - self._press).manhattanLength() > DRAG_PX:
            self.joining_from = self.selected[-1] if self.selected else ""
        self.hovered, self._hand = self.element_at(at), at
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        start, self.joining_from = self.joining_from, ""
        end = self.element_at(event.position())
        self._press = self._pan_from = None
        if start and end and start != end:
            self._join(*((end, start) if self._is_upwards else (start, end)))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click goes to the plan."""
        name = self.element_at(event.position())
        if name:
            self.opened.emit(list(self.graph.elements[name].members))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse outside."""
        self.hovered = ""
        self.update()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Elements explain themselves under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            name = self.element_at(QPointF(event.pos()))
            words = spoken(self.graph.elements[name]) if name else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the wires, Enter goes to the plan, C takes a wire, J joins, Delete cuts."""
        key = Key(event.key())
        ways = {Key.Key_Up: (0, -1), Key.Key_Down: (0, 1), Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0)}
        if key in ways:
            self._walk(*ways[key])
        elif key in (Key.Key_Return, Key.Key_Enter):
            self._enter()
        elif key in (Key.Key_Delete, Key.Key_Backspace):
            self._delete()
        elif key == Key.Key_J and self.selected:
            self.joining_from, self._is_upwards = self.selected[-1], False
        elif key == Key.Key_C and self.selected:
            self._take_next_wire()
        elif key == Key.Key_Escape and (self.joining_from or self.wire or self.selected):
            if not self.joining_from:
                self.wire = None
                self._choose([])
            self.joining_from = ""
        elif key == Key.Key_F:
            self.fit()
        else:
            event.ignore()
            return
        self.update()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks through all elements from the top and leaves the sheet after the last."""
        order = sorted(self.flow.boxes, key=lambda n: (self.flow.boxes[n].y_px, self.flow.boxes[n].x_px))
        step = 1 if forward else -1
        at = order.index(self.selected[-1]) + step if self.selected else (0 if forward else len(order) - 1)
        if not 0 <= at < len(order):
            return super().focusNextPrevChild(forward)
        self._choose([order[at]])
        self._bring_into_view()
        return True

    def _walk(self, across: int, down: int) -> None:
        boxes = self.flow.boxes
        if not self.selected:
            self.focusNextPrevChild(True)
            return
        here = self.selected[-1]
        middle = boxes[here].x_px + boxes[here].width_px / 2
        if down:
            found = [w.target for w in self.graph.wires if w.source == here]
            if down < 0:
                found = [w.source for w in self.graph.wires if w.target == here]
        else:
            level = [name for name, box in boxes.items() if abs(box.y_px - boxes[here].y_px) < 1]
            found = [name for name in level if (boxes[name].x_px - boxes[here].x_px) * across > 0]
        if found:
            self._choose([min(found, key=lambda n: abs(boxes[n].x_px + boxes[n].width_px / 2 - middle))])
            self._hand = self.box_of(self.selected[-1]).center()
            self._bring_into_view()

    def _enter(self) -> None:
        if self.joining_from and self.selected and self.selected[-1] != self.joining_from:
            start, self.joining_from = self.joining_from, ""
            self._join(start, self.selected[-1])
        elif self.selected:
            self.opened.emit([name for one in self.selected for name in self.graph.elements[one].members])

    def _delete(self) -> None:
        if self.wire is not None:
            self.cut.emit(self.graph.elements[self.wire.source], self.graph.elements[self.wire.target])
        elif self.selected:
            self.removed.emit()

    def _take_next_wire(self) -> None:
        own = [wire for wire in self.graph.wires if self.selected[-1] in (wire.target, wire.source)]
        if own:
            self.wire = own[(own.index(self.wire) + 1) % len(own)] if self.wire in own else own[0]
            self._describe()

    def _join(self, source: str, target: str) -> None:
        self.joined.emit(self.graph.elements[source], self.graph.elements[target])

    def _choose(self, names: list[str]) -> None:
        self.selected = list(dict.fromkeys(names))
        self._describe()
        self.picked.emit([name for one in self.selected for name in self.graph.elements[one].members])

    def _bring_into_view(self) -> None:
        if self.selected and self.selected[-1] in self.flow.boxes:
            box = self.box_of(self.selected[-1])
            if not QRectF(self.rect()).contains(box):
                self._origin += QPointF(self.rect().center()) - box.center()
                self._is_fitted = False

    def _describe(self) -> None:
        """What a screen reader says."""
        if self.wire is not None:
            text = translate("diagrams", "Wire from {source} to {target}; Delete cuts it")
            words = text.format(source=self.wire.source, target=self.wire.target)
        elif self.selected:
            words = spoken(self.graph.elements[self.selected[-1]])
        else:
            n = len(self.graph.elements)
            words = translate("diagrams", "{n} elements; arrows walk the wires").format(n=n)
        self.setAccessibleDescription(words)


def spoken(element: Element) -> str:
    """An element in words: name, rating, load and what is wrong."""
    share, power, _ = load_words(element)
    parts = [part for part in (element.name, element.about, share, power) if part]
    return "\n".join([", ".join(parts), *element.words])
