"""Lines about computing memory in the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from twin.record.words import percent, quantity

_MAPPINGS = {
    "none": "NPU alone",
    "attention": "attention in memory",
    "fc": "products in memory",
    "pim_only": "all in memory",
}


def pim_rows(pim: object) -> list[tuple[str, str]]:
    """Two rows a workload: which mapping ran how long; how busy each unit was, and the energy of the memory."""
    rows: list[tuple[str, str]] = []
    for workload, figures in _part(pim).items():
        part = _part(figures)
        seconds, iterations = _part(part.get("mapping_s")), _part(part.get("mapping_iterations"))
        ran = [
            f"{_MAPPINGS.get(key, key)} {quantity(value, 's')} in {quantity(iterations.get(key))} iterations"
            for key, value in seconds.items()
        ]
        rows.append((f"mapping {workload}", ", ".join(ran) or "nothing ran"))
        busy, energy = _part(part.get("busy_frac")), _part(part.get("pim_energy_j"))
        shares = [f"{name.upper() if name != 'link' else name} {percent(busy[name])}" for name in busy]
        joule = sum(value for value in energy.values() if isinstance(value, float))
        levels = ", ".join(f"{level.replace('_', ' ')} {quantity(value, 'J')}" for level, value in energy.items())
        rows.append(("  busy", ", ".join(shares)))
        rows.append(("  memory energy", f"{quantity(joule, 'J')} ({levels})"))
    return rows


def _part(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}
