"""A flow that has settled on one grid, carried to another of the same room as a start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.march import RoomMarch

if TYPE_CHECKING:
    from twin.physics.airflow.settled import Settled


def carried_over(start: Settled, march: RoomMarch, base_c: float) -> None:
    """Velocity and warmth of a settled flow as the first state of a march; what does not fit is projected away."""
    lattice, old = march.lattice, start.grid
    free_c = float(start.air_c[~old.solid].mean())
    nearest = np.ix_(*(_places(old, march.grid, axis, 0.5) for axis in range(3)))
    air_c = np.where(old.solid[nearest], free_c, start.air_c[nearest])
    lattice.cells(march.warmth)[...] = (air_c - base_c) * ~march.grid.solid
    velocity = []
    for axis in range(3):
        at = np.ix_(*(_places(old, march.grid, a, 0.0 if a == axis else 0.5) for a in range(3)))
        flat = lattice.port_velocity(axis)
        free = lattice.faces(lattice.is_open[axis], axis) > 0.0
        face = lattice.faces(flat, axis)
        face[free] = start.velocity_m_s[axis][at].astype(np.float32)[free]
        velocity.append(flat)
    march.start_from(tuple(velocity))


def _places(old: RoomGrid, new: RoomGrid, axis: int, phase: float) -> FloatArray:
    """Index in the old grid nearest to each place of the new one along an axis: faces at phase 0, cells at 0.5."""
    n = new.shape[axis] + (phase == 0.0)
    at_m = new.origin_m[axis] + (np.arange(n) + phase) * new.h_m - old.origin_m[axis]
    last = old.shape[axis] - (phase > 0.0)
    return np.clip(np.rint(at_m / old.h_m - phase - 1e-6), 0, last).astype(np.int64)
