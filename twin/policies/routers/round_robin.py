"""Requests to the replicas in turn."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView


@dataclass(frozen=True, slots=True)
class RoundRobin:
    """Request i goes to replica i modulo their number, or to the next one that is up."""

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        n_replicas = len(replicas.is_up)
        i_replica = i_request % n_replicas
        if replicas.n_down:
            while not replicas.is_up[i_replica]:
                i_replica = (i_replica + 1) % n_replicas
        return i_replica
