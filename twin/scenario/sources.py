"""From the words of a scenario to requests: a trace as it is, spread or newly timed, a generator, or client models."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from twin.scenario.model import TraceFile, Workload
from twin.scenario.traces.arrival_times import drawn_arrivals, read_arrivals
from twin.scenario.traces.arrivals import ArrivalProcess, spread_arrivals, with_arrivals
from twin.scenario.traces.columns import ColumnMap
from twin.scenario.traces.generate import Day, generate_requests
from twin.scenario.traces.requests import Reading, RequestTable, read_lengths, read_requests, scaled
from twin.scenario.traces.servegen import Draw, draw_requests


def workload_requests(
    spec: Workload, folder: Path, duration_s: float, rng: np.random.Generator, start_s: float = 0.0
) -> RequestTable:
    """The requests of a workload; files are relative to `folder`, `rng` is the workload's own.

    start_s: seconds since local midnight at the start of the run, for rates that follow the hour of the day.

    Errors: DocumentError of the reader or generator.
    """
    if spec.trace is not None:
        return _trace_requests(spec.trace, folder, rng)
    if spec.servegen is not None:
        model = spec.servegen
        draw = Draw(duration_s, model.rate_factor, model.start_s)
        return draw_requests(folder / model.clients, folder / model.lengths, draw, int(rng.integers(2**63)))
    if spec.arrivals is not None:
        process = ArrivalProcess(spec.arrivals.rate_per_s, spec.arrivals.cv or 1.0)
        return drawn_arrivals(process, duration_s, rng, spec.arrivals.hourly_factor, start_s)
    assert spec.generator is not None
    wanted = spec.generator
    day = None if wanted.hourly_factor is None else Day(wanted.hourly_factor, start_s)
    return generate_requests(wanted.table, wanted.rate_per_s, duration_s, rng, day)


def request_files(spec: Workload) -> tuple[str, ...]:
    """The files a workload takes its requests from, as the scenario names them."""
    if spec.trace is not None:
        return (spec.trace.file,)
    return (spec.servegen.clients, spec.servegen.lengths) if spec.servegen is not None else ()


def _trace_requests(trace: TraceFile, folder: Path, rng: np.random.Generator) -> RequestTable:
    path = folder / trace.file
    if trace.columns is not None and trace.columns.prompt is None:
        assert trace.columns.arrival is not None
        table = read_arrivals(path, trace.columns.arrival, trace.columns.arrival_unit, limit=trace.limit)
        return _played(trace, table, rng)
    columns = ColumnMap(**trace.columns.model_dump()) if trace.columns else None
    if trace.arrivals is not None:
        process = ArrivalProcess(trace.arrivals.rate_per_s, trace.arrivals.cv or 1.0)
        return with_arrivals(read_lengths(path, columns, limit=trace.limit), process, rng)
    reading = Reading(trace.format, trace.segment, trace.segment_gap_s, trace.block_tokens)
    table = read_requests(path, columns, limit=trace.limit, reading=reading)
    return _played(trace, table, rng)


def _played(trace: TraceFile, table: RequestTable, rng: np.random.Generator) -> RequestTable:
    """The requests of a file, spread and scaled as asked."""
    if trace.spread_arrivals != "none":
        table = spread_arrivals(table, trace.spread_arrivals, rng)
    return scaled(table, trace.rate_factor) if trace.rate_factor != 1.0 else table
