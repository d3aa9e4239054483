"""Busways on the plan: two lines, A solid and B dashed, with their taps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from twin.layout.floor import Floor
from twin.layout.geometry import cos_sin
from ui import theme


@dataclass(frozen=True, slots=True)
class Run:
    """One busway: where it starts, where it ends, m; how far apart its taps are."""

    id: str
    side: str
    start: QPointF
    end: QPointF
    tap_pitch_m: float


class FeedLayer(QGraphicsItem):
    """All busways; painted in pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[Run] = []
        self._bounds = QRectF()

    def set_floor(self, floor: Floor, bounds: QRectF) -> None:
        """Show the busways of a drawing."""
        self.prepareGeometryChange()
        self._runs, self._bounds = busways(floor), bounds
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole drawing, m."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw each busway and, where there is room, its taps."""
        to_device = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for run in self._runs:
            role = "feed_b" if run.side == "B" else "feed_a"
            painter.setPen(theme.pen(role, 1.5, (6.0, 3.0) if run.side == "B" else ()))
            start, end = to_device.map(run.start), to_device.map(run.end)
            painter.drawLine(start, end)
            n_taps = int((run.end - run.start).manhattanLength() / run.tap_pitch_m) if run.tap_pitch_m else 0
            if n_taps > 0 and run.tap_pitch_m * to_device.m11() >= 14:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.current()[role])
                for i in range(n_taps + 1):
                    painter.drawEllipse(start + (end - start) * (i / n_taps), 2.5, 2.5)
        painter.restore()


def busways(floor: Floor) -> list[Run]:
    """Every busway that has a place and a length; a body with a footprint is drawn as a body instead."""
    found = []
    for node in floor.power.values():
        place, length_m = node.spec.place, node.device.length_m
        if node.device.role == "busway" and place is not None and length_m and node.outline_m is None:
            cos, sin = cos_sin(place.angle_deg)
            start = QPointF(place.x_m, place.y_m)
            end = start + QPointF(cos, sin) * length_m
            found.append(Run(node.id, node.spec.side or "A", start, end, node.device.tap_pitch_m or 0.0))
    return found
