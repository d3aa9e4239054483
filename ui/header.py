"""The top of the window: menus and file name, views, tools and search, and the key numbers of a run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui import theme
from ui.actions import Actions
from ui.widgets import Segmented, label
from ui.widgets.tool import themed_icon

BAR_PX = 40
EDIT_GROUPS = (("undo", "redo"), ("rotate", "duplicate", "delete"), ("zoom_fit", "airflow"))


class Header(QWidget):
    """Takes the place of the menu bar; `view_chosen` carries a view, `run_chosen` and `search_chosen` ask."""

    view_chosen = Signal(str)
    run_chosen = Signal()
    search_chosen = Signal()

    def __init__(self, actions: Actions, tiles: QWidget) -> None:
        super().__init__()
        self.menu = QMenuBar()
        actions.fill(self.menu)
        self.tiles = tiles
        self._name, self._scenario = label("", "heading"), label("", "body", "text_2")
        self.views = Segmented(self.tr("View"))
        self.views.add("plan", self.tr("Plan"), "plan")
        self.views.add("elevation", self.tr("Elevation"), "elev")
        self.views.add("one_line", self.tr("One-line"), "bolt")
        self.views.add("loops", self.tr("Loops"), "cdu")
        self.views.add("run", self.tr("Run"), "chart")
        self.views.chosen.connect(self.view_chosen)
        self.edit = _buttons(actions, EDIT_GROUPS)
        self.search = QPushButton(self.tr("Search commands   Ctrl+K"))
        themed_icon(self.search, "search", size_px=16)
        self.search.clicked.connect(self.search_chosen)
        self.run = QPushButton(self.tr("Run"))
        self.run.setObjectName("primary")
        themed_icon(self.run, "play", "on_accent", 16)
        self.run.clicked.connect(self.run_chosen)
        self.bar = self._tool_bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_MenuRow(self.menu, (self._name, self._scenario)))
        column.addWidget(self.bar)
        column.addWidget(tiles)

    def _tool_bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("dock_title")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(BAR_PX)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self.views)
        row.addWidget(self.edit)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addWidget(self.run)
        return bar

    def set_title(self, name: str, scenario: str) -> None:
        """Show what is open."""
        self._name.setText(name)
        self._scenario.setText(scenario)

    def show_for(self, view: str) -> None:
        """Show what belongs to a view."""
        self.bar.setVisible(view != "start")
        self.edit.setVisible(view not in ("start", "run"))
        self.run.setVisible(view not in ("start", "run"))
        self.tiles.setVisible(view == "run")
        if view != "start":
            self.views.set_current(view)


class _MenuRow(QWidget):
    """A menu bar with labels at its end; its own corner does not follow their size."""

    def __init__(self, menu: QMenuBar, labels: Sequence[QWidget]) -> None:
        super().__init__()
        self.setFixedHeight(32)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(menu, 1)
        for each in labels:
            row.addWidget(each)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current()["window"])
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.current()["line"])


class _Line(QWidget):
    """A thin upright line between groups."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(1, 20)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.current()["line_strong"])


def _buttons(actions: Actions, groups: Sequence[Sequence[str]]) -> QWidget:
    """Tool buttons of actions, groups set apart by a line."""
    bar = QWidget()
    row = QHBoxLayout(bar)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for group in groups:
        row.addSpacing(4)
        row.addWidget(_Line())
        row.addSpacing(4)
        for key in group:
            button = QToolButton()
            button.setDefaultAction(actions[key])
            button.setAccessibleName(actions[key].text())
            button.setIconSize(QSize(20, 20))
            button.setFixedSize(28, 28)
            row.addWidget(button)
    return bar
