"""A message inside a panel: what happened, where and with which numbers, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from twin.errors import TwinError
from ui import icons, theme
from ui.widgets.label import label


class MessageBar(QFrame):
    """Hidden until `show_message`; `action_chosen` carries the key of the pressed action."""

    action_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message")
        self._severity = "note"
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self._headline = label("", "heading")
        self._detail = label("", "body", "text_2")
        for text in (self._headline, self._detail):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._actions = QWidget()
        self._action_row = QHBoxLayout(self._actions)
        self._action_row.setContentsMargins(0, 2, 0, 0)
        self._action_row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._action_row.setSpacing(16)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._headline, 0, 1)
        grid.addWidget(self._detail, 1, 1)
        grid.addWidget(self._actions, 2, 1)
        theme.changed().changed.connect(self._on_theme)
        self.hide()

    def show_message(self, severity: str, headline: str, detail: str = "", actions: Mapping[str, str] = {}) -> None:
        """Show a message; `severity` is critical, warning, note or ok, `actions` maps a key to its button text."""
        self._severity = severity
        self._headline.setText(headline)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        while (item := self._action_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for key, text in actions.items():
            self._action_row.addWidget(self._action(key, text))
        self._action_row.addStretch(1)
        self._actions.setVisible(bool(actions))
        self.setProperty("severity", severity)
        self.style().unpolish(self)
        self.style().polish(self)
        self._on_theme()
        self.setAccessibleName(f"{headline} {detail}".strip())
        self.show()

    def show_error(self, headline: str, error: TwinError, actions: Mapping[str, str] = {}) -> None:
        """Show an error of the engine or a file: the place and what is wrong, then the way out."""
        place = f"{error.where}: {error.what}" if error.where else error.what
        self.show_message("critical", headline, "\n".join(part for part in (place, error.hint) if part), actions)

    def _action(self, key: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName("link")
        button.setFont(theme.font("name"))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.action_chosen.emit(key))
        return button

    def _on_theme(self, _look: object = None) -> None:
        self._icon.setPixmap(icons.pixmap(self._severity, self._severity))
