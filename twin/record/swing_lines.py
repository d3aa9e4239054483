"""Lines about loads that swing in the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from twin.record.words import quantity

SHOWN = 4
"""Elements named in the summary of a run."""


def swing_rows(swings: object) -> list[tuple[str, str]]:
    """Two rows a load: how far and how fast it swings; what would make it flat and what smoothing costs."""
    rows: list[tuple[str, str]] = []
    for load, figures in _part(swings).items():
        part = _part(figures)
        trough, peak, rms = (quantity(part.get(key), "W") for key in ("trough_w", "peak_w", "rms_0p1_20hz_w"))
        ramp = part.get("ramp_w_s_max")
        how_fast = "in steps" if ramp is None else f"ramps to {quantity(ramp, 'W')}/s"
        period = quantity(part.get("period_s"), "s")
        text = f"{trough} – {peak} at the cords every {period}, {how_fast}, RMS {rms} in 0.1–20 Hz"
        rows.append((f"swings {load}", text))
        needed, loss_w = quantity(part.get("buffer_needed_j"), "J"), part.get("smoothing_loss_w")
        costs = f"; smoothing burns {quantity(loss_w, 'W')}" if loss_w else ""
        rows.append(("  to be flat", f"{needed} of storage needed{costs}"))
    return rows


def swing_path_rows(found: object) -> list[tuple[str, str]]:
    """What the sources see beside the demand, and the elements whose peaks come nearest to their ratings."""
    site, elements = _part(_part(found).get("site")), _part(_part(found).get("elements"))
    if not elements:
        return []
    peak, demand = quantity(site.get("peak_w"), "W"), quantity(site.get("demand_peak_w"), "W")
    rows = [("swings at sources", f"peak {peak}; the demand billed is {demand}, a mean of a quarter of an hour")]
    ranked = sorted(elements, key=lambda name: -_share(elements[name]))
    alike: dict[str, list[str]] = {}
    for name in ranked:
        alike.setdefault(f"{_share(elements[name]):.6f} {_part(elements[name]).get('peak_w'):.6g}", []).append(name)
    for names in list(alike.values())[:SHOWN]:
        part, name = _part(elements[names[0]]), names[0]
        more = f", and {len(names) - 1} alike" if len(names) > 1 else ""
        ramp = part.get("ramp_w_s_max")
        how_fast = "in steps" if ramp is None else f"ramps to {quantity(ramp, 'W')}/s"
        mean, peak, rms = (quantity(part.get(key), "W") for key in ("mean_w", "peak_w", "rms_0p1_20hz_w"))
        share = f" ({_share(part):.0%} of its rating)" if part.get("peak_over_rating") is not None else ""
        rows.append((f"  {name}", f"mean {mean}, peak {peak}{share}, {how_fast}, RMS {rms} in 0.1–20 Hz{more}"))
    if len(alike) > SHOWN:
        n_left = sum(map(len, list(alike.values())[SHOWN:]))
        rows.append(("", f"and {n_left} more elements in summary.json"))
    return rows


def _share(figures: object) -> float:
    share = _part(figures).get("peak_over_rating")
    return share if isinstance(share, float) else 0.0


def _part(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}
