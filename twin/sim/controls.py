"""Controls of the cooling plant in a run: asked every so often; rows that a hand has moved are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from twin.physics import FloatArray
from twin.plant.plant import Settled
from twin.policies.controls.view import CoolingView, Setting
from twin.sim.flow_controls import SUPPLY_RANGE_C, WATER_RANGE_C, controls_of
from twin.sim.hall import Hall

LOOK_S = 10.0
"""Time between two looks. Estimate: building controllers act every few seconds."""


class Controls:
    """Asks the controls of a scenario and does as they say."""

    __slots__ = ("_controls", "_drawn", "_hall", "_looked_s", "_poked", "is_active")

    def __init__(self, hall: Hall, poked: set[tuple[str, str]]) -> None:
        coolers, plant = hall.plant.cooling.coolers, hall.plant.cooling.plant
        self._hall, self._poked = hall, poked
        self._controls = controls_of(hall.scenario.controls, "scenario")
        # Economisers need nobody to tell them while no damper is drawn.
        self.is_active = bool(hall.scenario.controls) or bool(coolers.has_outdoor.any())
        self._looked_s = 0.0
        self._drawn = tuple(_mean(column) for column in (coolers.fan_frac, coolers.supply_c, plant.set_c))

    def look(self, now_s: float, settled: Settled) -> None:
        """Ask, if it is time to; the plant is settled."""
        if not self.is_active or now_s - self._looked_s < LOOK_S - 1e-9:
            return
        view = self._view(now_s, settled, now_s - self._looked_s)
        self._looked_s = now_s
        found = Setting()
        for control in self._controls:
            supply_c = view.supply_c if found.supply_c is None else found.supply_c
            found = found.under(control(replace(view, supply_c=supply_c)))
        self._apply(found)

    def _view(self, now_s: float, settled: Settled, dt_s: float) -> CoolingView:
        plant, outside = self._hall.plant, self._hall.outside
        coolers, racks, air = plant.cooling.coolers, plant.racks, outside.air(now_s)
        is_on = coolers.is_up & coolers.is_fed
        rated_m3_s, all_m3_s = float(coolers.rated_m3_s[is_on].sum()), float(coolers.rated_m3_s.sum())
        return CoolingView(
            dry_bulb_c=air.dry_bulb_c,
            wet_bulb_c=air.wet_bulb_c,
            dew_point_c=outside.dew_point_c(now_s),
            heat_w=settled.it_w - settled.liquid_w + settled.indoor_loss_w + settled.fan_w,
            server_m3_s=plant.drawn_m3_s,
            rated_m3_s=rated_m3_s,
            up_frac=rated_m3_s / all_m3_s if all_m3_s else 1.0,
            inlet_c=float(np.maximum.reduce(settled.rack_inlet_c, initial=-273.15)),
            mixing_frac=float(np.where(racks.is_contained, racks.leakage_frac, 1.0).max(initial=0.0)) or 1.0,
            fan_frac=_mean(coolers.fan_frac[is_on]),
            supply_c=_mean(coolers.supply_c),
            water_c=_mean(plant.cooling.plant.set_c),
            drawn_fan_frac=self._drawn[0],
            drawn_supply_c=self._drawn[1],
            drawn_water_c=self._drawn[2],
            dt_s=dt_s,
        )

    def _apply(self, found: Setting) -> None:
        cooling = self._hall.plant.cooling
        coolers, plant = cooling.coolers, cooling.plant
        loops = [loop.id for loop in plant.loops]
        if found.fan_frac is not None:
            wanted = np.clip(float(found.fan_frac), coolers.min_fan_frac, 1.0)
            self._put(coolers.fan_frac, wanted, coolers.ids, "fan_frac")
        if found.supply_c is not None:
            wanted = np.full(len(coolers.ids), float(np.clip(found.supply_c, *SUPPLY_RANGE_C)))
            self._put(coolers.supply_c, wanted, coolers.ids, "supply_c")
        if found.water_c is not None:
            wanted = np.full(len(loops), float(np.clip(found.water_c, *WATER_RANGE_C)))
            self._put(plant.set_c, wanted, loops, "supply_c")
        plant.stage_frac = 1.0 if found.stage_frac is None else float(found.stage_frac)
        plant.uses_economiser = found.uses_water is None or bool(found.uses_water)
        cooling.lets_air = bool(found.lets_air) and bool(coolers.has_outdoor.any())

    def _put(self, column: FloatArray, wanted: FloatArray, ids: list[str], field: str) -> None:
        """Set a column where no hand has set it."""
        if not self._poked:
            column[:] = wanted
            return
        free = np.array([(name, field) not in self._poked for name in ids], dtype=bool)
        column[free] = wanted[free]


def _mean(column: FloatArray) -> float:
    return float(np.mean(column)) if len(column) else float("nan")
