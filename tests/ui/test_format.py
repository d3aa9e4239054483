"""Numbers as text: groups, units, prefixes, clocks and durations."""

from __future__ import annotations

import math
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import format as fmt


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1360.0, 0, "1,360"),
        (29.44, 1, "29.4"),
        (-7.91, 1, "−7.9"),
        (-0.04, 1, "0.0"),
        (0.0, None, "0"),
        (9.996, None, "10.0"),
        (1234567.0, None, "1,234,567"),
        (0.0372, None, "0.0372"),
        (None, 1, "–"),
        (math.nan, 1, "–"),
        (math.inf, None, "–"),
    ],
)
def test_number(value: float | None, digits: int | None, text: str) -> None:
    assert fmt.number(value, digits) == text


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (fmt.WATT, 279_200.0, "279 kW"),
        (fmt.WATT, 5_100_000.0, "5.10 MW"),
        (fmt.WATT, 999.9, "1.00 kW"),
        (fmt.WATT, 0.0, "0 W"),
        (fmt.TOKENS_PER_S, 169_200.0, "169 k tokens/s"),
        (fmt.TOKENS_PER_S, 0.4, "0.400 tokens/s"),
        (fmt.SECOND, 0.0229, "22.9 ms"),
        (fmt.SECOND, 1.64, "1.64 s"),
        (fmt.MILLISECOND, 0.0229, "22.9 ms"),
        (fmt.CELSIUS, 29.4, "29.4 °C"),
        (fmt.PERCENT, 0.58, "58 %"),
        (fmt.RATIO, 1.2484, "1.248"),
        (fmt.JOULE, 1.65, "1.65 J"),
        (fmt.CELSIUS, None, "–"),
    ],
)
def test_quantity(unit: fmt.Unit, value: float | None, text: str) -> None:
    assert unit.text(value) == text


def test_an_axis_shares_one_prefix() -> None:
    kilo = fmt.WATT.fit(279_200.0)
    assert kilo.symbol == "kW"
    assert kilo.number(42_600.0) == "42.6"


def test_differences_carry_their_sign() -> None:
    assert fmt.difference(2.4, fmt.KELVIN) == "+2.4 K"
    assert fmt.difference(-0.5, fmt.KELVIN) == "−0.5 K"
    assert fmt.change(200.0, 184.2) == "−7.9 %"
    assert fmt.change(0.0, 5.0) == "–"


@pytest.mark.parametrize(
    ("time_s", "text"),
    [
        (0.0, "0 s"),
        (0.37, "370 ms"),
        (59.96, "1 min 00 s"),
        (125.0, "2 min 05 s"),
        (11520.0, "3 h 12 min"),
        (187200.0, "2 d 04 h"),
    ],
)
def test_duration(time_s: float, text: str) -> None:
    assert fmt.duration(time_s) == text


def test_clock_starts_again_at_midnight_and_the_day_counts() -> None:
    assert fmt.clock(52_080.0) == "14:28:00"
    assert fmt.clock(86_400.0 + 61.0) == "00:01:01"
    assert fmt.day(86_400.0 + 61.0) == 2
    assert fmt.clock(52_080.0, seconds=False) == "14:28"
    assert fmt.clock(None) == "–"


@given(st.floats(min_value=1e-3, max_value=1e14))
def test_a_prefix_never_leaves_four_digits_before_the_point(value: float) -> None:
    whole = fmt.WATT.text(value).split(" ")[0].split(".")[0]
    assert len(whole.replace(",", "")) <= 3


@given(st.floats(min_value=-1e9, max_value=1e9))
def test_a_number_reads_back_within_its_rounding(value: float) -> None:
    back = float(fmt.number(value, 2).replace(",", "").replace(fmt.MINUS, "-"))
    assert back == pytest.approx(value, abs=0.00501)


def test_a_moment_has_its_date_unless_it_is_today() -> None:
    now = datetime.now().replace(hour=14, minute=2)
    assert fmt.moment(now.timestamp()) == "14:02"
    assert fmt.moment(datetime(2021, 3, 5, 7, 9).timestamp()) == "2021-03-05 07:09"
