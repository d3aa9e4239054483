"""What is written on bodies: marks, names, kW, unit bars, fans and feeds; only where seen, only where it fits."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QStaticText, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui import format as fmt
from ui import icons, theme
from ui.canvas.items import LABEL_PX_PER_M, BodyLayer, device_area
from ui.canvas.plan import MARKS, Body
from ui.canvas.raster import pixel_boxes
from ui.scales import contrast

BAR_PX = (24.0, 3.0)


class LabelLayer(QGraphicsItem):
    """Reads the body layer and writes on what is visible; painted in pixels, so text has one size at every scale."""

    def __init__(self, bodies: BodyLayer) -> None:
        super().__init__()
        self._bodies = bodies
        self._texts: dict[tuple[str, theme.TextStyle], QStaticText] = {}
        self._lines: dict[theme.TextStyle, float] = {}

    def boundingRect(self) -> QRectF:
        """That of the bodies with room for what stands beside them, m."""
        return self._bodies.boundingRect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Write on every visible body."""
        to_device = painter.worldTransform()
        shown = self._bodies.visible(to_device, device_area(painter, widget))
        if not len(shown):
            return
        plan = self._bodies.plan
        boxes = pixel_boxes(plan.boxes[shown], to_device)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        is_near = to_device.m11() >= LABEL_PX_PER_M
        for i, box in zip(shown, boxes, strict=True):
            body = plan.bodies[i]
            if body.kind == "rack" and not is_near:
                continue
            self._paint_body(painter, body, int(i), QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3])))
        if not is_near:
            self._paint_row_ends(painter, to_device)
        painter.restore()

    def _paint_body(self, painter: QPainter, body: Body, i_body: int, box: QRectF) -> None:
        if body.kind == "rack":
            self._paint_rack(painter, body, i_body, box)
        elif body.kind == "crah":
            self._paint_crah(painter, body, box)
        elif body.kind == "cdu":
            self._paint_cdu(painter, body, box)
        else:
            self._paint_box(painter, body, box)

    # Racks

    def _paint_rack(self, painter: QPainter, body: Body, i_body: int, box: QRectF) -> None:
        look = theme.current()
        ink, soft = look["text"], look["text_2"]
        live = self._bodies.live
        value = fmt.number(body.max_w / 1e3, 1) if body.max_w else ""
        if live is not None and not np.isnan(live.values[i_body]):
            level = float(live.values[i_body])
            value = fmt.number(level, 0 if live.scale.unit == "%" else 1)
            ink = soft = readable_on(live.scale.color(level))
        free = without_front(box, body)
        if free.height() >= 44:
            self._rack_upright(painter, body, free, value, (ink, soft))
        elif free.height() >= 26 and free.width() >= 40:
            self._rack_lying(painter, body, free, value, (ink, soft))

    def _rack_upright(
        self, painter: QPainter, body: Body, free: QRectF, value: str, inks: tuple[QColor, QColor]
    ) -> None:
        x, has_bar = free.center().x(), free.height() >= 52
        height = 8 + 4 + 13 + 13 + (7 if has_bar else 0)
        y = free.center().y() - height / 2
        self._mark(painter, body, QPointF(x, y + 4), inks[0])
        self._write(painter, body.id, QPointF(x, y + 18.5), free.width() - 2, "small_bold", inks[0])
        if value:
            self._write(painter, value, QPointF(x, y + 31.5), free.width() - 2, "small", inks[1])
        if has_bar:
            self._bar(painter, body, QPointF(x, y + height - 1.5), min(BAR_PX[0], free.width() - 6), inks)

    def _rack_lying(
        self, painter: QPainter, body: Body, free: QRectF, value: str, inks: tuple[QColor, QColor]
    ) -> None:
        y = free.center().y()
        self._mark(painter, body, QPointF(free.left() + 9, y), inks[0])
        x, width = free.left() + 16 + (free.width() - 18) / 2, free.width() - 20
        self._write(painter, body.id, QPointF(x, y - 6.5), width, "small_bold", inks[0])
        if value:
            self._write(painter, value, QPointF(x, y + 6.5), width, "small", inks[1])

    def _mark(self, painter: QPainter, body: Body, centre: QPointF, ink: QColor) -> None:
        colour = theme.current()[body.family] if self._bodies.live is None and body.family else ink
        if body.family in MARKS:
            icons.paint_mark(painter, MARKS[body.family], centre, 4.0, colour)
        elif body.family == "network":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for i in range(-2, 3):
                painter.drawRect(QRectF(centre.x() + i * 5 - 1.5, centre.y() - 1.5, 3, 3))

    def _bar(
        self, painter: QPainter, body: Body, centre: QPointF, width: float, inks: tuple[QColor, QColor]
    ) -> None:
        left, top = round(centre.x() - width / 2), round(centre.y() - BAR_PX[1] / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = theme.current()["input"]
        painter.fillRect(QRectF(left, top, width, BAR_PX[1]), ground if inks[0] == theme.current()["text"] else inks[0])
        taken = min(body.fill_frac, 1.0) * width
        painter.fillRect(QRectF(left, top, taken, BAR_PX[1]), inks[1])

    # Coolers, power and plant

    def _paint_crah(self, painter: QPainter, body: Body, box: QRectF) -> None:
        is_failed = body.id in self._bodies.failed
        if is_failed:
            paint_failed_outline(painter, box)
        role = "critical" if is_failed else "supply"
        lines = self._foot_lines(body, box)
        foot = 4 + 14 * len(lines) if lines else 0
        space = box.adjusted(4, 5, -4, -foot)
        for centre, radius in fan_places(space, body.n_fans):
            paint_fan(painter, centre, radius, role, is_failed)
        self._write_foot(painter, lines, box, "critical" if is_failed else "text")
        if not is_failed and min(box.width(), box.height()) >= 20:
            paint_return_arrows(painter, body, box)

    def _paint_cdu(self, painter: QPainter, body: Body, box: QRectF) -> None:
        lines = self._foot_lines(body, box)
        foot = 4 + 14 * len(lines) if lines else 0
        free = box.adjusted(2, 2, -2, -foot)
        size = min(free.width(), free.height(), 26.0)
        if size >= 10:
            role = "critical" if body.id in self._bodies.failed else "supply"
            side = QRectF(free.center().x() - size / 2, free.center().y() - size / 2, size, size)
            icons.paint(painter, "cdu", side, role)
        self._write_foot(painter, lines, box, "text")
        if body.id in self._bodies.failed:
            paint_failed_outline(painter, box)

    def _paint_box(self, painter: QPainter, body: Body, box: QRectF) -> None:
        """Power and plant: a bar in the colour of the feed, the icon of the kind, the name."""
        is_failed = body.id in self._bodies.failed
        if body.side and min(box.width(), box.height()) >= 14:
            bar = QRectF(box.left() + 5, box.top() + 5, box.width() - 9, 4)
            painter.fillRect(bar, theme.current()["feed_a" if body.side == "A" else "feed_b"])
        lines = self._foot_lines(body, box)
        foot = 5 + 14 * len(lines) if lines else 0
        free = box.adjusted(3, 12 if body.side else 4, -3, -foot)
        size = min(free.width(), free.height(), 22.0)
        if size >= 10:
            side = QRectF(free.center().x() - size / 2, free.center().y() - size / 2, size, size)
            icons.paint(painter, icon_of(body), side, "critical" if is_failed else "text_2")
        self._write_foot(painter, lines, box, "critical" if is_failed else "text")
        if is_failed:
            paint_failed_outline(painter, box)

    def _foot_lines(self, body: Body, box: QRectF) -> list[str]:
        """Name and set point, as far as the body has room for them."""
        if box.height() < 34 or self._width(body.id, "small_bold") > box.width() - 4:
            return []
        lines = [body.id]
        if body.value_c is not None and box.height() >= 56:
            lines.append(fmt.CELSIUS.text(body.value_c))
        return lines

    def _write_foot(self, painter: QPainter, lines: list[str], box: QRectF, role: str) -> None:
        y = box.bottom() - 4 - 14 * len(lines) + 7
        for i, words in enumerate(lines):
            style: theme.TextStyle = "small" if i else "small_bold"
            ink = theme.current()["text_2" if i else role]
            self._write(painter, words, QPointF(box.center().x(), y + 14 * i), box.width() - 2, style, ink)

    # Row names far away

    def _paint_row_ends(self, painter: QPainter, to_device: QTransform) -> None:
        """When racks are too small for names, each row says its own beside its first rack."""
        plan = self._bodies.plan
        look = theme.current()
        for row, members in plan.members.items():
            if not members:
                continue
            first = plan.boxes[members[0]]
            height_px = (first[3] - first[1]) * to_device.m22()
            if height_px < 12:
                continue
            toward = plan.centres[members[0]] - plan.centres[members[-1]]
            length = float(np.hypot(*toward)) or 1.0
            out_px = np.array([toward[0], toward[1]]) / length * (self._width(row, "small_bold") / 2 + 6)
            at = to_device.map(QPointF(*(plan.centres[members[0]])))
            half = plan.halves[members[0], 0] * to_device.m11()
            spot = at + QPointF(*(out_px + np.array([toward[0], toward[1]]) / length * half))
            self._write(painter, row, spot, 200.0, "small_bold", look["text_2"])

    # Text

    def _write(
        self, painter: QPainter, words: str, centre: QPointF, room_px: float, style: theme.TextStyle, ink: QColor
    ) -> None:
        width = self._width(words, style)
        if width > room_px:
            words = QFontMetricsF(theme.font(style)).elidedText(words, Qt.TextElideMode.ElideRight, room_px)
            width = self._width(words, style)
            if width > room_px:
                return
        text = self._static(words, style)
        painter.setFont(theme.font(style))
        painter.setPen(ink)
        half = text.size().height() / 2
        painter.drawStaticText(QPointF(round(centre.x() - width / 2), round(centre.y() - half)), text)

    def _static(self, words: str, style: theme.TextStyle) -> QStaticText:
        text = self._texts.get((words, style))
        if text is None:
            # Numbers change while a run is on; old ones go all at once.
            if len(self._texts) > 20_000:
                self._texts.clear()
            text = self._texts[words, style] = QStaticText(words)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.prepare(QTransform(), theme.font(style))
        return text

    def _width(self, words: str, style: theme.TextStyle) -> float:
        return self._static(words, style).size().width()


def without_front(box: QRectF, body: Body) -> QRectF:
    """The body less its front band, px."""
    free, band = QRectF(box), 7.0
    x, y = body.front
    if y > 0.5:
        free.setBottom(free.bottom() - band)
    elif y < -0.5:
        free.setTop(free.top() + band)
    elif x > 0.5:
        free.setRight(free.right() - band)
    else:
        free.setLeft(free.left() + band)
    return free


def readable_on(ground: QColor) -> QColor:
    """Whichever of text and floor stands out more from a colour."""
    look = theme.current()
    return max((look["text"], look["floor"]), key=lambda ink: contrast(ink, ground))


def icon_of(body: Body) -> str:
    """The icon of a power or plant body."""
    known = {"ups": "ups", "transformer": "transformer", "generator": "generator", "busway": "busway"}
    if body.kind == "power":
        return known.get(body.role, "pdu")
    return {"tank": "cdu", "pump": "cdu"}.get(body.role, "crah")


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


def paint_fan(painter: QPainter, centre: QPointF, radius: float, role: str, is_failed: bool) -> None:
    """A fan: a circle with three curved blades, or crossed out."""
    painter.setPen(QPen(theme.current()[role], 1.25))
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
