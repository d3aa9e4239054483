"""The room as a uniform grid of cubic cells with openness of faces and ports through which air comes and goes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numba
import numpy as np
from numpy.typing import NDArray

from twin.errors import ModelRangeError
from twin.physics import FloatArray

PortKind = Literal["tile", "leak", "supply", "rack_rear", "rack_front", "return"]
INFLOWS: frozenset[PortKind] = frozenset(("tile", "leak", "supply", "rack_rear"))
"""Kinds that bring air into the room; the others take it out."""
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

BALANCE_FRAC = 1e-9
"""Most that flows in and out of the room, or of a closed part of it, may differ, over the flow through it."""


@dataclass(frozen=True, slots=True)
class Port:
    """A patch of cell faces through which a known flow comes or goes, evenly by `share`.

    cells: (n,) flat index `(i * ny + j) * nz + k` of the air cells behind the faces. axis, side: the faces are the low
    (-1) or high (+1) ones of these cells along axis 0, 1 or 2; that of a tile is (2, -1). area_m2: (n,) part of
    each face the port covers. share: (n,) part of the flow through each, sums to 1. flow_m3_s: at least 0, into the
    room for the kinds in `INFLOWS`, else out of it. owner: what it belongs to, such as the rack of a front and a rear.
    open_frac: open share of its area, as of a perforated tile.
    """

    name: str
    kind: PortKind
    cells: IntArray
    axis: int
    side: int
    area_m2: FloatArray
    share: FloatArray
    flow_m3_s: float = 0.0
    owner: str = ""
    open_frac: float = 1.0

    @property
    def is_inflow(self) -> bool:
        """Whether air comes into the room here."""
        return self.kind in INFLOWS

    @property
    def inward_m3_s(self) -> float:
        """Flow into the room, m3/s; negative where air leaves it."""
        return self.flow_m3_s if self.is_inflow else -self.flow_m3_s

    def with_flow(self, flow_m3_s: float) -> Port:
        """The same patch with another flow."""
        return replace(self, flow_m3_s=float(flow_m3_s))


@dataclass(slots=True)
class RoomGrid:
    """Cubic cells of edge h_m.

    solid: (nx, ny, nz) where no air is. gx: (nx + 1, ny, nz) openness of the faces across x, from 0 to 1; face i lies
    between cells i - 1 and i, those on the edge of the grid and beside solid cells are 0. gy, gz: the same across y
    (nx, ny + 1, nz) and z. A thin wall is a face whose openness is its leakage. origin_m: place of the grid's low
    corner in the drawing. Arrays are in C order.
    """

    h_m: float
    solid: BoolArray
    gx: FloatArray
    gy: FloatArray
    gz: FloatArray
    ports: list[Port] = field(default_factory=list)
    origin_m: tuple[float, float, float] = (0.0, 0.0, 0.0)

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

    def source_m3_s(self) -> FloatArray:
        """Air that ports bring into each cell, (nx, ny, nz) m3/s; negative where they take it."""
        source = np.zeros(self.n_cells)
        for port in self.ports:
            np.add.at(source, port.cells, port.inward_m3_s * port.share)
        return source.reshape(self.shape)

    def region(self) -> IntArray:
        """Which connected part of the air each cell belongs to, (nx, ny, nz), counted from 0; -1 where solid."""
        return _regions(self.solid, self.gx, self.gy, self.gz)

    def checked(self) -> RoomGrid:
        """This grid, ready to be solved: pockets no port reaches become solid.

        Raises ModelRangeError: a port without air before it, flow that does not balance, a sealed part with a net flow.
        """
        for port in self.ports:
            self._check_port(port)
        region = self.region()
        n_regions = int(region.max()) + 1
        net_m3_s, through_m3_s = np.zeros(n_regions), np.zeros(n_regions)
        names: list[list[str]] = [[] for _ in range(n_regions)]
        for port in self.ports:
            at = region.ravel()[port.cells]
            np.add.at(net_m3_s, at, port.inward_m3_s * port.share)
            np.add.at(through_m3_s, at, port.flow_m3_s * port.share)
            for r in np.unique(at):
                names[r].append(port.name)
        for r in range(n_regions):
            if abs(net_m3_s[r]) > BALANCE_FRAC * through_m3_s[r]:
                raise self._unbalanced(float(net_m3_s[r]), names[r], n_regions)
        is_reached = np.array([bool(n) for n in names] + [False])
        if not is_reached[:-1].all():
            self.solid = self.solid | ~is_reached[region]
            self.close_solid()
        return self

    def _check_port(self, port: Port) -> None:
        if port.cells.size == 0:
            raise ModelRangeError(f"{port.kind} covers no cell of {self.h_m:g} m", port.name, "give a smaller cell")
        if self.solid.ravel()[port.cells].any():
            raise ModelRangeError(
                f"{port.kind} opens into a solid body", port.name, "move it, or what stands before it"
            )
        if not (np.isfinite(port.flow_m3_s) and port.flow_m3_s >= 0.0):
            raise ModelRangeError(f"flow of {port.flow_m3_s:g} m3/s", port.name, "give a flow of at least 0")

    def _unbalanced(self, net_m3_s: float, names: list[str], n_regions: int) -> ModelRangeError:
        some = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
        if n_regions == 1:
            what = f"flows do not balance: {net_m3_s:+.4g} m3/s more come in than go out"
            return ModelRangeError(what, some, "let coolers return what they supply")
        what = f"a closed part of the room takes in {net_m3_s:+.4g} m3/s net and has no way out for it"
        return ModelRangeError(what, some, "give its containment some leakage, or open a path")


@numba.njit(cache=True)
def _regions(
    solid: BoolArray, gx: FloatArray, gy: FloatArray, gz: FloatArray
) -> IntArray:  # pragma: no cover - compiled
    nx, ny, nz = solid.shape
    region = np.full((nx, ny, nz), -1, np.int64)
    stack = np.empty(nx * ny * nz, np.int64)
    count = 0
    for start in range(nx * ny * nz):
        i, j, k = start // (ny * nz), (start // nz) % ny, start % nz
        if solid[i, j, k] or region[i, j, k] >= 0:
            continue
        region[i, j, k] = count
        stack[0] = start
        top = 1
        while top > 0:
            top -= 1
            c = stack[top]
            i, j, k = c // (ny * nz), (c // nz) % ny, c % nz
            for f in range(6):
                a, b, d = i, j, k
                if f == 0:
                    g = gx[i, j, k]
                    a = i - 1
                elif f == 1:
                    g = gx[i + 1, j, k]
                    a = i + 1
                elif f == 2:
                    g = gy[i, j, k]
                    b = j - 1
                elif f == 3:
                    g = gy[i, j + 1, k]
                    b = j + 1
                elif f == 4:
                    g = gz[i, j, k]
                    d = k - 1
                else:
                    g = gz[i, j, k + 1]
                    d = k + 1
                if g > 0.0 and region[a, b, d] < 0:
                    region[a, b, d] = count
                    stack[top] = (a * ny + b) * nz + d
                    top += 1
        count += 1
    return region
