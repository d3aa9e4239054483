"""Batteries behind the UPS: charge that falls with the load and rises with the charger, every joule accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.catalogue.electrical import Battery
from twin.physics import FloatArray
from twin.physics.battery import capacity_frac, recharged_frac, run_time_s

CHARGER_FRAC = 0.1
"""Power of the charger over the rating of its UPS. Estimate: makers size chargers at 10 to 20 %."""
EFFICIENCY = {"vrla": 0.85, "li_ion": 0.95}
"""Energy stored over energy taken while charging. Estimate: 80 to 90 % for lead-acid, 95 to 98 % for Li-ion."""
KNEE_FRAC = {"vrla": 0.8, "li_ion": 0.9}
"""Charge up to which the charger gives full power. Estimate: constant current up to 80 % (lead-acid), 90 % (Li-ion)."""
FULL_FRAC = 1.0 - 1e-4
"""The exponential tail of charging ends here."""
USABLE_FRAC = 0.01
"""Charge a battery that was emptied must have again before it carries anything."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One battery of one UPS as it is fitted."""

    i_node: int
    battery: Battery
    count: int
    capacity_frac: float  # left of the nominal capacity: age
    temperature_c: float
    ups_w: float

    @property
    def factor(self) -> float:
        """Capacity over the sheet's: age, and temperature where the chemistry minds it."""
        warm = float(capacity_frac(self.temperature_c)) if self.battery.chemistry == "vrla" else 1.0
        return self.capacity_frac * warm

    def table(self) -> tuple[FloatArray, FloatArray]:
        """Times and powers of one block; a flat chemistry is a table of constant energy."""
        points = self.battery.power_w_at_s
        if points:
            return np.array(sorted(points)), np.array([points[t] for t in sorted(points)])
        times_s = np.array([60.0, 3600.0])
        return times_s, (self.battery.energy_j or 0.0) / times_s


