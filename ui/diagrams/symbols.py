"""Symbols of the field for elements of a diagram, and how much room each takes."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui.diagrams.flow_layout import Cell
from ui.diagrams.graph import Element

BARS = frozenset({"switchboard", "loop", "air"})
DRAWN = frozenset({"utility", "transformer", "generator", "ats", "sts", "ups", "rectifier"})
"""Roles with a symbol of their own, its words beside it; all others are boxes with their words inside."""
ICONS = {
    "pdu": "pdu", "rpp": "pdu", "busway": "busway", "crah": "crah", "cdu": "cdu", "pump": "speed", "tank": "cdu",
    "chiller": "thermo", "tower": "air", "dry_cooler": "air", "adiabatic_cooler": "air",
}  # fmt: skip
SYMBOL_PX, PORT_PX = 40.0, 26.0
WORDS_PX = 54.0
LEAD_PX = 112.0
"""Room of the words left of a bar."""


def cell_of(element: Element) -> Cell:
    """The room an element takes."""
    if element.role in BARS:
        return Cell(element.id, LEAD_PX + 110.0, 40.0, LEAD_PX + 55.0, element.side, True, LEAD_PX)
    if element.role in DRAWN:
        return Cell(element.id, 152.0, 56.0, PORT_PX, element.side)
    return Cell(element.id, 108.0, 64.0, 54.0, element.side)


def paint_symbol(painter: QPainter, element: Element, centre: QPointF, colour: QColor, body: QColor) -> None:
    """A symbol of 40 px about its centre; wires meet it in the middle above and below."""
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    role = element.role
    if role == "utility":
        _utility(painter, centre)
    elif role == "transformer":
        for shift in (-6.5, 6.5):
            painter.drawEllipse(centre + QPointF(0, shift), 11.0, 11.0)
        _stubs(painter, centre, 17.5)
    elif role == "generator":
        painter.setBrush(body)
        painter.drawEllipse(centre, 16.0, 16.0)
        painter.drawText(QRectF(centre.x() - 16, centre.y() - 16, 32, 32), Qt.AlignmentFlag.AlignCenter, "G")
        _stubs(painter, centre, 16.0, (1,))
    elif role in ("ats", "sts"):
        _switch(painter, centre, role == "sts", body)
    elif role == "ups":
        _ups(painter, centre, element.has_battery, body)
    else:
        _rectifier(painter, centre, body)


def _stubs(painter: QPainter, centre: QPointF, reach: float, ways: tuple[int, ...] = (-1, 1)) -> None:
    """Short ends of wire to the edges of the room of a symbol."""
    for way in ways:
        painter.drawLine(centre + QPointF(0, way * reach), centre + QPointF(0, way * 28.0))


def _utility(painter: QPainter, centre: QPointF) -> None:
    x, y = centre.x(), centre.y()
    painter.drawPolygon(QPolygonF([QPointF(x - 11, y - 12), QPointF(x + 11, y - 12), QPointF(x, y + 8)]))
    painter.drawLine(QPointF(x, y + 8), QPointF(x, y + 28))


def _switch(painter: QPainter, centre: QPointF, is_static: bool, body: QColor) -> None:
    """Two ways in, one out; a static one holds a pair of thyristors."""
    x, y = centre.x(), centre.y()
    painter.setBrush(body)
    painter.drawRoundedRect(QRectF(x - 20, y - 17, 40, 34), 2, 2)
    _stubs(painter, centre, 17.0, (1,))
    painter.setBrush(painter.pen().color())
    for side in (-1, 1):
        painter.drawEllipse(QPointF(x + side * 7, y - 9), 1.8, 1.8)
        painter.drawLine(QPointF(x + side * 7, y - 28), QPointF(x + side * 7, y - 9))
    painter.drawEllipse(QPointF(x, y + 9), 1.8, 1.8)
    painter.drawLine(QPointF(x, y + 9), QPointF(x, y + 17))
    painter.drawLine(QPointF(x, y + 9), QPointF(x - 7, y - 9))
    if is_static:
        painter.drawLine(QPointF(x + 3, y + 4), QPointF(x + 13, y + 4))
        painter.drawPolygon(QPolygonF([QPointF(x + 4, y - 2), QPointF(x + 12, y - 2), QPointF(x + 8, y + 4)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _ups(painter: QPainter, centre: QPointF, has_battery: bool, body: QColor) -> None:
    """Rectifier, link and inverter; with a battery its plates stand below the link."""
    x, y = centre.x(), centre.y()
    painter.setBrush(body)
    painter.drawRect(QRectF(x - 22, y - 17, 44, 34))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _stubs(painter, centre, 17.0)
    for shift in (-7.5, 7.5):
        painter.drawLine(QPointF(x + shift, y - 17), QPointF(x + shift, y + 17))
    _wave(painter, QPointF(x - 15, y - 6))
    _dc(painter, QPointF(x - 15, y + 7), 4.5)
    _dc(painter, QPointF(x, y - 6), 4.5)
    _dc(painter, QPointF(x + 15, y - 6), 4.5)
    _wave(painter, QPointF(x + 15, y + 7))
    if has_battery:
        for k, reach in enumerate((5.0, 2.5, 5.0, 2.5)):
            painter.drawLine(QLineF(x - reach, y + 3 + 3 * k, x + reach, y + 3 + 3 * k))


def _rectifier(painter: QPainter, centre: QPointF, body: QColor) -> None:
    x, y = centre.x(), centre.y()
    painter.setBrush(body)
    painter.drawRect(QRectF(x - 17, y - 17, 34, 34))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawLine(QPointF(x - 17, y + 17), QPointF(x + 17, y - 17))
    _wave(painter, QPointF(x - 8, y - 8))
    _dc(painter, QPointF(x + 8, y + 8), 4.5)
    _stubs(painter, centre, 17.0)


def _wave(painter: QPainter, at: QPointF) -> None:
    points = [at + QPointF(k - 5.0, -2.6 * math.sin(math.pi * k / 5.0)) for k in range(11)]
    painter.drawPolyline(QPolygonF(points))


def _dc(painter: QPainter, at: QPointF, reach: float) -> None:
    painter.drawLine(at + QPointF(-reach, -1.5), at + QPointF(reach, -1.5))
    third = reach / 1.5
    for k in (-1, 0, 1):
        middle = at + QPointF(k * third, 2.0)
        painter.drawLine(middle - QPointF(0.9, 0), middle + QPointF(0.9, 0))
