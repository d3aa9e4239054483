"""The event list of a run, and what can be done to the thing that is selected: set it, break it, repair it."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from twin.record.frame import Event
from ui import words
from ui.panels.set_points import SetPoints
from ui.sayings import said
from ui.widgets import EventItem, EventList, EventModel
from ui.widgets.tool import themed_icon


class EventsPanel(QWidget):
    """Events with two buttons; `chosen` carries an EventItem, `fail_chosen` and `repair_chosen` ask for the action."""

    chosen = Signal(object)
    fail_chosen = Signal()
    repair_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = EventModel()
        self.list = EventList(self.model)
        self.list.chosen.connect(self.chosen)
        self.set_points = SetPoints()
        self._element, self._is_on = "", False
        self.fail, self.repair = QPushButton(), QPushButton()
        themed_icon(self.fail, "fail", size_px=16)
        themed_icon(self.repair, "fix", size_px=16)
        self.fail.clicked.connect(self.fail_chosen)
        self.repair.clicked.connect(self.repair_chosen)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self.fail, 1)
        buttons.addWidget(self.repair, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self.set_points)
        column.addLayout(buttons)
        self.set_target("")

    def set_target(self, element: str) -> None:
        """Say what the buttons act on; empty: nothing is selected."""
        for button, verb in ((self.fail, self.tr("Fail {name}")), (self.repair, self.tr("Repair {name}"))):
            text = verb.format(name=element or "…")
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, 130)
            button.setText(shown)
            button.setToolTip(text if element else self.tr("Select a rack, cooler or feed on the plan first"))
        self._element = element
        self.set_on(self._is_on)

    def set_on(self, is_on: bool) -> None:
        """Whether a run is there to act on."""
        self._is_on = is_on
        self.set_points.set_enabled(is_on)
        for button in (self.fail, self.repair):
            button.setEnabled(is_on and bool(self._element))

    def add(self, event: Event) -> None:
        """Add an event at the end."""
        what = in_words(event.what) if event.kind == "control.set" else said(event.what)
        headline = what if event.place in what else f"{event.place} {what}"
        kind = words.event_kind(event.kind)
        self.model.add([EventItem(event.time_s, event.severity, headline, kind, event.place)])

    def clear(self) -> None:
        """Another run begins."""
        self.model.clear()
        self.set_points.begin()


def in_words(what: str) -> str:
    """A changed set point such as `fan_frac 0.7 → 0.9` with its name and unit; other texts stay."""
    found = re.fullmatch(r"(supply_c|fan_frac) ([-+.\de]+) → ([-+.\de]+)", what)
    if found is None:
        return what
    before, after = float(found[2]), float(found[3])
    if found[1] == "fan_frac":
        text = QCoreApplication.translate("events", "fan speed {before:.0f} → {after:.0f} %")
        return text.format(before=100.0 * before, after=100.0 * after)
    text = QCoreApplication.translate("events", "supply air {before:.1f} → {after:.1f} °C")
    return text.format(before=before, after=after)
