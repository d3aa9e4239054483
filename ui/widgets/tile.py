"""Key numbers: label and unit, the number, one comparison or limit, and a sparkline."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import format as fmt
from ui import icons, theme

WIDTH_PX, HEIGHT_PX = 200, 72
_EDGE_PX, _SPARK_W_PX, _SPARK_H_PX = 16, 58, 24
_N_SAMPLES = 116


class Tile(QWidget):
    """One number with its unit; a state adds a coloured left edge, its icon and a coloured number.

    `clicked` asks for the source of the number.
    """

    clicked = Signal()

    def __init__(self, label: str, unit: fmt.Unit) -> None:
        super().__init__()
        self.label, self.unit = label, unit
        self._value: float | None = None
        self._note = self._severity = ""
        self._shows_focus = False
        self._samples: deque[float] = deque(maxlen=_N_SAMPLES)
        self.setMinimumSize(144, HEIGHT_PX)
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.follow(self)
        self.set_value(None)

    def sizeHint(self) -> QSize:
        """200 x 72."""
        return QSize(WIDTH_PX, HEIGHT_PX)

    def set_value(self, value: float | None, note: str = "", severity: str = "") -> None:
        """Set the number in SI units, the line under it, and its state (critical, warning or empty)."""
        self._value, self._note, self._severity = value, note, severity
        spoken = ", ".join(part for part in (f"{self.label} {self.unit.text(value)}", note, severity) if part)
        if spoken != self.accessibleName():
            self.setAccessibleName(spoken)
        self.update()

    def add_sample(self, value: float) -> None:
        """Lengthen the sparkline by one value; one that is not finite is left out."""
        if math.isfinite(value):
            self._samples.append(value)
            self.update()

    def clear(self) -> None:
        """Forget number and sparkline."""
        self._samples.clear()
        self.set_value(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        painter.fillRect(self.rect(), look["panel"])
        if self._severity:
            painter.fillRect(QRectF(0, 0, 3, self.height()), look[self._severity])
            icons.paint(painter, self._severity, QRectF(self.width() - _EDGE_PX - 16, 8, 16, 16), self._severity)
        unit = self.unit.fit(self._value) if self._value is not None else self.unit.fit(0.0)
        number = unit.number(self._value)
        room = self.width() - 2 * _EDGE_PX
        spark_fits = QFontMetricsF(theme.font("display")).horizontalAdvance(number) + _SPARK_W_PX + 8 <= room
        self._paint_caption(painter, unit.symbol, room - (20 if self._severity else 0))
        self._paint_line(painter, 25, 26, number, "display", self._severity or "text")
        note = QFontMetricsF(theme.font("small")).elidedText(self._note, Qt.TextElideMode.ElideRight, room)
        self._paint_line(painter, 50, 16, note, "small", self._severity or "text_2")
        if spark_fits:
            self._paint_spark(painter)
        if self._shows_focus:
            painter.setPen(theme.pen("accent", 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_caption(self, painter: QPainter, symbol: str, room: float) -> None:
        metrics = QFontMetricsF(theme.font("small"))
        unit_w = metrics.horizontalAdvance(symbol)
        name = metrics.elidedText(self.label, Qt.TextElideMode.ElideRight, room - unit_w - 8)
        self._paint_line(painter, 8, 16, name, "small", "text_2")
        painter.setPen(theme.pen("text_3"))
        left = _EDGE_PX + metrics.horizontalAdvance(name) + 8
        painter.drawText(QRectF(left, 8, unit_w + 2, 16), Qt.AlignmentFlag.AlignVCenter, symbol)

    def _paint_line(
        self, painter: QPainter, top: float, height: float, text: str, style: theme.TextStyle, role: str = "text"
    ) -> None:
        painter.setFont(theme.font(style))
        painter.setPen(theme.pen(role))
        painter.drawText(QRectF(_EDGE_PX, top, self.width(), height), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_spark(self, painter: QPainter) -> None:
        if len(self._samples) < 2:
            return
        low, high = min(self._samples), max(self._samples)
        # A flat line is drawn in the middle, and noise below a thousandth of the value stays flat.
        span = max(high - low, 1e-3 * max(abs(high), abs(low)), 1e-12)
        middle = (high + low) / 2
        left = self.width() - _EDGE_PX - _SPARK_W_PX
        centre_y = 26 + _SPARK_H_PX / 2
        step = _SPARK_W_PX / (_N_SAMPLES - 1)
        first = _N_SAMPLES - len(self._samples)
        line = QPolygonF(
            [
                QPointF(left + (first + i) * step, centre_y - (value - middle) / span * _SPARK_H_PX)
                for i, value in enumerate(self._samples)
            ]
        )
        painter.setPen(theme.pen("text_3"))
        painter.drawPolyline(line)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring only to a hand on the keyboard."""
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._shows_focus = event.reason() in keys
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._shows_focus = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for the source."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space ask for the source."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class TileStrip(QWidget):
    """Tiles in one row with lines between; where room is short the last ones are left out."""

    def __init__(self, tiles: Sequence[Tile]) -> None:
        super().__init__()
        self.tiles = tuple(tiles)
        for tile in self.tiles:
            tile.setParent(self)
        self.setFixedHeight(HEIGHT_PX + 1)
        self.setAccessibleName(self.tr("Key numbers"))
        theme.follow(self)

    def sizeHint(self) -> QSize:
        """All tiles at their own width."""
        return QSize(WIDTH_PX * len(self.tiles), HEIGHT_PX + 1)

    def minimumSizeHint(self) -> QSize:
        """Three tiles."""
        return QSize(480, HEIGHT_PX + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the tiles that fit at 160 px or more."""
        n = max(1, min(len(self.tiles), self.width() // 160))
        edges = [round(self.width() * i / n) for i in range(n + 1)]
        for i, tile in enumerate(self.tiles):
            tile.setVisible(i < n)
            if i < n:
                tile.setGeometry(edges[i], 0, edges[i + 1] - edges[i] - (i + 1 < n), HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.current()["line"])
