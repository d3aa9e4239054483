"""Joins the elevation to the plan, to the inspector and to the run: one selection, one set of live watts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QStackedWidget

from ui.canvas.view import PlanView
from ui.diagrams.box_inspector import BoxInspector
from ui.diagrams.elevation import Elevation
from ui.feed import RACK_INDEX, Batch
from ui.panels.inspector import Inspector
from ui.run_control import RunControl


class Inspectors(QStackedWidget):
    """The inspector of what stands on the floor, and while boxes are selected in the elevation, theirs."""

    def __init__(self, of_plan: Inspector, elevation: Elevation) -> None:
        super().__init__()
        self._elevation = elevation
        self.of_plan, self.of_box = of_plan, BoxInspector(elevation.view)
        self._is_elevation = False
        self.addWidget(self.of_plan)
        self.addWidget(self.of_box)
        elevation.view.selection_changed.connect(self._show)

    def show_view(self, view: str) -> None:
        """The view whose selection counts."""
        self._is_elevation = view == "elevation"
        self._show()

    def _show(self, _selection: object = None) -> None:
        has_box = self._is_elevation and bool(self._elevation.view.selection)
        self.setCurrentWidget(self.of_box if has_box else self.of_plan)


class ElevatedPlan(QObject):
    """Opens the elevation of what was opened on the plan; what is selected in one is selected in the other."""

    def __init__(self, plan: PlanView, inspector: Inspector, run: RunControl, show_view: Callable[[str], None]) -> None:
        super().__init__(plan)
        elevation = self.page = Elevation(plan.document)
        self.inspectors = Inspectors(inspector, elevation)
        self._plan, self._elevation, self._run, self._show_view = plan, elevation, run, show_view
        plan.opened.connect(self.open)
        plan.selection_changed.connect(self._on_plan)
        elevation.racks_chosen.connect(plan.set_selection)
        run.pulled.connect(self._on_pulled)
        run.opened.connect(lambda _info: elevation.view.set_live({}))
        run.phase_changed.connect(self._on_phase)

    def open(self, name: str) -> None:
        """Show the elevation of a rack or row."""
        self._elevation.show_of(name)
        self._elevation.follow(self._plan.selection)
        self._show_view("elevation")

    def begin(self, view: str) -> None:
        """A view comes up; the elevation shows what is selected on the plan, else what it showed."""
        self.inspectors.show_view(view)
        if view != "elevation":
            return
        selection = self._plan.selection
        self._elevation.show_of(selection[0] if selection else "")
        self._elevation.follow(selection)

    def take_device(self, device_id: str) -> bool:
        """Take a device of the palette in hand, if the elevation is before the user and a rack takes it."""
        if not self._elevation.isVisible() or not self._elevation.view.take_device(device_id):
            return False
        self._elevation.view.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def fill(self) -> None:
        """Ask what to fill racks with."""
        self._show_view("elevation")
        self._elevation.ask_and_fill()

    def _on_plan(self, selection: list[str]) -> None:
        if self._elevation.isVisible():
            self._elevation.follow(selection)

    def _on_pulled(self, batch: Batch) -> None:
        info = self._run.info
        if info is not None and batch.racks is not None:
            watts = batch.racks[RACK_INDEX["power_w"]].tolist()
            self._elevation.view.set_live(dict(zip(info.racks, watts, strict=True)))

    def _on_phase(self) -> None:
        if self._run.info is None:
            self._elevation.view.set_live({})
