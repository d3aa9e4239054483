"""Price of electric energy over time: flat, by time of use, or hourly from a market file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from twin.errors import DocumentError
from twin.scenario.hourly import (
    CalendarTable,
    FloatArray,
    HourlySteps,
    LocalTime,
    constant_table,
    on_clock,
    read_hourly_csv,
)
from twin.scenario.tables import (
    BandPrices,
    Bands,
    DemandRule,
    Option,
    Season,
    TariffTable,
    read_table,
    table_path,
)

KOREA = ZoneInfo("Asia/Seoul")
IntArray = NDArray[np.intp]
BANDS = ("off", "mid", "peak")


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a kilowatt-hour costs at a time."""

    currency: str
    prices: CalendarTable | HourlySteps  # currency per kWh
    source: str
    notes: tuple[str, ...] = ()
    demand_per_kw_month: float = 0.0  # currency per kW of billed demand and month
    demand: DemandRule = field(default_factory=DemandRule)
    period_names: tuple[str, ...] = ("all_hours",)
    periods: CalendarTable | None = None  # index into period_names; none: there is only one

    def at(self, local: LocalTime, utc_offset_h: float) -> FloatArray:
        """Price per kWh at local times of a place `utc_offset_h` ahead of UTC; (n,) or a scalar array."""
        return self.prices.at(local, utc_offset_h)

    def period_at(self, local: LocalTime, utc_offset_h: float) -> str:
        """Name of the billing period at one local time, such as `summer_peak`."""
        return self.period_names[0 if self.periods is None else int(self.periods.at(local, utc_offset_h))]


def flat_tariff(per_kwh: float, currency: str = "KRW") -> Tariff:
    """One price at all times."""
    return Tariff(currency, constant_table(per_kwh), "flat price")


def read_price_file(path: Path, currency: str = "KRW", zone: tzinfo = KOREA) -> Tariff:
    """Hourly wholesale prices: `Datetime` (hour start on the clock of zone) and `Price (.../MWh)` or `Price (.../kWh)`.

    The shape of the KPX system marginal price files of HewlettPackard/sustain-cluster.
    Errors: DocumentError on a missing column, a gap, or a price in another currency.
    """
    table = read_hourly_csv(path, lambda name: name.startswith("datetime"), "Datetime", zone)
    unit = next((name.strip() for name in table.header if name.strip().lower().startswith("price")), "")
    per_kwh = {"mwh)": 1e-3, "kwh)": 1.0}.get(unit.lower()[-4:])
    if per_kwh is None or f"({currency}/".lower() not in unit.lower():
        raise DocumentError(
            f"price column is {unit!r}, 'Price ({currency}/MWh)' is needed",
            f"{path}:1",
            "set the currency of the tariff to that of the file",
        )
    values = table.numbers(lambda name: name.startswith("price"), unit) * per_kwh
    prices = HourlySteps(*on_clock(table.start, zone), values, str(path))
    return Tariff(currency, prices, f"hourly prices of {path.name}", period_names=("market",))


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
    bands = np.stack([_week_bands(table, season) for season in season_of_month])
    by_band = np.array([[getattr(_band_prices(chosen, season), band) for band in BANDS] for season in season_of_month])
    values = np.take_along_axis(by_band[:, None, :], bands.reshape(12, 1, -1), axis=2).reshape(bands.shape)
    names, periods = _periods(season_of_month, bands)
    for rule in table.discounts:
        months = [i for i, season in enumerate(season_of_month) if season in rule.seasons]
        at = np.ix_(months, rule.weekdays, _hours(rule.hours))
        values[at] *= rule.price_frac
        periods[at] += len(names) // 2
    holidays = np.array(table.days.holidays, dtype="datetime64[D]") if table.days.holidays else None
    return Tariff(
        currency=table.currency,
        prices=CalendarTable(values, table.utc_offset_h, holidays),
        source=f"{table.name}, option {option}",
        notes=_notes(table),
        demand_per_kw_month=chosen.demand_per_kw_month,
        demand=table.demand,
        period_names=names,
        periods=CalendarTable(periods.astype(np.float64), table.utc_offset_h, holidays),
    )


def _notes(table: TariffTable) -> tuple[str, ...]:
    if table.is_proxy:
        return (f"{table.name} is a proxy for the contract of a data centre", *table.notes)
    return table.notes


def _periods(season_of_month: list[Season], bands: IntArray) -> tuple[tuple[str, ...], IntArray]:
    """Names of season and band, then the same at a discount; and which of them holds, (12, 7, 24)."""
    seasons = list(dict.fromkeys(season_of_month))
    names = [f"{season}_{band}" for season in seasons for band in BANDS]
    first = np.array([len(BANDS) * seasons.index(season) for season in season_of_month])
    return (*names, *(f"{name}_discounted" for name in names)), bands + first[:, None, None]


def _season(table: TariffTable, month: int) -> Season:
    if month in table.seasons.summer:
        return "summer"
    return "winter" if month in table.seasons.winter else "spring_autumn"


def _band_prices(option: Option, season: Season) -> BandPrices:
    price: BandPrices = getattr(option, season)
    return price


def _week_bands(table: TariffTable, season: Season) -> IntArray:
    """Band of each weekday and hour, (7, 24), as an index into BANDS."""
    bands: Bands = getattr(table.bands, season)
    week = np.ones((7, 24), dtype=np.intp)
    week[:, _hours(bands.off)] = BANDS.index("off")
    week[:, _hours(bands.peak)] = BANDS.index("peak")
    week[5, week[5] == BANDS.index("peak")] = BANDS.index(table.days.saturday_peak)
    if table.days.sunday == "off":
        week[6] = BANDS.index("off")
    return week


def _hours(spans: tuple[tuple[int, int], ...]) -> list[int]:
    return [hour for first, end in spans for hour in range(first, end)]
