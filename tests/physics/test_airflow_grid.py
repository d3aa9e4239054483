"""The grid of a room and the potential on it: closed forms, balance, and what cannot be solved."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import ModelRangeError
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.poisson import PoissonSolver

EVERYWHERE = slice(None)


def duct(n: int = 12, h_m: float = 0.25, flow_m3_s: float = 0.6) -> RoomGrid:
    """A straight duct of 4 x 3 cells across, air in at its low x end and out at its high one."""
    grid = RoomGrid.box((n, 4, 3), h_m)
    grid.add_port("in", "supply", grid.flat((slice(0, 1), EVERYWHERE, EVERYWHERE)), (0, -1), flow_m3_s)
    grid.add_port("out", "return", grid.flat((slice(n - 1, n), EVERYWHERE, EVERYWHERE)), (0, 1), flow_m3_s)
    return grid


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_sealed_duct_has_the_velocity_of_flow_over_area(dtype: type) -> None:
    grid = duct()
    phi = PoissonSolver(grid, dtype).solve(grid.source_m3_s(), tolerance_frac=1e-6).phi
    velocity_m_s = -np.diff(phi, axis=0) / grid.h_m
    assert velocity_m_s == pytest.approx(0.6 / (12 * 0.25**2), rel=1e-12 if dtype is np.float64 else 1e-5)


def test_a_cosine_keeps_its_shape_and_its_eigenvalue() -> None:
    grid = RoomGrid.box((16, 5, 4), 0.5)
    wave = np.cos(np.pi * 3 * (np.arange(16) + 0.5) / 16)[:, None, None] * np.ones((16, 5, 4))
    found = PoissonSolver(grid).solve(wave, tolerance_frac=1e-12)
    assert found.n_iterations == 1, "an empty box is what the preconditioner inverts exactly"
    assert found.phi == pytest.approx(wave / (2 * 0.5 * (1 - np.cos(np.pi * 3 / 16))), abs=1e-12)


def test_two_ways_around_a_body_share_the_flow() -> None:
    grid = duct(n=9)
    grid.solid[3:6, 1:3, :] = True
    grid.close_solid()
    solver = PoissonSolver(grid)
    phi = solver.solve(grid.checked().source_m3_s(), tolerance_frac=1e-12).phi
    through = solver.gx[4] * (phi[3] - phi[4])
    assert through[1:3].sum() == 0.0
    assert through[0].sum() == pytest.approx(0.3, rel=1e-11)
    assert through[3].sum() == pytest.approx(0.3, rel=1e-11)


def test_what_goes_out_of_each_cell_is_its_source() -> None:
    grid = duct()
    grid.solid[4:6, 0:2, 0:2] = True
    grid.gy[:, 2, :] *= 0.02
    grid.close_solid()
    solver = PoissonSolver(grid)
    source = grid.source_m3_s()
    found = solver.solve(source, tolerance_frac=1e-13)
    out = np.empty_like(source)
    solver.apply(found.phi, out)
    assert np.abs(out - source).max() < 1e-13
    assert found.residual_frac < 1e-12


def test_a_warm_start_of_the_same_flow_needs_no_iteration() -> None:
    grid = duct()
    grid.solid[4:6, 0:2, 0:2] = True
    grid.close_solid()
    solver = PoissonSolver(grid, np.float32)
    first = solver.solve(grid.source_m3_s(), tolerance_frac=1e-5)
    again = solver.solve(grid.source_m3_s(), start=first.phi, tolerance_frac=1e-4)
    assert again.n_iterations == 0


def test_a_fixed_potential_outside_takes_what_a_supply_brings() -> None:
    """A row of cells with 1 m3/s at one end and an opening of 2 m to potential 0 at the other: phi = S / g at it."""
    grid = RoomGrid.box((6, 1, 1), 0.5)
    source, anchor = np.zeros((6, 1, 1)), np.zeros((6, 1, 1))
    source[0], anchor[5] = 1.0, 2.0
    phi = PoissonSolver(grid, anchor=anchor).solve(source, tolerance_frac=1e-12).phi.ravel()
    assert phi == pytest.approx(0.5 + np.arange(5, -1, -1) / 0.5)


def test_thin_walls_let_through_their_leakage() -> None:
    """In series with n - 1 open faces, one of openness g: total resistance (n - 2 + 1 / g) / h."""
    grid = RoomGrid.box((5, 1, 1), 1.0)
    grid.gx[3] = 0.05
    source = np.zeros((5, 1, 1))
    source[0], source[4] = 2.0, -2.0
    phi = PoissonSolver(grid).solve(source, tolerance_frac=1e-12).phi.ravel()
    assert phi[0] - phi[4] == pytest.approx(2.0 * (3 + 20))


def test_a_sealed_containment_is_refused_by_name() -> None:
    grid = duct()
    grid.gx[6] = 0.0
    with pytest.raises(ModelRangeError, match=r"in: a closed part of the room takes in \+0\.6 m3/s"):
        grid.checked()


def test_flows_that_do_not_balance_are_refused() -> None:
    grid = duct()
    grid.ports[1] = grid.ports[1].with_flow(0.5)
    with pytest.raises(ModelRangeError, match=r"in, out: flows do not balance: \+0\.1 m3/s"):
        grid.checked()


def test_the_solver_says_so_when_sources_have_no_way_out() -> None:
    grid = duct()
    grid.gx[6] = 0.0
    with pytest.raises(ModelRangeError, match="does not settle"):
        PoissonSolver(grid).solve(grid.source_m3_s())


def test_a_port_before_a_solid_body_is_refused() -> None:
    grid = duct()
    grid.solid[11] = True
    grid.close_solid()
    with pytest.raises(ModelRangeError, match="out: return opens into a solid body"):
        grid.checked()


def test_a_port_without_a_cell_is_refused() -> None:
    with pytest.raises(ModelRangeError, match=r"covers no cell of 0\.25 m"):
        duct().add_port("T1", "tile", np.zeros(0, np.int64), (2, -1), 0.1)


def test_air_no_port_reaches_becomes_solid() -> None:
    grid = duct()
    grid.gx[3:5, 1, 1] = grid.gy[3, 1:3, 1] = grid.gz[3, 1, 1:3] = 0.0
    assert grid.region().max() == 1
    assert grid.checked().solid[3, 1, 1]
    assert np.count_nonzero(grid.solid) == 1
