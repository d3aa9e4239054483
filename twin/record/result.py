"""A finished recording: its summary, and its tables as arrays by channel name, from a folder or from memory."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from twin.errors import DocumentError, TwinError
from twin.files import Tree, read_json, whole_file
from twin.record.frame import Event, Severity

if TYPE_CHECKING:
    import pandas  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import pyarrow

Columns = dict[str, np.ndarray]


class Tables(Protocol):
    """Where a result's tables lie."""

    def telemetry(self) -> Columns: ...
    def rack(self, rack: str) -> Columns: ...
    def rack_names(self) -> list[str]: ...
    def requests(self) -> Columns: ...
    def events(self) -> Columns: ...
    def power(self) -> Columns: ...


@dataclass(frozen=True, slots=True)
class MemoryTables:
    """Tables of a run that wrote no folder."""

    telemetry_columns: Columns
    rack_columns: Columns | None  # long: one row per step and rack
    request_columns: Columns | None
    event_columns: Columns
    power_columns: Columns | None = None

    def telemetry(self) -> Columns:
        """Channels of the hall by name."""
        return self.telemetry_columns

    def rack_names(self) -> list[str]:
        """Racks in the order of the plant; empty when none was recorded."""
        return list(dict.fromkeys(self.rack_columns["rack"])) if self.rack_columns else []

    def rack(self, rack: str) -> Columns:
        """Channels of one rack by name; no rows for a rack that is not there."""
        long = self.rack_columns or {}
        at = long["rack"] == rack if long else np.zeros(0, bool)
        return {name: column[at] for name, column in long.items() if name != "rack"}

    def requests(self) -> Columns:
        """One row per request; empty when none was recorded."""
        return self.request_columns or {}

    def events(self) -> Columns:
        """One row per event."""
        return self.event_columns

    def power(self) -> Columns:
        """One row per element of the power path; empty when there is no such table."""
        return self.power_columns or {}


@dataclass(frozen=True, slots=True)
class FolderTables:
    """Tables of a result folder, read when asked for."""

    folder: Path

    def telemetry(self) -> Columns:
        """Channels of the hall by name."""
        return self._read("telemetry.parquet")

    def rack_names(self) -> list[str]:
        """Racks in the order of the plant; empty when none was recorded."""
        if not (self.folder / "racks.parquet").exists():
            return []
        import pyarrow.compute as pc

        column = _parquet(self.folder / "racks.parquet", ["rack"], None)["rack"]
        return [str(name) for name in pc.unique(column.cast("string")).to_pylist()]

    def rack(self, rack: str) -> Columns:
        """Channels of one rack by name; no rows for a rack that is not there."""
        columns = self._read("racks.parquet", [("rack", "==", rack)])
        columns.pop("rack", None)
        return columns

    def requests(self) -> Columns:
        """One row per request; empty when none was recorded."""
        return self._read("requests.parquet")

    def events(self) -> Columns:
        """One row per event."""
        return self._read("events.parquet")

    def power(self) -> Columns:
        """One row per element of the power path; empty when there is no such table."""
        return self._read("power.parquet")

    def _read(self, name: str, filters: list[tuple[str, str, str]] | None = None) -> Columns:
        path = self.folder / name
        if not path.exists():
            return {}
        table = _parquet(path, None, filters)
        return {column: table[column].to_numpy() for column in table.column_names}


class Result:
    """What a run leaves: `summary` and `run` as in their JSON files, arrays by channel name.

    `folder` is None for a run kept in memory.
    """

    def __init__(self, summary: Tree, run: Tree, tables: Tables) -> None:
        self.summary = summary
        self.run = run
        self._tables = tables

    @property
    def folder(self) -> Path | None:
        """Where it lies on the disk."""
        return self._tables.folder if isinstance(self._tables, FolderTables) else None

    @property
    def is_complete(self) -> bool:
        """False for a run that was stopped before its end."""
        return bool(self.run.get("complete", True))

    @cached_property
    def _telemetry(self) -> Columns:
        return self._tables.telemetry()

    @property
    def time_s(self) -> np.ndarray:
        """Simulated time at the end of each step, s, float64 (n_steps,)."""
        return self._telemetry["time_s"]

    @property
    def channels(self) -> tuple[str, ...]:
        """Names that `result[name]` takes."""
        return tuple(name for name in self._telemetry if name != "time_s")

    def __getitem__(self, channel: str) -> np.ndarray:
        """One channel of the hall, float64 (n_steps,); its unit is the end of its name."""
        if channel not in self._telemetry:
            raise TwinError(f"no channel {channel!r}", "telemetry", _near(channel, self.channels))
        return self._telemetry[channel]

    @cached_property
    def racks(self) -> tuple[str, ...]:
        """Names that `result.rack(name)` takes; empty when no rack was recorded."""
        return tuple(self._tables.rack_names())

    def rack(self, rack: str) -> Columns:
        """Channels of one rack by name, each (n_steps,), with its time_s."""
        if not self.racks:
            raise TwinError("racks were not recorded", "racks", "set record.racks: true in the scenario")
        if rack not in self.racks:
            raise TwinError(f"no rack {rack!r}", "racks", _near(rack, self.racks))
        return self._tables.rack(rack)

    @cached_property
    def requests(self) -> Columns:
        """Columns of the requests by name, each (n_requests,); empty when they were not recorded."""
        return self._tables.requests()

    @cached_property
    def power(self) -> Columns:
        """Energies, losses and peaks of the elements of the power path, each (n_elements,)."""
        return self._tables.power()

    @cached_property
    def events(self) -> list[Event]:
        """What happened, in the order of time."""
        columns = self._tables.events()
        rows = zip(*(columns[name] for name in ("time_s", "severity", "kind", "place", "what")), strict=True)
        return [Event(float(t), cast(Severity, str(s)), str(k), str(p), str(w)) for t, s, k, p, w in rows]

    def to_pandas(self) -> pandas.DataFrame:
        """The channels of the hall as a data frame indexed by time_s."""
        try:
            import pandas
        except ModuleNotFoundError as error:
            raise TwinError("pandas is not installed", "to_pandas", "pip install pandas, or use the arrays") from error
        return pandas.DataFrame(self._telemetry).set_index("time_s")


def open_result(folder: Path | str) -> Result:
    """The result in a folder; DocumentError where it holds none."""
    folder = Path(folder)
    if not (folder / "run.json").exists():
        raise DocumentError("holds no result (no run.json)", str(folder), "name the folder that `twin run -o` wrote")
    return Result(read_json(folder / "summary.json"), read_json(folder / "run.json"), FolderTables(folder))


def json_text(tree: Mapping[str, object]) -> str:
    """JSON in the order given; NaN and infinity, which JSON does not know, become null."""
    return json.dumps(_plain(tree), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path, tree: Mapping[str, object]) -> None:
    """A JSON file that appears whole or not at all."""
    with whole_file(path) as file:
        file.write(json_text(tree))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 3, 0.4)
    return f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known[:12])}"


def _parquet(path: Path, columns: list[str] | None, filters: list[tuple[str, str, str]] | None) -> pyarrow.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, columns=columns, filters=filters)
    except (OSError, pa.ArrowInvalid) as error:
        raise DocumentError(f"is no readable Parquet file: {error}", str(path), "run the scenario again") from error
