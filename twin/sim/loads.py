"""Carries what replicas do into the rows of their servers."""

from __future__ import annotations

from collections.abc import Sequence

from twin.plant.compute import Compute
from twin.plant.load_log import MOST_PENDING
from twin.sim.sites import Site, parts_of


class LoadWriter:
    """The listener of all replicas: logs what they announce for the servers they stand on.

    A replica that spans servers puts the mean of its chips on each of them. While it is down, its chips in servers that
    have power idle; those in a server without power are not counted there.
    """

    __slots__ = ("_append", "_compute", "_first", "_pending", "_spans")

    def __init__(self, compute: Compute, sites: Sequence[Site]) -> None:
        self._compute, self._pending = compute, compute.log.pending
        self._append = self._pending.extend
        parts = [parts_of(site) for site in sites]
        self._first = _opened(compute, [part[0] for part in parts])
        # Of replicas on several servers: the rows of the others, and what a chip idles at.
        self._spans: dict[int, tuple[range, float]] = {}
        for i, part in enumerate(parts):
            if len(part) > 1:
                first = _opened(compute, part[1:])
                idle_w = compute.constants[part[0][0]].idle_chip_w
                self._spans[i] = range(first, first + len(part) - 1), idle_w

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """Log the change of one replica."""
        busy_frac = compute_frac if compute_frac > memory_frac else memory_frac
        if i_replica in self._spans:
            rows, idle_w = self._spans[i_replica]
            accel_w = accel_w or idle_w
            for row in rows:
                self._append((row, now_s, accel_w, busy_frac, host_frac))
        self._append((self._first + i_replica, now_s, accel_w, busy_frac, host_frac))
        if len(self._pending) > MOST_PENDING:  # or the log would grow without end between two pulses
            self._compute.settle()


def _opened(compute: Compute, parts: Sequence[tuple[int, int]]) -> int:
    """Open a row for each part of a replica on a server; the first of them."""
    servers = [compute.constants[i_server] for i_server, _ in parts]
    n_chips = [n for _, n in parts]
    # Host work of a server is the mean of its replicas' by chips.
    shares = [n / server.n_chips for n, server in zip(n_chips, servers, strict=True)]
    return compute.log.open_rows([i for i, _ in parts], n_chips, shares, [server.idle_chip_w for server in servers])
