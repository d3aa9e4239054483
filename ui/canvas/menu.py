"""What a right click on the plan offers for the thing under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu

from ui import icons

if TYPE_CHECKING:
    from ui.canvas.view import PlanView


def plan_menu(view: PlanView) -> QMenu:
    """The menu for the selection; what cannot be done now is greyed."""
    translate, commands = QCoreApplication.translate, view.commands
    has_selection = bool(view.selection)
    has_row = any(unit in view.plan_scene.plan.members for unit in commands.units())
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    plan = view.plan_scene.plan
    has_rack = any(plan.is_rack[i] for i in plan.indices(view.selection))
    entries = (
        ("elev", translate("plan", "Open elevation"), "Enter", view.open_selection, has_rack),
        ("rotate", translate("plan", "Turn by 90°"), "R", commands.rotate, has_selection),
        ("copy", translate("plan", "Duplicate"), "Ctrl+D", commands.duplicate, has_selection),
        ("trash", translate("plan", "Remove"), "Del", commands.remove, has_selection),
        ("row", translate("plan", "Break row into racks"), "Ctrl+B", commands.break_rows, has_row),
        ("fit", translate("plan", "Zoom to selection"), "", lambda: view.zoom_to(view.selection), has_selection),
    )
    for icon, text, keys, does, is_enabled in entries:
        # The keys are those of the tool in hand; as shortcuts they would be claimed twice.
        action = menu.addAction(icons.icon(icon), f"{text}\t{keys}" if keys else text)
        action.setEnabled(is_enabled)
        action.triggered.connect(lambda _checked=False, does=does: does())
    return menu
