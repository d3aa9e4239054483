"""The map of one flow of a drawn room, solved: settled by the momentum equation, or instant by the potential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from twin.layout.floor import Floor
from twin.physics import FloatArray
from twin.physics.air_map import UPPER_THIRD, AirMap, Tier
from twin.physics.airflow.dense import product
from twin.physics.airflow.exchange import settled_streams
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.ports import IntArray, Port
from twin.physics.airflow.recirculation import RackAir, Recirculation
from twin.physics.airflow.room_flow import RoomFlow, rack_groups, room_flow, supply_groups
from twin.physics.airflow.settled import settle
from twin.plant.airflow import users_of
from twin.plant.airflow_room import RoomParts, room_parts
from twin.plant.airflow_settled import room_inflows


def solved_map(floor: Floor, flows_m3_s: Mapping[str, float], rack_frac: float, tier: Tier, cell_m: float) -> AirMap:
    """The map at given flows of the coolers by id and a part of each rack's largest heat and airflow.

    Raises ModelRangeError: a drawing whose air has no flow, or whose flow does not settle.
    """
    parts = _at_part(room_parts(floor, flows_m3_s), rack_frac)
    grid = parts.shape(cell_m).grid(cell_m).checked()
    tops = _tops(grid, {name: piece.box[5] for name, piece in zip(parts.racks.ids, parts.pieces, strict=True)})
    grid.ports += tops
    users = users_of(parts)
    flow = room_flow(grid, users, is_exact=True)
    group, n_groups = rack_groups(len(parts.racks.ids))
    column, n_columns = supply_groups(flow)
    of_port = np.zeros(len(grid.ports), np.int64)
    has_rear = flow.i_rear >= 0
    of_port[flow.i_rear[has_rear]] = group[has_rear]
    of_port[flow.i_supply] = n_groups + column
    drift_k, residual = 0.0, flow.potential.residual_frac
    if tier == "settled":
        cooler_c = np.array([c.supply_c for c in parts.coolers])
        found = settle(grid, room_inflows(flow, parts.heat_w, cooler_c))
        streams = settled_streams(found)
        flow, drift_k, residual = replace(flow, streams=streams), found.drift_k, streams.repair_frac
    rows = flow.streams.fractions(of_port[flow.table.inflows], flow.table, n_groups + n_columns)
    rows /= rows.sum(axis=1, keepdims=True)
    return _map(_Rows(parts, flow, rows, (group, column), n_groups), (tier, cell_m), (drift_k, residual))


def _at_part(parts: RoomParts, frac: float) -> RoomParts:
    """All racks at a part of their heat and airflow. Rear doors cool nothing in a run, so none does here."""
    racks, n = parts.racks, len(parts.racks.ids)
    scaled = RackAir(racks.ids, racks.flow_m3_s * frac, racks.gap_frac, np.ones(n), np.zeros(n))
    pieces = [
        replace(p, openings=tuple(o._replace(flow_m3_s=o.flow_m3_s * frac) for o in p.openings)) for p in parts.pieces
    ]
    return replace(parts, racks=scaled, pieces=pieces, heat_w=parts.heat_w * frac)


def _tops(grid: RoomGrid, top_m: Mapping[str, float]) -> list[Port]:
    """Ports without flow over the upper third of each front, to read the air there; the whole front of a low rack."""
    found = []
    for port in grid.ports:
        if port.kind == "rack_front":
            low_m = (port.cells % grid.shape[2]) * grid.h_m + grid.origin_m[2]
            weight = np.clip(top_m[port.owner] - np.maximum(low_m, UPPER_THIRD * top_m[port.owner]), 0.0, grid.h_m)
            weight = np.minimum(weight, low_m + grid.h_m - UPPER_THIRD * top_m[port.owner]).clip(0.0) * port.area_m2
            share = weight / weight.sum() if weight.sum() > 0.0 else port.share
            found.append(replace(port, name=f"{port.owner} top", kind="return", share=share, flow_m3_s=0.0, owner=""))
    return found


class _Rows:
    """Parts of exhausts and supplies at fronts, upper thirds and returns."""

    def __init__(
        self, parts: RoomParts, flow: RoomFlow, rows: FloatArray, columns: tuple[IntArray, IntArray], n_groups: int
    ) -> None:
        self.parts, self.flow, self.group, self.column = parts, flow, *columns
        index = {port.name: i for i, port in enumerate(flow.grid.ports)}
        i_top = np.array([index.get(f"{name} top", -1) for name in parts.racks.ids], np.int64)
        racks = [np.where((i >= 0)[:, None], rows[i], rows.mean(axis=0)) for i in (flow.i_front, i_top)]
        backs = np.where((flow.i_return >= 0)[:, None], rows[flow.i_return], 0.0)
        self.of_exhaust = [np.ascontiguousarray(m[:, :n_groups]) for m in (*racks, backs)]
        self.of_supply = [np.ascontiguousarray(m[:, n_groups:]) for m in (*racks, backs)]

    def whose(self) -> FloatArray:
        """(n_columns, n_coolers) whose air each supply column brings."""
        flow_m3_s = np.maximum(self.flow.table.port_m3_s[self.flow.i_supply], 1e-12)
        weight = np.zeros((self.of_supply[0].shape[1], len(flow_m3_s)))
        weight[self.column, np.arange(len(flow_m3_s))] = flow_m3_s
        return product(weight / weight.sum(axis=1, keepdims=True), self.flow.supply_map)


def _map(rows: _Rows, how: tuple[Tier, float], left: tuple[float, float]) -> AirMap:
    racks = rows.parts.racks
    (front_e, top_e, back_e), (front_s, top_s, back_s) = rows.of_exhaust, rows.of_supply
    closed = Recirculation(racks, rows.group, front_e, front_s, back_e, back_s)
    whose = rows.whose()
    # Supply air that has passed racks on its way: what each group's exhaust is without heat.
    passed = product(closed.closure, closed.grouped(front_s))

    def supplies(of_supply: FloatArray, of_exhaust: FloatArray) -> FloatArray:
        return product(of_supply + product(of_exhaust, passed), whose)

    per_w = np.divide(1.0, racks.w_k, out=np.zeros(len(racks.w_k)), where=racks.w_k > 0.0)
    return AirMap(
        tier=how[0],
        cell_m=how[1],
        flow_m3_s=np.array([c.flow_m3_s for c in rows.parts.coolers]),
        group=rows.group,
        rise_k_w=closed.rack_share * per_w,
        gap_k_w=racks.gap_frac * per_w,
        front_k=product(front_e, closed.closure),
        front_s=supplies(front_s, front_e),
        top_k=product(top_e, closed.closure),
        top_s=supplies(top_s, top_e),
        back_k=product(back_e, closed.closure),
        back_s=supplies(back_s, back_e),
        drift_k=left[0],
        residual_frac=left[1],
    )
