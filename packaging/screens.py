"""Writes pictures of the window's screens: `python packaging/screens.py -o DIR` (drawn offscreen, with a real run)."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from functools import partial
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
    for diagram in ("elevation", "one_line", "loops"):
        window.show_view(diagram)
        shoot(window, folder, f"{diagram}-{tag}")
    window.show_view("run")
    run_view.plan.view.zoom_to_fit()
    run_view.show_hall()
    shoot(window, folder, f"run-{tag}")
    run_view.plan.view.set_selection([window.run.info.racks[0]])
    shoot(window, folder, f"run-rack-{tag}")
    run_view.show_hall()


def edit_a_little(window) -> None:
    """Edits of every kind, for the pictures of what keeps the work."""
    from PySide6.QtCore import QCoreApplication

    from twin.layout import edit

    words = partial(QCoreApplication.translate, "plan")
    document = window.document
    first, second, last = (rack.id for rack in (*document.layout.racks[:2], document.layout.racks[-1]))
    cooler = document.layout.coolers[0]
    document.apply(words("Move {what}").format(what=first), lambda layout: edit.move(layout, {first}, 0.0, -0.9))
    document.apply(words("Remove {what}").format(what=last), lambda layout: edit.remove(layout, {last}))
    copy = edit.find(document.layout, second).model_copy(update={"id": "N1", "y_m": 6.6, "contents": ()})
    document.apply(words("Duplicate {what}").format(what=second), lambda layout: edit.place(layout, copy))
    cold = cooler.model_copy(update={"supply_c": 17.0, "fan_frac": 0.8})
    document.apply(words("Set {what}").format(what=cooler.id), lambda layout: edit.replace(layout, cold))


def shoot_safety(window, folder: Path, tag: str) -> None:
    """Differences on the plan, and every dialog that stands between the user and lost work."""
    from twin.errors import DocumentError, OutputError
    from ui.dialogs.box import Box
    from ui.dialogs.recover import RecoverDialog
    from ui.safety.recovery import read_journal

    window.show_view("plan")
    window.plan.zoom_to_fit()
    edit_a_little(window)
    window.guard.compare_saved()
    rows = window.differences.list
    rows.setCurrentItem(rows.topLevelItem(0))
    shoot(window, folder, f"differences-{tag}")
    window.guard.comparison.stop()
    window.guard.keeping.settle()
    (journal,) = (window.settings.state_dir / "journals").glob("*.journal")
    dialog = RecoverDialog(window, [read_journal(journal)], window.document.catalogue)
    dialog.show()
    dialog.differences.setChecked(True)
    shoot(dialog, folder, f"recover-{tag}")
    dialog.close()
    window.guard.show_history()
    window.document.undo()
    where = "hall.layout.json"
    newer = "twin-layout version 2 is newer than the 1 this program reads"
    window.opening.refused.emit(DocumentError(newer, where, "update the program"))
    full = OutputError("cannot be written: No space left on device", where, "free space or choose another folder")
    window.document.refused.emit(full)
    open_now = [dialog for dialog in window.findChildren(Box) if dialog.isVisible()]
    for name, dialog in zip(("history", "refused", "unsaved"), open_now, strict=True):
        shoot(dialog, folder, f"{name}-{tag}")
        dialog.close()
    wait_for(lambda: False, 0.1)
    window.document.go_to(0)


def shoot_air(window, folder: Path, tag: str) -> None:
    """The air of a hall of 20 racks: settled, with a rack explained, room found, and while a row is dragged."""
    from PySide6.QtCore import QPointF, Qt

    from twin.plant.airflow_sample import SampleHall
    from ui.heat.install import find_room

    heat, plan, keys = window.heat, window.plan, Qt.KeyboardModifier.NoModifier
    window.document.replace(SampleHall().layout())
    window.show_view("plan")
    heat.set_on(True)
    plan.set_selection(["A0-10"])
    wait_for(lambda: heat.picture is not None, 120)
    is_settled = wait_for(lambda: heat.picture is not None and heat.picture.tier == "settled", 240)
    wait_for(lambda: heat.why.why is not None, 10)
    shoot(window, folder, f"air-{'settled' if is_settled else 'instant'}-{tag}")
    dialog = find_room(heat)
    wait_for(lambda: dialog.list.topLevelItemCount() > 0, 10)
    shoot(dialog, folder, f"air-room-{tag}")
    dialog.close()
    at = QPointF(*plan.plan_scene.plan.centres[plan.plan_scene.plan.index["A0-10"]].tolist())
    plan.tool.press(at, keys)
    plan.tool.move(at - QPointF(0.0, 0.9), keys, True)
    wait_for(lambda: heat.picture.is_carried, 10)
    shoot(window, folder, f"air-dragged-{tag}")
    plan.tool.cancel()
    heat.set_on(False)


def main() -> int:
    """Run the scenario for a while, then take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--scenario", type=Path, default=DEFAULT_SCENARIO)
    parser.add_argument("--until", type=float, default=1200.0, help="simulated seconds before the pictures are taken")
    parser.add_argument("--themes", nargs="+", default=["dark", "light"])
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    from ui import language
    from ui.app import made_application, made_window
    from ui.settings import Settings

    state_dir = Path(tempfile.mkdtemp(prefix="twin-screens-"))
    language.install(made_application(sys.argv[:1]), options.language)
    window = made_window(Settings(None, state_dir))
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
        window.resize(*SIZES[0])
        shoot_safety(window, options.output, theme_name)
    for theme_name in options.themes:
        window.set_theme(theme_name)
        shoot_air(window, options.output, theme_name)
    window.close()
    shutil.rmtree(state_dir)
    return 0 if is_there else 1


if __name__ == "__main__":
    sys.exit(main())
