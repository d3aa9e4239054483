"""A dialog that says one thing and asks one question: what is the matter, in which numbers, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.widgets.label import label


class Box(QDialog):
    """Headline with a status icon, words, room for more in `body`, and a row of actions.

    `chosen` carries the key of the action taken; Escape and closing the window take the one added as the way back.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None, severity: str, headline: str, detail: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(QGuiApplication.applicationDisplayName() or "K-Cloud Twin")
        self.setAccessibleName(headline)
        self.setAccessibleDescription(detail)
        self.key = ""
        self.is_sized = False
        self._severity, self._back = severity, ""
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self._headline, self._detail = label(headline, "object"), label(detail, "body", "text_2")
        for text in (self._headline, self._detail):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._detail.setVisible(bool(detail))
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        self._actions.addStretch(1)
        self._build()
        theme.changed().changed.connect(self._on_theme)
        self._on_theme()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._headline)
        words.addWidget(self._detail)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(self.body, 1)
        column.addLayout(self._actions)
        self.setMinimumWidth(480)

    def add_action(self, key: str, text: str, is_default: bool = False, is_back: bool = False) -> QPushButton:
        """Another action, to the right of those before; the default is done by Enter, the way back by Escape."""
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setDefault(is_default)
        if is_back:
            self._back = key
        button.clicked.connect(lambda: self.take(key))
        self._actions.addWidget(button)
        if is_default:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        return button

    def add_aside(self, button: QPushButton) -> None:
        """An action at the left, which does not end the dialog."""
        button.setAutoDefault(False)
        self._actions.insertWidget(0, button)

    def take(self, key: str) -> None:
        """Do what the action with this key does, and close."""
        self.key = key
        self.accept()
        self.chosen.emit(key)

    def reject(self) -> None:
        """Closing without an answer is the way back."""
        self.key = self._back
        super().reject()
        self.chosen.emit(self._back)

    def ask(self) -> str:
        """Wait for an answer and return its key; the dialog goes when the window gets to work again."""
        self.exec()
        self.deleteLater()
        return self.key

    def showEvent(self, event: QShowEvent) -> None:
        """Words that wrap need their width to know their height."""
        inner = self.layout()
        if inner is not None and inner.hasHeightForWidth() and not self.is_sized:
            self.resize(self.width(), max(self.minimumHeight(), inner.totalHeightForWidth(self.width())))
        super().showEvent(event)

    def show_over(self) -> None:
        """Show it over its window without waiting for the answer; it goes when it is answered."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()

    def _on_theme(self, _look: object = None) -> None:
        self._icon.setPixmap(icons.pixmap(self._severity, self._severity))
