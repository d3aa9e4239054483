"""Air in a room marched in time: momentum with buoyancy and eddies, made free of divergence at each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.airflow import momentum as m
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.lattice import Lattice
from twin.physics.airflow.poisson import PoissonSolver

Real = m.Real
_F = np.float32


FASTEST_M_S = 100.0
RAN_AWAY_HINT = "check the flows of its ports, or give larger openings"
DIFFUSION = 16.0
"""Squared cells over a step and the largest eddy viscosity: six faces, heat twice as fast, and the grip of ports."""
EASY_ITERATIONS = 3
"""Of the pressure solve of one step from nothing."""


class MarchDiverged(ModelRangeError):
    """The air flow ran away: speeds or temperatures left every physical range."""


@dataclass(frozen=True, slots=True)
class AirModel:
    """The constants of the momentum equation; the same for every room.

    smagorinsky: times the cell gives the mixing length. prandtl_turbulent: eddy viscosity over eddy diffusivity.
    least_viscosity_m2_s: added everywhere, so that still corners stay still. wall_drag: friction velocity over speed,
    squared, at the first cell. expansion_per_k: of air at 22 C. courant: share of a cell that may be emptied in a step.
    divergence_m_s: rms of what the projection may leave, times the cell.

    Source: Lilly (1967) for 0.17; the log law at y+ of some hundreds for wall_drag. Turbulent Prandtl numbers of eddies
    of the size of a cell are given from 0.33 (Deardorff 1980) to 0.85; of these two and 0.5 the middle one was kept
    after all were tried on the rooms of assets/validation/airflow, where they differ by less than 0.1 K.
    """

    smagorinsky: float = 0.17
    prandtl_turbulent: float = 0.5
    least_viscosity_m2_s: float = 1e-3
    wall_drag: float = 0.003
    expansion_per_k: float = 3.39e-3
    gravity_m_s2: float = 9.81
    courant: float = 0.7
    divergence_m_s: float = 1e-3


class RoomMarch:
    """State of the air in a room and its steps in time.

    velocity: across x, y, z, per whole face, m/s. warmth: K above a temperature of the caller. pressure: over density,
    m2/s2. fluxes: of warmth across each low face, K m/s. All flat over the padded grid of `lattice`.
    """

    def __init__(self, grid: RoomGrid, model: AirModel | None = None) -> None:
        self.model = model or AirModel()
        self.grid = grid
        self.lattice = lattice = Lattice(grid)
        self.solver = PoissonSolver(grid, np.float32)
        self.velocity: tuple[Real, ...] = tuple(lattice.port_velocity(a) for a in range(3))
        self.pressure, self.warmth, self.viscosity = lattice.zeros(), lattice.zeros(), lattice.zeros()
        self.fluxes = tuple(lattice.zeros() for _ in range(3))
        self.time_s = 0.0
        self.n_steps = 0
        self.n_iterations = 0
        self._new = tuple(lattice.zeros() for _ in range(3))
        self._stress = tuple(lattice.zeros() for _ in range(6))
        self._flux = tuple(lattice.zeros() for _ in range(3))
        self._last: Real | None = None  # the last potential, where solves are slow
        self._scratch, self._divergence = lattice.zeros(), lattice.zeros()
        self._scale = self.model.divergence_m_s * grid.h_m**2 * float(np.sqrt(self.solver.n_air))

    def start_from_potential(self) -> None:
        """Sets the velocity to the potential flow of the ports."""
        self.start_from(tuple(self.lattice.port_velocity(a) for a in range(3)))

    def start_from(self, velocity: tuple[Real, ...]) -> None:
        """Sets a velocity with those of the ports on their faces, and takes away its divergence."""
        self.velocity = velocity
        self._project(1.0)
        self._last = None
        self.pressure[:] = 0.0

    def step_s(self) -> float:
        """Longest step the Courant limit allows now, s. Raises MarchDiverged."""
        speed = m.fastest(self.velocity, self.lattice.pace, self.lattice.strides)
        whole = sum(float(q.sum()) for q in (*self.velocity, self.warmth))
        if not (speed < FASTEST_M_S and np.isfinite(whole)):
            raise MarchDiverged(
                f"the air ran away after {self.time_s:.1f} s: it reaches {speed:.3g} m/s, at most {FASTEST_M_S:g} is "
                f"air in a room, or is no number",
                "airflow",
                RAN_AWAY_HINT,
            )
        nu = max(float(self.viscosity.max()), self.model.least_viscosity_m2_s)
        return min(
            self.model.courant * self.grid.h_m / max(speed, 0.05), self.grid.h_m**2 / (DIFFUSION * max(nu, 1e-9))
        )

    def step(self, brought: Real, dt_s: float) -> None:
        """One step. brought: warmth of the air that each port brings, NaN where it takes air, (n_ports,)."""
        self._eddies()
        self._move_heat(brought, dt_s)
        self._move_momentum(dt_s)
        self._project(dt_s)
        self.time_s += dt_s
        self.n_steps += 1

    def port_warmth(self) -> FloatArray:
        """Mean warmth of the air before each port, (n_ports,)."""
        return np.asarray(self.lattice.port_means(self.warmth))

    def _eddies(self) -> None:
        lattice, model, h = self.lattice, self.model, self.grid.h_m
        u, v, w = self.velocity
        sx, sy, sz = lattice.strides
        per_h = _F(1.0 / h)
        square, (xy, xz, yz) = self._scratch, self._stress[3:]
        m.normal_square(self.velocity, lattice.strides, per_h, square)
        for q, r, pair, e in ((u, v, (sx, sy), xy), (u, w, (sx, sz), xz), (v, w, (sy, sz), yz)):
            m.shear(q, r, pair, per_h, e)
            m.add_edge_square(e, pair, square)
        length2 = _F((model.smagorinsky * h) ** 2)
        m.eddy_viscosity(square, lattice.air, length2, _F(model.least_viscosity_m2_s), self.viscosity)
        for pair, weight, e in zip(((sx, sy), (sx, sz), (sy, sz)), lattice.edge_weight, self._stress[3:], strict=True):
            m.edge_stress(self.viscosity, e, weight, pair, e)
        for q, s, e in zip(self.velocity, lattice.strides, self._stress[:3], strict=True):
            m.normal_stress(q, self.viscosity, s, per_h, e)

    def _move_heat(self, brought: Real, dt_s: float) -> None:
        lattice, h = self.lattice, self.grid.h_m
        courant, spread = _F(dt_s / h), _F(1.0 / (h * self.model.prandtl_turbulent))
        for axis, s in enumerate(lattice.strides):
            steps = (s, courant, spread)
            m.scalar_flux(
                self.warmth, self.velocity[axis], lattice.is_open[axis], self.viscosity, steps, self.fluxes[axis]
            )
        inward = (lattice.port_axis, lattice.port_speed, brought[lattice.port_of])
        m.port_fluxes(self.warmth, lattice.port_face, lattice.port_cell, inward, self.fluxes)
        m.outflow(self.velocity, lattice.air, lattice.strides, _F(1.0 / h), self._divergence)
        moved = self._scratch
        m.take_fluxes(self.warmth, self.fluxes, lattice.strides, courant, moved)
        m.settle_scalar(moved, self.warmth, self._divergence, lattice.air, _F(dt_s))
        self.warmth, self._scratch = moved, self.warmth

    def _move_momentum(self, dt_s: float) -> None:
        lattice, model, h = self.lattice, self.model, self.grid.h_m
        k = _F(dt_s / h)
        for a, q in enumerate(self.velocity):
            for b, s in enumerate(lattice.strides):
                stress = self._stress[a if a == b else a + b + 2]
                m.momentum_flux(q, self.velocity[b], stress, (s, lattice.strides[a], k), self._flux[b])
            m.take_fluxes(q, self._flux, lattice.strides, k, self._new[a])
        factor = _F(model.gravity_m_s2 * model.expansion_per_k * dt_s)
        m.lift(self._new[2], self.warmth, lattice.is_open[2], lattice.strides[2], factor)
        for a, q in enumerate(self.velocity):
            walls = (lattice.is_open[a], lattice.wall_edges[a])
            steps = (lattice.strides[a], k, _F(model.wall_drag * dt_s / h))
            m.push(self._new[a], q, self.pressure, walls, steps)
            if lattice.leaks[a].size:
                m.leak_loss(self._new[a], lattice.leaks[a], lattice.losses[a], _F(0.5 * dt_s / h))
        self.velocity, self._new = self._new, self.velocity

    def _project(self, dt_s: float) -> None:
        lattice, h = self.lattice, self.grid.h_m
        m.outflow(self.velocity, lattice.air, lattice.strides, _F(1.0 / h), self._divergence)
        source: Any = lattice.cells(self._divergence) * _F(-(h**3))
        source -= self.solver.air * _F(source.sum(dtype=np.float64) / self.solver.n_air)
        if float(np.linalg.norm(source)) <= self._scale:
            return
        try:
            found = self.solver.solve(source, self._last, 1.0, 400, self._scale)
        except ModelRangeError as error:
            if self.n_steps == 0:
                raise  # the flows of the ports do not fit the room
            raise MarchDiverged(f"the air ran away after {self.time_s:.1f} s", "airflow", RAN_AWAY_HINT) from error
        # Behind containment the preconditioner is poor, and the last potential a better start than none.
        self._last = found.phi if self._last is not None or found.n_iterations > EASY_ITERATIONS else None
        self.n_iterations += found.n_iterations
        potential = self._scratch
        lattice.cells(potential)[...] = found.phi
        for q, g, s in zip(self.velocity, lattice.openness, lattice.strides, strict=True):
            m.project(q, potential, g, s, _F(1.0 / h))
        m.gather_pressure(self.pressure, potential, _F(1.0 / dt_s))
