"""What every tool of the plan has: a cursor, and answers to presses, moves, releases and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from ui.canvas.view import PlanView


class Tool:
    """One gesture at a time on one view; places are metres on the floor."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, view: PlanView) -> None:
        self.view = view

    def press(self, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The left button went down."""

    def move(self, at_m: QPointF, modifiers: Qt.KeyboardModifier, is_pressed: bool) -> None:
        """The mouse moved."""

    def release(self, at_m: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The left button came up."""

    def offer(self, at_m: QPointF, at_screen: QPoint) -> None:
        """The right button went down; nothing is in progress."""

    def double_click(self, at_m: QPointF) -> None:
        """The left button went down twice."""

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something to the tool."""
        return False

    def cancel(self) -> None:
        """Drop the gesture; nothing is edited."""
