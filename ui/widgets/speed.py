"""Chooses how fast the run goes and says how fast it really goes."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from ui import format as fmt
from ui.widgets.label import label

SPEEDS = (1.0, 10.0, 60.0, 300.0, 1800.0, math.inf)


class SpeedControl(QWidget):
    """Wanted speed as simulated s per s (infinite means as fast as it goes), beside the speed reached."""

    speed_chosen = Signal(float)

    def __init__(self, speed: float = 60.0) -> None:
        super().__init__()
        self._box = QComboBox()
        self._box.setFixedWidth(76)
        for choice in SPEEDS:
            self._box.addItem(self.tr("max") if math.isinf(choice) else fmt.multiple(choice), choice)
        self._reached = label(fmt.MISSING, "heading")
        self._reached.setMinimumWidth(52)
        caption = label(self.tr("Speed"), "small", "text_2")
        caption.setBuddy(self._box)
        self._box.setAccessibleName(self.tr("Speed"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.addWidget(caption, 0, 0)
        grid.addWidget(label(self.tr("Reached"), "small", "text_2"), 0, 1)
        grid.addWidget(self._box, 1, 0)
        grid.addWidget(self._reached, 1, 1)
        self.set_speed(speed)
        self._box.activated.connect(lambda i: self.speed_chosen.emit(SPEEDS[i]))

    @property
    def speed(self) -> float:
        """The wanted speed."""
        return SPEEDS[self._box.currentIndex()]

    def set_speed(self, speed: float) -> None:
        """Show the nearest of the offered speeds without emitting."""
        nearest = min(SPEEDS, key=lambda s: math.inf if math.isinf(s) != math.isinf(speed) else _apart(s, speed))
        self._box.setCurrentIndex(SPEEDS.index(nearest))

    def set_reached(self, speed: float | None) -> None:
        """Show the speed reached; None while the run stands still."""
        self._reached.setText(fmt.multiple(speed))
        self._reached.setAccessibleName(f"{self.tr('Reached')} {fmt.multiple(speed)}")


def _apart(one: float, other: float) -> float:
    return 0.0 if one == other else abs(math.log(one / max(other, 1e-9)))
