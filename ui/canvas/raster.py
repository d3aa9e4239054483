"""Many rectangles in one call: arrays of boxes in metres to whole pixels, filled straight from their memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

Floats = npt.NDArray[np.float64]


def pixel_boxes(boxes_m: Floats, to_device: QTransform) -> Floats:
    """Boxes x0 y0 x1 y1, shape (n, 4), from metres to pixel edges: whole numbers, so that lines stay 1 px.

    Bodies that touch share an edge, because equal metres round to equal pixels.
    """
    scale = np.array([to_device.m11(), to_device.m22()] * 2)
    shift = np.array([to_device.dx(), to_device.dy()] * 2)
    # Metres are rounded first: 1.7999999999999998 and 1.8 are one edge.
    return np.floor(np.round(boxes_m, 6) * scale + shift + 0.5)


def fill(painter: QPainter, boxes: Floats, colour: QColor) -> None:
    """Fill boxes x0 y0 x1 y1, shape (n, 4), in painter units; the painter has no pen."""
    if len(boxes):
        rects = _rects(boxes)
        painter.setBrush(colour)
        _draw(painter, rects, 0, len(rects))


def fill_by_colour(painter: QPainter, boxes: Floats, keys: npt.NDArray[np.intp], colours: list[QColor]) -> None:
    """Fill each box with `colours[key]`, one call per colour in use; the painter has no pen."""
    if not len(boxes):
        return
    order = np.argsort(keys, kind="stable")
    rects = _rects(boxes[order])
    used, starts = np.unique(keys[order], return_index=True)
    ends = [*starts[1:].tolist(), len(rects)]
    for key, start, end in zip(used.tolist(), starts.tolist(), ends, strict=True):
        painter.setBrush(colours[key])
        _draw(painter, rects, start, end - start)


def _rects(boxes: Floats) -> Floats:
    """Boxes as x y width height, laid out like an array of QRectF."""
    rects = np.array(boxes, dtype=np.float64, order="C")
    rects[:, 2:] -= rects[:, :2]
    return np.maximum(rects, [-np.inf, -np.inf, 0.0, 0.0])


def _draw(painter: QPainter, rects: Floats, start: int, n_rects: int) -> None:
    # QRectF is four doubles, so an array of them is read in place; a list of 10,000 costs 5 ms to convert.
    first = Shiboken.wrapInstance(rects.ctypes.data + 32 * start, QRectF)
    painter.drawRects(first, n_rects)  # type: ignore[call-overload]


def device_area(painter: QPainter, widget: QWidget | None) -> QRectF:
    """What can be seen, in painter units: the viewport, or the whole page when painting elsewhere."""
    return QRectF(widget.rect()) if widget is not None else QRectF(painter.viewport())
