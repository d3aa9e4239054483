"""Start the window: `python -m ui [FILE]`; Qt is loaded only once it is known that there is a display."""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

_PROBE = "from PySide6.QtWidgets import QApplication; QApplication([])"


def no_display_reason() -> str:
    """Why no window can be opened here, or nothing when one can."""
    named = [os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")]
    if sys.platform.startswith("linux") and not any(named):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    # Qt aborts the whole process when it finds no display it can use, so it is tried in a child.
    try:
        tried = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return "the display did not answer within 60 s"
    if tried.returncode == 0:
        return ""
    lines = [line.strip() for line in tried.stderr.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "Error:" in line or "qt.qpa" in line]
    return f"Qt cannot start: {(telling or lines or ['no message'])[0]}"


def main(argv: list[str]) -> int:
    """Open the window and return its exit status; 1 with one line on standard error when there is no display."""
    if argv[:1] == ["bench"]:
        from ui.bench import main as bench

        return bench(argv[1:])
    parser = argparse.ArgumentParser(prog="twin ui", description="Open K-Cloud Twin's window.")
    parser.add_argument("file", nargs="?", type=Path, help="a layout (.layout.json) or a scenario (.yaml)")
    parser.add_argument("--language", choices=("en", "ko"), default="", help="default: as chosen, or the desktop's")
    options = parser.parse_args(argv)
    reason = no_display_reason()
    if reason:
        sys.stderr.write(f"K-Cloud Twin cannot open its window: {reason}; `twin run SCENARIO` works without one\n")
        return 1
    if sys.stderr is not None:
        faulthandler.enable()
    from ui.app import run_window

    return run_window(options.file, options.language)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main(sys.argv[1:]))
