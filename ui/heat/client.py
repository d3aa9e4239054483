"""The process that solves the air, as seen from the window: started when first needed, spoken to, read by a thread."""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from PySide6.QtCore import QObject, Signal

from twin.catalogue.library import Catalogue
from ui.heat.messages import Request, Scale
from ui.heat.worker import serve


class HeatClient(QObject):
    """One process, one pipe. All signals arrive in the thread of the window.

    `ready` follows the compiling of the solver, `said` carries each reply, `died` the exit status of a process that
    ended unasked.
    """

    ready = Signal()
    _heard = Signal(bytes)
    said = Signal(object)
    died = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._heard.connect(self._take)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    def start(self, catalogue: Catalogue, scale: Scale) -> None:
        """Start the process, unless it runs."""
        if self.is_alive:
            return
        self.close()
        spawn = multiprocessing.get_context("spawn")
        pipe, child = spawn.Pipe(duplex=True)
        process = spawn.Process(target=serve, args=(child, catalogue, scale), name="air", daemon=True)
        process.start()
        # Our copy of the child's end would keep the pipe open after it died.
        child.close()
        self._process, self._pipe = process, pipe
        threading.Thread(target=self._read, args=(process, pipe), name="air-reader", daemon=True).start()

    def tell(self, request: Request) -> None:
        """Send a request; without a living process it is dropped, `died` has said so."""
        if self._pipe is None:
            return
        try:
            self._pipe.send(request)
        except OSError:
            return

    def close(self, wait_s: float = 1.0) -> None:
        """End the process by closing its pipe, by force when it does not listen."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is None or pipe is None:
            return
        with contextlib.suppress(OSError):
            pipe.send(None)
        process.join(wait_s)
        if process.is_alive():
            process.kill()
            process.join()

    def _take(self, data: bytes) -> None:
        reply = pickle.loads(data)
        if reply is None:
            self.ready.emit()
        else:
            self.said.emit(reply)

    def _read(self, process: SpawnProcess, pipe: Connection) -> None:
        """Runs in the reader thread until the process has ended."""
        try:
            while True:
                # Only bytes are made here: objects made in this thread could have Python collect Qt's in it.
                data = pipe.recv_bytes()
                if self._process is process:
                    self._heard.emit(data)
        except (EOFError, OSError):
            pass
        pipe.close()
        process.join()
        if self._process is process:
            self.died.emit(process.exitcode if process.exitcode is not None else 0)
