"""Weather: fixed, seeded, EPW and Open-Meteo; interpolation, time zones, gaps."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError, ModelRangeError
from twin.files import asset_dir, read_yaml
from twin.scenario.weather import Weather, fixed_weather, read_epw, read_open_meteo, read_weather, seoul_year

SEOUL_EPW = "KOR_SO_Seoul.WS.471080_TMYx.2007-2021.epw"
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
MONTH_OF_HOUR = np.repeat(np.arange(12), 24 * DAYS)


def epw_lines(dry_bulb: str = "20.0") -> list[str]:
    days = np.arange(np.datetime64("2025-01-01"), np.datetime64("2026-01-01"))
    head = ["LOCATION,Here,-,KOR,test,0,37.5,127.0,9.0,100.0", *["X"] * 7]
    rows = []
    for day in days:
        _, month, date = str(day).split("-")
        rows += [f"2025,{month},{date},{hour},0,?,{dry_bulb},10.0,50,100000,0" for hour in range(1, 25)]
    return head + rows


def write_epw(folder: Path, lines: list[str]) -> Path:
    path = folder / "here.epw"
    path.write_text("\r\n".join(lines) + "\r\n")
    return path


def open_meteo(times: list[str], dry_bulb: list[float | None], **other: object) -> dict[str, object]:
    humidity = [50] * len(times)
    hourly = {"time": times, "temperature_2m": dry_bulb, "relative_humidity_2m": humidity}
    return {"utc_offset_seconds": 32400, "elevation": 33.0, "hourly": hourly, **other}


def write_json(folder: Path, tree: dict[str, object]) -> Path:
    path = folder / "answer.json"
    path.write_text(json.dumps(tree))
    return path


TIMES = [f"2023-03-01T{hour:02d}:00" for hour in range(24)]
RISING: list[float | None] = [float(hour) for hour in range(24)]


def test_fixed_weather_is_the_same_at_any_time() -> None:
    air = fixed_weather(25.0, 0.5).at(np.array(["2024-02-29T12:34", "2031-01-01T00:00"], dtype="datetime64[s]"), 9.0)
    assert air.dry_bulb_c == pytest.approx([25.0, 25.0])
    assert air.wet_bulb_c == pytest.approx(17.889, abs=1e-3)
    assert air.dew_point_c == pytest.approx(13.864, abs=1e-3)


@pytest.mark.parametrize("seed", [0, 1, 7, 2026])
def test_seeded_year_keeps_the_month_figures(seed: int) -> None:
    table = read_yaml(asset_dir() / "weather" / "seoul_monthly.yaml")
    year = seoul_year(seed)
    means = np.bincount(MONTH_OF_HOUR, year.dry_bulb_c) / (24 * DAYS)
    humidity = np.bincount(MONTH_OF_HOUR, year.humidity_frac) / (24 * DAYS)
    assert means == pytest.approx(np.array(table["dry_bulb_mean_c"]), abs=0.1)
    assert humidity == pytest.approx(np.array(table["humidity_mean_frac"]), abs=0.005)
    assert (year.dry_bulb_c >= np.array(table["dry_bulb_min_c"])[MONTH_OF_HOUR]).all()
    assert (year.dry_bulb_c <= np.array(table["dry_bulb_max_c"])[MONTH_OF_HOUR]).all()
    assert "not measured" in year.source


@pytest.mark.parametrize("seed", [0, 1, 7, 2026])
def test_seeded_year_has_seouls_shares_of_cool_hours(seed: int) -> None:
    # Open-Meteo 2020-24 by way of HewlettPackard/sustain-cluster: 63, 76 and 94 % at or below 18, 22 and 27 C.
    year = seoul_year(seed)
    shares = [(year.dry_bulb_c <= limit_c).mean() for limit_c in (18.0, 22.0, 27.0)]
    assert shares == pytest.approx([0.63, 0.76, 0.94], abs=0.035)
    # The five measured years span 4279-4831 and 7333-8078 hours.
    assert 4279 < (year.air.wet_bulb_c <= 11.0).sum() < 4831
    assert 7333 < (year.air.wet_bulb_c <= 23.0).sum() < 8078


def test_the_same_seed_gives_the_same_year_and_another_one_another() -> None:
    assert (seoul_year(3).dry_bulb_c == seoul_year(3).dry_bulb_c).all()
    assert not (seoul_year(3).dry_bulb_c == seoul_year(4).dry_bulb_c).all()


def test_a_heat_wave_raises_every_hour_and_keeps_relative_humidity() -> None:
    plain, warm = seoul_year(3), seoul_year(3, offset_k=4.0)
    assert warm.dry_bulb_c == pytest.approx(plain.dry_bulb_c + 4.0)
    assert (warm.humidity_frac == plain.humidity_frac).all()
    assert (warm.dew_point_c > plain.dew_point_c).all()
    assert any("+4" in note for note in warm.notes)


def test_between_hours_the_air_changes_linearly(tmp_path: Path) -> None:
    weather = read_open_meteo(write_json(tmp_path, open_meteo(TIMES, RISING)))
    assert weather.at(datetime(2023, 3, 1, 6, 15), 9.0).dry_bulb_c == pytest.approx(6.25)


def test_a_place_on_utc_reads_korean_weather_nine_hours_apart(tmp_path: Path) -> None:
    weather = read_open_meteo(write_json(tmp_path, open_meteo(TIMES, RISING)))
    assert weather.at(datetime(2023, 3, 1, 3, 0), 0.0).dry_bulb_c == pytest.approx(12.0)


def test_a_dated_series_holds_its_last_hour_and_refuses_what_lies_outside(tmp_path: Path) -> None:
    weather = read_open_meteo(write_json(tmp_path, open_meteo(TIMES, RISING)))
    assert weather.at(datetime(2023, 3, 1, 23, 30), 9.0).dry_bulb_c == pytest.approx(23.0)
    with pytest.raises(ModelRangeError, match="2023-03-01T00:00:00 to 2023-03-02T00:00:00"):
        weather.at(datetime(2023, 3, 2, 1, 0), 9.0)


def test_a_typical_year_repeats_and_shows_28_february_twice_in_a_leap_year() -> None:
    year = seoul_year(1)
    leap, before, after = year.at(
        np.array(["2028-02-29T10:00", "2028-02-28T10:00", "2028-03-01T10:00"], dtype="datetime64[s]"), 9.0
    ).dry_bulb_c
    assert leap == before
    assert after == year.dry_bulb_c[59 * 24 + 10]
    assert year.at(datetime(2040, 1, 1), 9.0).dry_bulb_c == year.dry_bulb_c[0]


def test_epw_hour_one_is_one_oclock_and_the_year_closes(tmp_path: Path) -> None:
    lines = epw_lines()
    lines[8] = lines[8].replace(",20.0,", ",5.0,")
    weather = read_epw(write_epw(tmp_path, lines))
    air = weather.at(np.array(["2026-01-01T00:00", "2026-01-01T00:30", "2026-01-01T01:00"], dtype="M8[s]"), 9.0)
    assert air.dry_bulb_c == pytest.approx([20.0, 12.5, 5.0])


def test_missing_epw_values_are_interpolated_with_a_note_and_long_gaps_refused(tmp_path: Path) -> None:
    lines = epw_lines()
    for i_line in range(100, 104):
        lines[i_line] = lines[i_line].replace(",20.0,", ",99.9,")
    weather = read_epw(write_epw(tmp_path, lines))
    assert weather.dry_bulb_c == pytest.approx(20.0)
    assert weather.notes == ("dry bulb: 4 missing hours interpolated",)
    for i_line in range(104, 108):
        lines[i_line] = lines[i_line].replace(",20.0,", ",99.9,")
    with pytest.raises(DocumentError, match="missing for 8 h"):
        read_epw(write_epw(tmp_path, lines))


def test_a_leap_day_is_dropped_with_a_note(tmp_path: Path) -> None:
    lines = epw_lines()
    leap = [f"2024,2,29,{hour},0,?,99.0,10.0,50,100000,0" for hour in range(1, 25)]
    i_line = 8 + 59 * 24
    weather = read_epw(write_epw(tmp_path, [*lines[:i_line], *leap, *lines[i_line:]]))
    assert weather.dry_bulb_c.size == 8760
    assert weather.notes == ("29 February dropped",)


def test_a_missing_hour_in_an_epw_is_named_with_its_line(tmp_path: Path) -> None:
    lines = epw_lines()
    del lines[8 + 30]
    with pytest.raises(DocumentError, match="row 31 is month/day/hour 01/02/8, 1/2/7 is needed") as error:
        read_epw(write_epw(tmp_path, lines))
    assert error.value.where.endswith("here.epw:39")


def test_an_epw_cut_short_and_an_impossible_value_are_refused(tmp_path: Path) -> None:
    lines = epw_lines()
    with pytest.raises(DocumentError, match="holds 8000 hours, a year has 8760"):
        read_epw(write_epw(tmp_path, lines[:8008]))
    lines[20] = lines[20].replace(",20.0,", ",nan,")
    with pytest.raises(DocumentError, match="dry bulb is 'nan', -70 to 70"):
        read_epw(write_epw(tmp_path, lines))


def test_a_file_that_is_no_epw_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="LOCATION is needed"):
        read_epw(write_epw(tmp_path, ["Datetime,Price", "x,1"]))
    with pytest.raises(DocumentError, match="no weather file"):
        read_weather(tmp_path / "air.csv")


def test_open_meteo_gaps_nulls_and_units(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"2023-03-01T06:00 follows 2023-03-01T04:00.*gaps: 1, repeats: 0"):
        read_open_meteo(write_json(tmp_path, open_meteo(TIMES[:5] + TIMES[6:], RISING[:23])))
    with_null = read_open_meteo(write_json(tmp_path, open_meteo(TIMES, [*RISING[:5], None, *RISING[6:]])))
    assert with_null.dry_bulb_c[5] == pytest.approx(5.0)
    with pytest.raises(DocumentError, match="is in °F, °C is needed"):
        read_open_meteo(write_json(tmp_path, open_meteo(TIMES, RISING, hourly_units={"temperature_2m": "°F"})))
    with pytest.raises(DocumentError, match="has 23 values for 24 times"):
        read_open_meteo(write_json(tmp_path, open_meteo(TIMES, RISING[:23])))
    with pytest.raises(DocumentError, match="lacks 'hourly'"):
        read_open_meteo(write_json(tmp_path, {"utc_offset_seconds": 0}))


def test_packed_and_plain_answers_are_the_same(tmp_path: Path) -> None:
    plain = write_json(tmp_path, open_meteo(TIMES, RISING))
    packed = tmp_path / "answer.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert (read_weather(plain).dry_bulb_c == read_weather(packed).dry_bulb_c).all()


@pytest.fixture(scope="module")
def seoul(data_dir: Path) -> Weather:
    return read_epw(data_dir / "weather" / SEOUL_EPW)


def test_seoul_epw_gives_the_hours_of_free_cooling(seoul: Weather) -> None:
    # psychrolib 2.5.0 on the same file, station pressure per hour.
    wet_bulb_c = seoul.air.wet_bulb_c
    hours = [int((wet_bulb_c <= limit_c).sum()) for limit_c in (5, 8, 11, 14, 17, 20, 23)]
    assert hours == [3184, 3914, 4700, 5445, 6304, 7187, 8335]
    assert int(((seoul.dry_bulb_c <= 27.0) & (seoul.dew_point_c <= 15.0)).sum()) == 6359
    assert np.percentile(wet_bulb_c, 99.6) == pytest.approx(24.77, abs=0.01)
    assert seoul.utc_offset_h == 9.0


@pytest.mark.parametrize(
    ("name", "hours", "n_mild"),
    [
        ("USA_CA_San.Francisco.Intl.AP.724940_TMY3.epw", [190, 1242, 3942, 7432, 8641, 8759, 8760], 8682),
        ("USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw", [3664, 4393, 5137, 5945, 6918, 7912, 8520], 6906),
    ],
)
def test_other_cities_agree_too(data_dir: Path, name: str, hours: list[int], n_mild: int) -> None:
    weather = read_epw(data_dir / "weather" / name)
    assert [int((weather.air.wet_bulb_c <= limit_c).sum()) for limit_c in (5, 8, 11, 14, 17, 20, 23)] == hours
    assert int(((weather.dry_bulb_c <= 27.0) & (weather.dew_point_c <= 15.0)).sum()) == n_mild


def test_real_open_meteo_years_span_the_published_extremes(data_dir: Path) -> None:
    years = [read_weather(data_dir / "grid" / "kr_weather" / f"{year}.json.gz") for year in range(2020, 2025)]
    assert [year.dry_bulb_c.size for year in years] == [8784, 8760, 8760, 8760, 8784]
    every = np.concatenate([year.dry_bulb_c for year in years])
    assert (every.min(), every.max()) == (-18.5, 35.9)
