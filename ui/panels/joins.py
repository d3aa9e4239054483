"""What the selection hangs on - feeds A and B, and the loop of a cooler - as lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from twin.layout.floor import Floor
from ui import theme
from ui.canvas.joining import SIDES, feed_choices, loop_choices
from ui.widgets.label import label
from ui.widgets.marks import EDGE_PX, SourceMark, thin_line

LOOP = "loop"
VARIOUS = "\0"
"""Stands for: the selected things differ."""


@dataclass(frozen=True, slots=True)
class Joins:
    """What is joined now by field (A, B, loop) - empty text for nothing, VARIOUS where things differ - and of what."""

    units: tuple[str, ...]
    now: dict[str, str]


def joins_of(floor: Floor, units: Sequence[str]) -> Joins | None:
    """The joins of what is selected; None where something takes neither feed nor loop."""
    fields: list[dict[str, str]] = []
    for name in units:
        if name in floor.racks or name in floor.row_racks:
            feeds = floor.racks_of(name)[0].feeds if floor.racks_of(name) else {}
            fields.append({side: feeds.get(side, "") for side in SIDES})
        elif name in floor.coolers:
            spec = floor.coolers[name].spec
            fields.append({**{side: spec.feeds.get(side, "") for side in SIDES}, LOOP: spec.loop or ""})
        elif name in floor.plant:
            fields.append({side: floor.plant[name].spec.feeds.get(side, "") for side in SIDES})
        else:
            return None
    if not fields:
        return None
    shared = [key for key in fields[0] if all(key in one for one in fields)]
    now = {key: fields[0][key] if len({one[key] for one in fields}) == 1 else VARIOUS for key in shared}
    return Joins(tuple(units), now)


class Chooser(QComboBox):
    """A list that the wheel never edits: it scrolls the panel."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        event.ignore()


class JoinsForm(QWidget):
    """`chosen` carries the field (A, B or loop) and the id chosen for it, empty for none."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(EDGE_PX, 0, EDGE_PX, 12)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._of = label("", "small", "text_3")
        self._grid.addWidget(thin_line(), 0, 0, 1, 3)
        self._grid.addWidget(label(self.tr("Joined to"), "heading"), 1, 0)
        self._grid.addWidget(self._of, 1, 1)
        names = {"A": self.tr("Feed A"), "B": self.tr("Feed B"), LOOP: self.tr("Loop")}
        self._rows = {key: self._row(i, key, text) for i, (key, text) in enumerate(names.items(), start=2)}
        self.show_joins(None, None)

    def chooser(self, key: str) -> QComboBox:
        """The list of one field."""
        return self._rows[key][1]

    def show_joins(self, joins: Joins | None, floor: Floor | None, note: str = "") -> None:
        """Show what is joined; none hides the form."""
        self.setVisible(joins is not None)
        if joins is None or floor is None:
            return
        self._of.setText(note)
        for key, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(key in joins.now)
            if key in joins.now:
                choices = loop_choices(floor) if key == LOOP else feed_choices(floor, "A" if key == "A" else "B")
                self._fill(widgets[1], choices, joins.now[key], floor)

    def _row(self, row: int, key: str, text: str) -> tuple[QWidget, QComboBox, QWidget]:
        name, box, mark = label(text, "body", "text_2"), Chooser(), SourceMark("u")
        name.setBuddy(box)
        box.setAccessibleName(text)
        box.setFont(theme.font("body"))
        box.setFixedWidth(120)
        box.setMinimumContentsLength(8)
        box.activated.connect(lambda _i: self._tell(key))
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(box, row, 1)
        self._grid.addWidget(mark, row, 2)
        return name, box, mark

    def _fill(self, box: QComboBox, choices: list[str], now: str, floor: Floor) -> None:
        """The choices with what is chosen now, even where that is not drawn any more."""
        known = [*choices] if now in ("", VARIOUS) or now in choices else [now, *choices]
        box.blockSignals(True)
        box.clear()
        if now == VARIOUS:
            box.addItem(self.tr("various"), VARIOUS)
        box.addItem(self.tr("none"), "")
        for name in known:
            box.addItem(name, name)
        box.setCurrentIndex(box.findData(now))
        box.setEnabled(bool(known))
        node, loop = floor.power.get(now), floor.loops.get(now)
        about = node.device.name if node else f"{loop.supply_c:g} °C" if loop else ""
        box.setToolTip(about if known else self.tr("The drawing has none to choose from yet"))
        box.blockSignals(False)

    def _tell(self, key: str) -> None:
        value = str(self._rows[key][1].currentData())
        if value != VARIOUS:
            self.chosen.emit(key, value)
