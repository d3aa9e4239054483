"""A row of segments of which one is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton

from ui import theme
from ui.widgets.tool import themed_icon


class Segmented(QFrame):
    """One choice out of a few; `chosen` carries the key when a hand changes it."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("segmented")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def add(self, key: str, text: str, icon_name: str = "") -> QToolButton:
        """Add a segment at the end; the first one starts chosen."""
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text)
        button.setFont(theme.font("name"))
        button.setCheckable(True)
        button.setFixedHeight(26)
        if icon_name:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            themed_icon(button, icon_name, size_px=16)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        self._row.addWidget(button)
        self._buttons[key] = button
        button.setChecked(len(self._buttons) == 1)
        return button

    @property
    def current(self) -> str:
        """Key of the chosen segment, empty when there is none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose a segment without emitting."""
        self._buttons[key].setChecked(True)

    def set_texts_shown(self, shown: bool) -> None:
        """Show texts beside the icons, or icons alone with the text as tool tip where room is short."""
        for button in self._buttons.values():
            style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if shown else Qt.ToolButtonStyle.ToolButtonIconOnly
            button.setToolButtonStyle(style)
            button.setToolTip("" if shown else button.text())
