"""Fans that hold the warmest rack inlet."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf
from typing import Annotated

import numpy as np
from pydantic import Field

from twin.physics import Values
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.policies.controls.view import CoolingView, Setting


@dataclass(frozen=True, slots=True)
class FanPid:
    """Integral control of fan speed on the warmest inlet, with a limit on how fast it moves.

    The proportional part acts as a limit of the step: speed moves by gain (error dt / integral_s), at most `most_step`.
    Asked for the state it comes to rest in, it solves the heat balances of the room and of its aisles instead: an inlet
    stands m Q / (rho cp V) over the supply air where a share m of it is room air, and Q / (rho cp) (1/V - 1/V_racks)
    where an aisle is given less than its racks draw.
    """

    inlet_c: Annotated[float, Field(ge=10, le=45, description="warmest inlet to hold, °C")] = 25.0
    gain_per_k: Annotated[float, Field(gt=0, le=1, description="speed per kelvin and integral time")] = 0.05
    integral_s: Annotated[float, Field(gt=0, description="integral time, s")] = 60.0
    most_step: Annotated[float, Field(gt=0, le=1, description="change of speed at one look, at most")] = 0.1

    def __call__(self, view: CoolingView) -> Setting:
        return Setting(fan_frac=self._at_rest(view) if isinf(view.dt_s) else self._moved(view))

    def _moved(self, view: CoolingView) -> Values:
        step = self.gain_per_k * (view.inlet_c - self.inlet_c) * view.dt_s / self.integral_s
        return np.clip(view.fan_frac + np.clip(step, -self.most_step, self.most_step), 0.0, 1.0)

    def _at_rest(self, view: CoolingView) -> Values:
        over_supply_w_m3 = AIR_HEAT_J_M3_K * np.maximum(self.inlet_c - np.asarray(view.supply_c), 0.1)
        heat_w, racks_m3_s = np.maximum(view.heat_w, 1e-9), np.maximum(view.server_m3_s, 1e-9)
        mixed_m3_s = view.mixing_frac * heat_w / over_supply_w_m3
        short_m3_s = 1.0 / (over_supply_w_m3 / heat_w + 1.0 / racks_m3_s)
        return np.minimum(np.maximum(mixed_m3_s, short_m3_s) / np.maximum(view.rated_m3_s, 1e-9), 1.0)
