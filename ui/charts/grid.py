"""Charts side by side that share time range and cross-hair; the lowest of each column carries the time plate."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from ui import theme
from ui.charts.chart import MIN_HEIGHT_PX, MIN_WIDTH_PX, TimeChart
from ui.charts.overlay import EventMark
from ui.charts.shared_time import SharedTime
from ui.format import Unit

_SMOOTH_MOST = 8


def shape_for(width_px: int, height_px: int, n_charts: int) -> tuple[int, int]:
    """Columns and visible rows for a room: two columns, four from 1,500 px, never under 320 x 160 px a chart."""
    fitting = max(1, width_px // MIN_WIDTH_PX)
    n_columns = min(fitting, 4 if width_px >= 1500 else 2, max(1, n_charts))
    n_rows = -(-n_charts // n_columns)
    return n_columns, max(1, min(n_rows, height_px // MIN_HEIGHT_PX))


class _Board(QWidget):
    """Holds the charts and draws the lines between them."""

    def __init__(self) -> None:
        super().__init__()
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current()["panel"])
        painter.fillRect(self.childrenRect(), theme.current()["line"])


class ChartGrid(QScrollArea):
    """Lays out charts for its size and refreshes them together; call `refresh` from the window's one timer."""

    def __init__(self, time: SharedTime | None = None) -> None:
        super().__init__()
        self.time = time or SharedTime()
        self.charts: list[TimeChart] = []
        self._board = _Board()
        self._n_columns = 0
        self.setWidget(self._board)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Charts"))
        self.setMinimumSize(MIN_WIDTH_PX, MIN_HEIGHT_PX)

    def sizeHint(self) -> QSize:
        """Room for two by two."""
        return QSize(2 * MIN_WIDTH_PX + 160, 2 * MIN_HEIGHT_PX + 80)

    def add_chart(self, title: str, unit: Unit, *, stacked: bool = False, zero_based: bool = False) -> TimeChart:
        """Add a chart at the end and return it."""
        chart = TimeChart(title, unit, self.time, stacked=stacked, zero_based=zero_based)
        chart.keeps_own_margins = False
        chart.setParent(self._board)
        chart.show()
        self.charts.append(chart)
        self._arrange()
        return chart

    def set_charts_shown(self, shown: Sequence[TimeChart]) -> None:
        """Show only these charts, in this order; the others keep collecting."""
        rest = [chart for chart in self.charts if chart not in shown]
        self.charts = [*shown, *rest]
        for chart in self.charts:
            chart.setVisible(chart in shown)
        self._arrange()

    def set_events(self, events: Sequence[EventMark]) -> None:
        """Set the event marks of all charts."""
        for chart in self.charts:
            chart.set_events(events)

    def clear_values(self, first_s: float = 0.0) -> None:
        """Start a new run at `first_s`: all values and events go, the lines stay."""
        self.time.reset(first_s)
        for chart in self.charts:
            chart.clear_values()

    def refresh(self) -> None:
        """Redraw what changed in the charts that can be seen."""
        seen = [chart for chart in self.charts if chart.isVisible() and not chart.viewport().visibleRegion().isEmpty()]
        for chart in seen:
            chart.refresh()
        for left_px in {chart.x() for chart in seen}:
            column = [chart for chart in seen if chart.x() == left_px]
            margins = (max(c.wanted_margins[0] for c in column), max(c.wanted_margins[1] for c in column))
            for chart in column:
                chart.set_margins(margins)

    def _arrange(self) -> None:
        shown = [chart for chart in self.charts if not chart.isHidden()]
        if not shown:
            return
        n_columns, n_visible = shape_for(self.width(), self.height(), len(shown))
        n_rows = -(-len(shown) // n_columns)
        needs_bar = n_rows > n_visible
        width = self.width() - (self.verticalScrollBar().sizeHint().width() if needs_bar else 0)
        height = max(MIN_HEIGHT_PX, self.height() // n_visible)
        total = height * n_rows if needs_bar else max(self.height(), height * n_rows)
        self._board.resize(width, total)
        # Edges are shared out by rounding, one pixel of board left between neighbours as the separating line.
        xs = [round(width * i / n_columns) for i in range(n_columns + 1)]
        ys = [round(total * i / n_rows) for i in range(n_rows + 1)]
        for i, chart in enumerate(shown):
            row, column = divmod(i, n_columns)
            right = xs[column + 1] - (1 if column + 1 < n_columns else 0)
            bottom = ys[row + 1] - (1 if row + 1 < n_rows else 0)
            chart.setGeometry(xs[column], ys[row], right - xs[column], bottom - ys[row])
            chart.has_time_plate = i + n_columns >= len(shown)
            chart.set_smooth(len(shown) <= _SMOOTH_MOST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew."""
        super().resizeEvent(event)
        self._arrange()
