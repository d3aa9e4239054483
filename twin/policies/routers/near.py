"""Which replicas are about equally loaded: a router that prefers some for another reason stays among them."""

from __future__ import annotations

from twin.policies.protocols import ReplicasView

SPREAD = 1
"""Requests more than the least loaded that are always allowed. On the Mooncake conversation trace 1 gives shorter waits
and more hits of `prefix_aware` than 2, 4 or 8."""

SPREAD_PER_REQUEST = 0.125
"""The same for each request of the least loaded, for replicas with many. Estimate."""


def near_least(replicas: ReplicasView) -> list[int]:
    """Replicas with power and few more requests than the least loaded of them; at least one."""
    outstanding = replicas.outstanding
    up = [i for i, is_up in enumerate(replicas.is_up) if is_up] if replicas.n_down else range(len(outstanding))
    most = most_near(outstanding[replicas.least_outstanding()])
    return [i for i in up if outstanding[i] <= most]


def most_near(least: int) -> float:
    """Requests of a replica that is about as loaded as one with the least."""
    return least + SPREAD + SPREAD_PER_REQUEST * least
