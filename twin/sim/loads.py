"""Carries what replicas do into the rows of their servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from twin.plant.compute import Compute


class Site(Protocol):
    """Where a replica stands: its server and how many of its chips it has."""

    @property
    def i_server(self) -> int:
        """Row of the server."""

    @property
    def n_chips(self) -> int:
        """Chips of the replica."""


@dataclass(slots=True)
class _Row:
    """What a replica puts on its server; one object, so that a change touches one place in memory."""

    i_server: int
    n_chips: int
    n_server_chips: int
    chips_w: float
    busy: float = 0.0
    host: float = 0.0


class LoadWriter:
    """The listener of all replicas: turns watts and fractions per chip into differences of server rows."""

    __slots__ = ("_add_load", "_rows")

    def __init__(self, compute: Compute, sites: Sequence[Site]) -> None:
        self._add_load = compute.add_load
        self._rows = [
            _Row(site.i_server, site.n_chips, constants.n_chips, site.n_chips * constants.idle_chip_w)
            for site in sites
            for constants in (compute.constants[site.i_server],)
        ]

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """Write the change of one replica; host work of a server is the mean of its replicas' by chips."""
        row = self._rows[i_replica]
        n_chips = row.n_chips
        chips_w = n_chips * accel_w
        busy = n_chips * (compute_frac if compute_frac > memory_frac else memory_frac)
        host = host_frac * n_chips / row.n_server_chips
        self._add_load(row.i_server, now_s, chips_w - row.chips_w, busy - row.busy, host - row.host)
        row.chips_w, row.busy, row.host = chips_w, busy, host
