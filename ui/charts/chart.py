"""A chart over simulated time: a few lines or a stack, with its title, limits, events and values at the line ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent

from ui import theme
from ui.charts import overlay
from ui.charts.curve import Curve, Line, stacked
from ui.charts.overlay import EndLabel, EventMark, Limit, View
from ui.charts.series import Series
from ui.charts.shared_time import SharedTime
from ui.charts.ticks import nice_range, step_digits, tick_values
from ui.format import Unit, number, significant_places

MIN_WIDTH_PX, MIN_HEIGHT_PX = 320, 160
_MAX_LABELS_PX = 150
_FILL_FRAC = 0.45


class TimeChart(pg.PlotWidget):
    """Lines (or, `stacked`, layers from zero) of values in SI units shown in `unit` over the shared time.

    Move over it for the cross-hair, drag to pan, Ctrl and wheel to zoom, double click to follow the run again.
    """

    def __init__(self, title: str, unit: Unit, time: SharedTime, *, stacked: bool = False, zero_based: bool = False):
        super().__init__()
        self.title, self.unit, self.time = title, unit, time
        self.is_stacked = stacked
        self.is_zero_based = stacked or zero_based
        self.has_time_plate = False
        self.lines: dict[str, Line] = {}
        self._shown_unit = unit.fit(0.0)
        self._limits: tuple[Limit, ...] = ()
        self._events: tuple[EventMark, ...] = ()
        self._y_axis = (0.0, 1.0, 0.5)
        self._drawn: tuple[object, ...] = ()
        self._margins: tuple[float, float] = (44.0, 100.0)
        self.wanted_margins = self._margins
        self.keeps_own_margins = True
        self._drag_x: float | None = None
        self._is_smooth = False
        self._set_up()

    def _set_up(self) -> None:
        item = self.plotItem
        for side in ("left", "bottom", "right", "top"):
            item.hideAxis(side)
            # A hidden axis still rebuilds its label at every change of range.
            item.getAxis(side).unlinkFromView()
        # The grid lies in the background and moves with the range.
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        item.hideButtons()
        item.setMenuEnabled(False)
        item.vb.setMouseEnabled(False, False)
        item.vb.disableAutoRange()
        self.setMinimumSize(MIN_WIDTH_PX, MIN_HEIGHT_PX)
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setAccessibleName(f"{self.title}, {self._shown_unit.symbol}".rstrip(", "))
        self.setAccessibleDescription(
            self.tr("Drag to pan, Ctrl and wheel to zoom, double click to follow the run again")
        )
        self.time.range_changed.connect(self._on_range)
        self.time.cross_changed.connect(self.viewport().update)
        theme.changed().changed.connect(self._on_theme)
        self._on_theme()

    def sizeHint(self) -> QSize:
        """Twice as wide as high."""
        return QSize(MIN_WIDTH_PX + 60, MIN_HEIGHT_PX + 30)

    # content

    def add_line(self, key: str, name: str, role: str = "", mark: str = "", capacity: int = 20_000) -> Series:
        """Add a line and return the series to append to, in SI units.

        `role` is a series or role name, by default the next free series colour; `mark` is `circle`, `diamond` or
        `square` for chip kinds.
        """
        role = role or self._free_role()
        series = Series(capacity, "mean" if self.is_stacked else "peaks")
        curve = Curve()
        curve.setZValue(-len(self.lines) if self.is_stacked else len(self.lines))
        self.plotItem.vb.addItem(curve, ignoreBounds=True)
        self.lines[key] = Line(name, role, mark, series, curve)
        self._style_lines()
        return series

    def remove_line(self, key: str) -> None:
        """Take a line away."""
        self.plotItem.vb.removeItem(self.lines.pop(key).item)
        self._redraw()

    def clear_values(self) -> None:
        """Forget all values and events; the lines stay."""
        for line in self.lines.values():
            line.series.clear()
        self._events = ()
        self._redraw()

    def append(self, time_s: float, values: Iterable[float]) -> None:
        """Add one value to every line, in the order the lines were added."""
        for line, value in zip(self.lines.values(), values, strict=True):
            line.series.append(time_s, value)

    def set_limits(self, limits: Sequence[Limit]) -> None:
        """Set the dashed limit lines, values in SI units."""
        self._limits = tuple(limits)
        self._redraw()

    def set_events(self, events: Sequence[EventMark]) -> None:
        """Set the event marks."""
        self._events = tuple(events)
        self.viewport().update()

    def set_smooth(self, is_smooth: bool) -> None:
        """Draw lines smoothed: for a paused run or few charts, it costs time."""
        if is_smooth != self._is_smooth:
            self._is_smooth = is_smooth
            self._style_lines()

    # drawing

    def refresh(self) -> None:
        """Redraw the lines if values or time range changed since the last call."""
        state = (self.time.start_s, self.time.end_s, self.width(), *(ln.series.version for ln in self.lines.values()))
        if state != self._drawn:
            self._drawn = state
            self._draw_lines()
            # New lines repaint the view by themselves; asking again would paint twice.
            if not self.lines:
                self.viewport().update()

    def _draw_lines(self) -> None:
        n_groups = max(50, int(self._plot_rect().width() * self.devicePixelRatioF()))
        start_s, end_s = self.time.start_s, self.time.end_s
        curves = [line.series.window(start_s, end_s, n_groups) for line in self.lines.values()]
        if self.is_stacked:
            curves = stacked(curves)
        self._choose_axis(curves)
        factor = self._shown_unit.factor
        low, high, _ = self._y_axis
        # A margin around the axes, so that a line along an edge is not cut.
        rim_s, rim = 0.05 * (end_s - start_s), 0.05 * (high - low)
        bounds = QRectF(start_s - rim_s, low - rim, end_s - start_s + 2 * rim_s, high - low + 2 * rim)
        for line, (times_s, values) in zip(self.lines.values(), curves, strict=True):
            line.item.set_values(times_s, values * factor, bounds)
        self._fit_margins()
        self.plotItem.vb.setRange(xRange=(start_s, end_s), yRange=(low, high), padding=0, disableAutoRange=False)
        # Left to the paint event, the new transform would ask for a second paint.
        self.plotItem.vb.prepareForPaint()

    def _choose_axis(self, curves: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
        parts = [values for _, values in curves if values.size]
        if not parts:
            return
        low, high = min(float(v.min()) for v in parts), max(float(v.max()) for v in parts)
        middle, reach = (low + high) / 2, max(1.2 * (high - low), 0.6 * abs(high))
        near = [limit.value for limit in self._limits if abs(limit.value - middle) <= reach]
        low, high = min([low, *near]), max([high, *near])
        self._shown_unit = self.unit.fit(max(abs(low), abs(high)))
        factor = self._shown_unit.factor
        wanted = nice_range(low * factor, high * factor, self.is_zero_based)
        old_low, old_high, _ = self._y_axis
        fits = old_low <= low * factor and high * factor <= old_high
        # An axis that still fits stays, so that the picture does not jump with every wiggle.
        if not fits or (wanted[1] - wanted[0]) < 0.6 * (old_high - old_low):
            self._y_axis = wanted

    def _fit_margins(self) -> None:
        low, high, step = self._y_axis
        texts = [number(value, step_digits(step)) for value in tick_values(low, high, step)]
        left = overlay.EDGE_PX + max((overlay.text_width("small", text) for text in texts), default=0.0)
        right = min(overlay.label_width(self._labels()), _MAX_LABELS_PX, 0.36 * self.width())
        # In steps of eight, so that a digit more or less does not move the plot.
        self.wanted_margins = (
            max(44.0, 8 * math.ceil((left + overlay.TICK_GAP_PX) / 8)),
            max(80.0, 8 * math.ceil(right / 8)),
        )
        if self.keeps_own_margins:
            self.set_margins(self.wanted_margins)

    def set_margins(self, margins: tuple[float, float]) -> None:
        """Set the room left and right of the plot in px; a grid calls it so that the plots of a column line up."""
        if margins != self._margins:
            self._margins = margins
            self._apply_margins()

    def _apply_margins(self) -> None:
        left, right = self._margins
        self.plotItem.layout.setContentsMargins(left, overlay.TOP_PX, right, overlay.BOTTOM_PX)
        self.plotItem.layout.activate()

    def _plot_rect(self) -> QRectF:
        left, right = self._margins
        return QRectF(
            left,
            overlay.TOP_PX,
            max(1.0, self.width() - left - right),
            max(1.0, self.height() - overlay.TOP_PX - overlay.BOTTOM_PX),
        )

    def _labels(self) -> list[EndLabel]:
        cross_s = self.time.cross_s
        labels, total = [], 0.0
        for line in self.lines.values():
            if not len(line.series):
                continue
            end = line.series.value_at(self.time.end_s) * self._shown_unit.factor
            value = end if cross_s is None else line.series.value_at(cross_s) * self._shown_unit.factor
            place = total + end / 2 if self.is_stacked else end
            total += end
            labels.append(EndLabel(line.name, number(value, self._digits(end)), line.role, line.mark, place))
        return labels

    def _digits(self, value: float) -> int:
        if self.unit.digits is not None:
            return self.unit.digits
        # From the axis, not the value, so that the number of digits does not change while the run goes on; the layers
        # of a stack differ too much for that.
        largest = abs(value) if self.is_stacked else max(abs(self._y_axis[0]), abs(self._y_axis[1]))
        return min(significant_places(largest * 0.999), 2)

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        """Fill, and put the grid under the lines."""
        super().drawBackground(painter, rect)
        if not self.is_stacked and self._has_values():
            painter.save()
            painter.resetTransform()
            overlay.paint_grid(painter, self._view())
            painter.restore()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Lay ticks, limits, events, cross-hair and labels over the lines."""
        painter.save()
        painter.resetTransform()
        view = self._view()
        factor = self._shown_unit.factor
        limits = [Limit(limit.name, limit.value * factor, limit.role) for limit in self._limits]
        labels = self._labels()
        overlay.paint_title(painter, self.width(), self.title, self._shown_unit.symbol)
        if not labels:
            overlay.paint_empty(painter, QRectF(self.rect()))
            painter.restore()
            return
        if self.is_stacked:
            painter.setOpacity(0.5 if theme.current().name != "high_contrast" else 1.0)
            overlay.paint_grid(painter, view)
            painter.setOpacity(1.0)
        overlay.paint_ticks(painter, view)
        overlay.paint_limits(painter, view, limits)
        overlay.paint_events(painter, view, self._events)
        overlay.paint_cross(painter, view, self.has_time_plate)
        overlay.paint_labels(painter, view, labels, self.width())
        painter.restore()

    def _has_values(self) -> bool:
        return any(len(line.series) for line in self.lines.values())

    def _view(self) -> View:
        return View(self._plot_rect(), self._y_axis, self.time)

    def _redraw(self) -> None:
        self._drawn = ()
        self.refresh()

    # look

    def _free_role(self) -> str:
        used = {line.role for line in self.lines.values()}
        order = theme.current().series_order
        return next((role for role in order if role not in used), order[len(self.lines) % len(order)])

    def _style_lines(self) -> None:
        look = theme.current()
        for line in self.lines.values():
            colour = look[line.role]
            pen = QPen(colour, 1.0)
            pen.setCosmetic(True)
            brush = QBrush(theme.mixed(look["panel"], colour, _FILL_FRAC)) if self.is_stacked else None
            line.item.setPen(pen)
            line.item.setBrush(brush)
            line.item.setFillLevel(0.0 if self.is_stacked else None)
            # A smoothed fill is painted in pieces whose seams show.
            line.item.opts["antialias"] = self._is_smooth and not self.is_stacked
        self.viewport().update()

    def _on_theme(self, _look: object = None) -> None:
        self.setBackground(theme.current()["panel"])
        self._style_lines()

    def _on_range(self) -> None:
        # While live the next refresh draws anyway; only a range chosen by hand must answer at once.
        if not self.time.is_live:
            self.refresh()

    # hand

    def _time_at(self, x_px: float) -> float:
        plot = self._plot_rect()
        share = min(max((x_px - plot.left()) / plot.width(), 0.0), 1.0)
        return self.time.start_s + share * (self.time.end_s - self.time.start_s)

    def _is_over_plot(self, place: QPointF) -> bool:
        return self._plot_rect().adjusted(-2, -12, 2, 2).contains(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the cross-hair, or pan while the button is down."""
        place = event.position()
        if self._drag_x is not None:
            moved_px = place.x() - self._drag_x
            self._drag_x = place.x()
            self.time.pan(-moved_px / self._plot_rect().width() * (self.time.end_s - self.time.start_s))
        self.time.set_cross(self._time_at(place.x()) if self._is_over_plot(place) else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a pan."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_over_plot(event.position()):
            self._drag_x = event.position().x()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a pan."""
        self._drag_x = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Follow the run again."""
        self.time.go_live()
        self.refresh()

    def leaveEvent(self, event: pg.QtCore.QEvent) -> None:
        """Take the cross-hair away with the hand."""
        self.time.set_cross(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; otherwise leave the wheel to whoever scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.time.zoom(0.8 ** (event.angleDelta().y() / 120), self._time_at(event.position().x()))
            event.accept()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the margins in pixels."""
        super().resizeEvent(event)
        if hasattr(self, "_margins"):
            self._apply_margins()
            self._redraw()
