"""Potential (or pressure) on a room grid: conjugate gradients, preconditioned by the empty box in cosines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import scipy.fft
from numpy.typing import DTypeLike

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.ports import Real


@dataclass(frozen=True, slots=True)
class Potential:
    """A solution. phi: (nx, ny, nz), 0 in solid cells. residual_frac: norm of what is left of the sources, relative."""

    phi: Real
    residual_frac: float
    n_iterations: int


class PoissonSolver:
    """Solves sum over faces of g h (phi_i - phi_j) = source_i for one geometry, any number of times.

    No flow crosses the edge of the grid. With `anchor` (nx, ny, nz), m, each cell is also joined to a potential of 0 by
    that conductance times the difference (a fixed potential outside); without, the mean of phi over the air is 0.
    Method: preconditioned conjugate gradients; the preconditioner is the inverse of the full box without bodies by
    the discrete cosine transform of type II, masked to air cells. Nothing is set up but its eigenvalues.
    seam_m: length over which a thin wall of openness g drops the potential, so that its flow does not depend on the
    cells: g becomes h / (h + seam_m (1 / g - 1)). None given: the wall is as long as a cell.
    """

    def __init__(
        self,
        grid: RoomGrid,
        dtype: DTypeLike = np.float64,
        anchor: FloatArray | None = None,
        seam_m: float = 0.0,
    ) -> None:
        self.dtype = np.dtype(dtype)
        self._real: Callable[[float], Any] = self.dtype.type
        self.shape = grid.shape
        self.air: Real = (~grid.solid).astype(self.dtype)
        self.n_air = int(np.count_nonzero(self.air))
        # h belongs to the conductance of a face: area h2 over distance h.
        self.gx, self.gy, self.gz = ((g * grid.h_m).astype(self.dtype) for g in _with_seams(grid, seam_m or grid.h_m))
        self.anchor: Real | None = None if anchor is None else (anchor * self.air).astype(self.dtype)
        self._inverse = _box_inverse(grid.shape, grid.h_m, self.dtype, self.anchor)

    def solve(
        self,
        source: FloatArray,
        start: Real | None = None,
        tolerance_frac: float = 1e-6,
        max_iterations: int = 400,
        scale: float | None = None,
    ) -> Potential:
        """The potential of `source` (nx, ny, nz), from a first guess `start` when there is one.

        tolerance_frac: norm of the residual over `scale`, which is the norm of the source unless given (a warm start of
        a small change is to be held to the whole). Raises ModelRangeError when it cannot be reached: the sources of a
        closed part do not sum to 0.
        """
        s = source.astype(self.dtype) * self.air
        scale = float(np.sqrt(_square(s.ravel()))) if scale is None else scale
        x = np.zeros(self.shape, self.dtype) if start is None else (start * self.air).astype(self.dtype)
        if scale == 0.0:
            return Potential(np.zeros(self.shape, self.dtype), 0.0, 0)
        r = np.empty_like(s)
        left = self._residual(s, x, r)
        x, n_iterations = self._iterate(x, r, left, (tolerance_frac * scale, max_iterations))
        left = self._residual(s, x, r)
        residual_frac = float(np.sqrt(left)) / scale
        floor_frac = 1e3 * float(np.finfo(self.dtype).eps)
        if not residual_frac <= max(10.0 * tolerance_frac, floor_frac):
            raise ModelRangeError(
                f"the flow does not settle: residual {residual_frac:.1e} after {n_iterations} iterations, "
                f"{tolerance_frac:.1e} is asked",
                "airflow",
                "look for a part of the room whose air has no way in or out",
            )
        if self.anchor is None:
            x -= self.air * self._real(float(x.sum(dtype=np.float64)) / self.n_air)
        return Potential(x, residual_frac, n_iterations)

    def apply(self, x: Real, y: Real) -> float:
        """Net flow out of each cell under a potential, into y; the sum of x y comes back."""
        xy = float(_apply(x, y, self.gx, self.gy, self.gz))
        if self.anchor is not None:
            y += self.anchor * x
            xy = float(np.vdot(x, y))
        return xy

    def _residual(self, s: Real, x: Real, r: Real) -> float:
        self.apply(x, r)
        np.subtract(s, r, out=r)
        return float(_square(r.ravel()))

    def _iterate(self, x: Real, r: Real, left: float, stop: tuple[float, int]) -> tuple[Real, int]:
        """Conjugate gradients from x with residual r of squared norm `left`, until (norm, iterations)."""
        norm, max_iterations = stop
        if np.sqrt(left) <= norm:
            return x, 0
        q = np.empty_like(r)
        z = self._precondition(r)
        p = z
        rz = float(_masked_dot(r.ravel(), z.ravel(), self.air.ravel()))
        n = 0
        while n < max_iterations:
            n += 1
            curvature = self.apply(p, q)
            if not curvature > 0.0:
                break
            left = float(_advance(x.ravel(), r.ravel(), p.ravel(), q.ravel(), self._real(rz / curvature)))
            if np.sqrt(left) <= norm:
                break
            z = self._precondition(r)
            old, rz = rz, float(_masked_dot(r.ravel(), z.ravel(), self.air.ravel()))
            _turn(p.ravel(), z.ravel(), self._real(rz / old))
        return x, n

    def _precondition(self, r: Real) -> Real:
        spectrum = scipy.fft.dctn(r, type=2, norm="ortho")
        spectrum *= self._inverse
        return np.ascontiguousarray(scipy.fft.idctn(spectrum, type=2, norm="ortho", overwrite_x=True))


def _with_seams(grid: RoomGrid, seam_m: float) -> list[FloatArray]:
    """Openness of all faces, those of thin walls by the length of their seams."""
    found = [grid.gx, grid.gy, grid.gz]
    for axis, faces in enumerate(grid.thin):
        if len(faces) and seam_m != grid.h_m:
            g = found[axis].copy()
            open_frac = g.ravel()[faces]
            g.ravel()[faces] = grid.h_m * open_frac / (grid.h_m * open_frac + seam_m * (1.0 - open_frac))
            found[axis] = g
    return found


def _box_inverse(shape: tuple[int, int, int], h_m: float, dtype: np.dtype[Any], anchor: Real | None) -> Real:
    """One over the eigenvalues of the closed empty box; the constant has none and is left out, unless anchored."""
    waves = [2.0 * h_m * (1.0 - np.cos(np.pi * np.arange(n) / n)) for n in shape]
    values = waves[0][:, None, None] + waves[1][None, :, None] + waves[2][None, None, :]
    if anchor is not None:
        values += float(anchor.mean())
    else:
        values[0, 0, 0] = np.inf
    return (1.0 / values).astype(dtype)


@numba.njit(cache=True, fastmath={"reassoc", "contract", "nsz"})
def _apply(x: Real, y: Real, gx: Real, gy: Real, gz: Real) -> float:  # pragma: no cover - compiled
    nx, ny, nz = x.shape
    total = 0.0
    for i in range(nx):
        # Faces on the edge are shut, so that any neighbour will do there.
        low_i, high_i = max(i - 1, 0), min(i + 1, nx - 1)
        for j in range(ny):
            low_j, high_j = max(j - 1, 0), min(j + 1, ny - 1)
            for k in range(nz):
                c = x[i, j, k]
                y[i, j, k] = (
                    gx[i, j, k] * (c - x[low_i, j, k])
                    + gx[i + 1, j, k] * (c - x[high_i, j, k])
                    + gy[i, j, k] * (c - x[i, low_j, k])
                    + gy[i, j + 1, k] * (c - x[i, high_j, k])
                )
            for k in range(1, nz - 1):
                c = x[i, j, k]
                y[i, j, k] += gz[i, j, k] * (c - x[i, j, k - 1]) + gz[i, j, k + 1] * (c - x[i, j, k + 1])
            if nz > 1:
                y[i, j, 0] += gz[i, j, 1] * (x[i, j, 0] - x[i, j, 1])
                y[i, j, nz - 1] += gz[i, j, nz - 1] * (x[i, j, nz - 1] - x[i, j, nz - 2])
            row = x.dtype.type(0.0)
            for k in range(nz):
                row += x[i, j, k] * y[i, j, k]
            total += row
    return total


@numba.njit(cache=True, fastmath={"reassoc", "contract", "nsz"})
def _advance(x: Real, r: Real, p: Real, q: Real, step: float) -> float:  # pragma: no cover - compiled
    total = 0.0
    for c in range(x.size):
        x[c] += step * p[c]
        r[c] -= step * q[c]
        total += r[c] * r[c]
    return total


@numba.njit(cache=True, fastmath={"reassoc", "contract", "nsz"})
def _masked_dot(r: Real, z: Real, air: Real) -> float:  # pragma: no cover - compiled
    total = 0.0
    for c in range(r.size):
        z[c] *= air[c]
        total += r[c] * z[c]
    return total


@numba.njit(cache=True)
def _turn(p: Real, z: Real, ratio: float) -> None:  # pragma: no cover - compiled
    for c in range(p.size):
        p[c] = z[c] + ratio * p[c]


@numba.njit(cache=True, fastmath={"reassoc", "contract", "nsz"})
def _square(r: Real) -> float:  # pragma: no cover - compiled
    total = 0.0
    for c in range(r.size):
        total += r[c] * r[c]
    return total
