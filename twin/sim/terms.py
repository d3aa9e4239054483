"""Price, carbon and billing period of every quarter of an hour, looked up some days at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.physics import FloatArray
from twin.sim.outside import Outside

QUARTER_S = 900.0
BLOCK = 4 * 24 * 32
"""Quarters looked up together: about a month. A short run asks for no more than it has."""


@dataclass(slots=True)
class Terms:
    """Terms on the run's own clock; each is constant within a quarter of an hour of the clock."""

    outside: Outside
    _first: int = 0
    _price: FloatArray = field(default_factory=lambda: np.zeros(0))
    _g_per_kwh: FloatArray = field(default_factory=lambda: np.zeros(0))
    _period: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    def at(self, time_s: float) -> tuple[float, float, str]:
        """Price per kWh, g/kWh and the name of the billing period at a simulated time."""
        start_s = float(self.outside.start_utc.astype("datetime64[ms]").astype(np.int64)) / 1000.0
        i = int((start_s + time_s) // QUARTER_S)
        if not 0 <= i - self._first < len(self._price):
            self._look_up(i, start_s)
        k = i - self._first
        return float(self._price[k]), float(self._g_per_kwh[k]), self._names[int(self._period[k])]

    @property
    def _names(self) -> tuple[str, ...]:
        return self.outside.tariff.period_names

    def _look_up(self, i: int, start_s: float) -> None:
        """Terms from quarter i on; dated files may end with the run, so nothing beyond it is asked for."""
        last_s = max(0.0, self.outside.duration_s - 1e-3)
        n = min(BLOCK, int((start_s + last_s) // QUARTER_S) - i + 1)
        # A thousandth into the quarter, where rounding cannot fall back into the one before.
        at_s = np.clip((i + np.arange(max(1, n))) * QUARTER_S + 1e-3 - start_s, 0.0, last_s)
        moments = self.outside.utc(at_s)
        tariff = self.outside.tariff
        self._first = i
        self._price = np.atleast_1d(tariff.at(moments, 0.0))
        self._g_per_kwh = np.atleast_1d(self.outside.carbon.at(moments, 0.0))
        self._period = np.zeros(len(at_s), dtype=np.intp)
        if tariff.periods is not None:
            self._period = np.atleast_1d(tariff.periods.at(moments, 0.0)).astype(np.intp)
