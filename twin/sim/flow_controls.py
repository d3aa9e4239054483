"""Set points of every hour of a year, from the controls of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from twin.physics import FloatArray
from twin.plant.plant import Plant
from twin.plant.year import Control as HourControl
from twin.plant.year import Controlled, ItHours
from twin.plugins import CONTROLS
from twin.policies.controls.economiser import Economiser
from twin.policies.controls.view import Control, CoolingView, Setting
from twin.policies.making import make
from twin.scenario.policies import ControlChoice

WATER_RANGE_C = (4.0, 35.0)
SUPPLY_RANGE_C = (5.0, 40.0)


def controls_of(chosen: Sequence[ControlChoice], where: str) -> list[Control]:
    """The controls a scenario names, in their order; before them economisers run inside the limits of ASHRAE."""
    named: list[Control] = [
        make(CONTROLS, one.control, one.parameters, f"{where} controls[{i}]") for i, one in enumerate(chosen)
    ]
    return [Economiser(), *named]


def setting_of(controls: Sequence[Control], view: CoolingView) -> Setting:
    """What all controls together want."""
    found = Setting()
    for control in controls:
        found = found.under(control(view))
    return found


def hour_controls(
    controls: Sequence[Control], plant: Plant, it: ItHours, air: tuple[FloatArray, FloatArray, FloatArray]
) -> HourControl:
    """Set points of each hour from its heat into the room; air: dry bulb, wet bulb, dew point, each (n,)."""
    coolers, loops = plant.cooling.coolers, plant.cooling.plant
    base, n = _base_view(plant, it, air), len(it.state)

    def controlled(heat_w: FloatArray) -> Controlled:
        found = Setting()
        for control in controls:
            # A control of fans sees the supply air that was reset before it.
            supply_c = base.drawn_supply_c if found.supply_c is None else found.supply_c
            found = found.under(control(replace(base, heat_w=heat_w, supply_c=supply_c)))
        return Controlled(
            _rows(found.fan_frac, coolers.fan_frac, n, (0.0, 1.0)),
            _rows(found.supply_c, coolers.supply_c, n, SUPPLY_RANGE_C),
            _rows(found.water_c, loops.set_c, n, WATER_RANGE_C),
            _each(found.stage_frac, 1.0, n),
            _each(found.uses_water, 1.0, n) > 0.5,
            _each(found.lets_air, 0.0, n) > 0.5,
        )

    return controlled


def _base_view(plant: Plant, it: ItHours, air: tuple[FloatArray, FloatArray, FloatArray]) -> CoolingView:
    """What controls see of every hour before any of them has said anything."""
    coolers, racks = plant.cooling.coolers, plant.racks
    is_on = coolers.is_up & coolers.is_fed
    rated_m3_s, all_m3_s = float(coolers.rated_m3_s[is_on].sum()), float(coolers.rated_m3_s.sum())
    fan_frac, supply_c = _mean(coolers.fan_frac), _mean(coolers.supply_c)
    water_c = _mean(plant.cooling.plant.set_c)
    return CoolingView(
        dry_bulb_c=air[0],
        wet_bulb_c=air[1],
        dew_point_c=air[2],
        heat_w=np.zeros(len(it.state)),
        server_m3_s=it.rack_m3_s.sum(axis=0)[it.state],
        rated_m3_s=rated_m3_s,
        up_frac=rated_m3_s / all_m3_s if all_m3_s else 1.0,
        inlet_c=np.nan,
        mixing_frac=float(np.where(racks.is_contained, racks.leakage_frac, 1.0).max(initial=0.0)) or 1.0,
        fan_frac=fan_frac,
        supply_c=supply_c,
        water_c=water_c,
        drawn_fan_frac=fan_frac,
        drawn_supply_c=supply_c,
        drawn_water_c=water_c,
        dt_s=np.inf,
    )


def _mean(column: FloatArray) -> float:
    return float(np.mean(column)) if len(column) else float("nan")


def _rows(wanted: object, drawn: FloatArray, n: int, bounds: tuple[float, float]) -> FloatArray:
    if wanted is None:
        return np.repeat(np.asarray(drawn, dtype=float)[:, None], n, axis=1)
    held = np.clip(np.asarray(wanted, dtype=float), *bounds)
    return np.broadcast_to(held, (len(drawn), n)).copy()


def _each(wanted: object, otherwise: float, n: int) -> FloatArray:
    return np.broadcast_to(np.asarray(otherwise if wanted is None else wanted, dtype=float), (n,)).copy()
