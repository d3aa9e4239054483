"""The small tables in assets/ a scenario draws on: time-of-use tariffs, carbon by month, weather by month."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.catalogue.device import Fraction, Id, NotNegative, Sheet
from twin.errors import DocumentError
from twin.files import Document, asset_dir, check_format, read_yaml, validated

Season = Literal["summer", "spring_autumn", "winter"]
Month = Annotated[int, Field(ge=1, le=12)]
Twelve = Annotated[tuple[float, ...], Field(min_length=12, max_length=12, description="January to December")]
Span = tuple[Annotated[int, Field(ge=0, le=23)], Annotated[int, Field(ge=1, le=24)]]


class Seasons(Sheet):
    """Which months belong to which season."""

    summer: tuple[Month, ...]
    spring_autumn: tuple[Month, ...]
    winter: tuple[Month, ...]
    estimate: bool = False
    reasoning: str = ""

    @model_validator(mode="after")
    def _covers_the_year(self) -> Seasons:
        months = sorted((*self.summer, *self.spring_autumn, *self.winter))
        if months != list(range(1, 13)):
            raise ValueError(f"seasons name the months {months}, each of 1 to 12 is needed once")
        return self


class Bands(Sheet):
    """Hours of a day that are off-peak and peak; the rest is mid."""

    off: tuple[Span, ...]
    peak: tuple[Span, ...]
    estimate: bool = False
    reasoning: str = ""


class SeasonBands(Sheet):
    """Bands of each season."""

    summer: Bands
    spring_autumn: Bands
    winter: Bands


class BandPrices(Sheet):
    """Price per kWh in each band."""

    off: NotNegative
    mid: NotNegative
    peak: NotNegative


class Option(Sheet):
    """A contract option: demand price and energy prices by season."""

    demand_per_kw_month: NotNegative
    summer: BandPrices
    spring_autumn: BandPrices
    winter: BandPrices


class Discount(Sheet):
    """Hours of some weekdays (0 Monday) and seasons that cost a fraction of their price."""

    seasons: tuple[Season, ...]
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...]
    hours: tuple[Span, ...]
    price_frac: Fraction


class DayRule(Sheet):
    """Bands of days off: Saturdays, and Sundays with public holidays."""

    saturday_peak: Literal["peak", "mid", "off"] = Field("peak", description="what peak hours of a Saturday cost")
    sunday: Literal["as_weekday", "off"] = Field("as_weekday", description="Sundays and public holidays")
    holidays: tuple[date, ...] = Field((), description="public holidays; they have the hours of a Sunday")
    holidays_source: str = Field("", description="where the dates come from")
    estimate: bool = False
    reasoning: str = ""


class DemandRule(Sheet):
    """What demand is billed in a month."""

    ratchet_months: tuple[Month, ...] = Field(
        (), description="months whose peak also binds the twelve months from then on"
    )
    contract_floor_frac: Fraction = Field(0.0, description="least billed demand over the contract power")
    source: str = ""


class TariffTable(Sheet):
    """A time-of-use tariff."""

    format: Literal["twin-tariff"]
    version: Literal[1]
    name: str
    currency: str
    utc_offset_h: float
    is_proxy: bool = Field(False, description="stands in for a contract whose table is not known")
    source: str
    notes: tuple[str, ...] = ()
    seasons: Seasons
    bands: SeasonBands
    discounts: tuple[Discount, ...] = ()
    days: DayRule = DayRule()
    demand: DemandRule = DemandRule()
    default_option: Id
    options: dict[Id, Option]


class CarbonTable(Sheet):
    """Carbon intensity of a grid by month."""

    format: Literal["twin-carbon-months"]
    version: Literal[1]
    place: str
    utc_offset_h: float
    years: str
    source: str
    direct_g_per_kwh: Twelve
    life_cycle_g_per_kwh: Twelve


class WeatherMonths(Sheet):
    """Month figures of outdoor air a year can be made from."""

    format: Literal["twin-weather-months"]
    version: Literal[1]
    place: str
    utc_offset_h: float
    elevation_m: float
    years: str
    source: str
    dry_bulb_mean_c: Twelve
    dry_bulb_min_c: Twelve
    dry_bulb_max_c: Twelve
    humidity_mean_frac: Twelve


def read_table(model: type[Document], path: Path, document: str) -> Document:
    """A table of a format from a YAML file; DocumentError with every mistake in it."""
    tree = read_yaml(path)
    check_format(tree, path, document, 1)
    return validated(model, tree, str(path))


def table_path(folder: str, name: str) -> Path:
    """Where a shipped table lies; DocumentError listing those there are when it is unknown."""
    path = asset_dir() / folder / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.yaml")))
        raise DocumentError(f"no table {name!r} in {folder}", str(path), f"known: {known}")
    return path
