"""What the coolers that are left do when others stand still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from twin.policies.controls.view import CoolingView, Setting


@dataclass(frozen=True, slots=True)
class FailureResponse:
    """While a cooler is down the others blow for it, and supply colder air; nothing while all run."""

    lower_k: Annotated[float, Field(ge=0, le=10, description="supply set point goes down by, K")] = 2.0
    boost: Annotated[float, Field(ge=1, le=2, description="air of all coolers as drawn, times this, is held")] = 1.0

    def __call__(self, view: CoolingView) -> Setting:
        is_down = np.asarray(view.up_frac) < 1.0 - 1e-9
        wanted = np.minimum(self.boost * view.drawn_fan_frac / np.maximum(view.up_frac, 1e-3), 1.0)
        return Setting(
            fan_frac=np.where(is_down, wanted, view.drawn_fan_frac),
            supply_c=np.where(is_down, view.drawn_supply_c - self.lower_k, view.drawn_supply_c),
        )
