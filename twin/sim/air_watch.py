"""What a run says of the air its racks breathed: hottest rack, hours over limits, how far to believe it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from twin.files import Tree
from twin.physics.air_map import AirMap
from twin.plant.plant import Plant, Settled
from twin.plant.run_air import AirMode
from twin.record.frame import Severity
from twin.units import S_PER_H

RECOMMENDED_C, ALLOWABLE_C = 27.0, 32.0
"""Highest inlet. Source: ASHRAE TC 9.9, Thermal Guidelines 2021: recommended range, and class A1."""
ERROR_K = {
    ("settled", 0.3): (0.0, 0.7),
    ("settled", 0.45): (0.05, 2.0),
    ("instant", 0.0): (0.07, 4.8),
}
"""Least and largest RMS of rack means against CFD of six rooms, closed aisle first, failed cooler last: `twin validate`
at 0.3 m, and the same rooms at 0.45 m. Coarser cells have not been held against CFD."""
STEADY_K = 0.15

Tell = Callable[[Severity, str, str, str], None]
Warn = Callable[[str, str], None]


class AirWatch:
    """Looks at every settling that differs from the one before, and counts the time of each."""

    def __init__(self, plant: Plant, tell: Tell, warn: Warn) -> None:
        self._plant, self._tell, self._warn = plant, tell, warn
        self._mode: AirMode | None = None
        self._map: AirMap | None = None
        self._hottest = (-273.15, "")
        self._top_c = -273.15
        self._n_over = np.zeros(2)  # racks that are
        self._over_s, self._rack_s, self._mixed_s, self._all_s = np.zeros(2), np.zeros(2), 0.0, 0.0

    def look(self, settled: Settled) -> None:
        """Take note of where the air comes from and of the hottest rack."""
        if settled.air_mode != self._mode:
            self._changed(settled.air_mode)
        inlet_c = settled.rack_inlet_c
        if len(inlet_c):
            i = int(inlet_c.argmax())
            self._hottest = max(self._hottest, (float(inlet_c[i]), self._plant.racks.ids[i]), key=lambda pair: pair[0])
            self._top_c = max(self._top_c, float(np.maximum.reduce(settled.rack_top_c)))
            limits = np.array([RECOMMENDED_C, ALLOWABLE_C])
            if self._hottest[0] > RECOMMENDED_C:
                self._n_over = np.array([float((inlet_c > limit).sum()) for limit in limits])

    def count(self, settled: Settled) -> None:
        """The time of a settling that has been looked at."""
        self._all_s += settled.dt_s
        self._mixed_s += settled.dt_s if self._mode == "mixed" else 0.0
        if self._n_over[0]:
            self._over_s += (self._n_over > 0.0) * settled.dt_s
            self._rack_s += self._n_over * settled.dt_s

    def _changed(self, mode: AirMode) -> None:
        was, self._mode = self._mode, mode
        air = self._plant.air
        if air.maps is None:
            return
        for key, text in air.maps.obstacles.items():
            self._warn(f"air.{key}", text)
        if mode == "mixed":
            reason = air.maps.obstacles.get("instant", "no air cooler moves air: the room is taken as well mixed")
            self._tell("warning", "air.mixed", "room", reason)
            return
        self._map = self._map or air.map
        if was == "mixed":
            self._tell("note", "air.mapped", "room", f"coolers move air again: inlets from the {mode} flow")
        doubt = self._doubt()
        if doubt:
            self._warn("air.tier", doubt)

    def _doubt(self) -> str:
        """Why inlets are to be taken with care; empty where they are not."""
        assert self._map is not None
        if self._map.tier == "instant":
            return (
                "inlets come from the instant flow, without jets and buoyancy: right on closed aisles and row means, "
                "not on which rack of an open aisle is hot (about 1 K RMS, up to 5 K with a failed cooler)"
            )
        if self._error_k() is None:
            return f"inlets come from a settled flow on cells of {self._map.cell_m:g} m, not held against CFD"
        if self._map.cell_m > 0.3:
            return f"inlets come from a settled flow on cells of {self._map.cell_m:g} m: up to 2 K RMS from CFD"
        if self._map.drift_k > STEADY_K:
            return f"the settled flow is unsteady: its mean inlets still drift by {self._map.drift_k:.2f} K"
        return ""

    def _error_k(self) -> tuple[float, float] | None:
        assert self._map is not None
        cell_m = 0.0 if self._map.tier == "instant" else self._map.cell_m
        return ERROR_K.get((self._map.tier, cell_m))

    def figures(self) -> Tree:
        """For the summary; hours are those in which some rack is over a limit, rack-hours count each rack."""
        found: Tree = {"model": self._mode if self._map is None else self._map.tier}
        if self._map is not None:
            error_k = self._error_k()
            found |= {
                "cell_m": self._map.cell_m,
                "drift_k": self._map.drift_k,
                "residual_frac": self._map.residual_frac,
                "error_k_rms": list(error_k) if error_k is not None else None,
                "mixed_h": self._mixed_s / S_PER_H,
            }
        names = ("recommended", "allowable")
        has_racks = bool(self._hottest[1])
        return found | {
            "hottest_rack": self._hottest[1] or None,
            "inlet_top_c_max": self._top_c if has_racks else None,
            "hours_over": {name: s / S_PER_H for name, s in zip(names, self._over_s.tolist(), strict=True)},
            "rack_hours_over": {name: s / S_PER_H for name, s in zip(names, self._rack_s.tolist(), strict=True)},
        }
