"""The real program on a real X server, with the real engine, driven by keys and mouse and seen through screenshots."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from ui import theme

PROGRAMS = ("Xvfb", "openbox", "xdotool", "import")
WIDTH_PX, HEIGHT_PX = 1600, 1000


class Screen:
    """An X server with a window manager; what runs on it is ended with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        read, write = os.pipe()
        size = f"{WIDTH_PX}x{HEIGHT_PX}x24"
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
        self._running = [subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)]
        os.close(write)
        with os.fdopen(read) as pipe:
            display = pipe.readline().strip()
        config = {"XDG_CONFIG_HOME": str(folder), "QT_QPA_PLATFORM": "xcb"}
        self.env = {**os.environ, "DISPLAY": f":{display}", **config}
        self.start(["openbox"])

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        self._running.append(subprocess.Popen(command, env=self.env, stderr=subprocess.DEVNULL))
        return self._running[-1]

    def do(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self.env, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def shot(self, name: str) -> QImage:
        file = self._folder / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(file)], env=self.env, check=True)
        return QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)

    def close(self) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            process.wait(10)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    made = Screen(tmp_path)
    yield made
    made.close()


def eventually(condition: Callable[[], object], limit_s: float = 60.0) -> bool:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.5)
    return False


def pixels(image: QImage, colour: QColor, box: tuple[int, int, int, int]) -> int:
    """How many pixels of a box (left, top, right, bottom) have a colour, or nearly: lines are smoothed."""
    left, top, right, bottom = box
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    wanted = np.array([colour.blue(), colour.green(), colour.red()], int)
    away = np.abs(rows[top:bottom, left:right, :3].astype(int) - wanted).max(axis=2)
    return int((away <= 20).sum())


def test_a_user_starts_the_run_looks_at_a_rack_and_changes_the_theme(screen: Screen, layouts_dir: Path):
    program = screen.start([sys.executable, "-m", "ui", str(layouts_dir / "scenarios" / "small_room_chat.yaml")])
    named = ("search", "--onlyvisible", "--name", "small_room.layout.json")
    assert eventually(lambda: screen.do(*named)), "no window with the layout's name"
    dark, light = theme.load("dark"), theme.load("light")
    charts = (440, 200, 1300, 820)

    screen.do("windowactivate", "--sync", screen.do(*named).splitlines()[0])
    screen.do("key", "space")
    assert eventually(lambda: pixels(screen.shot("run"), dark["gpu"], charts) > 40), "no curves after pressing Space"

    # Of a level curve only the mark beside its name is in its pure colour: the line itself is smoothed into the ground.
    assert pixels(screen.shot("hall"), dark["return"], charts) == 0
    screen.do("mousemove", "131", "346", "click", "1")
    assert eventually(lambda: pixels(screen.shot("rack"), dark["return"], charts) >= 8), "no exhaust curve of a rack"

    screen.do("key", "ctrl+k")
    time.sleep(1.0)
    screen.do("type", "light")
    screen.do("key", "Return")
    whole = (0, 40, WIDTH_PX, HEIGHT_PX)
    assert eventually(lambda: pixels(screen.shot("light"), light["panel"], whole) > 200_000), "the theme did not change"

    screen.do("key", "ctrl+q")
    assert program.wait(20) == 0


def test_without_a_display_one_line_says_so(layouts_dir: Path):
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {key: value for key, value in os.environ.items() if key not in gone}
    done = subprocess.run([sys.executable, "-m", "ui"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr


def test_a_display_that_does_not_answer_is_no_abort():
    env = {**os.environ, "DISPLAY": ":987", "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run([sys.executable, "-m", "ui"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
