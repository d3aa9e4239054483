"""Requests to the replica that spends the least power on each."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView
from twin.policies.routers.near import SPREAD, SPREAD_PER_REQUEST, Spread, SpreadPerRequest, near_least


@dataclass(frozen=True, slots=True)
class PowerAware:
    """Of the replicas about equally loaded the one with the fewest watts per request it would then have.

    Watts are the mean at the cords over the last pulse; among equals the one with fewer requests, then the first.
    """

    spread: Spread = SPREAD
    spread_per_request: SpreadPerRequest = SPREAD_PER_REQUEST

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        watts, outstanding = replicas.input_w, replicas.outstanding
        return min(
            near_least(replicas, self.spread, self.spread_per_request),
            key=lambda i: (watts[i] / (outstanding[i] + 1), outstanding[i]),
        )
