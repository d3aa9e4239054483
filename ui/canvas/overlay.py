"""What lies over the drawing and belongs to the hand: selection, ghosts, guides, findings, dimensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF, QTransform

from twin.layout.finding import Finding
from twin.layout.geometry import Point
from ui import icons, theme
from ui.canvas.labels import write
from ui.canvas.plan import Plan
from ui.canvas.raster import pixel_boxes
from ui.canvas.room import paint_plate

HANDLE_PX = 7.0
FINDING_PX = 22.0
SEVERITY_ROLES = {"error": "critical", "warning": "warning", "note": "note"}
_RANK = ("note", "warning", "error")


@dataclass(slots=True)
class Guide:
    """A dimension being dragged: a line in metres with its length written on it."""

    start: tuple[float, float]
    end: tuple[float, float]
    words: str


@dataclass(slots=True)
class Overlay:
    """State of the overlay; the view paints it last, in pixels."""

    selection: list[str] = field(default_factory=list)
    hovered: str | None = None
    shift_m: tuple[float, float] = (0.0, 0.0)  # of what is carried
    carried: list[int] = field(default_factory=list)
    ghost: list[list[tuple[float, float]]] = field(default_factory=list)  # outlines of what is about to be placed, m
    guides: list[Guide] = field(default_factory=list)
    band: tuple[QRectF, bool] | None = None  # rubber band in metres, and whether touching is enough
    target: str | None = None  # rack a server would go into
    _spots: list[tuple[Point, list[Finding]]] = field(default_factory=list)  # m

    def paint(self, painter: QPainter, plan: Plan, to_device: QTransform, room: QRectF) -> None:
        """Draw everything."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_dimensions(painter, to_device, room)
        if not plan.bodies and not self.ghost:
            self._paint_empty(painter, to_device.mapRect(room))
        self._paint_hover(painter, plan, to_device)
        self._paint_carried(painter, plan, to_device)
        self._paint_selection(painter, plan, to_device)
        self._paint_findings(painter, to_device)
        self._paint_ghost(painter, to_device)
        self._paint_guides(painter, to_device)
        self._paint_band(painter, to_device)

    def set_findings(self, findings: list[Finding], plan: Plan) -> None:
        """Show these; findings about the same thing share a circle in the colour of the worst."""
        by_place: dict[tuple[float, float], list[Finding]] = {}
        for finding in findings:
            box = plan.box_of(plan.indices([finding.place]))
            spot = (box[2], box[1]) if box is not None else finding.at_m
            if spot is not None:
                by_place.setdefault(spot, []).append(finding)
        self._spots = [
            (spot, sorted(some, key=lambda finding: -_RANK.index(finding.severity))) for spot, some in by_place.items()
        ]

    def finding_spots(self, to_device: QTransform, area: QRectF) -> list[tuple[QRectF, list[Finding]]]:
        """Where the finding circles in an area are, px, each with its findings, worst first."""
        half = FINDING_PX / 2
        seen = to_device.inverted()[0].mapRect(area.adjusted(-half - 2, -half, half, half + 2))
        made = []
        for (x_m, y_m), some in self._spots:
            if seen.left() <= x_m <= seen.right() and seen.top() <= y_m <= seen.bottom():
                at = to_device.map(QPointF(x_m, y_m))
                # Outside the body, at its upper right corner.
                made.append((QRectF(round(at.x()) + 2 - half, round(at.y()) - 2 - half, FINDING_PX, FINDING_PX), some))
        return made

    def _paint_findings(self, painter: QPainter, to_device: QTransform) -> None:
        ratio = painter.device().devicePixelRatioF()
        for box, findings in self.finding_spots(to_device, QRectF(painter.viewport())):
            role = SEVERITY_ROLES[findings[0].severity]
            painter.drawPixmap(box.topLeft(), finding_picture(role, theme.current().name, ratio))

    def _paint_selection(self, painter: QPainter, plan: Plan, to_device: QTransform) -> None:
        if self.carried:
            return
        indices = plan.indices(self.selection)
        boxes = pixel_boxes(plan.boxes[indices], to_device) if indices else np.empty((0, 4))
        for i, box in zip(indices, boxes, strict=True):
            self._outline(painter, plan, i, box, to_device, theme.pen("accent", 2.0))
        if len(indices) <= 60:
            for i, box in zip(indices, boxes, strict=True):
                self._handles(painter, plan, i, box, to_device)

    def _paint_hover(self, painter: QPainter, plan: Plan, to_device: QTransform) -> None:
        for name, role, width in ((self.hovered, "accent", 1.0), (self.target, "guide", 2.0)):
            for i in plan.indices([name]) if name else []:
                box = pixel_boxes(plan.boxes[[i]], to_device)[0]
                self._outline(painter, plan, i, box, to_device, theme.pen(role, width))

    def _outline(
        self, painter: QPainter, plan: Plan, i: int, box: np.ndarray, to_device: QTransform, pen: QPen
    ) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if plan.is_upright[i]:
            grow = 1.0 if pen.widthF() > 1 else 0.0
            x0, y0, x1, y1 = (float(v) for v in box)
            painter.drawRect(QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(0, 0, grow, grow))
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.drawPolygon(QPolygonF([to_device.map(QPointF(x, y)) for x, y in plan.bodies[i].outline_m]))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _handles(self, painter: QPainter, plan: Plan, i: int, box: np.ndarray, to_device: QTransform) -> None:
        if min(box[2] - box[0], box[3] - box[1]) < 12:
            return
        look = theme.current()
        if plan.is_upright[i]:
            corners = [QPointF(box[a], box[b]) for a in (0, 2) for b in (1, 3)]
        else:
            corners = [to_device.map(QPointF(x, y)) for x, y in plan.bodies[i].outline_m]
        half = HANDLE_PX / 2
        for corner in corners:
            x, y = round(corner.x() - half + 0.5), round(corner.y() - half + 0.5)
            painter.fillRect(QRectF(x, y, HANDLE_PX, HANDLE_PX), look["accent"])
            painter.fillRect(QRectF(x + 1, y + 1, HANDLE_PX - 2, HANDLE_PX - 2), look["floor"])

    def _paint_carried(self, painter: QPainter, plan: Plan, to_device: QTransform) -> None:
        """What is being dragged, where it would be put down; its old place stays as a dashed outline."""
        if not self.carried:
            return
        look = theme.current()
        boxes = plan.boxes[self.carried]
        for box in pixel_boxes(boxes, to_device)[:400]:
            painter.setPen(theme.pen("off", 1.0, (5.0, 4.0)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1]))
        painter.setPen(theme.pen("accent", 2.0))
        painter.setBrush(look["rack"])
        dx, dy = self.shift_m
        for i in self.carried:
            painter.drawPolygon(
                QPolygonF([to_device.map(QPointF(x + dx, y + dy)) for x, y in plan.bodies[i].outline_m])
            )
        if len(self.carried) <= 200:
            for i in self.carried:
                x, y = plan.centres[i] + self.shift_m
                room_px = 2 * plan.halves[i].min() * to_device.m11() - 4
                words = plan.bodies[i].id
                write(painter, words, to_device.map(QPointF(x, y)), room_px, "small_bold", look["text"])

    def _paint_ghost(self, painter: QPainter, to_device: QTransform) -> None:
        look = theme.current()
        painter.setPen(theme.pen("accent", 2.0))
        painter.setBrush(look["rack"])
        for outline in self.ghost:
            painter.drawPolygon(QPolygonF([to_device.map(QPointF(x, y)) for x, y in outline]))

    def _paint_guides(self, painter: QPainter, to_device: QTransform) -> None:
        for guide in self.guides:
            a, b = to_device.map(QPointF(*guide.start)), to_device.map(QPointF(*guide.end))
            painter.setPen(theme.pen("guide"))
            painter.drawLine(QPointF(round(a.x()), round(a.y())), QPointF(round(b.x()), round(b.y())))
        for guide in self.guides:
            if guide.words:
                a, b = to_device.map(QPointF(*guide.start)), to_device.map(QPointF(*guide.end))
                # Where the line is shorter than its plate, the plate goes beside it.
                is_short = (b - a).manhattanLength() < 64
                beside = (QPointF(0, 16) if a.y() == b.y() else QPointF(34, 0)) if is_short else QPointF()
                paint_plate(painter, (a + b) / 2 + beside, guide.words, "guide", "small_bold")

    def _paint_band(self, painter: QPainter, to_device: QTransform) -> None:
        if self.band is None:
            return
        box, touching = self.band
        fill = QColor(theme.current()["accent"])
        fill.setAlphaF(0.12)
        painter.setPen(theme.pen("accent", 1.0, (4.0, 3.0) if touching else ()))
        painter.setBrush(fill)
        painter.drawRect(to_device.mapRect(box))

    def _paint_empty(self, painter: QPainter, box: QRectF) -> None:
        """One sentence and one action, where the racks would stand."""
        words = QCoreApplication.translate("plan", "No racks yet. Drag one from Devices or press R.")
        needed = QFontMetricsF(theme.font("body")).horizontalAdvance(words)
        # A sentence a line where both do not fit beside each other, as in the small plan of a run.
        lines = words.replace(". ", ".\n").split("\n") if needed > box.width() else [words]
        for i, line in enumerate(lines):
            down = QPointF(0.0, 24.0 * (i - (len(lines) - 1) / 2))
            paint_plate(painter, box.center() + down, line, "text_2", "body")

    def _paint_dimensions(self, painter: QPainter, to_device: QTransform, room: QRectF) -> None:
        """Length and depth of the room along its outer walls."""
        box = to_device.mapRect(room)
        if box.width() < 120 or box.height() < 120:
            return
        painter.setPen(theme.pen("text_2"))
        y, x = round(box.top()) - 26, round(box.left()) - 26
        left, right, top, bottom = (round(v) for v in (box.left(), box.right(), box.top(), box.bottom()))
        painter.drawLine(left, y, right, y)
        painter.drawLine(x, top, x, bottom)
        for end in (left, right):
            painter.drawLine(end, y - 4, end, y + 4)
        for end in (top, bottom):
            painter.drawLine(x - 4, end, x + 4, end)
        paint_sign(painter, QPointF((left + right) / 2, y), f"{room.width():.2f} m", 0)
        paint_sign(painter, QPointF(x, (top + bottom) / 2), f"{room.height():.2f} m", -90)


@lru_cache(maxsize=64)
def finding_picture(role: str, theme_name: str, ratio: float) -> QPixmap:
    """The circle of a finding."""
    look = theme.load(theme_name)
    made = QPixmap(round(FINDING_PX * ratio), round(FINDING_PX * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    box = QRectF(0, 0, FINDING_PX, FINDING_PX)
    painter.setPen(QPen(look[role], 1.0))
    painter.setBrush(look["floor"])
    painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    lift = 1 if role == "warning" else 0
    icons.paint(painter, role, box.adjusted(4, 4 - lift, -4, -4 - lift), role)
    painter.end()
    return made


def paint_sign(painter: QPainter, centre: QPointF, words: str, turn_deg: int) -> None:
    """A dimension on its line, on a plate of the ground's colour."""
    painter.save()
    painter.translate(centre)
    painter.rotate(turn_deg)
    painter.setFont(theme.font("small"))
    width = painter.fontMetrics().horizontalAdvance(words) + 12
    plate = QRectF(-width / 2, -9, width, 18)
    painter.fillRect(plate, theme.current()["canvas"])
    painter.setPen(theme.current()["text_2"])
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
