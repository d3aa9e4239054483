"""How quick the window is: `python -m ui bench [--json]`, drawn offscreen; what it waits for is on the clock."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication

from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from twin.layout.model import Fitting, Layout, PlacedCooler, RackRow
from twin.layout.room import Containment, Room, TileField
from twin.layout.store import save_layout
from twin.plant.airflow_sample import SampleHall
from ui import theme
from ui.canvas.view import PlanView
from ui.document import Document

WIDTH_PX, HEIGHT_PX = 1600, 900
N_FRAMES = 21
N_DRAGS = 24
STEPS_M = (0.6, 0.3, 0.9, 0.3)
"""Distances of a drag from where it began, in turn, m."""
READY_S = 240.0
"""Time a first compilation of the air model may take."""


def hall(n_rows: int, n_in_row: int) -> Layout:
    """Rows in pairs about closed cold aisles with tiles, coolers along both walls."""
    rows, tiles, aisles, coolers = [], [], [], []
    width_m, y_m = 0.6 * n_in_row + 6.0, 1.8
    boxes = (Fitting(type="nxt_rngd", u=3, count=4),)
    for i in range(0, n_rows, 2):
        common = {"type": "rack_42u_600", "x_m": 3.0, "count": n_in_row, "pitch_m": 0.6, "contents": boxes}
        rows.append(RackRow(id=f"R{i + 1:03d}", y_m=y_m, angle_deg=180.0, **common))
        rows.append(RackRow(id=f"R{i + 2:03d}", y_m=y_m + 2.4, **common))
        tiles.append(TileField(id=f"T{i}", type="tile_600_56", x_m=3.0, y_m=y_m + 1.2, columns=n_in_row, rows=2))
        aisle = {"x_m": 3.0, "y_m": y_m + 1.2, "width_m": 0.6 * n_in_row, "depth_m": 1.2}
        aisles.append(Containment(id=f"C{i}", kind="cold_aisle", **aisle))
        for side, x_m in (("L", -0.8), ("R", width_m - 1.75)):
            angle_deg = 90.0 if side == "L" else 270.0
            coolers.append(
                PlacedCooler(id=f"CRAH-{side}{i}", type="crah_120kw", x_m=x_m, y_m=y_m + 1.2, angle_deg=angle_deg)
            )
        y_m += 5.4
    room = Room(outline_m=((0.0, 0.0), (width_m, 0.0), (width_m, y_m), (0.0, y_m)))
    return Layout(
        name="hall",
        room=room,
        rows=tuple(rows),
        tiles=tuple(tiles),
        containments=tuple(aisles),
        coolers=tuple(coolers),
    )


def median_ms(work: Callable[[], object], n: int = N_FRAMES) -> dict[str, float]:
    """Median wall and processor time of a piece of work, ms."""
    spent = []
    for _ in range(n):
        start, start_cpu = time.perf_counter(), time.thread_time()
        work()
        spent.append((1e3 * (time.perf_counter() - start), 1e3 * (time.thread_time() - start_cpu)))
    wall_ms, cpu_ms = np.median(spent, axis=0)
    return {"wall_ms": round(float(wall_ms), 2), "cpu_ms": round(float(cpu_ms), 2)}


def shown(layout: Layout) -> PlanView:
    """A plan of a drawing, painted once."""
    view = PlanView(Document(layout, shipped_catalogue()))
    view.resize(WIDTH_PX, HEIGHT_PX)
    view.show()
    QApplication.processEvents()
    return view


def pan_case(n_rows: int, n_in_row: int) -> dict[str, object]:
    """A frame while panning over the whole hall."""
    view = shown(hall(n_rows, n_in_row))

    def pan() -> None:
        bar = view.horizontalScrollBar()
        bar.setValue(bar.value() + 3)
        view.viewport().repaint()

    spent = median_ms(pan)
    return {"racks": n_rows * n_in_row, "pan_frame_ms": spent["wall_ms"], "cpu_ms": spent["cpu_ms"]}


def open_case(n_rows: int, n_in_row: int) -> dict[str, object]:
    """From a file to the first frame."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hall.layout.json"
        save_layout(hall(n_rows, n_in_row), file)
        view = shown(hall(2, 2))
        start, start_cpu = time.perf_counter(), time.thread_time()
        view.document.open(file)
        view.zoom_to_fit()
        view.viewport().repaint()
        wall_s, cpu_s = time.perf_counter() - start, time.thread_time() - start_cpu
    return {"racks": n_rows * n_in_row, "open_s": round(wall_s, 3), "cpu_s": round(cpu_s, 3)}


