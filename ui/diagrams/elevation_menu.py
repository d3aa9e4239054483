"""What a right click on the elevation offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu

from ui import icons

if TYPE_CHECKING:
    from ui.diagrams.elevation import Elevation


def elevation_menu(page: Elevation) -> QMenu:
    """The menu for the selected boxes and the racks shown; what cannot be done now is greyed."""
    translate, view, commands = QCoreApplication.translate, page.view, page.commands
    has_box, has_rack = bool(view.selection), bool(view.racks)
    has_row = any(column.rack.row for column in view.columns)
    menu = QMenu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    entries = (
        ("copy", translate("elevation", "Duplicate"), "Ctrl+D", commands.duplicate, has_box),
        ("rotate", translate("elevation", "Mount at the other face"), "F", commands.flip, has_box),
        ("trash", translate("elevation", "Remove"), "Del", commands.remove, has_box),
        ("rack", translate("elevation", "Fill racks…"), "", page.ask_and_fill, has_rack),
        ("row", translate("elevation", "Break row into racks"), "Ctrl+B", commands.break_row, has_row),
    )
    for icon, text, keys, does, is_enabled in entries:
        # The keys are those of the view; as shortcuts they would be claimed twice.
        action = menu.addAction(icons.icon(icon), f"{text}\t{keys}" if keys else text)
        action.setEnabled(is_enabled)
        action.triggered.connect(lambda _checked=False, does=does: does())
    return menu
