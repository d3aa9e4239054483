"""Batteries that give at peaks: what sources would draw above a limit, as far as a reserve allows."""

from __future__ import annotations

import numpy as np

from twin.plant.plant import Plant, Settled
from twin.sim.sources import Note

MOST_FRAC = 0.9
"""Share of a UPS's load its battery may take over, so that power never flows back. Estimate: usual export limit."""


class Shaving:
    """Looks at each pulse and sets what batteries give in the next one; at most a pulse late, as a real one is."""

    __slots__ = ("_is_on", "_note", "_plant", "above_w", "reserve_frac")

    def __init__(self, plant: Plant, note: Note) -> None:
        self._plant, self._note = plant, note
        self.above_w: float | None = None
        self.reserve_frac = 0.5
        self._is_on = False

    def begin(self, above_w: float | None, reserve_frac: float) -> None:
        """Keep sources under a limit from now on; none ends it."""
        self.above_w, self.reserve_frac = above_w, reserve_frac
        storage = self._plant.power.storage
        storage.is_barred[:] = False
        storage.shave(np.zeros(len(storage.packs)))

    def take(self, settled: Settled) -> None:
        """Set what batteries give from what the last pulse drew, and let them charge where there is room for it."""
        if self.above_w is None:
            return
        path = self._plant.power
        storage = path.storage
        at = storage.node
        can = storage.can_carry() & path.is_live[at] & ~path.is_on_battery[at] & ~path.is_bypassed[at]
        may_give = can & (storage.charge_frac > self.reserve_frac)
        room_w = np.where(may_give, MOST_FRAC * settled.flow.load_w[at], 0.0)
        # What sources would draw if no battery gave or took: loads and losses alone.
        excess_w = settled.used_w - self.above_w
        total_w = float(room_w.sum())
        given_w = min(max(excess_w, 0.0), total_w)
        storage.is_barred[:] = excess_w + float(storage.charger_w.sum()) > 0.0
        storage.shave(room_w * (given_w / total_w) if total_w > 0.0 else np.zeros(len(at)))
        self._tell(given_w > 0.0, given_w)

    def _tell(self, is_on: bool, given_w: float) -> None:
        if is_on != self._is_on:
            self._is_on = is_on
            what = f"batteries give {given_w / 1e3:.1f} kW" if is_on else "batteries give nothing any more"
            self._note("note", "power.shaving", "site", what)
