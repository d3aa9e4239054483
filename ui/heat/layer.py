"""The air on the plan: one picture of temperatures under the bodies, isolines, arrows, marks over weak racks."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from twin.layout.room import Room
from ui import theme
from ui.canvas.items import BodyLayer
from ui.canvas.raster import Floats, device_area, pixel_boxes
from ui.canvas.room import RoomItem, floor_path, paint_plate
from ui.heat.messages import Picture
from ui.scales import Scale

ARROW_M = 0.30
ARROW_PX_PER_M = 28.0
LABEL_PX_PER_M = 24.0
FAST_M_S = 0.6
MOST_KEPT_PX = 10_000_000
"""Pixels up to which a scaled picture is kept while the plan is panned."""
STALE_OPACITY = 0.55


class HeatLayer(QGraphicsItem):
    """One image; it follows the theme by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.height = 1
        self.is_stale = False
        self._clip, self._bounds = QPainterPath(), QRectF()
        self._fittings = RoomItem()  # drawn again over the picture
        self._image: tuple[int, int, Scale, QImage] | None = None
        self._scaled: tuple[QImage, tuple[int, int, float], QPixmap] | None = None
        self._paths: dict[tuple[int, int], list[QPainterPath]] = {}

    def set_room(self, room: Room) -> None:
        """The floor that bounds the picture."""
        self.prepareGeometryChange()
        self._clip = floor_path(room)
        self._bounds = self._clip.boundingRect()
        self._fittings.set_room(room)

    def set_picture(self, picture: Picture | None) -> None:
        """Show another picture, or none."""
        self.picture, self.is_stale = picture, False
        self._image = self._scaled = None
        self._paths.clear()
        self.setVisible(picture is not None)
        self.update()

    def set_height(self, height: int) -> None:
        """Show the lower, middle or upper third: 0, 1, 2."""
        self.height = height
        self.update()

    def set_stale(self, is_stale: bool) -> None:
        """The picture is of an older drawing; it stays, paler."""
        if is_stale != self.is_stale:
            self.is_stale = is_stale
            self.update()

    def boundingRect(self) -> QRectF:
        """The floor, m."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The picture, what stands in the room, isolines and arrows."""
        if self.picture is None:
            return
        painter.save()
        painter.setOpacity(STALE_OPACITY if self.is_stale else 1.0)
        x, y, width, depth = self.picture.box_m
        box = painter.worldTransform().mapRect(QRectF(x, y, width, depth))
        size = max(1, round(box.width())), max(1, round(box.height()))
        if size[0] * size[1] > MOST_KEPT_PX:
            self._paint_all(painter)
        else:
            ratio = painter.device().devicePixelRatioF()
            painter.resetTransform()
            painter.drawPixmap(QPointF(round(box.left()), round(box.top())), self._kept(size, ratio))
        painter.restore()
        self._fittings.paint_fittings(painter)
        self._paint_line_names(painter, device_area(painter, widget))

    def _kept(self, size: tuple[int, int], ratio: float) -> QPixmap:
        """Everything at one scale, so that panning copies and draws nothing."""
        assert self.picture is not None
        image, (x, y, width, depth) = self._shown(), self.picture.box_m
        if self._scaled is None or self._scaled[0] is not image or self._scaled[1] != (*size, ratio):
            made = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
            made.setDevicePixelRatio(ratio)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            painter.scale(size[0] / width, size[1] / depth)
            painter.translate(-x, -y)
            self._paint_all(painter)
            painter.end()
            self._scaled = (image, (*size, ratio), made)
        return self._scaled[2]

    def _paint_all(self, painter: QPainter) -> None:
        """Image, arrows and isolines, in metres."""
        assert self.picture is not None
        whole = painter.opacity()
        painter.setClipPath(self._clip)
        painter.setOpacity(whole * theme.current().heat_opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(QRectF(*self.picture.box_m), self._shown())
        painter.setOpacity(whole)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if painter.worldTransform().m11() >= ARROW_PX_PER_M:
            painter.setPen(_pen(0.5))
            painter.drawPath(self._path("arrows"))
        self._paint_lines(painter)

    def _shown(self) -> QImage:
        """The picture in the colours of the theme."""
        assert self.picture is not None
        scale = theme.current().scales["temperature"]
        if self._image is None or self._image[:2] != (id(self.picture), self.height) or self._image[2] is not scale:
            rgba = np.ascontiguousarray(scale.lut[self.picture.levels[self.height]])
            ny, nx = rgba.shape[:2]
            image = QImage(rgba.data, nx, ny, 4 * nx, QImage.Format.Format_RGBA8888).convertToFormat(
                QImage.Format.Format_RGB32
            )
            self._image = (id(self.picture), self.height, scale, image)
        return self._image[3]

    def _paint_lines(self, painter: QPainter) -> None:
        """27 °C solid, 32 °C dashed."""
        for i in range(len(theme.current().scales["temperature"].isolines)):
            pen = _pen(0.85, 1.2)
            if i:
                pen.setDashPattern([4.0 / 1.2, 3.0 / 1.2])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._path("lines", i))

    def _paint_line_names(self, painter: QPainter, area: QRectF) -> None:
        """The value of an isoline, in line, at the middle of its longest stretch."""
        assert self.picture is not None
        to_device = painter.worldTransform()
        if to_device.m11() < LABEL_PX_PER_M:
            return
        painter.save()
        painter.resetTransform()
        for value, lines in zip(
            theme.current().scales["temperature"].isolines, self.picture.lines[self.height], strict=True
        ):
            longest = max(lines, key=len, default=None)
            if longest is None or len(longest) < 12:
                continue
            at = to_device.map(QPointF(*longest[len(longest) // 3].tolist()))
            if area.contains(at):
                paint_plate(painter, at, f"{value:g}", "text", "small_bold")
        painter.restore()

    def _path(self, kind: str, i_line: int = 0) -> QPainterPath:
        assert self.picture is not None
        key = (self.height, -1 if kind == "arrows" else i_line)
        if key not in self._paths:
            if kind == "arrows":
                self._paths[key] = [arrow_path(self.picture.arrows[self.height])]
            else:
                path = QPainterPath()
                for line in self.picture.lines[self.height][i_line]:
                    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))
                self._paths[key] = [path]
        return self._paths[key][0]


class DoubtLayer(QGraphicsItem):
    """Hatches the fronts of racks on which the model is weak: a shape, for colour alone tells too few."""

    HATCH_PX = 14.0

    def __init__(self, bodies: BodyLayer) -> None:
        super().__init__()
        self._bodies = bodies
        self._doubted: frozenset[str] = frozenset()
        self._indices = np.empty(0, np.intp)
        self._plan: object = None

    def set_doubted(self, ids: frozenset[str]) -> None:
        """Mark these racks."""
        self._doubted, self._plan = ids, None
        self.update()

    def boundingRect(self) -> QRectF:
        """That of the bodies, m."""
        return self._bodies.boundingRect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """A hatched strip along each front, and a dashed outline."""
        to_device = painter.worldTransform()
        if not self._doubted or to_device.m11() < 8.0:
            return
        plan = self._bodies.plan
        if self._plan is not plan:
            self._plan = plan
            self._indices = np.array([plan.index[name] for name in self._doubted if name in plan.index], np.intp)
        shown = np.intersect1d(self._indices, self._bodies.visible(to_device, device_area(painter, widget)))
        shown = shown[plan.is_upright[shown]] if len(shown) else shown
        if not len(shown):
            return
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        boxes = pixel_boxes(plan.boxes[shown], to_device)
        strips = _front_strips(boxes, plan.fronts[shown], self.HATCH_PX)
        ink = QColor(theme.current()["text"])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern))
        painter.drawRects([_rect(strip) for strip in strips.tolist()])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.pen("text", 1.0, (4.0, 3.0)))
        painter.drawRects([_rect(box) for box in boxes.tolist()])
        painter.restore()


