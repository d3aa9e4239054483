"""Coolant loops against published figures, and against fine steps of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.files import asset_dir
from twin.physics.coolant import density_kg_m3, flow_for_heat_kg_s, heat_j_kg_k
from twin.plant.liquid import Liquid
from twin.plant.liquid_forecast import reach_s
from twin.validate.case import Case, Group, of_pair

CABINET_W = 1.135e6 / 3.0
"""Highest heat of a Frontier coolant unit, by its three cabinets (ExaDigiT RAPS config/frontier.yaml)."""
FINE_S = 0.01


def _cases(_: Path) -> Iterator[Case]:
    litres_min = 6e4 * flow_for_heat_kg_s("pg25", 1000.0, 10.0) / density_kg_m3("pg25", 40.0)
    yield of_pair("glycol for a kilowatt at 10 K, OCP OAI guide", float(litres_min), 1.5, "L/min", 0.01)
    yield of_pair("glycol for a kilowatt at 10 K, CoolProp", float(litres_min), 1.497, "L/min", 0.01)
    yield of_pair("heat of PG25 at 40 °C, CoolProp", float(heat_j_kg_k("pg25", 40.0)), 3968.6, "J/kg K", 1e-4)
    loops, rack_w = _frontier()
    pump_frac = float(loops.pump_w()[0]) / (3.0 * CABINET_W)
    yield of_pair("pumps of a Frontier coolant unit over its heat", 100.0 * pump_frac, 0.75, "%", 0.01)
    yield _balance(loops, rack_w)
    yield from _loss(loops, rack_w)


def _frontier() -> tuple[Liquid, np.ndarray]:
    """The loops of the Frontier layout at their steady temperatures under the highest heat."""
    from twin.catalogue.library import shipped_catalogue
    from twin.layout.expand import expand
    from twin.layout.store import load_layout
    from twin.plant.compile import compile_plant

    path = asset_dir().parent / "layouts" / "frontier.layout.json"
    loops = compile_plant(expand(load_layout(path), shipped_catalogue()), shipped_catalogue()).cooling.liquid
    rack_w = np.full(loops.n_racks, CABINET_W)
    loops.settle_at(rack_w, np.zeros(0), np.zeros(0, dtype=bool))
    return loops, rack_w


def _balance(loops: Liquid, rack_w: np.ndarray) -> Case:
    """Heat in, less heat out, less heat stored, over an hour in which the heat changes every second."""
    rng = np.random.default_rng(1)
    into_j = lost_j = 0.0
    for _ in range(3600):
        step = loops.step(rack_w * rng.random(loops.n_racks), np.zeros(0), np.zeros(0, dtype=bool), 1.0)
        into_j += step.from_racks_w + step.pump_w
        lost_j += step.from_racks_w + step.pump_w - step.outside_w - step.stored_j
    name = "heat of 25 loops over an hour of changing heat: in, out and stored"
    return Case(name, into_j, into_j - lost_j, "J", abs(lost_j) / into_j, 1e-9, 3600)


def _loss(loops: Liquid, rack_w: np.ndarray) -> Iterator[Case]:
    """Seconds left when the pumps of the first loop stop: as predicted, and in steps of a hundredth of a second."""
    nothing = np.zeros(0), np.zeros(0, dtype=bool)
    loops.settle_at(rack_w, *nothing)
    loops.units.is_fed[0] = False
    limits_c = np.stack([loops.branches.throttle_c, loops.branches.trip_c])
    left_s = reach_s(loops, rack_w, limits_c)[:, 0]
    crossed = np.full(2, np.nan)
    for k in range(1, 12001):
        loops.step(rack_w, *nothing, FINE_S)
        is_over = loops.chip_c()[0] >= limits_c[:, 0]
        crossed = np.where(is_over & np.isnan(crossed), (k - 0.5) * FINE_S, crossed)
        if not np.isnan(crossed).any():
            break
    for name, model, fine in zip(("throttle", "switch off"), left_s.tolist(), crossed.tolist(), strict=True):
        text = f"coolant of a Frontier loop stops: chips {name}, against fine steps"
        yield of_pair(text, model, fine, "s", 2.0 * FINE_S / fine)


GROUPS: tuple[Group, ...] = (Group("liquid", (), _cases),)
