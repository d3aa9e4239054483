"""Find room for boxes: what is needed, and the racks that could take it, ranked, with what ends each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QHeaderView,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.plant.airflow_capacity import Need, Spot
from ui import format as fmt
from ui.heat.control import HeatControl
from ui.heat.messages import Search, Spots
from ui.widgets.label import label

MOST_ROWS = 400
_RACK_ROLE = Qt.ItemDataRole.UserRole


class CapacityDialog(QDialog):
    """Searches when asked, and again when the air changes; a chosen row is selected and shown on the plan."""

    def __init__(self, heat: HeatControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._heat, self._number = heat, 0
        self.setWindowTitle(self.tr("Find room for boxes"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 520)
        self.n_boxes, self.u_height, self.n_ports = self._whole(1, 999, 4), self._whole(1, 60, 4), self._whole(0, 64, 2)
        self.power_kw, self.weight_kg = self._real(0.1, 200.0, 3.0, " kW"), self._real(0.0, 3000.0, 40.0, " kg")
        self.inlet_c = self._real(10.0, 45.0, 27.0, " °C")
        self.go = QPushButton(self.tr("Search"))
        self.go.setObjectName("primary")
        self.go.clicked.connect(self.search)
        self.answer = label("", "body", "text_2")
        self.answer.setWordWrap(True)
        self.list = QTreeWidget()
        self._build()
        heat.found.connect(self._show)
        heat.shown.connect(lambda picture: None if picture.is_carried else self.search())
        self.search()

    def _whole(self, low: int, high: int, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(low, high)
        box.setValue(value)
        return box

    def _real(self, low: float, high: float, value: float, suffix: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setDecimals(1)
        box.setRange(low, high)
        box.setValue(value)
        box.setSuffix(suffix)
        return box

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        fields = (
            (self.tr("Boxes"), self.n_boxes),
            (self.tr("Units each"), self.u_height),
            (self.tr("Power each"), self.power_kw),
            (self.tr("Weight each"), self.weight_kg),
            (self.tr("Switch ports each"), self.n_ports),
            (self.tr("Inlet at most"), self.inlet_c),
        )
        for i, (text, box) in enumerate(fields):
            name = label(text, "small", "text_2")
            name.setBuddy(box)
            box.setAccessibleName(text)
            grid.addWidget(name, 0, i)
            grid.addWidget(box, 1, i)
        grid.addWidget(self.go, 1, len(fields))
        titles = (
            self.tr("Rack"), self.tr("Fit"), self.tr("Units free"), self.tr("Power free"), self.tr("Weight free"),
            self.tr("Ports free"), self.tr("Inlet then"), self.tr("Ended by"),
        )  # fmt: skip
        self.list.setColumnCount(len(titles))
        self.list.setHeaderLabels(list(titles))
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(self.tr("Racks, the best first"))
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(self._choose)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self.answer)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)

    def need(self) -> Need:
        """What the fields say."""
        return Need(
            self.n_boxes.value(),
            self.u_height.value(),
            self.power_kw.value() * 1e3,
            self.weight_kg.value(),
            self.n_ports.value(),
            self.inlet_c.value(),
        )

    def search(self) -> None:
        """Ask; the answer comes when the air model is free."""
        self._number = self._heat.next_search()
        self._heat.search(Search(self._number, self.need()))
        if not self.list.topLevelItemCount():
            self.answer.setText(self.tr("Searching"))

    def _show(self, found: Spots) -> None:
        if found.number != self._number:
            return
        now = self.list.currentItem()
        chosen = now.data(0, _RACK_ROLE) if now is not None else ""
        self.list.blockSignals(True)
        self.list.clear()
        for spot in found.spots[:MOST_ROWS]:
            item = QTreeWidgetItem(self._cells(spot))
            item.setData(0, _RACK_ROLE, spot.rack)
            for column in range(1, 7):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.list.addTopLevelItem(item)
            if spot.rack == chosen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.answer.setText(self._words(found.spots))

    def _words(self, spots: tuple[Spot, ...]) -> str:
        """How the boxes spread over racks, and whether the air was asked."""
        wanted = self.n_boxes.value()
        takers = [spot for spot in spots if spot.n_boxes]
        n_most = max((spot.n_boxes for spot in takers), default=0)
        if n_most >= wanted:
            n_racks = sum(spot.n_boxes >= wanted for spot in takers)
            text = self.tr("{n} racks take all {wanted}.").format(n=n_racks, wanted=wanted)
        elif takers:
            n_all = sum(spot.n_boxes for spot in takers)
            text = self.tr("No rack takes all {wanted}; {n} fit in {racks} racks, each judged alone.").format(
                wanted=wanted, n=min(n_all, wanted), racks=len(takers)
            )
        else:
            text = self.tr("No rack takes one.")
        if spots and all(spot.inlet_c is None for spot in spots):
            text += " " + self.tr("The air of this room has no answer: inlets are not judged.")
        return text

    def _cells(self, spot: Spot) -> list[str]:
        none = self.tr("no limit drawn")
        limits = {
            "units": self.tr("rack units"),
            "power": self.tr("power budget"),
            "weight": self.tr("weight"),
            "ports": self.tr("switch ports"),
            "inlet": self.tr("inlet temperature"),
            "none": "",
        }
        return [
            spot.rack,
            f"{spot.n_boxes}",
            f"{spot.free_u} U",
            none if spot.free_w is None else f"{fmt.number(spot.free_w / 1e3, 1)} kW",
            none if spot.free_kg is None else fmt.KILOGRAM.text(spot.free_kg),
            none if spot.free_ports is None else f"{spot.free_ports}",
            fmt.CELSIUS.text(spot.inlet_c),
            limits[spot.limit],
        ]

    def _choose(self, item: QTreeWidgetItem | None, _before: object = None) -> None:
        if item is not None:
            rack = item.data(0, _RACK_ROLE)
            self._heat.view.set_selection([rack])
            self._heat.view.zoom_to([rack])
