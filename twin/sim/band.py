"""The band around a run on devices known by data sheet only: the same run at the ends of what others measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from twin.catalogue.compute import Accelerator
from twin.catalogue.spread import ClassSpread
from twin.files import Tree
from twin.scenario.overrides import Documents
from twin.sim.hall import Hall

_SPREADS = ("ttft_s", "tpot_s", "e2e_s")
METRICS: tuple[tuple[str, ...], ...] = (
    ("serving", "requests_completed"),
    ("serving", "output_tokens_per_s"),
    ("serving", "slo_attained_frac"),
    *(("serving", name, figure) for name in _SPREADS for figure in ("mean", "p50", "p90", "p95", "p99")),
    *(("power_w", name) for name in ("it_mean", "it_peak", "facility_mean", "facility_peak")),
    *(("energy_kwh", name) for name in ("it", "facility", "accelerators", "cooling")),
    ("pue",),
    ("j_per_output_token",),
    ("carbon_kg",),
    ("cost", "energy"),
    ("cost", "demand"),
    ("cost", "total"),
)


def chips_at_work(hall: Hall) -> dict[str, tuple[Accelerator, int]]:
    """Accelerators that serve language models, by id, each with how many of them do."""
    found: dict[str, tuple[Accelerator, int]] = {}
    for served in hall.served:
        if served.spec.service is not None:
            continue  # a service is a measured table
        for site in served.sites:
            chip = hall.plant.compute.constants[site.i_server].chip
            if chip is not None:
                found[chip.id] = chip, found.get(chip.id, (chip, 0))[1] + site.n_chips
    return dict(sorted(found.items()))


def device_marks(hall: Hall) -> list[Tree]:
    """How each accelerator at work is known, with the error of what was fitted on held-out rows."""
    return [
        {
            "id": chip.id,
            "chips": n_chips,
            "speed": "measured kernels" if chip.kernels is not None else "datasheet only",
            "power": "measured watts" if chip.watts is not None else "datasheet only",
            "held_errors": dict(chip.held_errors),
        }
        for chip, n_chips in chips_at_work(hall).values()
    ]


def of_unknown_speed(hall: Hall) -> list[Accelerator]:
    """Accelerators at work whose speed is known by their data sheet only."""
    return [chip for chip, _ in chips_at_work(hall).values() if chip.kernels is None]


def nominal_warning(chips: Sequence[Accelerator]) -> str:
    """What a reader of figures without a band must know."""
    names = ", ".join(chip.id for chip in chips)
    return f"{names}: known by the data sheet only; figures are nominal, and class-wide values are favourable"


def corners(documents: Documents, chips: Sequence[Accelerator], spread: ClassSpread) -> list[Documents]:
    """The documents with the chips slow and fast, each at few and at many watts."""
    ends = [(time, watts) for time in (0, 1) for watts in (0, 1)]
    return [
        replace(documents, sheets=_with_serving(documents.sheets, chips, spread, time, watts)) for time, watts in ends
    ]


def _with_serving(
    sheets: dict[str, Tree], chips: Sequence[Accelerator], spread: ClassSpread, time: int, watts: int
) -> dict[str, Tree]:
    result = dict(sheets)
    for chip in chips:
        law = chip.serving
        assert law is not None
        changed = {
            "eff_compute_frac": min(1.0, law.eff_compute_frac / spread.compute_time[time]),
            "eff_memory_frac": min(1.0, law.eff_memory_frac / spread.memory_time[time]),
        }
        if chip.watts is None:
            changed["compute_w_frac"] = law.compute_w_frac * spread.active_watts[watts]
            changed["memory_w_frac"] = law.memory_w_frac * spread.active_watts[watts]
        given = result.get(chip.id, {})
        serving = {**cast(Tree, given.get("serving", {})), **changed}
        result[chip.id] = {**given, "serving": serving}
    return result


def band_of(nominal: Tree, others: Sequence[Tree]) -> Tree:
    """Lowest and highest value of every metric over the nominal run and the corner runs, by dotted name."""
    band: Tree = {}
    for path in METRICS:
        values = [value for tree in (nominal, *others) if isinstance(value := _at(tree, path), (int, float))]
        if len(values) == 1 + len(others):
            band[".".join(path)] = [min(values), max(values)]
    return band


def _at(tree: object, path: tuple[str, ...]) -> object:
    for part in path:
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree
