"""When outdoor air and tower water may do the work of compressors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from twin.physics import Values
from twin.policies.controls.view import CoolingView, Setting


@dataclass(frozen=True, slots=True)
class Economiser:
    """Lets economisers that are drawn run inside limits of the outdoor air.

    Outdoor air is let in between two dew points and up to a dry bulb: 27 °C and 15 °C are the recommended range of
    ASHRAE TC 9.9 (2021), -9 °C its lower end.
    """

    water: Annotated[bool, Field(description="tower water may cool the loops")] = True
    air: Annotated[bool, Field(description="outdoor air may come in")] = True
    most_dry_bulb_c: Annotated[float, Field(description="of outdoor air let in, °C")] = 27.0
    most_dew_point_c: Annotated[float, Field(description="of outdoor air let in, °C")] = 15.0
    least_dew_point_c: Annotated[float, Field(description="of outdoor air let in, °C; drier air is kept out")] = -9.0

    def __call__(self, view: CoolingView) -> Setting:
        return Setting(uses_water=self.water & (np.asarray(view.wet_bulb_c) < np.inf), lets_air=self._lets(view))

    def _lets(self, view: CoolingView) -> Values:
        dew_point_c = np.asarray(view.dew_point_c)
        is_moderate = (dew_point_c <= self.most_dew_point_c) & (dew_point_c >= self.least_dew_point_c)
        return np.asarray(self.air & is_moderate & (np.asarray(view.dry_bulb_c) <= self.most_dry_bulb_c))
