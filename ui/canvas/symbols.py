"""Symbols of the plan: fans, return arrows, the double outline of what has failed, kind marks, icons of boxes."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from ui import icons, theme
from ui.canvas.plan import MARKS, Body


def paint_kind_mark(painter: QPainter, family: str, centre: QPointF, colour: QColor) -> None:
    """The mark of what is in a rack: a chip family's shape, or port squares for a rack of switches."""
    if family in MARKS:
        icons.paint_mark(painter, MARKS[family], centre, 4.0, colour)
    elif family == "network":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for i in range(-2, 3):
            painter.drawRect(QRectF(centre.x() + i * 5 - 1.5, centre.y() - 1.5, 3, 3))


def icon_of(body: Body) -> str:
    """The icon of a CDU, power or plant body."""
    known = {"ups": "ups", "transformer": "transformer", "generator": "generator", "busway": "busway"}
    if body.kind == "power":
        return known.get(body.role, "pdu")
    return "cdu" if body.kind == "cdu" or body.role in ("tank", "pump") else "crah"


def fan_places(space: QRectF, n_fans: int) -> list[tuple[QPointF, float]]:
    """Centres and radius of fans in a row along the longer side."""
    if n_fans < 1 or space.width() < 6 or space.height() < 6:
        return []
    is_tall = space.height() >= space.width()
    step = (space.height() if is_tall else space.width()) / n_fans
    radius = min(step, space.width() if is_tall else space.height()) / 2 - 1.5
    radius = min(radius, 17.0)
    if radius < 3:
        return []
    # Fans sit together in the middle rather than at the ends of a long body.
    pitch = min(step, 2 * radius + 8)
    shifts = [(i - (n_fans - 1) / 2) * pitch for i in range(n_fans)]
    middle = space.center()
    return [(middle + (QPointF(0, s) if is_tall else QPointF(s, 0)), radius) for s in shifts]


@lru_cache(maxsize=256)
def fan_picture(twice_radius: int, role: str, is_failed: bool, theme_name: str, ratio: float) -> QPixmap:
    """A fan with 1 px around it, kept for the radius in half pixels."""
    side = twice_radius + 2
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    colour = theme.load(theme_name)[role]
    paint_fan(painter, QPointF(side / 2, side / 2), twice_radius / 2, colour, is_failed)
    painter.end()
    return made


def paint_fan(painter: QPainter, centre: QPointF, radius: float, colour: QColor, is_failed: bool) -> None:
    """A fan: a circle with three curved blades, or crossed out."""
    painter.setPen(QPen(colour, 1.25))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, radius, radius)
    if is_failed:
        reach = radius * 0.6
        painter.drawLine(QLineF(centre.x() - reach, centre.y() - reach, centre.x() + reach, centre.y() + reach))
        painter.drawLine(QLineF(centre.x() - reach, centre.y() + reach, centre.x() + reach, centre.y() - reach))
        return
    for i in range(3):
        turn = math.radians(120 * i - 90)
        painter.drawPath(_blade(centre, radius * 0.82, turn))


def _blade(centre: QPointF, reach: float, turn: float) -> QPainterPath:
    """One blade, bent to the right of its direction and back."""

    def at(r: float, angle: float) -> QPointF:
        return QPointF(centre.x() + r * math.cos(turn + angle), centre.y() + r * math.sin(turn + angle))

    path = QPainterPath(centre)
    path.cubicTo(at(reach * 0.35, -0.9), at(reach * 0.8, -0.55), at(reach, 0.0))
    path.cubicTo(at(reach * 0.9, 0.35), at(reach * 0.5, 0.35), centre)
    return path


def paint_failed_outline(painter: QPainter, box: QRectF) -> None:
    """A double line around what has failed."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.pen("critical", 1.5))
    painter.drawRect(box.adjusted(0.5, 0.5, 0.5, 0.5))
    painter.drawRect(box.adjusted(-2.5, -2.5, 3.5, 3.5))


def paint_return_arrows(painter: QPainter, body: Body, box: QRectF) -> None:
    """Two arrows that point into the intake, outside the front."""
    fx, fy = body.front
    along = QPointF(-fy, fx)
    reach = QPointF(fx * box.width() / 2, fy * box.height() / 2)
    span = (box.height() if abs(fx) > 0.5 else box.width()) * 0.22
    painter.setPen(QPen(theme.current()["return"], 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for side in (-1, 1):
        tip = box.center() + reach + QPointF(fx, fy) * 5 + along * (span * side)
        tail = tip + QPointF(fx, fy) * 13
        painter.drawLine(tail, tip)
        for lean in (-1, 1):
            painter.drawLine(tip, tip + QPointF(fx, fy) * 4 + along * (3.5 * lean))
