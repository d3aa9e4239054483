"""Joins a comparison to the plan, its marks and its panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QPainter, QTransform

from ui.canvas.view import PlanView
from ui.docks import Docks
from ui.guard import Guard
from ui.panels.differences import DifferencesPanel


class ComparedPlan(QObject):
    """Draws the marks on a plan; a choice in the panel goes to its place; the panel takes the place of the findings.

    `show_plan` brings the plan before the user.
    """

    def __init__(
        self, guard: Guard, plan: PlanView, panel: DifferencesPanel, docks: Docks, show_plan: Callable[[], None]
    ) -> None:
        super().__init__(plan)
        self._comparison, self._plan, self._docks, self._show_plan = guard.comparison, plan, docks, show_plan
        plan.layers.append(self._paint)
        guard.comparison.updated.connect(self._on_updated)
        guard.comparison_begun.connect(self._on_begun)
        panel.saved_chosen.connect(guard.compare_saved)
        panel.file_chosen.connect(guard.compare_file)
        panel.place_chosen.connect(self.show_mark)

    def show_mark(self, i_mark: int) -> None:
        """Select the thing of a mark and bring it into view."""
        comparison = self._comparison
        comparison.choose(i_mark)
        self._plan.set_selection([comparison.difference.marks[i_mark].change.id])
        box = comparison.difference.box_m(i_mark)
        if box is not None:
            self._plan.zoom_to_box(box)
        self._plan.viewport().update()

    def _on_begun(self) -> None:
        self._show_plan()
        self._docks.put_in_place_of("differences", "findings")

    def _on_updated(self) -> None:
        self._plan.viewport().update()
        if not self._comparison.is_on and self._docks["differences"].isVisible():
            self._docks.put_in_place_of("findings", "differences")

    def _paint(self, painter: QPainter, to_device: QTransform) -> None:
        self._comparison.difference.paint(painter, to_device)
