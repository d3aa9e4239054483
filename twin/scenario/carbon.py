"""Carbon intensity of grid power over time: flat, by month, or hourly from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from twin.errors import DocumentError
from twin.scenario.hourly import (
    CalendarTable,
    FloatArray,
    HourlySteps,
    LocalTime,
    constant_table,
    hourly_start,
    read_hourly_csv,
)
from twin.scenario.tables import CarbonTable, read_table, table_path

Scope = Literal["direct", "life_cycle"]
_FILE_SCOPE = {"direct": "(direct)", "life_cycle": "(lca)"}


@dataclass(frozen=True, slots=True)
class Carbon:
    """Grams of CO2 equivalent per kilowatt-hour at a time."""

    intensity: CalendarTable | HourlySteps  # g/kWh
    source: str
    n_estimated: int = 0  # hours of a file that its publisher estimated
    notes: tuple[str, ...] = ()

    def at(self, local: LocalTime, utc_offset_h: float) -> FloatArray:
        """g/kWh at local times of a place `utc_offset_h` ahead of UTC; (n,) or a scalar array."""
        return self.intensity.at(local, utc_offset_h)


def flat_carbon(g_per_kwh: float) -> Carbon:
    """One intensity at all times."""
    return Carbon(constant_table(g_per_kwh), "flat intensity")


def carbon_months(name: str = "korea_monthly", scope: Scope = "direct") -> Carbon:
    """Month means of assets/carbon by name; constant within a month of the grid's own clock.

    Errors: DocumentError when there is no such table or it does not hold twelve months.
    """
    table = read_table(CarbonTable, table_path("carbon", name), "twin-carbon-months")
    months = np.array(table.direct_g_per_kwh if scope == "direct" else table.life_cycle_g_per_kwh)
    values = np.broadcast_to(months[:, None, None], (12, 7, 24))
    return Carbon(CalendarTable(values, table.utc_offset_h), table.source)


def read_carbon_file(path: Path, scope: Scope = "direct") -> Carbon:
    """Hourly intensity in UTC: a CSV as Electricity Maps writes it, or a Parquet file as OpenDC does.

    The CSV has `Datetime (UTC)` and `Carbon Intensity gCO2eq/kWh (direct)`; Parquet has `timestamp` and
    `carbon_intensity`, of whatever scope its maker chose.

    Hours count as estimated when `Data Estimated` is true or `Data Source` says so: the flag alone misses whole years.
    Errors: DocumentError on a missing column, a gap or a value that is no number.
    """
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path)
    table = read_hourly_csv(path, lambda name: name.startswith("datetime (utc"), "Datetime (UTC)")
    suffix = _FILE_SCOPE[scope]
    values = table.numbers(
        lambda name: name.startswith("carbon intensity") and name.endswith(suffix),
        f"Carbon Intensity gCO2eq/kWh {suffix}",
    )
    flags = table.column(lambda name: name == "data estimated", "Data Estimated")
    sources = table.column(lambda name: name == "data source", "Data Source")
    n_estimated = sum(
        flag.strip().lower() == "true" or "estimation" in source.lower()
        for flag, source in zip(flags, sources, strict=True)
    )
    notes = []
    if n_estimated:
        notes.append(f"{n_estimated} of {values.size} hours are estimates of the publisher")
    if n_estimated > values.size / 2:
        notes.append("not usable as an hourly signal: most hours are estimates")
    steps = HourlySteps(table.start, 0.0, values, str(path))
    return Carbon(steps, f"hourly intensity of {path.name}", n_estimated, tuple(notes))


def _read_parquet(path: Path) -> Carbon:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise DocumentError(f"is no readable Parquet file: {error}", str(path), "fetch it again") from error
    for name in ("timestamp", "carbon_intensity"):
        if name not in table.column_names:
            found = ", ".join(table.column_names)
            raise DocumentError(f"no column {name!r}; found {found}", str(path), "name the column so")
    moments = table["timestamp"].to_numpy().astype("datetime64[s]")
    values = table["carbon_intensity"].to_numpy().astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        what = f"carbon_intensity is {values[bad[0]]} in row {bad[0]}, a number is needed"
        raise DocumentError(what, str(path), "fill the gap or take another file")
    start = hourly_start([str(moment) for moment in moments], f"{path} row", 0)
    return Carbon(HourlySteps(start, 0.0, values, str(path)), f"hourly intensity of {path.name}")
