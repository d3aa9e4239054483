"""Set points of the cooler that is selected in a run: typed here, sent to the engine, and shown as last heard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QWidget

from twin.catalogue.cooling import AirCooler
from twin.layout.floor import Floor, FloorCooler
from ui import theme
from ui.widgets.label import label
from ui.widgets.marks import EDGE_PX, SourceMark, thin_line

SUPPLY_C = (5.0, 40.0)
"""Range of supply air the engine takes, °C."""


def set_points_of(floor: Floor, name: str) -> dict[str, float]:
    """Set points of an air cooler as drawn, by field, supply_c in °C and fan_frac; none for anything else."""
    cooler = floor.coolers.get(name)
    if cooler is None or not isinstance(cooler.device, AirCooler):
        return {}
    points = {"fan_frac": cooler.spec.fan_frac}
    return points if cooler.spec.supply_c is None else {"supply_c": cooler.spec.supply_c, **points}


class SetPoints(QWidget):
    """Two boxes to type into; `asked` carries element, field and value.

    What was asked stays only when the engine says that it did it: `heard` keeps it, `refused` puts back what was.
    """

    asked = Signal(str, str, float)

    def __init__(self) -> None:
        super().__init__()
        self._element = ""
        self._known: dict[tuple[str, str], float] = {}
        self._asked: dict[tuple[str, str], float] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(EDGE_PX, 0, EDGE_PX, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        self._title = label("", "heading")
        grid.addWidget(thin_line(), 0, 0, 1, 3)
        grid.addWidget(self._title, 1, 0, 1, 3)
        self.supply = _Box(" °C", 1, 0.5, *SUPPLY_C)
        self.fans = _Box(" %", 0, 5.0, 0.0, 100.0)
        texts = (self.tr("Supply air"), self.tr("Fan speed"))
        self._boxes = {"supply_c": self.supply, "fan_frac": self.fans}
        self._rows: dict[str, tuple[QWidget, ...]] = {}
        for row, (field, box, text) in enumerate(zip(self._boxes, self._boxes.values(), texts, strict=True), start=2):
            name, mark = label(text, "body", "text_2"), SourceMark("u")
            name.setBuddy(box)
            box.setAccessibleName(text)
            box.valueChanged.connect(lambda _value, field=field: self._tell(field))
            self._rows[field] = (name, box, mark)
            for column, widget in enumerate(self._rows[field]):
                grid.addWidget(widget, row, column)
        self.hide()

    def begin(self) -> None:
        """Another run begins: set points are as drawn again."""
        self._known.clear()
        self._asked.clear()
        self.hide()

    def show_element(self, floor: Floor, name: str) -> None:
        """Show the set points of an air cooler; anything else hides the form."""
        points = set_points_of(floor, name)
        self._element = name if points else ""
        self.setVisible(bool(points))
        if not points:
            return
        cooler: FloorCooler = floor.coolers[name]
        if isinstance(cooler.device, AirCooler):
            # A box moves its value with its limits, and that is nobody's wish.
            self.fans.blockSignals(True)
            self.fans.setMinimum(100.0 * cooler.device.min_fan_frac)
            self.fans.blockSignals(False)
        self._title.setText(self.tr("Set points of {name}").format(name=name))
        for field, value in points.items():
            self._known.setdefault((name, field), value)
        for field, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(field in points)
        self._show_known()

    def set_enabled(self, is_on: bool) -> None:
        """Whether a run is there that can be told."""
        for box in self._boxes.values():
            box.setEnabled(is_on)

    def heard(self, element: str) -> None:
        """The engine says that it changed a set point of an element: what was asked of it holds."""
        for key in [key for key in self._asked if key[0] == element]:
            self._known[key] = self._asked.pop(key)

    def refused(self) -> None:
        """The engine did not do what was asked: show what holds."""
        self._asked.clear()
        self._show_known()

    def _show_known(self) -> None:
        for field, box in self._boxes.items():
            key = (self._element, field)
            value = self._asked.get(key, self._known.get(key))
            if value is not None:
                box.blockSignals(True)
                box.setValue(100.0 * value if field == "fan_frac" else value)
                box.blockSignals(False)

    def _tell(self, field: str) -> None:
        shown = self._boxes[field].value()
        value = shown / 100.0 if field == "fan_frac" else shown
        if self._element:
            self._asked[self._element, field] = value
            self.asked.emit(self._element, field, value)


class _Box(QDoubleSpinBox):
    """A number that the wheel never edits and that is told when it has been typed to its end."""

    def __init__(self, suffix: str, decimals: int, step: float, low: float, high: float) -> None:
        super().__init__()
        self.setSuffix(suffix)
        self.setDecimals(decimals)
        self.setSingleStep(step)
        self.setRange(low, high)
        self.setKeyboardTracking(False)
        self.setFixedWidth(120)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme.font("body"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        event.ignore()
