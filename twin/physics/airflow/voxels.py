"""Compiled loops that turn boxes, thin walls and openings into cells, openness of faces and port cells."""

from __future__ import annotations

import numba
import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.ports import BoolArray, IntArray

LEAST_FRAC = 0.02
"""Part of a cell face below which an opening leaves it out."""


@numba.njit(cache=True)
def _overlap(low: float, high: float, n: int, out: FloatArray) -> tuple[int, int]:  # pragma: no cover - compiled
    """Part of each unit cell between low and high into out; the range of cells touched."""
    first = max(0, int(np.floor(low + 1e-7)))
    last = min(n, int(np.ceil(high - 1e-7)))
    for i in range(first, last):
        out[i] = min(high, i + 1.0) - max(low, float(i))
    return first, max(first, last)


@numba.njit(cache=True)
def fill_bodies(
    bodies: FloatArray,
    origin: FloatArray,
    h: float,
    volume: FloatArray,
    covers: tuple[FloatArray, FloatArray, FloatArray],
) -> None:  # pragma: no cover - compiled
    """Add the part of each cell and of each face across x, y, z that bodies (n, 6) take up."""
    cx, cy, cz = covers
    nx, ny, nz = volume.shape
    fx, fy, fz = np.zeros(nx), np.zeros(ny), np.zeros(nz)
    for b in range(bodies.shape[0]):
        x0, x1 = (bodies[b, 0] - origin[0]) / h, (bodies[b, 1] - origin[0]) / h
        y0, y1 = (bodies[b, 2] - origin[1]) / h, (bodies[b, 3] - origin[1]) / h
        z0, z1 = (bodies[b, 4] - origin[2]) / h, (bodies[b, 5] - origin[2]) / h
        i0, i1 = _overlap(x0, x1, nx, fx)
        j0, j1 = _overlap(y0, y1, ny, fy)
        k0, k1 = _overlap(z0, z1, nz, fz)
        for i in range(i0, i1):
            for j in range(j0, j1):
                for k in range(k0, k1):
                    volume[i, j, k] += fx[i] * fy[j] * fz[k]
                    # A face counts as covered when its plane lies inside the body; each is the low face of one cell.
                    if x0 + 1e-6 < i:
                        cx[i, j, k] += fy[j] * fz[k]
                    if y0 + 1e-6 < j:
                        cy[i, j, k] += fx[i] * fz[k]
                    if z0 + 1e-6 < k:
                        cz[i, j, k] += fx[i] * fy[j]


@numba.njit(cache=True)
def hang_sheets(
    sheets: FloatArray, origin: FloatArray, h: float, gx: FloatArray, gy: FloatArray, gz: FloatArray
) -> None:  # pragma: no cover - compiled
    """Lower the openness of faces to that of thin walls: rows (axis, at, a0, a1, b0, b1, openness, whether a hole)."""
    gs = (gx, gy, gz)
    nx, ny, nz = gx.shape[0] - 1, gx.shape[1], gx.shape[2]
    fa, fb = np.zeros(max(nx, ny)), np.zeros(max(ny, nz))
    for s in range(sheets.shape[0]):
        axis = int(sheets[s, 0])
        p = int(np.floor((sheets[s, 1] - origin[axis]) / h + 0.5))
        a, b = (1 if axis == 0 else 0), (1 if axis == 2 else 2)
        na, nb = (ny if a == 1 else nx), (ny if b == 1 else nz)
        a0, a1 = _overlap((sheets[s, 2] - origin[a]) / h, (sheets[s, 3] - origin[a]) / h, na, fa)
        b0, b1 = _overlap((sheets[s, 4] - origin[b]) / h, (sheets[s, 5] - origin[b]) / h, nb, fb)
        if p < 0 or p > (nx if axis == 0 else (ny if axis == 1 else nz)):
            continue
        for ia in range(a0, a1):
            for ib in range(b0, b1):
                at = _cell(axis, p, ia, ib)
                if sheets[s, 7] > 0.0:
                    _open(gs, axis, at, fa[ia] * fb[ib] * sheets[s, 6])
                else:
                    _shut(gs, axis, at, 1.0 - fa[ia] * fb[ib] * (1.0 - sheets[s, 6]))


@numba.njit(cache=True)
def _cell(axis: int, c: int, a: int, b: int) -> tuple[int, int, int]:  # pragma: no cover - compiled
    """Indices of the cell c along an axis and (a, b) along the other two."""
    if axis == 0:
        return c, a, b
    if axis == 1:
        return a, c, b
    return a, b, c


