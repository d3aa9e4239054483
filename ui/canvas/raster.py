"""Many rectangles in one call: arrays of boxes in metres to whole pixels, filled straight from their memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QTransform
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
    """Fill boxes x0 y0 x1 y1, shape (n, 4), in painter units."""
    if len(boxes):
        rects = np.ascontiguousarray(boxes, dtype=np.float64).copy()
        rects[:, 2:] = np.maximum(rects[:, 2:] - rects[:, :2], 0.0)
        # QRectF is four doubles, so an array of them is read in place; a list of 10,000 costs 5 ms to convert.
        painter.setBrush(colour)
        painter.drawRects(Shiboken.wrapInstance(rects.ctypes.data, QRectF), len(rects))  # type: ignore[call-overload]


def fill_by_colour(painter: QPainter, boxes: Floats, keys: npt.NDArray[np.intp], colours: list[QColor]) -> None:
    """Fill each box with `colours[key]`, one call per colour in use."""
    order = np.argsort(keys, kind="stable")
    used, starts = np.unique(keys[order], return_index=True)
    for key, group in zip(used, np.split(order, starts[1:]), strict=True):
        fill(painter, boxes[group], colours[key])
