"""Hourly values and calendar tables, looked up by local time with their own time zone."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DocumentError, ModelRangeError
from twin.scenario.traces.opening import UNPACK_ERRORS, damaged, open_text

FloatArray = NDArray[np.float64]
Moments = NDArray[np.datetime64]
LocalTime = datetime | np.datetime64 | Moments
HOUR_S = 3600.0
_HOUR = np.timedelta64(1, "h")


def in_zone(local: LocalTime, from_offset_h: float, to_offset_h: float) -> Moments:
    """The same instants on the clock of another zone; offsets are hours ahead of UTC. Returns datetime64[ms], (n,)."""
    shift = np.timedelta64(round((to_offset_h - from_offset_h) * 3_600_000), "ms")
    moments: Moments = np.asarray(local, dtype="datetime64[ms]")
    return np.asarray(moments + shift, dtype="datetime64[ms]")


@dataclass(frozen=True, slots=True)
class HourlySteps:
    """One value per hour of a dated period, constant within the hour."""

    start: np.datetime64  # beginning of the first hour, on the clock of utc_offset_h
    utc_offset_h: float
    values: FloatArray  # (n_hours,)
    where: str  # file it came from, for messages

    def at(self, local: LocalTime, utc_offset_h: float) -> FloatArray:
        """Values at local times of a place `utc_offset_h` ahead of UTC; (n,) or a scalar array.

        Errors: ModelRangeError when a time lies outside the period.
        """
        moments = in_zone(local, utc_offset_h, self.utc_offset_h)
        i_hour = np.floor((moments - self.start) / np.timedelta64(1, "ms") / 3_600_000).astype(np.int64)
        if i_hour.size and (i_hour.min() < 0 or i_hour.max() >= self.values.size):
            first, last = self.start, self.start + self.values.size * _HOUR
            raise ModelRangeError(
                f"asked for {moments.min()} to {moments.max()}, the series covers {first} to {last} "
                f"(UTC{self.utc_offset_h:+g})",
                self.where,
                "move the start of the scenario into this period or name another file",
            )
        return self.values[i_hour]


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """Values that depend on month, weekday and hour only."""

    values: FloatArray  # (12, 7, 24): month, weekday from Monday, hour of the day
    utc_offset_h: float | None  # zone whose clock the table follows; None: the clock of whoever asks
    as_sunday: Moments | None = None  # (n_days,) datetime64[D] treated as Sundays: public holidays

    def at(self, local: LocalTime, utc_offset_h: float) -> FloatArray:
        """Values at local times of a place `utc_offset_h` ahead of UTC; (n,) or a scalar array."""
        own_offset_h = utc_offset_h if self.utc_offset_h is None else self.utc_offset_h
        moments = in_zone(local, utc_offset_h, own_offset_h)
        days = moments.astype("datetime64[D]")
        month = moments.astype("datetime64[M]").astype(np.int64) % 12
        weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        if self.as_sunday is not None:
            weekday = np.where(np.isin(days, self.as_sunday), 6, weekday)
        hour = (moments.astype("datetime64[h]") - days) // _HOUR
        return self.values[month, weekday, hour.astype(np.int64)]


def constant_table(value: float) -> CalendarTable:
    """The same value always."""
    return CalendarTable(np.full((12, 7, 24), value), None)


@dataclass(frozen=True, slots=True)
class HourlyTable:
    """A CSV of one row per hour, checked to be complete."""

    path: Path
    start: np.datetime64
    header: list[str]
    rows: list[list[str]]

    def column(self, is_wanted: Callable[[str], bool], wanted: str) -> list[str]:
        """The fields under the first header that fits; `wanted` names it in the error."""
        for i_column, name in enumerate(self.header):
            if is_wanted(name.strip().lower()):
                return [row[i_column] for row in self.rows]
        found = ", ".join(name.strip() for name in self.header)
        raise DocumentError(f"no column {wanted!r}; found {found}", f"{self.path}:1", "name the column so")

    def numbers(self, is_wanted: Callable[[str], bool], wanted: str) -> FloatArray:
        """The column as finite numbers, (n_hours,)."""
        fields = self.column(is_wanted, wanted)
        values = np.empty(len(fields))
        for i_row, text in enumerate(fields):
            try:
                values[i_row] = float(text)
            except ValueError:
                values[i_row] = np.nan
            if not np.isfinite(values[i_row]):
                hint = "fill the gap or take another year"
                raise DocumentError(f"{wanted} is {text!r}, a number is needed", f"{self.path}:{i_row + 2}", hint)
        return values


def read_hourly_csv(
    path: Path, is_time: Callable[[str], bool], time_name: str, zone: tzinfo | None = None
) -> HourlyTable:
    """A CSV with a time column, one row per hour, in order and without gaps; plain, gzip or zstd, LF or CRLF.

    zone: the clock its times are read on; the start is then in UTC. None: a clock that never jumps.
    Errors: DocumentError naming the line of a short row, an unreadable time, a gap, a repeat or a step back.
    """
    with open_text(path) as text:
        try:
            lines = [row for row in csv.reader(text) if row]
        except (*UNPACK_ERRORS, csv.Error) as error:
            raise damaged(error, str(path)) from error
    if len(lines) < 2:
        raise DocumentError(f"holds {len(lines)} lines, a header and hourly rows are needed", str(path), "")
    header, rows = lines[0], lines[1:]
    for i_row, row in enumerate(rows):
        if len(row) < len(header):
            what = f"row has {len(row)} fields, the header has {len(header)}"
            raise DocumentError(what, f"{path}:{i_row + 2}", "the file is cut short; fetch it again")
    times = HourlyTable(path, np.datetime64(0, "s"), header, rows).column(is_time, time_name)
    return HourlyTable(path, hourly_start(times, str(path), 2, zone), header, rows)


def hourly_start(times: list[str], where: str, first_line: int, zone: tzinfo | None = None) -> np.datetime64:
    """The first of ISO times that must be one hour apart; `first_line` is the line (or index) of the first.

    zone: the times are of this clock, with its jumps of daylight saving; the answer is in UTC.
    """
    try:
        moments = np.array([text.strip() for text in times], dtype="datetime64[s]")
    except ValueError as error:
        bad = next((i for i, text in enumerate(times) if not _is_time(text)), 0)
        hint = "write times as 2023-01-31 13:00:00"
        raise DocumentError(f"time {times[bad]!r} cannot be read", f"{where}:{bad + first_line}", hint) from error
    if zone is not None and not np.isnat(moments).any():
        moments = utc_of(moments, zone)
    odd = _odd_step(moments)
    if odd is not None:
        i_row, counts = odd
        clock = "times must not jump with daylight saving" if zone is None else f"the clock is taken to be {zone}"
        raise DocumentError(
            f"{times[i_row + 1]} follows {times[i_row]}, steps of 1 h are needed ({counts})",
            f"{where}:{i_row + 1 + first_line}",
            f"fill gaps and drop repeated hours; {clock}",
        )
    return moments[0]


def _odd_step(moments: Moments) -> tuple[int, str] | None:
    """The first row followed by one that is not an hour later, and how many of what kind there are."""
    steps = np.diff(moments)
    is_odd = (steps != _HOUR) | np.isnat(moments[1:])
    if not is_odd.any():
        return None
    n_gaps, n_repeats = int((steps > _HOUR).sum()), int((steps == np.timedelta64(0, "s")).sum())
    n_other = int(is_odd.sum()) - n_gaps - n_repeats
    return int(is_odd.argmax()), f"gaps: {n_gaps}, repeats: {n_repeats}, other steps: {n_other}"


def on_clock(utc: np.datetime64, zone: tzinfo) -> tuple[np.datetime64, float]:
    """An instant as a clock shows it, and how many hours that clock is ahead of UTC then."""
    shift = utc.astype("datetime64[s]").item().replace(tzinfo=UTC).astimezone(zone).utcoffset()
    shift_s = shift.total_seconds() if shift is not None else 0.0
    return utc + np.timedelta64(round(shift_s), "s"), shift_s / HOUR_S


def utc_of(local: Moments, zone: tzinfo) -> Moments:
    """Times of a clock (n,), in order, in UTC; of an hour that the clock runs through twice, the second is the later.

    A time that the clock leaves out comes out as the one an hour later.
    """
    found = np.empty(local.size, dtype="datetime64[s]")
    before: datetime | None = None
    for i, moment in enumerate(local.astype("datetime64[s]").tolist()):
        is_second = before is not None and moment <= before
        shift = moment.replace(tzinfo=zone, fold=int(is_second)).utcoffset()
        found[i] = np.datetime64(moment - shift if shift is not None else moment, "s")
        before = moment
    return found


def _is_time(text: str) -> bool:
    try:
        np.datetime64(text.strip(), "s")
    except ValueError:
        return False
    return True
