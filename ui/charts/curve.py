"""What draws one line of a chart, and the running sums of a stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from ui.charts.series import Series


class Curve(pg.PlotCurveItem):
    """A curve whose bounds are those of the axes: working them out from the data at every paint costs too much."""

    def __init__(self) -> None:
        super().__init__(skipFiniteCheck=True)
        self._bounds = QRectF()

    def set_values(self, times_s: np.ndarray, values: np.ndarray, bounds: QRectF) -> None:
        """Set the points to draw, shapes (n,), and the range of both axes."""
        self._bounds = bounds
        self.setData(times_s, values, skipFiniteCheck=True)

    def boundingRect(self) -> QRectF:
        """The range of both axes."""
        return self._bounds


@dataclass
class Line:
    """One line of a chart: its values, how it is named and drawn, and the item that draws it."""

    name: str
    role: str
    mark: str
    series: Series
    item: Curve


def stacked(curves: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Running sums of curves that share their times; a shorter curve ends the stack there."""
    n = min((len(times_s) for times_s, _ in curves), default=0)
    total = np.zeros(n)
    sums = []
    for times_s, values in curves:
        total = total + values[:n]
        sums.append((times_s[:n], total))
    return sums
