"""So many replicas awake that each has about as many requests as wished."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Annotated

from pydantic import Field

from twin.policies.protocols import FleetView


@dataclass(frozen=True, slots=True)
class TargetLoad:
    """Wakes replicas when requests are more than `target` for each that is awake, and lets go of those not needed.

    A replica is let go only when those left would have no more than `low_frac` of the target each, so a steady load
    between the two changes nothing.
    """

    target: Annotated[float, Field(gt=0, allow_inf_nan=False, description="requests for each replica awake")] = 16.0
    low_frac: Annotated[
        float, Field(gt=0, lt=1, description="share of the target up to which fewer replicas could carry the load")
    ] = 0.7

    def __call__(self, fleet: FleetView) -> int:
        needed = ceil(fleet.n_open / self.target)
        if needed > fleet.n_awake:
            return needed
        return min(fleet.n_awake, ceil(fleet.n_open / (self.target * self.low_frac)))
