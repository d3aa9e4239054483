"""What a control of the cooling plant is given and answers: numbers in a run, arrays over the hours of a year."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from twin.physics import Values


@dataclass(frozen=True, slots=True)
class CoolingView:
    """The building as a control sees it; every value a number, or one for each hour (n,)."""

    dry_bulb_c: Values  # outdoors
    wet_bulb_c: Values
    dew_point_c: Values
    heat_w: Values  # into the room, fans of the coolers included
    server_m3_s: Values  # air that racks draw
    rated_m3_s: Values  # air of the coolers that run, at full speed
    up_frac: Values  # that, over the air of all coolers
    inlet_c: Values  # warmest rack inlet
    mixing_frac: Values  # share of room air in that inlet; the rest is supply air
    fan_frac: Values  # where set points stand: means over coolers and loops
    supply_c: Values
    water_c: Values
    drawn_fan_frac: Values  # where the drawing, or a hand, put them
    drawn_supply_c: Values
    drawn_water_c: Values
    dt_s: float  # since it was asked before; infinite: the state it would come to rest in is wanted


@dataclass(frozen=True, slots=True)
class Setting:
    """Set points a control wants; none: left alone."""

    fan_frac: Values | None = None
    supply_c: Values | None = None
    water_c: Values | None = None
    stage_frac: Values | None = None  # load of the running chillers at which one more starts
    uses_water: Values | None = None  # bool: water-side economisers may run
    lets_air: Values | None = None  # bool: outdoor air may come in

    def under(self, later: Setting) -> Setting:
        """What a later control says goes before what this one says."""
        return Setting(
            *(
                mine if theirs is None else theirs
                for mine, theirs in ((getattr(self, f.name), getattr(later, f.name)) for f in fields(self))
            )
        )


class Control(Protocol):
    """Says how the cooling plant is set."""

    def __call__(self, view: CoolingView) -> Setting:
        """Set points wanted; whoever asks holds them inside what machines allow."""


def between(value: Values, low: tuple[float, float], high: tuple[float, float]) -> Values:
    """The line through two points (x, y), level outside them.

    >>> between(15.0, (10.0, 20.0), (20.0, 10.0))
    15.0
    """
    found = np.interp(value, (low[0], high[0]), (low[1], high[1]))
    return float(found) if np.ndim(value) == 0 else found
