"""Keeps a document's work: its journal while it has edits, the lock on its file, and what a crash left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from twin.layout.model import Layout
from ui.document import Document
from ui.safety.journal import TICK_S, Journal, Record, Subject
from ui.safety.lock import Lock
from ui.safety.recovery import Recovered, found_in


class Keeping(QObject):
    """Without a folder nothing is kept and nothing locked.

    `failed` carries the OutputError of a journal that cannot be written; the drawing is as it was.
    """

    failed = Signal(object)

    def __init__(
        self, document: Document, folder: Path | None, scenario_of: Callable[[], Path | None] = lambda: None
    ) -> None:
        super().__init__()
        self._document = document
        self._folder = folder / "journals" if folder else None
        self._journal = Journal(self._folder, self.failed.emit) if self._folder else None
        self._lock = Lock()
        self._scenario_of = scenario_of
        self._clock = QTimer(self)
        self._clock.setInterval(round(TICK_S * 1000))
        self._clock.timeout.connect(self._on_tick)
        document.replaced.connect(self._on_replaced)
        document.recorded.connect(self._on_recorded)

    def found(self) -> list[Recovered]:
        """Unsaved work of programs that ended without closing, newest first."""
        return found_in(self._folder) if self._folder else []

    def bring_back(self, recovered: Recovered, is_at_saved: bool = False) -> None:
        """Take up recovered work with its history, or stand at what was saved with the rest one redo away.

        A file that holds something else than the journal thinks becomes the first step, so that both can be reached.
        """
        steps, i_step, i_saved = list(recovered.steps), recovered.i_step, recovered.i_saved
        saved = recovered.saved()
        if saved is not None and (i_saved is None or steps[i_saved][1] != saved):
            steps[0] = (self.tr("Recovered drawing"), steps[0][1])
            steps, i_step, i_saved = [("", saved), *steps], i_step + 1, 0
        elif saved is None:
            i_saved = None
        self._document.restore(
            steps, i_saved if is_at_saved and i_saved is not None else i_step, i_saved, recovered.path
        )
        if self._journal is not None:
            self._write_history(steps, i_saved, recovered.path)
            if not self._journal.settle():
                return
        recovered.forget()

    def settle(self) -> bool:
        """Wait until all edits are on the disk."""
        return self._journal is None or self._journal.settle()

    def close(self) -> None:
        """The drawing was left in order: its journal goes, its lock opens."""
        self._clock.stop()
        self._lock.release()
        if self._journal is not None:
            self._journal.close()

    def _write_history(self, steps: list[tuple[str, Layout]], i_saved: int | None, path: Path | None) -> None:
        assert self._journal is not None
        for i in range(1, len(steps)):
            self._journal.put(Record("do", steps[i - 1][1], steps[i][1], steps[i][0], i))
        if path is not None and i_saved is not None:
            self._journal.put(Record("saved", steps[-1][1], steps[-1][1], "", i_saved, path))
        i_step = self._document.history[1]
        self._journal.put(Record("at", steps[-1][1], steps[i_step][1], steps[i_step][0], i_step))

    def _on_replaced(self) -> None:
        document = self._document
        if self._journal is None:
            return
        if document.path is None:
            self._lock.release()
        elif document.path != self._lock.path:
            self._lock.take(document.path)
        self._journal.begin(Subject(document.first, document.path, self._scenario_of()))

    def _on_recorded(self, record: Record) -> None:
        if self._journal is None:
            return
        self._journal.put(record)
        if not self._clock.isActive():
            self._clock.start()
        if record.path is not None and record.path != self._lock.path:
            self._lock.take(record.path)

    def _on_tick(self) -> None:
        if self._journal is None or not self._journal.tick():
            self._clock.stop()
