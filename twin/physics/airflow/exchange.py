"""Where the air of a settled flow comes from: parts of each inflow in each outflow, linear and exactly in balance."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.airflow.grid import IntArray
from twin.physics.airflow.lattice import PAD, Lattice, Real
from twin.physics.airflow.poisson import PoissonSolver
from twin.physics.airflow.settled import Settled

MIN_STEP_K = 0.05
"""Difference between two cells below which their mean flux tells nothing about how they mix."""
MOST_DIFFUSIVITY_M2_S = 0.1
"""Of eddies, resolved or not, between two cells."""
LEAST_MIXING = (0.25, 0.35, 0.5)
"""Of a face, over its flow, tried in turn: the less, the truer; half is plain upwind, whose sweeps always end."""
TOLERANCE_FRAC = 1e-5
"""Change of a part in a round of sweeps at which they end, before the balance is made exact."""
MOST_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Origins:
    """part: (n_outflows, n_inflows) part of the air of each outflow that came in with each inflow; rows sum to 1.

    outflows, inflows: indices of the ports. Flow of outflows times part is the flow of inflows: heat is in balance for
    any temperatures. repair_frac: largest change that making it exact took.
    """

    outflows: IntArray
    inflows: IntArray
    part: FloatArray
    repair_frac: float


def origins(settled: Settled) -> Origins:
    """Parts of each inflow in each outflow along the mean flow, with the mixing that the march has shown.

    Raises ModelRangeError: the parts do not settle.
    """
    lattice = settled.march.lattice
    flows = mean_flow_m3_s(settled)
    for least_frac in LEAST_MIXING:
        part = _sweeps(lattice, *_network(settled, flows, least_frac))
        if part is not None:
            outflows, inflows = np.flatnonzero(~lattice.is_inflow), np.flatnonzero(lattice.is_inflow)
            flow = lattice.port_m3_s
            return Origins(outflows, inflows, *_balanced(part[outflows], flow[outflows], flow[inflows]))
    raise ModelRangeError(
        f"where the air comes from does not settle in {MOST_ROUNDS} rounds",
        "airflow",
        "look for a part of the room whose air stands still",
    )


def mean_flow_m3_s(settled: Settled) -> tuple[FloatArray, ...]:
    """Mean flow through each low face of the padded grid, flat, m3/s: free of divergence to 1e-12 of all that flows."""
    grid, lattice = settled.grid, settled.march.lattice
    flows: list[FloatArray] = []
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
    settled: Settled, flows: tuple[FloatArray, ...], least_frac: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Rows of cells (ptr, feeder, weight): the part of each neighbour and inflow port in each cell; rows sum to 1."""
    lattice, means, h_m = settled.march.lattice, settled.means, settled.grid.h_m
    rows, cols, values = [], [], []
    for axis, s in enumerate(lattice.strides):
        at = np.flatnonzero(lattice.is_open[axis])
        flow = flows[axis][at]
        shown = _mixing_m3_s(flow, (means.warmth[at - s], means.warmth[at]), means.fluxes[axis][at] * h_m**2)
        mixing = np.clip(shown, least_frac * np.abs(flow), 0.5 * np.abs(flow) + MOST_DIFFUSIVITY_M2_S * h_m)
        rows += [at, at - s]
        cols += [at - s, at]
        values += [mixing + 0.5 * flow, mixing - 0.5 * flow]
    brings = np.flatnonzero(lattice.is_inflow[lattice.port_of])
    column = np.cumsum(lattice.is_inflow) - 1
    rows.append(lattice.port_cell[brings])
    cols.append(lattice.size + column[lattice.port_of[brings]])
    values.append(lattice.port_inward_m3_s[brings])
    shape = (lattice.size, lattice.size + int(lattice.is_inflow.sum()))
    net = scipy.sparse.coo_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape).tocsr()
    total = np.asarray(net.sum(axis=1)).ravel()
    scale = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0.0)
    weight = net.data * np.repeat(scale, np.diff(net.indptr))
    return net.indptr.astype(np.int64), net.indices.astype(np.int64), weight


def _mixing_m3_s(flow: FloatArray, sides: tuple[FloatArray, FloatArray], flux: FloatArray) -> FloatArray:
    """Exchange flow E between two cells that gives the mean flux: flux = flow (low + high) / 2 - E (high - low).

    It holds the limited advection, the eddy viscosity and what resolved eddies carried, whatever their share. Half the
    flow would be plain upwind, which is taken where two cells differ too little to tell.
    """
    low, high = sides
    step = high - low
    is_told = np.abs(step) > MIN_STEP_K
    return np.divide(0.5 * flow * (low + high) - flux, step, out=0.5 * np.abs(flow), where=is_told)


def _sweeps(lattice: Lattice, ptr: IntArray, feeder: IntArray, weight: FloatArray) -> FloatArray | None:
    """(n_ports, n_inflows) parts at each port, by sweeps in all eight directions until they rest; None: never."""
    n = int(lattice.is_inflow.sum())
    out = np.full((lattice.size + n, n), 1.0 / n, np.float32)
    out[lattice.size :] = np.eye(n, dtype=np.float32)
    cells = np.arange(lattice.size).reshape(lattice.shape)[PAD:-PAD, PAD:-PAD, PAD:-PAD]
    is_fed = np.diff(ptr) > 0
    orders = [cells[::x, ::y, ::z].ravel() for x in (1, -1) for y in (1, -1) for z in (1, -1)]
    orders = [order[is_fed[order]] for order in orders]
    weight32, old = weight.astype(np.float32), lattice.port_means(out[: lattice.size])
    for _ in range(MOST_ROUNDS):
        for order in orders:
            _sweep(order, ptr, feeder, weight32, out)
        new = lattice.port_means(out[: lattice.size])
        change, old = float(np.abs(new - old).max()), new
        if not change < 10.0:
            return None
        if change < TOLERANCE_FRAC:
            return old
    return None


@numba.njit(cache=True)
def _sweep(
    order: IntArray, ptr: IntArray, feeder: IntArray, weight: Real, out: Real
) -> None:  # pragma: no cover - compiled
    n = out.shape[1]
    row = np.empty(n, out.dtype)
    for o in range(order.size):
        c = order[o]
        row[:] = 0.0
        for q in range(ptr[c], ptr[c + 1]):
            w, d = weight[q], feeder[q]
            for s in range(n):
                row[s] += w * out[d, s]
        for s in range(n):
            out[c, s] = row[s]


def _balanced(part: FloatArray, out_m3_s: FloatArray, in_m3_s: FloatArray) -> tuple[FloatArray, float]:
    """The nearest parts without negatives whose rows sum to 1 and whose columns carry all of each inflow.

    By alternating scaling of rows and columns. Source: Sinkhorn and Knopp, Pacific J. Math. 21(2), 1967.
    """
    flow = np.maximum(part, 0.0) * out_m3_s[:, None]
    for _ in range(500):
        columns = flow.sum(axis=0)
        flow *= np.divide(in_m3_s, columns, out=np.zeros(len(columns)), where=columns > 0.0)
        rows = flow.sum(axis=1)
        flow *= np.divide(out_m3_s, rows, out=np.zeros(len(rows)), where=rows > 0.0)[:, None]
        if np.abs(flow.sum(axis=0) - in_m3_s).max(initial=0.0) <= 1e-15 * in_m3_s.sum():
            break
    balanced = np.divide(flow, out_m3_s[:, None], out=part.copy(), where=out_m3_s[:, None] > 0.0)
    return balanced, float(np.abs(balanced - part).max(initial=0.0))
