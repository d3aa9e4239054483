"""Logs of real engines: when each request came, how long it was, when its first and last token left."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.errors import DocumentError

Array = npt.NDArray[np.float64]
LATENCIES = ("ttft_s", "tpot_s", "e2e_s")
FEWEST = 40
"""Requests below which nothing can be fitted and held out."""

_NAMES = {
    "arrival": ("arrival", "arrival_s", "arrival_time", "arrived_at", "queued_ts"),
    "input": ("input", "input_tokens", "input_toks", "prompt_tokens"),
    "output": ("output", "output_tokens", "output_toks", "generated_tokens"),
    "first token": ("first_token", "first_token_s", "first_token_ts"),
    "last token": ("last_token", "last_token_s", "last_token_ts"),
}


@dataclass(frozen=True, slots=True)
class EngineLog:
    """Requests in order of arrival, seconds from the first; arrays of one value per request.

    latencies_s: measured time to first token, per further token (NaN for answers of one token), and in all.
    """

    arrival_s: Array
    prompt_tokens: npt.NDArray[np.int64]
    output_tokens: npt.NDArray[np.int64]
    latencies_s: dict[str, Array]

    def __len__(self) -> int:
        return self.arrival_s.size

    def first(self, n: int) -> EngineLog:
        """The first n requests."""
        latencies = {name: values[:n] for name, values in self.latencies_s.items()}
        return EngineLog(self.arrival_s[:n], self.prompt_tokens[:n], self.output_tokens[:n], latencies)


def read_engine_log(path: Path) -> EngineLog:
    """A CSV with a header, or JSON lines, with arrival, input, output, first and last token; all times in seconds.

    Where a log has both the client's arrival and the engine's `queued_ts`, their clocks may differ: the request taken
    up fastest sets the shift. Raises DocumentError with the line of what cannot be.
    """
    rows = _rows(path)
    names = {what: _name(what, rows[0], path) for what in _NAMES}
    columns = {what: _column(rows, name, path) for what, name in names.items()}
    arrival = columns["arrival"]
    if "queued_ts" in rows[0] and names["arrival"] != "queued_ts":
        arrival = arrival + np.min(_column(rows, "queued_ts", path) - arrival)
    first, last, output = columns["first token"], columns["last token"], columns["output"]
    _check(path, first >= arrival, "first token {:g} s, before it arrived at {:g} s", first, arrival)
    _check(path, last >= first, "last token {:g} s, before its first at {:g} s", last, first)
    _check(path, (output >= 1) & (columns["input"] >= 1), "{:g} input and {:g} output tokens", columns["input"], output)
    order = np.argsort(arrival, kind="stable")
    gaps = np.where(output > 1, output - 1.0, np.nan)
    latencies = dict(zip(LATENCIES, (first - arrival, (last - first) / gaps, last - arrival), strict=True))
    return EngineLog(
        arrival[order] - arrival[order[0]],
        columns["input"][order].astype(np.int64),
        output[order].astype(np.int64),
        {name: values[order] for name, values in latencies.items()},
    )


def _rows(path: Path) -> list[dict[str, object]]:
    try:
        text = path.read_text(encoding="utf-8")
        if text.lstrip().startswith("{"):
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = list(csv.DictReader(text.splitlines()))
    except (OSError, ValueError, csv.Error) as error:
        raise DocumentError(f"is no log of requests: {error}", str(path), "give CSV or JSON lines") from error
    if any(not isinstance(row, dict) for row in rows):
        raise DocumentError("is no log of requests: a line is no object", str(path), "give CSV or JSON lines")
    if len(rows) < FEWEST:
        raise DocumentError(f"{len(rows)} requests, at least {FEWEST} are needed", str(path), "give a longer log")
    return rows


def _name(what: str, row: dict[str, object], path: Path) -> str:
    found = next((name for name in _NAMES[what] if name in row), None)
    if found is None:
        known = ", ".join(sorted(str(key) for key in row))
        hint = f"name it {' or '.join(_NAMES[what])}; the file has {known}"
        raise DocumentError(f"no column tells the {what}", str(path), hint)
    return found


def _column(rows: list[dict[str, object]], name: str, path: Path) -> Array:
    values = np.empty(len(rows))
    for i, row in enumerate(rows):
        cell = row.get(name)
        try:
            values[i] = float(cell)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            values[i] = np.nan
        if not np.isfinite(values[i]):
            raise DocumentError(f"{name} is {cell!r}, a number is needed", f"{path} request {i + 1}", "mend the log")
    return values


def _check(path: Path, is_good: npt.NDArray[np.bool_], says: str, one: Array, other: Array) -> None:
    wrong = np.flatnonzero(~is_good)
    if wrong.size:
        i = int(wrong[0])
        more = f" ({wrong.size} such requests)" if wrong.size > 1 else ""
        raise DocumentError(says.format(one[i], other[i]) + more, f"{path} request {i + 1}", "mend the log")
