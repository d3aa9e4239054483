"""Parquet tables written a row group at a time, the same bytes for the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import pyarrow

ROWS_PER_GROUP = 65536


class Labels:
    """A column of repeated names: `names` once, and one int32 index per row."""

    def __init__(self, names: Sequence[str], index: np.ndarray) -> None:
        self.names = names
        self.index = index

    def __len__(self) -> int:
        return len(self.index)


Column = np.ndarray | Labels


class TableSink(Protocol):
    """Something that takes the rows of one table."""

    def append(self, columns: Mapping[str, Column]) -> None: ...


class TableWriter:
    """Rows of one table into a file; its columns are those of the first rows."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        # Native, not a Python file: Ctrl-C then waits for the end of a write instead of breaking it in the middle.
        self._file = pa.OSFile(str(path), "wb")
        self._writer: pyarrow.parquet.ParquetWriter | None = None

    def append(self, columns: Mapping[str, Column]) -> None:
        """One row group, or several when there are many rows."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table({name: _arrow(column) for name, column in columns.items()})
        if self._writer is None:
            texts = [field.name for field in table.schema if not _is_number(field.type)]
            self._writer = pq.ParquetWriter(
                self._file, table.schema, compression="zstd", compression_level=3, use_dictionary=texts or False
            )
        if table.num_rows:
            self._writer.write_table(table, row_group_size=ROWS_PER_GROUP)

    def end(self) -> None:
        """Write the table's foot and close the file."""
        if self._writer is not None:
            self._writer.close()
        self._file.close()

    def drop(self) -> None:
        """Close the file as it is."""
        if self._writer is not None:
            # Otherwise the library writes a foot when it collects the writer, into a file that is gone.
            self._writer.is_open = False
            self._writer = None
        with suppress(OSError):
            self._file.close()


class MemoryTable:
    """Rows of one table kept as arrays."""

    def __init__(self) -> None:
        self._groups: list[Mapping[str, Column]] = []

    def append(self, columns: Mapping[str, Column]) -> None:
        """Some more rows."""
        self._groups.append(columns)

    def columns(self) -> dict[str, np.ndarray]:
        """All rows, by column."""
        names = list(self._groups[0]) if self._groups else []
        return {name: np.concatenate([_numpy(group[name]) for group in self._groups]) for name in names}


def _arrow(column: Column) -> pyarrow.Array:
    import pyarrow as pa

    if isinstance(column, Labels):
        index = pa.array(column.index.astype(np.int32, copy=False))
        return pa.DictionaryArray.from_arrays(index, pa.array(list(column.names), pa.string()))
    if column.dtype.kind in "OU":
        return pa.array(column.tolist(), pa.string())
    return pa.array(column)


def _numpy(column: Column) -> np.ndarray:
    return np.asarray(column.names, object)[column.index] if isinstance(column, Labels) else column


def _is_number(kind: pyarrow.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind))
