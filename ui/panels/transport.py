"""The time bar under a run: play, pause, step, speed, the clock, and the whole run at a glance."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from twin.record.frame import Event
from ui import format as fmt
from ui import icons, theme
from ui.actions import Actions
from ui.charts import Series, SharedTime
from ui.charts.ticks import time_ticks
from ui.run_control import RunControl
from ui.widgets import SpeedControl, label

HEIGHT_PX = 98
_MARK_PX = 8.0
_TOP_PX, _BOTTOM_PX, _SIDE_PX = 28.0, 24.0, 24.0


class Overview(QWidget):
    """The whole run: throughput so far, event marks, the range the charts show; a click or drag moves that range."""

    def __init__(self, time: SharedTime, series: Series) -> None:
        super().__init__()
        self.time, self.series = time, series
        self.start_s, self.end_s, self.now_s = 0.0, 1.0, 0.0
        self.events: list[Event] = []
        self.setMinimumWidth(200)
        self.setAccessibleName(self.tr("Whole run"))
        self.setAccessibleDescription(self.tr("Throughput over the run; drag to choose what the charts show"))
        time.range_changed.connect(self._on_range)
        time.cross_changed.connect(self.update)
        theme.follow(self)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(640, HEIGHT_PX)

    def begin(self, start_s: float, duration_s: float) -> None:
        """Show another run."""
        self.start_s, self.end_s, self.now_s = start_s, start_s + max(duration_s, 1.0), start_s
        self.events.clear()
        self.update()

    def advance(self, now_s: float) -> None:
        """Tell the time of the newest frame."""
        self.now_s = now_s
        self.update()

    def _on_range(self) -> None:
        # While live, the range moves with each frame, and `advance` tells of those.
        if not self.time.is_live:
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the charts around this time."""
        self._show_around(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the range along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._show_around(event.position().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Follow the run again."""
        self.time.go_live()

    def _show_around(self, x_px: float) -> None:
        bar = self._bar()
        share = min(max((x_px - bar.left()) / bar.width(), 0.0), 1.0)
        middle_s = self.start_s + share * (self.end_s - self.start_s)
        half_s = (self.time.end_s - self.time.start_s) / 2
        if middle_s + half_s >= self.now_s:
            self.time.go_live()
            return
        first_s = max(self.start_s, middle_s - half_s)
        self.time.set_range(first_s, first_s + 2 * half_s)

    def _bar(self) -> QRectF:
        height = max(12.0, self.height() - _TOP_PX - _BOTTOM_PX)
        return QRectF(_SIDE_PX, _TOP_PX, self.width() - 2 * _SIDE_PX, height)

    def _x(self, time_s: float) -> float:
        bar = self._bar()
        return bar.left() + bar.width() * (time_s - self.start_s) / (self.end_s - self.start_s)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, bar = theme.current(), self._bar()
        painter.fillRect(bar, look["input"])
        self._paint_range(painter, bar)
        self._paint_curve(painter, bar)
        painter.setPen(theme.pen("line_strong"))
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        self._paint_now(painter, bar)
        self._paint_events(painter, bar)
        self._paint_ticks(painter, bar)

    def _paint_range(self, painter: QPainter, bar: QRectF) -> None:
        left, right = self._x(self.time.start_s), min(self._x(self.time.end_s), bar.right())
        if self.now_s > self.start_s and right - left >= 2:
            painter.fillRect(QRectF(left, bar.top(), right - left, bar.height()), theme.current()["selection"])
            painter.setPen(theme.pen("accent"))
            painter.drawRect(QRectF(round(left) + 0.5, bar.top() + 0.5, round(right - left) - 1, bar.height() - 1))

    def _paint_curve(self, painter: QPainter, bar: QRectF) -> None:
        times_s, values = self.series.window(self.start_s, self.end_s, int(bar.width() / 2))
        if len(times_s) < 2:
            return
        top = max(float(values.max()), 1e-9) * 1.1
        x = bar.left() + bar.width() * (times_s - self.start_s) / (self.end_s - self.start_s)
        y = bar.bottom() - bar.height() * values / top
        curve = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        fill = theme.mixed(theme.current()["input"], theme.current()["npu"], 0.3)
        fill.setAlphaF(1.0 if theme.current().name == "high_contrast" else 0.7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        floor = bar.bottom()
        painter.drawPolygon(QPolygonF([QPointF(curve[0].x(), floor), *curve, QPointF(curve[-1].x(), floor)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.pen("npu"))
        painter.drawPolyline(QPolygonF(curve))

    def _paint_now(self, painter: QPainter, bar: QRectF) -> None:
        if self.now_s > self.start_s:
            painter.setPen(theme.pen("accent", 2.0))
            painter.drawLine(QPointF(self._x(self.now_s), bar.top() - 4), QPointF(self._x(self.now_s), bar.bottom()))
        if self.time.cross_s is not None:
            painter.setPen(theme.pen("text"))
            x = round(self._x(self.time.cross_s)) + 0.5
            painter.drawLine(QPointF(x, bar.top()), QPointF(x, bar.bottom()))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.pen("text_3"))
        title = QRectF(bar.left(), 4, bar.width(), _TOP_PX - 10)
        painter.drawText(title, int(Qt.AlignmentFlag.AlignRight), self.tr("Throughput, whole run"))

    def _paint_events(self, painter: QPainter, bar: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for event in self.events:
            x, y = self._x(event.time_s), bar.top() - 2
            painter.setBrush(theme.current()[event.severity])
            half = _MARK_PX / 2
            corners = ((-half, -_MARK_PX), (half, -_MARK_PX), (half, -half), (0.0, 0.0), (-half, -half))
            painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_ticks(self, painter: QPainter, bar: QRectF) -> None:
        painter.setFont(theme.font("small"))
        for at_s in time_ticks(self.start_s, self.end_s, max(2, int(bar.width() // 110)))[0]:
            x = round(self._x(at_s)) + 0.5
            painter.setPen(theme.pen("line_strong"))
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 4))
            painter.setPen(theme.pen("text_3"))
            box = QRectF(x - 40, bar.bottom() + 5, 80, _BOTTOM_PX - 5)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), fmt.clock(at_s, seconds=False))


class Transport(QWidget):
    """The bar; it asks the run control and shows what that says."""

    def __init__(self, run: RunControl, actions: Actions, overview: Overview) -> None:
        super().__init__()
        self.run, self.overview = run, overview
        self.play = _button(actions, "play", "primary")
        self.restart = _button(actions, "restart", "plain")
        self.step = _button(actions, "step", "plain")
        self.speed = SpeedControl(run.speed)
        self.speed.speed_chosen.connect(run.set_speed)
        self.clock = label(fmt.MISSING, "display")
        self.until = label("", "small", "text_2")
        self.live = QPushButton()
        self.live.setObjectName("link")
        self.live.clicked.connect(overview.time.go_live)
        overview.time.live_changed.connect(self._show_live)
        self._lay_out()
        self._show_live(True)
        run.phase_changed.connect(self.show_state)
        theme.changed().changed.connect(self._tint)
        self._tint()
        self.show_state()

    def _lay_out(self) -> None:
        self.clock.setMinimumWidth(118)
        times = QVBoxLayout()
        times.setSpacing(2)
        times.addStretch(1)
        for widget in (self.clock, self.until, self.live):
            times.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        times.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 0, 4)
        row.setSpacing(8)
        for button in (self.play, self.restart, self.step):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.speed, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(8)
        row.addLayout(times)
        row.addWidget(self.overview, 1)
        self.setFixedHeight(HEIGHT_PX)

    def show_state(self) -> None:
        """Show phase, speed and clock as they are."""
        run = self.run
        is_running = run.phase == "running"
        if is_running != self._was_running:
            self._tint()
        self.speed.set_speed(run.speed)
        self.speed.set_reached(_rounded(run.speed_reached) if is_running else None)
        if run.info is None:
            self.clock.setText(fmt.MISSING)
            self.until.setText("")
            return
        now_s, end_s = run.info.start_s + run.time_s, run.info.start_s + run.info.duration_s
        self.clock.setText(fmt.clock(now_s))
        self.until.setText(self.tr("of {clock}, day {day}").format(clock=fmt.clock(end_s), day=fmt.day(now_s)))

    def _show_live(self, is_live: bool) -> None:
        self.live.setText(self.tr("Live") if is_live else self.tr("Back to live"))
        self.live.setEnabled(not is_live)

    _was_running = False

    def _tint(self, _look: object = None) -> None:
        self._was_running = self.run.phase == "running"
        self.play.setIcon(icons.icon("pause" if self._was_running else "play", "on_accent"))
        self.play.setAccessibleName(self.tr("Pause") if self._was_running else self.tr("Run"))
        self.restart.setIcon(icons.icon("back"))
        self.step.setIcon(icons.icon("step"))


def _button(actions: Actions, key: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setToolTip(actions[key].toolTip())
    button.setAccessibleName(actions[key].text().partition("\t")[0])
    button.clicked.connect(actions[key].trigger)
    button.setIconSize(QSize(20, 20))
    return button


def _rounded(value: float) -> float:
    """Two figures: the speed reached wavers."""
    return float(f"{value:.2g}") if math.isfinite(value) else value
