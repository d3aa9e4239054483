"""Carbon intensity: flat, by month, hourly files in UTC."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError
from twin.scenario.carbon import carbon_months, flat_carbon, read_carbon_file

KOREA_H = 9.0
HEADER = (
    "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO₂eq/kWh (direct),"
    "Carbon Intensity gCO₂eq/kWh (LCA),Low Carbon Percentage,Renewable Percentage,Data Source,Data Estimated,"
    "Data Estimation Method"
)


def row(hour: int, direct: str, source: str = "new.kpx.or.kr", flag: str = "false") -> str:
    return f"2023-01-01 {hour:02d}:00:00,South Korea,South Korea,KR,{direct},420.0,37,2,{source},{flag},"


def carbon_file(folder: Path, rows: list[str], header: str = HEADER) -> Path:
    path = folder / "carbon.csv"
    path.write_bytes(("\r\n".join([header, *rows]) + "\r\n").encode("utf-8"))
    return path


def test_a_flat_intensity_is_the_same_always() -> None:
    assert flat_carbon(417.3).at(datetime(2030, 5, 5), KOREA_H) == pytest.approx(417.3)


def test_korean_months_change_at_midnight_in_korea() -> None:
    carbon = carbon_months()
    assert carbon.at(datetime(2026, 1, 31, 23, 59), KOREA_H) == pytest.approx(404.9)
    assert carbon.at(datetime(2026, 2, 1, 0, 0), KOREA_H) == pytest.approx(398.6)
    assert carbon.at(datetime(2026, 1, 31, 15, 0), 0.0) == pytest.approx(398.6)  # already February in Korea
    assert carbon_months(scope="life_cycle").at(datetime(2026, 5, 5), KOREA_H) == pytest.approx(430.8)


def test_file_hours_are_utc_and_a_korean_hall_reads_them_nine_hours_later(tmp_path: Path) -> None:
    carbon = read_carbon_file(carbon_file(tmp_path, [row(0, "363.97"), row(1, "353.75"), row(2, "340.0")]))
    assert carbon.at(datetime(2023, 1, 1, 10, 30), KOREA_H) == pytest.approx(353.75)
    assert carbon.at(datetime(2023, 1, 1, 1, 30), 0.0) == pytest.approx(353.75)
    assert carbon.n_estimated == 0


def test_the_life_cycle_column_can_be_taken_instead(tmp_path: Path) -> None:
    carbon = read_carbon_file(carbon_file(tmp_path, [row(0, "363.97")]), "life_cycle")
    assert carbon.at(datetime(2023, 1, 1), 0.0) == pytest.approx(420.0)


def test_estimates_are_counted_by_flag_and_by_source(tmp_path: Path) -> None:
    rows = [row(0, "1", flag="true"), row(1, "2", "Electricity Maps Estimation"), row(2, "3")]
    carbon = read_carbon_file(carbon_file(tmp_path, rows))
    assert carbon.n_estimated == 2
    assert carbon.notes[0] == "2 of 3 hours are estimates of the publisher"
    assert "not usable" in carbon.notes[1]


def test_a_file_without_the_wanted_column_says_what_it_found(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no column 'Carbon Intensity gCO2eq/kWh \(direct\)'; found Datetime"):
        read_carbon_file(carbon_file(tmp_path, [row(0, "1")], HEADER.replace("(direct)", "(marginal)")))
    with pytest.raises(DocumentError, match=r"no column 'Datetime \(UTC\)'"):
        read_carbon_file(carbon_file(tmp_path, [row(0, "1")], HEADER.replace("(UTC)", "(KST)")))


def test_an_unknown_table_lists_what_there_is() -> None:
    with pytest.raises(DocumentError, match="known: korea_monthly"):
        carbon_months("atlantis")


@pytest.mark.parametrize(
    ("year", "mean_g", "low_g", "high_g", "n_estimated"),
    [
        (2021, 424.1, 372, 500, 7 + 8504),
        (2022, 389.8, 281, 436, 18 + 1),
        (2023, 378.2, 217, 433, 57 + 12),
        (2024, 356.6, 199, 446, 345 + 7),
    ],
)
def test_real_korean_years_have_their_known_figures(
    data_dir: Path, year: int, mean_g: float, low_g: float, high_g: float, n_estimated: int
) -> None:
    # The flag marks 7, 18, 57 and 345 hours; the named source adds those whose flag is wrong.
    carbon = read_carbon_file(data_dir / "grid" / "kr_carbon" / f"KR_{year}_hourly.csv.gz")
    hours = np.arange(np.datetime64(f"{year}-01-01T00"), np.datetime64(f"{year + 1}-01-01T00"))
    values = carbon.at(hours, 0.0)
    assert values.mean() == pytest.approx(mean_g, abs=0.06)
    assert [values.min(), values.max()] == pytest.approx([low_g, high_g], abs=0.6)
    assert carbon.n_estimated == n_estimated
