"""Prices: flat, time of use, hourly files in local time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError, ModelRangeError, Problems
from twin.files import asset_dir
from twin.scenario.tariff import flat_tariff, read_price_file, read_tariff_table, tariff_table

KOREA_H = 9.0


def price_file(folder: Path, rows: list[str], header: str = "Datetime,Price (KRW/MWh)") -> Path:
    path = folder / "price.csv"
    path.write_text("\r\n".join([header, *rows]) + "\r\n")
    return path


ROWS = ["2023-06-01 00:00:00,100000.0", "2023-06-01 01:00:00,120000.0", "2023-06-01 02:00:00,90000.0"]


def test_a_flat_price_is_the_same_everywhere() -> None:
    assert flat_tariff(180.0).at(np.array(["2020-01-01", "2031-07-01T13:00"], dtype="M8[s]"), -5.0) == pytest.approx(
        180
    )


@pytest.mark.parametrize(
    ("local", "krw"),
    [
        (datetime(2026, 7, 15, 16, 0), 229.0),  # summer peak 15-21 h
        (datetime(2026, 7, 15, 20, 59), 229.0),
        (datetime(2026, 7, 15, 21, 0), 163.8),
        (datetime(2026, 7, 15, 11, 30), 163.8),  # 11-12 h became mid with the 2026 reform
        (datetime(2026, 7, 15, 22, 0), 116.0),
        (datetime(2026, 7, 15, 7, 59), 116.0),
        (datetime(2026, 10, 14, 16, 0), 150.9),
        (datetime(2026, 10, 14, 12, 0), 133.4),
        (datetime(2026, 10, 17, 12, 0), 66.7),  # Saturday in autumn, 11-14 h at half price
        (datetime(2026, 7, 18, 12, 0), 163.8),  # no such discount in summer
        (datetime(2026, 12, 1, 18, 0), 204.6),
        (datetime(2026, 12, 1, 3, 0), 123.0),
    ],
)
def test_korean_industrial_price_by_season_and_hour(local: datetime, krw: float) -> None:
    assert tariff_table("kepco_industrial_b_2026").at(local, KOREA_H) == pytest.approx(krw)


def test_the_korean_table_is_marked_a_proxy_and_carries_its_demand_price() -> None:
    tariff = tariff_table("kepco_industrial_b_2026.high_a_iii")
    assert "proxy" in tariff.notes[0]
    assert (tariff.currency, tariff.demand_per_kw_month) == ("KRW", 9810.0)


def test_a_hall_on_utc_pays_the_korean_price_of_nine_hours_later() -> None:
    tariff = tariff_table("kepco_industrial_b_2026")
    assert tariff.at(datetime(2026, 7, 15, 7, 0), 0.0) == tariff.at(datetime(2026, 7, 15, 16, 0), KOREA_H)


def test_every_option_prices_every_hour_between_its_off_and_peak_price() -> None:
    for option in [f"high_{voltage}_{step}" for voltage in "abc" for step in ("i", "ii", "iii")]:
        hours = np.datetime64("2026-01-01T00") + np.arange(8760)
        prices = tariff_table(f"kepco_industrial_b_2026.{option}").at(hours, KOREA_H)
        assert 55.0 < prices.min() < 66.0  # half of the off price: noon of a Sunday in spring
        assert 200.0 < prices.max() < 250.0


def test_unknown_table_and_option_list_what_there_is() -> None:
    with pytest.raises(DocumentError, match="known: kepco_industrial_b_2026"):
        tariff_table("kepco")
    with pytest.raises(DocumentError, match="known: high_a_i, high_a_ii"):
        tariff_table("kepco_industrial_b_2026.low")


def test_a_broken_table_names_its_mistake(tmp_path: Path) -> None:
    text = (asset_dir() / "tariffs" / "kepco_industrial_b_2026.yaml").read_text("utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("winter: [1, 2, 11, 12]", "winter: [1, 2, 11]"), "utf-8")
    with pytest.raises(DocumentError, match="each of 1 to 12 is needed once"):
        read_tariff_table(path)
    path.write_text(text.replace("off: 121.5", "of: 121.5", 1), "utf-8")
    with pytest.raises(Problems, match=r"options.high_a_i.summer.off: is missing"):
        read_tariff_table(path)


def test_market_prices_are_per_kilowatt_hour_and_hold_for_their_hour(tmp_path: Path) -> None:
    tariff = read_price_file(price_file(tmp_path, ROWS))
    assert tariff.at(datetime(2023, 6, 1, 1, 59), KOREA_H) == pytest.approx(120.0)
    assert tariff.at(datetime(2023, 5, 31, 17, 0), 0.0) == pytest.approx(90.0)  # 02:00 in Korea


def test_market_prices_do_not_answer_outside_their_period(tmp_path: Path) -> None:
    tariff = read_price_file(price_file(tmp_path, ROWS))
    with pytest.raises(ModelRangeError, match="2023-06-01T00:00:00 to 2023-06-01T03:00:00"):
        tariff.at(datetime(2023, 6, 1, 3, 0), KOREA_H)


@pytest.mark.parametrize(
    ("rows", "what", "line"),
    [
        ([ROWS[0], ROWS[2]], "steps of 1 h are needed", ":3"),
        ([ROWS[0], ROWS[0]], "steps of 1 h are needed", ":3"),
        ([ROWS[0], "2023-06-01 01:00:00,"], "'', a number is needed", ":3"),
        ([ROWS[0], "2023-06-01 01:00:00,nan"], "'nan', a number is needed", ":3"),
        ([ROWS[0], "yesterday,1.0"], "time 'yesterday' cannot be read", ":3"),
        ([ROWS[0], "2023-06-01 01:00:00"], "row has 1 fields, the header has 2", ":3"),
    ],
)
def test_a_broken_price_file_names_its_line(tmp_path: Path, rows: list[str], what: str, line: str) -> None:
    with pytest.raises(DocumentError, match=what) as error:
        read_price_file(price_file(tmp_path, rows))
    assert error.value.where.endswith(line)


def test_another_currency_or_no_price_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"'Price \(USD/MWh\)' is needed"):
        read_price_file(price_file(tmp_path, ROWS), currency="USD")
    with pytest.raises(DocumentError, match="price column is ''"):
        read_price_file(price_file(tmp_path, ROWS, "Datetime,Value"))
    with pytest.raises(DocumentError, match="no column 'Datetime'; found Hour, Price"):
        read_price_file(price_file(tmp_path, ROWS, "Hour,Price (KRW/MWh)"))


@pytest.mark.parametrize(
    ("year", "mean_krw_mwh"), [(2020, 67_741), (2021, 92_995), (2022, 193_749), (2023, 163_267), (2024, 125_437)]
)
def test_real_korean_years_have_their_known_means(data_dir: Path, year: int, mean_krw_mwh: float) -> None:
    tariff = read_price_file(data_dir / "grid" / "kr_price_krw" / f"KR_electricity_prices_{year}.csv.gz")
    hours = np.arange(np.datetime64(f"{year}-01-01T00"), np.datetime64(f"{year + 1}-01-01T00"))
    assert 1e3 * tariff.at(hours, KOREA_H).mean() == pytest.approx(mean_krw_mwh, abs=1.0)
