"""Everything on a chart but its curves: title, ticks, grid, limits, events, cross-hair and line-end labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QStaticText, QTransform

from ui import format as fmt
from ui import icons, theme
from ui.charts.shared_time import SharedTime
from ui.charts.ticks import pushed_apart, step_digits, tick_values, time_ticks

EDGE_PX = 12
TOP_PX = 36
BOTTOM_PX = 24
TICK_GAP_PX = 6
_LABEL_GAP_PX = 14.0
_PLATE_W_PX, _PLATE_H_PX = 60.0, 18.0
_LEFT, _CENTRE, _RIGHT = 0.0, 0.5, 1.0


@dataclass(frozen=True)
class Limit:
    """A dashed line with its name; `role` is `warning` for a limit that matters, `text_3` for a reference."""

    name: str
    value: float
    role: str = "warning"


@dataclass(frozen=True)
class EventMark:
    """Something that happened, as a dot on the top edge; `severity` is critical, warning, note or ok."""

    time_s: float
    severity: str


@dataclass(frozen=True)
class EndLabel:
    """Name and value at the end of a line: `y` in shown units where the line ends, `text` the value."""

    name: str
    text: str
    role: str
    mark: str
    y: float


@dataclass(frozen=True)
class View:
    """What the overlay needs to know of a chart: the plot's rectangle in px, y axis, unit, and time range."""

    plot: QRectF
    y_axis: tuple[float, float, float]
    time: SharedTime

    def x_px(self, time_s: float) -> float:
        """Horizontal place of a time, on the pixel grid."""
        span_s = self.time.end_s - self.time.start_s
        return math.floor(self.plot.left() + (time_s - self.time.start_s) / span_s * self.plot.width()) + 0.5

    def y_px(self, value: float) -> float:
        """Vertical place of a shown value, on the pixel grid."""
        low, high, _ = self.y_axis
        return math.floor(self.plot.bottom() - (value - low) / (high - low) * self.plot.height()) + 0.5


@lru_cache(maxsize=4096)
def text_width(style: theme.TextStyle, text: str) -> float:
    """Width of a text in px; the same few hundred texts come back every frame."""
    return metrics(style).horizontalAdvance(text)


@cache
def metrics(style: theme.TextStyle) -> QFontMetricsF:
    """Measures of a text style."""
    return QFontMetricsF(theme.font(style))


@lru_cache(maxsize=2048)
def _laid_out(style: theme.TextStyle, text: str) -> tuple[QStaticText, float, float]:
    """A text laid out once, with its width and height: the same few hundred texts come back every frame."""
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(QTransform(), theme.font(style))
    return made, made.size().width(), made.size().height()


def _text(painter: QPainter, rect: QRectF, align: float, text: str, look: tuple[theme.TextStyle, str]) -> None:
    """Draw one line in a rectangle, `align` 0 left, 0.5 centred, 1 right; `look` is text style and role."""
    style, role = look
    laid_out, width, height = _laid_out(style, text)
    painter.setFont(theme.font(style))
    painter.setPen(theme.pen(role))
    left = rect.left() + align * (rect.width() - width)
    painter.drawStaticText(QPointF(round(left), round(rect.top() + (rect.height() - height) / 2)), laid_out)


def paint_title(painter: QPainter, width: float, title: str, unit: str) -> None:
    """Title, then the unit in a quieter colour; a long title is clipped, the unit stays."""
    unit_w = text_width("body", unit)
    room = width - 2 * EDGE_PX - unit_w - 8
    shown = title
    if text_width("heading", title) > room:
        shown = metrics("heading").elidedText(title, Qt.TextElideMode.ElideRight, room)
    _text(painter, QRectF(EDGE_PX, 4, room, 18), _LEFT, shown, ("heading", "text"))
    left = EDGE_PX + text_width("heading", shown) + 8
    _text(painter, QRectF(left, 4, unit_w + 2, 18), _LEFT, unit, ("body", "text_3"))


def paint_grid(painter: QPainter, view: View) -> None:
    """Horizontal grid lines."""
    painter.setPen(theme.pen("line"))
    heights = [view.y_px(value) for value in tick_values(*view.y_axis)]
    painter.drawLines([QLineF(view.plot.left(), y, view.plot.right(), y) for y in heights])


