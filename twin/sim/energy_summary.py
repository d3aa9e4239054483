"""Figures of a whole run about its energy: effectiveness by category, losses by element, carbon with that of making."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.files import Tree
from twin.plant.element_meters import ElementMeters
from twin.plant.plant import Plant
from twin.sim.embodied import Embodied, embodied
from twin.units import J_PER_KWH

if TYPE_CHECKING:
    from twin.sim.run import Run

N_LARGEST = 5
"""Elements with the largest losses that a summary names; power.parquet has all."""


def energy_figures(run: Run, output_tokens: int) -> Tree:
    """PUE by category, ITUE, TUE, CUE, WUE, the power path and the carbon of the run, ready to be joined in."""
    plant = run.hall.plant
    elements = plant.metered()
    return {
        **_effectiveness(plant, elements, run.now_s),
        "power_path": _power_path(elements),
        "carbon": _carbon(embodied(run.hall.floor, run.hall.catalogue), run, output_tokens),
    }


def _effectiveness(plant: Plant, elements: ElementMeters, now_s: float) -> Tree:
    """Ratios after ISO/IEC 30134-2 (PUE), -8 (CUE), -9 (WUE); ITUE and TUE after Patterson et al., ISC 2013."""
    meters = plant.meters
    it_j, used_j = meters.it_j, meters.used_j
    # Switches count as computing in whole: what their own fans and supplies take is not known.
    compute_j = meters.chips_j + plant.compute.hosts_total_j(now_s) + meters.network_j
    metered_j = {**elements.metered_j, 3: it_j}
    it_kwh = it_j / J_PER_KWH
    return {
        "pue": _ratio(used_j, it_j),
        "pue_category": 3,
        "pue_by_category": {str(category): _ratio(used_j, one_j) for category, one_j in metered_j.items()},
        "pue_unmetered_frac": {
            str(category): round(one_j / it_j, 9) if it_j else 0.0 for category, one_j in elements.unmetered_j.items()
        },
        "itue": _ratio(it_j, compute_j),
        "tue": _ratio(used_j, compute_j),
        "cue_kg_per_kwh": _ratio(meters.carbon_kg, it_kwh),
        "wue_l_per_kwh": _ratio(meters.water_kg, it_kwh),
    }


def _power_path(elements: ElementMeters) -> Tree:
    order = (-elements.loss_j).argsort(kind="stable")[:N_LARGEST]
    largest = []
    for i in order.tolist():
        load_j, loss_j = float(elements.load_j[i]), float(elements.loss_j[i])
        largest.append(
            {
                "element": elements.ids[i],
                "role": elements.roles[i],
                "side": elements.sides[i],
                "energy_kwh": load_j / J_PER_KWH,
                "loss_kwh": loss_j / J_PER_KWH,
                "peak_w": float(elements.peak_w[i]),
                "efficiency_frac": _ratio(load_j, load_j + loss_j),
            }
        )
    return {
        "loss_kwh_by_role": elements.by_role(),
        "by_side": elements.by_side(),
        "largest_losses": largest,
    }


def _carbon(made: Embodied, run: Run, output_tokens: int) -> Tree:
    """Operation and the share of making that this time carries; things without a figure are listed, not guessed."""
    operation_kg = run.hall.plant.meters.carbon_kg
    embodied_kg = made.kg_per_s * run.now_s
    total_kg = operation_kg + embodied_kg
    return {
        "operation_kg": operation_kg,
        "embodied_kg": embodied_kg,
        "total_kg": total_kg,
        "total_g_per_output_token": _ratio(1e3 * total_kg, output_tokens),
        "hall_embodied_kg": made.kg,
        "hall_embodied_kg_by_kind": made.by_kind,
        "embodied_missing": made.missing,
    }


def _ratio(a: float, b: float) -> float | None:
    return a / b if b else None
