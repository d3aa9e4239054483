"""Charts over simulated time: series in fixed memory, one chart, a grid of them and the time they share."""

from ui.charts.chart import TimeChart
from ui.charts.grid import ChartGrid
from ui.charts.overlay import EventMark, Limit
from ui.charts.series import Series
from ui.charts.shared_time import SharedTime

__all__ = ["ChartGrid", "EventMark", "Limit", "Series", "SharedTime", "TimeChart"]
