"""The whole program, killed in the middle of editing by keys, started again, and its work recovered by a click."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twin.layout import edit
from twin.layout.store import layout_text, load_layout

BEGIN = """
import json, os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from ui.app import run_window
from ui.dialogs.recover import RecoverDialog
from ui.window import MainWindow

def the_window():
    return next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))

def soon(step, ready):
    def look():
        if ready():
            step()
        else:
            QTimer.singleShot(50, look)
    QTimer.singleShot(50, look)

def started():
    return bool(QApplication.instance()) and any(isinstance(w, MainWindow) for w in QApplication.topLevelWidgets())
"""

KILLED = (
    BEGIN
    + """
def draw():
    plan = the_window().plan
    plan.set_selection(["A1"])
    for _ in range(5):
        QTest.keyClick(plan, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    plan.set_selection(["B5"])
    plan.commands.remove()
    # The last edit is a moment old: what counts is what is older than two seconds.
    QTimer.singleShot(2000, lambda: os.kill(os.getpid(), signal.SIGKILL))

QTimer.singleShot(0, lambda: soon(draw, lambda: started() and the_window().document.path is not None))
run_window(Path(sys.argv[1]))
"""
)

AGAIN = (
    BEGIN
    + """
def recover():
    dialog = the_window().findChild(RecoverDialog)
    said = {"edits": [dialog.edits.item(i).text() for i in range(dialog.edits.count())]}
    QTimer.singleShot(0, lambda: next(b for b in dialog.findChildren(QPushButton) if b.text() == "Recover").click())
    soon(lambda: tell(said), lambda: the_window().document.path is not None)

def tell(said):
    window = the_window()
    said["is_dirty"], said["undo"] = window.document.is_dirty, window.actions_["undo"].text()
    window.actions_["save"].trigger()
    print(json.dumps(said), flush=True)
    window.close()

def is_offered():
    return started() and the_window().findChild(RecoverDialog) is not None

QTimer.singleShot(0, lambda: soon(recover, is_offered))
run_window(None)
"""
)


def test_what_was_drawn_before_kill_9_is_recovered_and_saved(tmp_path: Path, layouts_dir: Path, repo_dir: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there is no kill -9 here")
    file = Path(shutil.copy(layouts_dir / "small_room.layout.json", tmp_path / "mine.layout.json"))
    first = load_layout(file)
    homes = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("STATE", "CONFIG", "CACHE")}
    environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(repo_dir)}

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    assert run(KILLED, str(file)).returncode == -9
    assert file.read_bytes() == layout_text(first).encode()
    assert (tmp_path / ".mine.layout.json.lock").exists(), "the killed program could not unlock it"
    again = run(AGAIN)
    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout.splitlines()[-1])
    assert said["edits"] == ["Remove B5", "Move A1"], "nudges that follow each other are one edit"
    assert said["is_dirty"]
    assert said["undo"] == "Undo: Remove B5"
    saved = load_layout(file)
    moved_m = saved.racks[0].y_m - first.racks[0].y_m
    assert moved_m > 0
    by_hand = edit.move(first, {"A1"}, 0.0, moved_m)
    assert layout_text(saved) == layout_text(edit.remove(by_hand, {"B5"}))
    assert not list(tmp_path.glob(".*.lock"))
    assert not list((tmp_path / "state").rglob("*.journal"))
