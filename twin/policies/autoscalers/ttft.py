"""So many replicas awake that answers begin in time."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Annotated

import numpy as np
from pydantic import Field

from twin.policies.protocols import FleetView


@dataclass(frozen=True, slots=True)
class Ttft:
    """Wakes replicas when a percentile of the times to first token of the last minute is above `limit_s`.

    Lets go of one when it is below `low_frac` of the limit, and of all when nothing was asked. Waiting shows only once
    replicas are full, so this follows a rising load later than `target_load` does.
    """

    limit_s: Annotated[float, Field(gt=0, allow_inf_nan=False, description="time to first token to keep, s")]
    percentile: Annotated[float, Field(gt=0, lt=100, description="which of the times is looked at")] = 90.0
    low_frac: Annotated[float, Field(gt=0, lt=1, description="share of the limit below which a replica is let go")] = (
        0.25
    )
    grow_frac: Annotated[float, Field(gt=0, le=10, description="replicas woken at one look, of those awake")] = 0.25

    def __call__(self, fleet: FleetView) -> int:
        times_s, n_awake = fleet.ttft_s, fleet.n_awake
        if not len(times_s):
            # Nobody was answered: either nobody asked, or all wait.
            return n_awake + self._more(n_awake) if fleet.n_open > n_awake else min(n_awake, fleet.n_open)
        reached_s = float(np.percentile(times_s, self.percentile))
        if reached_s > self.limit_s:
            return n_awake + self._more(n_awake)
        return n_awake - 1 if reached_s < self.low_frac * self.limit_s else n_awake

    def _more(self, n_awake: int) -> int:
        return max(1, ceil(self.grow_frac * n_awake))
