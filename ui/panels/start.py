"""The start page: a new hall, files opened last, and the shipped examples as pictures to begin from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from twin.catalogue.device import Device
from ui import format as fmt
from ui import icons, theme
from ui.panels.cards import Card, Cards
from ui.project import Project, empty_project
from ui.widgets import MessageBar, label
from ui.widgets.tool import themed_icon

SIDE_PX = 320


class _Page(QWidget):
    """The ground the cards lie on, with a line at its left edge where it meets the side."""

    def __init__(self, has_edge: bool) -> None:
        super().__init__()
        self._has_edge = has_edge
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current()["window"])
        if self._has_edge:
            painter.fillRect(0, 0, 1, self.height(), theme.current()["line"])


class StartPage(QWidget):
    """`new_chosen`, `open_chosen` and `commands_chosen` ask for an action; `file_chosen` carries a path, and
    `template_chosen` the Project of an example, to be opened as a copy; `unsaved_chosen` asks to see unsaved work."""

    new_chosen = Signal()
    open_chosen = Signal()
    commands_chosen = Signal()
    file_chosen = Signal(object)
    template_chosen = Signal(object)
    unsaved_chosen = Signal()

    def __init__(self, examples: Sequence[Project], catalogue: Mapping[str, Device]) -> None:
        super().__init__()
        self.cards = [Card(project, catalogue) for project in examples]
        for card in self.cards:
            card.chosen.connect(lambda project=card.project: self.template_chosen.emit(project))
        self.empty = Card(_empty_hall(), catalogue)
        self.empty.chosen.connect(self.new_chosen)
        self.unsaved = MessageBar()
        self.unsaved.action_chosen.connect(lambda _key: self.unsaved_chosen.emit())
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side())
        row.addWidget(self._middle(), 1)

    def set_unsaved(self, n_drawings: int) -> None:
        """Say that unsaved work waits for a decision; 0 takes the word away."""
        if not n_drawings:
            self.unsaved.hide()
            return
        many = self.tr("{n} drawings were not saved before the program ended.")
        words = self.tr("A drawing was not saved before the program ended.") if n_drawings == 1 else many
        look = {"look": self.tr("Look at it")}
        self.unsaved.show_message("warning", self.tr("Unsaved work found"), words.format(n=n_drawings), look)

    def set_recent(self, files: Sequence[Path]) -> None:
        """Show the files opened last."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if not files:
            self._recent.addWidget(label(self.tr("Nothing opened yet."), "small", "text_3"))
        for file in files:
            button = QPushButton(file.name.removesuffix(".json").removesuffix(".layout"))
            button.setObjectName("link")
            button.setToolTip(str(file))
            button.clicked.connect(lambda _checked=False, file=file: self.file_chosen.emit(file))
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            line.addStretch(1)
            line.addWidget(label(_changed(file), "small", "text_3"))
            self._recent.addWidget(row)

    def _side(self) -> QWidget:
        side = QFrame()
        side.setFixedWidth(SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(24, 32, 24, 24)
        column.setSpacing(8)
        column.addLayout(_heading())
        column.addSpacing(12)
        new = QPushButton(self.tr("New empty hall"))
        new.setObjectName("primary")
        themed_icon(new, "plus", "on_accent", 16)
        new.clicked.connect(self.new_chosen)
        open_ = QPushButton(self.tr("Open…"))
        themed_icon(open_, "open", size_px=16)
        open_.clicked.connect(self.open_chosen)
        column.addWidget(new)
        column.addWidget(open_)
        column.addSpacing(16)
        column.addWidget(label(self.tr("Recent"), "heading", "text_2"))
        column.addLayout(self._recent)
        column.addSpacing(8)
        column.addWidget(self.unsaved)
        column.addStretch(1)
        commands = QPushButton(self.tr("All commands    Ctrl+K"))
        commands.setObjectName("link")
        commands.clicked.connect(self.commands_chosen)
        column.addWidget(commands, 0, Qt.AlignmentFlag.AlignLeft)
        return side

    def _middle(self) -> QWidget:
        page = _Page(has_edge=False)
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(4)
        column.addWidget(label(self.tr("Start from a template"), "display"))
        words = self.tr("Each opens as a copy and runs as it is. Change anything, undo anything.")
        column.addWidget(label(words, "body", "text_2"))
        column.addSpacing(16)
        column.addWidget(Cards([*self.cards, self.empty]))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setAccessibleName(self.tr("Templates"))
        middle = _Page(has_edge=True)
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(1, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(area, 1)
        rows.addWidget(_line())
        rows.addWidget(self._steps())
        return middle

    def _steps(self) -> QWidget:
        """How it goes, in view however long the gallery is."""
        steps = (
            (
                "select",
                self.tr("1 Draw"),
                self.tr("Drag a rack from Devices onto the floor and move it where it fits."),
            ),
            ("thermo", self.tr("2 Look"), self.tr("Findings follow your hand: space, power, cooling and network.")),
            ("play", self.tr("3 Run"), self.tr("Press Space. Watch tokens, watts and degrees move together.")),
        )
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(31, 16, 32, 16)
        row.setSpacing(16)
        for icon_name, title, words in steps:
            row.addWidget(_Step(icon_name, title, words), 1)
        return foot


class _Step(QWidget):
    """An icon with two lines."""

    def __init__(self, icon_name: str, title: str, words: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        column = QVBoxLayout(self)
        column.setContentsMargins(56, 0, 0, 0)
        column.setSpacing(2)
        text = label(words, "small", "text_2")
        text.setWordWrap(True)
        column.addWidget(label(title, "heading"))
        column.addWidget(text)
        self.setMinimumHeight(40)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.pen("line"))
        painter.setBrush(theme.current()["window"])
        painter.drawRoundedRect(QRectF(0.5, 0.5, 39, 39), 6, 6)
        icons.paint(painter, self._icon_name, QRectF(10, 10, 20, 20), "accent")


class _Emblem(QWidget):
    """Three racks in a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(42, 42)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.pen("accent", 2))
        painter.drawRoundedRect(QRectF(1, 1, 40, 40), 4, 4)
        for i, role in enumerate(("text", "text_2", "text_3")):
            painter.fillRect(QRectF(9 + 9 * i, 9, 6, 24), theme.current()[role])


def _changed(file: Path) -> str:
    """When a file was written last; empty when it has gone meanwhile."""
    try:
        return fmt.moment(file.stat().st_mtime)
    except OSError:
        return ""


def _empty_hall() -> Project:
    words = QCoreApplication.translate("StartPage", "Four walls and a floor, 12 by 9 m, to draw in.")
    project = empty_project()
    return replace(project, layout=project.layout.model_copy(update={"note": words}))


def _heading() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    row.addWidget(_Emblem())
    texts = QVBoxLayout()
    texts.setSpacing(0)
    texts.addWidget(label("K-Cloud Twin", "display"))
    texts.addWidget(label(QCoreApplication.translate("StartPage", "AI data centre, drawn and run"), "body", "text_2"))
    row.addLayout(texts, 1)
    return row


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    return line