@dataclass(slots=True)
class Storage:
    """State of all batteries (k,)."""

    packs: Sequence[Pack]
    node: np.ndarray = field(init=False)  # (k,) the UPS of each
    full_j: FloatArray = field(init=False)  # (k,) energy of its slowest discharge
    charge_frac: FloatArray = field(init=False)  # (k,) written by advance
    is_dead: np.ndarray = field(init=False)  # (k,) bool; faults
    is_empty: np.ndarray = field(init=False)  # (k,) bool, cut off until charged again; power events
    shaved_w: FloatArray = field(init=False)  # (k,) W given beside the input, 0 as a rule; peak shaving
    is_barred: np.ndarray = field(init=False)  # (k,) bool, may not be charged now; peak shaving
    charger_w: FloatArray = field(init=False)
    short_j: FloatArray = field(init=False)  # (k,) given in the last step without being there; advance
    shortage_j: FloatArray = field(init=False)  # (k,) the same since the start; advance
    is_quiet: bool = field(init=False, default=True)  # full, and none helps beside the input; look
    nothing_j: FloatArray = field(init=False)  # (k,) zeros
    _factor: FloatArray = field(init=False)  # (k,) blocks of the sheet's capacity
    _efficiency: FloatArray = field(init=False)
    _knee: FloatArray = field(init=False)
    _types: list[tuple[np.ndarray, FloatArray, FloatArray]] = field(init=False)

    def __post_init__(self) -> None:
        packs = self.packs
        k = len(packs)
        self.node = np.array([pack.i_node for pack in packs], dtype=np.intp)
        self._factor = np.array([pack.count * pack.factor for pack in packs])
        self.charger_w = np.array([CHARGER_FRAC * pack.ups_w for pack in packs])
        self._efficiency = np.array([EFFICIENCY[pack.battery.chemistry] for pack in packs])
        self._knee = np.array([KNEE_FRAC[pack.battery.chemistry] for pack in packs])
        self.charge_frac, self.shaved_w = np.ones(k), np.zeros(k)
        self.short_j, self.shortage_j = np.zeros(k), np.zeros(k)
        self.nothing_j, self.is_barred = np.zeros(k), np.zeros(k, dtype=bool)
        self.is_dead, self.is_empty = np.zeros(k, dtype=bool), np.zeros(k, dtype=bool)
        kinds = {pack.battery.id: pack for pack in packs}
        self._types = [
            (
                np.array([j for j, pack in enumerate(packs) if pack.battery.id == key], dtype=np.intp),
                *kinds[key].table(),
            )
            for key in kinds
        ]
        self.full_j = np.zeros(k)
        for rows, times_s, powers_w in self._types:
            self.full_j[rows] = self._factor[rows] * times_s[-1] * powers_w[-1]

    def look(self) -> None:
        """Find whether all are full and still, after a charge was changed."""
        self.is_quiet = not (self.charge_frac < 1.0).any() and not self.shaved_w.any()

    def shave(self, watts: FloatArray) -> None:
        """Let batteries give these watts beside the input of their UPS from now on, (k,)."""
        self.shaved_w = watts
        self.look()

    def run_time_s(self, power_w: FloatArray) -> FloatArray:
        """Time each battery carries its power from full, (k,)."""
        found = np.empty(len(self.packs))
        for rows, times_s, powers_w in self._types:
            found[rows] = run_time_s(power_w[rows] / self._factor[rows], times_s, powers_w)
        return found

    def left_s(self, power_w: FloatArray) -> FloatArray:
        """Time until each is empty at its power, (k,)."""
        with np.errstate(invalid="ignore"):
            return np.where(power_w > 0.0, np.maximum(self.charge_frac, 0.0) * self.run_time_s(power_w), np.inf)

    def can_carry(self) -> np.ndarray:
        """Which could feed their UPS now, (k,) bool."""
        return ~self.is_dead & ~self.is_empty & (self.charge_frac > 0.0)

    def is_charging(self, has_input: np.ndarray) -> np.ndarray:
        """Which take charge: input there, not full, not dead, not giving; has_input: (k,) bool."""
        return np.asarray(
            has_input & (self.charge_frac < FULL_FRAC) & ~self.is_dead & ~self.is_barred & (self.shaved_w == 0.0)
        )

    def charged_to(self, is_charging: np.ndarray, dt_s: float) -> FloatArray:
        """Charge after so long, (k,); the tail ends at full."""
        rate = self._efficiency * self.charger_w / self.full_j
        after = np.where(is_charging, recharged_frac(self.charge_frac, rate, self._knee, dt_s), self.charge_frac)
        return np.where(is_charging & (after >= FULL_FRAC), 1.0, after)

    def charging_w(self, is_charging: np.ndarray, dt_s: float) -> FloatArray:
        """Mean power into each battery over the next dt_s, W; at this instant for 0."""
        if not is_charging.any():
            return np.zeros(len(self.packs))
        if dt_s <= 0.0:
            slow = np.maximum(1.0 - self.charge_frac, 0.0) / (1.0 - self._knee)
            return np.where(is_charging, self.charger_w * np.minimum(slow, 1.0), 0.0)
        gained_j = (self.charged_to(is_charging, dt_s) - self.charge_frac) * self.full_j
        return np.asarray(gained_j / self._efficiency / dt_s)

    def advance(self, given_w: FloatArray, is_charging: np.ndarray, dt_s: float) -> tuple[FloatArray, FloatArray]:
        """Carry the charge on: watts each gives (k,), which charge. Returns joules stored and joules lost, each (k,).

        A fast discharge gets less out of a battery than the slowest one: the difference is lost inside it. One that is
        empty before the step is over stops there; what it is asked for after that is noted as a shortage.
        """
        self.short_j = self.nothing_j
        before = self.charge_frac
        after = self.charged_to(is_charging, dt_s)
        if (given_w > 0.0).any():
            run_s = self.run_time_s(given_w)
            after = np.where(given_w > 0.0, np.maximum(before - dt_s / run_s, 0.0), after)
            self.short_j = given_w * np.where(given_w > 0.0, np.maximum(dt_s - before * run_s, 0.0), 0.0)
            self.shortage_j = self.shortage_j + self.short_j
        stored_j = (after - before) * self.full_j
        taken_j = np.where(is_charging, stored_j / self._efficiency, 0.0)
        self.charge_frac = after
        self.is_empty &= after < USABLE_FRAC
        self.look()
        return stored_j, taken_j - stored_j - (given_w * dt_s - self.short_j)

    def total_frac(self) -> float:
        """Charge of all together over that of all when full; NaN without any."""
        full_j = float(self.full_j.sum())
        return float((np.maximum(self.charge_frac, 0.0) * self.full_j).sum()) / full_j if full_j else float("nan")
