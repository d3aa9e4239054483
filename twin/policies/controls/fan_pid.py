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
    Asked for the state it comes to rest in, it solves the heat balance of the room instead:
    s = Q / (rho cp V_rated (T_room - T_supply)), T_room the one that gives the inlet wanted.
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
        over_supply_k = np.maximum(self.inlet_c - view.supply_c, 0.1) / np.maximum(view.mixing_frac, 1e-3)
        wanted = view.heat_w / (AIR_HEAT_J_M3_K * np.maximum(view.rated_m3_s, 1e-9) * over_supply_k)
        return np.minimum(wanted, 1.0)
