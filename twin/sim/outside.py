"""What comes from outside the building over a run: air, price and carbon, looked up a minute at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    start: np.datetime64
    utc_offset_h: float
    duration_s: float
    _first: int = -1
    _dry_c: FloatArray = field(default_factory=lambda: np.zeros(0))
    _wet_c: FloatArray = field(default_factory=lambda: np.zeros(0))
    _price: FloatArray = field(default_factory=lambda: np.zeros(0))
    _g_per_kwh: FloatArray = field(default_factory=lambda: np.zeros(0))

    @property
    def start_hour(self) -> float:
        """Local time of day at 0 s, h."""
        return float((self.start - self.start.astype("datetime64[D]")) / np.timedelta64(3600, "s"))

    def _minute(self, time_s: float) -> int:
        """Position of a time in the block that is looked up."""
        minute = int(min(time_s, self.duration_s - 1e-3) // MINUTE_S)
        if not 0 <= minute - self._first < len(self._dry_c):
            self._first = minute - minute % BLOCK
            # A dated file may end with the run: nothing beyond it is asked for.
            n = min(BLOCK, max(1, int(np.ceil(self.duration_s / MINUTE_S)) - self._first))
            middles_s = np.minimum((np.arange(self._first, self._first + n) + 0.5) * MINUTE_S, self.duration_s)
            middles_ms = (middles_s * 1000.0).astype("int64")
            times = self.start.astype("datetime64[ms]") + middles_ms.astype("timedelta64[ms]")
            air = self.weather.at(times, self.utc_offset_h)
            self._dry_c, self._wet_c = air.dry_bulb_c, air.wet_bulb_c
            self._price = self.tariff.at(times, self.utc_offset_h)
            self._g_per_kwh = self.carbon.at(times, self.utc_offset_h)
        return minute - self._first

    def air(self, time_s: float) -> Outdoors:
        """Outdoor air of the minute."""
        i = self._minute(time_s)
        return Outdoors(float(self._dry_c[i]), float(self._wet_c[i]))

    def price_per_kwh(self, time_s: float) -> float:
        """Price of energy in the minute."""
        return float(self._price[self._minute(time_s)])

    def carbon_g_per_kwh(self, time_s: float) -> float:
        """Carbon intensity in the minute."""
        return float(self._g_per_kwh[self._minute(time_s)])


def time_zone(site: Site) -> ZoneInfo:
    """The clock of a site."""
    try:
        return ZoneInfo(site.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = "give an IANA name such as Asia/Seoul"
        raise DocumentError(f"unknown time zone {site.time_zone!r}", "site.time_zone", hint) from error


def outside(scenario: Scenario, zone: ZoneInfo, folder: Path) -> Outside:
    """What a scenario says of the outside; its files are relative to the folder."""
    start = np.datetime64(scenario.start)
    shift = start.astype("datetime64[s]").item().replace(tzinfo=zone).utcoffset()
    offset_h = shift.total_seconds() / 3600.0 if shift is not None else 0.0
    found = Outside(
        _weather(scenario.weather, scenario.seed, folder),
        _tariff(scenario.tariff, folder, offset_h),
        _carbon(scenario.carbon, folder),
        start,
        offset_h,
        scenario.hours * 3600.0,
    )
    # A file that ends before the run does is refused now, not days into the run.
    for time_s in (found.duration_s, 0.0):
        found.air(time_s)
    return found


def _weather(spec: WeatherSpec, seed: int, folder: Path) -> Weather:
    if spec.kind == "file":
        return read_weather(folder / str(spec.file)).warmed(spec.offset_k)
    if spec.kind == "fixed":
        assert spec.dry_bulb_c is not None
        assert spec.humidity_frac is not None
        return fixed_weather(spec.dry_bulb_c, spec.humidity_frac).warmed(spec.offset_k)
    return seoul_year(seed, spec.offset_k)


def _tariff(spec: TariffSpec, folder: Path, utc_offset_h: float) -> Tariff:
    if spec.file:
        return read_price_file(folder / spec.file, spec.currency, utc_offset_h)
    if spec.table:
        return tariff_table(spec.table)
    return flat_tariff(spec.per_kwh or 0.0, spec.currency)


def _carbon(spec: CarbonSpec, folder: Path) -> Carbon:
    if spec.file:
        return read_carbon_file(folder / spec.file)
    if spec.g_per_kwh is not None:
        return flat_carbon(spec.g_per_kwh)
    return carbon_months(spec.table or "korea_monthly")
