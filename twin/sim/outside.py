"""What comes from outside the building over a run: air, price and carbon, looked up a minute at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from twin.errors import DocumentError
from twin.layout.model import Site
from twin.physics import FloatArray
from twin.plant.coolers.chiller_plant import Outdoors
from twin.scenario.carbon import Carbon, carbon_months, flat_carbon, read_carbon_file
from twin.scenario.model import CarbonSpec, Scenario, TariffSpec, WeatherSpec
from twin.scenario.tariff import Tariff, flat_tariff, read_price_file, tariff_table
from twin.scenario.weather import Weather, fixed_weather, read_weather, seoul_year

MINUTE_S = 60.0
BLOCK = 1440
"""Minutes looked up together."""


@dataclass(slots=True)
class Outside:
    """Weather, tariff and carbon on the run's own clock."""

    weather: Weather
    tariff: Tariff
    carbon: Carbon
    start_utc: np.datetime64
    zone: ZoneInfo  # clock of the site
    duration_s: float
    _first: int = -1
    _dry_c: FloatArray = field(default_factory=lambda: np.zeros(0))
    _wet_c: FloatArray = field(default_factory=lambda: np.zeros(0))
    _dew_c: FloatArray = field(default_factory=lambda: np.zeros(0))
    _air: Outdoors = field(default_factory=lambda: Outdoors(0.0, 0.0))  # from one time to another
    _air_from_s: float = 0.0
    _air_until_s: float = 0.0

    @property
    def start_hour(self) -> float:
        """Local time of day at 0 s, h."""
        local = self.local(0.0)
        return local.hour + local.minute / 60.0 + local.second / 3600.0

    def _minute(self, time_s: float) -> int:
        """Position of a time in the block that is looked up."""
        minute = int(min(time_s, self.duration_s - 1e-3) // MINUTE_S)
        if not 0 <= minute - self._first < len(self._dry_c):
            self._first = minute - minute % BLOCK
            # A dated file may end with the run: nothing beyond it is asked for.
            n = min(BLOCK, max(1, int(np.ceil(self.duration_s / MINUTE_S)) - self._first))
            middles_s = np.minimum((np.arange(self._first, self._first + n) + 0.5) * MINUTE_S, self.duration_s)
            # In UTC, where no hour is missing or double: each series knows its own clock.
            air = self.weather.at(self.utc(middles_s), 0.0)
            self._dry_c, self._wet_c, self._dew_c = air.dry_bulb_c, air.wet_bulb_c, air.dew_point_c
        return minute - self._first

    def utc(self, time_s: float | FloatArray) -> np.ndarray:
        """Simulated times as instants in UTC, datetime64[ms]."""
        after_ms = np.rint(np.asarray(time_s) * 1000.0).astype("int64").astype("timedelta64[ms]")
        return np.asarray(self.start_utc.astype("datetime64[ms]") + after_ms)

    def local(self, time_s: float) -> datetime:
        """A simulated time on the clock of the site."""
        moment: datetime = self.utc(time_s).item()
        return moment.replace(tzinfo=UTC).astimezone(self.zone)

    def air(self, time_s: float) -> Outdoors:
        """Outdoor air of the minute."""
        if not self._air_from_s <= time_s < self._air_until_s:
            i = self._minute(time_s)
            self._air = Outdoors(float(self._dry_c[i]), float(self._wet_c[i]))
            self._air_from_s = MINUTE_S * (self._first + i)
            self._air_until_s = min(self._air_from_s + MINUTE_S, self.duration_s - 1e-3)
        return self._air

    def dew_point_c(self, time_s: float) -> float:
        """Dew point of the outdoor air of the minute."""
        return float(self._dew_c[self._minute(time_s)])

    def price_per_kwh(self, time_s: float) -> float:
        """Price of energy at a time."""
        return float(self.tariff.at(self.utc(time_s), 0.0))

    def carbon_g_per_kwh(self, time_s: float) -> float:
        """Carbon intensity at a time."""
        return float(self.carbon.at(self.utc(time_s), 0.0))

    def period(self, time_s: float) -> str:
        """Name of the billing period at a time."""
        return self.tariff.period_at(self.utc(time_s), 0.0)


def time_zone(site: Site) -> ZoneInfo:
    """The clock of a site."""
    return _zone(site.time_zone, "site.time_zone")


def _zone(name: str, where: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = "give an IANA name such as Asia/Seoul"
        raise DocumentError(f"unknown time zone {name!r}", where, hint) from error


def start_utc(start: str, zone: ZoneInfo) -> np.datetime64:
    """The local start of a scenario in UTC; DocumentError when the clock of the site leaves that time out."""
    local = datetime.fromisoformat(start).replace(tzinfo=zone)
    utc = local.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        what = f"{start} does not exist in {zone}: the clock is put forward there"
        raise DocumentError(what, "start", "start an hour earlier or later")
    return np.datetime64(utc.replace(tzinfo=None), "ms")


def outside(scenario: Scenario, zone: ZoneInfo, folder: Path) -> Outside:
    """What a scenario says of the outside; its files are relative to the folder."""
    found = Outside(
        _weather(scenario.weather, scenario.seed, folder),
        _tariff(scenario.tariff, folder, zone),
        _carbon(scenario.carbon, folder),
        start_utc(scenario.start, zone),
        zone,
        scenario.hours * 3600.0,
    )
    # A file that ends before the run does is refused now, not days into the run.
    for time_s in (found.duration_s, 0.0):
        found.air(time_s)
        last_s = max(0.0, min(time_s, found.duration_s - 1e-3))
        found.price_per_kwh(last_s)
        found.carbon_g_per_kwh(last_s)
    return found


def _weather(spec: WeatherSpec, seed: int, folder: Path) -> Weather:
    found = _days(spec, seed, folder)
    return found if spec.day == "all" else found.design_day(spec.day)


def _days(spec: WeatherSpec, seed: int, folder: Path) -> Weather:
    if spec.kind == "file":
        return read_weather(folder / str(spec.file)).warmed(spec.offset_k)
    if spec.kind == "fixed":
        assert spec.dry_bulb_c is not None
        assert spec.humidity_frac is not None
        return fixed_weather(spec.dry_bulb_c, spec.humidity_frac).warmed(spec.offset_k)
    return seoul_year(seed, spec.offset_k)


def _tariff(spec: TariffSpec, folder: Path, zone: ZoneInfo) -> Tariff:
    if spec.file:
        clock = _zone(spec.time_zone, "tariff.time_zone") if spec.time_zone else zone
        found = read_price_file(folder / spec.file, spec.currency, clock)
    elif spec.table:
        found = tariff_table(spec.table)
    else:
        found = flat_tariff(spec.per_kwh or 0.0, spec.currency)
    if spec.demand_per_kw_month is not None:
        found = replace(found, demand_per_kw_month=spec.demand_per_kw_month)
    _check_demand(spec, found)
    return found


def _check_demand(spec: TariffSpec, tariff: Tariff) -> None:
    """Refuse terms of a contract that would change nothing: whoever wrote them expects otherwise."""
    if tariff.demand_per_kw_month == 0.0 and (spec.contract_kw or spec.past_peak_kw):
        name = "contract_kw" if spec.contract_kw else "past_peak_kw"
        what = f"{name} is given, but demand has no price under {tariff.source}"
        raise DocumentError(what, "tariff", "give demand_per_kw_month, or take a table that has one")
    if spec.contract_kw and tariff.demand.contract_floor_frac == 0.0:
        what = f"contract_kw is {spec.contract_kw:g}, but {tariff.source} bills no least share of the contract power"
        raise DocumentError(what, "tariff.contract_kw", "leave it out, or take a table that does")


def _carbon(spec: CarbonSpec, folder: Path) -> Carbon:
    if spec.file:
        return read_carbon_file(folder / spec.file, spec.scope)
    if spec.g_per_kwh is not None:
        return flat_carbon(spec.g_per_kwh)
    return carbon_months(spec.table or "korea_monthly", spec.scope)
