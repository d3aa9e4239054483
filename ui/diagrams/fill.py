"""The dialog that fills racks: a type, how many, from which unit, one every so many units, in which racks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from twin.layout.racking import Fill, Slot, Units, height_u, owner_of, room_for
from ui import format as fmt
from ui.diagrams.columns import translate, trouble_words
from ui.diagrams.elevation_commands import fittable
from ui.widgets import label

if TYPE_CHECKING:
    from ui.diagrams.elevation import Elevation


class FillDialog(QDialog):
    """Says while one chooses whether it fits, and what every rack would draw."""

    def __init__(self, page: Elevation) -> None:
        super().__init__(page)
        self._page, self._document = page, page.view.document
        self.setWindowTitle(self.tr("Fill racks"))
        self.device, self.racks, self.face = QComboBox(), QComboBox(), QComboBox()
        self.count, self.from_u, self.every_u = QSpinBox(), QSpinBox(), QSpinBox()
        self.says = label("", "body", "text_2")
        self.says.setWordWrap(True)
        self.says.setMinimumSize(360, 48)
        self._choices()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(self.tr("Fill racks"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setObjectName("primary")
        buttons.accepted.connect(self._fill)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Device"), self.device),
            (self.tr("Racks"), self.racks),
            (self.tr("Count in each"), self.count),
            (self.tr("From unit"), self.from_u),
            (self.tr("One every"), self.every_u),
            (self.tr("Face"), self.face),
        )
        for text, field in fields:
            field.setAccessibleName(text)
            form.addRow(text, field)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.says)
        column.addWidget(buttons)
        self._device_changed()

    def _choices(self) -> None:
        catalogue, page = self._document.catalogue, self._page
        devices = [device for each in catalogue.values() if (device := fittable(each)) is not None]
        for device in sorted(devices, key=lambda device: device.name.lower()):
            self.device.addItem(f"{device.name}  ({height_u(device)} U)", device.id)
        chosen = page.commands.boxes()
        common = chosen[0].device.id if chosen else _most_common(page)
        self.device.setCurrentIndex(max(self.device.findData(common), 0))
        if page.view.chosen and page.view.chosen != page.view.racks:
            self.racks.addItem(", ".join(page.view.chosen[:4]), list(page.view.chosen))
        n = len(page.view.racks)
        self.racks.addItem(self.tr("all {n} racks shown").format(n=n), list(page.view.racks))
        self.face.addItem(self.tr("front"), "front")
        self.face.addItem(self.tr("rear"), "rear")
        for box, low, high in ((self.count, 1, 99), (self.from_u, 1, 99), (self.every_u, 1, 99)):
            box.setRange(low, high)
            box.valueChanged.connect(self._show)
        self.from_u.setPrefix("U")
        self.every_u.setSuffix(" U")
        self.device.currentIndexChanged.connect(self._device_changed)
        self.racks.currentIndexChanged.connect(self._device_changed)
        self.face.currentIndexChanged.connect(self._show)

    def what(self) -> Fill | None:
        """What the fields say."""
        device = fittable(self._document.catalogue.get(self.device.currentData() or ""))
        if device is None:
            return None
        face = "rear" if self.face.currentData() == "rear" else "front"
        return Fill(device, self.count.value(), self.from_u.value(), self.every_u.value(), face)  # type: ignore[arg-type]

    def _device_changed(self, _i: int = 0) -> None:
        """Offer the first free unit, without gaps, and as many as fit."""
        what = self.what()
        if what is None:
            return
        u_height = height_u(what.device)
        floor, racks = self._document.floor, list(self.racks.currentData() or ())
        frees = [Units(floor.racks[name]).free_u(what.device) for name in racks]
        self.every_u.setMinimum(u_height)
        self.every_u.setValue(u_height)
        self.from_u.setValue(max((u for u in frees if u is not None), default=1))
        what = Fill(what.device, 1, self.from_u.value(), u_height, what.face)
        self.count.setValue(max(room_for(floor, racks, what), 1))
        self._show()

    def _show(self, _value: int = 0) -> None:
        what, floor = self.what(), self._document.floor
        if what is None:
            return
        racks = list(self.racks.currentData() or ())
        owners = {owner_of(floor.racks[name]): floor.racks[name] for name in racks}
        stops = [words for rack in owners.values() if (words := _first_trouble(Units(rack), what, rack.id))]
        self.go.setEnabled(not stops)
        self.says.setProperty("role", "critical" if stops else "text_2")
        self.says.style().polish(self.says)
        if stops:
            self.says.setText(stops[0])
            return
        rows = [rack.row for rack in owners.values() if rack.row]
        n_racks = sum(len(floor.row_racks[rack.row]) if rack.row else 1 for rack in owners.values())
        text = self.tr("Fits: {n} boxes in {racks} racks.").format(n=fmt.number(what.count * n_racks, 0), racks=n_racks)
        if rows:
            text += " " + self.tr("Row {name} is filled as a whole.").format(name=", ".join(rows))
        self.says.setText(text)

    def _fill(self) -> None:
        what = self.what()
        if what is not None and self._page.commands.fill(list(self.racks.currentData() or ()), what):
            self.accept()


def _first_trouble(units: Units, what: Fill, rack: str) -> str:
    for i in range(what.count):
        slot = Slot(rack, what.from_u + i * what.every_u, what.face)
        trouble = units.trouble(what.device, slot.u_low, slot.face)
        if trouble is not None:
            words = translate("elevation", "{rack}: box {i} of {n} {trouble}")
            return words.format(rack=rack, i=i + 1, n=what.count, trouble=trouble_words(trouble))
        units.take(what.device.name, what.device, slot.u_low, slot.face)
    return ""


def _most_common(page: Elevation) -> str:
    counts: dict[str, int] = {}
    for column in page.view.columns:
        for box in column.rack.fitted:
            if fittable(box.device) is not None:
                counts[box.device.id] = counts.get(box.device.id, 0) + 1
    return max(counts, key=lambda key: counts[key], default="")
