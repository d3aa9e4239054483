"""Charts: one time and cross-hair for all, aligned plots, stacked layers, and a layout for every room."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui import theme
from ui.charts import ChartGrid, EventMark, Limit, SharedTime, TimeChart
from ui.charts.grid import shape_for
from ui.format import CELSIUS, TOKENS_PER_S, WATT


class PaintCounter(QObject):
    n_paints = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.n_paints += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def grid(qapp: QApplication, qtbot: QtBot) -> ChartGrid:
    theme.apply(qapp, "dark")
    made = ChartGrid()
    qtbot.addWidget(made)
    made.resize(880, 640)
    for title, unit in (("Throughput", TOKENS_PER_S), ("Power", WATT), ("Inlet", CELSIUS), ("Losses", WATT)):
        chart = made.add_chart(title, unit, stacked=title == "Power")
        for k in range(3):
            chart.add_line(f"l{k}", f"Line {k} of {title}").extend(np.arange(600.0), np.full(600, 10.0 * 8**k))
    made.show()
    made.time.advance(599.0)
    made.refresh()
    return made


def test_plots_of_a_column_share_their_edges(grid: ChartGrid) -> None:
    columns: dict[int, set[tuple[float, float]]] = {}
    for chart in grid.charts:
        plot = chart._plot_rect()
        columns.setdefault(chart.x(), set()).add((plot.left(), plot.right()))
    assert len(columns) == 2
    assert all(len(edges) == 1 for edges in columns.values())


def test_only_the_lowest_chart_of_each_column_has_the_time_plate(grid: ChartGrid) -> None:
    assert [chart.has_time_plate for chart in grid.charts] == [False, False, True, True]


def test_a_stack_begins_at_zero_and_draws_running_sums(grid: ChartGrid) -> None:
    stack = grid.charts[1]
    tops = [line.item.getData()[1][-1] for line in stack.lines.values()]
    assert stack._y_axis[0] == 0.0
    assert tops == pytest.approx([10.0, 90.0, 730.0])


def test_the_hand_over_one_chart_moves_the_cross_hair_of_all(grid: ChartGrid, qtbot: QtBot) -> None:
    chart = grid.charts[0]
    plot = chart._plot_rect()
    qtbot.mouseMove(chart.viewport(), QPoint(round(plot.center().x()), round(plot.center().y())))
    middle_s = (grid.time.start_s + grid.time.end_s) / 2
    assert grid.time.cross_s == pytest.approx(middle_s, abs=3.0)


def test_labels_say_the_value_at_the_cross_hair_else_the_last(grid: ChartGrid) -> None:
    chart = grid.charts[2]
    series = chart.lines["l0"].series
    series.append(600.0, 35.5)
    grid.time.advance(600.0)
    grid.refresh()
    assert chart._labels()[0].text == "35.5"
    grid.time.set_cross(100.0)
    assert chart._labels()[0].text == "10.0"


def test_a_drag_pans_and_a_double_click_follows_again(grid: ChartGrid, qtbot: QtBot) -> None:
    grid.time.set_range(300.0, 400.0)
    chart = grid.charts[0]
    centre = chart._plot_rect().center().toPoint()
    qtbot.mousePress(chart.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    qtbot.mouseMove(chart.viewport(), centre + QPoint(40, 0))
    qtbot.mouseRelease(chart.viewport(), Qt.MouseButton.LeftButton, pos=centre + QPoint(40, 0))
    assert grid.time.start_s < 300.0
    qtbot.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert grid.time.is_live
    assert grid.time.end_s == 599.0


def test_one_refresh_paints_each_chart_once(grid: ChartGrid, qapp: QApplication) -> None:
    for _ in range(3):
        qapp.processEvents()
    counter = PaintCounter()
    for chart in grid.charts:
        chart.viewport().installEventFilter(counter)
        chart.append(600.0, [10.0, 80.0, 640.0])
    grid.time.advance(600.0)
    grid.refresh()
    for _ in range(3):
        qapp.processEvents()
    assert counter.n_paints == len(grid.charts)


def test_a_refresh_without_news_draws_nothing(grid: ChartGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(TimeChart, "_draw_lines", lambda self: drawn.append(self.title))
    grid.refresh()
    assert drawn == []


def test_near_limits_are_on_the_axis_and_far_ones_do_not_squash_it(grid: ChartGrid) -> None:
    chart = TimeChart("Inlet", CELSIUS, SharedTime())
    chart.add_line("a", "B10").extend([0.0, 50.0], [22.0, 25.0])
    chart.set_limits([Limit("recommended", 27.0), Limit("melts", 1000.0)])
    low, high, _ = chart._y_axis
    assert low <= 22.0
    assert 27.0 <= high < 100.0


def test_every_theme_paints_with_events_and_limits(grid: ChartGrid, qapp: QApplication) -> None:
    grid.set_events([EventMark(100.0, "critical"), EventMark(100.01, "note"), EventMark(9999.0, "warning")])
    grid.time.set_cross(300.0)
    grounds = []
    for name in ("light", "high_contrast", "dark"):
        look = theme.apply(qapp, name)
        image = grid.charts[0].grab().toImage()
        grounds.append(image.pixelColor(2, image.height() - 2) == look["panel"])
    assert grounds == [True, True, True]


@pytest.mark.parametrize(
    ("room", "shape"),
    [((880, 640), (2, 4)), ((880, 400), (2, 2)), ((600, 640), (1, 4)), ((1600, 900), (4, 2)), ((100, 100), (1, 1))],
)
def test_charts_never_fall_under_their_least_size(room: tuple[int, int], shape: tuple[int, int]) -> None:
    assert shape_for(*room, n_charts=8) == shape


def test_shared_time_stays_inside_the_run() -> None:
    time = SharedTime(window_s=100.0)
    time.reset(1000.0)
    time.advance(1030.0)
    assert (time.start_s, time.end_s) == (1000.0, 1060.0)
    time.advance(2000.0)
    assert (time.start_s, time.end_s) == (1900.0, 2000.0)
    time.pan(-5000.0)
    assert (time.start_s, time.is_live) == (1000.0, False)
    time.zoom(1e9, 1500.0)
    assert (time.start_s, time.end_s) == (1000.0, 2000.0)
    time.go_live()
    assert (time.start_s, time.end_s) == (1900.0, 2000.0)
