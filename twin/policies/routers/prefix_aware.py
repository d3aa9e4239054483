"""Requests to the replica that keeps the most of their prompt."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView
from twin.policies.routers.near import SPREAD, SPREAD_PER_REQUEST, Spread, SpreadPerRequest, most_near


@dataclass(frozen=True, slots=True)
class PrefixAware:
    """Of the replicas about equally loaded the one that keeps the longest beginning of the prompt.

    Among equals the one with fewer requests, then the first; without prefix caches that is the least loaded.
    """

    spread: Spread = SPREAD
    spread_per_request: SpreadPerRequest = SPREAD_PER_REQUEST

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        chosen, outstanding = replicas.least_outstanding(), replicas.outstanding
        known, most = (
            replicas.prefix_tokens(i_request),
            most_near(outstanding[chosen], self.spread, self.spread_per_request),
        )
        # Whoever keeps no more of the prompt is no better than the least loaded, so only the others are looked at.
        n_known = n_least = known.get(chosen, 0)
        for i, n_tokens in reversed(known.items()):
            if n_tokens <= n_least or n_tokens < n_known:
                break
            load = outstanding[i]
            if load <= most and (n_tokens > n_known or (load, i) < (outstanding[chosen], chosen)):
                chosen, n_known = i, n_tokens
        return chosen
