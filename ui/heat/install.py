"""Joins the air to a window: its action, and its part of the inspector."""

from __future__ import annotations

from PySide6.QtGui import QAction

from ui.canvas.view import PlanView
from ui.heat.capacity import CapacityDialog
from ui.heat.control import HeatControl
from ui.panels.inspector import Inspector


def made_heat(view: PlanView, inspector: Inspector, action: QAction) -> HeatControl:
    """The air of a plan, explained in an inspector and switched by an action."""
    heat = HeatControl(view)
    inspector.add_part(heat.why)
    heat.switched.connect(action.setChecked)
    return heat


def find_room(heat: HeatControl) -> CapacityDialog:
    """Open the search for room beside the plan; it does not keep one from working on."""
    dialog = CapacityDialog(heat, heat.view.window())
    dialog.show()
    return dialog
