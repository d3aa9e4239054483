"""Streams what a run measures to its result folder, or keeps it in memory; either way whole or not at all."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from twin.errors import OutputError
from twin.files import Tree
from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import Event, Frame, Frames
from twin.record.parts import Parts, refusals
from twin.record.result import FolderTables, MemoryTables, Result, json_text
from twin.record.tables import Column, Labels, MemoryTable, TableSink, TableWriter
from twin.record.thinning import PEAK_NAMES, Rows, Thinning

TABLES = ("telemetry.parquet", "racks.parquet", "events.parquet", "requests.parquet", "power.parquet")
TELEMETRY, RACKS, EVENTS, REQUESTS, POWER = TABLES
_HALL_ROWS = 4096
_RACK_VALUES = 65536
_EVENT_ROWS = 4096


class Recorder:
    """Takes frames and events as they come; `finish` writes what is left and gives the result.

    `folder` None keeps everything in memory. `every_s` None keeps every pulse. Raises OutputError where the folder
    refuses to be written; nothing of this run is left in it then.
    """

    def __init__(self, folder: Path | None, every_s: float | None, racks: Sequence[str], with_racks: bool) -> None:
        self._racks = tuple(racks)
        self._with_racks = with_racks
        self._thinning = Thinning(every_s, len(self._racks))
        self._rows: list[Rows] = []
        self._n_held = 0  # rows in them
        self._events: list[Event] = []
        self._n_rows = _HALL_ROWS if not with_racks else max(1, min(_HALL_ROWS, _RACK_VALUES // max(1, len(racks))))
        self._sinks: dict[str, TableWriter | MemoryTable] = {}
        self._parts = Parts(folder) if folder is not None else None
        if self._parts is not None:
            # Whatever ends the run without `finish`, an error in the engine too, its part files go with the recorder.
            weakref.finalize(self, self._parts.discard)
        names = (TELEMETRY, EVENTS, RACKS) if with_racks else (TELEMETRY, EVENTS)
        self._guarded(lambda: self._sinks.update({name: self._sink(name) for name in names}))

    def frame(self, frame: Frame) -> None:
        """One pulse: Frame.hall float64 (n_hall,), Frame.racks (n_rack_channels, n_racks)."""
        row = self._thinning.add(frame)
        if row is not None:
            self._hold(Rows.of(row))

    def frames(self, frames: Frames) -> None:
        """Pulses one after another, as if each had come by itself."""
        for rows in self._thinning.add_all(frames):
            self._hold(rows)

    def _hold(self, rows: Rows) -> None:
        """Keep rows until there are enough to write: row groups end at the same rows however these come."""
        first = 0
        while first < len(rows):
            end = min(len(rows), first + self._n_rows - self._n_held)
            self._rows.append(rows.part(first, end))
            self._n_held += end - first
            first = end
            if self._n_held >= self._n_rows:
                self._guarded(self._flush_rows)

    def event(self, event: Event) -> None:
        """One thing that happened."""
        self._events.append(event)
        if len(self._events) >= _EVENT_ROWS:
            self._guarded(self._flush_events)

    def finish(
        self,
        summary: Tree,
        run: Tree,
        requests: Mapping[str, np.ndarray] | None,
        documents: Mapping[str, str] | None = None,
        power: Mapping[str, np.ndarray] | None = None,
    ) -> Result:
        """Write the rest, run.json, summary.json and the documents (text by file name); then all files appear.

        requests, power: columns of the tables of requests and of the elements of the power path.
        """
        is_whole = False
        try:
            tables = {name: table for name, table in ((REQUESTS, requests), (POWER, power)) if table is not None}
            result = self._finished(summary, run, tables, documents or {})
            is_whole = True
            return result
        finally:
            # A second Ctrl-C, too, leaves no part file.
            if not is_whole:
                self.abandon()

    def abandon(self) -> None:
        """Drop the recording and leave the folder as it was found."""
        for sink in self._sinks.values():
            if isinstance(sink, TableWriter):
                sink.drop()
        if self._parts is not None:
            self._parts.discard()

    def _finished(
        self,
        summary: Tree,
        run: Tree,
        tables: Mapping[str, Mapping[str, np.ndarray]],
        documents: Mapping[str, str],
    ) -> Result:
        row = self._thinning.rest()
        self._rows += [Rows.of(row)] if row is not None else []
        # Tables of a run that ended before its first pulse still have their columns.
        self._flush_rows()
        self._flush_events()
        for name, table in tables.items():
            self._sinks[name] = self._sink(name)
            self._append(name, table)
        if self._parts is None:
            return Result(summary, run, self._in_memory())
        for name, sink in self._sinks.items():
            with refusals(self._parts.path(name)):
                if isinstance(sink, TableWriter):
                    sink.end()
        for name, text in {**documents, "summary.json": json_text(summary), "run.json": json_text(run)}.items():
            self._parts.write(name, text)
        self._parts.publish(removed=tuple(name for name in TABLES if name not in self._sinks))
        return Result(summary, run, FolderTables(self._parts.folder))

    def _in_memory(self) -> MemoryTables:
        kept = {name: sink.columns() for name, sink in self._sinks.items() if isinstance(sink, MemoryTable)}
        return MemoryTables(kept[TELEMETRY], kept.get(RACKS), kept.get(REQUESTS), kept[EVENTS], kept.get(POWER))

    def _sink(self, name: str) -> TableWriter | MemoryTable:
        if self._parts is None:
            return MemoryTable()
        with refusals(self._parts.path(name)):
            return TableWriter(self._parts.add(name))

    def _append(self, name: str, columns: Mapping[str, Column]) -> None:
        sink: TableSink = self._sinks[name]
        if self._parts is None:
            sink.append(columns)
            return
        with refusals(self._parts.path(name)):
            sink.append(columns)

    def _flush_rows(self) -> None:
        rows = Rows.joined(self._rows, len(self._racks))
        self._rows, self._n_held = [], 0
        table: dict[str, Column] = {"time_s": rows.time_s, **dict(zip(HALL_NAMES, rows.hall.T, strict=True))}
        table |= {f"{name}_max": column for name, column in zip(PEAK_NAMES, rows.peaks.T, strict=True)}
        self._append(TELEMETRY, table)
        if self._with_racks:
            n_racks = len(self._racks)
            long: dict[str, Column] = {
                "time_s": np.repeat(rows.time_s, n_racks),
                "rack": Labels(self._racks, np.tile(np.arange(n_racks, dtype=np.int32), len(rows))),
            }
            long |= {name: rows.racks[:, i].ravel() for i, name in enumerate(RACK_NAMES)}
            self._append(RACKS, long)

    def _flush_events(self) -> None:
        events, self._events = self._events, []
        table = {"time_s": np.array([event.time_s for event in events], float)}
        for name in ("severity", "kind", "place", "what"):
            table[name] = np.array([getattr(event, name) for event in events], object)
        self._append(EVENTS, table)

    def _guarded(self, action: Callable[[], None]) -> None:
        """Do something that writes; where the folder refuses, no part file stays."""
        try:
            action()
        except OutputError:
            self.abandon()
            raise
