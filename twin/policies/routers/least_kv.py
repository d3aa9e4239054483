"""Requests to the replica with the most free KV cache."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView


@dataclass(frozen=True, slots=True)
class LeastKv:
    """The replica with the most free KV blocks; among equals the one with fewer requests, then the first.

    A waiting request holds no blocks yet, so replicas that are full are told apart by their requests.
    """

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        free, outstanding = replicas.kv_free_blocks(), replicas.outstanding
        up = [i for i, is_up in enumerate(replicas.is_up) if is_up]
        return min(up, key=lambda i: (-free[i], outstanding[i]))
