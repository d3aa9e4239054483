"""How long a frame of the plan takes offscreen with 1,000 and 10,000 racks; the budgets are 16 ms and 33 ms.

Run: python tests/benchmarks/bench_canvas.py
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from ui import theme
from ui.bench import HEIGHT_PX, WIDTH_PX, hall, median_ms
from ui.canvas.view import PlanView
from ui.document import Document

NEAR_PX_PER_M = 41.0
BUDGET_MS = {1_000: 16.0, 10_000: 33.0}


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
