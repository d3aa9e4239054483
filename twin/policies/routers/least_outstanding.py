"""Requests to the replica that has the fewest."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView


@dataclass(frozen=True, slots=True)
class LeastOutstanding:
    """The replica with the fewest requests waiting or running; the first of equals."""

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        outstanding = replicas.outstanding
        if not replicas.n_down:
            return outstanding.index(min(outstanding))
        up = [i for i, is_up in enumerate(replicas.is_up) if is_up]
        return min(up, key=outstanding.__getitem__)
