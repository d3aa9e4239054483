"""The settled air of a drawn room: its momentum marched to a mean, and all that is read from a room's air behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.exchange import settled_streams
from twin.physics.airflow.room_flow import RoomFlow
from twin.physics.airflow.settled import Inflows, Progress, Settled, settle
from twin.physics.airflow.transient import Transient, rack_lag_s, transient
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


def cooling_loss(
    settled: RoomAir, lost: Sequence[str], duration_s: float, heat_capacity_j_k: Mapping[str, float] | None = None
) -> Transient:
    """The minutes after coolers stop, marched on from the settled air of a room.

    lost: ids of coolers whose fans stop at once; the others keep theirs. heat_capacity_j_k: of equipment by rack, which
    delays its exhaust; none: air alone, the fastest warming there can be. Raises DocumentError, ModelRangeError.
    """
    if settled.settled is None:
        settled = settled_air(settled)
    assert settled.settled is not None
    after = RoomAir.of(settled.parts.floor, settled.cell_m, flows_m3_s=dict.fromkeys(lost, 0.0))
    flow = after.flow()
    inflows = room_inflows(flow, settled.heat_w, settled.supply_c)
    owner = {p.name: p.owner for p in flow.grid.ports}
    mass = {owner[f"{rack} rear"]: c for rack, c in (heat_capacity_j_k or {}).items() if f"{rack} rear" in owner}
    return transient(settled.settled, flow.grid, inflows, duration_s, lag_s=rack_lag_s(flow.grid, mass))


def loss_lines(settled: RoomAir, lost: Sequence[str], duration_s: float) -> list[str]:
    """When each inlet passes 27 and 32 °C after coolers stop, with the assumptions."""
    found = cooling_loss(settled, lost, duration_s)
    limits = {limit_c: found.seconds_to(limit_c) for limit_c in (27.0, 32.0)}
    lines = [f"{'rack':14} {'before':>7} {'at end':>7} {'to 27 °C':>9} {'to 32 °C':>9}"]
    for owner in limits[27.0]:
        front_c = found.front_c(owner)
        times = " ".join(f"{_seconds(limits[c][owner]):>9}" for c in (27.0, 32.0))
        lines.append(f"{owner:14} {front_c[0]:7.2f} {front_c[-1]:7.2f} {times}")
    return [
        *lines,
        f"{', '.join(lost)} stand still from 0 s, {duration_s:g} s marched; heat and fans of racks and other coolers "
        "as before; no mass of equipment or walls, so this is the fastest warming there can be",
    ]


def _seconds(value: float) -> str:
    return f"{value:.0f} s" if value < float("inf") else "-"


def room_inflows(flow: RoomFlow, heat_w: FloatArray, supply_c: FloatArray) -> Inflows:
    """What each port brings when racks give heat_w (n_racks,) and coolers supply_c (n_coolers,), °C."""
    racks = flow.users.racks

    def brought_c(port_c: FloatArray) -> FloatArray:
        front_c = flow.at_ports(port_c, flow.i_front)
        out = np.zeros(len(port_c))
        out[flow.table.inflows] = flow.inflow_c(racks.exhaust_c(front_c, heat_w), supply_c)
        return out

    return brought_c
