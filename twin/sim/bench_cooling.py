"""How fast cooling alone is stepped: the coolant loops of a whole machine."""

from __future__ import annotations

from time import process_time

import numpy as np

from twin.files import asset_dir
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.physics import FloatArray
from twin.plant.liquid import Liquid
from twin.sim.bench_serving import peak_rss_mb

N_STEPS = 10_000
RACK_W = 370e3
"""Heat of one of its cabinets at its most: 128 nodes and their switches."""


def frontier_liquid_cases() -> list[dict[str, object]]:
    """The 25 loops of the Frontier layout by the second, their whole state read each time: heat held, then changing."""
    from twin.catalogue.library import shipped_catalogue
    from twin.plant.compile import compile_plant

    path = asset_dir().parent / "layouts" / "frontier.layout.json"
    plant = compile_plant(expand(load_layout(path), shipped_catalogue()), shipped_catalogue())
    return [_case(plant.cooling.liquid, is_changing) for is_changing in (False, True)]


def _case(loops: Liquid, is_changing: bool) -> dict[str, object]:
    rng = np.random.default_rng(1)
    heats = (
        [RACK_W * (0.3 + 0.7 * rng.random(loops.n_racks)) for _ in range(64)]
        if is_changing
        else [np.full(loops.n_racks, RACK_W)]
    )
    no_water, dry = np.zeros(0), np.zeros(0, dtype=bool)
    loops.settle_at(heats[0], no_water, dry)
    loops.step(heats[0], no_water, dry, 1.0)
    into_j = lost_j = 0.0
    begun_s = process_time()
    for k in range(N_STEPS):
        step = loops.step(heats[k % len(heats)], no_water, dry, 1.0)
        loops.view(), loops.unit_state()
        into_j += step.from_racks_w + step.pump_w
        lost_j += step.from_racks_w + step.pump_w - step.outside_w - step.stored_j
    cpu_s = process_time() - begun_s
    return {
        "name": f"frontier_liquid_{'changing' if is_changing else 'held'}",
        "n_units": len(loops.ids),
        "n_racks": loops.n_racks,
        "step_s": 1.0,
        "simulated_s_per_cpu_s": N_STEPS / cpu_s,
        "us_per_step": 1e6 * cpu_s / N_STEPS,
        "us_per_step_alone": 1e6 * _alone_s(loops, heats, no_water, dry) / N_STEPS,
        "heat_residual_frac": abs(lost_j) / into_j,
        "pump_share_frac": float(loops.pump_w().sum()) / float(np.mean([heat.sum() for heat in heats])),
        "peak_rss_mb": peak_rss_mb(),
    }


def _alone_s(loops: Liquid, heats: list[FloatArray], no_water: FloatArray, dry: np.ndarray) -> float:
    """The steps without reading anything."""
    begun_s = process_time()
    for k in range(N_STEPS):
        loops.step(heats[k % len(heats)], no_water, dry, 1.0)
    return process_time() - begun_s
