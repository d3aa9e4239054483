"""Set points that stay where they are put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from twin.policies.controls.view import CoolingView, Setting


@dataclass(frozen=True, slots=True)
class Fixed:
    """Fans, supply air and chilled water at these values; what is not given stays as drawn."""

    fan_frac: Annotated[float | None, Field(ge=0, le=1, description="speed of all fans")] = None
    supply_c: Annotated[float | None, Field(ge=5, le=40, description="supply air of all coolers, °C")] = None
    water_c: Annotated[float | None, Field(ge=4, le=35, description="supply of all chilled-water loops, °C")] = None

    def __call__(self, view: CoolingView) -> Setting:
        return Setting(self.fan_frac, self.supply_c, self.water_c)
