"""The flow of one room, solved: grid, ports, potential and streams, with the indices that read racks and coolers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.airflow.dense import applied
from twin.physics.airflow.fixed_point import settled
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.poisson import PoissonSolver, Potential
from twin.physics.airflow.ports import IntArray, PortTable, Real
from twin.physics.airflow.recirculation import RackAir, Recirculation
from twin.physics.airflow.streams import Streams, streams

LIVE_FRAC, EXACT_FRAC = 1e-4, 1e-13
"""Residual of the potential in float32 while editing, and in float64."""
LIVE_K, EXACT_K = 1e-4, 1e-12
MOST_PASSES = 60
MOST_GROUPS, MOST_SUPPLIES = 240, 60
"""Exhausts and supplies with a column of their own; more are put together with their neighbours."""


@dataclass(frozen=True, slots=True)
class AirUsers:
    """Who moves the air. coolers: ids. whose_air: (n_coolers,) share of each cooler in the air of each port that
    supplies, by the port's name. Fronts, rears and returns are found by name: "A01 front", "A01 rear", "C1 return".
    """

    racks: RackAir
    coolers: tuple[str, ...]
    whose_air: Mapping[str, FloatArray]


@dataclass(slots=True)
class RoomFlow:
    """One room's air in motion. i_front, i_rear: (n_racks,) port of each rack, -1 where it is shut and no air moves.

    i_return: (n_coolers,) likewise. i_supply: (n_supply,) ports that bring cooled air, in order. supply_map:
    (n_supply, n_coolers) whose air each brings.
    """

    users: AirUsers
    grid: RoomGrid
    table: PortTable
    potential: Potential
    streams: Streams
    i_front: IntArray
    i_rear: IntArray
    i_return: IntArray
    i_supply: IntArray
    supply_map: FloatArray
    is_exact: bool

    def at_ports(self, values: FloatArray, index: IntArray) -> FloatArray:
        """Values of the ports of racks or coolers, 0 where there is none."""
        return np.where(index >= 0, values[np.maximum(index, 0)], 0.0)

    def inflow_c(self, exhaust_c: FloatArray, supply_c: FloatArray) -> FloatArray:
        """(n_inflows,) temperature of all air that comes in, from racks (n_racks,) and coolers (n_coolers,)."""
        of_port = np.zeros(len(self.table.port_m3_s))
        has_rear = self.i_rear >= 0
        of_port[self.i_rear[has_rear]] = exhaust_c[has_rear]
        of_port[self.i_supply] = applied(self.supply_map, supply_c)
        return of_port[self.table.inflows]

    def front_c(self, field: Real) -> FloatArray:
        """(n_racks,) air before each front; where a front is shut, the mean of the air."""
        front_c = self.at_ports(self.table.mean(field), self.i_front)
        is_shut = self.i_front < 0
        return np.where(is_shut, self.mean_c(field), front_c) if is_shut.any() else front_c

    def mean_c(self, field: Real) -> float:
        """Mean over the air."""
        return float(field[self.streams.order].mean(dtype=np.float64))

    def settled(self, heat_w: FloatArray, supply_c: FloatArray) -> FloatArray:
        """(n_racks,) temperatures before the fronts, by passes of one column."""
        racks = self.users.racks
        field = np.zeros(self.streams.n_cells + self.streams.n_inflows, self.streams.weight.dtype)

        def step(front_c: FloatArray) -> FloatArray:
            self.streams.carried(self.inflow_c(racks.exhaust_c(front_c, heat_w), supply_c), field)
            return self.front_c(field[: self.streams.n_cells])

        start = np.full(len(racks.ids), float(np.mean(supply_c)))
        return settled(step, start, EXACT_K if self.is_exact else LIVE_K, MOST_PASSES)

    def state(self, front_c: FloatArray, heat_w: FloatArray, supply_c: FloatArray) -> AirState:
        """The field, and all that is read from it, for known temperatures before the fronts (n_racks,)."""
        racks = self.users.racks
        inflow_c = self.inflow_c(racks.exhaust_c(front_c, heat_w), supply_c)
        field = self.streams.carried(inflow_c)[: self.streams.n_cells]
        mean_c = self.mean_c(field)
        field.reshape(self.grid.shape)[self.grid.solid] = mean_c
        ports_c = self.table.mean(field)
        front_c = self.front_c(field)
        return AirState(
            front_c=front_c,
            exhaust_c=racks.exhaust_c(front_c, heat_w),
            return_c=np.where(self.i_return >= 0, self.at_ports(ports_c, self.i_return), mean_c),
            field_c=field.reshape(self.grid.shape),
            heat_residual_frac=self._heat_left_w(ports_c, inflow_c, front_c, heat_w) / max(float(heat_w.sum()), 1.0),
        )

    def _heat_left_w(self, ports_c: FloatArray, inflow_c: FloatArray, front_c: FloatArray, heat_w: FloatArray) -> float:
        """What returns take out less what supplies bring in, heat of racks and doors counted, W.

        Measured from the middle of all temperatures, so that no figures are lost to the zero of the scale.
        """
        flow = self.table.port_m3_s
        zero_c = float(np.mean(inflow_c))
        brought = np.zeros(len(flow))
        brought[self.table.inflows] = inflow_c
        has_return = self.i_return[self.i_return >= 0]
        out_w = AIR_HEAT_J_M3_K * float(flow[has_return] @ (ports_c[has_return] - zero_c))
        in_w = AIR_HEAT_J_M3_K * float(flow[self.i_supply] @ (brought[self.i_supply] - zero_c))
        moves = self.users.racks.flow_m3_s > 0.0
        return out_w - in_w - float(heat_w[moves].sum()) + float(self.users.racks.door_w(front_c, heat_w)[moves].sum())

    def linear(self) -> LinearRoom:
        """The room as a linear map of heat and supply temperatures, at this flow."""
        group_of_rack, n_groups = rack_groups(len(self.users.racks.ids))
        column_of_supply, n_supplies = supply_groups(self)
        group = np.zeros(len(self.table.port_m3_s), np.int64)
        has_rear = self.i_rear >= 0
        group[self.i_rear[has_rear]] = group_of_rack[has_rear]
        group[self.i_supply] = n_groups + column_of_supply
        rows = self.streams.fractions(group[self.table.inflows], self.table, n_groups + n_supplies)
        fronts = np.where((self.i_front >= 0)[:, None], rows[np.maximum(self.i_front, 0)], rows.mean(axis=0))
        returns = np.where((self.i_return >= 0)[:, None], rows[np.maximum(self.i_return, 0)], 0.0)
        weight = np.zeros((n_supplies, len(self.i_supply)))
        supply_m3_s = self.table.port_m3_s[self.i_supply]
        weight[column_of_supply, np.arange(len(self.i_supply))] = np.maximum(supply_m3_s, 1e-12)
        parts = [np.ascontiguousarray(x) for m in (fronts, returns) for x in (m[:, :n_groups], m[:, n_groups:])]
        found = Recirculation(self.users.racks, group_of_rack, parts[0], parts[1], parts[2], parts[3])
        names = [[self.grid.ports[i].name for i in self.i_supply[column_of_supply == c]] for c in range(n_supplies)]
        return LinearRoom(found, [_name(n) for n in names], weight / weight.sum(axis=1, keepdims=True), self.supply_map)


@dataclass(frozen=True, slots=True)
class AirState:
    """Temperatures, °C: before the fronts and after the rears (n_racks,), into the returns (n_coolers,), and of each
    cell (nx, ny, nz), where solid the mean of the air. heat_residual_frac: heat lost or made up, over all heat."""

    front_c: FloatArray
    exhaust_c: FloatArray
    return_c: FloatArray
    field_c: Real
    heat_residual_frac: float


@dataclass(frozen=True, slots=True)
class LinearRoom:
    """The map, with its supply columns: names, (n_columns, n_supply) parts of the supply ports in each, and whose air
    these bring, (n_supply, n_coolers)."""

    map: Recirculation
    supply_names: list[str]
    ports_of_column: FloatArray
    supply_map: FloatArray

    def column_c(self, supply_c: FloatArray) -> FloatArray:
        """(n_columns,) temperature of each supply column, °C, from that of the coolers (n_coolers,)."""
        return applied(self.ports_of_column, applied(self.supply_map, supply_c))

    def front_c(self, heat_w: FloatArray, supply_c: FloatArray) -> FloatArray:
        """(n_racks,) air before the fronts, °C; where exhausts share a column each rack keeps its own later."""
        column_c = self.column_c(supply_c)
        return self.map.front_c(self.map.exhaust_c(heat_w, column_c), column_c)


def _name(ports: list[str]) -> str:
    """Name of a supply column: its port, or the first and how many more."""
    return ports[0] if len(ports) == 1 else f"{ports[0].split('/')[0]} ({len(ports)} openings)"


def room_flow(grid: RoomGrid, users: AirUsers, is_exact: bool = False, last: Potential | None = None) -> RoomFlow:
    """Potential and streams of a checked grid, from the last potential when there is one on an equal grid.

    Air passes a seam of a thin wall about as fast as it moves in the room: a potential difference of speed times the
    reach of the room drives it through a length of that reach. Without this, the potential of a large hall, which is
    no pressure, would blow tens of m/s through seams.
    """
    solver = PoissonSolver(grid, np.float64 if is_exact else np.float32, seam_m=grid.reach_m)
    start = last.phi if last is not None and last.phi.shape == grid.shape else None
    potential = solver.solve(grid.source_m3_s(), start, EXACT_FRAC if is_exact else LIVE_FRAC)
    table = grid.table()
    by_name = {port.name: i for i, port in enumerate(grid.ports)}

    def index(names: Sequence[str], side: str) -> IntArray:
        return np.array([by_name.get(f"{name} {side}", -1) for name in names], np.int64)

    supplies = [name for name in users.whose_air if name in by_name]
    return RoomFlow(
        users,
        grid,
        table,
        potential,
        streams(solver, potential, table),
        index(users.racks.ids, "front"),
        index(users.racks.ids, "rear"),
        index(users.coolers, "return"),
        np.array([by_name[name] for name in supplies], np.int64),
        np.array([users.whose_air[name] for name in supplies]).reshape(len(supplies), len(users.coolers)),
        is_exact,
    )


def rack_groups(n: int) -> tuple[IntArray, int]:
    """Column of each rack's exhaust: its own, or shared by neighbours in the drawing's order where there are many."""
    size = -(-n // MOST_GROUPS)
    group = np.arange(n, dtype=np.int64) // max(size, 1)
    return group, int(group[-1]) + 1 if n else 0


def supply_groups(flow: RoomFlow) -> tuple[IntArray, int]:
    """Column of each supply port: its own, or one per field of tiles and cooler, or even chunks of these."""
    n = len(flow.i_supply)
    if n <= MOST_SUPPLIES:
        return np.arange(n, dtype=np.int64), n
    names = [flow.grid.ports[i].name.split("/")[0] for i in flow.i_supply]
    fields = {name: i for i, name in enumerate(dict.fromkeys(names))}
    size = -(-len(fields) // MOST_SUPPLIES)
    column = np.array([fields[name] // size for name in names], np.int64)
    return column, int(column.max()) + 1
