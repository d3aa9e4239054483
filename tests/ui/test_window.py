"""The window as a whole, driven as a user drives it, with an engine that only pretends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui import fake_engine
from twin.catalogue.library import shipped_catalogue
from twin.layout.edit import move
from ui import theme
from ui.actions import ENTRIES
from ui.dialogs.refusal import Refusal
from ui.panels.commands import CommandPalette
from ui.settings import Settings
from ui.window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    theme.apply(qapp, "dark")
    made = MainWindow(shipped_catalogue(), Settings(tmp_path / "window.ini"), fake_engine.serve)
    made.resize(1600, 1000)
    made.show()
    yield made
    made.document.replace(made.document.layout)
    made.close()
    # Windows that stayed, and menus of charts, which have no parent, would each be restyled by the tests that follow.
    made.deleteLater()
    for left in qapp.topLevelWidgets():
        left.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def scenario(layouts_dir: Path) -> Path:
    return layouts_dir / "scenarios" / "small_room_chat.yaml"


@pytest.fixture
def running(window: MainWindow, scenario: Path, qtbot: QtBot) -> MainWindow:
    """A window whose run goes on."""
    window.open_path(scenario)
    window.play_or_pause()
    qtbot.waitUntil(lambda: window.run.time_s > 20, timeout=20_000)
    return window


def own_copy(layouts_dir: Path, folder: Path) -> Path:
    return Path(shutil.copy(layouts_dir / "small_room.layout.json", folder / "mine.layout.json"))


def edit_something(window: MainWindow) -> None:
    assert window.document.apply("Move CRAH-1", lambda layout: move(layout, {"CRAH-1"}, 0.1, 0.0))


# opening


def test_it_starts_with_templates_and_no_tool_bars(window: MainWindow):
    assert window.view == "start"
    assert {"Small mixed room", "GPU hall", "NPU hall 2025"} <= {c.project.layout.name for c in window.start.cards}
    assert not window.header.tiles.isVisible()
    assert not window.header.bar.isVisible()


def test_a_template_opens_as_a_copy_without_a_file(window: MainWindow):
    card = next(card for card in window.start.cards if card.project.layout.name == "Small mixed room")
    card.chosen.emit()
    assert window.view == "plan"
    assert window.document.path is None
    assert window.document.layout.name == "Small mixed room"
    assert window.opening.project.scenario is not None


def test_a_scenario_opens_with_its_layout(window: MainWindow, scenario: Path):
    assert window.open_path(scenario)
    assert window.document.path == scenario.parent.parent / "small_room.layout.json"
    assert "small_room.layout.json" in window.windowTitle()


def test_a_layout_brings_the_scenario_beside_it(window: MainWindow, layouts_dir: Path, scenario: Path):
    assert window.open_path(layouts_dir / "small_room.layout.json")
    assert window.opening.project.scenario_file == scenario


def test_a_broken_file_is_refused_with_place_and_way_out_and_the_work_stays(window: MainWindow, tmp_path: Path):
    window.opening.new()
    before = window.document.layout
    broken = tmp_path / "broken.layout.json"
    broken.write_text('{"format": "twin-layout", "version": 1, "name": ', encoding="utf-8")
    assert not window.open_path(broken)
    dialog = window.findChild(Refusal)
    assert dialog.isVisible()
    assert "broken.layout.json" in dialog.accessibleDescription()
    assert window.document.layout is before
    dialog.close()


def test_opened_files_are_remembered_newest_first(window: MainWindow, scenario: Path, layouts_dir: Path):
    window.open_path(scenario)
    window.open_path(layouts_dir / "gpu_hall.layout.json")
    assert window.settings.recent == [layouts_dir / "gpu_hall.layout.json", scenario]


# saving and leaving


def test_saving_writes_the_file_and_takes_the_star_away(window: MainWindow, layouts_dir: Path, tmp_path: Path):
    file = own_copy(layouts_dir, tmp_path)
    window.open_path(file)
    before = file.read_bytes()
    edit_something(window)
    assert "*" in window.windowTitle()
    window.actions_["save"].trigger()
    assert "*" not in window.windowTitle()
    assert file.read_bytes() != before


@pytest.mark.parametrize(("answer", "may_leave"), [("Keep drawing", False), ("Discard changes", True)])
def test_unsaved_changes_ask_before_they_are_left(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, answer: str, may_leave: bool
):
    window.opening.take(window.start.cards[0].project)
    edit_something(window)
    pressed: list[str] = []

    def press(box: QMessageBox) -> int:
        button = next(button for button in box.buttons() if button.text() == answer)
        pressed.append(button.text())
        button.click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    assert window.opening.may_leave() is may_leave
    assert pressed == [answer]


def test_undo_takes_the_edit_back_and_names_itself_enabled_only_when_there_is_one(window: MainWindow, scenario: Path):
    window.open_path(scenario)
    assert not window.actions_["undo"].isEnabled()
    before = window.document.layout
    edit_something(window)
    window.actions_["undo"].trigger()
    assert window.document.layout is before
    assert window.actions_["redo"].isEnabled()


# running


def test_run_shows_tiles_charts_plan_and_clock(running: MainWindow, qtbot: QtBot):
    assert running.view == "run"
    assert running.header.tiles.isVisible()
    assert running.time_bar.isVisible()
    tile = running.run_view.tiles.it
    qtbot.waitUntil(lambda: tile.accessibleName().startswith("IT power 60.0 kW"), timeout=5000)
    throughput = next(iter(running.run_view.charts.throughput.lines.values())).series
    # A value tells its time: 1000 tokens/s plus the simulated second, drawn at the time of day 14:00.
    assert throughput.last_value - 1000 == pytest.approx(throughput.last_time_s - 14 * 3600)
    qtbot.waitUntil(lambda: running.run_view.transport.clock.text().startswith("14:0"), timeout=2000)


def test_only_chip_families_of_the_hall_have_a_line(running: MainWindow):
    assert list(running.run_view.charts.utilisation.lines) == ["npu", "gpu"]


def test_space_pauses_and_goes_on(running: MainWindow, qtbot: QtBot):
    running.run_view.charts.setFocus()
    running.actions_["play"].trigger()
    qtbot.waitUntil(lambda: running.run.phase == "paused", timeout=5000)
    stood_at_s = running.run.time_s
    running.actions_["step"].trigger()
    qtbot.waitUntil(lambda: running.run.time_s == stood_at_s + 1, timeout=5000)
    running.actions_["play"].trigger()
    qtbot.waitUntil(lambda: running.run.time_s > stood_at_s + 1, timeout=5000)


def test_a_clicked_rack_shows_its_own_curves_with_their_past_and_a_way_back(running: MainWindow, qtbot: QtBot):
    view = running.run_view.plan.view
    rack = view.plan_scene.plan.index["A2"]
    at_px = view.viewportTransform().map(QPointF(*view.plan_scene.plan.centres[rack]))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at_px.toPoint())
    charts = running.run_view.charts
    shown = [chart.title for chart in charts.charts if chart.isVisible()]
    assert shown == ["Power", "Utilisation", "Air", "Throughput"]
    power = next(iter(next(chart for chart in charts.charts if chart.title == "Power").lines.values())).series
    assert power.last_value >= 2020.0
    assert len(power) > 1
    assert running.run_view.header.name.text() == "Rack A2"
    qtbot.mouseClick(running.run_view.header.back, Qt.MouseButton.LeftButton)
    assert running.run_view.header.isHidden()
    assert len([chart for chart in charts.charts if chart.isVisible()]) == 8


def test_what_is_selected_can_be_failed_and_the_event_is_listed(running: MainWindow, qtbot: QtBot):
    running.run_view.plan.view.set_selection(["CRAH-1"])
    running.run_view.events.fail.click()
    model = running.run_view.events.model
    qtbot.waitUntil(lambda: len(model.items) == 1, timeout=5000)
    assert model.items[0].headline == "CRAH-1 failed"
    assert model.items[0].severity == "critical"
    assert running.run_view.plan.view.plan_scene.bodies.failed == {"CRAH-1"}


def test_set_points_of_a_cooler_are_changed_in_a_run(running: MainWindow, qtbot: QtBot):
    points = running.run_view.events.set_points
    running.run_view.plan.view.set_selection(["A1"])
    assert not points.isVisible()
    running.run_view.plan.view.set_selection(["CRAH-1"])
    assert points.isVisible()
    drawn = running.document.floor.coolers["CRAH-1"].spec
    assert (points.supply.value(), points.fans.value()) == (drawn.supply_c, pytest.approx(100 * drawn.fan_frac))
    events = running.run_view.events.model
    points.supply.setValue(21.0)
    qtbot.waitUntil(lambda: any("supply air 0.5 → 21.0 °C" in item.headline for item in events.items), timeout=5000)
    points.fans.setValue(75.0)
    qtbot.waitUntil(lambda: any("fan speed 50 → 75 %" in item.headline for item in events.items), timeout=5000)
    running.run_view.plan.view.set_selection(["CRAH-2"])
    running.run_view.plan.view.set_selection(["CRAH-1"])
    assert (points.supply.value(), points.fans.value()) == (21.0, 75.0)


def test_a_refused_set_point_returns_to_what_holds_and_the_run_goes_on(running: MainWindow, qtbot: QtBot):
    running.run_view.plan.view.set_selection(["CRAH-1"])
    points = running.run_view.events.set_points
    before_c = points.supply.value()
    points.supply.setValue(fake_engine.REFUSED_C)
    qtbot.waitUntil(running.message.isVisible, timeout=5000)
    assert running.message.accessibleName().startswith("That was not done.")
    assert points.supply.value() == before_c
    assert running.run.phase == "running"


def test_a_run_ends_and_says_so(running: MainWindow, qtbot: QtBot):
    qtbot.waitUntil(lambda: running.run.phase == "done", timeout=20_000)
    assert running.run.time_s == fake_engine.DURATION_S
    assert "finished" in running.status.engine.text()


def test_the_window_outlives_its_engine_and_starts_another(running: MainWindow, qtbot: QtBot):
    before = running.document.layout
    with qtbot.waitSignal(running.run.died, timeout=10_000):
        running.run.fail("engine")
    assert "The engine stopped (exit 9). Your drawing is safe." in running.message.accessibleName()
    assert running.document.layout is before
    restart = next(button for button in running.message.findChildren(QPushButton) if button.text() == "Restart")
    restart.click()
    qtbot.waitUntil(lambda: running.run.phase == "running" and running.run.time_s > 5, timeout=20_000)
    assert not running.message.isVisible()


def test_without_a_scenario_it_says_what_is_missing(window: MainWindow):
    window.opening.new()
    window.play_or_pause()
    assert "no scenario" in window.message.accessibleName()
    assert window.run.phase == "idle"


def test_a_drawing_changed_during_a_run_is_said_to_be_newer(running: MainWindow):
    assert running.status.stale.text() == ""
    edit_something(running)
    assert "changed" in running.status.stale.text()


# actions, docks, themes


def test_no_shortcut_is_given_twice():
    keys = [key for entry in ENTRIES for key in entry.shortcuts]
    assert sorted(keys) == sorted(set(keys))


def test_every_action_can_be_found_and_done_by_typing(window: MainWindow, qtbot: QtBot):
    palette = CommandPalette(window.actions_.listed(), window)
    qtbot.addWidget(palette)
    qtbot.keyClicks(palette.field, "light th")
    done: list[QAction] = []
    window.actions_["theme_light"].triggered.connect(lambda: done.append(window.actions_["theme_light"]))
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert done
    assert theme.current().name == "light"


@pytest.mark.parametrize("name", theme.NAMES)
def test_every_theme_is_kept_for_the_next_start(window: MainWindow, name: str):
    window.actions_[f"theme_{name}"].trigger()
    assert theme.current().name == name
    assert window.settings.theme_name == name


def test_closed_docks_return(window: MainWindow, scenario: Path):
    window.open_path(scenario)
    for key in ("devices", "inspector", "findings"):
        window.docks[key].close()
        assert not window.docks[key].isVisible()
    window.actions_["reset_docks"].trigger()
    assert all(window.docks[key].isVisible() for key in ("devices", "inspector", "findings"))


def test_a_closed_panel_is_opened_by_its_command(window: MainWindow, scenario: Path):
    window.resize(1366, 768)
    window.open_path(scenario)
    QApplication.processEvents()
    assert not window.docks["findings"].isVisible()
    window.actions_["dock_findings"].trigger()
    assert window.docks["findings"].isVisible()
    assert window.docks["findings"].height() >= 140
    window.actions_["dock_findings"].trigger()
    assert not window.docks["findings"].isVisible()
    assert not window.actions_["dock_events"].isEnabled()


def test_each_view_has_its_own_docks_and_keeps_them(window: MainWindow, scenario: Path):
    window.open_path(scenario)
    window.docks["findings"].close()
    window.show_view("run")
    assert window.docks["events"].isVisible()
    assert not window.docks["devices"].isVisible()
    window.show_view("plan")
    assert window.docks["devices"].isVisible()
    assert not window.docks["findings"].isVisible()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1600, 1000)])
def test_the_centre_keeps_its_640_px(window: MainWindow, scenario: Path, qtbot: QtBot, width: int, height: int):
    window.open_path(scenario)
    window.resize(width, height)
    for view in ("plan", "run"):
        window.show_view(view)
        qtbot.wait(20)
        assert (window.width(), window.height()) == (width, height)
        assert window.centralWidget().width() >= 640


def test_f6_walks_from_the_centre_through_the_docks(window: MainWindow, scenario: Path, qtbot: QtBot):
    window.open_path(scenario)
    qtbot.waitUntil(window.findings.table.isVisible, timeout=5000)
    window.activateWindow()
    window.plan.setFocus()
    stops: list[str] = []
    for _ in range(4):
        window.actions_["next_dock"].trigger()
        focus = QApplication.focusWidget()
        assert focus is not None
        owner = next((key for key in window.docks if window.docks[key].isAncestorOf(focus)), "centre")
        stops.append(owner)
    assert set(stops) == {"devices", "inspector", "findings", "centre"}


def test_every_control_has_a_name_for_screen_readers(window: MainWindow, scenario: Path):
    window.open_path(scenario)
    nameless = [
        type(button).__name__
        for button in window.findChildren(QPushButton)
        if not (button.text() or button.accessibleName())
    ]
    assert nameless == []
