"""What air carries along a potential flow: each cell's air as a mixture of the cells and inflows before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numba
import numpy as np
from numpy.typing import NDArray

from twin.physics import FloatArray
from twin.physics.airflow.poisson import PoissonSolver, Potential
from twin.physics.airflow.ports import IntArray, PortTable, Real

Index: TypeAlias = NDArray[np.int32]
_Net: TypeAlias = tuple[Index, IntArray, Index, Real]


COLUMNS = 48
"""Inflow groups carried in one sweep."""


@dataclass(frozen=True, slots=True)
class Streams:
    """First-order upwind mixing, solved by one pass because air goes only to lower potential and so never in circles.

    order: (n_air,) cells from high to low potential. ptr: (n_cells + 1,) where the feeders of each begin. feeder:
    cells, and n_cells + s for the s-th inflow port. weight: their part of what flows in; each cell's sum to 1, so that
    a temperature never leaves the range of the inflows. A cell nothing flows into, as the residual may leave one in
    still air, takes the last inflow. defect_m3_s: largest in minus out of a cell.
    """

    n_cells: int
    n_inflows: int
    order: Index
    ptr: IntArray
    feeder: Index
    weight: Real
    defect_m3_s: float

    @property
    def _net(self) -> _Net:
        return self.order, self.ptr, self.feeder, self.weight

    def carried(self, inflow: FloatArray, out: Real | None = None) -> Real:
        """Value of each cell (n_cells,), and of the inflows (n_inflows,) behind them, for a value of each inflow.

        Cells without air keep what `out` had; in a new one they are 0.
        """
        out = np.zeros(self.n_cells + self.n_inflows, self.weight.dtype) if out is None else out
        out[self.n_cells :] = inflow
        _carry(*self._net, out)
        return out

    def fractions(self, group_of_inflow: IntArray, table: PortTable, n_groups: int) -> FloatArray:
        """(n_ports, n_groups) part of the air at each port that came in with each group of inflows; rows sum to 1.

        group_of_inflow: (n_inflows,). Swept in blocks of columns, so that memory does not grow with the groups.
        """
        found = np.zeros((len(table.port_m3_s), n_groups))
        for low in range(0, n_groups, COLUMNS):
            high = min(low + COLUMNS, n_groups)
            out = np.zeros((self.n_cells + self.n_inflows, high - low), self.weight.dtype)
            is_here = (group_of_inflow >= low) & (group_of_inflow < high)
            out[self.n_cells + np.flatnonzero(is_here), group_of_inflow[is_here] - low] = 1.0
            _carry_rows(*self._net, out)
            found[:, low:high] = table.mean(out)
        return found


def streams(solver: PoissonSolver, potential: Potential, table: PortTable) -> Streams:
    """The mixing of a solved flow; weights have the precision of the potential."""
    phi = potential.phi
    air = np.flatnonzero(solver.air.ravel() > 0).astype(np.int32)
    order = air[np.argsort(-phi.ravel()[air])]
    ptr, feeder, weight, defect_m3_s = _mixing(
        phi, (solver.gx, solver.gy, solver.gz), table.inflows_by_cell(phi.size), table.outflow_m3_s(phi.size)
    )
    return Streams(phi.size, table.n_inflows, order, ptr, feeder, weight, defect_m3_s)


@numba.njit(cache=True)
def _mixing(
    phi: Real,
    conductance: tuple[Real, Real, Real],
    inflows: tuple[IntArray, IntArray, FloatArray],
    outflow: FloatArray,
) -> tuple[IntArray, Index, Real, float]:  # pragma: no cover - compiled
    in_ptr, in_port, in_flow = inflows
    gx, gy, gz = conductance
    ny, nz = phi.shape[1:]
    flat, n = phi.ravel(), phi.size
    ptr = np.zeros(n + 1, np.int64)
    # Each face feeds one side: three a cell, and room for the last writes.
    feeder = np.empty(3 * n + in_port.size + 8, np.int32)
    weight = np.empty(feeder.size, phi.dtype)
    count, defect = 0, 0.0
    for c in range(n):
        i = c // (ny * nz)
        j = c // nz - i * ny
        k = c - (i * ny + j) * nz
        first, total, net, here = count, 0.0, -outflow[c], flat[c]
        # Faces on the edge are shut, so that any cell will do beyond them.
        low_x, high_x, low_y = max(c - ny * nz, 0), min(c + ny * nz, n - 1), max(c - nz, 0)
        high_y, low_z, high_z = min(c + nz, n - 1), max(c - 1, 0), min(c + 1, n - 1)
        for d, flow in (
            (low_x, gx[i, j, k] * (flat[low_x] - here)),
            (high_x, gx[i + 1, j, k] * (flat[high_x] - here)),
            (low_y, gy[i, j, k] * (flat[low_y] - here)),
            (high_y, gy[i, j + 1, k] * (flat[high_y] - here)),
            (low_z, gz[i, j, k] * (flat[low_z] - here)),
            (high_z, gz[i, j, k + 1] * (flat[high_z] - here)),
        ):
            # Written always and kept where positive: this has no branch to guess wrong.
            feeder[count], weight[count] = d, flow
            count += 1 if flow > 0.0 else 0
            total += max(flow, 0.0)
            net += flow
        for q in range(in_ptr[c], in_ptr[c + 1]):
            feeder[count], weight[count] = n + in_port[q], in_flow[q]
            total += in_flow[q]
            net += in_flow[q]
            count += 1
        for q in range(first, count):
            weight[q] /= total
        defect = max(defect, abs(net))
        ptr[c + 1] = count
    return ptr, feeder[:count], weight[:count], defect


@numba.njit(cache=True)
def _carry(order: Index, ptr: IntArray, feeder: Index, weight: Real, out: Real) -> None:  # pragma: no cover - compiled
    for c in order:
        value = 0.0
        for q in range(ptr[c], ptr[c + 1]):
            value += weight[q] * out[feeder[q]]
        out[c] = value if ptr[c + 1] > ptr[c] else out[-1]


@numba.njit(cache=True)
def _carry_rows(
    order: Index, ptr: IntArray, feeder: Index, weight: Real, out: Real
) -> None:  # pragma: no cover - compiled
    n = out.shape[1]
    for c in order:
        for q in range(ptr[c], ptr[c + 1]):
            w, d = weight[q], feeder[q]
            for s in range(n):
                out[c, s] += w * out[d, s]
        if ptr[c + 1] == ptr[c]:
            out[c] = out[-1]
