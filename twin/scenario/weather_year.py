"""A seeded year of hourly Seoul air made from month means, extremes and humidity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.files import asset_dir
from twin.physics import psychro
from twin.scenario.hourly import FloatArray
from twin.scenario.tables import WeatherMonths, read_table

MONTHS_FILE = "weather/seoul_monthly.yaml"
_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_MONTH_OF_HOUR = np.repeat(np.arange(12), 24 * _DAYS)
# Shape of the days, read off the same 2020-24 series (day swing and slope) or chosen so that the year keeps its shares
# of hours below 18, 22 and 27 C.
_DAY_SWING_K = 3.8  # half the difference of afternoon and dawn
_DAY_NOISE_K = 3.2  # standard deviation of day means about the season
_DAY_MEMORY = 0.65  # correlation of one day with the next
_HUMIDITY_PER_K = -0.034  # relative humidity per kelvin within a day
_HUMIDITY_NOISE = 0.09  # standard deviation of day means of relative humidity
_MAX_DEW_POINT_C = 26.5  # the wettest hour of a year is 26.2 to 27.1 C
_WARMEST_HOUR = 15


@dataclass(frozen=True, slots=True)
class SeededYear:
    """Hours of the year from 1 January 00:00, local time; 365 days."""

    dry_bulb_c: FloatArray  # (8760,)
    humidity_frac: FloatArray  # (8760,)
    utc_offset_h: float
    elevation_m: float
    source: str


def seeded_year(seed: int) -> SeededYear:
    """A year whose month means are those of the table within 0.1 K and 0.2 %, inside the extremes of each month."""
    table = read_table(WeatherMonths, asset_dir() / MONTHS_FILE, "twin-weather-months")
    random = np.random.default_rng(np.random.SeedSequence([seed, 0x5E0]))
    hour = np.arange(_MONTH_OF_HOUR.size) % 24
    swing = _DAY_SWING_K * np.cos(2.0 * np.pi * (hour - _WARMEST_HOUR) / 24.0)
    dry_bulb_c = _with_month_means(
        np.array(table.dry_bulb_mean_c),
        _day_noise(random) * _DAY_NOISE_K + swing,
        np.array(table.dry_bulb_min_c)[_MONTH_OF_HOUR],
        np.array(table.dry_bulb_max_c)[_MONTH_OF_HOUR],
    )
    wetter = _day_noise(random) * _HUMIDITY_NOISE + _HUMIDITY_PER_K * swing
    # Without this bound a humid day that is also hot would be wetter than Seoul's air ever is.
    wettest = np.minimum(
        psychro.saturation_pressure_pa(_MAX_DEW_POINT_C) / psychro.saturation_pressure_pa(dry_bulb_c), 1.0
    )
    humidity_frac = _with_month_means(
        np.array(table.humidity_mean_frac), wetter, np.full_like(dry_bulb_c, 0.12), wettest
    )
    return SeededYear(dry_bulb_c, humidity_frac, table.utc_offset_h, table.elevation_m, table.source)


def _day_noise(random: np.random.Generator) -> FloatArray:
    """Day-to-day weather of unit variance: a first-order autoregression of days, joined linearly at noon, (8760,)."""
    n_days = int(_DAYS.sum())
    shocks = random.standard_normal(n_days) * np.sqrt(1.0 - _DAY_MEMORY**2)
    days = np.empty(n_days)
    days[0] = random.standard_normal()
    for i_day in range(1, n_days):
        days[i_day] = _DAY_MEMORY * days[i_day - 1] + shocks[i_day]
    hours = np.arange(24 * n_days)
    return np.interp(hours, 12 + 24 * np.arange(n_days), days, period=24 * n_days)


def _with_month_means(means: FloatArray, noise: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Season + noise, held inside [low, high], with the season's knots moved until every month has its mean."""
    ends = np.cumsum(24 * _DAYS)
    middles = ends - 12.0 * _DAYS
    hours = np.arange(ends[-1])
    n_hours = 24.0 * _DAYS
    knots = means.copy()
    for _ in range(200):
        season = np.interp(hours, middles, knots, period=ends[-1])
        values = np.clip(season + noise, low, high)
        miss = means - np.bincount(_MONTH_OF_HOUR, values, 12) / n_hours
        if np.abs(miss).max() < 1e-3 * max(1.0, float(np.abs(means).max()) / 25.0):
            break
        knots = knots + miss
    return values
