"""Requests from the rows of a CSV: arrival, prompt and output, or lengths alone."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from twin.errors import DocumentError
from twin.scenario.traces.columns import ColumnMap, Header, read_header
from twin.scenario.traces.fields import arrival_parser
from twin.scenario.traces.opening import UNPACK_ERRORS, damaged
from twin.scenario.traces.rows import Row, Rows, checked

_NO_ROW = (1, [""])


def csv_requests(
    text: Iterable[str], path: Path, columns: ColumnMap | None, limit: int | None, shape: str = "auto"
) -> Rows:
    """The rows of a CSV with a line of column names; `shape` names a known layout, `lengths` one without arrivals."""
    lines = numbered_rows(text, path)
    line, names = next(lines, _NO_ROW)
    header = read_header(names, columns, f"{path}:{line}", shape)
    rows = Rows(path, header)
    values = _reader(header)
    for line, fields in islice(lines, limit):
        row = values(fields)
        if isinstance(row, str):
            rows.drop(line, row)
        else:
            rows.keep(line, row)
    return rows


def _reader(header: Header) -> Callable[[list[str]], Row | str]:
    """A function from the fields of a row to its three numbers, or to the reason to drop it."""
    n_fields, i_prompt, i_output = header.n_fields, header.i_prompt, header.i_output
    i_arrival = i_prompt if header.i_arrival is None else header.i_arrival
    n_least = max(i_arrival, i_prompt, i_output)
    # Lengths without arrivals all stand at 0 until a process spreads them.
    parse_ns = (lambda _: 0) if header.i_arrival is None else arrival_parser(header.columns.arrival_unit)

    def values(fields: list[str]) -> Row | str:
        if len(fields) > n_fields:
            return "too_many_fields"
        if len(fields) <= n_least:
            return "missing_field"
        arrival, prompt, output = fields[i_arrival].strip(), fields[i_prompt].strip(), fields[i_output].strip()
        if not (arrival and prompt and output):
            return "missing_field"
        return checked(parse_ns(arrival), prompt, output)

    return values


def numbered_rows(text: Iterable[str], path: Path) -> Iterator[tuple[int, list[str]]]:
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
