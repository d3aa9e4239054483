"""Warmer water, and warmer supply air, while it is cool outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from twin.policies.controls.view import CoolingView, Setting, between


@dataclass(frozen=True, slots=True)
class TemperatureReset:
    """A set point on a line over the outdoor air: `high_c` up to `cool_c` outside, `low_c` from `warm_c` on.

    Defaults are an estimate: 6 K of reset between 10 and 25 °C outside, usual in building controls.
    """

    of: Annotated[Literal["water", "supply"], Field(description="chilled water or supply air")] = "water"
    by: Annotated[Literal["dry_bulb", "wet_bulb"], Field(description="outdoor temperature that counts")] = "wet_bulb"
    cool_c: Annotated[float, Field(description="outdoors, °C")] = 10.0
    warm_c: Annotated[float, Field(description="outdoors, °C")] = 25.0
    high_c: Annotated[float, Field(ge=4, le=40, description="set point while it is cool, °C")] = 18.0
    low_c: Annotated[float, Field(ge=4, le=40, description="set point while it is warm, °C")] = 12.0

    def __call__(self, view: CoolingView) -> Setting:
        outdoors = view.dry_bulb_c if self.by == "dry_bulb" else view.wet_bulb_c
        wanted = between(outdoors, (self.cool_c, self.high_c), (max(self.warm_c, self.cool_c + 1e-6), self.low_c))
        return Setting(water_c=wanted) if self.of == "water" else Setting(supply_c=wanted)
