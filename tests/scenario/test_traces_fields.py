"""Text of one field to an exact integer, or to None."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.scenario.traces.fields import arrival_parser, datetime_ns, token_count

SECOND_NS = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1970-01-01 00:00:00", 0),
        ("1970-01-01T00:00:01.0000001", SECOND_NS + 100),
        ("1970-01-01 00:00:00.123456789", 123_456_789),
        ("1970-01-01 00:00:00,5Z", SECOND_NS // 2),
        ("1970-01-01 09:00:00+09:00", 0),
        ("1969-12-31 19:30:00-0430", 0),
        ("2024-02-29 00:00:00", 19_782 * 86_400 * SECOND_NS),
    ],
)
def test_a_date_and_time_is_exact(text: str, ns: int) -> None:
    assert datetime_ns(text) == ns


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29 00:00:00",
        "2023-13-01 00:00:00",
        "2023-01-01 24:00:00",
        "2023-01-01 00:60:00",
        "2023-01-01 00:00:60",
        "2023-01-01 00:00:00.",
        "2023-01-01 00:00:00.1234567890",
        "2023-01-01",
        "0001-01-01 00:00:00",
        "9999-01-01 00:00:00",
        "1700158546.68",
        "now",
        "",
    ],
)
def test_what_is_no_date_and_time_is_none(text: str) -> None:
    assert datetime_ns(text) is None


@settings(deadline=None)
@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-23 * 60, 23 * 60))
def test_any_date_and_time_agrees_with_the_standard_library(when: datetime, offset_min: int) -> None:
    aware = when.replace(tzinfo=timezone(timedelta(minutes=offset_min)))
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    assert datetime_ns(aware.isoformat(sep=" ")) == since // timedelta(microseconds=1) * 1000


@settings(deadline=None)
@given(st.decimals(0, 4_000_000_000, places=9))
def test_decimal_seconds_are_exact(value: Decimal) -> None:
    assert arrival_parser("s")(f"{value:f}") == int(value * SECOND_NS)


@settings(deadline=None)
@given(st.integers(0, 2**62 - 1))
def test_whole_nanoseconds_stay_as_they_are(value_ns: int) -> None:
    assert arrival_parser("ns")(str(value_ns)) == value_ns


def test_times_too_far_to_subtract_are_none() -> None:
    assert arrival_parser("ns")(str(2**62)) is None
    assert arrival_parser("s")("5e9") is None


@pytest.mark.parametrize(("text", "tokens"), [("374", 374), ("0", 0), ("+5", 5), ("374.0", 374), ("1.2e2", 120)])
def test_a_whole_number_of_tokens_is_read(text: str, tokens: int) -> None:
    assert token_count(text) == tokens


@pytest.mark.parametrize("text", ["1.5", "-1", "1_0", "0x10", "nan", "inf", "1e99", "2147483648", "²", "٣", "1 2", "."])
def test_what_is_no_number_of_tokens_is_none(text: str) -> None:
    assert token_count(text) is None
