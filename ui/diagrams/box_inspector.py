"""The inspector of one box in a rack: its units and face to type, its cords to choose, its facts with their sources."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from twin.catalogue.compute import Server
from twin.catalogue.network import Switch
from twin.layout.floor import FittedDevice
from twin.layout.racking import Slot
from ui import format as fmt
from ui import theme
from ui.diagrams.columns import Column, air_words, box_words, cords_words, translate, trouble_words, units_words
from ui.diagrams.elevation_view import ElevationView
from ui.panels.inspector import clear, section
from ui.panels.joins import Chooser, Joins, JoinsForm
from ui.panels.subject import Fact, source_letter
from ui.widgets.label import label
from ui.widgets.marks import EDGE_PX, SourceMark, thin_line


class BoxInspector(QScrollArea):
    """Follows the selection of an elevation; of several boxes it says how many and what they add up to."""

    def __init__(self, view: ElevationView) -> None:
        super().__init__()
        self._view = view
        self._box: FittedDevice | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Inspector"))
        self._title, self._subtitle = label("", "object"), label("", "small", "text_2")
        self._trouble = label("", "body", "critical")
        for part in (self._title, self._trouble):
            part.setWordWrap(True)
        self.u_box, self.face_box = QSpinBox(), Chooser()
        self.joins = JoinsForm()
        self._place = self._place_form()
        self._facts = QVBoxLayout()
        self._build()
        view.selection_changed.connect(self.refresh)
        view.shown.connect(self.refresh)
        view.typing_asked.connect(self.focus_units)
        self.joins.chosen.connect(self._feed_chosen)

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(EDGE_PX, 12, EDGE_PX, 12)
        head.setSpacing(4)
        for part in (self._title, self._subtitle, self._trouble):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            head.addWidget(part)
        self._facts.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._place)
        column.addWidget(self.joins)
        column.addLayout(self._facts)
        column.addStretch(1)
        key = label(self.tr("u user  d data sheet  e estimate  s simulated"), "small", "text_3")
        key.setContentsMargins(EDGE_PX, 8, EDGE_PX, 8)
        column.addWidget(key)
        self.setWidget(body)

    def _place_form(self) -> QWidget:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(EDGE_PX, 0, EDGE_PX, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.addWidget(thin_line(), 0, 0, 1, 3)
        grid.addWidget(label(self.tr("Place"), "heading"), 1, 0)
        self.u_box.setRange(1, 99)
        self.u_box.setPrefix("U")
        self.u_box.setKeyboardTracking(False)
        self.u_box.setAlignment(Qt.AlignmentFlag.AlignRight)
        # The wheel scrolls the panel; it never edits what it happens to pass over.
        self.u_box.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign]
        self.u_box.valueChanged.connect(self._u_typed)
        self.face_box.addItem(self.tr("front"), "front")
        self.face_box.addItem(self.tr("rear"), "rear")
        self.face_box.activated.connect(self._face_chosen)
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Lowest unit"), self.u_box),
            (self.tr("Mounted at"), self.face_box),
        )
        for row, (text, field) in enumerate(fields, start=2):
            name = label(text, "body", "text_2")
            name.setBuddy(field)
            field.setAccessibleName(text)
            field.setFixedWidth(120)
            field.setFont(theme.font("body"))
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(SourceMark("u"), row, 2)
        return form

    def focus_units(self) -> None:
        """Let the unit be typed."""
        if self._box is not None:
            self.u_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.u_box.selectAll()

    def refresh(self, _selection: object = None) -> None:
        """Show what is selected now."""
        floor = self._view.document.floor
        boxes = [floor.fitted[name] for name in self._view.selection if name in floor.fitted]
        self._box = boxes[0] if len(boxes) == 1 else None
        for part in (self._place, self.joins):
            part.setVisible(self._box is not None)
        clear(self._facts)
        if self._box is not None:
            self._show_one(self._box)
        elif boxes:
            self._show_several(boxes)

    def _column(self, rack: str) -> Column | None:
        return next((column for column in self._view.columns if column.id == rack), None)

    def _show_one(self, box: FittedDevice) -> None:
        column = self._column(box.rack)
        self._title.setText(box.device.name)
        rack = self._view.document.floor.racks[box.rack]
        where = f"{box.device.maker} · {box.rack}, {units_words(box.u_low, box.u_height)}"
        whole = self.tr("; in every rack of row {name}").format(name=rack.row) if rack.row else ""
        self._subtitle.setText(where + whole)
        trouble = column.troubles.get(box.id) if column else None
        words = trouble_words(trouble) if trouble else ""
        if not words and column and box.id in column.against:
            words = translate("elevation", "Blows warm air to the front: turn it, or choose one of the other direction")
        self._trouble.setText(words[:1].upper() + words[1:])
        self._trouble.setVisible(bool(words))
        self.setAccessibleDescription(box_words(column, box) if column else "")
        for field, value in ((self.u_box, box.u_low), (self.face_box, self.face_box.findData(box.spec.face))):
            field.blockSignals(True)
            field.setValue(value) if isinstance(field, QSpinBox) else field.setCurrentIndex(value)
            field.blockSignals(False)
        self.u_box.setEnabled(box.u_low > 0)
        now = {side: box.feeds.get(side, "") for side in ("A", "B")}
        note = self.tr("as the rack") if box.spec.feeds is None else self.tr("its own")
        self.joins.show_joins(Joins((box.id,), now), self._view.document.floor, note)
        for title, facts in self._sections(box):
            self._facts.addWidget(section(title, facts))

    def _sections(self, box: FittedDevice) -> list[tuple[str, list[Fact]]]:
        device = box.device
        power = [Fact(self.tr("Name plate"), fmt.WATT.text(box.max_w), source_letter(device, "max_w"))]
        power.append(Fact(self.tr("Cords"), cords_words(box), "u"))
        live_w = self._view.live_w.get(box.rack)
        if live_w is not None:
            power.append(Fact(self.tr("Rack now"), fmt.WATT.text(live_w), "s"))
        size = [Fact(self.tr("Height"), f"{device.u_height:g} U", source_letter(device, "u_height"))]
        if device.weight_kg:
            size.append(
                Fact(self.tr("Weight"), fmt.KILOGRAM.text(device.weight_kg), source_letter(device, "weight_kg"))
            )
        found = [(self.tr("Power"), power), (self.tr("Size"), size)]
        if isinstance(device, (Server, Switch)):
            air = [Fact(self.tr("Through the rack"), air_words(box), source_letter(device, "airflow"))]
            found.append((self.tr("Air"), air))
            n_ports = device.nic_count if isinstance(device, Server) else device.ports
            field = "nic_count" if isinstance(device, Server) else "ports"
            found.append((self.tr("Network"), [Fact(self.tr("Ports"), str(n_ports), source_letter(device, field))]))
        return found

    def _show_several(self, boxes: list[FittedDevice]) -> None:
        self._title.setText(self.tr("{n} boxes").format(n=len(boxes)))
        racks = list(dict.fromkeys(box.rack for box in boxes))
        self._subtitle.setText(", ".join(racks[:6]) + ("…" if len(racks) > 6 else ""))
        self._trouble.hide()
        total = [
            Fact(self.tr("Units"), f"{sum(box.u_height for box in boxes)} U"),
            Fact(self.tr("Name plate"), fmt.WATT.text(sum(box.max_w for box in boxes))),
            Fact(self.tr("Weight"), fmt.KILOGRAM.text(sum(box.device.weight_kg or 0.0 for box in boxes))),
        ]
        self._facts.addWidget(section(self.tr("Together"), total))

    def _u_typed(self, u_low: int) -> None:
        if self._box is not None:
            self._view.commands.set_u(self._box.id, u_low)
            # What was refused is shown as it is.
            self.refresh()

    def _face_chosen(self, _i: int) -> None:
        if self._box is not None:
            face = "rear" if self.face_box.currentData() == "rear" else "front"
            self._view.commands.move_to({self._box.id: Slot(self._box.rack, self._box.u_low, face)})  # type: ignore[arg-type]
            self.refresh()

    def _feed_chosen(self, side: str, node: str) -> None:
        if self._box is not None:
            self._view.commands.feed(self._box.id, "A" if side == "A" else "B", node)
            self.refresh()
