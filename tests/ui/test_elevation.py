"""The rack elevation: opened from the plan, edited by hand and keys, one selection with the plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui import fake_engine
from twin.catalogue.library import shipped_catalogue
from twin.layout.store import layout_text
from ui import theme
from ui.canvas.mime import device_mime
from ui.diagrams.columns import bars_of, box_words
from ui.diagrams.elevation_view import ElevationView
from ui.diagrams.fill import FillDialog
from ui.diagrams.shape import MIN_COLUMN_PX, shape_for
from ui.settings import Settings
from ui.window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
CTRL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, layouts_dir: Path) -> Iterator[MainWindow]:
    theme.apply(qapp, "dark")
    made = MainWindow(shipped_catalogue(), Settings(tmp_path / "window.ini"), fake_engine.serve)
    made.resize(1600, 1000)
    made.show()
    made.open_path(layouts_dir / "small_room.layout.json")
    yield made
    made.document.replace(made.document.layout)
    made.close()
    made.deleteLater()
    for left in qapp.topLevelWidgets():
        left.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def view(window: MainWindow) -> ElevationView:
    """Racks A1 to A5: four RNGD servers in A1 from unit 3 on, three ATOM-Max hosts in A4."""
    window.plan.set_selection(["A1"])
    window.plan.open_selection()
    return window.elevation.view


def spot(view: ElevationView, rack: str, u: int, face: str = "front") -> QPointF:
    """The middle of a unit on the viewport."""
    box = view.shape.units(view.racks.index(rack), face, u, 1)  # type: ignore[arg-type]
    scrolled = QPointF(view.horizontalScrollBar().value(), view.verticalScrollBar().value())
    return box.center() - scrolled


def mouse(view: ElevationView, kind: str, at: QPointF, keys: Qt.KeyboardModifier = PLAIN) -> None:
    types = {"press": QMouseEvent.Type.MouseButtonPress, "move": QMouseEvent.Type.MouseMove}
    made = types.get(kind, QMouseEvent.Type.MouseButtonRelease)
    held = NONE if kind == "release" else LEFT
    button = NONE if kind == "move" else LEFT
    place = QPointF(view.viewport().mapToGlobal(at.toPoint()))
    QApplication.sendEvent(view.viewport(), QMouseEvent(made, at, place, button, held, keys))


def drag(view: ElevationView, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = PLAIN) -> None:
    mouse(view, "press", start, keys)
    mouse(view, "move", (start + end) / 2, keys)
    mouse(view, "move", end, keys)
    mouse(view, "release", end, keys)


def key(view: ElevationView, code: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
    QApplication.sendEvent(view, QKeyEvent(QKeyEvent.Type.KeyPress, code, keys))


def units(window: MainWindow, rack: str) -> list[int]:
    """The lowest units of the servers and switches of a rack."""
    return sorted(box.u_low for box in window.document.floor.racks[rack].fitted if box.u_low)


def test_enter_on_a_rack_opens_its_line_with_the_rack_selected(window: MainWindow, view: ElevationView) -> None:
    assert window.view == "elevation"
    assert view.racks == ["A1", "A2", "A3", "A4", "A5"]
    assert view.chosen == ["A1"]


def test_the_selection_is_shared_both_ways(window: MainWindow, view: ElevationView) -> None:
    view.set_selection(["A2/u03"])
    assert window.plan.selection == ["A2"]
    window.plan.set_selection(["B2"])
    assert view.racks == ["B1", "B2", "B3", "B4", "B5"]
    assert (view.chosen, view.selection) == (["B2"], [])


def test_a_box_is_dragged_to_other_units_and_undone(window: MainWindow, view: ElevationView) -> None:
    before = layout_text(window.document.layout)
    drag(view, spot(view, "A1", 16), spot(view, "A1", 31))
    assert units(window, "A1") == [3, 7, 11, 30]
    assert view.selection == ["A1/u30"]
    assert window.document.undo_name == "Move A1/u15"
    window.document.undo()
    assert layout_text(window.document.layout) == before


def test_a_box_is_dragged_to_another_rack_and_with_ctrl_copied(window: MainWindow, view: ElevationView) -> None:
    drag(view, spot(view, "A1", 15), spot(view, "A2", 25))
    assert units(window, "A2") == [3, 7, 11, 15, 25]
    drag(view, spot(view, "A4", 3), spot(view, "A5", 25), CTRL)
    assert (units(window, "A4"), units(window, "A5")) == ([3, 7, 11], [3, 7, 11, 25])


def test_a_collision_is_said_while_dragging_and_the_drop_refused(window: MainWindow, view: ElevationView) -> None:
    before = window.document.layout
    start, end = spot(view, "A1", 15), spot(view, "A2", 5)
    mouse(view, "press", start)
    mouse(view, "move", end)
    assert view.carry is not None
    assert not view.carry.verdict.is_legal
    assert "Collides with A2/u03" in view.carry.verdict.lines[0][0]
    with_message = window.message
    mouse(view, "release", end)
    assert window.document.layout is before
    assert with_message.isVisible()


def test_escape_puts_everything_back(window: MainWindow, view: ElevationView) -> None:
    before = window.document.layout
    mouse(view, "press", spot(view, "A1", 15))
    mouse(view, "move", spot(view, "A1", 30))
    key(view, Qt.Key.Key_Escape)
    mouse(view, "release", spot(view, "A1", 30))
    assert view.carry is None
    assert window.document.layout is before


def test_what_a_drop_would_mean_is_said_with_both_numbers(view: ElevationView) -> None:
    """A1: 16 of 42 U, 12.0 of 15 kW; another ATOM-Max host of 4.4 kW is over the budget."""
    mouse(view, "press", spot(view, "A4", 3))
    mouse(view, "move", spot(view, "A1", 30))
    assert view.carry is not None
    assert view.carry.verdict.is_legal
    assert [words for words, _ in view.carry.verdict.lines] == [
        "Fits: 22 U free after, 16.4 of 15.0 kW",
        "1.4 kW over the budget of the rack",
    ]


def test_a_device_of_the_palette_is_dropped_into_a_slot(window: MainWindow, view: ElevationView) -> None:
    mime, at = device_mime("nvidia_sn5600"), spot(view, "A1", 30)
    arguments = (Qt.DropAction.CopyAction, mime, LEFT, PLAIN)
    view.dragEnterEvent(QDragEnterEvent(at.toPoint(), *arguments))
    view.dragMoveEvent(QDragMoveEvent(at.toPoint(), *arguments))
    assert view.carry is not None
    assert ("Would blow warm air to the front", "warning") in view.carry.verdict.lines
    view.dropEvent(QDropEvent(at, *arguments))
    assert units(window, "A1") == [3, 7, 11, 15, 30]
    assert view.columns[0].against == {"A1/u30"}


def test_keys_move_duplicate_flip_and_remove(window: MainWindow, view: ElevationView) -> None:
    view.set_selection(["A3/u15", "LEAF-A"])
    view.set_selection(["A3/u15"])
    key(view, Qt.Key.Key_Up)
    key(view, Qt.Key.Key_Up)
    assert view.selection == ["A3/u17"]
    window.document.undo()
    assert units(window, "A3")[:4] == [3, 7, 11, 15]
    view.set_selection(["A3/u15"])
    key(view, Qt.Key.Key_D, CTRL)
    assert view.selection == ["A3/u19"]
    key(view, Qt.Key.Key_Delete)
    assert units(window, "A3") == [3, 7, 11, 15, 41]
    view.set_selection(["LEAF-A"])
    key(view, Qt.Key.Key_F)
    assert window.document.floor.fitted["LEAF-A"].spec.face == "rear"
    assert window.document.undo_name == "Move LEAF-A"


def test_tab_walks_through_all_boxes_and_leaves_at_the_end(view: ElevationView) -> None:
    view.set_selection([])
    seen = []
    while view.focusNextPrevChild(True) and view.selection and view.selection[-1] not in seen:
        seen.append(view.selection[-1])
    assert seen[:5] == ["A1/u03", "A1/u07", "A1/u11", "A1/u15", "A2/u03"]
    assert len(seen) == 4 + 4 + 5 + 3 + 3


def test_a_screen_reader_hears_the_box_its_units_and_its_state(view: ElevationView) -> None:
    view.set_selection(["A1/u07"])
    words = "A1, U7 to U10, NXT RNGD Server, front, 3.00 kW, cords A and B, air front to rear"
    assert view.accessibleName() == f"Elevation: {words}"


def test_the_unit_is_typed_in_the_inspector(window: MainWindow, view: ElevationView) -> None:
    inspectors = window.elevated.inspectors
    view.set_selection(["A1/u15"])
    assert inspectors.currentWidget() is inspectors.of_box
    inspectors.of_box.u_box.setValue(33)
    assert units(window, "A1") == [3, 7, 11, 33]
    inspectors.of_box.u_box.setValue(5)
    assert units(window, "A1") == [3, 7, 11, 33]
    assert inspectors.of_box.u_box.value() == 33
    window.show_view("plan")
    assert inspectors.currentWidget() is window.inspector


def test_a_cord_of_one_box_is_cut(window: MainWindow, view: ElevationView) -> None:
    view.set_selection(["A1/u03"])
    assert view.commands.feed("A1/u03", "B", "")
    assert window.document.floor.fitted["A1/u03"].feeds == {"A": "PDU-A"}
    assert window.document.floor.fitted["A1/u07"].feeds == {"A": "PDU-A", "B": "PDU-B"}


def test_racks_are_filled_in_one_step(window: MainWindow, view: ElevationView) -> None:
    view.set_selection([])
    view.choose_racks([])
    dialog = FillDialog(window.elevation)
    dialog.device.setCurrentIndex(dialog.device.findData("nxt_rngd"))
    assert (dialog.from_u.value(), dialog.every_u.value()) == (19, 4)
    assert dialog.count.value() == 5
    dialog.count.setValue(6)
    assert not dialog.go.isEnabled()
    assert "A3: box 6 of 6 collides with LEAF-A in U41 to U42" in dialog.says.text()
    dialog.count.setValue(2)
    dialog.go.click()
    assert all(len([u for u in units(window, rack) if u in (19, 23)]) == 2 for rack in view.racks)
    assert window.document.undo_name.startswith("Fill 5 things with 2 × NXT RNGD")


def test_a_row_is_edited_as_one_and_broken_on_request(
    window: MainWindow, layouts_dir: Path, view: ElevationView
) -> None:
    window.open_path(layouts_dir / "npu_hall_2025.layout.json")
    row = window.document.layout.rows[0]
    window.plan.set_selection([row.id])
    window.plan.open_selection()
    assert view.racks == window.document.floor.row_racks[row.id]
    first = view.columns[0].boxes()[0]
    n_before = len(window.document.floor.fitted)
    view.set_selection([first.id])
    key(view, Qt.Key.Key_Delete)
    assert n_before - len(window.document.floor.fitted) == len(view.racks)
    key(view, Qt.Key.Key_B, CTRL)
    assert row.id not in window.document.floor.row_racks
    assert len(view.racks) == row.count - len(row.skip)


def test_bars_say_the_name_plates_and_in_a_run_what_is_drawn(view: ElevationView) -> None:
    column = view.columns[0]
    assert [bar.words for bar in bars_of(column)] == ["16 / 42", "12.0 / 15", "180 / 1,701", "4 / 42"]
    assert bars_of(column, 7_500.0)[1].words == "7.5 / 15"
    assert not any(bar.is_over for bar in bars_of(column))
    assert bars_of(column, 15_100.0)[1].is_over


def test_one_rack_stands_beside_its_own_rear(window: MainWindow, view: ElevationView) -> None:
    window.elevation.scope.set_current("rack")
    window.elevation.show_of("A3")
    assert view.racks == ["A3"]
    assert view.shape.is_side_by_side
    assert view.shape.rack(0, "rear").left() > view.shape.rack(0, "front").right()
    at = spot(view, "A3", 41, "rear")
    found = view.box_at(at)
    assert found is not None
    assert found[0].id == "LEAF-A"
    assert "U41 to U42" in box_words(found[1], found[0])


@pytest.mark.parametrize("show", ["front", "rear", "both"])
@pytest.mark.parametrize("n_racks", [1, 3, 40])
def test_every_unit_is_found_again_under_its_own_middle(show, n_racks: int) -> None:
    shape = shape_for(n_racks, 48, show, (1040, 700), 1.0)
    assert shape.column_px >= MIN_COLUMN_PX
    for face in shape.faces:
        for i_rack, u in ((0, 1), (n_racks - 1, 48), (n_racks // 2, 20)):
            middle = shape.units(i_rack, face, u, 1).center()
            assert shape.rack_at(middle) == (i_rack, face)
            assert int(shape.u_at(i_rack, face, middle.y())) == u


def test_only_what_changed_is_drawn_again(window: MainWindow, view: ElevationView) -> None:
    view.grab()
    n_before = view.faces.n_drawn
    view.set_selection(["A1/u15"])
    view.grab()
    assert view.faces.n_drawn == n_before
    key(view, Qt.Key.Key_Up)
    view.grab()
    assert view.faces.n_drawn == n_before + 2
