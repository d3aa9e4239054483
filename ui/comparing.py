"""Compares the open drawing with another one and keeps up while it is edited."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from twin.layout.model import Layout
from twin.layout.store import load_layout
from ui.canvas.difference import Difference, Drawn, difference_of, drawn
from ui.document import Document

DELAY_MS = 120


class Comparison(QObject):
    """`updated` follows every change of the difference; without another drawing there is none."""

    updated = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._other: Drawn | None = None
        self.name = ""
        self.file: Path | None = None
        self.difference = Difference()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.update_now)
        document.changed.connect(self._on_changed)
        document.replaced.connect(self.stop)

    @property
    def is_on(self) -> bool:
        """Whether there is a drawing to compare with."""
        return self._other is not None

    def start(self, other: Layout, name: str, file: Path | None = None) -> None:
        """Compare with another drawing, of that file if it has one, which stands for how things were before."""
        # Expanded once: only the open drawing changes.
        self._other, self.name, self.file = drawn(other, self._document.catalogue), name, file
        self.update_now()

    def start_with_file(self, file: Path) -> None:
        """Compare with a layout file; raises the TwinError of one that cannot be read."""
        self.start(load_layout(file), file.name, file)

    def stop(self) -> None:
        """End the comparison."""
        self._other, self.name, self.file, self.difference = None, "", None, Difference()
        self._timer.stop()
        self.updated.emit()

    def choose(self, i_mark: int) -> None:
        """Look at one of the marks."""
        self.difference.chosen = i_mark

    def update_now(self) -> None:
        """Compare at once; it also happens by itself shortly after an edit."""
        self._timer.stop()
        if self._other is not None:
            document = self._document
            self.difference = difference_of(self._other, Drawn(document.layout, document.floor, document.plan))
            self.updated.emit()

    def _on_changed(self) -> None:
        if self.is_on:
            self._timer.start()