def findings_case(n_rows: int, n_in_row: int) -> dict[str, object]:
    """From an edit to its findings, without the pause that lets edits follow each other."""
    view = shown(hall(n_rows, n_in_row))

    def edited() -> None:
        view.document.apply("Move", lambda layout: edit.move(layout, {"R001"}, 0.01, 0.0))
        view.document.check_now()

    spent = median_ms(edited, 7)
    return {"racks": n_rows * n_in_row, "edit_to_findings_ms": spent["wall_ms"], "cpu_ms": spent["cpu_ms"]}


def drag_case(sample: SampleHall) -> dict[str, object]:
    """From a move of the hand to the picture of the air painted, and the longest time the window did not answer."""
    from ui.heat.control import HeatControl

    view = shown(sample.layout())
    heat = HeatControl(view)
    heat.set_on(True)
    _wait(lambda: heat.picture is not None, READY_S)
    at = QPointF(*view.plan_scene.plan.centres[view.plan_scene.plan.index["A0-01"]].tolist())
    view.set_selection(["A0"])
    keys = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
    view.tool.press(at, Qt.KeyboardModifier.NoModifier)
    view.tool.move(at + QPointF(0.0, -1.2), Qt.KeyboardModifier.NoModifier, True)
    _wait(lambda: heat.picture is not None and heat.picture.is_carried, 20.0)
    beats = [time.perf_counter()]
    beat = QTimer()
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))
    beat.start(2)
    waits_ms, solve_ms, cpu_ms = [], [], []
    for k in range(N_DRAGS):
        before, start, start_cpu = heat.picture, time.perf_counter(), time.thread_time()
        view.tool.move(at + QPointF(0.0, -STEPS_M[k % len(STEPS_M)]), keys, True)
        _wait(lambda before=before: heat.picture is not before, 20.0)  # type: ignore[misc]
        view.viewport().repaint()
        waits_ms.append(1e3 * (time.perf_counter() - start))
        cpu_ms.append([1e3 * (time.thread_time() - start_cpu), 1e3 * (heat.picture.cpu_s if heat.picture else 0.0)])
        solve_ms.append(1e3 * (heat.picture.solve_s if heat.picture is not None else 0.0))
    beat.stop()
    heat.close()
    return {
        "racks": sample.n_racks,
        "cell_m": heat.picture.cell_m if heat.picture is not None else None,
        "drag_to_heat_ms": round(float(np.median(waits_ms)), 1),
        "worst_ms": round(max(waits_ms), 1),
        "solve_ms": round(float(np.median(solve_ms)), 1),
        "window_cpu_ms": round(float(np.median(cpu_ms, axis=0)[0]), 1),
        "solver_cpu_ms": round(float(np.median(cpu_ms, axis=0)[1]), 1),
        "window_gap_ms": round(1e3 * float(np.diff(beats).max()), 1),
    }


def _wait(condition: Callable[[], bool], limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not condition() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.001)


def main(arguments: list[str]) -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="ui bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document in place of lines")
    options = parser.parse_args(arguments)
    app = QApplication.instance() or QApplication([])
    theme.apply(app, "dark")  # type: ignore[arg-type]
    pans = [pan_case(20, 50), pan_case(100, 100)]
    opened, found, dragged = open_case(50, 100), findings_case(20, 50), drag_case(SampleHall())
    cases = [*pans, opened, found, dragged]
    flat = {
        "name": "window",
        "racks": pans[0]["racks"],
        "pan_frame_ms": pans[0]["pan_frame_ms"],
        "open_s": opened["open_s"],
        "edit_to_findings_ms": found["edit_to_findings_ms"],
        "drag_to_heat_ms": dragged["drag_to_heat_ms"],
        "cases": cases,
    }
    lines = [", ".join(f"{key} {value}" for key, value in case.items()) for case in cases]
    sys.stdout.write((json.dumps(flat, indent=2) if options.json else "\n".join(lines)) + "\n")
    return 0
