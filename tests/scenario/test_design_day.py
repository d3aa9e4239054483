"""Design days: the worst day of a series, every day; and the temperatures that few hours exceed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.errors import ModelRangeError
from twin.scenario.weather import fixed_weather, read_epw, seoul_year

SEOUL_FILE = "weather/KOR_SO_Seoul.WS.471080_TMYx.2007-2021.epw"


def test_every_day_is_the_hottest_one_at_its_own_hours() -> None:
    year = seoul_year(7)
    day = year.design_day("hottest")
    assert day.dry_bulb_c.size == 24
    assert day.dry_bulb_c.max() == year.dry_bulb_c.max()
    i_hottest = int(year.dry_bulb_c.argmax())
    days = np.array(["2026-01-09T00:00", "2026-07-20T00:00"], dtype="datetime64[ms]")
    hours = days + np.timedelta64(i_hottest % 24, "h")
    assert day.at(hours, year.utc_offset_h).dry_bulb_c == pytest.approx([year.dry_bulb_c.max()] * 2)
    assert "design day" in day.notes[-1]


def test_the_most_humid_day_has_the_highest_wet_bulb() -> None:
    year = seoul_year(7)
    assert year.design_day("most_humid").air.wet_bulb_c.max() == pytest.approx(year.air.wet_bulb_c.max())


def test_a_heat_wave_is_put_on_the_design_day() -> None:
    warmed = seoul_year(7).warmed(4.0).design_day("hottest")
    assert warmed.dry_bulb_c.max() == pytest.approx(seoul_year(7).dry_bulb_c.max() + 4.0)


def test_a_series_without_a_day_has_no_design_day() -> None:
    with pytest.raises(ModelRangeError, match="no whole day"):
        fixed_weather(30.0, 0.5).design_day("hottest")


def test_the_seoul_file_has_its_tabled_design_wet_bulb(data_dir: Path) -> None:
    seoul = read_epw(data_dir / SEOUL_FILE)
    assert seoul.exceeded_c(0.004) == pytest.approx(24.8, abs=0.05)
    assert seoul.air.wet_bulb_c.max() == pytest.approx(25.5, abs=0.05)
    assert seoul.design_day("most_humid").air.wet_bulb_c.max() == seoul.air.wet_bulb_c.max()
