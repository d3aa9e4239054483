"""A frozen flow of air as linear maps: how racks and supplies warm each inlet and each return, in plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from twin.physics import FloatArray

Tier = Literal["settled", "instant"]
UPPER_THIRD = 2.0 / 3.0
"""Height above which the upper third of a front lies, over the height of the rack."""


def times(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    """Matrix (n, m) times vector (m,) without a linear algebra library, which would start threads that only wait."""
    return np.asarray(np.einsum("ij,j->i", matrix, vector))


@dataclass(frozen=True, slots=True)
class Warming:
    """Warming over supply air by the heat of racks, as parts of that of all return air, mixed: 1 is fully mixed air.

    front, top: (n_racks,) of the whole front and of its upper third; back: (n_coolers,) of each return, with a mean
    of 1 over their flow. moved_w: heat that the air of the room takes up, W.
    """

    front: FloatArray
    top: FloatArray
    back: FloatArray
    moved_w: float


@dataclass(frozen=True, slots=True)
class AirMap:
    """One flow of a room.

    front_k, top_k: (n_racks, n_groups) kelvin of an inlet per kelvin of a group's own rise; back_k: (n_coolers,
    n_groups) likewise of a return. front_s, top_s, back_s: (., n_coolers) parts of each cooler's supply; rows sum to 1.
    group: (n_racks,) exhausts that share a column. rise_k_w: (n_racks,) of a rack's heat in its group's rise, 0 where
    no air moves. gap_k_w: (n_racks,) of its own heat in its inlet. flow_m3_s: (n_coolers,). drift_k: what is left
    unsteady in the flow, K; residual_frac: of the flow, over its sources. A rack that no air moves through breathes
    mixed air.
    """

    tier: Tier
    cell_m: float
    flow_m3_s: FloatArray
    group: NDArray[np.int64]
    rise_k_w: FloatArray
    gap_k_w: FloatArray
    front_k: FloatArray
    front_s: FloatArray
    top_k: FloatArray
    top_s: FloatArray
    back_k: FloatArray
    back_s: FloatArray
    drift_k: float
    residual_frac: float

    def mixed_c(self, each_c: FloatArray) -> float:
        """Mean of supplies or returns (n_coolers,) over their flow, °C."""
        return float(np.dot(self.flow_m3_s, each_c) / self.flow_m3_s.sum())

    def warming(self, heat_w: FloatArray) -> Warming:
        """How the heat of racks (n_racks,) W spreads; only its distribution matters.

        >>> one = np.ones(1)
        >>> air = AirMap("instant", 0.3, one, np.zeros(1, np.int64), one, 0.0 * one, one[:, None] / 4, one[:, None],
        ...     one[:, None] / 2, one[:, None], one[:, None], one[:, None], 0.0, 0.0)
        >>> float(air.warming(one * 1e3).front[0]), float(air.warming(one * 2e3).front[0])
        (0.25, 0.25)
        """
        moves = self.rise_k_w > 0.0
        moved_w = float(np.add.reduce(heat_w[moves]))
        if moved_w <= 0.0:
            return Warming(np.where(moves, 0.0, 1.0), np.where(moves, 0.0, 1.0), np.ones(len(self.flow_m3_s)), 0.0)
        rise_k = np.bincount(self.group, heat_w * self.rise_k_w, self.front_k.shape[1]).astype(np.float64)
        own_k = self.gap_k_w * heat_w
        back_k = times(self.back_k, rise_k)
        mean_k = self.mixed_c(back_k)
        front = np.where(moves, (times(self.front_k, rise_k) + own_k) / mean_k, 1.0)
        top = np.where(moves, (times(self.top_k, rise_k) + own_k) / mean_k, 1.0)
        return Warming(front, top, np.where(self.flow_m3_s > 0.0, back_k / mean_k, 1.0), moved_w)


def blended(a: Warming, b: Warming, b_frac: float) -> Warming:
    """Between two flows of one room: parts of b and the rest of a."""
    a_frac = 1.0 - b_frac
    return Warming(
        a_frac * a.front + b_frac * b.front,
        a_frac * a.top + b_frac * b.top,
        a_frac * a.back + b_frac * b.back,
        a.moved_w,
    )
