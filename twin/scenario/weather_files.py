"""The two hourly weather files as columns: EnergyPlus weather (EPW) and Open-Meteo answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from twin.errors import DocumentError
from twin.files import Tree
from twin.scenario.hourly import FloatArray, hourly_start
from twin.scenario.traces.opening import UNPACK_ERRORS, damaged, open_text

MAX_GAP_H = 6
_N_HEADER = 8
# Column, name, code of a missing value, possible range: as the EPW data dictionary states them.
_DRY_BULB_C = (6, "dry bulb", 99.9, (-70.0, 70.0))
_DEW_POINT_C = (7, "dew point", 99.9, (-70.0, 70.0))
_HUMIDITY_PERCENT = (8, "relative humidity", 999.0, (0.0, 110.0))
_PRESSURE_PA = (9, "pressure", 999_999.0, (31_000.0, 120_000.0))


@dataclass(frozen=True, slots=True)
class WeatherTable:
    """Hourly rows of a file; NaN where a value is missing."""

    start: np.datetime64
    utc_offset_h: float
    elevation_m: float
    dry_bulb_c: FloatArray
    humidity_frac: FloatArray
    dew_point_c: FloatArray
    pressure_pa: FloatArray
    notes: tuple[str, ...]


def _lines(path: Path) -> list[str]:
    with open_text(path) as text:
        try:
            return text.read().splitlines()
        except UNPACK_ERRORS as error:
            raise damaged(error, str(path)) from error


def epw_table(path: Path) -> WeatherTable:
    """Columns of an EPW file whose rows run through a year hour by hour; 29 February dropped and noted."""
    lines = _lines(path)
    head = lines[0].split(",")
    if head[0].strip().upper() != "LOCATION" or len(head) < 10:
        raise DocumentError(f"starts with {head[0]!r}, LOCATION is needed", f"{path}:1", "this is not an EPW file")
    rows, notes = _without_leap_day([line.split(",") for line in lines[_N_HEADER:] if line.strip()])
    _check_calendar(rows, path)
    columns = (
        _epw_column(rows, _DRY_BULB_C, path),
        _epw_column(rows, _HUMIDITY_PERCENT, path) / 100.0,
        _epw_column(rows, _DEW_POINT_C, path),
        _epw_column(rows, _PRESSURE_PA, path),
    )
    try:
        utc_offset_h, elevation_m = float(head[8]), float(head[9])
    except ValueError as error:
        hint = "LOCATION,city,state,country,source,WMO,latitude,longitude,time zone,elevation"
        raise DocumentError(f"time zone {head[8]!r}, elevation {head[9]!r}", f"{path}:1", hint) from error
    # Row 0 is hour 1, whose values hold at 01:00. The year only gives the calendar; a typical year has many.
    start = np.datetime64("2025-01-01T01:00:00", "s")
    return WeatherTable(start, utc_offset_h, elevation_m, *columns, notes)


def _without_leap_day(rows: list[list[str]]) -> tuple[list[list[str]], tuple[str, ...]]:
    kept = [row for row in rows if [field.strip().lstrip("0") for field in row[1:3]] != ["2", "29"]]
    return kept, (("29 February dropped",) if len(kept) < len(rows) else ())


def _check_calendar(rows: list[list[str]], path: Path) -> None:
    days = np.arange(np.datetime64("2025-01-01"), np.datetime64("2026-01-01"))
    for i_row, row in enumerate(rows[:8760]):
        month, day = str(days[i_row // 24])[5:].split("-")
        expected = [str(int(month)), str(int(day)), str(i_row % 24 + 1)]
        if len(row) < 10 or [field.strip().lstrip("0") for field in row[1:4]] != expected:
            found = "/".join(field.strip() for field in row[1:4])
            raise DocumentError(
                f"row {i_row + 1} is month/day/hour {found}, {'/'.join(expected)} is needed",
                f"{path}:{i_row + 1 + _N_HEADER}",
                "hours must run from 1 January, hour 1, without gap or repeat",
            )


def _epw_column(rows: list[list[str]], column: tuple[int, str, float, tuple[float, float]], path: Path) -> FloatArray:
    i_column, name, missing, (low, high) = column
    values = np.empty(len(rows))
    for i_row, row in enumerate(rows):
        try:
            value = float(row[i_column])
        except ValueError:
            value = np.inf
        is_missing = value == missing
        if not is_missing and not low <= value <= high:
            where = f"{path}:{i_row + 1 + _N_HEADER}"
            raise DocumentError(
                f"{name} is {row[i_column].strip()!r}, {low:g} to {high:g} is possible", where, "mend this row"
            )
        values[i_row] = np.nan if is_missing else value
    return values


def open_meteo_table(path: Path) -> WeatherTable:
    """Columns of an Open-Meteo JSON answer."""
    try:
        tree = json.loads("\n".join(_lines(path)))
        hourly = cast(Tree, tree["hourly"])
        times = cast("list[str]", hourly["time"])
        utc_offset_h = float(tree["utc_offset_seconds"]) / 3600.0
    except json.JSONDecodeError as error:
        raise DocumentError(f"broken JSON: {error.msg}", f"{path}:{error.lineno}", "fetch the file again") from error
    except (KeyError, TypeError) as error:
        hint = "an Open-Meteo answer holds hourly.time and utc_offset_seconds"
        raise DocumentError(f"lacks {error}", str(path), hint) from error
    units = cast("dict[str, str]", tree.get("hourly_units", {}))
    if not times:
        raise DocumentError("hourly.time is empty", str(path), "ask for at least a day")
    return WeatherTable(
        hourly_start(times, f"{path} hourly.time", 0),
        utc_offset_h,
        float(tree.get("elevation", 0.0)),
        _series(hourly, units, ("temperature_2m", "°C"), path),
        _series(hourly, units, ("relative_humidity_2m", "%"), path) / 100.0,
        np.full(len(times), np.nan),
        _series(hourly, units, ("surface_pressure", "hPa"), path) * 100.0
        if "surface_pressure" in hourly
        else np.full(len(times), np.nan),
        (),
    )


def _series(hourly: Tree, units: dict[str, str], wanted: tuple[str, str], path: Path) -> FloatArray:
    name, unit = wanted
    if name not in hourly:
        raise DocumentError(f"lacks hourly.{name}", str(path), f"ask Open-Meteo for hourly={name}")
    if units.get(name, unit) != unit:
        raise DocumentError(f"hourly.{name} is in {units[name]}, {unit} is needed", str(path), f"ask for {unit}")
    values = cast("list[float | None]", hourly[name])
    n_times = len(cast("list[str]", hourly["time"]))
    if len(values) != n_times:
        raise DocumentError(f"hourly.{name} has {len(values)} values for {n_times} times", str(path), "fetch it again")
    return np.array([np.nan if value is None else value for value in values], dtype=float)
