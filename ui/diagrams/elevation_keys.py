"""What keys do in the elevation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from ui.diagrams.elevation_view import ElevationView

ARROWS = {
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


def press_key(view: ElevationView, event: QKeyEvent) -> bool:
    """Arrows move boxes by a unit or a rack, Delete takes out, Ctrl+D copies, F turns, Esc lets go; whether it did."""
    key, commands = Qt.Key(event.key()), view.commands
    is_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if key in ARROWS:
        _arrow(view, *ARROWS[key])
        return True
    plain: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_Delete: commands.remove,
        Qt.Key.Key_Backspace: commands.remove,
        Qt.Key.Key_F: commands.flip,
        Qt.Key.Key_Escape: lambda: _let_go(view),
        Qt.Key.Key_Return: view.typing_asked.emit,
        Qt.Key.Key_Enter: view.typing_asked.emit,
    }
    with_ctrl: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_D: commands.duplicate,
        Qt.Key.Key_A: commands.select_all,
        Qt.Key.Key_B: commands.break_row,
        Qt.Key.Key_Plus: lambda: view.set_zoom(view.zoom * 1.25),
        Qt.Key.Key_Equal: lambda: view.set_zoom(view.zoom * 1.25),
        Qt.Key.Key_Minus: lambda: view.set_zoom(view.zoom / 1.25),
    }
    does = (with_ctrl if is_ctrl else plain).get(key)
    if does is not None:
        does()
    return does is not None


def _arrow(view: ElevationView, by_u: int, by_rack: int) -> None:
    """Boxes move; without one, the arrows choose a rack and then its lowest box."""
    if view.selection:
        view.commands.move_by(by_u, by_rack)
        if view.selection:
            view.bring_into_view(view.selection[0])
        return
    at = view.racks.index(view.chosen[0]) if view.chosen and view.chosen[0] in view.racks else -1
    if by_rack or at < 0:
        i = min(max(at + (by_rack or 1), 0), len(view.racks) - 1)
        if view.racks:
            view.choose_racks([view.racks[i]])
            view.bring_into_view(view.racks[i])
    elif view.columns:
        boxes = [box.id for box in view.columns[at].boxes() if box.u_low]
        if boxes:
            view.set_selection([boxes[0] if by_u > 0 else boxes[-1]])


def _let_go(view: ElevationView) -> None:
    """Escape: first what is in the hand, then the boxes, then the rack."""
    if view.drop_hand():
        return
    if view.selection:
        view.set_selection([])
    else:
        view.choose_racks([])
