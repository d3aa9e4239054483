"""The inspector: what is selected, its place in boxes one can type into, and its facts with their sources."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import icons, theme
from ui.canvas.items import front_colour
from ui.canvas.symbols import paint_kind_mark
from ui.canvas.view import PlanView
from ui.panels.element_form import ElementForm
from ui.panels.joins import LOOP, JoinsForm, joins_of
from ui.panels.subject import Fact, Subject, subject_of
from ui.widgets.label import label
from ui.widgets.marks import EDGE_PX, SourceMark, thin_line

REACH_M = 10_000.0


class Inspector(QScrollArea):
    """Follows the selection of a plan and its document."""

    def __init__(self, view: PlanView) -> None:
        super().__init__()
        self._view = view
        self._subject = Subject("", "")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Inspector"))
        self._title, self._subtitle = label("", "object"), label("", "small", "text_2")
        self._picture = _Picture()
        self.place = PlaceForm()
        self.place.edited.connect(self._place_typed)
        self.joins = JoinsForm()
        self.joins.chosen.connect(self._join_chosen)
        self.element = ElementForm(view.document)
        self._facts = QVBoxLayout()
        self._build()
        view.selection_changed.connect(self.refresh)
        view.document_changed.connect(self.refresh)
        self.refresh()

    @property
    def subject(self) -> Subject:
        """What is shown."""
        return self._subject

    def refresh(self, _selection: object = None) -> None:
        """Show what is selected now."""
        document = self._view.document
        self._subject = subject_of(document.floor, document.catalogue, self._view.selection)
        self._title.setText(self._subject.title)
        self._subtitle.setText(self._subject.subtitle)
        self._picture.show_subject(self._subject)
        self.place.show_place(self._subject.place)
        self._show_joins()
        self.element.show_element(self._view.selection)
        clear(self._facts)
        for title, facts in self._subject.sections:
            self._facts.addWidget(section(title, facts))

    def add_part(self, part: QWidget) -> None:
        """Put a part of somebody else's over the facts."""
        self._parts.addWidget(part)

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(EDGE_PX, 12, EDGE_PX, 12)
        head.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(2)
        for part in (self._title, self._subtitle):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            names.addWidget(part)
        head.addWidget(self._picture)
        head.addLayout(names, 1)
        self._facts.setSpacing(0)
        self._parts = QVBoxLayout()
        column.addLayout(head)
        column.addWidget(self.place)
        column.addWidget(self.joins)
        column.addWidget(self.element)
        column.addLayout(self._parts)
        column.addLayout(self._facts)
        column.addStretch(1)
        column.addWidget(self._key())
        self.setWidget(body)

    def _key(self) -> QWidget:
        key = label(self.tr("u user  d data sheet  e estimate  s simulated"), "small", "text_3")
        key.setContentsMargins(EDGE_PX, 8, EDGE_PX, 8)
        return key

    def _place_typed(self, x_m: float, y_m: float, angle_deg: float) -> None:
        if self._subject.editable:
            self._view.commands.set_place(self._subject.editable, x_m, y_m, angle_deg)
            # What was refused or rounded is shown as it is.
            self.refresh()

    def _show_joins(self) -> None:
        units = self._view.commands.units()
        floor = self._view.document.floor
        row = units[0] if len(units) == 1 and units[0] in floor.row_racks else ""
        note = self.tr("all of row {name}").format(name=row) if row and row not in self._view.selection else ""
        self.joins.show_joins(joins_of(floor, units), floor, note)

    def _join_chosen(self, key: str, name: str) -> None:
        commands = self._view.commands
        if key == LOOP:
            commands.hang_on(name)
        else:
            commands.feed_from("A" if key == "A" else "B", name)
        # What was refused is shown as it is.
        self._show_joins()


