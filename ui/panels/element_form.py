"""Typed fields of an element of the power path, a loop or a plant item, from the model of the layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from twin.catalogue.electrical import Battery, PowerElement
from twin.errors import DocumentError, TwinError
from twin.files import validated
from twin.layout import edit
from twin.layout.model import Layout, Loop, PlantItem, PowerNode
from ui import theme
from ui.diagrams.graph import role_of
from ui.document import Document
from ui.panels.joins import Chooser
from ui.widgets.label import label
from ui.widgets.marks import EDGE_PX, SourceMark, thin_line

Thing = PowerNode | Loop | PlantItem
FIELDS: dict[type, tuple[str, ...]] = {
    PowerNode: (
        "id", "type", "side", "rated_w", "breaker_a", "breaker_curve", "breaker_tms", "battery", "battery_count",
        "battery_capacity_frac", "battery_c", "group", "mode",
    ),
    Loop: ("id", "role", "medium", "supply_c", "return_c", "volume_m3", "head_pa"),
    PlantItem: ("id", "type", "count", "loop", "rejects_to", "bypass"),
}  # fmt: skip
UNITS: dict[str, tuple[str, float]] = {
    "rated_w": ("kW", 1e-3), "breaker_a": ("A", 1.0), "battery_capacity_frac": ("%", 100.0), "battery_c": ("°C", 1.0),
    "supply_c": ("°C", 1.0), "return_c": ("°C", 1.0), "volume_m3": ("m³", 1.0), "head_pa": ("kPa", 1e-3),
}  # fmt: skip
"""Unit shown, and how many of it one of the file's is."""
BATTERY_ONLY = ("battery", "battery_count", "battery_capacity_frac", "battery_c", "group")


def field_words() -> dict[str, str]:
    """Names of fields."""
    translate = QCoreApplication.translate
    return {
        "id": translate("fields", "Name"), "type": translate("fields", "Device"), "side": translate("fields", "Side"),
        "rated_w": translate("fields", "Rating set"), "breaker_a": translate("fields", "Breaker"),
        "breaker_curve": translate("fields", "Trip curve"), "breaker_tms": translate("fields", "Time multiplier"),
        "battery": translate("fields", "Battery"), "battery_count": translate("fields", "Batteries"),
        "battery_capacity_frac": translate("fields", "Capacity left"),
        "battery_c": translate("fields", "Temperature"), "group": translate("fields", "Parallel group"),
        "mode": translate("fields", "Mode"), "role": translate("fields", "Role"),
        "medium": translate("fields", "Medium"), "supply_c": translate("fields", "Supply"),
        "return_c": translate("fields", "Return"), "volume_m3": translate("fields", "Volume"),
        "head_pa": translate("fields", "Pressure drop"), "count": translate("fields", "Count"),
        "loop": translate("fields", "Loop"), "rejects_to": translate("fields", "Rejects to"),
        "bypass": translate("fields", "Economiser"),
    }  # fmt: skip


