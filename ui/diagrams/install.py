"""Puts the diagrams beside the plan: their pages, what they share with it, and what a run tells them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.canvas.view import PlanView
from ui.diagrams.page import DiagramPage
from ui.run_view import RunView

DIAGRAMS = ("one_line", "loops")


class Diagrams(QObject):
    """All diagrams of one drawing."""

    def __init__(self, plan: PlanView, run_view: RunView, show_plan: Callable[[], object]) -> None:
        super().__init__()
        self._plan, self._run_view, self._show_plan = plan, run_view, show_plan
        self.pages = {kind: DiagramPage(kind, plan) for kind in DIAGRAMS}
        for page in self.pages.values():
            page.plan_wanted.connect(self._on_plan_wanted)

    @property
    def canvases(self) -> dict[str, QWidget]:
        """What takes the keyboard in each of them."""
        return {kind: page.canvas for kind, page in self.pages.items()}

    def fit(self, view: str) -> None:
        """Show all of a view: of a diagram, or of the plan in it."""
        if view in self.pages:
            self.pages[view].canvas.fit()
        else:
            (self._run_view.plan.view if view == "run" else self._plan).zoom_to_fit()

    def _on_plan_wanted(self, names: list[str]) -> None:
        self._show_plan()
        self._plan.set_selection(names)
        self._plan.zoom_to(names)
