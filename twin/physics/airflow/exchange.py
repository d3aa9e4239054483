"""Where the air of a settled flow comes from: parts of each inflow in cells and at ports, in exact balance."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.airflow.lattice import Lattice
from twin.physics.airflow.poisson import PoissonSolver
from twin.physics.airflow.ports import IntArray, PortTable, Real
from twin.physics.airflow.settled import Settled
from twin.physics.airflow.streams import Index, Streams

MIN_STEP_K = 0.05
"""Difference between two cells below which their mean flux tells nothing about how they mix."""
MOST_DIFFUSIVITY_M2_S = 0.1
"""Of eddies, resolved or not, between two cells."""
LEAST_MIXING = (0.25, 0.35, 0.5)
"""Of a face, over its flow, tried in turn: the less, the truer; half is plain upwind, whose sweeps always end."""
TOLERANCE_FRAC = 1e-5
"""Change of a part in a round of sweeps at which they end, before the balance is made exact."""
MOST_ROUNDS = 60
MOST_COLUMNS = 48
"""Inflows carried in one sweep."""


@dataclass(frozen=True, slots=True)
class SettledStreams(Streams):
    """What a settled flow carries; unlike a potential flow it goes in circles, so that sweeps repeat until they rest.

    orders: the air cells in eight directions. part: (n_ports, n_inflows) of each inflow in the air at each port; rows
    sum to 1, and flows of outflows times their rows are the flows of the inflows: heat is in balance for any
    temperatures. repair_frac: largest change that making it exact took.
    """

    orders: tuple[Index, ...]
    part: FloatArray
    repair_frac: float

    def carried(self, inflow: FloatArray, out: Real | None = None) -> Real:
        """As of any streams; from the field that `out` holds, when it holds one."""
        out = np.zeros(self.n_cells + self.n_inflows, self.weight.dtype) if out is None else out
        if not out[: self.n_cells].any():
            out[: self.n_cells] = np.mean(inflow)
        out[self.n_cells :] = inflow
        span = float(np.ptp(inflow))
        for _ in range(MOST_ROUNDS):
            old = out[: self.n_cells].copy()
            for order in self.orders:
                _sweep(order, self.ptr, self.feeder, self.weight, out[:, None])
            if float(np.abs(out[: self.n_cells] - old).max()) <= TOLERANCE_FRAC * span:
                break
        return out

    def fractions(self, group_of_inflow: IntArray, table: PortTable, n_groups: int) -> FloatArray:
        """As of any streams; rows sum to 1 to the last digit."""
        of_group = np.zeros((len(group_of_inflow), n_groups))
        of_group[np.arange(len(group_of_inflow)), group_of_inflow] = 1.0
        return np.asarray(self.part @ of_group)


def settled_streams(settled: Settled) -> SettledStreams:
    """Streams of the mean flow, with the mixing that the march has shown. Raises ModelRangeError: they do not rest."""
    grid, table = settled.grid, PortTable(settled.grid.ports)
    flows = mean_flow_m3_s(settled)
    air = np.flatnonzero(~grid.solid.ravel()).astype(np.int32)
    cells = np.arange(grid.n_cells, dtype=np.int32).reshape(grid.shape)
    orders = [cells[::x, ::y, ::z].ravel() for x in (1, -1) for y in (1, -1) for z in (1, -1)]
    is_air = ~grid.solid.ravel()
    orders = [order[is_air[order]] for order in orders]
    for least_frac in LEAST_MIXING:
        net = _network(settled, table, flows, least_frac)
        part = _parts(orders, net, table)
        if part is not None:
            exact, repair = _balanced(part, table)
            ptr, feeder, weight = net
            sizes = grid.n_cells, table.n_inflows
            return SettledStreams(*sizes, air, ptr, feeder, weight, 0.0, tuple(orders), exact, repair)
    raise ModelRangeError(
        f"where the air comes from does not settle in {MOST_ROUNDS} rounds",
        "airflow",
        "look for a part of the room whose air stands still",
    )


def mean_flow_m3_s(settled: Settled) -> tuple[FloatArray, ...]:
    """Mean flow through each low face of the padded grid, flat, m3/s: free of divergence to 1e-12 of all that flows."""
    grid, lattice = settled.grid, settled.march.lattice
    flows = []
    for axis, q in enumerate(settled.velocity_m_s):
        flat = np.zeros(lattice.size)
        lattice.faces(flat, axis)[...] = q * grid.h_m**2
        flows.append(flat * lattice.is_open[axis])
    source = np.bincount(lattice.port_cell, lattice.port_inward_m3_s, lattice.size).astype(float)
    for flow, s in zip(flows, lattice.strides, strict=True):
        source[:-s] -= flow[s:] - flow[:-s]
    air = np.where(grid.solid, 0.0, 1.0)
    rest = lattice.cells(source) * air
    rest = rest - air * (rest.sum() / air.sum())
    found = PoissonSolver(grid, np.float64).solve(rest, None, 1e-12, 600, float(lattice.port_m3_s.sum()))
    phi = np.zeros(lattice.size)
    lattice.cells(phi)[...] = found.phi
    for axis, s in enumerate(lattice.strides):
        flows[axis][s:] -= grid.h_m * lattice.openness[axis][s:].astype(float) * (phi[s:] - phi[:-s])
    return tuple(flows)


def _network(
    settled: Settled, table: PortTable, flows: tuple[FloatArray, ...], least_frac: float
) -> tuple[IntArray, Index, FloatArray]:
    """Rows of cells (ptr, feeder, weight): the part of each neighbour and inflow port in each cell; rows sum to 1."""
    grid, lattice, means = settled.grid, settled.march.lattice, settled.means
    index = _cell_of_lattice(lattice)
    rows, cols, values = [], [], []
    for axis, s in enumerate(lattice.strides):
        at = np.flatnonzero(lattice.is_open[axis])
        flow = flows[axis][at]
        shown = _mixing_m3_s(flow, (means.warmth[at - s], means.warmth[at]), means.fluxes[axis][at] * grid.h_m**2)
        most = 0.5 * np.abs(flow) + MOST_DIFFUSIVITY_M2_S * grid.h_m
        mixing = np.clip(shown, least_frac * np.abs(flow), most)
        rows += [index[at], index[at - s]]
        cols += [index[at - s], index[at]]
        values += [mixing + 0.5 * flow, mixing - 0.5 * flow]
    ptr, port, inflow = table.inflows_by_cell(grid.n_cells)
    rows.append(np.repeat(np.arange(grid.n_cells), np.diff(ptr)))
    cols.append(grid.n_cells + port)
    values.append(inflow)
    shape = (grid.n_cells, grid.n_cells + table.n_inflows)
    net = scipy.sparse.coo_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape).tocsr()
    total = np.asarray(net.sum(axis=1)).ravel()
    scale = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0.0)
    weight = net.data * np.repeat(scale, np.diff(net.indptr))
    return net.indptr.astype(np.int64), net.indices.astype(np.int32), weight


def _cell_of_lattice(lattice: Lattice) -> IntArray:
    """Index of the cell of the room at each place of the padded grid, -1 in the margin."""
    index = np.full(lattice.size, -1, np.int64)
    lattice.cells(index)[...] = np.arange(lattice.grid.n_cells).reshape(lattice.grid.shape)
    return index


def _mixing_m3_s(flow: FloatArray, sides: tuple[FloatArray, FloatArray], flux: FloatArray) -> FloatArray:
    """Exchange flow E between two cells that gives the mean flux: flux = flow (low + high) / 2 - E (high - low).

    It holds the limited advection, the eddy viscosity and what resolved eddies carried, whatever their share. Half the
    flow would be plain upwind, which is taken where two cells differ too little to tell.
    """
    low, high = sides
    step = high - low
    is_told = np.abs(step) > MIN_STEP_K
    return np.divide(0.5 * flow * (low + high) - flux, step, out=0.5 * np.abs(flow), where=is_told)


def _parts(orders: list[Index], net: tuple[IntArray, Index, FloatArray], table: PortTable) -> FloatArray | None:
    """(n_ports, n_inflows) parts at each port; None where the sweeps do not rest."""
    ptr, feeder, weight = net
    n_cells, n = len(ptr) - 1, table.n_inflows
    found = np.empty((len(table.port_m3_s), n))
    for low in range(0, n, MOST_COLUMNS):
        high = min(low + MOST_COLUMNS, n)
        out = np.full((n_cells + n, high - low), 1.0 / n, np.float32)
        out[n_cells:] = np.eye(n, dtype=np.float32)[:, low:high]
        ports = _rested(orders, (ptr, feeder, weight.astype(np.float32)), table, out)
        if ports is None:
            return None
        found[:, low:high] = ports
    return found


def _rested(orders: list[Index], net: tuple[IntArray, Index, Real], table: PortTable, out: Real) -> FloatArray | None:
    """(n_ports, n) values at the ports once sweeps of `out` in all directions rest; None: they never do."""
    old = table.mean(out)
    for _ in range(MOST_ROUNDS):
        for order in orders:
            _sweep(order, *net, out)
        new = table.mean(out)
        change, old = float(np.abs(new - old).max()), new
        if not change < 10.0:
            return None
        if change < TOLERANCE_FRAC:
            return old
    return None


@numba.njit(cache=True)
def _sweep(order: Index, ptr: IntArray, feeder: Index, weight: Real, out: Real) -> None:  # pragma: no cover - compiled
    n = out.shape[1]
    row = np.empty(n, out.dtype)
    for c in order:
        if ptr[c + 1] > ptr[c]:
            row[:] = 0.0
            for q in range(ptr[c], ptr[c + 1]):
                w, d = weight[q], feeder[q]
                for s in range(n):
                    row[s] += w * out[d, s]
            for s in range(n):
                out[c, s] = row[s]


def _balanced(part: FloatArray, table: PortTable) -> tuple[FloatArray, float]:
    """The nearest parts without negatives whose rows sum to 1 and whose columns carry all of each inflow.

    By alternating scaling of rows and columns; rows of inflows are their own air. Source: Sinkhorn and Knopp, Pacific
    J. Math. 21(2), 1967.
    """
    is_out = ~table.is_inflow
    out_m3_s, in_m3_s = table.port_m3_s[is_out], table.port_m3_s[table.inflows]
    flow = np.maximum(part[is_out], 0.0) * out_m3_s[:, None]
    for _ in range(500):
        columns = flow.sum(axis=0)
        flow *= np.divide(in_m3_s, columns, out=np.zeros(len(columns)), where=columns > 0.0)
        rows = flow.sum(axis=1)
        flow *= np.divide(out_m3_s, rows, out=np.zeros(len(rows)), where=rows > 0.0)[:, None]
        if np.abs(flow.sum(axis=0) - in_m3_s).max(initial=0.0) <= 1e-15 * in_m3_s.sum():
            break
    exact = np.zeros_like(part)
    exact[table.inflows, np.arange(table.n_inflows)] = 1.0
    exact[is_out] = np.divide(flow, out_m3_s[:, None], out=part[is_out], where=out_m3_s[:, None] > 0.0)
    return exact, float(np.abs(exact - part)[is_out].max(initial=0.0))
