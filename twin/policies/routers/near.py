"""Which replicas are about equally loaded: a router that prefers some for another reason stays among them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from twin.policies.protocols import ReplicasView

SPREAD = 1.0
"""Requests more than the least loaded that are always allowed. On the Mooncake conversation trace 1 gives shorter waits
and more hits of `prefix_aware` than 2, 4 or 8."""

SPREAD_PER_REQUEST = 0.125
"""The same for each request of the least loaded, for replicas with many. Estimate."""

Spread = Annotated[float, Field(ge=0, allow_inf_nan=False, description="requests above the least loaded still allowed")]
SpreadPerRequest = Annotated[
    float, Field(ge=0, allow_inf_nan=False, description="the same for each request of the least loaded")
]


def near_least(replicas: ReplicasView, spread: float = SPREAD, per_request: float = SPREAD_PER_REQUEST) -> list[int]:
    """Replicas that take requests and have few more than the least loaded of them; at least one."""
    outstanding = replicas.outstanding
    up = [i for i, is_up in enumerate(replicas.is_up) if is_up] if replicas.n_down else range(len(outstanding))
    most = most_near(outstanding[replicas.least_outstanding()], spread, per_request)
    return [i for i in up if outstanding[i] <= most]


def most_near(least: int, spread: float, per_request: float) -> float:
    """Requests of a replica that is about as loaded as one with the least."""
    return least + spread + per_request * least
