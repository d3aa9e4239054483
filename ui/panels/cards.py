"""Cards of the start page: drawings to begin from, each with a small picture of its hall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QGridLayout, QWidget

from twin.catalogue.device import Device
from twin.layout.expand import expand_known
from twin.layout.model import Layout
from ui import format as fmt
from ui import theme
from ui.canvas.plan import Body, Plan, plan_of
from ui.project import Project

CARD_W_PX, CARD_H_PX, MOST_COLUMNS = 280, 300, 4
_FACTS_PX = 108


class PlanPicture:
    """A small drawing of a hall: walls, racks by chip family, coolers."""

    def __init__(self, layout: Layout, catalogue: Mapping[str, Device]) -> None:
        floor = expand_known(layout, catalogue)[0]  # type: ignore[arg-type]
        self.plan: Plan = plan_of(floor, catalogue)
        self.room = layout.room
        self.n_racks = len(floor.racks)
        self.max_w = sum(rack.max_w for rack in floor.racks.values())
        self.area_m2 = _area_m2(self.room.outline_m)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw into a rectangle."""
        look = theme.current()
        painter.fillRect(rect, look["canvas"])
        corners = [QPointF(x, y) for x, y in self.room.outline_m]
        painter.save()
        painter.setTransform(self.transform(rect), True)
        wall = QPen(look["wall"], 4.0)
        wall.setCosmetic(True)
        painter.setPen(wall)
        painter.setBrush(look["floor"])
        painter.drawPolygon(QPolygonF(corners))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for body in self.plan.bodies:
            _paint_body(painter, body)
        painter.restore()

    def transform(self, rect: QRectF) -> QTransform:
        """From metres to where `paint` draws them."""
        box = QPolygonF([QPointF(x, y) for x, y in self.room.outline_m]).boundingRect()
        scale = min((rect.width() - 40) / box.width(), (rect.height() - 24) / box.height())
        middle = rect.center()
        made = QTransform.fromTranslate(middle.x(), middle.y()).scale(scale, scale)
        return made.translate(-box.center().x(), -box.center().y())


def _paint_body(painter: QPainter, body: Body) -> None:
    look = theme.current()
    series = {"npu": "npu", "npu_pim": "npu_pim", "gpu": "gpu"}.get(body.family, "")
    fill = theme.mixed(look["rack"], look[series], 0.4) if series else look["rack"]
    line = "supply" if body.kind in ("crah", "cdu") else series or "rack_line"
    painter.setPen(theme.pen(line))
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in body.outline_m]))


def _area_m2(outline_m: Sequence[tuple[float, float]]) -> float:
    turned = [*outline_m[1:], outline_m[0]]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(outline_m, turned, strict=True))) / 2


class Card(QWidget):
    """One example: picture, name, what it is, area and power; a click opens it."""

    chosen = Signal()

    def __init__(self, project: Project, catalogue: Mapping[str, Device]) -> None:
        super().__init__()
        self.project = project
        self._picture = PlanPicture(project.layout, catalogue)
        self._is_hovered = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(CARD_W_PX, CARD_H_PX)
        self.setAccessibleName(self.tr("Open {name}").format(name=project.layout.name))
        self.setAccessibleDescription(project.layout.note)
        theme.follow(self)

    def sizeHint(self) -> QSize:
        """The smallest size."""
        return QSize(CARD_W_PX, CARD_H_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        is_marked = self._is_hovered or self.hasFocus()
        painter.setPen(theme.pen("accent", 2) if is_marked else theme.pen("line"))
        painter.setBrush(look["panel"])
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        self._picture.paint(painter, QRectF(8, 8, self.width() - 16, self.height() - _FACTS_PX - 8))
        top = self.height() - _FACTS_PX + 4
        layout = self.project.layout
        self._text(painter, top, layout.name, "object", "text")
        painter.setFont(theme.font("small"))
        painter.setPen(theme.pen("text_2"))
        wrap = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(16, top + 26, self.width() - 32, 32), wrap, self._note())
        facts = [f"{fmt.number(self._picture.area_m2, 0)} m²"]
        if self._picture.n_racks:
            facts += [self._racks(), fmt.WATT.text(self._picture.max_w)]
        self._text(painter, top + 68, "     ".join(facts), "name", "text")

    def _note(self) -> str:
        """As much of the note as two lines hold."""
        metrics = QFontMetricsF(theme.font("small"))
        return metrics.elidedText(self.project.layout.note, Qt.TextElideMode.ElideRight, 1.8 * (self.width() - 32))

    def _racks(self) -> str:
        return self.tr("{count} racks").format(count=fmt.number(self._picture.n_racks, 0))

    def _text(self, painter: QPainter, top: float, text: str, style: theme.TextStyle, role: str) -> None:
        painter.setFont(theme.font(style))
        painter.setPen(theme.pen(role))
        width = self.width() - 32
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(16, top, width, 22), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Mark it."""
        self._is_hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Unmark it."""
        self._is_hovered = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So do Enter and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class Cards(QWidget):
    """Lays the cards out in as many columns as fit."""

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__()
        self._cards = cards
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._n_columns = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        n_columns = max(1, min(MOST_COLUMNS, self.width() // (CARD_W_PX + 8)))
        if n_columns == self._n_columns:
            return
        self._n_columns = n_columns
        for i, card in enumerate(self._cards):
            self._grid.addWidget(card, i // n_columns, i % n_columns)
        for i in range(MOST_COLUMNS):
            self._grid.setColumnStretch(i, 1 if i < n_columns else 0)
