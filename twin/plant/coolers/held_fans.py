"""Fans of towers and dry coolers that hold the water they send back, moved only when something has changed."""

from __future__ import annotations

from dataclasses import dataclass

from twin.physics.rejection import (
    EVAPORATION_J_KG,
    Rejection,
    behind_pad_c,
    fan_frac_to_hold,
    pad_evaporation_kg_s,
    tower_evaporation_kg_s,
)

LEAST_FAN_FRAC = 0.2
"""Lowest fan speed of towers and dry coolers. Estimate: usual minimum of their drives."""
DEAD_FRAC, DEAD_K = 2e-3, 0.02
"""Change of load, and of the target, up to which fans are left as they are. Estimate: finer than any drive is set."""


@dataclass(frozen=True, slots=True)
class Outdoors:
    """Air outside during one step."""

    dry_bulb_c: float
    wet_bulb_c: float


@dataclass(frozen=True, slots=True)
class HeldFans:
    """Fans of one condenser loop as they were set last, and for what."""

    speed_frac: float
    air_c: float  # dry bulb that meets the coil: behind the pad where that is wet
    water_kg_j: float  # evaporated for each joule rejected
    heat_frac: float
    target_c: float
    outdoors: Outdoors

    def serves(self, heat_frac: float, target_c: float, outdoors: Outdoors) -> bool:
        """Whether nothing has changed enough to move them."""
        return (
            abs(heat_frac - self.heat_frac) <= DEAD_FRAC * self.heat_frac
            and abs(target_c - self.target_c) <= DEAD_K
            and (outdoors is self.outdoors or outdoors == self.outdoors)
        )


def held_fans(machine: Rejection, heat_frac: float, target_c: float, outdoors: Outdoors) -> HeldFans:
    """The least speed that holds the target; an adiabatic pad is wetted only when dry fans at full speed cannot."""
    dry_c, wet_c = outdoors.dry_bulb_c, outdoors.wet_bulb_c
    air_c = dry_c
    speed = float(fan_frac_to_hold(machine, heat_frac, target_c, (dry_c, wet_c), LEAST_FAN_FRAC))
    kg_s = 0.0
    if machine.role == "tower":
        kg_s = float(tower_evaporation_kg_s(machine, heat_frac, speed, (dry_c, wet_c)))
    elif machine.pad_frac > 0.0 and speed >= 1.0:
        air_c = float(behind_pad_c(machine, dry_c, wet_c))
        speed = float(fan_frac_to_hold(machine, heat_frac, target_c, (air_c, wet_c), LEAST_FAN_FRAC))
        kg_s = float(pad_evaporation_kg_s(machine, speed, dry_c, wet_c))
    # More than the heat can evaporate comes from the air's own: as it may be in dry air.
    water_kg_j = min(kg_s / (machine.rated_w * heat_frac), 3.0 / EVAPORATION_J_KG)
    return HeldFans(speed, air_c, water_kg_j, heat_frac, target_c, outdoors)
