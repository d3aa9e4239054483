"""A room's grid as an OpenFOAM mesh of cubes: whole faces, open or shut, and one patch per port."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.ports import BoolArray, IntArray

WALLS = "walls"
# Corners of the low face of a cell across each axis, as steps along x, y and z; the normal points up the axis.
CORNERS = (
    ((0, 0, 0), (0, 1, 0), (0, 1, 1), (0, 0, 1)),
    ((0, 0, 0), (0, 0, 1), (1, 0, 1), (1, 0, 0)),
    ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)),
)


@dataclass(frozen=True, slots=True)
class Patch:
    """Faces from `first` on. port: its index, -1 for walls. inward_m3_s: (n,) flow into the room through each."""

    name: str
    port: int
    first: int
    inward_m3_s: FloatArray

    @property
    def n(self) -> int:
        """Faces of the patch."""
        return len(self.inward_m3_s)


@dataclass(frozen=True, slots=True)
class FoamMesh:
    """points_m: (n_points, 3). faces: (n_faces, 4) points; those between cells first. owner: (n_faces,) cell;
    neighbour: (n_internal,). cells: (n_cells,) flat index in the grid of each cell of the mesh. zones: cells of the
    mesh by name, in which heat is put: behind each port that brings rack air.
    """

    points_m: FloatArray
    faces: IntArray
    owner: IntArray
    neighbour: IntArray
    patches: tuple[Patch, ...]
    cells: IntArray
    zones: dict[str, IntArray]


def patch_name(index: int, name: str) -> str:
    """A word OpenFOAM takes for the port of that index and name."""
    return f"p{index}_{re.sub(r'[^0-9A-Za-z_]', '_', name)}"


def foam_mesh(grid: RoomGrid) -> FoamMesh:
    """The mesh of a checked grid. Partly open faces become so many whole open ones that the open area is the same."""
    number = np.full(grid.shape, -1, np.int64)
    cells = np.flatnonzero(~grid.solid.ravel())
    number.ravel()[cells] = np.arange(len(cells))
    is_open = [_whole(g) for g in (grid.gx, grid.gy, grid.gz)]
    corners, owner, neighbour = _internal(number, is_open)
    order = np.lexsort((neighbour, owner))
    parts, owners = [corners[order]], [owner[order]]
    patches, first = [], len(owner)
    for patch, faces, own in _patches(grid, number, is_open, first):
        patches.append(patch)
        parts.append(faces)
        owners.append(own)
    used, faces = np.unique(np.concatenate(parts), return_inverse=True)
    shape = tuple(n + 1 for n in grid.shape)
    points = np.stack(np.unravel_index(used, shape), axis=1) * grid.h_m + np.array(grid.origin_m)
    zones = {
        patch_name(i, port.name): np.unique(number.ravel()[port.cells])
        for i, port in enumerate(grid.ports)
        if port.kind == "rack_rear"
    }
    return FoamMesh(
        points, faces.reshape(-1, 4), np.concatenate(owners), neighbour[order], tuple(patches), cells, zones
    )


def _whole(g: FloatArray) -> BoolArray:
    """Whole faces open in place of partly open ones: as many, evenly spread, as give the same area."""
    found = g >= 1.0
    part = np.flatnonzero((g.ravel() > 0.0) & (g.ravel() < 1.0))
    total = np.cumsum(g.ravel()[part])
    found.ravel()[part[np.diff(np.floor(total + 0.5), prepend=0.0) > 0.0]] = True
    return found


def _internal(number: IntArray, is_open: list[BoolArray]) -> tuple[IntArray, IntArray, IntArray]:
    """Corners, owner and neighbour of the faces between cells, the lower cell being the owner."""
    corners, owners, neighbours = [], [], []
    for axis in range(3):
        inner = [slice(None)] * 3
        inner[axis] = slice(1, -1)
        at = np.argwhere(is_open[axis][tuple(inner)])
        at[:, axis] += 1
        below = at.copy()
        below[:, axis] -= 1
        corners.append(_corners(at, axis, number.shape))
        owners.append(number[tuple(below.T)])
        neighbours.append(number[tuple(at.T)])
    return np.concatenate(corners), np.concatenate(owners), np.concatenate(neighbours)


def _corners(at: IntArray, axis: int, shape: tuple[int, ...]) -> IntArray:
    """(n, 4) flat points of the faces across an axis at (n, 3)."""
    points = at[:, None, :] + np.array(CORNERS[axis])[None]
    flat = np.ravel_multi_index(tuple(np.moveaxis(points, 2, 0)), tuple(n + 1 for n in shape))
    return np.asarray(flat, np.int64)


def _patches(
    grid: RoomGrid, number: IntArray, is_open: list[BoolArray], first: int
) -> Iterator[tuple[Patch, IntArray, IntArray]]:
    """Patches with the corners and owners of their faces, normals outward: ports in order, walls last."""
    key, flow = _port_faces(grid)
    faces, owners, keys = [], [], []
    for axis in range(3):
        for high in (0, 1):
            where = [slice(None)] * 3
            where[axis] = slice(1, None) if high else slice(0, -1)
            at = np.argwhere((number >= 0) & ~is_open[axis][tuple(where)])
            owners.append(number[tuple(at.T)])
            keys.append(np.ravel_multi_index(tuple(at.T), number.shape) * 6 + 2 * axis + high)
            at[:, axis] += high
            corners = _corners(at, axis, number.shape)
            faces.append(corners if high else corners[:, ::-1])
    face, owner, code = np.concatenate(faces), np.concatenate(owners), np.concatenate(keys)
    of_port = np.array([key.get(int(c), -1) for c in code])
    inward = np.array([flow.get(int(c), 0.0) for c in code])
    for i in [*range(len(grid.ports)), -1]:
        here = np.flatnonzero(of_port == i)
        if len(here):
            name = WALLS if i < 0 else patch_name(i, grid.ports[i].name)
            yield Patch(name, i, first, inward[here]), face[here], owner[here]
            first += len(here)


def _port_faces(grid: RoomGrid) -> tuple[dict[int, int], dict[int, float]]:
    """Port with most flow, and flow into the room, of each face of a cell (flat cell x 6 + 2 x axis + high)."""
    port_of: dict[int, int] = {}
    most: dict[int, float] = {}
    flow: dict[int, float] = {}
    for i, port in enumerate(grid.ports):
        codes = port.cells * 6 + 2 * port.axis + (port.side > 0)
        for code, m3_s in zip(codes.tolist(), (port.inward_m3_s * port.share).tolist(), strict=True):
            flow[code] = flow.get(code, 0.0) + m3_s
            if abs(m3_s) >= most.get(code, 0.0):
                port_of[code], most[code] = i, abs(m3_s)
    return port_of, flow
