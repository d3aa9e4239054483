"""Everything one sees of a run - tiles, live plan, charts, events, time bar - fed from the run control."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from twin.record.frame import Event
from twin.scenario.model import Scenario
from ui import format as fmt
from ui.actions import Actions
from ui.charts import SharedTime
from ui.document import Document
from ui.feed import RACK_INDEX, Batch, joined
from ui.panels.events import EventsPanel
from ui.panels.power_path import PowerPath, shares_of
from ui.panels.transport import Overview, Transport
from ui.run_charts import RunCharts, family_name
from ui.run_control import RunControl, RunInfo
from ui.run_plan import RunPlan
from ui.run_tiles import RunTiles
from ui.widgets import EventItem, label
from ui.widgets.tool import themed_icon


class RackHeader(QWidget):
    """Above the charts while they show one rack: which one, its numbers now, and the way back."""

    def __init__(self, go_back: Callable[[], object]) -> None:
        super().__init__()
        self.back = QPushButton(self.tr("Whole hall"))
        themed_icon(self.back, "left", size_px=16)
        self.back.clicked.connect(go_back)
        self.name = label("", "object")
        self.facts = label("", "body", "text_2")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 16, 6)
        row.setSpacing(12)
        for widget in (self.back, self.name, self.facts):
            row.addWidget(widget)
        row.addStretch(1)
        self.setFixedHeight(40)
        self.hide()


class RunView(QObject):
    """The parts of the run view; the window gives each its place. `picked` carries the id of what is selected."""

    picked = Signal(str)

    def __init__(self, run: RunControl, document: Document, actions: Actions) -> None:
        super().__init__()
        self.run = run
        self.time = SharedTime()
        self.tiles = RunTiles()
        self.plan = RunPlan(document)
        self.charts = RunCharts(self.time)
        self.header = RackHeader(self.show_hall)
        self.events = EventsPanel()
        self.power_path = PowerPath()
        throughput = next(iter(self.charts.throughput.lines.values())).series
        self.overview = Overview(self.time, throughput)
        self.transport = Transport(run, actions, self.overview)
        self.centre = QWidget()
        self.selected = ""
        self.facility_j = 0.0
        self._scenario: Scenario | None = None
        self._failed: set[str] = set()
        self._held: Batch | None = None
        self._i_turn = 0
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.charts, 1)

    def _connect(self) -> None:
        self.run.opened.connect(self._begin)
        self.run.pulled.connect(self._on_pulled)
        self.run.happened.connect(self._on_event)
        self.run.phase_changed.connect(self._on_phase)
        self.run.refused.connect(lambda _error: self.events.set_points.refused())
        self.events.set_points.asked.connect(self.run.poke)
        self.plan.chosen.connect(self.select)
        self.events.chosen.connect(self._on_event_chosen)
        self.time.range_changed.connect(self._on_range)

    def set_scenario(self, scenario: Scenario | None) -> None:
        """The scenario whose service level the charts and tiles show from the next run on."""
        self._scenario = scenario

    def select(self, name: str) -> None:
        """Show a rack's own curves; anything else keeps those of the hall."""
        self.selected = name
        self.events.set_target(name)
        self.events.set_points.show_element(self.plan.view.document.floor, name)
        self.events.set_on(self.run.is_loaded)
        info = self.run.info
        if info is not None and name in info.racks:
            i_rack = info.racks.index(name)
            self.header.name.setText(self.tr("Rack {name}").format(name=name))
            self.header.facts.setText(family_name(info.families[i_rack]))
            self.header.show()
            self.charts.show_rack(i_rack, self.run.racks)
        else:
            self.header.hide()
            self.charts.show_hall()
        self.picked.emit(name)

    def show_hall(self) -> None:
        """Back to the curves of the hall."""
        self.plan.view.set_selection([])
        self.select("")

    def refresh(self) -> None:
        """Redraw everything for what has come."""
        self.charts.refresh()
        self._show_held()
        self.transport.show_state()

    def _begin(self, info: RunInfo) -> None:
        self.facility_j = 0.0
        self._held = None
        self._failed.clear()
        self.tiles.begin(info.racks, self._scenario)
        self.charts.begin(info.start_s, info.families, self._scenario)
        self.plan.begin(info.racks)
        self.power_path.set_shares(())
        self.events.clear()
        self.overview.begin(info.start_s, info.duration_s)
        self.select(self.selected)
        self.refresh()

    def _on_pulled(self, batch: Batch) -> None:
        if self.run.info is not None:
            self.facility_j += float(batch.column("facility_w").sum()) * self.run.info.pulse_s
        self.charts.append(batch)
        self._held = joined(self._held, batch)
        # Each column of charts and the rest are painted in turn, so that no pull keeps the user waiting long.
        self._i_turn = (self._i_turn + 1) % 3
        if self._i_turn:
            self.charts.refresh_half()
        else:
            self._show_held()

    def _show_held(self) -> None:
        """Tiles, plan, power path and time bar, for all that came since they were last shown."""
        batch, self._held = self._held, None
        if batch is None:
            return
        self.tiles.append(batch)
        self.power_path.set_shares(shares_of(batch))
        self.overview.advance(float(batch.time_s[-1]))
        if batch.racks is not None:
            self.plan.set_racks(float(batch.time_s[-1]), batch.racks)
            self._show_facts(batch)
        self.transport.show_state()

    def _on_phase(self) -> None:
        self.events.set_on(self.run.is_loaded)
        if self.run.phase != "running":
            self.refresh()

    def _show_facts(self, batch: Batch) -> None:
        info = self.run.info
        if info is None or batch.racks is None or self.selected not in info.racks or self.header.isHidden():
            return
        i_rack = info.racks.index(self.selected)
        values = batch.racks[:, i_rack]
        parts = (
            family_name(info.families[i_rack]),
            fmt.WATT.text(float(values[RACK_INDEX["power_w"]])),
            self.tr("inlet {value}").format(value=fmt.CELSIUS.text(float(values[RACK_INDEX["inlet_c"]]))),
            fmt.TOKENS_PER_S.text(float(values[RACK_INDEX["output_tokens_per_s"]])),
        )
        self.header.facts.setText("     ".join(parts))

    def _on_event(self, event: Event) -> None:
        self.events.add(event)
        self.charts.add_event(event)
        self.overview.events.append(event)
        if event.kind.endswith(".failed"):
            self._failed.add(event.place)
        elif event.kind.endswith(".repaired"):
            self._failed.discard(event.place)
        elif event.kind == "control.set":
            self.events.set_points.heard(event.place)
        self.plan.set_failed(self._failed)

    def _on_event_chosen(self, item: EventItem) -> None:
        if item.place_id:
            self.plan.view.set_selection([item.place_id])
        half_s = (self.time.end_s - self.time.start_s) / 2
        if item.time_s < self.time.start_s:
            first_s = max(self.time.first_s, item.time_s - half_s)
            self.time.set_range(first_s, first_s + 2 * half_s)
        self.time.set_cross(item.time_s)

    def _on_range(self) -> None:
        if self.run.phase != "running":
            self.charts.refresh()
