"""The engine's process as seen from the window: started, spoken to, read by a thread, and missed when it dies."""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from twin.record.frame import FrameBlock
from ui import served
from ui.feed import Feed

Serve = Callable[[Connection, Connection, Path], None]
Message = dict[str, object]


class Engine(QObject):
    """One engine process and its two pipes.

    `said` carries each message of the engine and `died` its exit status, both in the thread of the window. Frames go
    to `feed` and nowhere else.
    """

    said = Signal(object)
    died = Signal(int)

    def __init__(self, feed: Feed, serve: Serve = served.serve) -> None:
        super().__init__()
        self.feed = feed
        self._serve = serve
        self._folder = tempfile.TemporaryDirectory(prefix="kcloud-twin-")
        self.log_file = Path(self._folder.name) / "engine.log"
        self._process: SpawnProcess | None = None
        self._control: Connection | None = None
        self._reader: threading.Thread | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    @property
    def process_id(self) -> int | None:
        """The process's id, none before the first start."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start a process, unless one runs."""
        if self.is_alive:
            return
        self.close()
        spawn = multiprocessing.get_context("spawn")
        control, control_child = spawn.Pipe(duplex=True)
        frames, frames_child = spawn.Pipe(duplex=False)
        process = spawn.Process(
            target=self._serve, args=(control_child, frames_child, self.log_file), name="engine", daemon=True
        )
        process.start()
        # Our copies of the child's ends would keep its pipes open after it died.
        control_child.close()
        frames_child.close()
        self._process, self._control = process, control
        self._reader = threading.Thread(target=self._read, args=(process, control, frames), name="engine-reader")
        self._reader.daemon = True
        self._reader.start()

    def tell(self, do: str, **fields: object) -> None:
        """Send one request; without a living engine it is dropped, `died` has said so."""
        if self._control is None:
            return
        message = json.dumps({"do": do, **fields}, ensure_ascii=False)
        try:
            self._control.send_bytes(message.encode())
        except OSError:
            return

    def close(self, wait_s: float = 2.0) -> None:
        """End the process: by closing its pipe, and by force when it does not listen."""
        process, control, reader = self._process, self._control, self._reader
        if process is None or control is None or reader is None:
            return
        self.tell("stop")
        self._process = self._control = self._reader = None
        process.join(wait_s)
        if process.is_alive():
            process.kill()
        # The end of the process ends both pipes, and that ends the reader.
        reader.join()
        control.close()

    def log_text(self) -> str:
        """What the engine wrote to its standard streams; empty when nothing."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def _read(self, process: SpawnProcess, control: Connection, frames: Connection) -> None:
        """Runs in the reader thread until the process has ended and its pipes are empty."""
        open_pipes: list[Connection] = [control, frames]
        while open_pipes:
            ready = wait(open_pipes)
            for pipe in (frames, control):
                if pipe in ready and not self._take(pipe, control, frames):
                    open_pipes.remove(pipe)
        frames.close()
        process.join()
        if self._process is process:
            self.died.emit(process.exitcode if process.exitcode is not None else 0)

    def _take(self, pipe: Connection, control: Connection, frames: Connection) -> bool:
        """Read one message or block; False when the pipe has ended."""
        try:
            data = pipe.recv_bytes()
        except (EOFError, OSError):
            return False
        if pipe is frames:
            self.feed.put(FrameBlock.from_bytes(data))
            return True
        message = json.loads(data)
        if message.get("say") == "opened":
            self._drop_frames(frames)
        self.said.emit(message)
        return True

    def _drop_frames(self, frames: Connection) -> None:
        """Drop what is still in the pipe when a run is opened: the run before has sent it."""
        try:
            while frames.poll():
                frames.recv_bytes()
        except (EOFError, OSError):
            pass
        self.feed.clear()
