"""Air coolers as rows, and the one linear sink the room sees in them."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    total_w_k: float = field(init=False)  # of all together
    _w: float = field(init=False)  # sum of conductance times temperature

    def __post_init__(self) -> None:
        self.total_w_k = float(np.add.reduce(self.each_w_k))
        self._w = float(np.add.reduce(self.each_w_k * self.each_c))

    def mean_c(self, otherwise_c: float) -> float:
        """Temperature they pull the room to."""
        return self._w / self.total_w_k if self.total_w_k > 0.0 else otherwise_c


@dataclass(frozen=True, slots=True)
class Blown:
    """What follows from fans and faults alone, of each cooler (n,) and of all: asked for again and again."""

    key: bytes
    fan_w: FloatArray
    air_m3_s: FloatArray
    air_w_k: FloatArray
    full_w_k: FloatArray  # heat per kelvin at full water flow
    total_fan_w: float
    total_m3_s: float


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
    has_outdoor: np.ndarray  # bool, dampers let outdoor air in
    _blown: Blown | None = field(init=False, default=None)

    def fan_w(self) -> FloatArray:
        """Fan power of each."""
        return self.blown().fan_w

    def air_m3_s(self) -> FloatArray:
        """Air moved by each."""
        return self.blown().air_m3_s

    def blown(self) -> Blown:
        """Fans, air and conductances as set and fed now; not to be written to."""
        key = self.fan_frac.tobytes() + self.is_up.tobytes() + self.is_fed.tobytes()
        if self._blown is None or self._blown.key != key:
            is_on = self.is_up & self.is_fed
            fan_w = np.where(is_on, fan_power_w(self.fan_max_w, self.fan_frac, self.fan_exponent), 0.0)
            air_m3_s = np.where(is_on, self.rated_m3_s * self.fan_frac, 0.0)
            air_w_k = air_m3_s * AIR_HEAT_J_M3_K
            full_w_k = np.where(air_w_k > 0.0, coil_conductance_w_k(self.coil, self.fan_frac, 1.0), 0.0)
            self._blown = Blown(key, fan_w, air_m3_s, air_w_k, full_w_k, float(fan_w.sum()), float(air_m3_s.sum()))
        return self._blown

    def sink(
        self,
        heat_w: float,
        air_c: float,
        water_c: FloatArray,
        has_flow: np.ndarray,
        set_c: FloatArray | None = None,
    ) -> Sink:
        """The coolers as linear sinks for a room at air_c that is given heat_w.

        A cooler that holds its set point takes G (T - Tset) with G of its air; one at full water flow takes
        eps Cmin (T - Twater). Each starts in the first regime and leaves it when, at the temperature the room is
        heading for, it would have to pass more than full water flow can. The set only grows, so this ends.

        water_c, has_flow: (n,) water temperature and flow at each cooler. set_c: (n,) in place of its set points.
        Fans are as `blown` found them last.
        """
        blown = self._blown or self.blown()
        set_c = self.supply_c if set_c is None else set_c
        air_w_k, full_w_k = blown.air_w_k * has_flow, blown.full_w_k * has_flow
        is_held = None  # all of them
        sink = Sink(air_w_k, set_c)
        while True:
            total = sink.total_w_k
            if total <= 0.0:
                return sink
            aim_c = max(air_c, sink.mean_c(air_c) + heat_w / total)
            is_short = air_w_k * (aim_c - set_c) > full_w_k * (aim_c - water_c) + 1e-9
            is_short = is_short if is_held is None else is_short & is_held
            if not is_short.any():
                break
            is_held = ~is_short if is_held is None else is_held & ~is_short
            sink = Sink(np.where(is_held, air_w_k, full_w_k), np.where(is_held, set_c, water_c))
        # Water or a set point warmer than the room takes nothing out of it: the valve is shut.
        is_colder = sink.each_c < max(air_c, aim_c)
        return sink if is_colder.all() else Sink(np.where(is_colder, sink.each_w_k, 0.0), sink.each_c)
