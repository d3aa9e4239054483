"""The plan while a run goes on: racks coloured by one metric, its legend, and a click that chooses a rack."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, QTransform
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import format as fmt
from ui.canvas.overlay import Overlay
from ui.canvas.rulers import Ruler
from ui.canvas.tools.base import Tool
from ui.canvas.view import PlanView
from ui.document import Document
from ui.feed import RACK_INDEX, RackFloats
from ui.widgets import ScaleLegend, Segmented, label

METRICS = ("inlet", "power", "utilisation")


class PickTool(Tool):
    """Chooses what is clicked and edits nothing."""

    cursor = Qt.CursorShape.PointingHandCursor

    def press(self, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Choose the topmost thing here, or nothing."""
        self.view.set_selection(self.view.plan_scene.plan.at(at_m.x(), at_m.y())[:1])

    def move(self, at_m: QPointF, modifiers: Qt.KeyboardModifier, is_pressed: bool) -> None:
        """Show what a click would choose."""
        under = self.view.plan_scene.plan.at(at_m.x(), at_m.y())[:1]
        found = under[0] if under else None
        self.view.set_hovered(found)

    def key(self, event: QKeyEvent) -> bool:
        """Escape chooses nothing; Tab and the arrows walk through all things; other keys would edit and are eaten."""
        if event.key() == Qt.Key.Key_Escape:
            self.view.set_selection([])
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self._walk(1)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self._walk(-1)
        return True

    def _walk(self, by: int) -> None:
        bodies = self.view.plan_scene.plan.bodies
        names = [body.id for body in bodies]
        if not names:
            return
        now = self.view.selection
        i = names.index(now[0]) + by if now and now[0] in names else 0
        self.view.set_selection([names[i % len(names)]])


class _LiveOverlay(Overlay):
    """Leaves out the dimensions, which belong to drawing."""

    def _paint_dimensions(self, painter: QPainter, to_device: QTransform, room: QRectF) -> None:
        pass


class LivePlanView(PlanView):
    """A plan that can be looked at and clicked, and not edited; it fills its place closely and follows its size."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.overlay = _LiveOverlay()
        self.set_tool(PickTool(self))
        self.setAcceptDrops(False)
        self.setAccessibleName(self.tr("Live plan"))
        for ruler in self.findChildren(Ruler):
            ruler.hide()
        self.setViewportMargins(0, 0, 0, 0)

    def set_tool(self, tool: Tool | None) -> None:
        """Nothing but picking can be taken in hand."""
        super().set_tool(tool if isinstance(tool, PickTool) else PickTool(self))

    def zoom_to_fit(self) -> None:
        """Show the whole room."""
        self._zoom_to_box(self.plan_scene.drawing_box(), 12.0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole room in sight."""
        super().resizeEvent(event)
        self.zoom_to_fit()


class RunPlan(QWidget):
    """A live plan that cannot be edited; `chosen` carries the id of what was clicked, or empty text."""

    chosen = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.view = LivePlanView(document)
        self.view.selection_changed.connect(lambda ids: self.chosen.emit(ids[0] if ids else ""))
        self.colour_by = Segmented(self.tr("Colour of the plan"))
        for key, text in zip(METRICS, (self.tr("Inlet"), self.tr("Power"), self.tr("Load")), strict=True):
            self.colour_by.add(key, text)
        self.colour_by.chosen.connect(self._on_metric)
        self.legend = ScaleLegend(self.tr("Inlet"), "temperature")
        self.foot_left, self.foot_right = label("", "small", "text_2"), label("", "small", "text_2")
        self._racks: tuple[str, ...] = ()
        self._budget_w = np.zeros(0)
        self._newest: RackFloats | None = None
        self._newest_s = float("nan")
        self._lay_out()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.view, 1)
        middle.addWidget(self.legend)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 6)
        foot.addWidget(self.foot_left)
        foot.addStretch(1)
        foot.addWidget(self.foot_right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addLayout(foot)

    def begin(self, racks: Sequence[str]) -> None:
        """Start over with the racks of a run, in the order of its frames."""
        self._racks, self._newest = tuple(racks), None
        floor = self.view.document.floor
        most = [floor.racks[name].max_w if name in floor.racks else np.nan for name in racks]
        self._budget_w = np.array(most, float)
        self.view.clear_live()
        self.view.set_failed(())

    def set_racks(self, time_s: float, racks: RackFloats) -> None:
        """Show the newest values of all racks, shape (n_rack_channels, n_racks)."""
        if racks.shape[1] != len(self._racks) or not self._racks:
            return
        self._newest, self._newest_s = racks, time_s
        values, unit = self._values(racks)
        self.view.set_live(self._racks, values.tolist(), self.colour_by.current, racks[RACK_INDEX["inlet_c"]].tolist())
        self.foot_left.setText(fmt.clock(time_s))
        seen = values[np.isfinite(values)]
        if seen.size:
            scale = self.legend.scale
            # Only what lies off the scale is news to the legend, and repainting it is dear.
            low, high = math.floor(float(seen.min())), math.ceil(float(seen.max()))
            self.legend.set_seen(min(scale.low, low), max(scale.high, high))
            name, most = self._racks[int(np.nanargmax(values))], unit.text(float(seen.max()))
            self.foot_right.setText(self.tr("most: {name} {value}").format(name=name, value=most))

    def set_failed(self, ids: Iterable[str]) -> None:
        """Mark what has failed."""
        self.view.set_failed(ids)

    def _values(self, racks: RackFloats) -> tuple[np.ndarray, fmt.Unit]:
        if self.colour_by.current == "power":
            with np.errstate(divide="ignore", invalid="ignore"):
                return 100.0 * racks[RACK_INDEX["power_w"]] / self._budget_w, fmt.Unit("%", digits=0)
        if self.colour_by.current == "utilisation":
            return 100.0 * racks[RACK_INDEX["utilisation_frac"]], fmt.Unit("%", digits=0)
        return racks[RACK_INDEX["inlet_c"]].astype(float), fmt.CELSIUS

    def _on_metric(self, key: str) -> None:
        titles = {"inlet": self.tr("Inlet"), "power": self.tr("Power"), "utilisation": self.tr("Load")}
        self.legend.set_scale(titles[key], "temperature" if key == "inlet" else "utilisation")
        if self._newest is not None:
            self.set_racks(self._newest_s, self._newest)
