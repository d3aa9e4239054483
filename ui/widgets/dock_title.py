"""The title bar of a dock: name, a quiet note, room for a control, float and close."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QWidget

from ui import theme
from ui.widgets.label import label
from ui.widgets.tool import tool

HEIGHT_PX = 32


class DockTitle(QWidget):
    """Replaces a dock's own title bar and takes its place at once; title text follows the dock's window title."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("dock_title")
        theme.follow(self)
        self.setFixedHeight(HEIGHT_PX)
        self._title = label(dock.windowTitle(), "heading")
        self._note = label("", "body", "text_2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 4, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addWidget(self._note)
        features = dock.features()
        if features & QDockWidget.DockWidgetFeature.DockWidgetFloatable:
            self._add_button("float", self.tr("Float or dock"), lambda: dock.setFloating(not dock.isFloating()))
        if features & QDockWidget.DockWidgetFeature.DockWidgetClosable:
            self._add_button("close", self.tr("Close"), dock.close)
        dock.windowTitleChanged.connect(self._title.setText)
        dock.setTitleBarWidget(self)

    def _add_button(self, icon_name: str, text: str, slot: Callable[[], object]) -> None:
        button = tool(icon_name, text, 16)
        button.setFixedSize(24, 24)
        button.clicked.connect(slot)
        self._row.addWidget(button)

    def sizeHint(self) -> QSize:
        """The height the dock keeps free for it: the layout's own hint would be that of its buttons."""
        return QSize(super().sizeHint().width(), HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and the line under the title: a dock does not draw the style sheet of its title."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current()["panel"])
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.current()["line"])

    def set_note(self, text: str) -> None:
        """Show a quiet note at the right, such as `4 new`."""
        self._note.setText(text)

    def add_control(self, widget: QWidget) -> None:
        """Put a control before the note."""
        self._row.insertWidget(self._row.indexOf(self._note), widget)
