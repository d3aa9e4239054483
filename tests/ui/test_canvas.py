"""The plan under the hand: gestures are edits, and nothing moves by itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from twin.layout.store import layout_text
from ui.canvas.menu import plan_menu
from ui.canvas.mime import device_mime
from ui.canvas.view import PlanView

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def spot(view: PlanView, x_m: float, y_m: float) -> QPoint:
    return view.viewportTransform().map(QPointF(x_m, y_m)).toPoint()


def on(view: PlanView, name: str) -> QPoint:
    plan = view.plan_scene.plan
    return spot(view, *plan.centres[plan.index[name]])


def click(view: PlanView, at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(view.viewport(), LEFT, modifiers, at)


def drag(view: PlanView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(view.viewport(), LEFT, modifiers, start)
    for part in (0.3, 0.7, 1.0):
        at = QPointF(start) + (QPointF(end) - QPointF(start)) * part
        event = QMouseEvent(
            QEvent.Type.MouseMove, at, view.viewport().mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, modifiers
        )
        QApplication.sendEvent(view.viewport(), event)
    QTest.mouseRelease(view.viewport(), LEFT, modifiers, end)


def drop(view: PlanView, device_id: str, at: QPoint) -> bool:
    """Drag a device of the palette over the plan and let it go; whether the plan took it."""
    mime, copy = device_mime(device_id), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at, copy, mime, LEFT, NONE)
    view.dragEnterEvent(enter)
    move = QDragMoveEvent(at, copy, mime, LEFT, NONE)
    view.dragMoveEvent(move)
    if not move.isAccepted():
        view.dragLeaveEvent(QDragLeaveEvent())
        return False
    event = QDropEvent(QPointF(at), copy, mime, LEFT, NONE)
    view.dropEvent(event)
    return event.isAccepted()


def place(view: PlanView, name: str) -> tuple[float, float, float]:
    thing = next(t for t in (*view.document.layout.racks, *view.document.layout.rows) if t.id == name)
    return thing.x_m, thing.y_m, thing.angle_deg


# Selecting


def test_a_click_selects_and_a_click_beside_lets_go(view: PlanView, qtbot) -> None:
    with qtbot.waitSignal(view.selection_changed) as told:
        click(view, on(view, "B2"))
    assert told.args == [["B2"]]
    click(view, spot(view, 2.9, 0.4))
    assert view.selection == []


def test_shift_adds_and_takes_away(view: PlanView) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    click(view, on(view, "B2"))
    click(view, on(view, "B3"), shift)
    assert view.selection == ["B2", "B3"]
    click(view, on(view, "B2"), shift)
    assert view.selection == ["B3"]


def test_a_band_to_the_right_takes_what_lies_inside_one_to_the_left_what_it_touches(hall: PlanView) -> None:
    start, end = spot(hall, 2.8, 2.8), spot(hall, 4.5, 4.4)
    drag(hall, start, end)
    inside = hall.selection
    assert len(inside) == 2
    drag(hall, end, start)
    assert len(hall.selection) == 3
    assert set(inside) < set(hall.selection)


def test_a_double_click_takes_the_row(hall: PlanView) -> None:
    QTest.mouseDClick(hall.viewport(), LEFT, NONE, on(hall, "A03"))
    assert hall.selection == ["A"]


def test_tab_walks_through_everything_and_then_leaves(hall: PlanView) -> None:
    hall.setFocus()
    seen = []
    while hall.commands.select_next():
        seen += hall.selection
    assert seen == [f"{row}{n:02d}" for row in "AB" for n in range(1, 9)]


def test_unknown_ids_are_not_selected(view: PlanView) -> None:
    view.set_selection(["A1", "NOPE"])
    assert view.selection == ["A1"]


def test_hovering_tells_what_is_under_the_mouse(view: PlanView, qtbot) -> None:
    with qtbot.waitSignal(view.hovered) as told:
        QTest.mouseMove(view.viewport(), on(view, "A4"))
    assert told.args == ["A4"]


# Editing


def test_a_drag_moves_onto_the_grid_and_undo_gives_the_same_bytes(view: PlanView) -> None:
    before = layout_text(view.document.layout)
    start = on(view, "A1")
    drag(view, start, start + QPoint(round(-1.15 * view.px_per_m), 0))
    x, y, _ = place(view, "A1")
    assert (x, y) == pytest.approx((2.4, load_y(before, "A1")))
    view.document.undo()
    assert layout_text(view.document.layout) == before


def load_y(text: str, name: str) -> float:
    return next(rack["y_m"] for rack in json.loads(text)["racks"] if rack["id"] == name)


def test_ctrl_and_shift_make_the_grid_finer(hall: PlanView) -> None:
    for modifiers, step in ((Qt.KeyboardModifier.ControlModifier, 0.3), (Qt.KeyboardModifier.ShiftModifier, 0.1)):
        hall.set_selection([])
        click(hall, on(hall, "B01"))
        hall.tool.press(QPointF(3.3, 6.6), NONE)
        hall.tool.move(QPointF(3.3 + step + 0.04, 6.6), modifiers, True)
        hall.tool.release(QPointF(3.3 + step + 0.04, 6.6), modifiers)
        assert place(hall, "B")[0] == pytest.approx(3.0 + step)
        hall.document.undo()


def test_moving_one_rack_of_a_row_moves_the_row(hall: PlanView) -> None:
    start = on(hall, "A03")
    drag(hall, start, start + QPoint(0, round(-1.2 * hall.px_per_m)))
    assert place(hall, "A") == pytest.approx((3.0, 1.8, 180.0))
    assert len(hall.document.layout.rows) == 2
    assert hall.document.layout.racks == ()


def test_escape_during_a_drag_moves_nothing(view: PlanView) -> None:
    before = view.document.layout
    view.tool.press(view.to_metres(QPointF(on(view, "A1"))), NONE)
    view.tool.move(QPointF(1.0, 1.0), NONE, True)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    view.tool.release(QPointF(1.0, 1.0), NONE)
    assert view.document.layout is before
    assert view.overlay.carried == []


def test_dragging_shows_the_distance_to_neighbours_and_walls(hall: PlanView) -> None:
    click(hall, on(hall, "B01"))
    hall.tool.press(QPointF(3.3, 6.6), NONE)
    hall.tool.move(QPointF(3.9, 6.6), NONE, True)
    words = {guide.words for guide in hall.overlay.guides}
    assert words == {"3.60 m", "1.80 m"}, "3.6 m to either wall, 1.8 m to row A and to the wall below"
    hall.tool.cancel()


def test_arrows_nudge_and_the_nudges_are_undone_together(view: PlanView) -> None:
    before = layout_text(view.document.layout)
    x, y, _ = place(view, "A1")
    click(view, on(view, "A1"))
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert place(view, "A1")[:2] == pytest.approx((x - 0.3, y - 0.01))
    view.document.undo()
    assert layout_text(view.document.layout) == before


def test_r_turns_and_four_turns_are_none(view: PlanView) -> None:
    before = layout_text(view.document.layout)
    click(view, on(view, "B1"))
    QTest.keyClick(view, Qt.Key.Key_R)
    assert place(view, "B1")[2] == 90.0
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_R)
    assert layout_text(view.document.layout) == before


def test_delete_removes_and_undo_brings_back(view: PlanView) -> None:
    before = layout_text(view.document.layout)
    click(view, on(view, "B4"))
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert "B4" not in view.plan_scene.plan.index
    assert view.selection == []
    view.document.undo()
    assert layout_text(view.document.layout) == before


def test_deleting_one_rack_of_a_row_leaves_its_place_empty(hall: PlanView) -> None:
    hall.set_selection(["A03"])
    hall.commands.remove()
    row = hall.document.layout.rows[0]
    assert (row.count, row.skip) == (8, (3,))
    assert "A04" in hall.plan_scene.plan.index


def test_deleting_every_rack_of_a_row_deletes_the_row(hall: PlanView) -> None:
    hall.set_selection([f"A{n:02d}" for n in range(1, 9)])
    hall.commands.remove()
    assert [row.id for row in hall.document.layout.rows] == ["B"]


def test_a_duplicate_stands_beside_with_names_of_its_own(view: PlanView) -> None:
    x, _, _ = place(view, "A3")
    view.set_selection(["A3"])
    assert view.commands.duplicate()
    copy = view.document.layout.racks[-1]
    assert view.selection == [copy.id] == ["A6"]
    assert copy.x_m == pytest.approx(x + 0.6)
    assert "LEAF-B" not in {box.id for box in copy.contents}, "LEAF-B is taken"
    assert len(view.document.floor.racks) == 11


def test_a_broken_row_stands_where_it_stood(hall: PlanView) -> None:
    before = {body.id: body.outline_m for body in hall.plan_scene.plan.bodies}
    hall.set_selection(["A02"])
    assert hall.commands.break_rows()
    after = {body.id: body.outline_m for body in hall.plan_scene.plan.bodies}
    assert after.keys() == before.keys()
    for name, outline in before.items():
        assert np.allclose(after[name], outline, atol=1e-6)
    start = on(hall, "A02")
    drag(hall, start, start + QPoint(0, round(-0.6 * hall.px_per_m)))
    assert place(hall, "A02")[1] == pytest.approx(2.4)
    assert place(hall, "A01")[1] == pytest.approx(3.0)


def test_the_menu_offers_to_break_a_row_only_where_there_is_one(hall: PlanView, view: PlanView) -> None:
    for plan, name, is_row in ((hall, "A02", True), (view, "A1", False)):
        plan.set_selection([name])
        entries = {action.text().split("\t")[0]: action for action in plan_menu(plan).actions()}
        assert entries["Break row into racks"].isEnabled() is is_row
        assert entries["Remove"].isEnabled()
    entries["Remove"].trigger()
    assert "A1" not in view.plan_scene.plan.index


def test_typed_places_are_exact_and_take_the_row_along(hall: PlanView) -> None:
    hall.commands.set_place("B01", 2.345, 6.0, 0.0)
    assert place(hall, "B") == (2.345, 6.0, 0.0)


# Placing


def test_a_rack_dropped_from_the_palette_stands_on_the_grid_and_is_selected(view: PlanView) -> None:
    before = layout_text(view.document.layout)
    assert drop(view, "rack_42u_600", spot(view, 8.5, 6.9))
    made = view.document.layout.racks[-1]
    assert (made.id, made.type) == ("R01", "rack_42u_600")
    assert (made.x_m / 0.6) == pytest.approx(round(made.x_m / 0.6))
    assert abs(made.x_m + 0.3 - 8.5) <= 0.3 + 1 / view.px_per_m
    assert view.selection == ["R01"]
    view.document.undo()
    assert layout_text(view.document.layout) == before


def test_a_cooler_can_be_dropped(view: PlanView) -> None:
    assert drop(view, "crah_120kw", spot(view, 5.0, 7.3))
    assert view.document.layout.coolers[-1].id == "CRAH-4"


def test_a_server_goes_into_the_lowest_free_units_of_the_rack_under_it(view: PlanView) -> None:
    assert drop(view, "dgx_h100", on(view, "B2"))
    rack = next(rack for rack in view.document.layout.racks if rack.id == "B2")
    box = rack.contents[-1]
    used = {u for f in view.document.floor.racks["B2"].fitted[:-1] for u in range(f.u_low, f.u_low + f.u_height)}
    assert box.type == "dgx_h100"
    assert not used & set(range(box.u, box.u + 8))
    assert view.selection == ["B2"]


def test_a_server_has_no_place_on_the_floor(view: PlanView) -> None:
    before = view.document.layout
    assert not drop(view, "dgx_h100", spot(view, 1.6, 4.2))
    assert view.document.layout is before


def test_a_full_rack_says_how_much_is_left(hall: PlanView) -> None:
    told = []
    hall.document.refused.connect(told.append)
    for _ in range(5):
        drop(hall, "dgx_h100", on(hall, "A01"))
    assert len(hall.document.layout.rows[0].contents) == 5
    assert not drop(hall, "dgx_h100", on(hall, "A01"))
    assert "8 U" in told[0].what
    assert "2 U free" in told[0].what


def test_what_is_not_a_device_is_not_taken(view: PlanView) -> None:
    assert not drop(view, "no_such_device", spot(view, 8.5, 6.9))


def test_a_device_in_hand_is_put_down_by_a_click_or_by_enter(view: PlanView) -> None:
    view.take_device("rack_42u_600")
    QTest.mouseMove(view.viewport(), spot(view, 8.5, 6.9))
    assert len(view.overlay.ghost) == 1
    click(view, spot(view, 8.5, 6.9))
    assert view.overlay.ghost == []
    assert len(view.document.layout.racks) == 11
    view.take_device("rack_42u_600")
    QTest.keyClick(view, Qt.Key.Key_R)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.document.layout.racks[-1].angle_deg == 90.0
    assert len(view.document.layout.racks) == 12


def test_escape_puts_a_device_in_hand_back(view: PlanView) -> None:
    view.take_device("rack_42u_600")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    click(view, spot(view, 8.5, 6.9))
    assert len(view.document.layout.racks) == 10


def test_the_plan_has_a_name_for_those_who_do_not_see_it(view: PlanView) -> None:
    assert view.accessibleName()
    assert view.accessibleDescription()
