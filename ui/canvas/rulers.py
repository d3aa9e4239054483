"""Rulers along the top and left edge of the plan, in metres, with the extent of the selection marked."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from ui import theme

RULER_PX = 20
_STEPS_M = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def step_m(px_per_m: float, least_px: float = 52.0) -> float:
    """The distance of numbered ticks: the smallest round one that leaves room for the numbers."""
    return next((step for step in _STEPS_M if step * px_per_m >= least_px), _STEPS_M[-1])


class Ruler(QWidget):
    """One ruler; it reads the view's transform whenever it paints."""

    def __init__(self, view: QGraphicsView, is_vertical: bool) -> None:
        super().__init__(view)
        self._view = view
        self._is_vertical = is_vertical
        self.span_m: tuple[float, float] | None = None
        theme.follow(self)

    def set_span(self, span_m: tuple[float, float] | None) -> None:
        """Mark the extent of the selection."""
        self.span_m = span_m
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ticks, numbers, the edge and the mark of the selection."""
        painter = QPainter(self)
        look = theme.current()
        painter.fillRect(self.rect(), look["canvas"])
        to_device = self._view.viewportTransform()
        is_tall = self._is_vertical
        scale, shift = (to_device.m22(), to_device.dy()) if is_tall else (to_device.m11(), to_device.dx())
        length, thick = (self.height(), self.width()) if is_tall else (self.width(), self.height())
        step = step_m(scale)
        minor = step / 5 if step * scale / 5 >= 6 else step / 2
        painter.setFont(theme.font("small"))
        for i in range(math.floor(-shift / scale / minor), math.ceil((length - shift) / scale / minor) + 1):
            at = round(i * minor * scale + shift)
            is_major = abs(i * minor / step - round(i * minor / step)) < 1e-6
            painter.setPen(look["line_strong"])
            reach = 8 if is_major else 4
            painter.drawLine(thick - reach, at, thick, at) if is_tall else painter.drawLine(
                at, thick - reach, at, thick
            )
            if is_major:
                self._number(painter, f"{i * minor:g}".replace("-", "−"), at)
        self._mark(painter, scale, shift, thick)
        painter.setPen(look["line"])
        painter.drawLine(thick - 1, 0, thick - 1, length) if is_tall else painter.drawLine(
            0, thick - 1, length, thick - 1
        )

    def _number(self, painter: QPainter, words: str, at: int) -> None:
        painter.setPen(theme.current()["text_2"])
        if self._is_vertical:
            box = QRectF(0, at + 1, self.width() - 6, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        else:
            painter.drawText(QRectF(at + 4, 0, 60, self.height() - 6), Qt.AlignmentFlag.AlignVCenter, words)

    def _mark(self, painter: QPainter, scale: float, shift: float, thick: int) -> None:
        if self.span_m is None:
            return
        start, end = (round(v * scale + shift) for v in self.span_m)
        bar = QRect(thick - 3, start, 3, end - start) if self._is_vertical else QRect(start, thick - 3, end - start, 3)
        painter.fillRect(bar, theme.current()["accent"])
