"""What routers know of the building: watts and inlets of each replica, as of the last time it settled."""

from __future__ import annotations

import numpy as np

from twin.plant.plant import Settled
from twin.sim.hall import Hall
from twin.sim.sites import parts_of


class Senses:
    """Carries means of servers and racks to the workloads."""

    __slots__ = ("_rows",)

    def __init__(self, hall: Hall) -> None:
        self._rows = []
        for served in hall.served:
            parts = [parts_of(site) for site in served.sites]
            first = np.cumsum([0, *map(len, parts)])[:-1]  # of each replica's parts
            i_server = np.array([i for part in parts for i, _ in part], dtype=np.intp)
            share = np.array([n for part in parts for _, n in part]) / hall.plant.n_chips[i_server]
            self._rows.append((served.workload, i_server, hall.plant.rack_of_server[i_server], share, first))

    def take(self, settled: Settled) -> None:
        """Tell every workload what settled just now; a replica in several racks has the inlet of the hottest."""
        for workload, i_server, i_rack, share, first in self._rows:
            input_w = np.add.reduceat(settled.server_w[i_server] * share, first)
            workload.sense(input_w.tolist(), np.maximum.reduceat(settled.rack_inlet_c[i_rack], first).tolist())
