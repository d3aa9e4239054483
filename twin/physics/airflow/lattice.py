"""The room grid laid out for marching: flat arrays with two cells of margin, factors of walls, and faces of ports."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.physics.airflow.grid import IntArray, RoomGrid

Real = NDArray[Any]
PAD = 2
"""Cells of margin on each side: as far as the limiter looks upstream."""
RETURN_PACE = np.float32(0.7)
"""Weight of speeds in cells before an outflow when the step is chosen: upwind schemes stand being emptied at once."""


class Lattice:
    """One padded layout for cells and for the low face of each cell across each axis.

    air: 1 in air cells. openness, is_open: of the faces across x, y, z. free_edges: 1 on edges between four free faces,
    for the pairs (x, y), (x, z), (y, z). edge_weight: of the eddy stress on edges. wall_edges: how many of the four
    edges of a face lie on walls. is_inflow, port_m3_s: of the ports. The other port_*: one entry per face of each port:
    its port, axis, flat face and cell, velocity along the axis, share of the port's flow and flow into the room.
    leaks, losses: faces of thin walls and their loss.
    """

    def __init__(self, grid: RoomGrid) -> None:
        self.grid = grid
        self.shape = tuple(n + 2 * PAD for n in grid.shape)
        self.size = int(np.prod(self.shape))
        ny, nz = self.shape[1:]
        self.strides = (ny * nz, nz, 1)
        self.air = self.zeros()
        self.cells(self.air)[...] = ~grid.solid
        self.openness = tuple(self._faces(g, a) for a, g in enumerate((grid.gx, grid.gy, grid.gz)))
        self.is_open = tuple((g > 0.0).astype(np.float32) for g in self.openness)
        self.leaks = tuple(self._thin(axis) for axis in range(3))
        self.losses = tuple(screen_loss(g[at]) for g, at in zip(self.openness, self.leaks, strict=True))
        self.free_edges = tuple(self._free_edges(a, b) for a, b in ((0, 1), (0, 2), (1, 2)))
        self.wall_edges = tuple(self._wall_edges(a) for a in range(3))
        self._lay_ports()
        self.edge_weight = tuple(
            free + (1.0 - free) * grip for free, grip in zip(self.free_edges, self._port_grip(), strict=True)
        )
        self.pace = self.air.copy()
        self.pace[self.port_cell[self.port_inward_m3_s < 0.0]] *= RETURN_PACE

    def zeros(self) -> Real:
        """A flat array of zeros over the padded grid."""
        return np.zeros(self.size, np.float32)

    def cells(self, flat: Real) -> Real:
        """View of the cells of the room in a flat array, (nx, ny, nz)."""
        return flat.reshape(self.shape)[PAD:-PAD, PAD:-PAD, PAD:-PAD]

    def faces(self, flat: Real, axis: int) -> Real:
        """View of the faces across an axis, one more along it than there are cells."""
        inner = [slice(PAD, -PAD)] * 3
        inner[axis] = slice(PAD, 1 - PAD)
        return flat.reshape(self.shape)[tuple(inner)]

    def _faces(self, g: Real, axis: int) -> Real:
        flat = self.zeros()
        self.faces(flat, axis)[...] = g
        return flat

    def _thin(self, axis: int) -> IntArray:
        """Flat indices of the faces of thin walls that leak."""
        g = (self.grid.gx, self.grid.gy, self.grid.gz)[axis]
        is_thin = np.zeros(g.shape)
        is_thin.ravel()[self.grid.thin[axis] if self.grid.thin else np.zeros(0, np.int64)] = 1.0
        return np.flatnonzero((self._faces(is_thin, axis) > 0.0) & self.is_open[axis].astype(bool))

    def _free_edges(self, a: int, b: int) -> Real:
        ga, gb = self.is_open[a], self.is_open[b]
        return np.asarray(ga * np.roll(ga, self.strides[b]) * gb * np.roll(gb, self.strides[a]), np.float32)

    def _port_grip(self) -> tuple[Real, ...]:
        """Weight of edges on ports, where air moves square to the port and eddies feel that it has no other speed.

        The speed falls to 0 over half a cell, and half the cells around the edge are solid: 4 between faces of ports, 2
        on the rim. On walls it is 0: their drag is a law of its own.
        """
        grip = tuple(self.zeros() for _ in range(3))
        for edge, pair in zip(grip, ((0, 1), (0, 2), (1, 2)), strict=True):
            for axis, other in (pair, pair[::-1]):
                faces = np.unique(self.port_face[self.port_axis == axis])
                edge[faces] += 2.0
                edge[faces + self.strides[other]] += 2.0
        return grip

    def _wall_edges(self, a: int) -> Real:
        count = self.zeros()
        for b in range(3):
            if b != a:
                on_wall = 1.0 - self.free_edges[a + b - 1]
                count += on_wall + np.roll(on_wall, -self.strides[b])
        return np.asarray(count * self.is_open[a], np.float32)

    def _lay_ports(self) -> None:
        ports = self.grid.ports
        self.n_ports = len(ports)
        counts = [p.cells.size for p in ports]
        self.port_of: IntArray = np.repeat(np.arange(len(ports)), counts)
        self.port_axis: IntArray = np.repeat(np.array([p.axis for p in ports], np.int64), counts)
        side = np.repeat(np.array([p.side for p in ports], np.int64), counts)
        cells = np.concatenate([p.cells for p in ports]) if ports else np.empty(0, np.int64)
        at = np.stack(np.unravel_index(cells, self.grid.shape)) + PAD
        self.port_cell: IntArray = np.asarray(np.ravel_multi_index(tuple(at), self.shape), np.int64)
        self.port_face: IntArray = self.port_cell + np.where(side > 0, np.array(self.strides)[self.port_axis], 0)
        self.port_share = np.concatenate([p.share for p in ports]) if ports else np.empty(0)
        self.is_inflow = np.array([p.is_inflow for p in ports], bool)
        self.port_m3_s = np.array([p.flow_m3_s for p in ports])
        inward = np.where(self.is_inflow, 1.0, -1.0)[self.port_of] * self.port_m3_s[self.port_of] * self.port_share
        self.port_inward_m3_s = inward
        self.port_speed = (-side * inward / self.grid.h_m**2).astype(np.float32)

    def port_means(self, flat: Real) -> Real:
        """(n_ports,) means of a flat array over the flow of each port, or (n_ports, m) of its columns (size, m)."""
        if flat.ndim == 1:
            return np.bincount(self.port_of, self.port_share * flat[self.port_cell], self.n_ports)
        out = np.zeros((self.n_ports, flat.shape[1]))
        np.add.at(out, self.port_of, self.port_share[:, None] * flat[self.port_cell])
        return out

    def port_velocity(self, axis: int) -> Real:
        """Velocity along an axis that ports prescribe on its faces, 0 elsewhere."""
        flat = self.zeros()
        on = self.port_axis == axis
        np.add.at(flat, self.port_face[on], self.port_speed[on])
        return flat


def screen_loss(open_frac: Real) -> Real:
    """Pressure loss of a thin perforated screen in dynamic heads: K = (0.707 (1 - f)^0.375 + 1 - f)^2 / f^2.

    open_frac: (n,) above 0, at most 1. Source: Idelchik, Handbook of Hydraulic Resistance, diagram 8-1.

    >>> [round(float(k), 1) for k in screen_loss(np.array([0.25, 0.5, 1.0]))]
    [30.8, 4.2, 0.0]
    """
    shut = 1.0 - open_frac
    return (0.707 * shut**0.375 + shut) ** 2 / open_frac**2
