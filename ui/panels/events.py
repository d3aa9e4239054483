"""The event list of a run, and what can be done to the thing that is selected: set it, break it, repair it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from twin.record.frame import Event
from ui.panels.set_points import SetPoints
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
            button.setEnabled(bool(element))

    def add(self, event: Event) -> None:
        """Add an event at the end."""
        headline = event.what if event.place in event.what else f"{event.place} {event.what}"
        self.model.add([EventItem(event.time_s, event.severity, headline, event.kind, event.place)])

    def clear(self) -> None:
        """Another run begins."""
        self.model.clear()
        self.set_points.begin()
