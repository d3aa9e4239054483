"""Outdoor air over time: fixed, a seeded Seoul year, or a file (EPW or Open-Meteo)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from twin.errors import DocumentError, ModelRangeError
from twin.physics import psychro
from twin.scenario.hourly import HOUR_S, FloatArray, LocalTime, Moments, in_zone
from twin.scenario.weather_files import MAX_GAP_H, WeatherTable, epw_table, open_meteo_table
from twin.scenario.weather_year import MONTHS_FILE, seeded_year

_YEAR_H = 8760


class OutdoorAir(NamedTuple):
    """Air outside at some times; each field (n,)."""

    dry_bulb_c: FloatArray
    humidity_frac: FloatArray
    dew_point_c: FloatArray
    pressure_pa: FloatArray

    @property
    def wet_bulb_c(self) -> FloatArray:
        """Thermodynamic wet bulb, (n,)."""
        return np.asarray(psychro.wet_bulb_c(self.dry_bulb_c, self.humidity_frac, self.pressure_pa))


@dataclass(frozen=True, slots=True)
class Weather:
    """Hourly outdoor air; between hours it changes linearly.

    A series that repeats is a year of 365 days without a date: 29 February shows the air of 28 February. A dated one
    answers only inside its period, and holds its last hour to the end.
    """

    start: np.datetime64  # time of row 0, on the clock of utc_offset_h
    utc_offset_h: float
    dry_bulb_c: FloatArray  # (n_hours,)
    humidity_frac: FloatArray  # (n_hours,) relative humidity, 0 to 1
    dew_point_c: FloatArray  # (n_hours,) as the file says (finer than its humidity), else from the humidity
    pressure_pa: FloatArray  # (n_hours,)
    source: str
    repeats: bool
    notes: tuple[str, ...] = ()

    @property
    def time_s(self) -> FloatArray:
        """Seconds of the rows from the start, (n_hours,)."""
        return HOUR_S * np.arange(self.dry_bulb_c.size, dtype=np.float64)

    @property
    def air(self) -> OutdoorAir:
        """The rows themselves."""
        return OutdoorAir(self.dry_bulb_c, self.humidity_frac, self.dew_point_c, self.pressure_pa)

    def at(self, local: LocalTime, utc_offset_h: float) -> OutdoorAir:
        """Outdoor air at local times of a place `utc_offset_h` ahead of UTC; (n,) or scalar arrays.

        Errors: ModelRangeError when a time lies outside a dated series.
        """
        moments = in_zone(local, utc_offset_h, self.utc_offset_h)
        hours = self._hours_of_year(moments) if self.repeats else self._hours_since_start(moments)
        n_hours = self.dry_bulb_c.size
        i_hour = np.floor(hours).astype(np.int64)
        part = hours - i_hour
        this = i_hour % n_hours
        after = (i_hour + 1) % n_hours if self.repeats else np.minimum(i_hour + 1, n_hours - 1)
        return OutdoorAir(*((1.0 - part) * column[this] + part * column[after] for column in self.air))

    def warmed(self, offset_k: float) -> Weather:
        """The same series with every dry bulb raised and relative humidity kept: heat-wave stress, or another place."""
        if offset_k == 0.0:
            return self
        notes = (*self.notes, f"dry bulb raised by {offset_k:+g} K")
        dry_bulb_c = self.dry_bulb_c + offset_k
        dew_point_c = np.asarray(psychro.dew_point_c(dry_bulb_c, self.humidity_frac))
        return replace(self, dry_bulb_c=dry_bulb_c, dew_point_c=dew_point_c, notes=notes)

    def design_day(self, by: Literal["hottest", "most_humid"]) -> Weather:
        """The day with the highest dry bulb, or wet bulb, over and over: what a plant must carry at its worst.

        Errors: ModelRangeError when the series holds no whole day.
        """
        values = self.dry_bulb_c if by == "hottest" else self.air.wet_bulb_c
        into_h = int(self.start.astype("datetime64[h]").astype(np.int64) % 24)
        first = -into_h % 24
        n_days = (values.size - first) // 24
        if n_days < 1:
            raise ModelRangeError(f"holds {values.size} h, no whole day", self.source, "give at least a day")
        days = values[first : first + 24 * n_days].reshape(n_days, 24)
        i_day = int(days.max(axis=1).argmax())
        hours = slice(first + 24 * i_day, first + 24 * (i_day + 1))
        start = (self.start + np.timedelta64(hours.start, "h")).astype("datetime64[s]")
        word = "dry bulb" if by == "hottest" else "wet bulb"
        note = f"design day: {start.astype('datetime64[D]')}, {word} up to {days.max():.1f} C, every day"
        return replace(
            self,
            start=start,
            dry_bulb_c=self.dry_bulb_c[hours],
            humidity_frac=self.humidity_frac[hours],
            dew_point_c=self.dew_point_c[hours],
            pressure_pa=self.pressure_pa[hours],
            repeats=True,
            notes=(*self.notes, note),
        )

    def exceeded_c(self, frac: float, of: Literal["dry_bulb", "wet_bulb"] = "wet_bulb") -> float:
        """Temperature exceeded in this share of the hours: 0.004 is the usual design value of cooling."""
        values = self.dry_bulb_c if of == "dry_bulb" else self.air.wet_bulb_c
        return float(np.percentile(values, 100.0 * (1.0 - frac)))

    def _hours_since_start(self, moments: Moments) -> FloatArray:
        hours = (moments - self.start) / np.timedelta64(1, "ms") / 3_600_000
        if hours.size and (hours.min() < 0 or hours.max() > self.dry_bulb_c.size):
            last = self.start + np.timedelta64(self.dry_bulb_c.size, "h")
            raise ModelRangeError(
                f"asked for {moments.min()} to {moments.max()}, the weather covers {self.start} to {last} "
                f"(UTC{self.utc_offset_h:+g})",
                self.source,
                "move the start of the scenario into this period or name another file",
            )
        return np.asarray(np.minimum(hours, self.dry_bulb_c.size - 1e-9))

    def _hours_of_year(self, moments: Moments) -> FloatArray:
        year = moments.astype("datetime64[Y]")
        hours = (moments - year.astype("datetime64[ms]")) / np.timedelta64(1, "ms") / 3_600_000
        days = ((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(np.int64)
        is_past_28_february = (days == 366) & (hours >= 59 * 24)
        offset = (self.start - self.start.astype("datetime64[Y]")) / np.timedelta64(1, "h")
        return np.asarray((hours - 24.0 * is_past_28_february - offset) % self.dry_bulb_c.size)


def fixed_weather(
    dry_bulb_c: float, humidity_frac: float, pressure_pa: float = psychro.STANDARD_PRESSURE_PA
) -> Weather:
    """The same outdoor air at all times."""
    start = np.datetime64("2025-01-01T00:00:00", "s")
    dew_point_c = float(psychro.dew_point_c(dry_bulb_c, humidity_frac))
    rows = np.array([[dry_bulb_c], [humidity_frac], [dew_point_c], [pressure_pa]])
    return Weather(start, 0.0, rows[0], rows[1], rows[2], rows[3], "fixed outdoor air", repeats=True)


def seoul_year(seed: int, offset_k: float = 0.0) -> Weather:
    """A year of Seoul weather made from month figures: not measured, but with their means, extremes and humidity.

    seed: the same seed gives the same year; offset_k: added to every dry bulb.
    """
    year = seeded_year(seed)
    n_hours = year.dry_bulb_c.size
    pressure_pa = np.full(n_hours, float(psychro.standard_pressure_pa(year.elevation_m)))
    weather = Weather(
        np.datetime64("2025-01-01T00:00:00", "s"),
        year.utc_offset_h,
        year.dry_bulb_c,
        year.humidity_frac,
        np.asarray(psychro.dew_point_c(year.dry_bulb_c, year.humidity_frac)),
        pressure_pa,
        "seeded Seoul year (monthly means; not measured)",
        repeats=True,
        notes=(f"month figures: {MONTHS_FILE}, {year.source}",),
    )
    return weather.warmed(offset_k)


def read_weather(path: Path) -> Weather:
    """Weather of a file: EPW by its suffix .epw, otherwise Open-Meteo JSON; plain, gzip or zstd."""
    suffixes = {suffix.lower() for suffix in path.suffixes}
    if ".epw" in suffixes:
        return read_epw(path)
    if ".json" in suffixes:
        return read_open_meteo(path)
    raise DocumentError(f"suffix {path.suffix!r} is no weather file", str(path), "give a .epw or an Open-Meteo .json")


def read_epw(path: Path) -> Weather:
    """An EnergyPlus weather file: a year of 365 days that repeats.

    Rows hold the air at the end of their hour. Missing values (dry bulb 99.9, humidity 999, pressure 999999) are
    interpolated over up to 6 h and noted; longer gaps are refused. 29 February is dropped and noted.
    Errors: DocumentError naming the line of a row that is missing, out of order or unreadable.
    """
    table = epw_table(path)
    if table.dry_bulb_c.size != _YEAR_H:
        raise DocumentError(
            f"holds {table.dry_bulb_c.size} hours, a year has {_YEAR_H}", str(path), "give a whole year"
        )
    return _weather(table, path, repeats=True)


def read_open_meteo(path: Path) -> Weather:
    """An Open-Meteo answer with hourly temperature_2m and relative_humidity_2m, dated, in the zone it states.

    Nulls are interpolated over up to 6 h and noted. Pressure is `surface_pressure` where given, else that of the
    standard atmosphere at the stated elevation.
    Errors: DocumentError on a missing series, another unit, or times that are not one hour apart.
    """
    return _weather(open_meteo_table(path), path, repeats=False)


def _weather(table: WeatherTable, path: Path, repeats: bool) -> Weather:
    notes = list(table.notes)
    dry_bulb_c = _filled(table.dry_bulb_c, "dry bulb", path, notes)
    humidity_frac = _filled(table.humidity_frac, "relative humidity", path, notes)
    from_humidity = np.asarray(psychro.dew_point_c(dry_bulb_c, humidity_frac))
    dew_point_c = np.where(np.isnan(table.dew_point_c), from_humidity, table.dew_point_c)
    pressure_pa = _filled(_pressure(table, notes), "pressure", path, notes)
    columns = (dry_bulb_c, humidity_frac, dew_point_c, pressure_pa)
    return Weather(table.start, table.utc_offset_h, *columns, path.name, repeats, tuple(notes))


def _pressure(table: WeatherTable, notes: list[str]) -> FloatArray:
    if np.isfinite(table.pressure_pa).any():
        return table.pressure_pa
    notes.append(f"no pressure given: standard atmosphere at {table.elevation_m:g} m")
    return np.full(table.pressure_pa.size, float(psychro.standard_pressure_pa(table.elevation_m)))


def _filled(column: FloatArray, name: str, path: Path, notes: list[str]) -> FloatArray:
    """The column with its NaN interpolated; gaps longer than MAX_GAP_H are an error."""
    is_missing = np.isnan(column)
    if not is_missing.any():
        return column
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_missing, [False]]).astype(int)))
    firsts, lengths = edges[::2], edges[1::2] - edges[::2]
    if lengths.max() > MAX_GAP_H:
        i_first = int(firsts[lengths.argmax()])
        raise DocumentError(
            f"{name} is missing for {lengths.max()} h from row {i_first + 1}, at most {MAX_GAP_H} h are interpolated",
            str(path),
            "fill the gap or take another file",
        )
    notes.append(f"{name}: {int(is_missing.sum())} missing hours interpolated")
    rows = np.arange(column.size)
    return np.interp(rows, rows[~is_missing], column[~is_missing])