class ElementForm(QWidget):
    """Shows the fields of one thing; each change is one step of the document's history."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(EDGE_PX, 0, EDGE_PX, 12)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._name = ""
        self.editors: dict[str, QWidget] = {}
        self.show_element([])

    def show_element(self, names: Sequence[str]) -> None:
        """Show the fields of what is selected; hidden unless that is one element, loop or plant item."""
        thing = thing_of(self._document.layout, names)
        self._clear()
        self.setVisible(thing is not None)
        if thing is None:
            self._name = ""
            return
        self._name = thing.id
        self._grid.addWidget(thin_line(), 0, 0, 1, 3)
        self._grid.addWidget(label(self.tr("Settings"), "heading"), 1, 0, 1, 3)
        for row, key in enumerate(self._fields_of(thing), start=2):
            self._add_row(row, key, thing)

    def _fields_of(self, thing: Thing) -> list[str]:
        fields = list(FIELDS[type(thing)])
        if isinstance(thing, PowerNode):
            device = self._document.catalogue.get(thing.type)
            if not isinstance(device, PowerElement) or device.role != "ups":
                fields = [key for key in fields if key not in BATTERY_ONLY]
            if not isinstance(device, PowerElement) or not device.modes:
                fields.remove("mode")
        return fields

    def _add_row(self, row: int, key: str, thing: Thing) -> None:
        words = field_words()[key]
        unit = UNITS.get(key, ("", 1.0))[0]
        name = label(f"{words}, {unit}" if unit else words, "body", "text_2")
        choices = choices_of(self._document, thing, key)
        editor = self._text_editor(key, thing) if choices is None else self._chooser(key, thing, choices)
        editor.setAccessibleName(words)
        editor.setFont(theme.font("body"))
        editor.setFixedWidth(116)
        editor.setToolTip(type(thing).model_fields[key].description or words)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        name.setToolTip(name.text())
        name.setBuddy(editor)
        self.editors[key] = editor
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(editor, row, 1)
        self._grid.addWidget(SourceMark("u"), row, 2)

    def _text_editor(self, key: str, thing: Thing) -> QLineEdit:
        shown = shown_value(thing, key)
        box = QLineEdit(shown)
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        default = type(thing).model_fields[key].default
        box.setPlaceholderText(
            self.tr("as its sheet") if key == "rated_w" else self.tr("none") if default is None else ""
        )
        box.editingFinished.connect(lambda: self._typed(key, box.text(), shown))
        return box

    def _chooser(self, key: str, thing: Thing, choices: Sequence[tuple[str, str]]) -> Chooser:
        box = Chooser()
        box.setMinimumContentsLength(8)
        for value, words in choices:
            box.addItem(words, value)
        now = str(getattr(thing, key) or "")
        if box.findData(now) < 0:
            box.addItem(now, now)
        box.setCurrentIndex(box.findData(now))
        box.activated.connect(lambda _i: self.set_field(key, str(box.currentData()) or None))
        return box

    def _typed(self, key: str, text: str, before: str) -> None:
        if text.strip() != before:
            self.set_field(key, text.strip() or None)

    def set_field(self, key: str, value: str | None) -> bool:
        """Change one field of what is shown, from the text typed or the value chosen."""
        name = self._name
        words = self.tr("Change {field} of {what}").format(field=field_words()[key].lower(), what=name)
        done = self._document.apply(words, lambda layout: with_field(layout, name, key, value))
        if not done and self._name == name:
            # What was refused is shown as it is.
            self.show_element([name])
        return done

    def _clear(self) -> None:
        self.editors = {}
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.blockSignals(True)
                widget.hide()
                widget.deleteLater()


def thing_of(layout: Layout, names: Sequence[str]) -> Thing | None:
    """The one element, loop or plant item that is meant; None for everything else."""
    if len(names) != 1:
        return None
    things: tuple[Thing, ...] = (*layout.power, *layout.loops, *layout.plant)
    return next((thing for thing in things if thing.id == names[0]), None)


def with_field(layout: Layout, name: str, key: str, value: str | None) -> Layout:
    """The layout with one field of a thing changed; TwinError where the text is no value of that field."""
    if key == "id":
        return edit.rename(layout, name, value or "")
    thing = cast(Thing, edit.find(layout, name))
    kind = type(thing)
    given: object = value
    if value is None:
        given = kind.model_fields[key].get_default()
        if kind.model_fields[key].is_required():
            raise TwinError(f"{key} of {name} cannot be empty", name, "enter a value")
    elif is_number(kind, key):
        given = _number(value, key, name)
    tree = {field: getattr(thing, field) for field in kind.model_fields if field in thing.model_fields_set}
    return edit.replace(layout, validated(kind, {**tree, key: given}, name))


def _number(text: str, key: str, name: str) -> float:
    try:
        # Three decimals more than are shown: 1e-3 of a kilowatt and back must not leave a tail of digits.
        return round(float(text.replace(",", "").replace(" ", "")) / UNITS.get(key, ("", 1.0))[1], 9)
    except ValueError as error:
        raise DocumentError(f"{text!r} is not a number", f"{name} {key}", "enter digits, such as 12.5") from error


def is_number(kind: type[Thing], key: str) -> bool:
    """Whether a field holds a number."""
    found = str(kind.model_fields[key].annotation)
    return "float" in found or "int" in found or "Positive" in found or "Fraction" in found


def shown_value(thing: Thing, key: str) -> str:
    """The text of a field."""
    value = getattr(thing, key)
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value * UNITS.get(key, ('', 1.0))[1]:.10g}"
    return str(value)


def choices_of(document: Document, thing: Thing, key: str) -> list[tuple[str, str]] | None:
    """Value and words of each choice of a field; None where it is typed."""
    none = [("", QCoreApplication.translate("fields", "none"))]
    catalogue, layout = document.catalogue, document.layout
    if key == "type":
        now = catalogue.get(thing.type) if not isinstance(thing, Loop) else None
        role = role_of(now) if now is not None else ""
        alike = [device for device in catalogue.values() if role_of(device) == role]
        return [(device.id, device.name) for device in sorted(alike, key=lambda device: device.name.lower())]
    if key == "battery":
        return none + [(device.id, device.name) for device in catalogue.values() if isinstance(device, Battery)]
    if key == "mode" and isinstance(thing, PowerNode):
        device = catalogue.get(thing.type)
        modes = device.modes if isinstance(device, PowerElement) else {}
        usual = [("", QCoreApplication.translate("fields", "usual"))]
        return usual + [(name, name) for name in modes if name != "battery"]
    if key in ("loop", "rejects_to"):
        found = [(loop.id, loop.id) for loop in layout.loops]
        return found if key == "loop" else none + found
    words = _literals(type(thing), key)
    if words is None:
        return None
    values = [(word, word.replace("_", " ")) for word in words]
    return values if thing.__class__.model_fields[key].default is not None else none + values


def _literals(kind: type[Thing], key: str) -> list[str] | None:
    """The words a field may hold; None where it holds anything else."""
    annotation = kind.model_fields[key].annotation
    if kind.model_fields[key].is_required() and key not in ("role",):
        return None
    parts = [part for one in (annotation, *get_args(annotation)) for part in (one, *get_args(one))]
    words = [part for part in parts if isinstance(part, str)]
    return list(dict.fromkeys(words)) or None
