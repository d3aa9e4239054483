"""How long the window keeps the user waiting while the engine runs flat out; the budget is 50 ms.

Run: python tests/benchmarks/bench_window.py [--scenario FILE] [--seconds 10] [--size 1600x1000]
A timer of 5 ms beats in the window's thread. `gap` is the time between two beats on the clock, `work` the processor
time the window itself spent between them: on a machine busy with other things only that one tells of the window.
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
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

BEAT_MS = 5


def gaps_ms(window, seconds: float) -> np.ndarray:
    """Clock and processor time of the window's thread between the beats of a timer while the run goes on, ms (n, 2)."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    beats: list[tuple[float, float]] = []
    loop, beat = QEventLoop(), QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lambda: beats.append((time.perf_counter(), time.thread_time())))
    beat.start(BEAT_MS)
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    window.run.finished.connect(loop.quit)
    loop.exec()
    return np.diff(np.array(beats), axis=0) * 1e3


def main() -> None:
    """Measure and write one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", type=Path, default=ROOT / "layouts" / "scenarios" / "small_room_chat.yaml")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--size", default="1600x1000")
    options = parser.parse_args()
    from PySide6.QtWidgets import QApplication

    from ui.app import made_window
    from ui.settings import Settings

    window = made_window(Settings())
    window.resize(*map(int, options.size.split("x")))
    window.show()
    window.open_path(options.scenario)
    window.run.set_speed(float("inf"))
    window.restart_run()
    while window.run.phase != "running":
        QApplication.processEvents()
    both = gaps_ms(window, options.seconds)
    gaps, work = both[:, 0], both[:, 1]
    record = {
        "case": f"window {options.size}, {options.scenario.stem}, engine at full speed",
        "beats": len(gaps),
        "simulated_s": window.run.time_s,
        "gap_median_ms": round(float(np.median(gaps)), 1),
        "gap_p99_ms": round(float(np.percentile(gaps, 99)), 1),
        "gap_max_ms": round(float(gaps.max()), 1),
        "gaps_over_50_ms": int((gaps > 50.0).sum()),
        "work_median_ms": round(float(np.median(work)), 1),
        "work_p99_ms": round(float(np.percentile(work, 99)), 1),
        "work_max_ms": round(float(work.max()), 1),
        "budget_ms": 50.0,
    }
    sys.stdout.write(json.dumps(record) + "\n")
    window.close()


if __name__ == "__main__":
    main()
