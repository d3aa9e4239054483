"""Air under a raised floor: how much each tile lets through, and whose air it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray, Values
from twin.physics.air import AIR_DENSITY_KG_M3
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.poisson import PoissonSolver, Potential
from twin.physics.airflow.ports import Port
from twin.physics.airflow.streams import streams


def tile_loss(open_frac: Values) -> Values:
    """Pressure loss of a perforated plate over rho v²/2: K = (1 + 0.5 (1-F)^0.75 + 1.414 (1-F)^0.375) / F².

    open_frac: (n,) above 0, at most 1. Source: Fried and Idelchik, Flow resistance (1989), thin perforated plate.

    >>> round(float(tile_loss(0.25)), 1), round(float(tile_loss(0.56)), 1)
    (42.8, 7.4)
    """
    shut = 1.0 - open_frac
    return (1.0 + 0.5 * shut**0.75 + 1.414 * shut**0.375) / open_frac**2


@dataclass(frozen=True, slots=True)
class PlenumFlow:
    """tile_m3_s: (n_tiles,). pressure_pa: mean stagnation pressure. fractions: (n_tiles + 1, n_supplies) whose air
    each tile lets through, and in the last row the seams of the floor. residual_frac: of the potential."""

    tile_m3_s: FloatArray
    pressure_pa: float
    fractions: FloatArray
    residual_frac: float


def plenum_flow(grid: RoomGrid, depth_m: float, leak_frac: float, tolerance_frac: float = 1e-6) -> PlenumFlow:
    """Flows of tiles over a plenum.

    grid: one layer of cells; its ports are supplies (kind "supply", flow given) and tiles (kind "return", open_frac and
    area_m2 given, flow found here). Depth-averaged potential flow; stagnation pressure p0 is uniform, each tile sees
    p0 - rho u²/2 and lets through A sqrt(2 p / (rho K)). leak_frac of the supply escapes evenly through the floor.
    Source: Karki and Patankar, Building and Environment 41 (2006) for the physics of plenums; here without friction.
    """
    tiles = [p for p in grid.ports if not p.is_inflow]
    supplies = [p for p in grid.ports if p.is_inflow]
    total = sum(p.flow_m3_s for p in supplies)
    if not tiles:
        raise ModelRangeError("air is blown under the floor and no tile lets it out", "tiles", "place tiles")
    area = np.array([p.area_m2.sum() for p in tiles])
    loss = tile_loss(np.array([p.open_frac for p in tiles]))
    solver = PoissonSolver(grid)
    is_air = ~grid.solid
    supply_s = _spread(grid, supplies) - is_air * (leak_frac * total / np.count_nonzero(is_air))
    through = (1.0 - leak_frac) * total
    flow = through * area / area.sum()
    potential, p0 = Potential(np.zeros(grid.shape), 0.0, 0), 0.0
    for _ in range(100):
        tiles_now = [p.with_flow(v) for p, v in zip(tiles, flow, strict=True)]
        potential = solver.solve(supply_s + _spread(grid, tiles_now), potential.phi, tolerance_frac)
        dynamic = _dynamic_pa(grid, solver, potential, depth_m, tiles)
        new, p0 = _tile_flows(area, loss, dynamic, through)
        change = float(np.abs(new - flow).max()) / through
        # Half steps: a tile that gives more draws the air past it faster, which takes its pressure away.
        flow = 0.5 * (flow + new)
        if change < tolerance_frac:
            break
    flow = flow * (through / flow.sum())
    fractions = _whose_air(grid, solver, potential, (supplies, tiles), flow)
    return PlenumFlow(flow, p0, fractions, potential.residual_frac)


def _spread(grid: RoomGrid, ports: list[Port]) -> FloatArray:
    out = np.zeros(grid.n_cells)
    for port in ports:
        np.add.at(out, port.cells, port.inward_m3_s * port.share)
    return out.reshape(grid.shape)


def _dynamic_pa(
    grid: RoomGrid, solver: PoissonSolver, potential: Potential, depth_m: float, tiles: list[Port]
) -> FloatArray:
    """(n_tiles,) rho u² / 2 of the air under each tile, averaged over its cells, Pa."""
    phi = potential.phi
    fx, fy = np.zeros(solver.gx.shape), np.zeros(solver.gy.shape)
    fx[1:-1] = solver.gx[1:-1] * (phi[:-1] - phi[1:])
    fy[:, 1:-1] = solver.gy[:, 1:-1] * (phi[:, :-1] - phi[:, 1:])
    u = 0.5 * (fx[:-1] + fx[1:]) / (grid.h_m * depth_m)
    v = 0.5 * (fy[:, :-1] + fy[:, 1:]) / (grid.h_m * depth_m)
    dynamic = (0.5 * AIR_DENSITY_KG_M3 * (u * u + v * v)).ravel()
    return np.array([float(p.share @ dynamic[p.cells]) for p in tiles])


def _tile_flows(area: FloatArray, loss: FloatArray, dynamic_pa: FloatArray, total: float) -> tuple[FloatArray, float]:
    """Flow of each tile, and the stagnation pressure at which they sum to the total, by bisection."""

    def flows(p0: float) -> FloatArray:
        return area * np.sqrt(2.0 * np.maximum(p0 - dynamic_pa, 0.0) / (AIR_DENSITY_KG_M3 * loss))

    low, high = 0.0, 1.0
    while flows(high).sum() < total:
        high *= 2.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if flows(middle).sum() < total else (low, middle)
    return flows(high), high


def _whose_air(
    grid: RoomGrid,
    solver: PoissonSolver,
    potential: Potential,
    ports: tuple[list[Port], list[Port]],
    flow: FloatArray,
) -> FloatArray:
    """(n_tiles + 1, n_supplies) part of each supply in the air of each tile and of the floor's seams."""
    supplies, tiles = ports
    now = RoomGrid(grid.h_m, grid.solid, grid.gx, grid.gy, grid.gz)
    now.ports = [*supplies, *(p.with_flow(v) for p, v in zip(tiles, flow, strict=True))]
    table = now.table()
    found = streams(solver, potential, table)
    of_tiles = found.fractions(np.arange(len(supplies)), table, len(supplies))[len(supplies) :]
    # The seams take the rest of each supply: what the tiles do not let through.
    supply_m3_s = np.array([p.flow_m3_s for p in supplies])
    rest = np.maximum(supply_m3_s - (flow[:, None] * of_tiles).sum(axis=0), 0.0)
    rows = np.concatenate([of_tiles, (rest if rest.any() else supply_m3_s)[None, :]])
    return np.asarray(rows / rows.sum(axis=1, keepdims=True), float)
