"""The figures of each service of a run: items, latency, batches, how busy its chips were, energy per item."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from twin.files import Tree
from twin.physics import FloatArray
from twin.sim.hall import Hall, Served
from twin.sim.requests import RequestState
from twin.sim.service import ServiceReplica
from twin.sim.service_placement import ServiceSite

Spread = Callable[[FloatArray], Tree]


def service_figures(hall: Hall, seconds: float, spread: Spread) -> dict[str, Tree]:
    """Figures by workload id, of workloads that serve a service; spread: mean and percentiles of latencies."""
    return {
        served.spec.id: _figures(served, float(hall.env.now), seconds, spread)
        for served in hall.served
        if served.spec.service is not None
    }


def n_items(hall: Hall) -> int:
    """Items answered by all services."""
    return sum(replica.items_done for served in hall.served for replica in _replicas(served))


def _replicas(served: Served) -> list[ServiceReplica]:
    return [replica for replica in served.workload.replicas if isinstance(replica, ServiceReplica)]


def _figures(served: Served, now_s: float, seconds: float, spread: Spread) -> Tree:
    """One service. Energy is that of its chips from start to end, idle included."""
    replicas, columns = _replicas(served), served.workload.requests.arrays()
    items, taken = sum(r.items_done for r in replicas), sum(r.items_taken for r in replicas)
    batches = sum(r.n_batches for r in replicas)
    sites = [site for site in served.sites if isinstance(site, ServiceSite)]
    chips_j = sum(r.chip_j(now_s) * site.n_chips for r, site in zip(replicas, sites, strict=True))
    busy_s = sum(r.busy_until_s(now_s) for r in replicas)
    state = columns["state"]
    e2e_s = np.asarray(columns["e2e_s"], dtype=np.float64)
    return {
        "service": served.spec.service,
        "unit": sites[0].service.unit,
        "replicas": len(replicas),
        "requests_arrived": int((state != RequestState.PENDING).sum()),
        "requests_lost": int((state == RequestState.LOST).sum()),
        "items": items,
        "items_per_s": items / seconds,
        "batches": batches,
        "batch_mean": taken / batches if batches else None,
        "utilisation_frac": busy_s / (seconds * len(replicas)),
        "chips_w_mean": chips_j / seconds,
        "chip_j_per_item": chips_j / items if items else None,
        "e2e_s": spread(e2e_s[np.isfinite(e2e_s)]),
    }
