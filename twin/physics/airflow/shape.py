"""A room in plain numbers - bodies, thin walls, openings - and the grid of cells it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from twin.errors import ModelRangeError, TwinError, raise_all
from twin.physics import FloatArray
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.ports import BoolArray, Port, PortKind
from twin.physics.airflow.voxels import fill_bodies, fill_ports, hang_sheets

Span: TypeAlias = tuple[float, float, float, float]
"""Low and high of the two other axes, in the order x, y, z, m."""
Box6: TypeAlias = tuple[float, float, float, float, float, float]
"""x0, x1, y0, y1, z0, z1, m."""

SLIVER_FRAC = 0.02
"""Openness below which a face left over by bodies counts as shut."""
MAX_CELLS = 4_000_000
"""Cells beyond which a grid is refused: about 1 GB of arrays."""


class Sheet(NamedTuple):
    """A thin wall: lies at at_m of an axis and lets through open_frac; or a hole, that opens others so far."""

    axis: int
    at_m: float
    span_m: Span
    open_frac: float
    is_hole: bool = False


class Cut(NamedTuple):
    """A wall of no thickness from the floor up to top_m, in any direction."""

    x0_m: float
    y0_m: float
    x1_m: float
    y1_m: float
    top_m: float


class Opening(NamedTuple):
    """A rectangle through which a known flow comes or goes; the air lies on `side` of it (1: the high side)."""

    name: str
    kind: PortKind
    owner: str
    axis: int
    side: int
    at_m: float
    span_m: Span
    flow_m3_s: float
    open_frac: float = 1.0
    profile: tuple[tuple[float, float, float], ...] = ()  # (z0, z1, weight) of an upright one; empty: even


@dataclass(slots=True)
class RoomShape:
    """Everything the air meets: the corners of its box, solid bodies, thin walls, openings with their flow.

    outline_m: (n, 2) corners of an outline that is not a rectangle, m; air is inside it.
    """

    low_m: tuple[float, float, float]
    high_m: tuple[float, float, float]
    bodies: list[Box6] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    outline_m: FloatArray | None = None

    def grid(self, h_m: float) -> RoomGrid:
        """The room as cells of h_m, phased so that most faces fall on cell faces; the rest are cut or snapped.

        Raises ModelRangeError: too many cells, an opening without air before it, flow without a way (see
        `RoomGrid.checked`).
        """
        low = [_phase_m(self._edges_m(axis), self.low_m[axis], h_m) for axis in (0, 1)] + [self.low_m[2]]
        n = [max(1, int(np.ceil((self.high_m[a] - low[a]) / h_m - 1e-6))) for a in range(3)]
        if n[0] * n[1] * n[2] > MAX_CELLS:
            raise ModelRangeError(
                f"{n[0] * n[1] * n[2]:,} cells of {h_m:g} m, at most {MAX_CELLS:,}", "airflow", "give a larger cell"
            )
        grid = RoomGrid.box((n[0], n[1], n[2]), h_m)
        grid.origin_m = (low[0], low[1], low[2])
        self._fill(grid)
        self._open(grid)
        return grid

    def _edges_m(self, axis: int) -> FloatArray:
        """Where along an axis faces of bodies and openings lie, m."""
        at = [self.low_m[axis], self.high_m[axis]]
        at += [box[2 * axis] for box in self.bodies] + [box[2 * axis + 1] for box in self.bodies]
        for opening in self.openings:
            at += [opening.at_m] * 3 if opening.axis == axis else []
        return np.array(at)

    def _fill(self, grid: RoomGrid) -> None:
        """Solid cells and openness of faces."""
        origin = np.array(grid.origin_m)
        bodies = np.array(self.bodies + self._outer_bodies(grid)).reshape(-1, 6)
        volume = np.zeros(grid.shape)
        covers = np.zeros_like(grid.gx), np.zeros_like(grid.gy), np.zeros_like(grid.gz)
        fill_bodies(bodies, origin, grid.h_m, volume, covers)
        grid.solid = volume >= 0.5 - 1e-9
        if self.outline_m is not None:
            grid.solid |= self._beyond_outline(grid)[:, :, None]
        for g, cover in zip((grid.gx, grid.gy, grid.gz), covers, strict=True):
            g[cover > 1.0 - SLIVER_FRAC] = 0.0
            np.minimum(g, 1.0 - np.minimum(cover, 1.0), out=g)
        sheets = np.array([(s.axis, s.at_m, *s.span_m, s.open_frac, s.is_hole) for s in self.sheets]).reshape(-1, 8)
        before = [g.copy() for g in (grid.gx, grid.gy, grid.gz)]
        hang_sheets(sheets, origin, grid.h_m, grid.gx, grid.gy, grid.gz)
        pairs = zip((grid.gx, grid.gy, grid.gz), before, strict=True)
        grid.thin = tuple(np.flatnonzero(g.ravel() < was.ravel() - 1e-9) for g, was in pairs)
        for cut in self.cuts:
            _cut(grid, cut)
        grid.close_solid()

    def _outer_bodies(self, grid: RoomGrid) -> list[Box6]:
        """Bodies where the grid reaches beyond the room."""
        far = [grid.origin_m[a] + grid.shape[a] * grid.h_m for a in range(3)]
        (x0, y0), (x1, y1, z1) = self.low_m[:2], self.high_m
        big = 1e6
        found = [
            (-big, x0, -big, big, -big, big),
            (x1, big, -big, big, -big, big),
            (x0, x1, -big, y0, -big, big),
            (x0, x1, y1, big, -big, big),
            (x0, x1, y0, y1, z1, big),
        ]
        is_needed = (
            grid.origin_m[0] < x0 - 1e-6,
            far[0] > x1 + 1e-6,
            grid.origin_m[1] < y0 - 1e-6,
            far[1] > y1 + 1e-6,
            far[2] > z1 + 1e-6,
        )
        return [body for body, needed in zip(found, is_needed, strict=True) if needed]

    def _beyond_outline(self, grid: RoomGrid) -> BoolArray:
        """(nx, ny) columns whose middle lies outside the outline: the even-odd rule for all at once."""
        assert self.outline_m is not None
        x = grid.origin_m[0] + (np.arange(grid.shape[0])[:, None] + 0.5) * grid.h_m
        y = grid.origin_m[1] + (np.arange(grid.shape[1])[None, :] + 0.5) * grid.h_m
        inside = np.zeros(grid.shape[:2], bool)
        for (x0, y0), (x1, y1) in zip(self.outline_m, np.roll(self.outline_m, -1, axis=0), strict=True):
            if y0 != y1:
                inside ^= ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        return ~inside

    def _open(self, grid: RoomGrid) -> None:
        """Ports of all openings."""
        table = np.array([(o.axis, o.side, o.at_m, *o.span_m) for o in self.openings]).reshape(-1, 7)
        level = _profiles(self.openings, grid)
        place, gs = (np.array(grid.origin_m), grid.h_m), (grid.gx, grid.gy, grid.gz)
        ptr, cells, area_m2, share = fill_ports(table, level, place, grid.solid, gs)
        problems: list[TwinError] = []
        for i, o in enumerate(self.openings):
            here = slice(ptr[i], ptr[i + 1])
            if ptr[i] == ptr[i + 1]:
                # What moves no air may stand anywhere.
                problems += [_blocked(o, grid.h_m)] if o.flow_m3_s > 0.0 else []
            else:
                patch = cells[here], o.axis, -o.side, area_m2[here], share[here]
                grid.ports.append(Port(o.name, o.kind, *patch, o.flow_m3_s, o.owner, o.open_frac))
        raise_all(problems)


def _cut(grid: RoomGrid, cut: Cut) -> None:
    """Shut each face whose line between the two middles crosses the wall, so that no staircase leaks."""
    h, top = grid.h_m, round((cut.top_m - grid.origin_m[2]) / grid.h_m)
    ends = np.array([[cut.x0_m, cut.y0_m], [cut.x1_m, cut.y1_m]]) - grid.origin_m[:2]
    for axis, g in ((0, grid.gx), (1, grid.gy)):
        other = 1 - axis
        middle = (np.arange(grid.shape[other]) + 0.5) * h
        (a0, b0), (a1, b1) = ends[:, (axis, other)]
        hit = np.flatnonzero((b0 > middle) != (b1 > middle))
        at = a0 + (middle[hit] - b0) * (a1 - a0) / (b1 - b0) if len(hit) else np.zeros(0)
        face = np.floor(at / h + 0.5).astype(int)
        is_in = (face >= 0) & (face <= grid.shape[axis])
        index = (face[is_in], hit[is_in]) if axis == 0 else (hit[is_in], face[is_in])
        g[(*index, slice(0, top))] = 0.0


def _blocked(opening: Opening, h_m: float) -> ModelRangeError:
    words = {
        "rack_front": "the front faces a body or a wall",
        "rack_rear": "the rear faces a body or a wall",
        "supply": "the supply faces a body or a wall",
        "return": "the return faces a body or a wall",
        "tile": "a body stands on it",
        "leak": "no floor is left to leak",
    }
    what = f"{words[opening.kind]}: no air within a cell of {h_m:g} m before it"
    return ModelRangeError(what, opening.name, "move it, what stands before it, or give a smaller cell")


def _phase_m(edges_m: FloatArray, low_m: float, h_m: float) -> float:
    """Where a grid line at or below low_m lies best: the phase that leaves the edges least off a line in sum."""
    rest = np.round((edges_m - low_m) / h_m % 1.0, 6) % 1.0
    phases, counts = np.unique(np.append(rest, 0.0), return_counts=True)
    if len(phases) > 64:
        phases = np.append(phases[np.argsort(-counts, kind="stable")[:64]], 0.0)
    off = np.abs(rest[None, :] - phases[:, None])
    cost = np.minimum(off, 1.0 - off).sum(axis=1) + 1e-6 * (phases > 0.0)
    best = float(phases[np.argmin(cost)])
    return low_m if best == 0.0 else low_m - (1.0 - best) * h_m


def _profiles(openings: list[Opening], grid: RoomGrid) -> FloatArray:
    """(n, nz) part of an opening's flow in each level of cells; -1 where it is even over its span."""
    edges = grid.origin_m[2] + np.arange(grid.shape[2] + 1) * grid.h_m
    level = np.full((len(openings), grid.shape[2]), -1.0)
    known: dict[tuple[tuple[float, float, float], ...], FloatArray] = {}
    for i, opening in enumerate(openings):
        if not opening.profile:
            continue
        if opening.profile not in known:
            row = np.zeros(grid.shape[2])
            for z0, z1, weight in opening.profile:
                row += weight * np.clip(np.minimum(edges[1:], z1) - np.maximum(edges[:-1], z0), 0.0, None) / (z1 - z0)
            known[opening.profile] = row
        level[i] = known[opening.profile]
    return level
