"""The difference of two drawings as marks on a plan: what came, what went, what moved where, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF, QTransform

from twin.catalogue.library import Catalogue
from twin.layout.diff import How, ThingChange, diff
from twin.layout.expand import expand_known
from twin.layout.floor import Floor
from twin.layout.geometry import Corners, Point, bounds, rectangle
from twin.layout.model import Layout
from ui import icons, theme
from ui.canvas.plan import Floats, Plan, plan_of
from ui.canvas.raster import fill, pixel_boxes

ROLES: dict[How, str] = {"added": "supply", "removed": "return", "moved": "guide", "changed": "note"}
SIGNS: dict[How, str] = {"added": "plus", "removed": "minus", "moved": "right", "changed": "sliders"}
SIGN_PX = 18.0
MOST_IN_FULL = 250
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
    _boxes: Floats | None = None  # x0 y0 x1 y1 around each mark, m; NaN when it is on no floor
    _edges: list[tuple[str, float, Floats]] | None = None  # role, line width in px, upright boxes in m

    def box_m(self, i_mark: int) -> tuple[float, float, float, float] | None:
        """The upright box around a thing before and after; None when it does not stand on the floor."""
        mark = self.marks[i_mark]
        corners = [corner for outline in (*mark.before, *mark.after) for corner in outline]
        if not corners:
            return None
        box = bounds(corners)
        return box[0], box[1], box[2], box[3]

    def paint(self, painter: QPainter, to_device: QTransform) -> None:
        """Draw the marks in pixels, the chosen one last and stronger; of very many at once only upright outlines."""
        if not self.marks:
            return
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        seen = self._seen(to_device, QRectF(painter.viewport()))
        if len(seen) <= MOST_IN_FULL:
            for i in seen:
                _paint_outlines(painter, self.marks[i], to_device)
            for i in seen:
                _paint_sign(painter, self.marks[i], to_device)
        else:
            self._paint_many(painter, to_device)
        if self.chosen is not None and self.chosen < len(self.marks):
            _paint_outlines(painter, self.marks[self.chosen], to_device, is_chosen=True)
            _paint_sign(painter, self.marks[self.chosen], to_device)
        painter.restore()

    def _seen(self, to_device: QTransform, area: QRectF) -> list[int]:
        """Marks that have something in the view."""
        if self._boxes is None:
            self._boxes = np.array([_box_of((*mark.before, *mark.after)) for mark in self.marks])
        seen = to_device.inverted()[0].mapRect(area)
        x0, y0, x1, y1 = self._boxes.T
        is_in = (x0 <= seen.right()) & (x1 >= seen.left()) & (y0 <= seen.bottom()) & (y1 >= seen.top())
        return [int(i) for i in np.flatnonzero(is_in)]

    def _paint_many(self, painter: QPainter, to_device: QTransform) -> None:
        if self._edges is None:
            self._edges = _edges(self.marks)
        painter.setPen(Qt.PenStyle.NoPen)
        for role, width_px, boxes_m in self._edges:
            x0, y0, x1, y1 = pixel_boxes(boxes_m, to_device).T
            w = width_px
            sides = ((x0, y0, x1, y0 + w), (x0, y1 - w, x1, y1), (x0, y0, x0 + w, y1), (x1 - w, y0, x1, y1))
            fill(painter, np.concatenate([np.stack(side, axis=1) for side in sides]), theme.current()[role])
        painter.setBrush(Qt.BrushStyle.NoBrush)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layout with what is expanded from it."""

    layout: Layout
    floor: Floor
    plan: Plan


def drawn(layout: Layout, catalogue: Catalogue) -> Drawn:
    """Expand a layout; devices that are not in the catalogue are left out."""
    floor = expand_known(layout, catalogue)[0]
    return Drawn(layout, floor, plan_of(floor, catalogue))


def difference_of(before: Drawn, after: Drawn) -> Difference:
    """The marks between two layouts."""
    marks = []
    for change in diff(before.layout, after.layout):
        was = () if change.how == "added" else _outlines(before, change.kind, change.old_id)
        now = () if change.how == "removed" else _outlines(after, change.kind, change.id)
        marks.append(Mark(change, was, now))
    return Difference(marks)


def _outlines(drawn: Drawn, kind: str, name: str) -> Outlines:
    layout, floor, plan = drawn.layout, drawn.floor, drawn.plan
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


def _box_of(outlines: Outlines) -> tuple[float, float, float, float]:
    corners = [corner for outline in outlines for corner in outline]
    box = bounds(corners) if corners else (np.nan,) * 4
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])


def _edges(marks: Sequence[Mark]) -> list[tuple[str, float, Floats]]:
    made: dict[tuple[str, float], list[tuple[float, float, float, float]]] = {}
    for mark in marks:
        role = ROLES[mark.change.how]
        before = mark.before if _shows_before(mark) else ()
        for width_px, outlines in ((1.0, before), (2.0, mark.after)):
            made.setdefault((role, width_px), []).extend(_box_of((outline,)) for outline in outlines)
    return [(role, width_px, np.array(boxes)) for (role, width_px), boxes in made.items() if boxes]


def _shows_before(mark: Mark) -> bool:
    return mark.change.how == "removed" or mark.change.is_moved


def _paint_outlines(painter: QPainter, mark: Mark, to_device: QTransform, is_chosen: bool = False) -> None:
    role = ROLES[mark.change.how]
    old = _polygons(mark.before, to_device) if _shows_before(mark) else []
    new = _polygons(mark.after, to_device)
    _draw(painter, old, _pen(role, 2.0 if is_chosen else 1.0, is_dashed=True))
    _draw(painter, new, _pen(role, 3.0 if is_chosen else 2.0))
    if old and new:
        _arrow(painter, _around(old).center(), _around(new), role)


def _pen(role: str, width_px: float, is_dashed: bool = False) -> QPen:
    return theme.pen(role, width_px, (4.0, 3.0) if is_dashed else ())


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


def _paint_sign(painter: QPainter, mark: Mark, to_device: QTransform) -> None:
    if not mark.shown:
        return
    box = _around(_polygons(mark.shown, to_device))
    if max(box.width(), box.height()) < SMALLEST_PX:
        return
    # At the upper left corner; findings have the upper right one.
    at = QPointF(round(box.left() - SIGN_PX / 2), round(box.top() - SIGN_PX / 2))
    painter.drawPixmap(at, _sign(mark.change.how, theme.current().name, painter.device().devicePixelRatioF()))


@lru_cache(maxsize=64)
def _sign(how: How, _theme_name: str, ratio: float) -> QPixmap:
    """The sign of a change on its plate, painted once per theme and screen."""
    made = QPixmap(QSize(round(SIGN_PX * ratio), round(SIGN_PX * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    plate = QRectF(0, 0, SIGN_PX, SIGN_PX)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(theme.pen(ROLES[how], 1.5))
    painter.setBrush(theme.current()["panel"])
    painter.drawEllipse(plate.adjusted(1, 1, -1, -1))
    icons.paint(painter, SIGNS[how], plate.adjusted(3, 3, -3, -3), ROLES[how])
    painter.end()
    return made
