"""How many requests of a fixed-cost service are served per second of computing time."""

from __future__ import annotations

from time import process_time

import numpy as np
from simpy import Environment

from twin.catalogue.library import shipped_catalogue
from twin.catalogue.service import InferenceService
from twin.physics.service import ServiceLaw, by_batch
from twin.plugins import ROUTERS, find
from twin.scenario.service import Batching
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import peak_rss_mb
from twin.sim.requests import RequestState
from twin.sim.service import ItemColumns, ServiceReplica

N_REQUESTS = 200_000
LOAD = 0.8
"""Arrivals over what all chips can answer in full batches."""


class Silent:
    """A building that does not listen: what is measured is the serving alone."""

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """Nothing."""


def service_cases(n_requests: int = N_REQUESTS) -> list[dict[str, object]]:
    """ResNet-50 tables on an A100 (the widest one), batches of 1, 8 and 64, on 1, 16 and 256 chips."""
    table = shipped_catalogue().find("resnet50", InferenceService).on["nvidia_a100_sxm80"]
    return [
        _case(
            ServiceLaw(by_batch(table.latency_s, most), by_batch(table.chip_w, most), 56.0), most, n_chips, n_requests
        )
        for most in (1, 8, 64)
        for n_chips in (1, 16, 256)
    ]


def _case(law: ServiceLaw, max_batch: int, n_chips: int, n_requests: int) -> dict[str, object]:
    rate_per_s = LOAD * n_chips * max_batch / law.latency_s[max_batch]
    arrival_s = np.cumsum(np.random.default_rng(5).exponential(1.0 / rate_per_s, n_requests))
    batching = Batching(max_batch=max_batch, max_wait_s=0.0 if max_batch == 1 else law.latency_s[max_batch])
    router = find(ROUTERS, "least_outstanding")()  # type: ignore[operator]
    env, items = Environment(), ItemColumns(arrival_s)
    replicas = [ServiceReplica(env, law, batching, items, Silent(), i) for i in range(n_chips)]
    Workload(env, items, replicas, router)
    started_s = process_time()
    env.run()
    cpu_s = process_time() - started_s
    return {
        "name": f"service_b{max_batch}_x{n_chips}",
        "router": "least_outstanding",
        "n_replicas": n_chips,
        "n_requests": n_requests,
        "n_completed": items.count(RequestState.DONE),
        "batch_mean": n_requests / sum(replica.n_batches for replica in replicas),
        "cpu_s": cpu_s,
        "requests_per_cpu_s": n_requests / cpu_s,
        "cpu_us_per_request": 1e6 * cpu_s / n_requests,
        "peak_rss_mb": peak_rss_mb(),
    }
