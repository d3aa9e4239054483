"""Requests as rows of arrays, and the reader that makes them from a file without losing a row silently."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal, TextIO

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.columns import LENGTHS, ColumnMap, Header
from twin.scenario.traces.csv_rows import csv_requests
from twin.scenario.traces.json_rows import JSON_SHAPES, MOONCAKE_BLOCK_TOKENS, JsonRows, json_requests
from twin.scenario.traces.opening import UNPACK_ERRORS, damaged, open_text
from twin.scenario.traces.prefix import PrefixBlocks, blocks_from
from twin.scenario.traces.ragpulse import part_tokens, prompt_blocks
from twin.scenario.traces.rows import Rows
from twin.scenario.traces.segments import Part, Segment, chosen_rows, joined_ns, n_late, segment_starts, segments

TraceFormat = Literal["auto", "azure", "vidur", "burstgpt", "mooncake", "ragpulse"]


@dataclass(frozen=True, slots=True, eq=False)
class RequestTable:
    """Requests in order of arrival; `rows_read` = number of requests + everything in `dropped`."""

    arrival_s: np.ndarray  # (n,) float64, non-decreasing, seconds from the start of the trace
    prompt_tokens: np.ndarray  # (n,) int64, >= 1
    output_tokens: np.ndarray  # (n,) int64, >= 1
    source: str  # name of the file or of the generator's table
    rows_read: int
    dropped: dict[str, int]  # reason -> number of rows
    prefix: PrefixBlocks | None = None  # which prompts begin alike, where the trace knows

    def __len__(self) -> int:
        return len(self.arrival_s)


@dataclass(frozen=True, slots=True, eq=False)
class RequestFile:
    """A trace file as read: its requests, and what the reader noticed on the way."""

    table: RequestTable
    header: Header
    start_ns: int  # arrival of the first request on the file's own clock
    out_of_order: int  # rows that arrive before one that stands above them on the same clock
    first_line_dropped: dict[str, int]  # reason -> line of the first such row
    segments: tuple[Segment, ...]  # more than one where the clock starts again
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a trace file where the file itself leaves it open."""

    format: TraceFormat = "auto"
    segment: Part = "joined"  # which one to take where the clock starts again, from 0; or all in a row
    segment_gap_s: float = 0.0  # between segments put in a row
    block_tokens: int = MOONCAKE_BLOCK_TOKENS  # prompt tokens behind one id of a Mooncake trace


_PLAIN = Reading()


def read_requests(
    path: Path, columns: ColumnMap | None = None, *, limit: int | None = None, reading: Reading = _PLAIN
) -> RequestTable:
    """Requests of a CSV or JSON lines file (plain, gzip or zstd), sorted by arrival, the first one at 0 s.

    Azure, Vidur, BurstGPT, Mooncake and RAGPulse layouts are recognised by their names of columns and fields; `columns`
    names those of any other CSV. `limit` reads that many rows from the top of the file. Times are exact to 1 ns before
    they become float64 seconds.
    Rows that cannot be used are counted in `dropped`: too_many_fields, missing_field, bad_time, bad_number,
    no_prompt_tokens, no_output_tokens; in JSON also bad_json, bad_hash_ids, hash_count_mismatch; and other_segment for
    rows of a segment that was not asked for. Blank lines are no rows.
    Errors: DocumentError, with file and line, when the file cannot be read as a trace or no row is left.
    """
    return read_request_file(path, columns, limit=limit, reading=reading).table


def read_request_file(
    path: Path, columns: ColumnMap | None = None, *, limit: int | None = None, reading: Reading = _PLAIN
) -> RequestFile:
    """As read_requests, with the remarks of the reader."""
    path = Path(path)
    with _checked_text(path, limit) as text:
        first, lines = _first_line(text, path)
        is_json = first.lstrip().startswith("{") if reading.format == "auto" else reading.format in JSON_SHAPES
        if is_json and columns is None:
            found = json_requests(lines, path, limit, reading.format, reading.block_tokens)
            return _json_file(found, reading)
        file = _csv_file(csv_requests(lines, path, columns, limit, reading.format))
        chosen_rows(
            reading.segment, [0], len(file.table), str(path)
        )  # a CSV is sorted by its clock: it has one segment
        return file


def read_lengths(path: Path, columns: ColumnMap | None = None, *, limit: int | None = None) -> RequestTable:
    """Prompt and output lengths of a CSV in the order of the file, all arriving at 0 s; arrival columns are ignored.

    Rows are dropped and errors raised as by read_requests.
    """
    path = Path(path)
    with _checked_text(path, limit) as text:
        _, lines = _first_line(text, path)
        return _csv_file(csv_requests(lines, path, columns, limit, LENGTHS)).table


