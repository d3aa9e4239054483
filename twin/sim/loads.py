"""Carries what replicas do into the rows of their servers."""

from __future__ import annotations

from collections.abc import Sequence

from twin.plant.compute import Compute
from twin.sim.placement import ReplicaSite


class LoadWriter:
    """The listener of all replicas: turns watts and fractions per chip into differences of server rows."""

    __slots__ = ("_busy", "_chips_w", "_compute", "_host_frac", "_i_server", "_n_chips")

    def __init__(self, compute: Compute, sites: Sequence[ReplicaSite]) -> None:
        self._compute = compute
        self._i_server = [site.i_server for site in sites]
        self._n_chips = [site.n_chips for site in sites]
        self._chips_w = [site.n_chips * compute.constants[site.i_server].idle_chip_w for site in sites]
        self._busy = [0.0] * len(sites)
        self._host_frac = [0.0] * len(sites)

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """Write the change of one replica; host work of a server is the mean of its replicas' by chips."""
        n_chips = self._n_chips[i_replica]
        chips_w = n_chips * accel_w
        busy = n_chips * (compute_frac if compute_frac > memory_frac else memory_frac)
        i_server = self._i_server[i_replica]
        host = host_frac * n_chips / self._compute.constants[i_server].n_chips
        self._compute.add_load(
            i_server,
            now_s,
            chips_w - self._chips_w[i_replica],
            busy - self._busy[i_replica],
            host - self._host_frac[i_replica],
        )
        self._chips_w[i_replica], self._busy[i_replica], self._host_frac[i_replica] = chips_w, busy, host
