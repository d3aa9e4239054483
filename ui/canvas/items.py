"""Bodies on the plan in one layer: outlines, fronts, and the colour of the one metric that is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui import theme
from ui.canvas.plan import Plan
from ui.canvas.raster import device_area, fill, fill_by_colour, pixel_boxes
from ui.scales import Scale

Floats = npt.NDArray[np.float64]

FRONT_PX = 6.0
COARSE = 5
"""Table entries that share a fill: a quarter of a kelvin, which no eye tells apart, and a fifth of the calls."""

LABEL_PX_PER_M = 40.0
"""Below this scale only bodies and fronts are drawn."""


@dataclass(frozen=True)
class Live:
    """One metric over all bodies: values in the scale's unit, NaN where there is none."""

    metric: str
    scale: Scale
    values: Floats
    inlet_c: Floats
    is_doubted: npt.NDArray[np.bool_] | None = None  # where the model is weak, when the air is shown


class BodyLayer(QGraphicsItem):
    """Every body that stands on the floor; painted in pixels from arrays, so ten thousand cost a few calls."""

    def __init__(self) -> None:
        super().__init__()
        self.plan = Plan()
        self.live: Live | None = None
        self.failed: frozenset[str] = frozenset()
        self._bounds = QRectF()
        self._hidden: frozenset[int] = frozenset()

    def set_plan(self, plan: Plan, bounds: QRectF) -> None:
        """Show another plan; live values belong to the old one and go."""
        self.prepareGeometryChange()
        self.plan, self._bounds, self.live, self._hidden = plan, bounds, None, frozenset()
        self.update()

    def set_live(self, live: Live | None) -> None:
        """Fill the racks by a metric, or stop doing so."""
        self.live = live
        self.update()

    def set_failed(self, ids: frozenset[str]) -> None:
        """Mark what has failed."""
        self.failed = ids
        self.update()

    def set_hidden(self, indices: frozenset[int]) -> None:
        """Leave bodies out while the hand carries them."""
        self._hidden = indices
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole drawing, m."""
        return self._bounds

    def visible(self, to_device: QTransform, device: QRectF) -> npt.NDArray[np.intp]:
        """Bodies that touch the device rectangle and are not carried."""
        if not self.plan.bodies:
            return np.empty(0, np.intp)
        area = to_device.inverted()[0].mapRect(device)
        b = self.plan.boxes
        keep = (b[:, 2] >= area.left()) & (b[:, 0] <= area.right()) & (b[:, 3] >= area.top())
        keep &= b[:, 1] <= area.bottom()
        if self._hidden:
            keep[list(self._hidden)] = False
        return np.flatnonzero(keep)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw outlines, then bodies inside them, then fronts."""
        to_device = painter.worldTransform()
        shown = self.visible(to_device, device_area(painter, widget))
        painter.save()
        painter.resetTransform()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        upright = shown[self.plan.is_upright[shown]]
        if len(upright):
            self._paint_upright(painter, upright, to_device)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for i in shown[~self.plan.is_upright[shown]]:
            self._paint_turned(painter, int(i), to_device)
        painter.restore()

    def _paint_upright(self, painter: QPainter, shown: npt.NDArray[np.intp], to_device: QTransform) -> None:
        look = theme.current()
        boxes = pixel_boxes(self.plan.boxes[shown], to_device)
        # The outline is what the body leaves free: two fills cost half of one stroked rectangle.
        small = float(np.median(boxes[:, 2] - boxes[:, 0])) < 5
        fill(painter, boxes + [0.0, 0.0, 1.0, 1.0], theme.mixed(look["rack"], look["rack_line"], 0.5 if small else 1.0))
        inner = boxes + [1.0, 1.0, 0.0, 0.0]
        fill(painter, inner, look["rack"])
        racks = self.plan.is_rack[shown]
        if self.live is not None:
            values = self.live.values[shown]
            known = racks & ~np.isnan(values)
            colours = scale_colours(self.live.scale)
            fill_by_colour(painter, inner[known], self.live.scale.index(values[known]) // COARSE, colours)
        self._paint_fronts(painter, shown[racks], inner[racks])

    def _paint_fronts(self, painter: QPainter, shown: npt.NDArray[np.intp], inner: Floats) -> None:
        if not len(shown):
            return
        fronts = self.plan.fronts[shown]
        depth = np.where(np.abs(fronts[:, 0]) > 0.5, inner[:, 2] - inner[:, 0], inner[:, 3] - inner[:, 1])
        band = np.clip(np.floor(depth * 0.16), 1.0, FRONT_PX)
        edges = inner.copy()
        for axis in (0, 1):
            ahead, behind = fronts[:, axis] > 0.5, fronts[:, axis] < -0.5
            edges[ahead, axis] = edges[ahead, axis + 2] - band[ahead]
            edges[behind, axis + 2] = edges[behind, axis] + band[behind]
        neutral = front_colour()
        inlet = self.live.inlet_c[shown] if self.live is not None else np.full(len(shown), np.nan)
        known = ~np.isnan(inlet)
        fill(painter, edges[~known], neutral)
        if known.any():
            scale = theme.current().scales["temperature"]
            fill_by_colour(painter, edges[known], scale.index(inlet[known]) // COARSE, scale_colours(scale))
        if self.live is not None:
            self._paint_front_lines(painter, edges, fronts)

    def _paint_front_lines(self, painter: QPainter, edges: Floats, fronts: Floats) -> None:
        """A line between a filled body and its front, for they may have the same colour."""
        lines = edges.copy()
        for axis in (0, 1):
            ahead, behind = fronts[:, axis] > 0.5, fronts[:, axis] < -0.5
            lines[ahead, axis + 2] = lines[ahead, axis] + 1
            lines[behind, axis] = lines[behind, axis + 2] - 1
        fill(painter, lines, theme.current()["rack_line"])

    def _paint_turned(self, painter: QPainter, i_body: int, to_device: QTransform) -> None:
        """A body at an odd angle: its polygon, and its front as a strip along the first edge."""
        body = self.plan.bodies[i_body]
        corners = [to_device.map(QPointF(x, y)) for x, y in body.outline_m]
        painter.setPen(theme.pen("rack_line"))
        painter.setBrush(self._colour(i_body))
        painter.drawPolygon(QPolygonF(corners))
        if body.kind == "rack":
            left, right, back_right, back_left = corners
            depth_px = QPointF(back_left - left).manhattanLength()
            part = min(FRONT_PX / max(depth_px, 1.0), 0.16)
            strip = [left, right, right + (back_right - right) * part, left + (back_left - left) * part]
            painter.setBrush(self._front(i_body))
            painter.drawPolygon(QPolygonF(strip))
        painter.setPen(Qt.PenStyle.NoPen)

    def _colour(self, i_body: int) -> QColor:
        if self.live is None or not self.plan.is_rack[i_body] or np.isnan(self.live.values[i_body]):
            return theme.current()["rack"]
        return self.live.scale.color(float(self.live.values[i_body]))

    def _front(self, i_body: int) -> QColor:
        if self.live is None or np.isnan(self.live.inlet_c[i_body]):
            return front_colour()
        return theme.current().scales["temperature"].color(float(self.live.inlet_c[i_body]))


def front_colour() -> QColor:
    """The front of a rack whose inlet temperature nobody has computed."""
    look = theme.current()
    return theme.mixed(look["rack"], look["supply"], 0.55)


_COLOURS: dict[int, tuple[Scale, list[QColor]]] = {}


def scale_colours(scale: Scale) -> list[QColor]:
    """Every fifth colour of a scale's table; kept, for there are only a few scales."""
    kept = _COLOURS.get(id(scale))
    if kept is None or kept[0] is not scale:
        kept = _COLOURS[id(scale)] = (scale, [QColor(int(r), int(g), int(b)) for r, g, b, _ in scale.lut[::COARSE]])
    return kept[1]
