"""Heat while dragging: asks for the air of what is drawn or in the hand, and shows what comes back."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from twin.layout.finding import Finding
from ui import theme
from ui.canvas.items import Live
from ui.canvas.rulers import RULER_PX
from ui.canvas.view import PlanView
from ui.heat.client import HeatClient
from ui.heat.layer import DoubtLayer, HeatLayer
from ui.heat.line_key import KEY_PX, LineKey
from ui.heat.messages import Ask, Carry, Draw, Picture, Progress, Scale, Search, Spots, Trouble, Why
from ui.heat.strip import STRIP_PX, HeatStrip
from ui.heat.why import WhyPart
from ui.widgets import ScaleLegend

LEGEND_PX = 100
HEAT_Z, DOUBT_Z = 0.5, 3.5
TILE_OPACITY = 0.65
"""Tiles let the air under them be seen."""


class HeatControl(QObject):
    """The air of one plan. `switched` says whether it is shown, `shown` follows each picture, `found` a search."""

    switched = Signal(bool)
    shown = Signal(object)
    found = Signal(object)

    def __init__(self, view: PlanView, client: HeatClient | None = None) -> None:
        super().__init__(view)
        self.view, self.client = view, client or HeatClient()
        self.is_on = False
        self.why = WhyPart()
        self.picture: Picture | None = None
        self._number, self._n_searches, self._is_ready = 0, 0, False
        self._sent_s: dict[int, float] = {}
        self.waited_s = 0.0  # from the last request that was answered to its picture
        self._layer, self._doubts = HeatLayer(), DoubtLayer(view.plan_scene.bodies)
        for item, z in ((self._layer, HEAT_Z), (self._doubts, DOUBT_Z)):
            item.setZValue(z)
            view.plan_scene.addItem(item)
            item.hide()
        self.strip = HeatStrip(view)
        self.legend = ScaleLegend(self.tr("Air"), "temperature")
        self.legend.setParent(view)
        self.key = LineKey(view)
        for widget in (self.strip, self.legend, self.key):
            widget.hide()
        self.strip.set_height(self._layer.height)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._connect()

    def _connect(self) -> None:
        self._soon.timeout.connect(self._draw)
        self.strip.height_chosen.connect(self.set_height)
        self.client.said.connect(self._on_said)
        self.client.ready.connect(self._on_ready)
        self.client.died.connect(self._on_died)
        self.view.document_changed.connect(self._on_changed)
        self.view.carry_changed.connect(self._on_carried)
        self.view.selection_changed.connect(lambda _ids: self._ask())
        self.view.installEventFilter(self)
        theme.changed().changed.connect(self._restyle)

    # What the window calls

    def toggle(self) -> None:
        """Show the air, or stop showing it."""
        self.set_on(not self.is_on)

    def set_on(self, is_on: bool) -> None:
        """Show the air or not; the process is started when it is first shown and kept."""
        if is_on == self.is_on:
            return
        self.is_on = is_on
        self._layer.set_room(self.view.document.layout.room)
        margins = (LEGEND_PX, STRIP_PX) if is_on else (0, 0)
        self.view.setViewportMargins(RULER_PX, RULER_PX, *margins)
        for widget in (self.strip, self.legend, self.key):
            widget.setVisible(is_on)
        self._place_parts()
        self.view.plan_scene.tile_item.setOpacity(TILE_OPACITY if is_on else 1.0)
        if is_on:
            self._start()
            self._draw()
            self._ask()
        else:
            self._forget()
        self.view.zoom_to_fit()
        self.switched.emit(is_on)

    def set_height(self, height: int) -> None:
        """Show the lower, middle or upper third: 0, 1, 2."""
        self._layer.set_height(height)
        self.strip.set_height(height)

    def search(self, search: Search) -> None:
        """Look for places; `found` answers."""
        self._start()
        self.client.tell(search)

    def next_search(self) -> int:
        """Numbers tell searches apart."""
        self._n_searches += 1
        return self._n_searches

    def close(self) -> None:
        """End the process."""
        self.client.close()

    # Requests

    def _start(self) -> None:
        if self.client.is_alive:
            return
        self._is_ready = False
        scale = theme.current().scales["temperature"]
        self.client.start(
            self.view.document.catalogue, Scale(scale.low, scale.high, len(scale.lut), tuple(scale.isolines))
        )
        self.strip.show_words(self.tr("Preparing the air model; the first time this takes a minute"))
        self.client.tell(Draw(self._next_number(), self.view.document.layout))

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _draw(self) -> None:
        """Ask for the drawing at rest."""
        if not self.is_on:
            return
        number = self._next_number()
        self._sent_s = {number: time.perf_counter()}
        self.client.tell(Draw(number, self.view.document.layout))

    def _on_changed(self) -> None:
        if not self.is_on:
            return
        self._layer.set_room(self.view.document.layout.room)
        if self.picture is not None:
            # What was known stays on the racks that still stand, paler, until the answer comes.
            self._colour_racks(self.picture)
            self._layer.set_stale(True)
        self._soon.start()

    def _on_carried(self) -> None:
        """Something in the hand has moved, or was let go."""
        if not self.is_on:
            return
        overlay = self.view.overlay
        if not overlay.carried:
            self._soon.start()
            return
        units = tuple(self.view.plan_scene.plan.units(self.view.selection))
        number = self._next_number()
        self._sent_s[number] = time.perf_counter()
        self.client.tell(Carry(number, units, overlay.shift_m))

    def _ask(self) -> None:
        if not self.is_on:
            return
        chosen = self.view.selection
        rack = chosen[0] if len(chosen) == 1 and chosen[0] in self.view.document.floor.racks else ""
        if self.why.why is not None and self.why.why.rack != rack:
            self.why.show_why(None)
        self.client.tell(Ask(rack))

    # Answers

    def _on_ready(self) -> None:
        self._is_ready = True
        if self.picture is None:
            self.strip.show_words(self.tr("Working out the air"))

    def _on_said(self, reply: object) -> None:
        if isinstance(reply, Spots):
            self.found.emit(reply)
        elif not self.is_on:
            return
        elif isinstance(reply, Picture):
            self._show(reply)
        elif isinstance(reply, Why):
            self._explain(reply)
        elif isinstance(reply, Progress) and reply.number == self._number:
            text = self.tr("settling {part} %").format(part=f"{reply.part * 100:.0f}")
            self.strip.show_progress(text, reply.part)
        elif isinstance(reply, Trouble):
            self._trouble(reply)

    def _show(self, picture: Picture) -> None:
        sent_s = self._sent_s.get(picture.number)
        if sent_s is not None:
            self.waited_s = time.perf_counter() - sent_s
            self._sent_s = {n: s for n, s in self._sent_s.items() if n >= picture.number}
        self.picture = picture
        self._layer.set_picture(picture)
        self._layer.set_stale(picture.number < self._number and not picture.is_carried)
        self._colour_racks(picture)
        self.strip.show_picture(picture)
        if picture.tier == "settled" or picture.is_carried:
            self.strip.show_progress("")
        if picture.why is not None:
            self._explain(picture.why)
        if not picture.is_carried:
            self.view.document.add_findings("airflow", list(picture.findings))
        self.shown.emit(picture)

    def _colour_racks(self, picture: Picture) -> None:
        scene = self.view.plan_scene
        index = scene.plan.index
        inlet_c, is_doubted = np.full(len(scene.plan.bodies), np.nan), np.zeros(len(scene.plan.bodies), bool)
        for name, c, is_trusted in zip(
            picture.rack_ids, picture.inlet_c.tolist(), picture.is_trusted.tolist(), strict=True
        ):
            if name in index:
                inlet_c[index[name]], is_doubted[index[name]] = c, not is_trusted
        scale = theme.current().scales["temperature"]
        scene.bodies.set_live(Live("air", scale, np.full(len(inlet_c), np.nan), inlet_c, is_doubted))
        scene.labels.update()
        weak = zip(picture.rack_ids, picture.is_trusted.tolist(), strict=True)
        self._doubts.set_doubted(frozenset(name for name, is_trusted in weak if not is_trusted))
        self._doubts.show()
        known = picture.inlet_c[~np.isnan(picture.inlet_c)]
        if len(known):
            self.legend.set_seen(float(known.min()), float(known.max()))

    def _explain(self, why: Why) -> None:
        if self.view.selection == [why.rack]:
            self.why.show_why(why, self.picture.tier if self.picture is not None else "instant")

    def _trouble(self, trouble: Trouble) -> None:
        """Why there is no answer, in words; the last picture stays, paler."""
        place = f"{trouble.where}: " if trouble.where else ""
        more = self.tr(" (and {n} more)").format(n=trouble.n_more) if trouble.n_more else ""
        self.strip.show_trouble(f"{place}{trouble.what}; {trouble.hint}{more}")
        if not self.view.overlay.carried:
            finding = Finding("airflow.no_answer", "warning", trouble.where or "room", trouble.what, trouble.hint)
            self.view.document.add_findings("airflow", [finding])
        self._layer.set_stale(True)
        self.why.show_why(None)

    def _on_died(self, status: int) -> None:
        self.strip.show_trouble(
            self.tr("The air model stopped (exit {status}); switch it off and on").format(status=status)
        )
        self._layer.set_stale(True)

    def _forget(self) -> None:
        self.picture = None
        self._layer.set_picture(None)
        self._doubts.set_doubted(frozenset())
        self.view.plan_scene.clear_live()
        self.why.show_why(None)
        self.view.document.add_findings("airflow", [])

    # Looks

    def _restyle(self, _look: object = None) -> None:
        self.legend.update()
        if self.picture is not None:
            self._colour_racks(self.picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Strip and legend keep to the edges of the plan."""
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self._place_parts()
        return False

    def _place_parts(self) -> None:
        width, height = self.view.width(), self.view.height()
        self.strip.setGeometry(0, height - STRIP_PX, width, STRIP_PX)
        top, bottom = RULER_PX + 16, height - STRIP_PX - KEY_PX
        self.legend.setGeometry(width - LEGEND_PX, top, LEGEND_PX, max(140, bottom - top))
        self.key.setGeometry(width - LEGEND_PX, bottom, LEGEND_PX, KEY_PX)
