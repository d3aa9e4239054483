"""The key numbers above a run: eight tiles, each with its limit or its change over the last five minutes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication

from twin.scenario.model import Scenario
from ui import format as fmt
from ui.feed import RACK_INDEX, Batch
from ui.run_charts import ALLOWABLE_C, RECOMMENDED_C
from ui.widgets import Tile, TileStrip

COMPARE_S = 300.0
SAMPLE_S = 10.0
TOKENS_OVER_S = 60.0
ENERGY_PER_TOKEN = fmt.Unit("J", digits=2)
ITEMS_PER_S = fmt.Unit("items/s", auto=True)


def _tr(text: str) -> str:
    return QCoreApplication.translate("tiles", text)


@dataclass(slots=True)
class _Past:
    """Samples of one number, one each 10 s, kept for five minutes."""

    samples: deque[tuple[float, float]]

    def add(self, time_s: float, value: float) -> bool:
        """Keep a value if the last one is old enough; whether it was kept."""
        if self.samples and time_s - self.samples[-1][0] < SAMPLE_S:
            return False
        self.samples.append((time_s, value))
        while time_s - self.samples[0][0] > COMPARE_S + SAMPLE_S:
            self.samples.popleft()
        return True

    def then(self) -> tuple[float, float] | None:
        """Time and value at the oldest sample, none before a minute has passed."""
        if len(self.samples) < 7:
            return None
        return self.samples[0]


class RunTiles(TileStrip):
    """Eight tiles that follow a run."""

    def __init__(self) -> None:
        self.throughput = Tile(_tr("Throughput"), fmt.TOKENS_PER_S)
        self.ttft = Tile(_tr("TTFT p99"), fmt.SECOND)
        self.tpot = Tile(_tr("TPOT p50"), fmt.MILLISECOND)
        self.it = Tile(_tr("IT power"), fmt.WATT)
        self.facility = Tile(_tr("Facility power"), fmt.WATT)
        self.pue = Tile("PUE", fmt.RATIO)
        self.inlet = Tile(_tr("Hottest inlet"), fmt.CELSIUS)
        self.per_token = Tile(_tr("Energy per token"), ENERGY_PER_TOKEN)
        tiles = (self.throughput, self.ttft, self.tpot, self.it, self.facility, self.pue, self.inlet, self.per_token)
        super().__init__(tiles)
        self._readings: tuple[tuple[Tile, Callable[[Batch], float]], ...] = (
            (self.throughput, lambda batch: _last(batch, self._rate)),
            (self.ttft, lambda batch: _last(batch, "service_p99_s" if self._has_items else "ttft_p99_s")),
            (self.tpot, lambda batch: _last(batch, "tpot_p50_s")),
            (self.it, lambda batch: _last(batch, "it_w")),
            (self.facility, lambda batch: _last(batch, "facility_w")),
            (self.pue, lambda batch: _last(batch, "pue")),
            (self.inlet, lambda batch: _last(batch, "inlet_max_c")),
            (self.per_token, self._energy_per_token_j),
        )
        self.begin((), None)

    def begin(self, racks: tuple[str, ...], scenario: Scenario | None) -> None:
        """Start over for a run of these racks with the scenario's service level."""
        self._racks = racks
        workloads = scenario.workloads if scenario else ()
        self._show_kind(bool(workloads) and all(workload.service for workload in workloads))
        slos = [workload.slo for workload in scenario.workloads] if scenario else []
        # Over the loosest target some model surely misses its own.
        firsts_s = [slo.e2e_s if self._has_items else slo.ttft_s for slo in slos]
        self._ttft_most_s = max((limit_s for limit_s in firsts_s if limit_s), default=math.inf)
        self._tpot_most_s = max((slo.tpot_s for slo in slos if slo.tpot_s), default=math.inf)
        self._past = {tile: _Past(deque()) for tile in self.tiles}
        self._recent: deque[tuple[float, float, float]] = deque()
        for tile in self.tiles:
            tile.clear()

    def _show_kind(self, has_items: bool) -> None:
        """Words and units for tokens, or for items in a hall that serves nothing else."""
        self._has_items = has_items
        self._rate = "items_per_s" if has_items else "output_tokens_per_s"
        self.throughput.unit = ITEMS_PER_S if has_items else fmt.TOKENS_PER_S
        self.ttft.label = _tr("Latency p99") if has_items else _tr("TTFT p99")
        self.per_token.label = _tr("Energy per item") if has_items else _tr("Energy per token")

    def append(self, batch: Batch) -> None:
        """Show the newest of what arrived."""
        time_s = float(batch.time_s[-1])
        self._remember(batch)
        for tile, reading in self._readings:
            value = reading(batch)
            shown = value if math.isfinite(value) else None
            if math.isfinite(value) and self._past[tile].add(time_s, value):
                tile.add_sample(value)
            note, severity = self._judged(tile, value, batch)
            tile.set_value(shown, note or self._change(tile, value), severity)

    def _remember(self, batch: Batch) -> None:
        # Thinned rows keep the mean right, and a long batch short.
        step = max(1, len(batch.time_s) // 60)
        columns = (batch.time_s, batch.column("facility_w"), batch.column(self._rate))
        self._recent.extend(zip(*(column[::step].tolist() for column in columns), strict=True))
        while self._recent and self._recent[0][0] < batch.time_s[-1] - TOKENS_OVER_S:
            self._recent.popleft()

    def _energy_per_token_j(self, batch: Batch) -> float:
        """Facility energy over output tokens, or items, of the last minute."""
        rows = np.array(self._recent)
        tokens = float(rows[:, 2].sum())
        return float(rows[:, 1].sum()) / tokens if tokens > 0 else math.nan

    def _judged(self, tile: Tile, value: float, batch: Batch) -> tuple[str, str]:
        """Note and state of a number that has a limit, empty while it is within."""
        if tile is self.inlet:
            return self._judged_inlet(value, batch)
        limit = {self.ttft: self._ttft_most_s, self.tpot: self._tpot_most_s}.get(tile, math.inf)
        if math.isfinite(limit):
            text = _tr("target {limit}").format(limit=tile.unit.text(limit))
            return text, "warning" if value > limit else ""
        return "", ""

    def _judged_inlet(self, value: float, batch: Batch) -> tuple[str, str]:
        place = ""
        if batch.racks is not None and batch.racks.shape[1] == len(self._racks) > 0:
            inlets = batch.racks[RACK_INDEX["inlet_c"]]
            if np.isfinite(inlets).any():
                place = self._racks[int(np.nanargmax(inlets))]
        limit, severity = (ALLOWABLE_C, "critical") if value > ALLOWABLE_C else (RECOMMENDED_C, "warning")
        if not value > RECOMMENDED_C:
            severity = ""
        text = _tr("limit {limit:.0f}").format(limit=limit)
        return f"{place}, {text}" if place else text, severity

    def _change(self, tile: Tile, value: float) -> str:
        then = self._past[tile].then()
        if then is None or not math.isfinite(value):
            return ""
        since = fmt.clock(then[0], seconds=False)
        return _tr("{change} since {clock}").format(change=fmt.change(then[1], value), clock=since)


def _last(batch: Batch, name: str) -> float:
    return float(batch.column(name)[-1])
