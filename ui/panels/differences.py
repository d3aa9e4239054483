"""The list of differences between two drawings, and the panel that compares the open one with another."""

from __future__ import annotations

import re
from collections import Counter

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.layout.diff import FieldChange, How, ThingChange
from ui import icons, theme, words
from ui.canvas.difference import ROLES, SIGNS, Difference
from ui.comparing import Comparison
from ui.format import number
from ui.widgets.label import label

THING, WHAT, BEFORE, AFTER = range(4)
_INDEX_ROLE = Qt.ItemDataRole.UserRole
UNITS = {"_kg_m2": "kg/m²", "_m": "m", "_deg": "°", "_c": "°C", "_w": "W", "_a": "A", "_pa": "Pa", "_m3": "m³"}


def how_words(how: How) -> str:
    """What happened, as a word."""
    translate = QCoreApplication.translate
    words: dict[How, str] = {
        "added": translate("differences", "added"),
        "removed": translate("differences", "removed"),
        "moved": translate("differences", "moved"),
        "changed": translate("differences", "changed"),
    }
    return words[how]


def thing_words(change: ThingChange) -> str:
    """Kind and id, such as `rack A1`."""
    translate = QCoreApplication.translate
    kinds = {
        "hall": translate("differences", "the hall"),
        "wall": translate("differences", "wall {id}"),
        "column": translate("differences", "column {id}"),
        "door": translate("differences", "door {id}"),
        "tiles": translate("differences", "tiles {id}"),
        "containment": translate("differences", "containment {id}"),
        "row": translate("differences", "row {id}"),
        "rack": translate("differences", "rack {id}"),
        "cooler": translate("differences", "cooler {id}"),
        "loop": translate("differences", "loop {id}"),
        "plant item": translate("differences", "plant {id}"),
        "power node": translate("differences", "power {id}"),
        "fabric": translate("differences", "fabric {id}"),
    }
    words = kinds[change.kind].format(id=change.id)
    return words[:1].upper() + words[1:]


def field_words(name: str) -> str:
    """The name of a field without the unit, which stands at its values: `supply_c` is supply, `place.x_m` place x."""
    ending = next((ending for ending in (*UNITS, "_frac") if name.endswith(ending)), "")
    parts = re.split(r"[.\[\]]+", name.removesuffix(ending).replace("_", " "))
    return " ".join(words.field(part) for part in parts if part)


