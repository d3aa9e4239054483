"""Where air comes into the grid of a room and leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.physics import FloatArray

PortKind = Literal["tile", "leak", "supply", "rack_rear", "rack_front", "return"]
INFLOWS: frozenset[PortKind] = frozenset(("tile", "leak", "supply", "rack_rear"))
"""Kinds that bring air into the room; the others take it out."""
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
Real: TypeAlias = NDArray[Any]
"""An array of float32 or float64."""


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


class PortTable:
    """Ports as arrays over all their cells, in order.

    cells, port_of_cell, flow_m3_s, inward_m3_s: (n,) of each cell of each port. inflows: ports that bring air in, in
    order; the index in it is what `Streams` calls an inflow.
    """

    def __init__(self, ports: Sequence[Port]) -> None:
        sizes = [len(port.cells) for port in ports]
        self.ptr: IntArray = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        self.cells: IntArray = np.concatenate([p.cells for p in ports]) if ports else np.zeros(0, np.int64)
        self.share: FloatArray = np.concatenate([p.share for p in ports]) if ports else np.zeros(0)
        self.port_of_cell: IntArray = np.repeat(np.arange(len(ports)), sizes)
        self.is_inflow: BoolArray = np.array([p.is_inflow for p in ports], bool)
        self.port_m3_s: FloatArray = np.array([p.flow_m3_s for p in ports])
        self.flow_m3_s: FloatArray = self.share * self.port_m3_s[self.port_of_cell]
        self.inward_m3_s: FloatArray = np.where(self.is_inflow[self.port_of_cell], 1.0, -1.0) * self.flow_m3_s
        self.inflows: IntArray = np.flatnonzero(self.is_inflow)

    @property
    def n_inflows(self) -> int:
        """Ports that bring air in."""
        return len(self.inflows)

    def source_m3_s(self, n_cells: int) -> FloatArray:
        """(n_cells,) air that ports bring into each cell, m3/s; negative where they take it."""
        return np.bincount(self.cells, self.inward_m3_s, n_cells).astype(np.float64)

    def outflow_m3_s(self, n_cells: int) -> FloatArray:
        """(n_cells,) air that ports take from each cell, m3/s."""
        return np.bincount(self.cells, np.maximum(-self.inward_m3_s, 0.0), n_cells).astype(np.float64)

    def inflows_by_cell(self, n_cells: int) -> tuple[IntArray, IntArray, FloatArray]:
        """(n_cells + 1,) where those of a cell begin, index of the inflow, its flow m3/s."""
        is_in = self.inward_m3_s > 0.0
        cells, index = self.cells[is_in], np.cumsum(self.is_inflow)[self.port_of_cell[is_in]] - 1
        order = np.argsort(cells, kind="stable")
        ptr = np.concatenate(([0], np.cumsum(np.bincount(cells, minlength=n_cells))))
        return ptr.astype(np.int64), index[order].astype(np.int64), self.inward_m3_s[is_in][order]

    def mean(self, field: Real) -> FloatArray:
        """(n_ports,) or (n_ports, m) mean of a field (n_cells,) or (n_cells, m) over the flow of each port."""
        if field.ndim == 1:
            weighted = self.share * field[self.cells]
            return np.bincount(self.port_of_cell, weighted, len(self.port_m3_s)).astype(np.float64)
        return np.asarray(np.add.reduceat(self.share[:, None] * field[self.cells], self.ptr[:-1], axis=0), float)
