"""Measured tables as columns of numbers, with the shapes the files of public repositories have."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.errors import DocumentError

Array = npt.NDArray[np.float64]


class Table:
    """Columns of one file by name; text columns stay text."""

    def __init__(self, columns: dict[str, list[str] | list[float]], where: str) -> None:
        self._columns = columns
        self._where = where

    def _column(self, name: str) -> list[str] | list[float]:
        if name not in self._columns:
            known = ", ".join(sorted(self._columns))
            raise DocumentError(f"column {name!r} is missing", self._where, f"the file has: {known}")
        return self._columns[name]

    def numbers(self, name: str) -> Array:
        """A column as floats, shape (rows,); an empty cell is NaN. Raises DocumentError on text."""
        try:
            return np.array([np.nan if cell in ("", None) else float(cell) for cell in self._column(name)])
        except ValueError as error:
            raise DocumentError(f"column {name!r} is not numeric: {error}", self._where) from error

    def words(self, name: str) -> npt.NDArray[np.str_]:
        """A column as text, shape (rows,)."""
        return np.array([str(cell) for cell in self._column(name)])

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), []))

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def where(self, keep: npt.NDArray[np.bool_]) -> Table:
        """The rows of a mask, shape (rows,)."""
        rows = np.flatnonzero(keep).tolist()
        kept = {name: [column[i] for i in rows] for name, column in self._columns.items()}
        return Table(kept, self._where)  # type: ignore[arg-type]


def read_table(path: Path) -> Table:
    """A CSV or Parquet file as columns. Raises DocumentError when it cannot be read."""
    try:
        if path.suffix == ".parquet":
            import pyarrow.parquet as parquet

            return Table(parquet.read_table(path).to_pydict(), str(path))
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DocumentError(f"cannot be read: {error}", str(path)) from error
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise DocumentError("rows differ in length or the file is empty", str(path), "give a table with a header line")
    columns: dict[str, list[str] | list[float]] = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    return Table(columns, str(path))
