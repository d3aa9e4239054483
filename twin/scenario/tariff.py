"""Price of electric energy over time: flat, by time of use, or hourly from a market file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.scenario.hourly import (
    CalendarTable,
    FloatArray,
    HourlySteps,
    LocalTime,
    constant_table,
    read_hourly_csv,
)
from twin.scenario.tables import BandPrices, Bands, Option, Season, TariffTable, read_table, table_path

KOREA_OFFSET_H = 9.0


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a kilowatt-hour costs at a time."""

    currency: str
    prices: CalendarTable | HourlySteps  # currency per kWh
    source: str
    notes: tuple[str, ...] = ()
    demand_per_kw_month: float = 0.0  # currency per kW of billed demand and month

    def at(self, local: LocalTime, utc_offset_h: float) -> FloatArray:
        """Price per kWh at local times of a place `utc_offset_h` ahead of UTC; (n,) or a scalar array."""
        return self.prices.at(local, utc_offset_h)


def flat_tariff(per_kwh: float, currency: str = "KRW") -> Tariff:
    """One price at all times."""
    return Tariff(currency, constant_table(per_kwh), "flat price")


def read_price_file(path: Path, currency: str = "KRW", utc_offset_h: float = KOREA_OFFSET_H) -> Tariff:
    """Hourly wholesale prices: `Datetime` (local, hour start) and `Price (.../MWh)` or `Price (.../kWh)`.

    The shape of the KPX system marginal price files of HewlettPackard/sustain-cluster.
    Errors: DocumentError on a missing column, a gap, or a price in another currency.
    """
    table = read_hourly_csv(path, lambda name: name.startswith("datetime"), "Datetime")
    unit = next((name.strip() for name in table.header if name.strip().lower().startswith("price")), "")
    per_kwh = {"mwh)": 1e-3, "kwh)": 1.0}.get(unit.lower()[-4:])
    if per_kwh is None or f"({currency}/".lower() not in unit.lower():
        raise DocumentError(
            f"price column is {unit!r}, 'Price ({currency}/MWh)' is needed",
            f"{path}:1",
            "set the currency of the tariff to that of the file",
        )
    values = table.numbers(lambda name: name.startswith("price"), unit) * per_kwh
    return Tariff(currency, HourlySteps(table.start, utc_offset_h, values, str(path)), f"hourly prices of {path.name}")


def tariff_table(name: str) -> Tariff:
    """A time-of-use tariff of assets/tariffs: `kepco_industrial_b_2026`, or with an option after a dot, `….high_a_iii`.

    Errors: DocumentError listing the tables or options there are.
    """
    table, _, option = name.partition(".")
    return read_tariff_table(table_path("tariffs", table), option or None)


def read_tariff_table(path: Path, option: str | None = None) -> Tariff:
    """A time-of-use table: season by month, band by hour, price by season and band, discounts by weekday and hour.

    Errors: DocumentError on a mistake in the table or an unknown option.
    """
    table = read_table(TariffTable, path, "twin-tariff")
    option = option or table.default_option
    if option not in table.options:
        raise DocumentError(f"no option {option!r}", str(path), f"known: {', '.join(table.options)}")
    chosen = table.options[option]
    season_of_month = [_season(table, month) for month in range(1, 13)]
    by_month = np.stack([_day_prices(table, chosen, season) for season in season_of_month])
    values = np.repeat(by_month[:, None, :], 7, axis=1)
    for rule in table.discounts:
        months = [i for i, season in enumerate(season_of_month) if season in rule.seasons]
        values[np.ix_(months, rule.weekdays, _hours(rule.hours))] *= rule.price_frac
    notes = table.notes
    if table.is_proxy:
        notes = (f"{table.name} is a proxy for the contract of a data centre", *notes)
    prices = CalendarTable(values, table.utc_offset_h)
    return Tariff(table.currency, prices, f"{table.name}, option {option}", notes, chosen.demand_per_kw_month)


def _season(table: TariffTable, month: int) -> Season:
    if month in table.seasons.summer:
        return "summer"
    return "winter" if month in table.seasons.winter else "spring_autumn"


def _day_prices(table: TariffTable, option: Option, season: Season) -> FloatArray:
    bands: Bands = getattr(table.bands, season)
    price: BandPrices = getattr(option, season)
    day = np.full(24, price.mid)
    day[_hours(bands.off)] = price.off
    day[_hours(bands.peak)] = price.peak
    return day


def _hours(spans: tuple[tuple[int, int], ...]) -> list[int]:
    return [hour for first, end in spans for hour in range(first, end)]
