"""Which replicas are about equally loaded: a router that prefers some for another reason stays among them."""

from __future__ import annotations

from twin.policies.protocols import ReplicasView

SPREAD = 8
"""Requests more than the least loaded a preferred replica may have. Estimate: an eighth of a batch of 64."""


def near_least(replicas: ReplicasView, spread: int = SPREAD) -> list[int]:
    """Replicas with power and at most `spread` requests more than the least loaded of them; at least one."""
    outstanding = replicas.outstanding
    up = [i for i, is_up in enumerate(replicas.is_up) if is_up] if replicas.n_down else range(len(outstanding))
    most = min([outstanding[i] for i in up]) + spread
    return [i for i in up if outstanding[i] <= most]
