"""The charts of a run: eight of the hall, and four of one rack that take their place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from twin.record.channels import RACK_NAMES
from twin.record.frame import Event
from twin.scenario.model import Scenario
from ui.charts import ChartGrid, EventMark, Limit, SharedTime, TimeChart
from ui.feed import Batch, RackFloats, RackHistory
from ui.format import CELSIUS, COUNT, MILLISECOND, PERCENT, RATIO, SECOND, TOKENS_PER_S, WATT

RECOMMENDED_C, ALLOWABLE_C = 27.0, 32.0
"""Upper limits of rack inlet air. Source: ASHRAE TC 9.9, Thermal Guidelines, recommended range and class A1."""
FAMILY_MARKS = {"npu": "circle", "npu_pim": "diamond", "gpu": "square"}
EVENTS_MOST = 200
ROWS_MOST = 400


def _tr(text: str) -> str:
    return QCoreApplication.translate("charts", text)


def family_name(family: str) -> str:
    """A chip family as people write it."""
    return {"npu": "NPU", "npu_pim": "NPU+PIM", "gpu": "GPU"}.get(family, _tr("no chips"))


class RunCharts(ChartGrid):
    """Charts that follow a run; `show_rack` shows one rack's, `show_hall` the hall's again."""

    def __init__(self, time: SharedTime) -> None:
        super().__init__(time)
        self.setAccessibleName(_tr("Charts of the run"))
        self._columns: list[tuple[TimeChart, tuple[str, ...]]] = []
        self._events: list[Event] = []
        self._i_rack: int | None = None
        self._i_half = 0
        self.throughput = self._hall_chart(_tr("Throughput"), TOKENS_PER_S, (("output_tokens_per_s", _tr("All"), ""),))
        self._add_hall_charts()
        self._rack_charts = self._added_rack_charts()
        self.show_hall()

    def _hall_chart(
        self, title: str, unit: object, lines: Sequence[tuple[str, str, str]], stacked: bool = False
    ) -> TimeChart:
        chart = self.add_chart(title, unit, stacked=stacked)  # type: ignore[arg-type]
        for key, name, role in lines:
            chart.add_line(key, name, role)
        self._columns.append((chart, tuple(key for key, _, _ in lines)))
        return chart

    def _add_hall_charts(self) -> None:
        self.ttft = self._hall_chart(
            _tr("Time to first token"), SECOND, (("ttft_p50_s", "p50", "npu"), ("ttft_p99_s", "p99", "gpu"))
        )
        self.tpot = self._hall_chart(
            _tr("Time per output token"), MILLISECOND, (("tpot_p50_s", "p50", "npu"), ("tpot_p99_s", "p99", "gpu"))
        )
        self._hall_chart(
            _tr("Requests"),
            COUNT,
            (("requests_waiting", _tr("Waiting"), "gpu"), ("requests_running", _tr("Running"), "npu")),
        )
        self.utilisation = self.add_chart(_tr("Utilisation by chip"), PERCENT)
        self._hall_chart(
            _tr("Power by element"),
            WATT,
            (("it_w", "IT", "npu"), ("cooling_w", _tr("Cooling"), "cooling"), ("loss_w", _tr("Loss"), "loss")),
            stacked=True,
        )
        self.inlet = self._hall_chart(
            _tr("Rack inlet"), CELSIUS, (("inlet_mean_c", _tr("Mean"), "other"), ("inlet_max_c", _tr("Hottest"), "gpu"))
        )
        self.inlet.set_limits(inlet_limits())
        self._hall_chart("PUE", RATIO, (("pue", "PUE", ""),))
        self._hall = list(self.charts)

    def _added_rack_charts(self) -> list[tuple[TimeChart, tuple[int, ...]]]:
        specs = (
            (_tr("Power"), WATT, (("power_w", _tr("Rack"), "npu"),)),
            (_tr("Utilisation"), PERCENT, (("utilisation_frac", _tr("Chips"), "npu"),)),
            (_tr("Air"), CELSIUS, (("inlet_c", _tr("Inlet"), "supply"), ("exhaust_c", _tr("Exhaust"), "return"))),
            (_tr("Throughput"), TOKENS_PER_S, (("output_tokens_per_s", _tr("Rack"), "npu"),)),
        )
        made = []
        for title, unit, lines in specs:
            chart = self.add_chart(title, unit)
            for key, name, role in lines:
                chart.add_line(key, name, role)
            made.append((chart, tuple(RACK_NAMES.index(key) for key, _, _ in lines)))
        made[2][0].set_limits(inlet_limits())
        return made

    def begin(self, start_s: float, families: Sequence[str], scenario: Scenario | None) -> None:
        """Start a run: empty charts, lines for the chip families there are, limits of its service level."""
        self.clear_values(start_s)
        self._events.clear()
        for key in list(self.utilisation.lines):
            self.utilisation.remove_line(key)
        present = [family for family in FAMILY_MARKS if family in families]
        for family in present:
            self.utilisation.add_line(family, family_name(family), family, FAMILY_MARKS[family])
        keys = tuple(f"utilisation_{family}_frac" for family in present)
        self._columns = [pair for pair in self._columns if pair[0] is not self.utilisation]
        self._columns.append((self.utilisation, keys))
        self.ttft.set_limits(_target(scenario, "ttft_s"))
        self.tpot.set_limits(_target(scenario, "tpot_s"))

    def append(self, batch: Batch) -> None:
        """Add what arrived; the view calls `refresh` afterwards."""
        rows = _kept(len(batch.time_s))
        times_s = batch.time_s[rows]
        for chart, keys in self._columns:
            for line, key in zip(chart.lines.values(), keys, strict=True):
                line.series.extend(times_s, batch.column(key)[rows])
        if self._i_rack is not None and batch.racks is not None:
            self._append_rack(times_s[-1:], batch.racks[None, :, self._i_rack])
        self.time.advance(float(times_s[-1]))

    def refresh_half(self) -> None:
        """Redraw one half of the charts, at the next call the other."""
        self._i_half = 1 - self._i_half
        every = self.charts
        self.charts = every[self._i_half :: 2]
        self.refresh()
        self.charts = every

    def add_event(self, event: Event) -> None:
        """Mark an event on all charts; the newest 200 are kept."""
        self._events = [*self._events[1 - EVENTS_MOST :], event]
        self.set_events([EventMark(each.time_s, each.severity) for each in self._events])

    def show_rack(self, i_rack: int, history: RackHistory) -> None:
        """Show one rack, its past included."""
        self._i_rack = i_rack
        for chart, _ in self._rack_charts:
            for line in chart.lines.values():
                line.series.clear()
        self._append_rack(*history.of(i_rack))
        self.set_charts_shown([chart for chart, _ in self._rack_charts])
        self.refresh()

    def show_hall(self) -> None:
        """Show the hall."""
        self._i_rack = None
        self.set_charts_shown(self._hall)
        self.refresh()

    def _append_rack(self, times_s: np.ndarray, values: RackFloats) -> None:
        for chart, columns in self._rack_charts:
            for line, i_channel in zip(chart.lines.values(), columns, strict=True):
                line.series.extend(times_s, values[:, i_channel])


def inlet_limits() -> list[Limit]:
    """The two limits every inlet chart shows."""
    return [
        Limit(_tr("recommended"), RECOMMENDED_C, "text_3"),
        Limit(_tr("A1 allowable"), ALLOWABLE_C),
    ]


def _target(scenario: Scenario | None, field: str) -> list[Limit]:
    """One line for the target all models share, or two for the strictest and the loosest."""
    limits = [getattr(workload.slo, field) for workload in scenario.workloads] if scenario else []
    given = sorted({limit for limit in limits if limit is not None})
    if len(given) < 2:
        return [Limit(_tr("target"), limit) for limit in given]
    return [Limit(_tr("strictest target"), given[0], "text_3"), Limit(_tr("loosest target"), given[-1])]


def _kept(n_rows: int) -> np.ndarray:
    """Which rows of a batch the charts take; more would not be seen and would hold up the window."""
    return np.unique(np.linspace(0, n_rows - 1, min(n_rows, ROWS_MOST)).round().astype(int))
