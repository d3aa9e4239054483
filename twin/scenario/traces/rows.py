"""Rows on their way from a file to a table: kept, or counted under the reason why not."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.columns import Header
from twin.scenario.traces.fields import token_count

Row = tuple[int, int, int]  # arrival in ns, prompt tokens, output tokens


@dataclass(slots=True)
class Rows:
    """Usable rows so far, in the order of the file, and the count of the others."""

    path: Path
    header: Header
    arrival_ns: array[int] = field(default_factory=lambda: array("q"))
    prompt_tokens: array[int] = field(default_factory=lambda: array("q"))
    output_tokens: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    dropped: dict[str, int] = field(default_factory=dict)
    first_line_dropped: dict[str, int] = field(default_factory=dict)

    def keep(self, line: int, row: Row) -> None:
        """Add a usable row."""
        self.arrival_ns.append(row[0])
        self.prompt_tokens.append(row[1])
        self.output_tokens.append(row[2])
        self.lines.append(line)

    def drop(self, line: int, reason: str, count: int = 1) -> None:
        """Count what cannot be used; the first line of each reason is remembered."""
        self.dropped[reason] = self.dropped.get(reason, 0) + count
        self.first_line_dropped.setdefault(reason, line)

    @property
    def arrivals_ns(self) -> np.ndarray:
        """(n,) int64, in the order of the file. Errors: DocumentError when no row is left."""
        if not self.arrival_ns:
            raise self._nothing_left()
        return np.array(self.arrival_ns, dtype=np.int64)

    def _nothing_left(self) -> DocumentError:
        if not self.dropped:
            return DocumentError(
                "a line of column names but no rows", f"{self.path}:1", "a trace needs at least one request"
            )
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self.dropped.items()))
        columns = self.header.columns
        hint = f"check the columns {', '.join(columns.names)} and the arrival unit {columns.arrival_unit!r}"
        if "hash_count_mismatch" in self.dropped:
            hint = "give the file's own number of tokens per block: block_tokens: N"
        return DocumentError(
            f"none of the {sum(self.dropped.values())} rows can be used: {reasons}",
            f"{self.path}:{min(self.first_line_dropped.values())}",
            hint,
        )


def checked(arrival_ns: int | None, prompt: str, output: str) -> Row | str:
    """The three numbers of a row from its parsed arrival and the text of its lengths, or the reason to drop it."""
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
