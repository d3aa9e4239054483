"""Lines about a whole year in the summary of a run of flow grain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from twin.record.words import percent, quantity


def annual_rows(annual: object) -> list[tuple[str, str]]:
    """Kind of site its PUE is like, free cooling, cooling energy by item, humidity; nothing for other runs."""
    part = _part(annual)
    if not part:
        return []
    free_h, some_h = part.get("free_cooling_h"), part.get("partly_free_cooling_h")
    share = percent(part.get("free_cooling_frac_of_heat"))
    rows = [
        ("PUE band", str(part.get("pue_band"))),
        ("free cooling", f"{quantity(free_h)} h in whole, {quantity(some_h)} h in part; {share} of the heat"),
    ]
    kwh = [f"{name} {quantity(1e3 * value, 'Wh')}" for name, value in _numbers(part.get("cooling_kwh")) if value > 0.0]
    rows.append(("cooling energy", ", ".join(kwh) or "none"))
    humid = _part(part.get("humidity"))
    if humid:
        dew = _part(humid.get("dew_point_c"))
        low, high = (dew.get(key) for key in ("min", "max"))
        hours = quantity(humid.get("outside_recommended_h"))
        text = f"dew point {quantity(low)} to {quantity(high)} °C, {hours} h outside"
        rows.append(
            ("humidity", f"{text} the recommended range; {quantity(humid.get('condensate_l'))} L of condensate")
        )
    return rows


def _numbers(value: object) -> list[tuple[str, float]]:
    return [(name, one) for name, one in _part(value).items() if isinstance(one, float)]


def _part(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}
