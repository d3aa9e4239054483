"""Turn the text of one CSV field into exact integers: nanoseconds for times, counts for tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from twin.scenario.traces.columns import ArrivalUnit

# Times stay within 146 years of their origin, so that the difference of any two fits a signed 64-bit integer.
_MAX_NS = 2**62
_MAX_TOKENS = 2**31
_NS_PER_S = 1_000_000_000
_NS_PER_UNIT: dict[ArrivalUnit, int] = {"s": _NS_PER_S, "ms": 1_000_000, "us": 1_000, "ns": 1}
_UNIX_DAY = date(1970, 1, 1).toordinal()

_NUMBER = re.compile(r"\+?(?:\d{1,25}(?:\.\d{0,25})?|\.\d{1,25})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_WHEN = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?", re.ASCII)


def arrival_parser(unit: ArrivalUnit) -> Callable[[str], int | None]:
    """A function from the text of an arrival to whole nanoseconds, or None when the text is no such time."""
    if unit == "datetime":
        return datetime_ns
    ns_per_unit = _NS_PER_UNIT[unit]

    def number_ns(text: str) -> int | None:
        value_ns = _scaled_integer(text, ns_per_unit)
        return value_ns if value_ns is not None and value_ns < _MAX_NS else None

    return number_ns


def datetime_ns(text: str) -> int | None:
    """Nanoseconds since 1970 of `2023-11-16 18:15:46.6805900`; up to 9 fraction digits, exact.

    Without an offset the wall clock counts as UTC: only differences matter, and a trace carries no zone to ask.
    """
    match = _WHEN.fullmatch(text)
    if match is None:
        return None
    day_text, hour, minute, second, fraction, sign, offset_hour, offset_minute = match.groups()
    day = _day_number(day_text)
    if day is None or hour > "23" or minute > "59" or second > "59":
        return None
    value_s = day * 86_400 + int(hour) * 3600 + int(minute) * 60 + int(second)
    if sign:
        offset_s = int(offset_hour) * 3600 + int(offset_minute) * 60
        value_s += offset_s if sign == "-" else -offset_s
    value_ns = value_s * _NS_PER_S + (int(fraction.ljust(9, "0")) if fraction else 0)
    return value_ns if abs(value_ns) < _MAX_NS else None


def token_count(text: str) -> int | None:
    """A whole number of tokens, also when written 374.0; None for anything else, negative or 2^31 and more."""
    if text.isdigit() and text.isascii() and len(text) < 10:
        return int(text)
    if _NUMBER.fullmatch(text) is None:
        return None
    value = Decimal(text)
    return int(value) if value < _MAX_TOKENS and value == value.to_integral_value() else None


def _scaled_integer(text: str, factor: int) -> int | None:
    if text.isdigit() and text.isascii() and len(text) < 20:
        return int(text) * factor
    if _NUMBER.fullmatch(text) is None:
        return None
    return int((Decimal(text) * factor).to_integral_value())


@lru_cache(maxsize=1024)
def _day_number(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() - _UNIX_DAY
    except ValueError:
        return None