class PlaceForm(QWidget):
    """x, y and angle to type; `edited` carries all three when one was entered."""

    edited = Signal(float, float, float)

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(EDGE_PX, 8, EDGE_PX, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.addWidget(thin_line(), 0, 0, 1, 3)
        grid.addWidget(label(self.tr("Place"), "heading"), 1, 0)
        self.x_box = self._box(" m", 3, 0.1, REACH_M)
        self.y_box = self._box(" m", 3, 0.1, REACH_M)
        self.angle_box = self._box(" °", 1, 90.0, 360.0)
        self.angle_box.setMinimum(0.0)
        self.angle_box.setWrapping(True)
        self.angle_box.setToolTip(self.tr("Clockwise as seen on the plan; at 0° the front looks up"))
        texts = (self.tr("x"), self.tr("y"), self.tr("Angle"))
        for row, (text, box) in enumerate(zip(texts, self._boxes(), strict=True), start=2):
            name = label(text, "body", "text_2")
            name.setBuddy(box)
            box.setAccessibleName(text)
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(SourceMark("u"), row, 2)

    def show_place(self, place: tuple[float, float, float] | None) -> None:
        """Show a place without saying that it was edited; None hides the form."""
        self.setVisible(place is not None)
        for box, value in zip(self._boxes(), place or (0.0, 0.0, 0.0), strict=True):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _boxes(self) -> tuple[QDoubleSpinBox, QDoubleSpinBox, QDoubleSpinBox]:
        return self.x_box, self.y_box, self.angle_box

    def _box(self, suffix: str, decimals: int, step: float, reach: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setDecimals(decimals)
        box.setRange(-reach, reach)
        box.setSingleStep(step)
        box.setSuffix(suffix)
        box.setKeyboardTracking(False)
        box.setFixedWidth(120)
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setFont(theme.font("body"))
        # The wheel scrolls the panel; it never edits what it happens to pass over.
        box.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign]
        box.valueChanged.connect(self._tell)
        return box

    def _tell(self, _value: float) -> None:
        self.edited.emit(self.x_box.value(), self.y_box.value(), self.angle_box.value() % 360.0)


class LevelBar(QWidget):
    """How full something is; over the limit it turns to the colour of a warning."""

    def __init__(self, level_frac: float) -> None:
        super().__init__()
        self._level_frac = level_frac
        self.setFixedHeight(4)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Two rounded bars."""
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look["line"])
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        painter.setBrush(look["warning" if self._level_frac > 1.0 else "text_2"])
        painter.drawRoundedRect(QRectF(0, 0, self.width() * min(self._level_frac, 1.0), self.height()), 2, 2)


class _Picture(QWidget):
    """The thing in small: its icon, and the mark of its chips."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._family = "plan", ""
        self.setFixedSize(32, 40)
        theme.follow(self)

    def show_subject(self, subject: Subject) -> None:
        """Show another thing."""
        self._icon, self._family = subject.icon, subject.family
        self.update()

    def sizeHint(self) -> QSize:
        """32 x 40."""
        return QSize(32, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A body like that on the plan."""
        painter, look = QPainter(self), theme.current()
        painter.fillRect(QRectF(0, 0, 32, 40), look["rack_line"])
        painter.fillRect(QRectF(1, 1, 30, 38), look["rack"])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if self._icon == "rack" and self._family:
            painter.fillRect(QRectF(1, 1, 30, 5), front_colour())
            paint_kind_mark(painter, self._family, QPointF(16, 22), look[self._family])
        else:
            icons.paint(painter, self._icon, QRectF(6, 10, 20, 20), "text_2")


def section(title: str, facts: list[Fact]) -> QWidget:
    """A titled list of facts with their sources."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(EDGE_PX, 0, EDGE_PX, 12)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    grid.addWidget(thin_line(), 0, 0, 1, 3)
    grid.addWidget(label(title, "heading"), 1, 0, 1, 3)
    row = 2
    for fact in facts:
        name, value = label(fact.label, "body", "text_2"), label(fact.value, "body")
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        name.setToolTip(fact.label)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(name, row, 0)
        if fact.source:
            grid.addWidget(value, row, 1)
            grid.addWidget(SourceMark(fact.source), row, 2)
        else:
            grid.addWidget(value, row, 1, 1, 2)
        row += 1
        if fact.level_frac is not None:
            grid.addWidget(LevelBar(fact.level_frac), row, 0, 1, 3)
            row += 1
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
