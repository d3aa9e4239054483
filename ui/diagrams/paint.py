"""Paints elements and wires of a diagram in its own coordinates, one unit a pixel at 100 %."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from ui import format as fmt
from ui import icons, theme
from ui.canvas.symbols import paint_kind_mark
from ui.diagrams.flow_layout import Point
from ui.diagrams.graph import Element, Wire, kw, translate
from ui.diagrams.symbols import BARS, DRAWN, ICONS, LEAD_PX, PORT_PX, WORDS_PX, paint_symbol

Align = Qt.AlignmentFlag
STATE_ROLE = {"unfed": "off", "over": "critical", "failed": "critical"}
PAIR_PX = 2.5
"""Half the distance of supply and return."""


def colour_of(element: Element) -> QColor:
    """Of its symbol: that of its state, else of its side."""
    look = theme.current()
    if element.state:
        return look[STATE_ROLE[element.state]]
    if element.role in ("loop", "air"):
        return look["supply"]
    return look[{"A": "feed_a", "B": "feed_b"}.get(element.side, "text_2")]


def paint_wire(painter: QPainter, wire: Wire, route: Sequence[Point], is_chosen: bool) -> None:
    """A wire in the colour of what it carries; B is dashed, what is unfed is grey and dashed, pipes are pairs."""
    if len(route) < 2:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_chosen:
        painter.setPen(_pen(theme.current()["accent"], 6.0, (), 0.35))
        painter.drawPolyline(_polygon(route, 0.0))
    if wire.is_dead:
        painter.setPen(_pen(theme.current()["off"], 1.5, (5.0, 4.0)))
        painter.drawPolyline(_polygon(route, 0.0))
    elif wire.role == "supply":
        painter.setPen(_pen(theme.current()["supply"], 1.75))
        painter.drawPolyline(_polygon(route, -PAIR_PX))
        painter.setPen(_pen(theme.current()["return"], 1.75, (5.0, 3.0)))
        painter.drawPolyline(_polygon(route, PAIR_PX))
    elif wire.role == "air":
        painter.setPen(_pen(theme.current()["supply"], 1.5, (2.0, 4.0)))
        painter.drawPolyline(_polygon(route, 0.0))
    else:
        role = {"A": "feed_a", "B": "feed_b", "circle": "critical"}.get(wire.role, "text_2")
        painter.setPen(_pen(theme.current()[role], 2.0, (6.0, 3.0) if wire.role == "B" else ()))
        painter.drawPolyline(_polygon(route, 0.0))


def paint_element(painter: QPainter, element: Element, box: QRectF) -> None:
    """An element with its name, rating and load, and its state by outline, icon and words."""
    if element.role in BARS:
        _paint_bar(painter, element, box)
        mark = QPointF(box.right() - 4, box.bottom() - 16)
    elif element.role in DRAWN:
        _paint_drawn(painter, element, box)
        mark = QPointF(box.left() + 1, box.top() + 8)
    else:
        _paint_box(painter, element, box)
        mark = QPointF(box.right() - 2, box.top() + 2)
    severity = element.severity or ("off" if element.state == "unfed" else "")
    if severity:
        paint_status(painter, severity, mark)


def paint_status(painter: QPainter, severity: str, at: QPointF) -> None:
    """A status on a plate of its own, outside what it is about."""
    painter.setPen(QPen(theme.current()[severity], 1.25))
    painter.setBrush(theme.current()["canvas"])
    painter.drawEllipse(at, 9.0, 9.0)
    icons.paint(painter, severity, QRectF(at.x() - 6, at.y() - 6, 12, 12), severity)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_focus(painter: QPainter, box: QRectF, is_hover: bool) -> None:
    """The outline of what is selected or under the mouse."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.current()["accent"], 1.0 if is_hover else 2.0))
    painter.drawRoundedRect(box.adjusted(-6, -6, 6, 6), 3, 3)


def load_words(element: Element) -> tuple[str, str, str]:
    """Share or state, watts, and the role of the first one's colour."""
    power = "" if element.load_w is None else kw(element.load_w)
    if element.state == "unfed":
        return translate("diagrams", "unfed"), power, "off"
    if element.state == "failed":
        return translate("diagrams", "failed"), power, "critical"
    share = element.share
    if share is None:
        return "", power, "text"
    return fmt.PERCENT.text(share), power, "critical" if element.state == "over" else "text"


def _paint_bar(painter: QPainter, element: Element, box: QRectF) -> None:
    colour = colour_of(element)
    bar = QRectF(box.left() + LEAD_PX, box.bottom() - 4, box.width() - LEAD_PX, 4)
    painter.fillRect(bar, colour)
    # Wires come from above: the words stand left of the bar.
    words = QRectF(box.left(), box.top() + 2, LEAD_PX - 12, 15)
    name_role = "critical" if element.state in ("over", "failed") else "text"
    _text(painter, words.translated(0, -1), element.name, "heading", name_role, Align.AlignRight)
    share, power, role = load_words(element)
    _text(painter, words.translated(0, 14), element.about, "small", "text_2", Align.AlignRight)
    line = f"{share}  {power}".strip()
    _text(painter, words.translated(0, 28), line, "small_bold", role, Align.AlignRight)
    if bar.left() > 0 and element.role == "loop":
        painter.fillRect(bar.translated(0, -7), theme.current()["return"])