def value_words(name: str, value: object) -> str:
    """A value with the unit its field's name ends in; `–` where it is not set."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        translate = QCoreApplication.translate
        return translate("differences", "yes") if value else translate("differences", "no")
    if isinstance(value, (int, float)):
        unit = next((unit for ending, unit in UNITS.items() if name.endswith(ending)), "")
        digits = 3 if unit == "m" else None
        return f"{number(float(value), digits)} {unit}".strip()
    if isinstance(value, dict) and "type" in value:
        return str(value["type"])
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or "–"
    return str(value)


def counts_words(difference: Difference) -> str:
    """Such as `2 added, 1 moved`."""
    count = Counter(mark.change.how for mark in difference.marks)
    translate = QCoreApplication.translate
    words = translate("differences", "{n} {what}")
    return ", ".join(words.format(n=count[how], what=how_words(how)) for how in SIGNS if count[how])


class DifferenceList(QTreeWidget):
    """One change a row, its fields below it; `chosen` carries the index of the mark the user is at."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(4)
        self.setHeaderLabels([self.tr("Thing"), self.tr("Change"), self.tr("Before"), self.tr("Now")])
        self.setAccessibleName(self.tr("Differences"))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for column, width in ((THING, 160), (WHAT, 120), (BEFORE, 96)):
            self.setColumnWidth(column, width)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._difference = Difference()
        self.currentItemChanged.connect(self._on_current)
        theme.changed().changed.connect(self._tint)

    def show_difference(self, difference: Difference) -> None:
        """List these; what was looked at stays so while it is there."""
        now = self.currentItem()
        was = now.text(THING) if now is not None else ""
        self._difference = difference
        self.blockSignals(True)
        self.clear()
        for i, mark in enumerate(difference.marks):
            self.addTopLevelItem(self._item(i, mark.change))
        again = self.findItems(was, Qt.MatchFlag.MatchExactly, THING) if was else []
        if again:
            self.setCurrentItem(again[0])
            difference.chosen = int(again[0].data(THING, _INDEX_ROLE))
        self.blockSignals(False)
        self._tint()

    def _item(self, i_mark: int, change: ThingChange) -> QTreeWidgetItem:
        is_single = len(change.fields) == 1
        names = ", ".join(field_words(each.field) for each in change.fields) or how_words(change.how)
        item = QTreeWidgetItem(["", *self._field_words(change.fields[0])] if is_single else ["", names])
        item.setText(THING, thing_words(change))
        item.setData(THING, _INDEX_ROLE, i_mark)
        item.setFont(THING, theme.font("name"))
        spoken = ", ".join((thing_words(change), how_words(change.how), *(f.text() for f in change.fields)))
        item.setData(THING, Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(THING, spoken)
        for each in () if is_single else change.fields:
            child = QTreeWidgetItem(["", *self._field_words(each)])
            child.setData(THING, _INDEX_ROLE, i_mark)
            item.addChild(child)
        return item

    def _field_words(self, change: FieldChange) -> list[str]:
        before, after = value_words(change.field, change.before), value_words(change.field, change.after)
        return [field_words(change.field), before, after]

    def _tint(self, _look: object = None) -> None:
        for i in range(self.topLevelItemCount()):
            item = self.topLevelItem(i)
            if item is not None:
                how = self._difference.marks[i].change.how
                item.setIcon(THING, icons.icon(SIGNS[how], ROLES[how], size_px=16))

    def _on_current(self, current: QTreeWidgetItem | None, _previous: QTreeWidgetItem | None) -> None:
        if current is not None:
            self.chosen.emit(int(current.data(THING, _INDEX_ROLE)))


class DifferencesPanel(QWidget):
    """Follows a comparison.

    `saved_chosen` and `file_chosen` ask for what to compare with, `place_chosen` carries the index of a chosen mark,
    `counted` the summary for the dock's title.
    """

    saved_chosen = Signal()
    file_chosen = Signal()
    place_chosen = Signal(int)
    counted = Signal(str)

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self._comparison = comparison
        self.list = DifferenceList()
        self.list.chosen.connect(self.place_chosen)
        self._other, self._same = label("", "small", "text_2"), label("", "body", "text_2")
        self._same.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._same.setText(self.tr("No difference."))
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._nothing())
        self._pages.addWidget(self._something())
        comparison.updated.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the comparison as it is now."""
        comparison = self._comparison
        self._pages.setCurrentIndex(1 if comparison.is_on else 0)
        self._other.setText(self.tr("Compared with {name}").format(name=comparison.name))
        self.list.show_difference(comparison.difference)
        has_some = bool(comparison.difference.marks)
        self.list.setVisible(has_some)
        self._same.setVisible(not has_some)
        self.counted.emit(counts_words(comparison.difference) if comparison.is_on else "")

    def _nothing(self) -> QWidget:
        page = QWidget()
        words = label(self.tr("Compare this drawing with its file, or with another layout."), "body", "text_2")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._button(self.tr("The saved file"), self.saved_chosen.emit))
        row.addWidget(self._button(self.tr("Another layout…"), self.file_chosen.emit))
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(words)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _something(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 8, 0)
        row.setSpacing(12)
        row.addWidget(self._other, 1)
        for each in (_Legend(), self._button(self.tr("Another layout…"), self.file_chosen.emit)):
            row.addWidget(each)
        row.addWidget(self._button(self.tr("End the comparison"), self._comparison.stop))
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        column.addWidget(self._same, 1)
        return page

    def _button(self, text: str, work: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName("link")
        button.clicked.connect(lambda _checked=False: work())  # type: ignore[operator]
        return button


class _Legend(QWidget):
    """The four signs with their words."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._icons: dict[How, QLabel] = {}
        for how in SIGNS:
            self._icons[how] = QLabel()
            row.addWidget(self._icons[how])
            row.addWidget(label(how_words(how), "small", "text_2"))
            row.addSpacing(8)
        theme.changed().changed.connect(self._tint)
        self._tint()

    def _tint(self, _look: object = None) -> None:
        for how, picture in self._icons.items():
            picture.setPixmap(icons.pixmap(SIGNS[how], ROLES[how], 16))
