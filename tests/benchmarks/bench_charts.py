"""How long eight live charts of 10,000 points take to redraw offscreen; the budget is 33 ms.

Run: python tests/benchmarks/bench_charts.py [--smooth]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from ui import theme
from ui.charts import ChartGrid, EventMark, Limit
from ui.format import WATT

N_CHARTS, N_LINES, N_POINTS, N_FRAMES = 8, 3, 10_000, 60


def filled_grid(smooth: bool) -> ChartGrid:
    """A grid of eight charts, one of them stacked, each line with 10,000 points over the shown range."""
    grid = ChartGrid()
    grid.resize(1040, 736)
    rng = np.random.default_rng(7)
    times_s = np.linspace(0.0, 1200.0, N_POINTS)
    for i in range(N_CHARTS):
        chart = grid.add_chart(f"Power {i}", WATT, stacked=i == 5)
        for k in range(N_LINES):
            walk = 1e5 * (k + 1) + np.cumsum(rng.normal(0, 100.0, N_POINTS))
            chart.add_line(f"line {k}", f"Line {k}").extend(times_s, walk)
        chart.set_limits([Limit("budget", 3.2e5)])
        chart.set_smooth(smooth)
    grid.set_events([EventMark(300.0 * k, "warning") for k in range(4)])
    grid.show()
    grid.time.advance(float(times_s[-1]))
    return grid


def frame_times_ms(grid: ChartGrid, app: QApplication) -> np.ndarray:
    """Wall and processor time in ms of one new value per line, refresh and full repaint, shape (60, 2)."""
    spent = []
    for i in range(N_FRAMES):
        now_s = 1200.0 + (i + 1) * 1.0
        start, start_cpu = time.perf_counter(), time.process_time()
        for chart in grid.charts:
            chart.append(now_s, [1e5 * (k + 1) + 500.0 * np.sin(i) for k in range(N_LINES)])
        grid.time.advance(now_s)
        grid.refresh()
        app.processEvents()
        spent.append((1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - start_cpu)))
    return np.array(spent)


def main() -> None:
    """Measure and write one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smooth", action="store_true", help="with smoothed lines, as in a grid of up to eight charts")
    smooth = parser.parse_args().smooth
    app = QApplication([])
    theme.apply(app, "dark")
    grid = filled_grid(smooth)
    app.processEvents()
    spent = frame_times_ms(grid, app)
    record = {
        "case": f"{N_CHARTS} charts x {N_LINES} lines x {N_POINTS} points, smooth={smooth}",
        "frame_median_ms": round(float(np.median(spent[:, 0])), 2),
        "frame_p95_ms": round(float(np.percentile(spent[:, 0], 95)), 2),
        "frame_best_ms": round(float(spent[:, 0].min()), 2),
        "frame_cpu_median_ms": round(float(np.median(spent[:, 1])), 2),
        "budget_ms": 33.0,
    }
    sys.stdout.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
