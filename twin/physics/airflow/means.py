"""Time means of a march: warmth, velocity, what turns warmth over between cells, and the air at ports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow import momentum as m
from twin.physics.airflow.lattice import Lattice
from twin.physics.airflow.march import RoomMarch


class Means:
    """Sums over time; every figure read from it is a mean.

    Flat arrays of the padded grid: sums of warmth (K s), velocity (m), scalar flux (K m). Ports: air at them, °C.
    """

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        self.time_s = 0.0
        self._warmth = np.zeros(lattice.size)
        self._velocity = tuple(np.zeros(lattice.size) for _ in range(3))
        self._flux = tuple(np.zeros(lattice.size) for _ in range(3))
        self._port = np.zeros(lattice.n_ports)
        self._port_square = np.zeros(lattice.n_ports)

    def take(self, march: RoomMarch, port_c: FloatArray, step_s: float) -> None:
        """Adds the state after a step."""
        m.gather(self._warmth, march.warmth, step_s)
        for total, q in zip(self._velocity + self._flux, march.velocity + march.fluxes, strict=True):
            m.gather(total, q, step_s)
        self._port += step_s * port_c
        self._port_square += step_s * port_c**2
        self.time_s += step_s

    @classmethod
    def joined(cls, parts: Sequence[Means]) -> Means:
        """One mean over several spans of time."""
        out = cls(parts[0].lattice)
        for part in parts:
            out._warmth += part._warmth
            for total, q in zip(out._velocity + out._flux, part._velocity + part._flux, strict=True):
                total += q
            out._port += part._port
            out._port_square += part._port_square
            out.time_s += part.time_s
        return out

    @property
    def warmth(self) -> FloatArray:
        """Flat, K."""
        return self._warmth / self.time_s

    @property
    def fluxes(self) -> tuple[FloatArray, ...]:
        """Mean flux of warmth across each low face, flat, K m/s."""
        return tuple(q / self.time_s for q in self._flux)

    @property
    def port_c(self) -> FloatArray:
        """(n_ports,) air at each port, °C."""
        return self._port / self.time_s

    @property
    def port_std_k(self) -> FloatArray:
        """(n_ports,) standard deviation in time, K."""
        return np.sqrt(np.maximum(self._port_square / self.time_s - self.port_c**2, 0.0))

    def cells(self, flat: FloatArray) -> FloatArray:
        """The cells of the room in a flat array, (nx, ny, nz)."""
        return np.ascontiguousarray(self.lattice.cells(flat))

    def velocity_m_s(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Mean velocity on the faces across x, y, z."""
        u, v, w = (np.ascontiguousarray(self.lattice.faces(q / self.time_s, a)) for a, q in enumerate(self._velocity))
        return u, v, w
