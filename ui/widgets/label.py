"""Text labels in a text style and colour role that follow the theme."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from ui import theme


def label(text: str = "", style: theme.TextStyle = "body", role: str = "text") -> QLabel:
    """A plain-text label; `role` is text, text_2, text_3, critical or warning."""
    made = QLabel(text)
    made.setTextFormat(made.textFormat().PlainText)
    made.setFont(theme.font(style))
    made.setProperty("role", role)
    return made
