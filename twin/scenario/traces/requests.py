"""Requests as rows of arrays, and the reader that makes them from a CSV without losing a row silently."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.columns import ColumnMap, Header, read_header
from twin.scenario.traces.fields import arrival_parser, token_count
from twin.scenario.traces.opening import UNPACK_ERRORS, damaged, open_text

Row = tuple[int, int, int]  # arrival in ns, prompt tokens, output tokens


@dataclass(frozen=True, slots=True, eq=False)
class RequestTable:
    """Requests in order of arrival; `rows_read` = number of requests + everything in `dropped`."""

    arrival_s: np.ndarray  # (n,) float64, non-decreasing, seconds from the start of the trace
    prompt_tokens: np.ndarray  # (n,) int64, >= 1
    output_tokens: np.ndarray  # (n,) int64, >= 1
    source: str  # name of the file or of the generator's table
    rows_read: int
    dropped: dict[str, int]  # reason -> number of rows

    def __len__(self) -> int:
        return len(self.arrival_s)


@dataclass(frozen=True, slots=True, eq=False)
class RequestFile:
    """A trace file as read: its requests, and what the reader noticed on the way."""

    table: RequestTable
    header: Header
    start_ns: int  # arrival of the first request on the file's own clock
    out_of_order: int  # rows that arrive before one that stands above them
    first_line_dropped: dict[str, int]  # reason -> line of the first such row


def read_requests(path: Path, columns: ColumnMap | None = None, *, limit: int | None = None) -> RequestTable:
    """Requests of a CSV file (plain, gzip or zstd), sorted by arrival, the first one at 0 s.

    Azure, Vidur and BurstGPT layouts are recognised by their column names; `columns` names any other.
    `limit` reads that many rows from the top of the file. Times are exact to 1 ns before they become float64 seconds.
    Rows that cannot be used are counted in `dropped`: too_many_fields, missing_field, bad_time, bad_number,
    no_prompt_tokens, no_output_tokens. Blank lines are no rows.
    Errors: DocumentError, with file and line, when the file cannot be read as a trace or no row is left.
    """
    return read_request_file(path, columns, limit=limit).table


def read_request_file(path: Path, columns: ColumnMap | None = None, *, limit: int | None = None) -> RequestFile:
    """As read_requests, with the remarks of the reader."""
    if limit is not None and limit < 1:
        raise DocumentError(f"asked for {limit} rows", str(path), "ask for at least 1")
    path = Path(path)
    with open_text(path) as text:
        rows = _numbered_rows(text, path)
        line, names = next(rows, (1, []))
        if not names:
            raise DocumentError("only blank lines", f"{path}:1", "a trace needs a line of column names and rows")
        header = read_header(names, columns, f"{path}:{line}")
        kept = _Kept(path, header)
        for line, row in islice(rows, limit):
            kept.take(line, row)
    return kept.finished()


def scaled(table: RequestTable, rate_factor: float) -> RequestTable:
    """The same requests arriving `rate_factor` times as fast; lengths, order and counts stay.

    Errors: DocumentError when the factor is not a positive, finite number.
    """
    if not (0 < rate_factor < np.inf):
        raise DocumentError(f"rate factor {rate_factor:g} is not above 0", table.source, "give a positive number")
    return replace(table, arrival_s=table.arrival_s / rate_factor)


@dataclass(slots=True)
class _Kept:
    """Rows collected so far, and the ones that were not usable."""

    path: Path
    header: Header
    arrival_ns: array[int] = field(default_factory=lambda: array("q"))
    prompt_tokens: array[int] = field(default_factory=lambda: array("q"))
    output_tokens: array[int] = field(default_factory=lambda: array("q"))
    dropped: dict[str, int] = field(default_factory=dict)
    first_line_dropped: dict[str, int] = field(default_factory=dict)
    parse_ns: Callable[[str], int | None] = field(init=False)

    def __post_init__(self) -> None:
        self.parse_ns = arrival_parser(self.header.columns.arrival_unit)

    def take(self, line: int, row: list[str]) -> None:
        """Keep a row, or count it under the reason why not."""
        values = self._values(row)
        if isinstance(values, str):
            self.dropped[values] = self.dropped.get(values, 0) + 1
            self.first_line_dropped.setdefault(values, line)
            return
        self.arrival_ns.append(values[0])
        self.prompt_tokens.append(values[1])
        self.output_tokens.append(values[2])

    def _values(self, row: list[str]) -> Row | str:
        """The three numbers of a row, or the reason to drop it."""
        header = self.header
        if len(row) > header.n_fields:
            return "too_many_fields"
        if len(row) <= max(header.i_arrival, header.i_prompt, header.i_output):
            return "missing_field"
        arrival = row[header.i_arrival].strip()
        prompt, output = row[header.i_prompt].strip(), row[header.i_output].strip()
        if not (arrival and prompt and output):
            return "missing_field"
        arrival_ns = self.parse_ns(arrival)
        if arrival_ns is None:
            return "bad_time"
        prompt_tokens, output_tokens = token_count(prompt), token_count(output)
        if prompt_tokens is None or output_tokens is None:
            return "bad_number"
        if not prompt_tokens:
            return "no_prompt_tokens"
        if not output_tokens:
            return "no_output_tokens"
        return arrival_ns, prompt_tokens, output_tokens

    def finished(self) -> RequestFile:
        """The table sorted by arrival; rows at the same instant stay in the order of the file."""
        if not self.arrival_ns:
            raise self._nothing_left()
        arrival_ns = np.array(self.arrival_ns, dtype=np.int64)
        order = np.argsort(arrival_ns, kind="stable")
        start_ns = int(arrival_ns[order[0]])
        table = RequestTable(
            arrival_s=(arrival_ns[order] - start_ns) / 1e9,
            prompt_tokens=np.array(self.prompt_tokens, dtype=np.int64)[order],
            output_tokens=np.array(self.output_tokens, dtype=np.int64)[order],
            source=self.path.name,
            rows_read=len(arrival_ns) + sum(self.dropped.values()),
            dropped=dict(sorted(self.dropped.items())),
        )
        out_of_order = int(np.count_nonzero(arrival_ns < np.maximum.accumulate(arrival_ns)))
        return RequestFile(table, self.header, start_ns, out_of_order, self.first_line_dropped)

    def _nothing_left(self) -> DocumentError:
        if not self.dropped:
            return DocumentError(
                "a line of column names but no rows", f"{self.path}:1", "a trace needs at least one request"
            )
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self.dropped.items()))
        columns = self.header.columns
        return DocumentError(
            f"none of the {sum(self.dropped.values())} rows can be used: {reasons}",
            f"{self.path}:{min(self.first_line_dropped.values())}",
            f"check the columns {', '.join(columns.names)} and the arrival unit {columns.arrival_unit!r}",
        )


def _numbered_rows(text: TextIO, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line it begins on."""
    # strict: an unclosed quote would otherwise swallow the rest of the file as one field and lose rows unseen.
    reader = csv.reader(text, strict=True)
    line = 1
    try:
        for row in reader:
            if len(row) > 1 or (row and row[0].strip()):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise DocumentError(f"broken quotes: {error}", f"{path}:{line}", "close the quoted field") from None
    except UNPACK_ERRORS as error:
        raise damaged(error, f"{path}:{line}") from None
