"""Numbers to text for the window: grouped digits, a space before the unit, SI prefixes, clocks and durations."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication

MISSING = "–"
MINUS = "−"
_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"))


@dataclass(frozen=True)
class Unit:
    """How values of one kind are shown: value x `factor` in `symbol`, with an SI prefix of its own where `auto`.

    `digits` fixes the decimals; None means three significant figures.
    """

    symbol: str
    factor: float = 1.0
    auto: bool = False
    digits: int | None = None

    def fit(self, largest: float) -> Unit:
        """The same unit with its prefix chosen for the largest value, so that a whole axis shares it."""
        if not self.auto or not math.isfinite(largest) or largest == 0.0:
            return replace(self, auto=False)
        size = abs(largest) * self.factor
        # A word such as "tokens/s" takes its prefix apart, and neither a word nor a percentage goes below one.
        is_word = " " in self.symbol or len(self.symbol.split("/")[0]) > 2
        steps = [step for step in _PREFIXES if step[0] >= 1.0] if is_word else list(_PREFIXES)
        # 0.9995 would be shown as 1,000 of the smaller prefix, so it already takes the larger one.
        scale, prefix = next((step for step in steps if size >= step[0] * 0.9995), steps[-1])
        gap = " " if is_word and prefix else ""
        return replace(self, symbol=f"{prefix}{gap}{self.symbol}", factor=self.factor / scale, auto=False)

    def number(self, value: float | None) -> str:
        """The number alone, without the unit."""
        return number(None if value is None else value * self.factor, self.digits)

    def text(self, value: float | None) -> str:
        """Number, space, unit; `–` for a missing value."""
        if is_missing(value):
            return MISSING
        fitted = self.fit(float(value or 0.0))
        return f"{fitted.number(value)} {fitted.symbol}".rstrip()


WATT = Unit("W", auto=True)
JOULE = Unit("J", auto=True)
WATT_HOUR = Unit("Wh", auto=True)
TOKENS_PER_S = Unit("tokens/s", auto=True)
SECOND = Unit("s", auto=True)
MILLISECOND = Unit("ms", factor=1e3)
CELSIUS = Unit("°C", digits=1)
KELVIN = Unit("K", digits=1)
PERCENT = Unit("%", factor=100.0, digits=0)
PERCENT_1 = Unit("%", factor=100.0, digits=1)
COUNT = Unit("", digits=0)
RATIO = Unit("", digits=3)
METRE = Unit("m", digits=3)
KILOGRAM = Unit("kg", digits=0)
M3_PER_S = Unit("m³/s", digits=1)


def is_missing(value: float | None) -> bool:
    """Whether there is nothing to show: no value, or not a finite number."""
    return value is None or not math.isfinite(value)


def number(value: float | None, digits: int | None = None) -> str:
    """A number with grouped thousands and a true minus; three significant figures unless `digits` fixes decimals."""
    if value is None or not math.isfinite(value):
        return MISSING
    places = significant_places(value) if digits is None else digits
    text = f"{abs(value):,.{places}f}"
    is_negative = value < 0 and any(digit in "123456789" for digit in text)
    return f"{MINUS}{text}" if is_negative else text


def significant_places(value: float, figures: int = 3) -> int:
    """Decimals that show a value with so many significant figures, never negative."""
    if value == 0.0 or not math.isfinite(value):
        return 0
    # Rounding first: 9.996 with three figures is 10.0, not 10.00.
    exponent = int(f"{abs(value):.{figures - 1}e}".split("e")[1])
    return max(0, figures - 1 - exponent)


def difference(value: float | None, unit: Unit) -> str:
    """A signed difference such as `+2.4 K` or `−0.9 kW`."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = unit.text(value)
    return text if text.startswith(MINUS) else f"+{text}"


def change(before: float | None, after: float | None) -> str:
    """A relative change such as `−7.9 %`; missing when there is nothing to compare with."""
    if before is None or after is None or is_missing(before) or is_missing(after) or before == 0.0:
        return MISSING
    return difference((after - before) / abs(before), PERCENT_1)


def clock(time_s: float | None, seconds: bool = True) -> str:
    """Simulated time of day hh:mm:ss, or hh:mm; it starts again at midnight, `day` tells which one."""
    if time_s is None or not math.isfinite(time_s):
        return MISSING
    whole = math.floor(time_s + 1e-6) % 86400
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}"
    return f"{text}:{whole % 60:02d}" if seconds else text


def day(time_s: float) -> int:
    """The day of the run, from 1."""
    return math.floor((time_s + 1e-6) / 86400) + 1


def clock_and_day(time_s: float | None) -> str:
    """Time of day with the day of the run, `14:28:00, day 1`."""
    if time_s is None or not math.isfinite(time_s):
        return MISSING
    template = QCoreApplication.translate("format", "{clock}, day {day}")
    return template.format(clock=clock(time_s), day=day(time_s))


def moment(time_s: float) -> str:
    """A moment in seconds since 1970 as clocks here say it: `14:02` today, else `2026-11-18 14:02`."""
    at = datetime.fromtimestamp(time_s)
    is_today = at.date() == datetime.now().date()
    return at.strftime("%H:%M") if is_today else at.strftime("%Y-%m-%d %H:%M")


def duration(time_s: float | None) -> str:
    """A span of time in the units that matter: `370 ms`, `1.64 s`, `2 min 05 s`, `3 h 12 min`, `2 d 04 h`."""
    if time_s is None or not math.isfinite(time_s):
        return MISSING
    sign, span = (MINUS, -time_s) if time_s < 0 else ("", time_s)
    if span < 59.95:
        return sign + SECOND.text(span) if span else "0 s"
    whole = round(span)
    if whole < 3600:
        return f"{sign}{whole // 60} min {whole % 60:02d} s"
    minutes = round(span / 60)
    if minutes < 24 * 60:
        return f"{sign}{minutes // 60} h {minutes % 60:02d} min"
    hours = round(span / 3600)
    return f"{sign}{hours // 24:,} d {hours % 24:02d} h"


def multiple(value: float | None) -> str:
    """A speed or ratio such as `58×` or `0.5×`, two figures below ten."""
    if value is None or not math.isfinite(value):
        return MISSING
    is_whole = abs(value) >= 9.95 or value == round(value)
    return f"{number(value, 0 if is_whole else significant_places(value, 2))}×"
