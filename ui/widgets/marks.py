"""Small marks of forms: the letter of a number's source, and the thin line between sections."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui import theme

EDGE_PX = 16
"""From the edge of a dock to what is in it."""


class SourceMark(QWidget):
    """The letter of a number's source in a circle."""

    def __init__(self, letter: str) -> None:
        super().__init__()
        self._letter = letter
        self.setFixedSize(18, 18)
        words = {
            "u": self.tr("entered by the user"),
            "d": self.tr("from the data sheet"),
            "e": self.tr("an estimate"),
            "s": self.tr("simulated"),
        }
        self.setToolTip(words.get(letter, ""))
        self.setAccessibleName(words.get(letter, ""))
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A thin circle and its letter."""
        if not self._letter:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(theme.pen("line_strong"))
        painter.drawEllipse(QRectF(1.5, 1.5, 15, 15))
        painter.setPen(theme.current()["text_3"])
        painter.setFont(theme.font("small"))
        painter.drawText(QRectF(1, 0, 16, 17), Qt.AlignmentFlag.AlignCenter, self._letter)


def thin_line() -> QFrame:
    """A line of one pixel across."""
    made = QFrame()
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made
