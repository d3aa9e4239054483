"""The room under the devices: floor, grid, walls, columns, doors, tiles and closed aisles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPainterPathStroker, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from twin.layout.floor import Floor
from twin.layout.geometry import cos_sin, front_of
from twin.layout.room import Column, Containment, Door, Room
from ui import theme
from ui.canvas.raster import device_area, fill, pixel_boxes

GRID_M = 0.6
# Order in which the 4 x 4 dots of a tile appear, spread evenly (Bayer's threshold matrix, 1973).
_DOT_ORDER = (0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5)


class RoomItem(QGraphicsItem):
    """Floor, walls, columns and doors; painted in metres."""

    def __init__(self) -> None:
        super().__init__()
        self._floor_path = QPainterPath()
        self._wall_path = QPainterPath()
        self._room: Room | None = None
        self._is_box = True
        self._thickness_m = 0.0
        self._bounds = QRectF()

    def set_room(self, room: Room) -> None:
        """Show another room."""
        if room is self._room:
            return
        self.prepareGeometryChange()
        self._room, self._thickness_m = room, room.wall_thickness_m
        xs, ys = zip(*room.outline_m, strict=True)
        self._is_box = len(room.outline_m) == 4 and len(set(xs)) == 2 and len(set(ys)) == 2
        self._floor_path, self._wall_path = floor_path(room), wall_path(room)
        reach = room.wall_thickness_m + max([door.width_m for door in room.doors], default=0.0)
        self._bounds = self._floor_path.boundingRect().adjusted(-reach, -reach, reach, reach)
        self.update()

    def boundingRect(self) -> QRectF:
        """The room with its walls and the swing of its doors, m."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what does not move."""
        if self._room is None:
            return
        to_device = painter.worldTransform()
        seen = to_device.inverted()[0].mapRect(device_area(painter, widget))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillPath(self._floor_path, theme.current()["floor"])
        if to_device.m11() * GRID_M >= 12.0:
            self._paint_grid(painter, seen)
        self.paint_fittings(painter)

    def paint_fittings(self, painter: QPainter) -> None:
        """Walls, columns and doors, without the floor."""
        if self._room is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_walls(painter, painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for column in self._room.columns:
            _paint_column(painter, column)
        for door in self._room.doors:
            _paint_door(painter, door, self._room.wall_thickness_m)

    def _paint_grid(self, painter: QPainter, seen: QRectF) -> None:
        box = self._floor_path.boundingRect().intersected(seen)
        if box.isEmpty():
            return
        xs = np.arange(np.ceil(box.left() / GRID_M), box.right() / GRID_M) * GRID_M
        ys = np.arange(np.ceil(box.top() / GRID_M), box.bottom() / GRID_M) * GRID_M
        lines = [QLineF(x, box.top(), x, box.bottom()) for x in xs.tolist()]
        lines += [QLineF(box.left(), y, box.right(), y) for y in ys.tolist()]
        painter.save()
        if not self._is_box:
            painter.setClipPath(self._floor_path)
        painter.setPen(theme.pen("grid"))
        painter.drawLines(lines)
        painter.restore()

    def _paint_walls(self, painter: QPainter, to_device: QTransform) -> None:
        wall = theme.current()["wall"]
        painter.save()
        # In pixels: a pattern that is scaled along is drawn ten times slower.
        painter.resetTransform()
        path = to_device.map(self._wall_path)
        painter.fillPath(path, theme.mixed(theme.current()["floor"], wall, 0.55))
        if self._thickness_m * to_device.m11() >= 4:
            painter.setBrushOrigin(QPointF(to_device.dx() % 8, to_device.dy() % 8))
            painter.fillPath(path, QBrush(_hatch(wall.rgb())))
        painter.setPen(theme.pen("wall"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.restore()


class TileItem(QGraphicsItem):
    """Perforated tiles; painted in pixels, so that dots stay crisp."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[_TileGroup] = []
        self._bounds = QRectF()

    def set_floor(self, floor: Floor, bounds: QRectF) -> None:
        """Show the tiles of a drawing."""
        self.prepareGeometryChange()
        self._groups, self._bounds = _tile_groups(floor), bounds
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole drawing, m."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw every tile."""
        to_device = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        area = device_area(painter, widget)
        for group in self._groups:
            _paint_tiles(painter, group, to_device, area)
        painter.restore()


class AisleItem(QGraphicsItem):
    """Closed aisles, over the bodies whose fronts they touch; painted in pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._aisles: tuple[Containment, ...] = ()
        self._bounds = QRectF()

    def set_floor(self, floor: Floor, bounds: QRectF) -> None:
        """Show the closed aisles of a drawing."""
        self.prepareGeometryChange()
        self._aisles, self._bounds = floor.layout.containments, bounds
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole drawing, m."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the sides and the name of each."""
        to_device = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        area = device_area(painter, widget)
        for aisle in self._aisles:
            _paint_aisle(painter, aisle, to_device, area)
        painter.restore()


def floor_path(room: Room) -> QPainterPath:
    """The floor as a path, m."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in room.outline_m]))
    path.closeSubpath()
    return path


def wall_path(room: Room) -> QPainterPath:
    """Outer walls around the floor and inner walls about their centre lines, without the door openings, m."""
    outline = floor_path(room)
    solid = _stroked(outline, 2 * room.wall_thickness_m) - outline
    for wall in room.walls:
        line = QPainterPath(QPointF(*wall.points_m[0]))
        for point in wall.points_m[1:]:
            line.lineTo(QPointF(*point))
        solid = solid + _stroked(line, wall.thickness_m)
    for door in room.doors:
        start, end = _door_ends(door)
        line = QPainterPath(start)
        line.lineTo(end)
        solid = solid - _stroked(line, 2 * room.wall_thickness_m + 0.02)
    return solid.simplified()


def aisle_words(aisle: Containment) -> str:
    """What a closed aisle is called on the plan."""
    words = {
        "cold_aisle": QCoreApplication.translate("plan", "Cold aisle"),
        "hot_aisle": QCoreApplication.translate("plan", "Hot aisle"),
        "chimney": QCoreApplication.translate("plan", "Chimney"),
        "curtain": QCoreApplication.translate("plan", "Curtain"),
    }
    return words[aisle.kind]


def _stroked(path: QPainterPath, width_m: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width_m)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    return stroker.createStroke(path)


@lru_cache(maxsize=8)
def _hatch(colour: int) -> QPixmap:
    made = QPixmap(8, 8)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(colour))
    for shift in (-8, 0, 8):
        painter.drawLine(QPointF(shift, 8.0), QPointF(shift + 8.0, 0.0))
    painter.end()
    return made


def _paint_column(painter: QPainter, column: Column) -> None:
    box = QRectF(column.x_m, column.y_m, column.width_m, column.depth_m)
    painter.setPen(theme.pen("text_3"))
    painter.setBrush(theme.mixed(theme.current()["floor"], theme.current()["wall"], 0.4))
    painter.drawRect(box)
    painter.drawLine(box.topLeft(), box.bottomRight())
    painter.drawLine(box.bottomLeft(), box.topRight())


def _door_ends(door: Door) -> tuple[QPointF, QPointF]:
    """Both ends of a door in its wall: from the hinge for one leaf, about the middle for two."""
    cos, sin = cos_sin(door.angle_deg)
    back = door.width_m / 2 if door.leaves == 2 else 0.0
    start = QPointF(door.x_m - cos * back, door.y_m - sin * back)
    return start, QPointF(start.x() + cos * door.width_m, start.y() + sin * door.width_m)


def _paint_door(painter: QPainter, door: Door, thickness_m: float) -> None:
    """Leaves stand open on the side the door looks to, each with its quarter arc."""
    start, end = _door_ends(door)
    out = QPointF(*front_of(door.angle_deg))
    leaf_m = door.width_m / door.leaves
    along = (end - start) / door.width_m
    painter.setPen(theme.pen("text_3", 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    hinges = [(start, along)] if door.leaves == 1 else [(start, along), (end, -along)]
    for hinge, closed in hinges:
        # The leaf turns about the outer face of the wall it sits in.
        pivot = hinge + out * thickness_m
        path = QPainterPath(pivot)
        path.lineTo(pivot + out * leaf_m)
        path.cubicTo(
            pivot + out * leaf_m + closed * (leaf_m * 0.5523),
            pivot + closed * leaf_m + out * (leaf_m * 0.5523),
            pivot + closed * leaf_m,
        )
        painter.drawPath(path)


@dataclass(frozen=True, slots=True)
class _TileGroup:
    """Tiles of one open share: boxes x0 y0 x1 y1, shape (n, 4), m."""

    boxes: np.ndarray
    open_frac: float


def _tile_groups(floor: Floor) -> list[_TileGroup]:
    """Every tile of every field, those of one open share together."""
    boxes: dict[float, list[np.ndarray]] = {}
    for field in floor.tiles.values():
        width_m, depth_m = field.device.width_m, field.device.depth_m
        x = field.spec.x_m + np.arange(field.spec.columns) * width_m
        y = field.spec.y_m + np.arange(field.spec.rows) * depth_m
        corner = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        boxes.setdefault(field.open_frac, []).append(np.concatenate([corner, corner + [width_m, depth_m]], axis=1))
    return [_TileGroup(np.concatenate(some), open_frac) for open_frac, some in boxes.items()]


def _paint_tiles(painter: QPainter, group: _TileGroup, to_device: QTransform, area: QRectF) -> None:
    seen = to_device.inverted()[0].mapRect(area)
    b = group.boxes
    keep = (b[:, 2] > seen.left()) & (b[:, 0] < seen.right()) & (b[:, 3] > seen.top()) & (b[:, 1] < seen.bottom())
    boxes = pixel_boxes(b[keep], to_device)
    if not len(boxes):
        return
    size_px = float(min(boxes[0, 2] - boxes[0, 0], boxes[0, 3] - boxes[0, 1]))
    look = theme.current()
    inset = 2.0 if size_px >= 16 else 1.0
    boxes = boxes + [inset, inset, 1 - inset, 1 - inset]
    painter.setPen(Qt.PenStyle.NoPen)
    fill(painter, boxes, theme.mixed(look["floor"], look["tile"], 0.55 if size_px >= 10 else 0.25))
    if size_px < 10:
        return
    fill(painter, boxes + [1, 1, -1, -1], theme.mixed(look["floor"], look["tile"], 0.14))
    if size_px >= 20:
        _paint_dots(painter, boxes, group.open_frac)


def _paint_dots(painter: QPainter, boxes: np.ndarray, open_frac: float) -> None:
    """A 4 x 4 pattern whose count of dots follows the open share."""
    n_dots = max(1, round(16 * open_frac))
    cell = (boxes[:, 2:] - boxes[:, :2] - 4) / 4
    spots = [i for i in range(16) if _DOT_ORDER[i] < n_dots]
    dot_px = 2.0 if cell[0, 0] >= 6 else 1.0
    dots = [boxes[:, :2] + 2 + cell * [i % 4 + 0.5, i // 4 + 0.5] - dot_px / 2 for i in spots]
    corner = np.floor(np.concatenate(dots) + 0.5)
    look = theme.current()
    fill(painter, np.concatenate([corner, corner + dot_px], axis=1), theme.mixed(look["tile"], look["rack_line"], 0.6))


def _paint_aisle(painter: QPainter, aisle: Containment, to_device: QTransform, area: QRectF) -> None:
    """Dashed sides, solid ends where it has doors, and a plate with its name."""
    box_m = np.array([[aisle.x_m, aisle.y_m, aisle.x_m + aisle.width_m, aisle.y_m + aisle.depth_m]])
    x0, y0, x1, y1 = (float(v) for v in pixel_boxes(box_m, to_device)[0])
    if not area.intersects(QRectF(x0, y0, x1 - x0, y1 - y0)):
        return
    role = "return" if aisle.kind in ("hot_aisle", "chimney") else "supply"
    width_px = 2.0 if to_device.m11() >= 30 else 1.0
    side = theme.pen(role, width_px, (6.0, 4.0))
    end = theme.pen(role, width_px) if aisle.has_doors else side
    # Sides run along the longer edge.
    is_wide = x1 - x0 >= y1 - y0
    for a, b, c, d, is_side in (
        (x0, y0, x1, y0, is_wide),
        (x0, y1, x1, y1, is_wide),
        (x0, y0, x0, y1, not is_wide),
        (x1, y0, x1, y1, not is_wide),
    ):
        painter.setPen(side if is_side else end)
        painter.drawLine(QPointF(a, b), QPointF(c, d))
    if min(x1 - x0, y1 - y0) >= 28 and max(x1 - x0, y1 - y0) >= 90:
        paint_plate(painter, QPointF((x0 + x1) / 2, (y0 + y1) / 2), aisle_words(aisle), "text_2")


def paint_plate(painter: QPainter, centre: QPointF, words: str, role: str, style: theme.TextStyle = "small") -> QRectF:
    """Words on an opaque plate of the floor's colour; returns the plate."""
    look = theme.current()
    painter.setFont(theme.font(style))
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 4
    plate = QRectF(round(centre.x() - width / 2), round(centre.y() - height / 2), width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look["floor"])
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(look[role])
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
    return plate
