"""Level cuts through the air of a room: temperatures at three heights, and which way the air goes there."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.ports import BoolArray
from twin.physics.airflow.room_flow import RoomFlow

RACK_TOP_M = 2.1
HEIGHTS_M = tuple(RACK_TOP_M * (2 * k + 1) / 6 for k in range(3))
"""Middles of the lower, middle and upper third of a rack."""
MOST_FILLS = 24
"""Cells that a body may be deep from its edge and still be coloured from the air about it."""


def slices_c(field_c: FloatArray, grid: RoomGrid) -> FloatArray:
    """(3, ny, nx) temperatures at HEIGHTS_M, °C, y before x as a picture has it.

    field_c: (nx, ny, nz). Cells inside bodies take the mean of the air beside them, so that a picture has no holes.
    """
    found = np.empty((3, grid.shape[1], grid.shape[0]))
    for k, z_m in enumerate(HEIGHTS_M):
        low, high, part = _layers(grid, z_m)
        cut = (1.0 - part) * field_c[:, :, low] + part * field_c[:, :, high]
        solid = grid.solid[:, :, low] | grid.solid[:, :, high]
        found[k] = _filled(np.asarray(cut, float), solid).T
    return found


def _layers(grid: RoomGrid, z_m: float) -> tuple[int, int, float]:
    """The layers of cells below and above a height, and how far towards the upper it is."""
    at = min(max((z_m - grid.origin_m[2]) / grid.h_m - 0.5, 0.0), grid.shape[2] - 1.0)
    low = int(at)
    return low, min(low + 1, grid.shape[2] - 1), at - low


def _filled(cut: FloatArray, solid: BoolArray) -> FloatArray:
    """A cut whose solid cells are filled from their edges inwards."""
    known = ~solid
    if not known.any() or known.all():
        return cut
    values = np.where(known, cut, 0.0)
    for _ in range(MOST_FILLS):
        if known.all():
            break
        total, count = _beside(values), _beside(known.astype(float))
        new = ~known & (count > 0)
        values[new] = total[new] / count[new]
        known = known | new
    values[~known] = float(cut[~solid].mean())
    return values


def _beside(a: FloatArray) -> FloatArray:
    """Sum of the four neighbours of each cell."""
    found = np.zeros_like(a)
    found[1:] += a[:-1]
    found[:-1] += a[1:]
    found[:, 1:] += a[:, :-1]
    found[:, :-1] += a[:, 1:]
    return found


def potential_velocity_m_s(flow: RoomFlow) -> tuple[FloatArray, FloatArray]:
    """Across x (nx + 1, ny, nz) and y (nx, ny + 1, nz) per whole face, of the instant tier."""
    grid, phi = flow.grid, flow.potential.phi
    found = []
    for axis, g in enumerate((grid.gx, grid.gy)):
        v = np.zeros(g.shape)
        inner = [slice(None)] * 3
        inner[axis] = slice(1, -1)
        v[tuple(inner)] = -np.diff(phi, axis=axis) / grid.h_m
        found.append(v * g)
    return found[0], found[1]


def arrows(grid: RoomGrid, velocity_m_s: tuple[FloatArray, FloatArray], pitch_m: float) -> FloatArray:
    """(3, n, 4) places x, y, m, and speeds along x, y, m/s, on a lattice of pitch_m at HEIGHTS_M; none in bodies.

    Bodies at different heights differ; n is that of the lattice, and speeds in a body are NaN.
    """
    nx, ny, _ = grid.shape
    xs = grid.origin_m[0] + np.arange(pitch_m / 2, nx * grid.h_m, pitch_m)
    ys = grid.origin_m[1] + np.arange(pitch_m / 2, ny * grid.h_m, pitch_m)
    i = np.minimum(((xs - grid.origin_m[0]) / grid.h_m).astype(int), nx - 1)
    j = np.minimum(((ys - grid.origin_m[1]) / grid.h_m).astype(int), ny - 1)
    place = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)
    found = np.empty((3, len(place), 4))
    vx, vy = velocity_m_s
    for k, z_m in enumerate(HEIGHTS_M):
        low, _, _ = _layers(grid, z_m)
        speed = np.stack([(vx[:-1] + vx[1:])[:, :, low] / 2, (vy[:, :-1] + vy[:, 1:])[:, :, low] / 2], axis=-1)
        speed[grid.solid[:, :, low]] = np.nan
        found[k, :, :2] = place
        found[k, :, 2:] = speed[np.ix_(i, j)].reshape(-1, 2)
    return found
