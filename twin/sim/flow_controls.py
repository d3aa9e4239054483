"""Set points of every hour of a year, from the controls of a scenario."""

from __future__ import annotations

from collections.abc import Sequence

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
    """A function from the heat into the room of each hour to its set points; air: dry bulb, wet bulb, dew point (n,)."""
    coolers, loops, racks = plant.cooling.coolers, plant.cooling.plant, plant.racks
    n = len(it.state)
    is_on = coolers.is_up & coolers.is_fed
    rated_m3_s, all_m3_s = float(coolers.rated_m3_s[is_on].sum()), float(coolers.rated_m3_s.sum())
    server_m3_s = it.rack_m3_s.sum(axis=0)[it.state]
    mixing = float(np.where(racks.is_contained, racks.leakage_frac, 1.0).max(initial=0.0)) or 1.0
    drawn = tuple(_mean(column) for column in (coolers.fan_frac, coolers.supply_c, loops.set_c))

    def controlled(heat_w: FloatArray) -> Controlled:
        water_c = _mean(loops.set_c)
        supply_c = drawn[1]
        found = Setting()
        for control in controls:
            supply_c = (
                drawn[1] if found.supply_c is None else found.supply_c
            )  # a fan control sees what was reset before
            view = CoolingView(
                *air, heat_w, server_m3_s, rated_m3_s, rated_m3_s / all_m3_s if all_m3_s else 1.0, np.nan, mixing,
                drawn[0], supply_c, water_c, *drawn, np.inf,
            )  # fmt: skip
            found = found.under(control(view))
        return Controlled(
            _rows(found.fan_frac, coolers.fan_frac, n, (0.0, 1.0)),
            _rows(found.supply_c, coolers.supply_c, n, SUPPLY_RANGE_C),
            _rows(found.water_c, loops.set_c, n, WATER_RANGE_C),
            _each(found.stage_frac, 1.0, n),
            _each(found.uses_water, 1.0, n) > 0.5,
            _each(found.lets_air, 0.0, n) > 0.5,
        )

    return controlled


def _mean(column: FloatArray) -> float:
    return float(np.mean(column)) if len(column) else float("nan")


def _rows(wanted: object, drawn: FloatArray, n: int, bounds: tuple[float, float]) -> FloatArray:
    if wanted is None:
        return np.repeat(np.asarray(drawn, dtype=float)[:, None], n, axis=1)
    held = np.clip(np.asarray(wanted, dtype=float), *bounds)
    return np.broadcast_to(held, (len(drawn), n)).copy()


def _each(wanted: object, otherwise: float, n: int) -> FloatArray:
    return np.broadcast_to(np.asarray(otherwise if wanted is None else wanted, dtype=float), (n,)).copy()
