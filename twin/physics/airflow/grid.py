"""The room as a uniform grid of cubic cells with openness of faces and ports through which air comes and goes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numba
import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.airflow.ports import BoolArray, IntArray, Port, PortKind, PortTable

BALANCE_FRAC = 1e-9
"""Most that flows in and out of the room, or of a closed part of it, may differ, over the flow through it."""


@dataclass(slots=True)
class RoomGrid:
    """Cubic cells of edge h_m.

    solid: (nx, ny, nz) where no air is. gx: (nx + 1, ny, nz) openness of the faces across x, from 0 to 1; face i lies
    between cells i - 1 and i, those on the edge of the grid and beside solid cells are 0. gy, gz: the same across y
    (nx, ny + 1, nz) and z. A thin wall is a face whose openness is its leakage; thin: flat indices into gx, gy, gz of
    such faces. origin_m: place of the grid's low corner in the drawing. Arrays are in C order.
    """

    h_m: float
    solid: BoolArray
    gx: FloatArray
    gy: FloatArray
    gz: FloatArray
    ports: list[Port] = field(default_factory=list)
    origin_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    thin: tuple[IntArray, ...] = ()

    @classmethod
    def box(cls, shape: tuple[int, int, int], h_m: float) -> RoomGrid:
        """An empty room of so many cells, closed all around."""
        nx, ny, nz = shape
        grid = cls(
            h_m, np.zeros(shape, bool), np.ones((nx + 1, ny, nz)), np.ones((nx, ny + 1, nz)), np.ones((nx, ny, nz + 1))
        )
        grid.close_solid()
        return grid

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells along x, y and z."""
        nx, ny, nz = self.solid.shape
        return nx, ny, nz

    @property
    def reach_m(self) -> float:
        """Half the diagonal of the plan: the way over which the air of the room gathers and spends its potential."""
        return 0.5 * self.h_m * float(np.hypot(*self.shape[:2]))

    @property
    def n_cells(self) -> int:
        """All cells, air or not."""
        return self.solid.size

    def close_solid(self) -> None:
        """Shut the faces on the edge of the grid and beside solid cells; call it after `solid` has changed."""
        for axis, g in enumerate((self.gx, self.gy, self.gz)):
            faces = np.moveaxis(g, axis, 0)
            air = np.moveaxis(~self.solid, axis, 0)
            faces[0] = faces[-1] = 0.0
            faces[1:-1] *= air[1:] & air[:-1]

    def flat(self, where: tuple[slice, slice, slice]) -> IntArray:
        """Flat indices of a block of cells."""
        return np.arange(self.n_cells).reshape(self.shape)[where].ravel()

    def add_port(self, name: str, kind: PortKind, cells: IntArray, face: tuple[int, int], flow_m3_s: float) -> Port:
        """A port over whole faces (axis, side) of the given cells, with its flow spread evenly."""
        n = len(cells)
        if n == 0:
            raise ModelRangeError(f"{kind} covers no cell of {self.h_m:g} m", name, "give a smaller cell")
        area_m2 = np.full(n, self.h_m**2)
        port = Port(name, kind, np.asarray(cells, np.int64), *face, area_m2, np.full(n, 1.0 / n), flow_m3_s)
        self.ports.append(port)
        return port

    def table(self) -> PortTable:
        """All ports as arrays."""
        return PortTable(self.ports)

    def source_m3_s(self) -> FloatArray:
        """Air that ports bring into each cell, (nx, ny, nz) m3/s; negative where they take it."""
        return self.table().source_m3_s(self.n_cells).reshape(self.shape)

    def region(self) -> IntArray:
        """Which connected part of the air each cell belongs to, (nx, ny, nz), counted from 0; -1 where solid."""
        return _regions(self.solid, self.gx, self.gy, self.gz)

    def checked(self) -> RoomGrid:
        """This grid, ready to be solved: pockets no port reaches become solid.

        Raises ModelRangeError: a port without air before it, flow that does not balance, a sealed part with a net flow.
        """
        table, region = self.table(), self.region()
        is_bad = (np.diff(table.ptr) == 0) | ~np.isfinite(table.port_m3_s) | (table.port_m3_s < 0.0)
        for i in np.flatnonzero(is_bad):
            self._refuse(self.ports[i])
        at = region.ravel()[table.cells]
        if (at < 0).any():
            port = self.ports[int(table.port_of_cell[at < 0][0])]
            raise ModelRangeError(
                f"{port.kind} opens into a solid body", port.name, "move it, or what stands before it"
            )
        n_regions = int(region.max()) + 1
        through_m3_s = np.bincount(at, table.flow_m3_s, n_regions)
        net_m3_s = np.bincount(at, table.inward_m3_s, n_regions)
        for r in np.flatnonzero(np.abs(net_m3_s) > BALANCE_FRAC * through_m3_s):
            names = [self.ports[i].name for i in np.unique(table.port_of_cell[at == r])]
            raise self._unbalanced(float(net_m3_s[r]), names, n_regions)
        is_reached = np.append(np.bincount(at, minlength=n_regions) > 0, True)
        if not is_reached.all():
            self.solid = self.solid | ~is_reached[region]
            self.close_solid()
        return self

    def _refuse(self, port: Port) -> None:
        if port.cells.size == 0:
            raise ModelRangeError(f"{port.kind} covers no cell of {self.h_m:g} m", port.name, "give a smaller cell")
        raise ModelRangeError(f"flow of {port.flow_m3_s:g} m3/s", port.name, "give a flow of at least 0")

    def _unbalanced(self, net_m3_s: float, names: list[str], n_regions: int) -> ModelRangeError:
        some = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
        if n_regions == 1:
            what = f"flows do not balance: {net_m3_s:+.4g} m3/s more come in than go out"
            return ModelRangeError(what, some, "let coolers return what they supply")
        what = f"a closed part of the room takes in {net_m3_s:+.4g} m3/s net and has no way out for it"
        return ModelRangeError(what, some, "give its containment some leakage, or open a path")


@numba.njit(cache=True)
def _root(parent: IntArray, c: int) -> int:  # pragma: no cover - compiled
    while parent[c] != c:
        parent[c] = parent[parent[c]]
        c = parent[c]
    return c


@numba.njit(cache=True)
def _join(parent: IntArray, a: int, b: int) -> None:  # pragma: no cover - compiled
    """The set of a and the set of b become one, named after its lowest cell."""
    if parent[a] == parent[b]:
        return
    a, b = _root(parent, a), _root(parent, b)
    parent[max(a, b)] = min(a, b)


@numba.njit(cache=True)
def _regions(
    solid: BoolArray, gx: FloatArray, gy: FloatArray, gz: FloatArray
) -> IntArray:  # pragma: no cover - compiled
    """Union of cells over open faces; numbers in the order of the lowest cell of each region."""
    nx, ny, nz = solid.shape
    parent = np.arange(solid.size)
    for i in range(nx):
        for j in range(ny):
            for k in range(nz):
                c = (i * ny + j) * nz + k
                if gz[i, j, k] > 0.0:
                    _join(parent, c, c - 1)
                if gy[i, j, k] > 0.0:
                    _join(parent, c, c - nz)
                if gx[i, j, k] > 0.0:
                    _join(parent, c, c - ny * nz)
    region = np.full(solid.size, -1, np.int64)
    is_solid, count = solid.ravel(), 0
    for c in range(solid.size):
        if not is_solid[c]:
            root = _root(parent, c)
            if root == c:
                region[c] = count
                count += 1
            else:
                region[c] = region[root]
    return region.reshape(solid.shape)
