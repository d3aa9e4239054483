"""Requests to the replica that has the fewest."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView


@dataclass(frozen=True, slots=True)
class LeastOutstanding:
    """The replica with the fewest requests waiting or running; the first of equals."""

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        return replicas.least_outstanding()
