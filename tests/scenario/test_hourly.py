"""Hourly series of clocks that jump, and of files of another shape."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twin.errors import DocumentError, ModelRangeError
from twin.scenario.carbon import read_carbon_file
from twin.scenario.hourly import hourly_start, on_clock, utc_of
from twin.scenario.tariff import read_price_file, tariff_table

PARIS, NEW_YORK, SEOUL = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Seoul")


def stamps(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[s]")


def test_the_second_of_two_equal_hours_in_autumn_is_the_later() -> None:
    local = stamps("2026-10-25T01:00", "2026-10-25T02:00", "2026-10-25T02:00", "2026-10-25T03:00")
    assert list(np.diff(utc_of(local, PARIS))) == [np.timedelta64(3600, "s")] * 3


def test_the_hour_that_spring_leaves_out_is_no_gap() -> None:
    times = ["2026-03-08 01:00:00", "2026-03-08 03:00:00", "2026-03-08 04:00:00"]
    assert hourly_start(times, "file", 2, NEW_YORK) == np.datetime64("2026-03-08T06:00:00")
    with pytest.raises(DocumentError, match="gaps: 1, repeats: 0, other steps: 0"):
        hourly_start(times, "file", 2)


def test_a_file_in_standard_time_is_no_file_of_a_clock_with_summer_time() -> None:
    hours = [str(hour) for hour in np.arange(np.datetime64("2026-03-28T00", "h"), np.datetime64("2026-03-30T00", "h"))]
    with pytest.raises(DocumentError, match=r"repeats: 1.*the clock is taken to be Europe/Paris"):
        hourly_start(hours, "file", 2, PARIS)
    assert hourly_start(hours, "file", 2, ZoneInfo("Etc/GMT-1")) == np.datetime64("2026-03-27T23:00:00")


def test_gaps_repeats_and_steps_back_are_counted_apart() -> None:
    times = [f"2026-01-01T{hour:02d}:00" for hour in (0, 1, 3, 3, 4, 2, 3)]
    with pytest.raises(DocumentError, match="gaps: 1, repeats: 1, other steps: 1") as error:
        hourly_start(times, "file", 2)
    assert error.value.where == "file:4"


def test_an_instant_on_a_clock_has_its_offset_of_that_day() -> None:
    assert on_clock(np.datetime64("2026-07-01T00:00", "s"), PARIS) == (np.datetime64("2026-07-01T02:00"), 2.0)
    assert on_clock(np.datetime64("2026-01-01T00:00", "s"), PARIS)[1] == 1.0


def test_a_summer_run_in_paris_reads_the_winter_begun_file_at_its_own_hour(tmp_path: Path) -> None:
    start, end = np.datetime64("2025-12-31T23:00", "h"), np.datetime64("2026-12-31T23:00", "h")
    path = tmp_path / "price.csv"
    lines = ["Datetime,Price (EUR/MWh)"]
    for utc in np.arange(start, end):
        local, _ = on_clock(utc.astype("datetime64[s]"), PARIS)
        lines.append(f"{str(local).replace('T', ' ')},{local.astype('datetime64[h]').astype(int) % 24 * 1000.0}")
    path.write_text("\n".join(lines) + "\n")
    prices = read_price_file(path, "EUR", PARIS)
    for day in ("2026-01-15", "2026-07-15", "2026-10-25"):
        assert float(prices.at(datetime.fromisoformat(f"{day}T12:30"), 0.0)) in (13.0, 14.0)
    assert float(prices.at(datetime(2026, 7, 15, 12, 30), 0.0)) == 14.0
    assert float(prices.at(datetime(2026, 1, 15, 12, 30), 0.0)) == 13.0
    with pytest.raises(ModelRangeError, match="the series covers 2026-01-01T00:00:00"):
        prices.at(datetime(2026, 12, 31, 23, 0), 0.0)


def parquet(folder: Path, **columns: object) -> Path:
    path = folder / "carbon.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_opendc_parquet_is_read_as_utc_and_its_mistakes_are_named(tmp_path: Path) -> None:
    hours = np.arange(np.datetime64("2023-01-01T00", "h"), np.datetime64("2023-01-01T04", "h")).astype("datetime64[ms]")
    carbon = read_carbon_file(parquet(tmp_path, timestamp=hours, carbon_intensity=[1.0, 2.0, 3.0, 4.0]))
    assert float(carbon.at(datetime(2023, 1, 1, 10, 30), 9.0)) == 2.0
    with pytest.raises(DocumentError, match="gaps: 1"):
        read_carbon_file(parquet(tmp_path, timestamp=hours[[0, 2]], carbon_intensity=[1.0, 2.0]))
    with pytest.raises(DocumentError, match="carbon_intensity is nan in row 1"):
        read_carbon_file(parquet(tmp_path, timestamp=hours[:2], carbon_intensity=[1.0, float("nan")]))
    with pytest.raises(DocumentError, match="no column 'carbon_intensity'; found timestamp"):
        read_carbon_file(parquet(tmp_path, timestamp=hours))


def test_the_real_dutch_series_has_its_hours(data_dir: Path) -> None:
    carbon = read_carbon_file(data_dir / "grid" / "opendc_carbon_NL_2021-2024.parquet")
    hours = np.arange(np.datetime64("2021-01-01T00", "h"), np.datetime64("2025-01-01T00", "h"))
    values = carbon.at(hours, 0.0)
    assert (values.size, values.min(), values.max()) == (35064, pytest.approx(63, abs=1), pytest.approx(549, abs=1))
    assert float(values[0]) == pytest.approx(464.62)


@pytest.mark.parametrize(
    ("local", "period", "krw"),
    [
        (datetime(2026, 7, 18, 16), "summer_mid", 163.8),  # Saturday: no peak
        (datetime(2026, 7, 19, 16), "summer_off", 116.0),  # Sunday
        (datetime(2026, 7, 17, 16), "summer_off", 116.0),  # Constitution Day, a Friday
        (datetime(2026, 7, 16, 16), "summer_peak", 229.0),
        (datetime(2026, 9, 25, 12), "spring_autumn_off_discounted", 58.0),  # Chuseok, a Friday
        (datetime(2026, 10, 17, 12), "spring_autumn_mid_discounted", 66.7),  # Saturday
        (datetime(2026, 12, 24, 18), "winter_peak", 204.6),
        (datetime(2026, 12, 25, 18), "winter_off", 123.0),
    ],
)
def test_days_off_have_cheaper_hours_in_the_korean_table(local: datetime, period: str, krw: float) -> None:
    tariff = tariff_table("kepco_industrial_b_2026")
    assert tariff.period_at(local, 9.0) == period
    assert float(tariff.at(local, 9.0)) == pytest.approx(krw)
