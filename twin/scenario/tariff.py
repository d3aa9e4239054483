"""Price of electric energy over time: flat, by time of use, or hourly from a market file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from twin.errors import DocumentError
from twin.files import Tree, asset_dir, check_format, read_yaml
from twin.scenario.hourly import (
    CalendarTable,
    FloatArray,
    HourlySteps,
    LocalTime,
    constant_table,
    read_hourly_csv,
)

TARIFF_FORMAT = "twin-tariff"
KOREA_OFFSET_H = 9.0
_SEASONS = ("summer", "spring_autumn", "winter")


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


def tariff_table(name: str, option: str = "high_A_II") -> Tariff:
    """A time-of-use tariff of assets/tariffs by name, with the contract option."""
    path = asset_dir() / "tariffs" / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.yaml")))
        raise DocumentError(f"no tariff table {name!r}", str(path), f"known: {known}")
    return read_tariff_table(path, option)


def read_tariff_table(path: Path, option: str) -> Tariff:
    """A time-of-use table: season by month, band by hour, price by season and band, discounts by weekday and hour.

    Errors: DocumentError on another format, an unknown option, or a season that does not cover the year.
    """
    tree = read_yaml(path)
    check_format(tree, path, TARIFF_FORMAT, 1)
    options = cast("dict[str, Tree]", tree["options"])
    if option not in options:
        raise DocumentError(f"no option {option!r}", str(path), f"known: {', '.join(options)}")
    chosen = options[option]
    season_of_month = _season_of_month(tree, path)
    by_month = np.stack([_day_prices(tree, chosen, season) for season in season_of_month])
    values = np.repeat(by_month[:, None, :], 7, axis=1)
    for rule in cast("list[Tree]", tree.get("discounts", [])):
        months = [i for i, season in enumerate(season_of_month) if season in cast("list[str]", rule["seasons"])]
        hours = _hours(cast("list[list[int]]", rule["hours"]))
        values[np.ix_(months, cast("list[int]", rule["weekdays"]), hours)] *= cast(float, rule["price_frac"])
    notes = tuple(cast("list[str]", tree.get("notes", [])))
    if tree.get("is_proxy"):
        notes = (f"{tree['name']} is a proxy for the contract of a data centre", *notes)
    prices = CalendarTable(values, float(cast(float, tree["utc_offset_h"])))
    demand = float(cast(float, chosen["demand_per_kw_month"]))
    return Tariff(str(tree["currency"]), prices, f"{tree['name']}, option {option}", notes, demand)


def _season_of_month(tree: Tree, path: Path) -> list[str]:
    seasons = cast(Tree, tree["seasons"])
    named = {month: name for name in _SEASONS for month in cast("list[int]", seasons[name])}
    missing = [month for month in range(1, 13) if month not in named]
    if missing:
        raise DocumentError(f"seasons leave out the months {missing}", str(path), "give every month a season")
    return [named[month] for month in range(1, 13)]


def _day_prices(tree: Tree, option: Tree, season: str) -> FloatArray:
    bands = cast(Tree, cast(Tree, tree["bands"])[season])
    price = cast("dict[str, float]", option[season])
    day = np.full(24, float(price["mid"]))
    for band in ("off", "peak"):
        day[_hours(cast("list[list[int]]", bands[band]))] = price[band]
    return day


def _hours(spans: list[list[int]]) -> list[int]:
    return [hour for first, end in spans for hour in range(first, end)]
