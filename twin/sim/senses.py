"""What routers know of the building: watts and inlets of each replica, as of the last time it settled."""

from __future__ import annotations

import numpy as np

from twin.plant.plant import Settled
from twin.sim.hall import Hall


class Senses:
    """Carries means of servers and racks to the workloads."""

    __slots__ = ("_rows",)

    def __init__(self, hall: Hall) -> None:
        self._rows = []
        for served in hall.served:
            i_server = np.array([site.i_server for site in served.sites], dtype=np.intp)
            share = np.array([site.n_chips for site in served.sites]) / hall.plant.n_chips[i_server]
            self._rows.append((served.workload, i_server, hall.plant.rack_of_server[i_server], share))

    def take(self, settled: Settled) -> None:
        """Tell every workload what settled just now."""
        for workload, i_server, i_rack, share in self._rows:
            workload.input_w = (settled.server_w[i_server] * share).tolist()
            workload.inlet_c = settled.rack_inlet_c[i_rack].tolist()
