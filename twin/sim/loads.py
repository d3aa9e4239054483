"""Carries what replicas do into the rows of their servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from twin.plant.compute import Compute
from twin.plant.load_log import MOST_PENDING


class Site(Protocol):
    """Where a replica stands: its server and how many of its chips it has."""

    @property
    def i_server(self) -> int:
        """Row of the server."""

    @property
    def n_chips(self) -> int:
        """Chips of the replica."""


class LoadWriter:
    """The listener of all replicas: logs what they announce for the servers they stand on."""

    __slots__ = ("_append", "_compute", "_first", "_pending")

    def __init__(self, compute: Compute, sites: Sequence[Site]) -> None:
        self._compute, self._pending = compute, compute.log.pending
        self._append = self._pending.extend
        servers = [compute.constants[site.i_server] for site in sites]
        n_chips = [site.n_chips for site in sites]
        # Host work of a server is the mean of its replicas' by chips.
        shares = [n / server.n_chips for n, server in zip(n_chips, servers, strict=True)]
        idle_w = [server.idle_chip_w for server in servers]
        self._first = compute.log.open_rows([site.i_server for site in sites], n_chips, shares, idle_w)

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """Log the change of one replica."""
        busy_frac = compute_frac if compute_frac > memory_frac else memory_frac
        self._append((self._first + i_replica, now_s, accel_w, busy_frac, host_frac))
        if len(self._pending) > MOST_PENDING:  # or the log would grow without end between two pulses
            self._compute.settle()
