"""Air coolers as rows, and the one linear sink the room sees in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.coil import Coil, coil_conductance_w_k
from twin.physics.fan import fan_power_w


@dataclass(slots=True)
class Sink:
    """What takes heat out of the room during one step: conductance and temperature of each cooler (n,)."""

    each_w_k: FloatArray
    each_c: FloatArray

    @property
    def total_w_k(self) -> float:
        """Conductance of all coolers together."""
        return float(self.each_w_k.sum())

    def mean_c(self, otherwise_c: float) -> float:
        """Temperature they pull the room to."""
        total = self.total_w_k
        return float((self.each_w_k * self.each_c).sum()) / total if total > 0.0 else otherwise_c


@dataclass(slots=True)
class AirCoolers:
    """Air coolers as rows (n,)."""

    ids: list[str]
    coil: Coil
    loop: np.ndarray  # index of the water loop each hangs on
    rated_m3_s: FloatArray
    fan_max_w: FloatArray
    fan_exponent: FloatArray
    min_fan_frac: FloatArray
    supply_c: FloatArray  # set point; poke
    fan_frac: FloatArray  # set point; poke
    is_up: np.ndarray  # bool; faults
    is_fed: np.ndarray  # bool; power path

    def fan_w(self) -> FloatArray:
        """Fan power of each."""
        return np.where(self.is_up & self.is_fed, fan_power_w(self.fan_max_w, self.fan_frac, self.fan_exponent), 0.0)

    def air_m3_s(self) -> FloatArray:
        """Air moved by each."""
        return np.where(self.is_up & self.is_fed, self.rated_m3_s * self.fan_frac, 0.0)

    def sink(self, heat_w: float, air_c: float, water_c: FloatArray, has_flow: np.ndarray) -> Sink:
        """The coolers as linear sinks for a room at air_c that is given heat_w.

        A cooler that holds its set point takes G (T - Tset) with G of its air; one at full water flow takes
        eps Cmin (T - Twater). Each starts in the first regime and leaves it when, at the temperature the room is
        heading for, it would have to pass more than full water flow can. The set only grows, so this ends.

        water_c, has_flow: (n,) water temperature and flow at each cooler.
        """
        air_w_k = self.air_m3_s() * AIR_HEAT_J_M3_K
        full_w_k = np.where(air_w_k > 0.0, coil_conductance_w_k(self.coil, self.fan_frac, 1.0), 0.0)
        air_w_k, full_w_k = air_w_k * has_flow, full_w_k * has_flow
        is_held = np.ones(len(air_w_k), dtype=bool)
        while True:
            sink = Sink(np.where(is_held, air_w_k, full_w_k), np.where(is_held, self.supply_c, water_c))
            total = sink.total_w_k
            if total <= 0.0:
                return sink
            aim_c = max(air_c, sink.mean_c(air_c) + heat_w / total)
            is_short = is_held & (air_w_k * (aim_c - self.supply_c) > full_w_k * (aim_c - water_c) + 1e-9)
            if not is_short.any():
                break
            is_held &= ~is_short
        # Water or a set point warmer than the room takes nothing out of it: the valve is shut.
        return Sink(np.where(sink.each_c < max(air_c, aim_c), sink.each_w_k, 0.0), sink.each_c)
