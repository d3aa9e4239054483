"""Breakers and overloaded UPS on their way to tripping: heat and travel carried in closed form, trips predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.physics import FloatArray
from twin.physics.protection import (
    IEC_CURVES,
    MUST_TRIP,
    NO_TRIP,
    RESET_S,
    THERMAL_S,
    bimetal_heat,
    bimetal_trip_s,
    magnetic_multiple,
    overload_s,
    relay_travel,
    reset_time_s,
    trip_time_s,
)

OVERLOAD_S = np.array([60.0, 600.0, 3600.0])
OVERLOAD_FRAC = np.array([1.5, 1.25, 1.1])
"""How long a UPS carries an overload. Estimate: 150 % for a minute, 125 % for ten, 110 % for an hour, as is usual."""
UPS_HOLDS_FRAC = 1.05
"""Load over rating a UPS carries for ever. Estimate: under the 110 % of the usual overload table."""
SMALL_BREAKER_A = 125.0
"""Up to here a breaker is taken for a thermal-magnetic one, above it has a relay. Source: scope of IEC 60898-1."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One thing that trips: a breaker at a node's input, or the overload limit of a UPS."""

    i_node: int
    rated_w: float  # at its rated current, or of the UPS
    curve: str  # B, C, D, SI, VI, EI, or UPS
    tms: float = 1.0


@dataclass(slots=True)
class Trips:
    """State of all guards (m,)."""

    guards: Sequence[Guard]
    node: np.ndarray = field(init=False)
    rated_w: FloatArray = field(init=False)
    heat: FloatArray = field(init=False)  # (m,) of thermal releases, 1 at the rated current; advance
    travel: FloatArray = field(init=False)  # (m,) of relays and UPS, 1 trips; advance
    at_once: FloatArray = field(init=False)  # (m,) multiple of the rating that trips without delay
    is_thermal: np.ndarray = field(init=False)
    has_thermal: bool = field(init=False)
    is_moving: bool = field(init=False, default=False)  # whether any relay is on its way
    is_ups: np.ndarray = field(init=False)
    _swing: tuple[FloatArray, FloatArray] | None = field(init=False, default=None)  # mean square, top; (m,) over rating
    _k: FloatArray = field(init=False)
    _alpha: FloatArray = field(init=False)
    _tms: FloatArray = field(init=False)
    _reset: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        guards = self.guards
        self.node = np.array([g.i_node for g in guards], dtype=np.intp)
        self.rated_w = np.array([g.rated_w for g in guards])
        self.heat, self.travel = np.zeros(len(guards)), np.zeros(len(guards))
        self.is_thermal = np.array([g.curve in "BCD" for g in guards], dtype=bool)
        self.has_thermal = bool(self.is_thermal.any())
        self.is_ups = np.array([g.curve == "UPS" for g in guards], dtype=bool)
        self.at_once = np.array([magnetic_multiple(g.curve) if g.curve in "BCD" else np.inf for g in guards])
        self._tms = np.array([g.tms for g in guards])
        curves = [IEC_CURVES.get(g.curve, (1.0, 1.0)) for g in guards]
        self._k, self._alpha = np.array(curves).reshape(-1, 2).T
        self._reset = np.array([RESET_S.get(g.curve, 29.1) for g in guards])

    def ratio(self, input_w: FloatArray, load_w: FloatArray, phase_factor: FloatArray | float = 1.0) -> FloatArray:
        """Load over rating of each guard, (m,), from what nodes draw and pass on, (n,); its RMS where it swings.

        phase_factor: (n,) load of the worst phase over the mean of the three.
        """
        worst = phase_factor if isinstance(phase_factor, float) else phase_factor[self.node]
        drawn_w = np.where(self.is_ups, load_w[self.node], input_w[self.node] * worst)
        ratio = drawn_w / self.rated_w
        return np.asarray(ratio if self._swing is None else np.sqrt(np.square(ratio) + self._swing[0]))

    def swing(self, mean_square: FloatArray | None, top: FloatArray | None) -> None:
        """What swings at each guard, (m,) in its rating, about the mean; none: nothing does.

        Heat follows the root of the mean square, as periods are far shorter than any thermal time; so does the travel
        of a relay (of an extremely inverse one exactly, above its setting); a magnetic release meets the peak.
        """
        self._swing = None if mean_square is None or top is None else (mean_square, top)

    def peak(self, ratio: FloatArray) -> FloatArray:
        """Highest load over rating within a period, (m,), from `ratio`; itself where nothing swings."""
        if self._swing is None:
            return ratio
        mean_square, top = self._swing
        return np.sqrt(np.maximum(np.square(ratio) - mean_square, 0.0)) + top

    def advance(self, ratio: FloatArray, dt_s: float) -> None:
        """Carry heat and travel on through a constant load."""
        if self.has_thermal:
            self.heat = bimetal_heat(self.heat, ratio, THERMAL_S, dt_s)
        if self.is_moving or (ratio > 1.0).any():
            reset_s = reset_time_s(ratio, self._reset, self._alpha, self._tms)
            self.travel = relay_travel(self.travel, self._full_s(ratio), reset_s, dt_s)
            self.is_moving = bool(self.travel.any())

    def left_s(self, ratio: FloatArray) -> FloatArray:
        """Time until each trips at these loads, (m,); infinity for those that hold."""
        left_s = np.full(len(self.guards), np.inf)
        peak = self.peak(ratio)
        if not len(left_s) or float(peak.max()) <= 1.0:
            return left_s
        thermal_s = bimetal_trip_s(self.heat, ratio, THERMAL_S)
        way, full_s = np.maximum(1.0 - self.travel, 0.0), self._full_s(ratio)
        # A relay at the end of its way trips, whatever it carries now.
        relay_s = np.multiply(way, full_s, out=np.zeros(np.broadcast_shapes(way.shape, full_s.shape)), where=way > 0.0)
        left_s = np.where(self.is_thermal, np.where(ratio > NO_TRIP, thermal_s, np.inf), relay_s)
        return np.where(peak >= self.at_once, 0.0, left_s)

    def _full_s(self, ratio: FloatArray) -> FloatArray:
        """Time to trip from rest; relays by their curve, a UPS by its overload table."""
        relay_s = trip_time_s(ratio, self._k, self._alpha, self._tms)
        if not self.is_ups.any():
            return np.asarray(relay_s)
        ups_s = overload_s(np.maximum(ratio, 1e-9), OVERLOAD_S, OVERLOAD_FRAC)
        return np.where(self.is_ups, np.where(ratio > UPS_HOLDS_FRAC, ups_s, np.inf), relay_s)

    def rate(self, i_node: int, rated_w: float) -> None:
        """What a UPS may carry from now on: some of its power modules failed or were mended."""
        self.rated_w[self.is_ups & (self.node == i_node)] = max(rated_w, 1e-9)

    def reset(self, i_guard: int) -> None:
        """A guard that tripped begins anew; a bimetal must cool by itself and does so while the load is off."""
        self.travel[i_guard] = 0.0
        self.heat[i_guard] = min(self.heat[i_guard], 1.0)


def default_curve(breaker_a: float) -> str:
    """C up to 125 A; above it an extremely inverse relay, the curve nearest to thermal limits."""
    return "C" if breaker_a <= SMALL_BREAKER_A else "EI"


__all__ = ["MUST_TRIP", "Guard", "Trips", "default_curve"]
