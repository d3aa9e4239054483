"""Icon buttons that keep their colours in step with the theme."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QAbstractButton, QToolButton

from ui import icons, theme


class _Tint(QObject):
    """Lives and dies with its button and repaints its icon."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button = button
        theme.changed().changed.connect(self._repaint)

    def set_icon(self, name: str, role: str, size_px: int) -> None:
        self._wanted = (name, role, size_px)
        self._button.setIconSize(QSize(size_px, size_px))
        self._repaint()

    def _repaint(self, _look: object = None) -> None:
        name, role, size_px = self._wanted
        self._button.setIcon(icons.icon(name, role, size_px=size_px))


def themed_icon(button: QAbstractButton, name: str, role: str = "text_2", size_px: int = 20) -> None:
    """Give a button an icon that is tinted anew at each change of theme; call it again to change the icon."""
    tint = button.findChild(_Tint)
    if tint is None:
        tint = _Tint(button)
    tint.set_icon(name, role, size_px)


def tool(icon_name: str, text: str, size_px: int = 20) -> QToolButton:
    """A 28 px icon button; `text` is its tool tip and accessible name."""
    button = QToolButton()
    button.setFixedSize(28, 28)
    button.setToolTip(text)
    button.setAccessibleName(text)
    themed_icon(button, icon_name, size_px=size_px)
    return button