def _paint_drawn(painter: QPainter, element: Element, box: QRectF) -> None:
    look = theme.current()
    centre = QPointF(box.left() + PORT_PX, box.center().y())
    colour = colour_of(element)
    painter.setFont(theme.font("heading"))
    paint_symbol(painter, element, centre, colour, look["rack"])
    if element.state in ("over", "failed"):
        outline = QRectF(centre.x() - 25, centre.y() - 21, 50, 42)
        painter.setPen(QPen(look["critical"], 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(outline)
        if element.state == "failed":
            painter.drawLine(outline.bottomLeft(), outline.topRight())
    words = QRectF(box.left() + WORDS_PX, box.top() + 2, box.width() - WORDS_PX, 15)
    name_role = "critical" if element.state in ("over", "failed") else "text"
    _text(painter, words, element.name, "heading", name_role)
    _text(painter, words.translated(0, 14), element.about, "small", "text_2")
    _load_line(painter, element, words.translated(0, 29))
    _level(painter, element, QRectF(words.left(), box.top() + 47, words.width() - 4, 4))


def _paint_box(painter: QPainter, element: Element, box: QRectF) -> None:
    look = theme.current()
    is_unfed = element.state == "unfed"
    body = box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setBrush(Qt.BrushStyle.NoBrush if is_unfed else look["rack"])
    outline = look[STATE_ROLE.get(element.state, "rack_line")]
    pen = QPen(outline, 1.5 if element.state else 1.0)
    if is_unfed:
        pen.setDashPattern([5 / 1.5, 4 / 1.5])
    painter.setPen(pen)
    painter.drawRoundedRect(body, 3, 3)
    if element.state in ("over", "failed"):
        painter.drawRoundedRect(body.adjusted(-3, -3, 3, 3), 5, 5)
    if element.side and not element.state:
        painter.fillRect(QRectF(box.left() + 1, box.top() + 1, box.width() - 2, 3), colour_of(element))
    left = box.left() + 8
    if element.family:
        paint_kind_mark(painter, element.family, QPointF(left + 4, box.top() + 14), look[element.family])
        left += 14
    elif element.role in ICONS:
        icons.paint(painter, ICONS[element.role], QRectF(left - 2, box.top() + 7, 14, 14), "text_2")
        left += 16
    words = QRectF(left, box.top() + 7, box.right() - left - 8, 15)
    _text(painter, words, element.name, "heading", "critical" if element.state == "over" else "text")
    inner = QRectF(box.left() + 8, box.top() + 23, box.width() - 16, 15)
    _load_line(painter, element, inner)
    shift = 15 if element.load_w is not None else 0
    _text(painter, inner.translated(0, shift), element.about, "small", "text_2")
    _level(painter, element, QRectF(inner.left(), box.bottom() - 9, inner.width(), 4))


def _load_line(painter: QPainter, element: Element, line: QRectF) -> None:
    share, power, role = load_words(element)
    _text(painter, line, share, "small_bold", role)
    _text(painter, line, power, "small", "text_2", Align.AlignRight if share else Align.AlignLeft)


def _level(painter: QPainter, element: Element, bar: QRectF) -> None:
    """Load over limit on the scale of all loads, with a tick at 100 %."""
    share = element.share
    if share is None:
        return
    look = theme.current()
    full = bar.width() / 1.2
    painter.fillRect(bar, look["input"])
    painter.setPen(QPen(look["line"], 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    filled = QRectF(bar.left(), bar.top(), min(bar.width(), max(0.0, share) * full), bar.height())
    painter.fillRect(filled, theme.current().scales["utilisation"].color(min(100.0, 100.0 * share)))
    painter.fillRect(QRectF(bar.left() + full, bar.top() - 2, 1, bar.height() + 4), look["text_2"])


def _text(
    painter: QPainter, box: QRectF, words: str, style: theme.TextStyle, role: str,
    side: Qt.AlignmentFlag = Align.AlignLeft,
) -> None:  # fmt: skip
    if words:
        painter.setFont(theme.font(style))
        painter.setPen(theme.current()[role])
        fitting = QFontMetricsF(theme.font(style)).elidedText(words, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, side | Align.AlignVCenter, fitting)


def _pen(colour: QColor, width: float, dash: tuple[float, ...] = (), opacity: float = 1.0) -> QPen:
    shade = QColor(colour)
    shade.setAlphaF(opacity)
    pen = QPen(shade, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    if dash:
        pen.setDashPattern([part / width for part in dash])
    return pen


def _polygon(route: Sequence[Point], shift_px: float) -> QPolygonF:
    """The corners, moved aside to the left of the way by so much."""
    ways = []
    for (x0, y0), (x1, y1) in itertools.pairwise(route):
        reach = max(abs(x1 - x0), abs(y1 - y0)) or 1.0
        ways.append(((y1 - y0) / reach, (x0 - x1) / reach))
    points = []
    for k, (x, y) in enumerate(route):
        sides = {way for way in (ways[k - 1] if k else ways[0], ways[min(k, len(ways) - 1)])}
        points.append(QPointF(x + shift_px * sum(w[0] for w in sides), y + shift_px * sum(w[1] for w in sides)))
    return QPolygonF(points)
