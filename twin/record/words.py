"""Numbers as people read them on a terminal: grouped digits, SI prefixes, a space before the unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

MISSING = "–"
_PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_SCALED = ("W", "Wh", "VA", "J", "B", "B/s", "FLOP/s")

# Endings of names and the unit each stands for; the longest that fits decides.
UNITS: dict[str, str] = {
    "_m3_s_per_w": "m³/s per W",
    "_bytes_s": "B/s",
    "_bytes": "B",
    "_flops": "FLOP/s",
    "_w_at_s": "W",
    "_m3_s": "m³/s",
    "_m3": "m³",
    "_kg_s": "kg/s",
    "_kg_m2": "kg/m²",
    "_kgco2e": "kg CO2e",
    "_kg": "kg",
    "_usd": "USD",
    "_years": "years",
    "_nm": "nm",
    "_va": "VA",
    "_pa": "Pa",
    "_m2": "m²",
    "_w": "W",
    "_j": "J",
    "_s": "s",
    "_m": "m",
    "_v": "V",
    "_a": "A",
    "_k": "K",
    "_c": "°C",
    "u_height": "U",
}


def unit_of(name: str) -> str:
    """The unit a name ends in; empty for counts, shares and texts."""
    endings = [ending for ending in UNITS if name.endswith(ending)]
    return UNITS[max(endings, key=len)] if endings else ""


def number(value: float, digits: int = 3) -> str:
    """So many significant figures, whole digits never rounded away: 0.0123, 1.23, 12,346."""
    if isinstance(value, int) or value == 0.0:
        return f"{value:,.0f}"
    # The exponent after rounding: 0.9996 is 1.00.
    exponent = int(f"{value:.{digits - 1}e}".rpartition("e")[2])
    if exponent < -4:
        return f"{value:.{digits - 1}e}"
    return f"{value:,.{max(0, digits - 1 - exponent)}f}"


def quantity(value: object, unit: str = "", digits: int = 3) -> str:
    """A number with its unit; `–` for what is not known."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return MISSING
    scale, prefix = _prefix(value, unit)
    return f"{number(value / scale, digits) if prefix else number(value, digits)} {prefix}{unit}".rstrip()


def ranged(figures: Mapping[str, object], key: str, unit: str, band: Mapping[str, object], path: str = "") -> str:
    """A figure, and in brackets the ends of its band where devices are known by their data sheet only."""
    ends = band.get(path + key)
    text = quantity(figures.get(key), unit)
    if not isinstance(ends, Sequence) or len(ends) != 2:
        return text
    return f"{text} ({quantity(ends[0], unit)} – {quantity(ends[1], unit)})"


def exactly(value: float, unit: str = "") -> str:
    """A number as a sheet states it, up to six figures: 1.5 TB/s, 1e-05 s, 131072."""
    scale, prefix = _prefix(value, unit)
    return f"{value if isinstance(value, int) else format(value / scale, '.6g')} {prefix}{unit}".rstrip()


def _prefix(value: float, unit: str) -> tuple[float, str]:
    if unit not in _SCALED:
        return 1.0, ""
    # 999.6 would be shown as 1,000 of the smaller prefix, so it already takes the larger one.
    return next(((scale, prefix) for scale, prefix in _PREFIXES if abs(value) >= scale * 0.9995), (1.0, ""))


def percent(value: object) -> str:
    """A share in percent, or what it is exactly when it is close to all."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return MISSING
    return f"{value * 100:.1f} %" if value < 0.999 or value == 1.0 else f"{value * 100:.3f} %"


def aligned(rows: list[tuple[str, ...]], gap: str = "  ") -> list[str]:
    """Rows as columns: the first to the left, the others to the right, no blanks at the ends."""
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows), default=0))]
    lines = []
    for row in rows:
        cells = [cell.rjust(widths[i]) if i else cell.ljust(widths[i]) for i, cell in enumerate(row)]
        lines.append(gap.join(cells).rstrip())
    return lines


def labelled(rows: list[tuple[str, str]]) -> list[str]:
    """A label and its text per line, the texts below each other."""
    width = max((len(label) for label, _ in rows), default=0)
    return [f"{label.ljust(width)}  {text}".rstrip() for label, text in rows]
