"""The table of a sweep: finished points as small files, all of them as one Parquet file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import DocumentError
from twin.files import Tree, read_json, whole_file
from twin.record.parts import refusals
from twin.record.result import write_json

if TYPE_CHECKING:
    import pyarrow

TABLE = "sweep.parquet"
HEAD = "sweep.json"
# They differ from one run of the same point to the next, and the table does not.
_CLOCKS = frozenset({"wall_s", "cpu_s"})
_OWN = ("index", "seed", "status", "error")


def flattened(tree: Mapping[str, object], prefix: str = "") -> Tree:
    """Scalars of a tree under dotted names; lists as one text each."""
    flat: Tree = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{key}.")
        elif isinstance(value, (list, tuple)):
            flat[prefix + key] = "; ".join(map(str, value))
        else:
            flat[prefix + key] = value
    return flat


class SweepFolder:
    """Where a sweep's points and table lie.

    `identity` is the hash of everything that decides the numbers; a folder belongs to one identity.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        self.identity = identity

    @property
    def table(self) -> Path:
        """The Parquet table."""
        return self.folder / TABLE

    def begin(self, head: Mapping[str, object], n_points: int, *, resume: bool) -> None:
        """Take the folder; DocumentError where it holds another sweep, or unfinished work that would be lost."""
        head_path = self.folder / HEAD
        old = read_json(head_path) if head_path.exists() else {}
        is_same = old.get("sha256") == self.identity
        if resume and old and not is_same:
            raise DocumentError(
                "holds points of another sweep, or its files have changed since",
                str(self.folder),
                "choose another folder, or remove this one",
            )
        n_done, n_old = len(list(self._points().glob("[0-9]*.json"))), old.get("n_points")
        if not resume and isinstance(n_old, int) and 0 < n_done < n_old:
            raise DocumentError(
                f"holds {n_done:,} of {n_old:,} points of {'this' if is_same else 'another'} unfinished sweep",
                str(self.folder),
                f"{'go on with --resume, ' if is_same else ''}choose another folder, or remove this one",
            )
        if not resume:
            with refusals(self.folder):
                self._clear()
        write_json(head_path, {**head, "sha256": self.identity, "n_points": n_points})

    def put(self, index: int, row: Mapping[str, object]) -> None:
        """One finished point, whole on the disk when this returns."""
        write_json(self._points() / f"{index:06d}.json", row)

    def rows(self) -> dict[int, Tree]:
        """Finished points by index, failed ones too."""
        return {int(path.stem): read_json(path) for path in sorted(self._points().glob("[0-9]*.json"))}

    def write_table(self, rows: Sequence[Tree], places: Sequence[str], record: Sequence[str]) -> None:
        """The Parquet table of the points that are finished, in the order of the plan."""
        import pyarrow.parquet as pq

        table = point_table(rows, places, record)
        # In memory first: the library cannot write into a file that appears whole or not at all.
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", compression_level=3)
        with whole_file(self.table, "wb") as file:
            file.write(buffer.getvalue())

    def _points(self) -> Path:
        return self.folder / "points"

    def _clear(self) -> None:
        self.table.unlink(missing_ok=True)
        for path in self._points().glob("[0-9]*.json"):
            path.unlink()


def point_table(rows: Sequence[Tree], places: Sequence[str], record: Sequence[str]) -> pyarrow.Table:
    """One row per point: index, a column per place, seed, status, error, and the figures asked for.

    A figure that a point lacks is null. DocumentError: `record` asks for a figure that no point has.
    """
    import pyarrow as pa

    known = list(dict.fromkeys(key for row in rows for key in _figures(row)))
    wanted = _wanted(known, record) if any(row["status"] == "ok" for row in rows) else []
    made: dict[str, pyarrow.Array] = {"index": pa.array([row["index"] for row in rows], pa.int64())}
    for i, place in enumerate(places):
        made[place] = _column([_item(row["values"], i) for row in rows])
    made["seed"] = _column([row["seed"] for row in rows], pa.int64())
    made["status"] = pa.array([row["status"] for row in rows], pa.string())
    made["error"] = pa.array([row["error"] for row in rows], pa.string())
    for key in wanted:
        made[key] = _column([_figures(row).get(key) for row in rows])
    return pa.table(made)


def _figures(row: Tree) -> Tree:
    figures = row.get("summary")
    shown = figures if isinstance(figures, dict) else {}
    return {key: value for key, value in shown.items() if key not in _CLOCKS and key not in _OWN}


def _item(values: object, i: int) -> object:
    assert isinstance(values, list)
    return values[i]


def _wanted(known: Sequence[str], record: Sequence[str]) -> list[str]:
    """Figures named by `record`, each by its own name or that of its group."""
    for name in record:
        if not any(key == name or key.startswith(f"{name}.") for key in known):
            near = get_close_matches(name, known, 3, 0.4)
            hint = f"did you mean {', '.join(near)}? " if near else ""
            raise DocumentError(
                f"no figure {name!r}", "record", f"{hint}The points are kept: mend it and go on with --resume"
            )
    return [key for key in known if not record or any(key == n or key.startswith(f"{n}.") for n in record)]


def _column(values: Iterable[object], kind: pyarrow.DataType | None = None) -> pyarrow.Array:
    """An Arrow column of the narrowest kind that holds all values; lists and mappings as JSON text."""
    import pyarrow as pa

    values = list(values)
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool} and kinds:
        kind = pa.bool_()
    elif kinds <= {int} and kinds:
        kind = pa.int64()
    elif kinds <= {int, float}:
        kind = kind or pa.float64()
        values = [value if value is None or kind == pa.int64() else _float(value) for value in values]
    else:
        kind = pa.string()
        values = [value if value is None or isinstance(value, str) else json.dumps(value) for value in values]
    return pa.array(values, kind)


def _float(value: object) -> float:
    assert isinstance(value, (int, float))
    return float(value)