@numba.njit(cache=True)
def _first_air(
    solid: BoolArray, axis: int, first: tuple[int, int], a: int, b: int
) -> int:  # pragma: no cover - compiled
    """Index along the axis of the first air cell from (cell, side), one solid cell stepped over; -1 for none."""
    for step in range(2):
        c = first[0] + first[1] * step
        if c < 0 or c >= solid.shape[axis]:
            return -1
        if not solid[_cell(axis, c, a, b)]:
            return c
    return -1


@numba.njit(cache=True)
def _shut(
    gs: tuple[FloatArray, FloatArray, FloatArray], axis: int, at: tuple[int, int, int], left: float
) -> None:  # pragma: no cover - compiled
    """Lower the openness of a face to `left`."""
    if axis == 0:
        gs[0][at] = min(gs[0][at], left)
    elif axis == 1:
        gs[1][at] = min(gs[1][at], left)
    else:
        gs[2][at] = min(gs[2][at], left)


@numba.njit(cache=True)
def _open(
    gs: tuple[FloatArray, FloatArray, FloatArray], axis: int, at: tuple[int, int, int], least: float
) -> None:  # pragma: no cover - compiled
    """Raise the openness of a face to `least`."""
    if axis == 0:
        gs[0][at] = max(gs[0][at], least)
    elif axis == 1:
        gs[1][at] = max(gs[1][at], least)
    else:
        gs[2][at] = max(gs[2][at], least)


@numba.njit(cache=True)
def fill_ports(
    openings: FloatArray,
    level: FloatArray,
    place: tuple[FloatArray, float],
    solid: BoolArray,
    gs: tuple[FloatArray, FloatArray, FloatArray],
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:  # pragma: no cover - compiled
    """Cells behind openings, rows (axis, side, at, a0, a1, b0, b1): (n + 1,) where each starts, cells, areas, shares.

    level: (n, nz) part of the flow by level, or -1. place: origin and edge of the grid. A cell that is solid is stepped
    over once, outwards. Faces of ports are shut for other air.
    """
    origin, h = place
    shape, n = solid.shape, openings.shape[0]
    ptr = np.zeros(n + 1, np.int64)
    cells, area, share = [np.int64(0) for _ in range(0)], [0.0 for _ in range(0)], [0.0 for _ in range(0)]
    fa, fb = np.zeros(max(shape[0], shape[1])), np.zeros(max(shape[1], shape[2]))
    for o in range(n):
        axis, side = int(openings[o, 0]), int(openings[o, 1])
        p = int(np.floor((openings[o, 2] - origin[axis]) / h + 0.5)) - (1 if side < 0 else 0)
        a, b = (1 if axis == 0 else 0), (1 if axis == 2 else 2)
        a0, a1 = _overlap((openings[o, 3] - origin[a]) / h, (openings[o, 4] - origin[a]) / h, shape[a], fa)
        b0, b1 = _overlap((openings[o, 5] - origin[b]) / h, (openings[o, 6] - origin[b]) / h, shape[b], fb)
        total = 0.0
        for ia in range(a0, a1):
            for ib in range(b0, b1):
                part = fa[ia] * fb[ib]
                weight = fa[ia] * level[o, ib] if level[o, 0] >= 0.0 else part
                c = _first_air(solid, axis, (p, side), ia, ib)
                if part < LEAST_FRAC or weight <= 0.0 or c < 0:
                    continue
                i, j, k = _cell(axis, c, ia, ib)
                cells.append((i * shape[1] + j) * shape[2] + k)
                area.append(part * h * h)
                share.append(weight)
                total += weight
                _shut(gs, axis, _cell(axis, c if side > 0 else c + 1, ia, ib), 1.0 - part)
        for q in range(ptr[o], len(cells)):
            share[q] /= total
        ptr[o + 1] = len(cells)
    return ptr, np.array(cells), np.array(area), np.array(share)


@numba.njit(cache=True)
def covered_m2(places: FloatArray, bodies: FloatArray) -> FloatArray:  # pragma: no cover - compiled
    """(n,) area of each rectangle on the floor, columns x0, x1, y0, y1, that bodies (m, 6) cover, summed."""
    out = np.zeros(places.shape[0])
    for i in range(places.shape[0]):
        for b in range(bodies.shape[0]):
            wide = min(places[i, 1], bodies[b, 1]) - max(places[i, 0], bodies[b, 0])
            deep = min(places[i, 3], bodies[b, 3]) - max(places[i, 2], bodies[b, 2])
            if wide > 0.0 and deep > 0.0:
                out[i] += wide * deep
    return out