def paint_ticks(painter: QPainter, view: View) -> None:
    """Numbers of both axes; no axis lines."""
    low, high, step = view.y_axis
    digits = step_digits(step)
    for value in tick_values(low, high, step):
        rect = QRectF(0, view.y_px(value) - 8, view.plot.left() - TICK_GAP_PX, 16)
        _text(painter, rect, _RIGHT, fmt.number(value, digits), ("small", "text_3"))
    ticks, step_s = time_ticks(view.time.start_s, view.time.end_s, max(2, int(view.plot.width() // 64)))
    bottom = view.plot.bottom()
    painter.setPen(theme.pen("line_strong"))
    painter.drawLines([QLineF(view.x_px(time_s), bottom + 1, view.x_px(time_s), bottom + 4) for time_s in ticks])
    for time_s in ticks:
        rect = QRectF(view.x_px(time_s) - 32, bottom + 4, 64, 16)
        _text(painter, rect, _CENTRE, fmt.clock(time_s, seconds=step_s < 60), ("small", "text_3"))


def paint_limits(painter: QPainter, view: View, limits: Sequence[Limit]) -> None:
    """Dashed limit lines with name and number; those outside the axis are left out."""
    low, high, _ = view.y_axis
    for limit in limits:
        if not low <= limit.value <= high:
            continue
        y = view.y_px(limit.value)
        painter.setPen(theme.pen(limit.role, dash=(4, 3)))
        painter.drawLine(QPointF(view.plot.left(), y), QPointF(view.plot.right(), y))
        above = y - 16 > view.plot.top() - 4
        rect = QRectF(view.plot.left() + 4, y - 16 if above else y + 1, view.plot.width() - 8, 15)
        _text(
            painter,
            rect,
            _LEFT,
            f"{limit.name} {fmt.number(limit.value, _fewest_digits(limit.value))}",
            ("small", limit.role),
        )


def _fewest_digits(value: float) -> int:
    return next((d for d in range(3) if abs(round(value, d) - value) < 1e-6 * abs(value)), 3)


def paint_events(painter: QPainter, view: View, events: Sequence[EventMark]) -> None:
    """Dots on the top edge with dotted lines; of several on one pixel the first is drawn."""
    seen: set[float] = set()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    dots: list[tuple[float, str]] = []
    for event in events:
        if not view.time.start_s <= event.time_s <= view.time.end_s:
            continue
        x = view.x_px(event.time_s)
        if x in seen:
            continue
        seen.add(x)
        dots.append((x, event.severity))
        painter.setPen(theme.pen(event.severity, dash=(1, 3)))
        painter.drawLine(QPointF(x, view.plot.top()), QPointF(x, view.plot.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for x, severity in dots:
        icons.paint_mark(painter, "circle", QPointF(x, view.plot.top() - 4), 3.0, theme.current()[severity])


def paint_cross(painter: QPainter, view: View, with_plate: bool) -> None:
    """The cross-hair line, and under the lowest chart the plate with its time."""
    cross_s = view.time.cross_s
    if cross_s is None or not view.time.start_s <= cross_s <= view.time.end_s:
        return
    x = view.x_px(cross_s)
    painter.setPen(theme.pen("text_2"))
    painter.drawLine(QPointF(x, view.plot.top() - 8), QPointF(x, view.plot.bottom()))
    if not with_plate:
        return
    left = min(max(x - _PLATE_W_PX / 2, 1.0), view.plot.right() + EDGE_PX - _PLATE_W_PX)
    plate = QRectF(math.floor(left) + 0.5, view.plot.bottom() + 3.5, _PLATE_W_PX, _PLATE_H_PX)
    painter.setBrush(theme.current()["panel"])
    painter.setPen(theme.pen("control_border"))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _text(painter, plate, _CENTRE, fmt.clock(cross_s), ("small_bold", "text"))


def paint_labels(painter: QPainter, view: View, labels: Sequence[EndLabel], right_px: float) -> None:
    """Name and value at the end of each line, pushed apart; the name is clipped, the value never."""
    wanted = [min(max(view.y_px(label.y), view.plot.top()), view.plot.bottom()) for label in labels]
    centres = pushed_apart(wanted, _LABEL_GAP_PX, view.plot.top() - 2, view.plot.bottom() + 2)
    left = view.plot.right() + 4
    for label, y in zip(labels, centres, strict=True):
        _paint_key(painter, label, left, round(y))
        value_w = text_width("small_bold", label.text)
        start = left + 11
        room = max(0.0, right_px - 6 - start - value_w - 4)
        name = label.name
        if text_width("small", name) > room:
            name = metrics("small").elidedText(name, Qt.TextElideMode.ElideRight, room)
        name_w = text_width("small", name)
        _text(painter, QRectF(start, y - 8, name_w + 2, 16), _LEFT, name, ("small", "text_2"))
        _text(painter, QRectF(start + name_w + 4, y - 8, value_w + 4, 16), _LEFT, label.text, ("small_bold", "text"))


def _paint_key(painter: QPainter, label: EndLabel, left: float, y: float) -> None:
    colour = theme.current()[label.role]
    if label.mark:
        icons.paint_mark(painter, label.mark, QPointF(left + 3.5, y), 3.5, colour)
    else:
        painter.fillRect(QRectF(left, y - 1, 7, 2), colour)


def label_width(labels: Sequence[EndLabel]) -> float:
    """Room in px that labels need beside the plot."""
    widths = [text_width("small", label.name) + text_width("small_bold", label.text) for label in labels]
    return 4 + 11 + max(widths, default=0.0) + 4 + 8


def paint_empty(painter: QPainter, plot: QRectF) -> None:
    """One quiet sentence where the curves will be."""
    _text(painter, plot, _CENTRE, QCoreApplication.translate("TimeChart", "No values yet"), ("body", "text_3"))
