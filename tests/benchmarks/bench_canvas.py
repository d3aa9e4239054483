"""How long a frame of the plan takes offscreen with 1,000 and 10,000 racks; the budgets are 16 ms and 33 ms.

Run: python tests/benchmarks/bench_canvas.py
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from twin.layout.model import Fitting, Layout, PlacedCooler, RackRow
from twin.layout.room import Containment, Room, TileField
from ui import theme
from ui.canvas.view import PlanView
from ui.document import Document

WIDTH_PX, HEIGHT_PX = 1600, 900
N_FRAMES = 21
NEAR_PX_PER_M = 41.0
BUDGET_MS = {1_000: 16.0, 10_000: 33.0}


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


def measured(n_rows: int, n_in_row: int) -> dict[str, object]:
    """Frames of one hall: the whole of it, panned near, both with and without live colours; one edit."""
    start = time.perf_counter()
    view = PlanView(Document(hall(n_rows, n_in_row), shipped_catalogue()))
    build_ms = 1e3 * (time.perf_counter() - start)
    view.resize(WIDTH_PX, HEIGHT_PX)
    view.show()
    QApplication.processEvents()
    racks = [body.id for body in view.plan_scene.plan.bodies if body.kind == "rack"]
    values = np.random.default_rng(1).uniform(15.0, 45.0, len(racks)).tolist()

    def pan() -> None:
        bar = view.horizontalScrollBar()
        bar.setValue(bar.value() + 3)
        view.viewport().repaint()

    def live() -> None:
        view.set_live(racks, values, "inlet", values)
        view.viewport().repaint()

    def nudged() -> None:
        view.document.apply("Move", lambda layout: edit.move(layout, {"R001"}, 0.01, 0.0))

    cases = {"pan_whole": median_ms(pan), "live_whole": median_ms(live)}
    view.clear_live()
    view.zoom_by(NEAR_PX_PER_M / view.px_per_m)
    cases |= {"pan_near": median_ms(pan), "live_near": median_ms(live), "edit": median_ms(nudged, 5)}
    return {"n_racks": len(racks), "budget_ms": BUDGET_MS[len(racks)], "build_ms": round(build_ms, 1), **cases}


def main() -> None:
    """Print one JSON document."""
    app = QApplication([])
    theme.apply(app, "dark")
    cases = [measured(20, 50), measured(100, 100)]
    sys.stdout.write(json.dumps({"name": "canvas", "cases": cases}, indent=2) + "\n")


if __name__ == "__main__":
    main()
