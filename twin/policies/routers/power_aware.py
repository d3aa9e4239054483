"""Requests to the replica that spends the least power on each."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView
from twin.policies.routers.near import near_least


@dataclass(frozen=True, slots=True)
class PowerAware:
    """Of the replicas about equally loaded the one with the fewest watts per request it would then have.

    Watts are the mean at the cords over the last pulse; among equals the one with fewer requests, then the first.
    """

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        watts, outstanding = replicas.input_w, replicas.outstanding
        return min(near_least(replicas), key=lambda i: (watts[i] / (outstanding[i] + 1), outstanding[i]))
