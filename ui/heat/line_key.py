"""The key of the isolines, under the legend of the air."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import theme

KEY_PX = 44


class LineKey(QWidget):
    """27 °C solid, 32 °C dashed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        scale = theme.current().scales["temperature"]
        lines = ", ".join(f"{value:g} {scale.unit}" for value in scale.isolines)
        self.setAccessibleName(self.tr("Isolines: {lines}").format(lines=lines))
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A stroke and its value a line."""
        painter, scale = QPainter(self), theme.current().scales["temperature"]
        painter.setFont(theme.font("small"))
        for i, value in enumerate(scale.isolines):
            y = 8 + 18 * i
            painter.setPen(theme.pen("text", 1.0, (4.0, 3.0) if i else ()))
            painter.drawLine(10, y, 34, y)
            painter.setPen(theme.current()["text_2"])
            box = QRectF(42, y - 8, self.width() - 42, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"{value:g} {scale.unit}")
