"""Lines about effectiveness, the power path, the bill and carbon in the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from twin.record.words import MISSING, aligned, percent, quantity, ranged

Figures = Mapping[str, object]


def effectiveness_rows(summary: Figures) -> list[tuple[str, str]]:
    """PUE with its boundary, and the ratios beside it."""
    rows = []
    if "pue" in summary:
        categories = _part(summary.get("pue_by_category"))
        others = [
            f"{quantity(categories[key], digits=4)} at the {point}"
            for key, point in (("2", "PDU output"), ("1", "UPS output"))
            if categories.get(key) is not None
        ]
        text = quantity(summary["pue"], digits=4)
        rows.append(("PUE", f"{text} at the IT input (category 3); {', '.join(others)}" if others else text))
    ratios = (("itue", "ITUE", "", 4), ("tue", "TUE", "", 4), ("cue_kg_per_kwh", "CUE", "kg/kWh", 3),
              ("wue_l_per_kwh", "WUE", "L/kWh", 3))  # fmt: skip
    known = [f"{name} {quantity(summary[key], unit, n)}" for key, name, unit, n in ratios if key in summary]
    return [*rows, ("effectiveness", ", ".join(known))] if known else rows


def bill_rows(summary: Figures) -> list[tuple[str, str]]:
    """What the energy cost, by period where there are several, and what the highest demand did."""
    cost = _part(summary.get("cost"))
    if not cost:
        return []
    currency = cost.get("currency")
    periods = _part(cost.get("by_period"))
    shares = [f"{name.replace('_', ' ')} {quantity(_part(part).get('cost'))}" for name, part in periods.items()]
    band = _part(summary.get("band"))
    energy = ranged(cost, "energy", str(currency), band, "cost.")
    rows = [("energy cost", f"{energy} ({', '.join(shares)})" if len(shares) > 1 else energy)]
    notes = cost.get("notes")
    said = (
        [str(note) for note in notes if "proxy" in str(note) or "estimate" in str(note)]
        if isinstance(notes, Sequence)
        else []
    )
    rows += [("  note", note) for note in said]
    months = cost.get("demand_by_month")
    if not isinstance(months, Sequence) or not months:
        return rows
    top = max((_part(month) for month in months), key=lambda month: cast(float, month["peak_kw"]))
    peak = f"{quantity(_watts(top['peak_kw']), 'W')} in the quarter of an hour from {top['peak_at']}"
    rows.append(("peak demand", peak))
    if cost.get("demand"):
        part = " (its share of the month)" if cost.get("demand_is_prorated") else ""
        rows.append(("demand charge", f"{ranged(cost, 'demand', str(currency), band, 'cost.')}{part}"))
        rows.append(("total cost", ranged(cost, "total", str(currency), band, "cost.")))
    return rows


def carbon_rows(summary: Figures) -> list[tuple[str, str]]:
    """Carbon of operation, of making, and of a token."""
    if "carbon_kg" not in summary:
        return []
    operation = ranged(summary, "carbon_kg", "kg CO2", _part(summary.get("band")))
    carbon = _part(summary.get("carbon"))
    missing = _part(carbon.get("embodied_missing"))
    if not carbon or (missing and not carbon.get("hall_embodied_kg")):
        return [("carbon", operation)]
    text = f"{operation} of operation, {quantity(carbon['embodied_kg'], 'kg')} of making (its share of the lifetimes)"
    per_token = carbon.get("total_g_per_output_token")
    if isinstance(per_token, float):
        text += f", {quantity(per_token * 1e3, 'mg')} a token"
    rows = [("carbon", text)]
    if missing:
        n = sum(count for count in missing.values() if isinstance(count, int))
        names = list(missing)
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        rows.append(("  not counted", f"making of {quantity(n)} things whose sheets do not say: {shown}"))
    return rows


def path_lines(summary: Figures) -> list[str]:
    """The elements that lose most as a table, and the sides."""
    path = _part(summary.get("power_path"))
    largest = path.get("largest_losses")
    if not isinstance(largest, Sequence) or not largest:
        return []
    table: list[tuple[str, ...]] = [("largest losses", "role", "side", "passed on", "lost", "efficiency", "peak")]
    for one in map(_part, largest):
        efficiency = one.get("efficiency_frac")
        table.append(
            (
                str(one["element"]),
                str(one["role"]),
                str(one["side"]) or MISSING,
                quantity(_watts(one["energy_kwh"]), "Wh"),
                quantity(_watts(one["loss_kwh"]), "Wh"),
                percent(efficiency) if isinstance(efficiency, float) else MISSING,
                quantity(one["peak_w"], "W"),
            )
        )
    sides = [
        f"{side}: {quantity(_watts(_part(part).get('cords_kwh')), 'Wh')} to cords, "
        f"{quantity(_watts(_part(part).get('loss_kwh')), 'Wh')} lost"
        for side, part in _part(path.get("by_side")).items()
    ]
    return [*aligned(table), *([f"sides           {'; '.join(sides)}"] if sides else [])]


def _part(value: object) -> Figures:
    return cast(Figures, value) if isinstance(value, Mapping) else {}


def _watts(kilo: object) -> object:
    return kilo * 1e3 if isinstance(kilo, (int, float)) else None
