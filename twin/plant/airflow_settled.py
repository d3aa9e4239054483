"""The settled air of a drawn room: its momentum marched to a mean, and all that is read from a room's air behind it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.exchange import settled_streams
from twin.physics.airflow.room_flow import RoomFlow
from twin.physics.airflow.settled import Inflows, Progress, Settled, settle
from twin.plant.airflow import RoomAir


def settled_air(air: RoomAir, last: Settled | None = None, progress: Progress | None = None) -> RoomAir:
    """The same room with settled air: `solve`, `with_heat`, `matrix` and all answers then come from its mean flow.

    last: settled air of this room before an edit, or on coarser cells, to start from. progress: told the part done, 0
    to 1; it may raise to give up. Raises ModelRangeError, MarchDiverged.
    """
    flow = air.flow()
    found = settle(flow.grid, room_inflows(flow, air.heat_w, air.supply_c), None, last, None, progress)
    still = replace(flow, streams=settled_streams(found))
    return replace(air, settled=found, _flow=still, _linear=None, _heights=None)


def room_inflows(flow: RoomFlow, heat_w: FloatArray, supply_c: FloatArray) -> Inflows:
    """What each port brings when racks give heat_w (n_racks,) and coolers supply_c (n_coolers,), °C."""
    racks = flow.users.racks

    def brought_c(port_c: FloatArray) -> FloatArray:
        front_c = flow.at_ports(port_c, flow.i_front)
        out = np.zeros(len(port_c))
        out[flow.table.inflows] = flow.inflow_c(racks.exhaust_c(front_c, heat_w), supply_c)
        return out

    return brought_c
