"""Arrival times without lengths: drawn over a duration, or one column of a CSV."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.arrivals import ArrivalProcess
from twin.scenario.traces.columns import ArrivalUnit
from twin.scenario.traces.csv_rows import numbered_rows
from twin.scenario.traces.fields import arrival_parser
from twin.scenario.traces.opening import open_text
from twin.scenario.traces.requests import RequestTable

HOUR_S = 3600.0
HOURS_PER_DAY = 24


def drawn_arrivals(
    process: ArrivalProcess,
    duration_s: float,
    rng: np.random.Generator,
    hourly_factor: tuple[float, ...] | None = None,
    start_s: float = 0.0,
) -> RequestTable:
    """Requests of 1 token each way that arrive within [0, duration_s) as `process` draws them.

    hourly_factor: rate of each of the 24 hours of a day, scaled so that their mean is the rate of the process; the
    renewal process runs on the integral of that rate. start_s: seconds since midnight at 0 s.
    """
    edges_s, expected = _expected(process.rate_per_s, duration_s, hourly_factor, start_s)
    unit = ArrivalProcess(1.0, process.gap_cv)
    n_block = int(expected[-1] + 6.0 * np.sqrt(expected[-1])) + 16
    counts = unit.arrivals_s(n_block, rng)
    while counts[-1] < expected[-1]:
        counts = np.concatenate([counts, counts[-1] + unit.arrivals_s(n_block, rng)])
    arrival_s = np.interp(counts[counts < expected[-1]], expected, edges_s)
    return _lengthless(arrival_s, "arrivals", len(arrival_s), {})


def _expected(
    rate_per_s: float, duration_s: float, hourly_factor: tuple[float, ...] | None, start_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Edges of the hours within the duration, and the expected requests up to each."""
    if hourly_factor is None:
        return np.array([0.0, duration_s]), np.array([0.0, rate_per_s * duration_s])
    first = np.floor(start_s / HOUR_S) * HOUR_S
    n_hours = int(np.ceil((start_s + duration_s - first) / HOUR_S))
    edges_s = np.clip(first + HOUR_S * np.arange(n_hours + 1) - start_s, 0.0, duration_s)
    hours = (int(first / HOUR_S) + np.arange(n_hours)) % HOURS_PER_DAY
    rates = rate_per_s * np.asarray(hourly_factor)[hours] / np.mean(hourly_factor)
    expected = np.concatenate([[0.0], np.cumsum(rates * np.diff(edges_s))])
    # Hours without requests would stand as a step that cannot be inverted.
    is_new = np.concatenate([[True], np.diff(expected) > 0.0])
    is_last = np.concatenate([np.diff(expected) > 0.0, [True]])
    keep = is_new | is_last
    return edges_s[keep], expected[keep]


def read_arrivals(path: Path, column: str, unit: ArrivalUnit = "s", *, limit: int | None = None) -> RequestTable:
    """The arrivals of one column of a CSV, sorted, the first one at 0 s; every request is 1 token each way.

    Rows that cannot be used are counted in `dropped`: too_many_fields, missing_field, bad_time.
    Errors: DocumentError with file and line when there is no such column, or no row is left.
    """
    parse_ns = arrival_parser(unit)
    times_ns: list[int] = []
    dropped: dict[str, int] = {}
    with open_text(path) as text:
        lines = numbered_rows(text, path)
        line, names = next(lines, (1, [""]))
        found = [name.strip() for name in names]
        if found.count(column) != 1:
            what = f"column {column!r} stands there {found.count(column)} times; columns found: {', '.join(found[:12])}"
            raise DocumentError(what, f"{path}:{line}", "name the column of arrival times: columns: {arrival: NAME}")
        i_column, n_fields = found.index(column), len(found)
        for _, fields in islice(lines, limit):
            reason = _flaw(fields, i_column, n_fields)
            arrival_ns = None if reason else parse_ns(fields[i_column].strip())
            if arrival_ns is None:
                reason = reason or "bad_time"
                dropped[reason] = dropped.get(reason, 0) + 1
            else:
                times_ns.append(arrival_ns)
    if not times_ns:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(dropped.items())) or "it has no rows"
        raise DocumentError(
            f"no row has an arrival: {reasons}", str(path), f"check column {column!r} and unit {unit!r}"
        )
    sorted_ns = np.sort(np.array(times_ns, dtype=np.int64))
    return _lengthless((sorted_ns - sorted_ns[0]) / 1e9, path.name, len(times_ns) + sum(dropped.values()), dropped)


def _flaw(fields: list[str], i_column: int, n_fields: int) -> str:
    if len(fields) > n_fields:
        return "too_many_fields"
    return "missing_field" if len(fields) <= i_column or not fields[i_column].strip() else ""


def _lengthless(arrival_s: np.ndarray, source: str, rows_read: int, dropped: dict[str, int]) -> RequestTable:
    ones = np.ones(len(arrival_s), dtype=np.int64)
    return RequestTable(arrival_s, ones, ones, source, rows_read, dict(sorted(dropped.items())))
