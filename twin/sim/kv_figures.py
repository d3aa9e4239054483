"""What sending keys and values between replicas came to, and when a link is the bottleneck."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from twin.files import Tree
from twin.sim.disaggregated import Disaggregated
from twin.sim.hall import Served

LOOK_S = 60.0
"""Seconds over which a link is judged."""

SATURATED_FRAC = 0.95
"""Share of the time a link sends from which on transfers wait for each other rather than for prompts. Estimate."""


def two_pools(served: Iterable[Served]) -> Iterator[tuple[Served, Disaggregated]]:
    """The workloads that are served by two pools."""
    for one in served:
        if isinstance(one.workload, Disaggregated):
            yield one, one.workload


def kv_figures(served: Iterable[Served], now_s: float) -> Tree:
    """Bytes sent, mean time from the end of a prompt to its arrival, time share of the busiest link; none without."""
    found = [pools for _, pools in two_pools(served)]
    if not found:
        return {"kv_transferred_bytes": None, "kv_transfer_mean_s": None, "kv_link_busy_frac": None}
    links = [link for pools in found for link in pools.links]
    taken_s = np.concatenate([pools.requests.transfer_s for pools in found])
    taken_s = taken_s[np.isfinite(taken_s)]
    return {
        "kv_transferred_bytes": sum(link.sent_bytes for link in links),
        "kv_transfer_mean_s": float(taken_s.mean()) if len(taken_s) else None,
        "kv_link_busy_frac": max(link.busy_by(now_s) for link in links) / now_s if now_s else None,
    }


class KvWatch:
    """Looks at all links once a minute: which of them did little but send."""

    __slots__ = ("_busy_s", "_pools", "_since_s")

    def __init__(self, served: Iterable[Served]) -> None:
        self._pools = list(two_pools(served))
        self._busy_s = [[0.0] * len(pools.links) for _, pools in self._pools]
        self._since_s = 0.0

    def saturated(self, now_s: float) -> list[tuple[str, str]]:
        """Workload and text for each whose busiest link was saturated since the last look; empty between looks."""
        span_s = now_s - self._since_s
        if not self._pools or span_s < LOOK_S:
            return []
        found = []
        for k, (served, pools) in enumerate(self._pools):
            busy_s = [link.busy_by(now_s) for link in pools.links]
            fracs = [(now - before) / span_s for now, before in zip(busy_s, self._busy_s[k], strict=True)]
            self._busy_s[k] = busy_s
            n_full = sum(frac > SATURATED_FRAC for frac in fracs)
            if n_full:
                i = max(range(len(fracs)), key=fracs.__getitem__)
                text = (
                    f"{n_full} of {len(fracs)} prefill replicas sent keys and values {fracs[i] * 100:.0f} % of a "
                    f"minute, {len(pools.links[i].queue)} prompts wait for the busiest link; "
                    "use faster links, more prefill replicas or smaller KV"
                )
                found.append((served.spec.id, text))
        self._since_s = now_s
        return found
