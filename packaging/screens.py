"""Writes pictures of the window's screens: `python packaging/screens.py -o DIR` (drawn offscreen, with a real run)."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

DEFAULT_SCENARIO = ROOT / "layouts" / "scenarios" / "small_room_chat.yaml"
SIZES = ((1600, 1000), (1366, 768))


def wait_for(condition, limit_s: float) -> bool:
    """Let the window live until something is so; whether it became so in time."""
    from PySide6.QtWidgets import QApplication

    end = time.monotonic() + limit_s
    while not condition() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
    return condition()


def shoot(window, folder: Path, name: str) -> None:
    """One picture."""
    wait_for(lambda: False, 0.4)
    file = folder / f"{name}.png"
    window.grab().save(str(file))
    sys.stdout.write(f"{file}\n")


def shoot_all(window, folder: Path, tag: str) -> None:
    """Every screen in the window's present theme and size."""
    run_view = window.run_view
    window.show_view("start")
    shoot(window, folder, f"start-{tag}")
    window.show_view("plan")
    window.plan.zoom_to_fit()
    shoot(window, folder, f"plan-{tag}")
    window.show_view("run")
    run_view.plan.view.zoom_to_fit()
    run_view.show_hall()
    shoot(window, folder, f"run-{tag}")
    run_view.plan.view.set_selection([window.run.info.racks[0]])
    shoot(window, folder, f"run-rack-{tag}")
    run_view.show_hall()


def main() -> int:
    """Run the scenario for a while, then take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--scenario", type=Path, default=DEFAULT_SCENARIO)
    parser.add_argument("--until", type=float, default=1200.0, help="simulated seconds before the pictures are taken")
    parser.add_argument("--themes", nargs="+", default=["dark", "light"])
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    from ui.app import made_window
    from ui.settings import Settings

    window = made_window(Settings())
    window.show()
    window.open_path(options.scenario)
    window.run.set_speed(float("inf"))
    window.restart_run()
    is_there = wait_for(lambda: window.run.time_s >= options.until or window.run.phase in ("done", "dead", "idle"), 120)
    window.run.pause()
    wait_for(lambda: window.run.phase != "running", 5)
    for theme_name in options.themes:
        window.set_theme(theme_name)
        for width, height in SIZES:
            window.resize(width, height)
            shoot_all(window, options.output, f"{theme_name}-{width}x{height}")
    window.close()
    return 0 if is_there else 1


if __name__ == "__main__":
    sys.exit(main())
