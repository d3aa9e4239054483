"""Requests to the replica in the coolest rack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from twin.policies.protocols import ReplicasView
from twin.policies.routers.near import SPREAD, SPREAD_PER_REQUEST, Spread, SpreadPerRequest, near_least


@dataclass(frozen=True, slots=True)
class InletAware:
    """Of the replicas about equally loaded the one whose rack breathed the coolest air over the last pulse.

    Inlets are told apart in steps of `step_k`; among equals the one with fewer requests, then the first.
    """

    spread: Spread = SPREAD
    spread_per_request: SpreadPerRequest = SPREAD_PER_REQUEST
    step_k: Annotated[float, Field(gt=0, description="inlets closer than this are alike, K")] = 0.5
    """Estimate: rack sensors tell no finer."""

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        inlet_c, outstanding = replicas.inlet_c, replicas.outstanding
        return min(
            near_least(replicas, self.spread, self.spread_per_request),
            key=lambda i: (round(inlet_c[i] / self.step_k), outstanding[i]),
        )
