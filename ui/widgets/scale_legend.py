"""The colour bar beside the plan: scale, unit, recommended and allowable marks, isolines, values out of range."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import format as fmt
from ui import theme
from ui.charts.ticks import nice_step, tick_values
from ui.scales import Scale

_BAR_LEFT, _BAR_W, _TOP, _KEY_H = 24, 12, 30, 84
_MARK_STYLES = {"recommended": 2.0, "a1_allowable": 1.0}


class ScaleLegend(QWidget):
    """A vertical legend of one scale of the theme, `temperature` or `utilisation`."""

    def __init__(self, title: str, scale_name: str) -> None:
        super().__init__()
        self._title, self._scale_name = title, scale_name
        self._seen: tuple[float, float] | None = None
        self._painted: tuple[Scale, QImage] | None = None  # the bar of that scale
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.follow(self)
        self.set_scale(title, scale_name)

    @property
    def scale(self) -> Scale:
        """The scale shown, of the current theme."""
        return theme.current().scales[self._scale_name]

    def set_scale(self, title: str, scale_name: str) -> None:
        """Show another scale."""
        self._title, self._scale_name, self._seen = title, scale_name, None
        self.setAccessibleName(f"{title}, {self.scale.unit}, {self.scale.low:g} – {self.scale.high:g}")
        self.update()

    def set_seen(self, low: float, high: float) -> None:
        """Tell the lowest and highest value on the plan, so that values off the scale are named."""
        if self._seen != (low, high):
            self._seen = (low, high)
            self.update()

    def sizeHint(self) -> QSize:
        """100 x 360."""
        return QSize(100, 360)

    def minimumSizeHint(self) -> QSize:
        """100 x 140."""
        return QSize(100, 140)

    def _mark_texts(self) -> dict[str, str]:
        return {"recommended": self.tr("recommended"), "a1_allowable": self.tr("A1 allowable")}

    def _y(self, value: float, bar: QRectF) -> float:
        share = (value - self.scale.low) / (self.scale.high - self.scale.low)
        return bar.bottom() - min(max(share, 0.0), 1.0) * bar.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        has_marks = bool(self.scale.marks) and self.height() >= 260
        bar = QRectF(_BAR_LEFT, _TOP, _BAR_W, self.height() - _TOP - (_KEY_H + 8 if has_marks else 14))
        self._paint_title(painter)
        self._paint_bar(painter, bar)
        self._paint_ticks(painter, bar)
        self._paint_marks(painter, bar)
        if has_marks:
            self._paint_key(painter, bar.bottom() + 14)

    def _paint_title(self, painter: QPainter) -> None:
        self._text(painter, QRectF(8, 4, self.width() - 8, 18), f"{self._title} {self.scale.unit}", "heading", "text")

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        scale = self.scale
        if self._painted is None or self._painted[0] is not scale:
            self._painted = (scale, scale_image(scale))
        painter.drawImage(bar, self._painted[1])
        painter.setPen(theme.pen("control_border"))
        painter.drawRect(bar.toRect().adjusted(-1, -1, 0, 0))

    def _paint_ticks(self, painter: QPainter, bar: QRectF) -> None:
        low, high = self.scale.low, self.scale.high
        step = nice_step(high - low) if bar.height() < 200 else nice_step((high - low) * 0.6)
        for value in tick_values(low, high, step):
            y = self._y(value, bar)
            painter.setPen(theme.pen("line_strong"))
            painter.drawLine(QPointF(bar.right() + 1, y), QPointF(bar.right() + 4, y))
            rect = QRectF(bar.right() + 8, y - 8, self.width() - bar.right() - 8, 16)
            self._text(painter, rect, fmt.number(value, 0), "small", "text_2")
        if self._seen and self._seen[1] > high:
            self._paint_beyond(
                painter, bar, bar.top() + 6, self.tr("to {value}").format(value=fmt.number(self._seen[1], 1))
            )
        if self._seen and self._seen[0] < low:
            self._paint_beyond(
                painter, bar, bar.bottom() - 22, self.tr("from {value}").format(value=fmt.number(self._seen[0], 1))
            )

    def _paint_beyond(self, painter: QPainter, bar: QRectF, top: float, text: str) -> None:
        rect = QRectF(bar.right() + 8, top, self.width() - bar.right() - 8, 16)
        self._text(painter, rect, text, "small_bold", "warning")

    def _paint_marks(self, painter: QPainter, bar: QRectF) -> None:
        for i, (mark, width_px) in enumerate(_MARK_STYLES.items()):
            if mark not in self.scale.marks:
                continue
            low, high = self.scale.marks[mark]
            x = bar.left() - 5 - 6 * i
            pen = QPen(theme.pen("text", width_px))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(x, self._y(low, bar)), QPointF(x, self._y(high, bar)))

    def _paint_key(self, painter: QPainter, top: float) -> None:
        texts = self._mark_texts()
        y = top
        for mark, width_px in _MARK_STYLES.items():
            low, high = self.scale.marks[mark]
            painter.fillRect(QRectF(10, y + 3, width_px, 10), theme.current()["text"])
            values = f"{fmt.number(low, 0)} – {fmt.number(high, 0)} {self.scale.unit}"
            self._text(painter, QRectF(18, y, self.width() - 18, 15), values, "small_bold", "text")
            self._text(painter, QRectF(18, y + 14, self.width() - 18, 15), texts[mark], "small", "text_2")
            y += 34

    def _text(self, painter: QPainter, rect: QRectF, text: str, style: theme.TextStyle, role: str) -> None:
        painter.setFont(theme.font(style))
        painter.setPen(theme.pen(role))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)


def scale_image(scale: Scale) -> QImage:
    """A scale as an image one pixel wide, its highest value at the top: drawn whole it costs what one pixel costs."""
    rows = np.ascontiguousarray(scale.lut[::-1])
    return QImage(rows.data, 1, len(rows), 4, QImage.Format.Format_RGBA8888).convertToFormat(QImage.Format.Format_RGB32)
