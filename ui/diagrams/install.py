"""Puts the diagrams beside the plan: their pages, what they share with it, and what a run tells them."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from twin.record.frame import Event
from ui.canvas.view import PlanView
from ui.diagrams.page import DiagramPage
from ui.feed import RACK_INDEX, Batch
from ui.run_view import RunView

LIVE_S = 0.5
DIAGRAMS = ("one_line", "loops")


class Diagrams(QObject):
    """All diagrams of one drawing."""

    def __init__(self, plan: PlanView, run_view: RunView, show_plan: Callable[[], object]) -> None:
        super().__init__()
        self._plan, self._run_view, self._show_plan = plan, run_view, show_plan
        self.pages = {kind: DiagramPage(kind, plan) for kind in DIAGRAMS}
        for page in self.pages.values():
            page.plan_wanted.connect(self._on_plan_wanted)
        self._failed: set[str] = set()
        self._shown_s = 0.0
        run_view.run.opened.connect(lambda _info: self._begin())
        run_view.run.happened.connect(self._on_event)
        run_view.run.pulled.connect(self._on_pulled)
        run_view.run.phase_changed.connect(self._on_phase)

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

    def _begin(self) -> None:
        self._failed.clear()
        self.pages["one_line"].set_failed(frozenset())
        self.pages["one_line"].set_rack_w(None)

    def _on_phase(self) -> None:
        if not self._run_view.run.is_loaded:
            self._begin()

    def _on_event(self, event: Event) -> None:
        if event.kind.endswith(".failed"):
            self._failed.add(event.place)
        elif event.kind.endswith(".repaired"):
            self._failed.discard(event.place)
        else:
            return
        self.pages["one_line"].set_failed(frozenset(self._failed))

    def _on_pulled(self, batch: Batch) -> None:
        """Numbers one can read: no more than two a second."""
        info, page = self._run_view.run.info, self.pages["one_line"]
        now_s = time.monotonic()
        if info is None or batch.racks is None or (page.isVisible() and now_s - self._shown_s < LIVE_S):
            return
        self._shown_s = now_s
        watts = batch.racks[RACK_INDEX["power_w"]].tolist()
        if len(watts) == len(info.racks):
            page.set_rack_w(dict(zip(info.racks, watts, strict=True)))

    def _on_plan_wanted(self, names: list[str]) -> None:
        self._show_plan()
        self._plan.set_selection(names)
        self._plan.zoom_to(names)
