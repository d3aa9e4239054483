"""What runs in the engine's process: the session's loop, with its output and its crashes kept in a log file."""

from __future__ import annotations

import faulthandler
import os
from multiprocessing.connection import Connection
from pathlib import Path


def serve(control: Connection, frames: Connection, log_file: Path) -> None:
    """Serve one window until the control pipe ends; everything written to the standard streams goes to `log_file`.

    This module stays free of Qt, because the new process imports it.
    """
    log = log_file.open("a", encoding="utf-8", buffering=1)
    for stream in (1, 2):
        os.dup2(log.fileno(), stream)
    faulthandler.enable(log)
    if hasattr(os, "nice"):
        # The hand at the window must not wait for a run at full speed.
        os.nice(5)
    from twin import session

    session.serve(control, frames)
