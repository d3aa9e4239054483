"""Fans that move what the racks draw, and a little more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from twin.policies.controls.view import CoolingView, Setting


@dataclass(frozen=True, slots=True)
class FlowToDemand:
    """Fan speed so that the coolers that run move the air of the racks times a surplus."""

    surplus_frac: Annotated[float, Field(ge=-0.5, le=2, description="air above what racks draw")] = 0.1

    def __call__(self, view: CoolingView) -> Setting:
        wanted = (1.0 + self.surplus_frac) * view.server_m3_s / np.maximum(view.rated_m3_s, 1e-9)
        return Setting(fan_frac=np.minimum(wanted, 1.0))
