"""Requests to the replica that keeps the most of their prompt."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView
from twin.policies.routers.near import near_least


@dataclass(frozen=True, slots=True)
class PrefixAware:
    """Of the replicas about equally loaded the one that keeps the longest beginning of the prompt.

    Among equals the one with fewer requests, then the first; without prefix caches that is the least loaded.
    """

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        near, outstanding = near_least(replicas), replicas.outstanding
        known = replicas.prefix_tokens(i_request)
        return min(near, key=lambda i: (-known[i], outstanding[i]))
