"""The difference of two drawings as marks on a plan: what came, what went, what moved where, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTransform

from twin.catalogue.library import Catalogue
from twin.layout.diff import How, ThingChange, diff
from twin.layout.expand import expand_known
from twin.layout.floor import Floor
from twin.layout.geometry import Corners, Point, bounds, rectangle
from twin.layout.model import Layout
from ui import icons, theme
from ui.canvas.plan import Plan, plan_of

ROLES: dict[How, str] = {"added": "supply", "removed": "return", "moved": "guide", "changed": "note"}
SIGNS: dict[How, str] = {"added": "plus", "removed": "minus", "moved": "right", "changed": "sliders"}
SIGN_PX = 18.0
SMALLEST_PX = 10.0
"""A thing smaller than this on the screen has an outline but no sign."""

Outlines = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A change with the outlines of the thing before and after, m; both empty when it does not stand on the floor."""

    change: ThingChange
    before: Outlines = ()
    after: Outlines = ()

    @property
    def shown(self) -> Outlines:
        """Where it is now; where it was when it is gone."""
        return self.after or self.before


@dataclass(slots=True)
class Difference:
    """All marks between two layouts; `chosen` is the index of the one the user looks at."""

    marks: list[Mark] = field(default_factory=list)
    chosen: int | None = None

    def box_m(self, i_mark: int) -> tuple[float, float, float, float] | None:
        """The upright box around a thing before and after; None when it does not stand on the floor."""
        mark = self.marks[i_mark]
        corners = [corner for outline in (*mark.before, *mark.after) for corner in outline]
        if not corners:
            return None
        box = bounds(corners)
        return box[0], box[1], box[2], box[3]

    def paint(self, painter: QPainter, to_device: QTransform) -> None:
        """Draw the marks in pixels, the chosen one last and stronger."""
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        order = sorted(range(len(self.marks)), key=lambda i: i == self.chosen)
        for i in order:
            _paint_outlines(painter, self.marks[i], to_device, i == self.chosen)
        for i in order:
            _paint_sign(painter, self.marks[i], to_device, i == self.chosen)
        painter.restore()


def difference_of(before: Layout, after: Layout, catalogue: Catalogue, plan: Plan | None = None) -> Difference:
    """The marks between two layouts; `plan` is that of the second one where it is known."""
    changes = diff(before, after)
    if not changes:
        return Difference()
    old, new = expand_known(before, catalogue)[0], expand_known(after, catalogue)[0]
    plans = plan_of(old, catalogue), plan if plan is not None else plan_of(new, catalogue)
    marks = []
    for change in changes:
        was = () if change.how == "added" else _outlines(old, plans[0], change.kind, change.old_id)
        now = () if change.how == "removed" else _outlines(new, plans[1], change.kind, change.id)
        marks.append(Mark(change, was, now))
    return Difference(marks)


def _outlines(floor: Floor, plan: Plan, kind: str, name: str) -> Outlines:
    layout = floor.layout
    bodies = plan.indices([name])
    if bodies:
        return tuple(tuple(plan.bodies[i].outline_m) for i in bodies)
    room = layout.room
    if kind == "containment":
        return tuple(_box(c.x_m, c.y_m, c.width_m, c.depth_m) for c in layout.containments if c.id == name)
    if kind == "column":
        return tuple(_box(c.x_m, c.y_m, c.width_m, c.depth_m) for c in room.columns if c.id == name)
    if kind == "tiles":
        return tuple(tuple(field.outline_m) for field in floor.tiles.values() if field.id == name)
    if kind == "door":
        return tuple(_box(d.x_m - d.width_m / 2, d.y_m - 0.15, d.width_m, 0.3) for d in room.doors if d.id == name)
    if kind == "wall":
        return tuple((*wall.points_m, *wall.points_m[-2:0:-1]) for wall in room.walls if wall.id == name)
    return ()


def _box(x_m: float, y_m: float, width_m: float, depth_m: float) -> Corners:
    return rectangle((x_m + width_m / 2, y_m + depth_m / 2), width_m, depth_m, 0.0)


def _polygons(outlines: Outlines, to_device: QTransform) -> list[QPolygonF]:
    return [to_device.map(QPolygonF([QPointF(x, y) for x, y in outline])) for outline in outlines]


def _around(polygons: Iterable[QPolygonF]) -> QRectF:
    box = QRectF()
    for polygon in polygons:
        box = box.united(polygon.boundingRect())
    return box


def _paint_outlines(painter: QPainter, mark: Mark, to_device: QTransform, is_chosen: bool) -> None:
    role = ROLES[mark.change.how]
    old, new = _polygons(mark.before, to_device), _polygons(mark.after, to_device)
    if old and (mark.change.how == "removed" or mark.change.is_moved):
        _draw(painter, old, _pen(role, 2.0 if is_chosen else 1.0, is_dashed=True))
    _draw(painter, new, _pen(role, 3.0 if is_chosen else 2.0))
    if old and new and mark.change.is_moved:
        _arrow(painter, _around(old).center(), _around(new), role)


def _pen(role: str, width_px: float, is_dashed: bool = False) -> QPen:
    pen = theme.pen(role, width_px)
    if is_dashed:
        pen.setDashPattern([4.0 / width_px, 3.0 / width_px])
    return pen


def _draw(painter: QPainter, polygons: Sequence[QPolygonF], pen: QPen) -> None:
    painter.setPen(pen)
    for polygon in polygons:
        painter.drawPolygon(polygon)


def _arrow(painter: QPainter, start: QPointF, target: QRectF, role: str) -> None:
    """From the old middle to the edge of the new place, so that it does not cross what is written there."""
    way = target.center() - start
    reach = max(abs(way.x()) / max(target.width(), 1.0), abs(way.y()) / max(target.height(), 1.0))
    if reach <= 0.5:
        return
    end = target.center() - way * (0.5 / reach)
    way = end - start
    length = (way.x() ** 2 + way.y() ** 2) ** 0.5
    if length < 6.0:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(theme.pen(role, 1.5))
    painter.drawLine(start, end)
    along = way / length
    across = QPointF(-along.y(), along.x())
    back = end - along * min(8.0, length / 2)
    painter.drawPolyline(QPolygonF([back + across * 4.0, end, back - across * 4.0]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_sign(painter: QPainter, mark: Mark, to_device: QTransform, is_chosen: bool) -> None:
    box = _around(_polygons(mark.shown, to_device))
    if not mark.shown or (max(box.width(), box.height()) < SMALLEST_PX and not is_chosen):
        return
    # At the upper left corner; findings have the upper right one.
    centre = QPointF(round(box.left()), round(box.top()))
    plate = QRectF(centre.x() - SIGN_PX / 2, centre.y() - SIGN_PX / 2, SIGN_PX, SIGN_PX)
    role = ROLES[mark.change.how]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(theme.pen(role, 1.5))
    painter.setBrush(theme.current()["panel"])
    painter.drawEllipse(plate)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    icons.paint(painter, SIGNS[mark.change.how], plate.adjusted(3, 3, -3, -3), role)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
