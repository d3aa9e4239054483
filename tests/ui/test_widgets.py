"""Small parts: what they show is also said to a screen reader, and hands get their signals."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QPushButton
from pytestqt.qtbot import QtBot

from twin.errors import DocumentError
from ui import theme
from ui.format import CELSIUS, RATIO, WATT
from ui.widgets import (
    DockTitle,
    EventItem,
    EventList,
    EventModel,
    MessageBar,
    ScaleLegend,
    Segmented,
    SpeedControl,
    Tile,
    TileStrip,
    tool,
)


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")


def test_a_tile_says_number_unit_limit_and_state(qtbot: QtBot) -> None:
    tile = Tile("Hottest inlet", CELSIUS)
    qtbot.addWidget(tile)
    assert tile.accessibleName() == "Hottest inlet –"
    tile.set_value(33.9, "B10, limit 32.0 °C", "critical")
    assert tile.accessibleName() == "Hottest inlet 33.9 °C, B10, limit 32.0 °C, critical"


def test_a_state_colours_the_left_edge_and_calm_does_not(qtbot: QtBot) -> None:
    tile = Tile("PUE", RATIO)
    qtbot.addWidget(tile)
    tile.resize(200, 72)
    tile.set_value(1.25)
    assert tile.grab().toImage().pixelColor(1, 36) == theme.current()["panel"]
    tile.set_value(1.9, "limit 1.5", "warning")
    assert tile.grab().toImage().pixelColor(1, 36) == theme.current()["warning"]


def test_a_tile_answers_mouse_and_keyboard(qtbot: QtBot) -> None:
    tile = Tile("IT power", WATT)
    qtbot.addWidget(tile)
    with qtbot.waitSignal(tile.clicked):
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(tile.clicked):
        qtbot.keyClick(tile, Qt.Key.Key_Return)


def test_a_narrow_strip_leaves_out_the_last_tiles(qtbot: QtBot) -> None:
    strip = TileStrip([Tile(f"t{i}", WATT) for i in range(8)])
    qtbot.addWidget(strip)
    strip.resize(1000, 73)
    strip.show()
    assert [tile.isVisible() for tile in strip.tiles] == [True] * 6 + [False] * 2
    assert min(tile.width() for tile in strip.tiles[:6]) >= 160


def test_segments_exclude_each_other_and_tell_only_of_a_hand(qtbot: QtBot) -> None:
    segments = Segmented("Metric")
    qtbot.addWidget(segments)
    segments.add("inlet", "Inlet")
    load = segments.add("load", "Load")
    heard: list[str] = []
    segments.chosen.connect(heard.append)
    segments.set_current("load")
    segments.set_current("inlet")
    assert heard == []
    qtbot.mouseClick(load, Qt.MouseButton.LeftButton)
    assert heard == ["load"]
    assert segments.current == "load"


def test_speed_snaps_to_what_is_offered(qtbot: QtBot) -> None:
    speed = SpeedControl()
    qtbot.addWidget(speed)
    speed.set_speed(58.0)
    assert speed.speed == 60.0
    speed.set_speed(math.inf)
    assert math.isinf(speed.speed)


def test_a_dock_title_follows_its_dock_and_closes_it(qtbot: QtBot) -> None:
    dock = QDockWidget("Events")
    qtbot.addWidget(dock)
    title = DockTitle(dock)
    assert dock.titleBarWidget() is title
    dock.setWindowTitle("Findings")
    assert title._title.text() == "Findings"


def test_an_error_shows_place_numbers_and_way_out_with_its_actions(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    error = DocumentError("rack R3-07 draws 48.2 kW, busway B2 allows 40.0 kW", "hall.json rows[3]", "move a server")
    bar.show_error("The hall cannot run", error, {"show": "Show on plan"})
    assert bar.accessibleName() == (
        "The hall cannot run hall.json rows[3]: rack R3-07 draws 48.2 kW, busway B2 allows 40.0 kW\nmove a server"
    )
    with qtbot.waitSignal(bar.action_chosen) as heard:
        bar.findChildren(QPushButton)[0].click()
    assert heard.args == ["show"]
    bar.show_message("note", "Saved")
    assert bar.property("severity") == "note"


def test_events_keep_the_newest_and_are_read_aloud(qtbot: QtBot) -> None:
    model = EventModel(most=3)
    model.add(EventItem(60.0 * i, "warning", f"event {i}", "B10") for i in range(5))
    assert [item.headline for item in model.items] == ["event 2", "event 3", "event 4"]
    assert model.index(0).data() == "event 2, B10, 00:02:00"
    assert model.rowCount(QModelIndex()) == 3
    view = EventList(model)
    qtbot.addWidget(view)
    view.resize(260, 300)
    view.show()
    with qtbot.waitSignal(view.chosen) as heard:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(model.index(1)).center())
    assert heard.args[0].headline == "event 3"


def test_the_list_follows_new_events_only_while_at_its_end(qtbot: QtBot) -> None:
    model = EventModel()
    view = EventList(model)
    qtbot.addWidget(view)
    view.resize(260, 200)
    view.show()
    model.add(EventItem(float(i), "note", f"e{i}") for i in range(20))
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    view.scrollToTop()
    model.add([EventItem(99.0, "note", "late")])
    QApplication.processEvents()
    assert bar.value() == 0


def test_the_legend_paints_the_colours_of_its_scale(qtbot: QtBot) -> None:
    legend = ScaleLegend("Air", "temperature")
    qtbot.addWidget(legend)
    legend.resize(96, 360)
    image = legend.grab().toImage()
    colours = {image.pixelColor(30, y).name() for y in range(30, 260)}
    assert len(colours) > 150
    assert legend.accessibleName() == "Air, °C, 15 – 45"


def test_icons_of_buttons_follow_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    button = tool("rack", "Place a rack")
    qtbot.addWidget(button)
    before = button.icon().pixmap(20, 20).toImage()
    theme.apply(qapp, "light")
    assert button.icon().pixmap(20, 20).toImage() != before
    assert button.accessibleName() == "Place a rack"
