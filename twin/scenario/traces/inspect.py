"""What a request trace is like, before anything is run on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from twin.scenario.traces.arrivals import Quantisation, quantisation
from twin.scenario.traces.columns import ColumnMap
from twin.scenario.traces.prefix import PrefixShare, prefix_share
from twin.scenario.traces.requests import Reading, RequestFile, RequestTable, read_request_file
from twin.scenario.traces.segments import Segment

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class LengthQuantiles:
    """Tokens per request."""

    total: int
    mean: float
    p50: float
    p95: float
    p99: float
    max: int


@dataclass(frozen=True, slots=True)
class TraceReport:
    """A trace in figures; None where a trace of that length has no such figure."""

    source: str
    shape: str  # azure, vidur, burstgpt, mooncake, ragpulse or mapped
    columns: dict[str, str]  # arrival, prompt, output, arrival_unit
    rows_read: int
    n_requests: int
    dropped: dict[str, int]  # reason -> rows
    first_line_dropped: dict[str, int]  # reason -> line of the first such row
    out_of_order: int  # rows sorted up because they arrive before one that stands above them
    starts_at: str | None  # wall clock of the first request as ISO 8601, where the file has one
    span_s: float
    rate_per_s: float | None
    dispersion: float | None  # variance / mean of the requests in each second; 1 for Poisson arrivals
    gap_cv: float | None  # standard deviation / mean of the gaps between arrivals
    peak_second_requests: int  # most requests in one second, counted from the first request
    peak_minute_requests: int
    peak_minute_ratio: float | None  # that minute's rate / mean rate
    prompt_tokens: LengthQuantiles
    output_tokens: LengthQuantiles
    quantisation: Quantisation | None  # None where requests mostly arrive one by one
    prefix: PrefixShare | None  # None where the trace does not say which prompts begin alike
    segments: tuple[Segment, ...]  # one for each start of the clock
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The same as plain values for json.dump."""
        return asdict(self)


def inspect_requests(path: Path, columns: ColumnMap | None = None, reading: Reading | None = None) -> TraceReport:
    """Read a request trace and describe it; raises what read_requests raises."""
    file = read_request_file(Path(path), columns, reading=reading or Reading())
    table, header = file.table, file.header
    span_s = float(table.arrival_s[-1])
    rate_per_s = len(table) / span_s if span_s > 0 else None
    ticks = quantisation(table.arrival_s)
    peak_minute = _peak_requests(table, _MINUTE_S)
    has_minutes = rate_per_s is not None and span_s >= _MINUTE_S
    return TraceReport(
        source=table.source,
        shape=header.shape,
        columns={key: str(value) for key, value in header.columns.model_dump(exclude_none=True).items()},
        rows_read=table.rows_read,
        n_requests=len(table),
        dropped=dict(table.dropped),
        first_line_dropped=dict(file.first_line_dropped),
        out_of_order=file.out_of_order,
        starts_at=_starts_at(file),
        span_s=span_s,
        rate_per_s=rate_per_s,
        dispersion=_dispersion(table, span_s),
        gap_cv=_gap_cv(table),
        peak_second_requests=_peak_requests(table, 1.0),
        peak_minute_requests=peak_minute,
        peak_minute_ratio=peak_minute / (rate_per_s * _MINUTE_S) if has_minutes and rate_per_s else None,
        prompt_tokens=_length_quantiles(table.prompt_tokens),
        output_tokens=_length_quantiles(table.output_tokens),
        quantisation=ticks,
        prefix=prefix_share(table.prefix) if table.prefix else None,
        segments=file.segments,
        notes=(*file.notes, *_notes(ticks, file.segments)),
    )


def _notes(ticks: Quantisation | None, segments: tuple[Segment, ...]) -> tuple[str, ...]:
    """What a user must know before playing the trace."""
    notes: list[str] = []
    if ticks:
        notes.append(
            f"arrivals are quantised to {ticks.step_s:g} s ({ticks.mean_requests:.1f} requests at each of "
            f"{ticks.n_instants:,} instants): played as they are they come in bursts; spread_arrivals: even or random"
        )
    if len(segments) > 1:
        lines = ", ".join(str(segment.first_line) for segment in segments[1:5]) + (", ..." if len(segments) > 5 else "")
        notes.append(
            f"the clock starts again in line {lines}: {len(segments)} segments, read one after the other; "
            f"segment: 0 to {len(segments) - 1} takes one"
        )
    return tuple(notes)


def _dispersion(table: RequestTable, span_s: float) -> float | None:
    n_seconds = int(span_s) + 1
    if n_seconds < 2:
        return None
    # Seconds without a request count in the mean, but need no bin.
    _, counts = np.unique(np.floor(table.arrival_s), return_counts=True)
    mean = len(table) / n_seconds
    return float((np.square(counts).sum() / n_seconds - mean**2) / mean)


def _starts_at(file: RequestFile) -> str | None:
    if file.header.columns.arrival_unit != "datetime":
        return None
    return str(np.datetime64(file.start_ns, "ns"))


def _gap_cv(table: RequestTable) -> float | None:
    gaps_s = np.diff(table.arrival_s)
    if len(gaps_s) < 2 or table.arrival_s[-1] == 0:
        return None
    return float(gaps_s.std() / gaps_s.mean())


def _peak_requests(table: RequestTable, window_s: float) -> int:
    # Counting distinct windows instead of bins keeps a trace of months with long gaps small.
    _, counts = np.unique(np.floor(table.arrival_s / window_s), return_counts=True)
    return int(counts.max())


def _length_quantiles(tokens: np.ndarray) -> LengthQuantiles:
    p50, p95, p99 = (float(value) for value in np.quantile(tokens, (0.5, 0.95, 0.99)))
    return LengthQuantiles(int(tokens.sum()), float(tokens.mean()), p50, p95, p99, int(tokens.max()))