def _front_strips(boxes: Floats, fronts: Floats, depth_px: float) -> Floats:
    """The parts of boxes next to their fronts, no deeper than a third of the body."""
    found = boxes.copy()
    for axis in (0, 1):
        depth = np.minimum(depth_px, (boxes[:, axis + 2] - boxes[:, axis]) / 3)
        ahead, behind = fronts[:, axis] > 0.5, fronts[:, axis] < -0.5
        found[ahead, axis] = found[ahead, axis + 2] - depth[ahead]
        found[behind, axis + 2] = found[behind, axis] + depth[behind]
    return found


def _rect(box: list[float]) -> QRectF:
    return QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3]))


def arrow_path(arrows: Floats) -> QPainterPath:
    """One path of arrows from (n, 4) places m and speeds m/s; short where air is slow, none where it stands."""
    path = QPainterPath()
    speed = np.hypot(arrows[:, 2], arrows[:, 3])
    for (x, y, u, v), s in zip(arrows.tolist(), speed.tolist(), strict=True):
        if not s > 0.01:
            continue
        long = ARROW_M * (0.5 + 0.5 * min(s / FAST_M_S, 1.0))
        dx, dy = u / s * long / 2, v / s * long / 2
        path.moveTo(x - dx, y - dy)
        path.lineTo(x + dx, y + dy)
        for side in (1.0, -1.0):
            path.moveTo(x + dx, y + dy)
            path.lineTo(x + 0.4 * dx + side * 0.35 * dy, y + 0.4 * dy - side * 0.35 * dx)
    return path


def _pen(opacity: float, width_px: float = 1.0) -> QPen:
    """Ink on the picture."""
    ink = QColor(theme.current()["text"])
    ink.setAlphaF(1.0 if theme.current().name == "high_contrast" else opacity)
    pen = QPen(ink, width_px)
    pen.setCosmetic(True)
    return pen
