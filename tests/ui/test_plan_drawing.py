"""The plan as a picture: what stands where is drawn there, to scale, in the colours of the theme."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from ui import theme
from ui.canvas.labels import free_reach_m
from ui.canvas.view import PlanView

NONE = Qt.KeyboardModifier.NoModifier


def spot(view: PlanView, x_m: float, y_m: float) -> QPoint:
    return view.viewportTransform().map(QPointF(x_m, y_m)).toPoint()


def on(view: PlanView, name: str) -> QPoint:
    plan = view.plan_scene.plan
    return spot(view, *plan.centres[plan.index[name]])


def test_the_whole_room_is_shown_at_first(view: PlanView) -> None:
    for corner in view.document.layout.room.outline_m:
        assert view.viewport().rect().contains(spot(view, *corner))


def test_a_rack_is_drawn_to_scale_with_its_front_on_the_right_side(view: PlanView) -> None:
    view.zoom_to(["A1"])
    picture = view.viewport().grab().toImage()
    x0, y0, x1, y1 = view.plan_scene.plan.boxes[view.plan_scene.plan.index["A1"]]
    left, bottom = spot(view, x0 + 0.05, y1 - 0.02), spot(view, x0 + 0.05, y0 + 0.05)
    look = theme.current()
    front = theme.mixed(look["rack"], look["supply"], 0.55)
    assert picture.pixelColor(left).name() == front.name(), "row A faces the cold aisle below it"
    assert picture.pixelColor(bottom) == look["rack"]
    width_px = spot(view, x1, y0).x() - spot(view, x0, y0).x()
    assert width_px == pytest.approx(0.6 * view.px_per_m, abs=1.0)


def test_touching_racks_share_one_line(view: PlanView) -> None:
    view.set_selection([])
    view.zoom_to(["A1", "A2"])
    picture = view.viewport().grab().toImage()
    y = on(view, "A1").y()
    edge = spot(view, view.plan_scene.plan.boxes[view.plan_scene.plan.index["A1"]][2], 0.0).x()
    line = theme.current()["rack_line"]
    assert [picture.pixelColor(x, y) == line for x in range(edge - 2, edge + 3)].count(True) == 1


@pytest.mark.parametrize("name", theme.NAMES)
def test_the_plan_follows_the_theme(qapp, view: PlanView, name: str) -> None:
    theme.apply(qapp, name)
    picture = view.viewport().grab().toImage()
    assert picture.pixelColor(2, 2) == theme.current()["canvas"]
    assert picture.pixelColor(spot(view, 1.5, 4.21)) == theme.current()["floor"]


def test_wheel_zoom_keeps_the_place_under_the_cursor(view: PlanView) -> None:
    at = QPointF(on(view, "B3"))
    before = view.to_metres(at)
    view.zoom_by(1.7, at)
    after = view.to_metres(at)
    assert (after - before).manhattanLength() * view.px_per_m < 2.5, "scroll bars move by whole pixels"


def test_the_middle_button_pans(view: PlanView) -> None:
    before = view.to_metres(QPointF(300, 300))
    QTest.mousePress(view.viewport(), Qt.MouseButton.MiddleButton, NONE, QPoint(300, 300))
    QTest.mouseMove(view.viewport(), QPoint(360, 330))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.MiddleButton, NONE, QPoint(360, 330))
    after = view.to_metres(QPointF(360, 330))
    assert (after - before).manhattanLength() * view.px_per_m < 2.5
    assert view.document.undo_name == ""


def test_live_values_fill_the_racks_by_the_scale(view: PlanView) -> None:
    view.zoom_to(["A1"])
    view.set_live(["A1", "A2"], [30.0, 99.0], "inlet")
    picture = view.viewport().grab().toImage()
    scale = theme.current().scales["temperature"]
    x0, y0, _, _ = view.plan_scene.plan.boxes[view.plan_scene.plan.index["A1"]]
    got, wanted = picture.pixelColor(spot(view, x0 + 0.05, y0 + 0.05)), scale.color(30.0)
    assert max(abs(a - b) for a, b in zip(got.getRgb(), wanted.getRgb(), strict=True)) <= 3
    view.clear_live()
    picture = view.viewport().grab().toImage()
    assert picture.pixelColor(spot(view, x0 + 0.05, y0 + 0.05)) == theme.current()["rack"]


def test_a_rack_without_a_value_keeps_its_body(view: PlanView) -> None:
    view.set_live(["A1"], [float("nan")], "power")
    picture = view.viewport().grab().toImage()
    x0, y0, _, _ = view.plan_scene.plan.boxes[view.plan_scene.plan.index["A1"]]
    assert picture.pixelColor(spot(view, x0 + 0.05, y0 + 0.05)) == theme.current()["rack"]


def test_what_failed_is_outlined(view: PlanView) -> None:
    view.set_failed(["CRAH-2"])
    picture = view.viewport().grab().toImage()
    x0, y0, _, y1 = view.plan_scene.plan.boxes[view.plan_scene.plan.index["CRAH-2"]]
    edge = spot(view, x0, (y0 + y1) / 2)
    red = theme.current()["critical"]
    near = [picture.pixelColor(edge + QPoint(dx, 0)) for dx in range(-5, 6)]
    assert any(abs(c.red() - red.red()) < 40 and abs(c.green() - red.green()) < 40 for c in near)


def test_each_finding_has_one_circle_that_explains_it(view: PlanView) -> None:
    view.set_selection(["A1"])
    view.commands.move_by((0.3, 0.0))
    view.document.check_now()
    spots = view.overlay.finding_spots(view.viewportTransform(), QRectF(view.viewport().rect()))
    assert any(finding.rule == "space.overlap" for _, findings in spots for finding in findings)
    assert len({(box.x(), box.y()) for box, _ in spots}) == len(spots)


def test_colours_of_the_overlay_are_roles(view: PlanView) -> None:
    view.set_selection(["A1"])
    picture = view.viewport().grab().toImage()
    x0, y0, _, _ = view.plan_scene.plan.boxes[view.plan_scene.plan.index["A1"]]
    corner = spot(view, x0, y0)
    near = {picture.pixelColor(corner + QPoint(dx, dy)).name() for dx in range(-3, 4) for dy in range(-3, 4)}
    assert theme.current()["accent"].name() in near


def test_the_name_of_a_row_keeps_clear_of_what_stands_at_its_end(hall: PlanView) -> None:
    plan = hall.plan_scene.plan
    left, right = sorted(("B01", "B08"), key=lambda name: plan.centres[plan.index[name], 0])
    at_m = plan.centres[plan.index[left]]
    assert free_reach_m(plan, at_m, np.array([-1.0, 0.0]), 0.3) == pytest.approx(0.3), "nothing stands there"
    past_three = free_reach_m(plan, plan.centres[plan.index[right]] - [1.8, 0.0], np.array([1.0, 0.0]), 0.3)
    assert past_three == pytest.approx(0.3 + 3 * 0.6), "three racks stand there"