def scaled(table: RequestTable, rate_factor: float) -> RequestTable:
    """The same requests arriving `rate_factor` times as fast; lengths, order and counts stay.

    Errors: DocumentError when the factor is not a positive, finite number.
    """
    if not (0 < rate_factor < np.inf):
        raise DocumentError(f"rate factor {rate_factor:g} is not above 0", table.source, "give a positive number")
    return replace(table, arrival_s=table.arrival_s / rate_factor)


def _checked_text(path: Path, limit: int | None) -> AbstractContextManager[TextIO]:
    if limit is not None and limit < 1:
        raise DocumentError(f"asked for {limit} rows", str(path), "ask for at least 1")
    return open_text(path)


def _first_line(text: TextIO, path: Path) -> tuple[str, Iterator[str]]:
    """The first line that is not blank, and all lines from the top."""
    seen: list[str] = []
    try:
        for line in text:
            seen.append(line)
            if line.strip():
                return line, chain(seen, text)
    except UNPACK_ERRORS as error:
        raise damaged(error, f"{path}:{len(seen) + 1}") from None
    raise DocumentError("only blank lines", f"{path}:1", "a trace needs a line of column names and rows")


def _csv_file(rows: Rows) -> RequestFile:
    arrival_ns = rows.arrivals_ns
    table, order = _table(rows, arrival_ns, slice(0, len(arrival_ns)))
    found = segments(arrival_ns, np.array(rows.lines), [0])
    late = n_late(arrival_ns, [0])
    return RequestFile(table, rows.header, int(arrival_ns[order[0]]), late, rows.first_line_dropped, found, ())


def _json_file(found: JsonRows, reading: Reading) -> RequestFile:
    rows = found.rows
    read_ns, lines = rows.arrivals_ns, np.array(rows.lines)
    starts = segment_starts(read_ns)
    where = str(rows.path)
    chosen = chosen_rows(reading.segment, starts, len(read_ns), where)
    is_joined = reading.segment == "joined"
    arrival_ns = joined_ns(read_ns, starts, reading.segment_gap_s, where) if is_joined else read_ns
    table, order = _table(rows, arrival_ns, chosen)
    prefix, notes = _prefix(found, reading.block_tokens)
    table = replace(table, prefix=prefix.taken(order) if prefix else None)
    late = n_late(read_ns, starts)
    start_ns = int(arrival_ns[order[0]])
    return RequestFile(
        table, rows.header, start_ns, late, rows.first_line_dropped, segments(read_ns, lines, starts), tuple(notes)
    )


def _table(rows: Rows, arrival_ns: np.ndarray, chosen: slice) -> tuple[RequestTable, np.ndarray]:
    """The chosen rows sorted by arrival, and where they stand in the file, whose order decides at one instant."""
    order = np.argsort(arrival_ns[chosen], kind="stable") + chosen.start
    n_others = len(arrival_ns) - len(order)
    if n_others:
        rows.drop(rows.lines[0 if chosen.start else chosen.stop], "other_segment", n_others)
    table = RequestTable(
        arrival_s=(arrival_ns[order] - arrival_ns[order[0]]) / 1e9,
        prompt_tokens=np.array(rows.prompt_tokens, dtype=np.int64)[order],
        output_tokens=np.array(rows.output_tokens, dtype=np.int64)[order],
        source=rows.path.name,
        rows_read=len(order) + sum(rows.dropped.values()),
        dropped=dict(sorted(rows.dropped.items())),
    )
    return table, order


def _prefix(found: JsonRows, block_tokens: int) -> tuple[PrefixBlocks | None, list[str]]:
    """The prefix blocks of all kept rows in the order of the file, and what there is to say about them."""
    path = found.rows.path
    if found.rows.header.shape == "mooncake":
        return (blocks_from(found.block_ids, block_tokens) if any(found.block_ids) else None), []
    tokens, missing = part_tokens(path.parent)
    if missing:
        return None, [f"no prefix blocks: {', '.join(missing)} with the lengths of parts not beside {path.name}"]
    blocks, n_unknown = prompt_blocks(found.parts, tokens)
    prompt_tokens = np.array(found.rows.prompt_tokens, dtype=np.int64)
    notes = [f"{n_unknown} parts are in no table: prompts count as new from there on"] if n_unknown else []
    return blocks.capped(prompt_tokens // blocks.block_tokens), notes
