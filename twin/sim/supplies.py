"""Servers that have lost supplies: too few of them slow a server down, or stop it, by what its sheet says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from twin.catalogue.compute import PowerSupplies, Server
from twin.plant.compute import ServerConstants
from twin.policies.controls.clock import FULL_CLOCK_PCT, LEAST_CLOCK_PCT, clock_under_pct
from twin.record.frame import Severity
from twin.sim.clocks import Clocks
from twin.sim.hall import Hall

Note = Callable[[Severity, str, str, str], None]


class Supplies:
    """Follows the live cords of all servers."""

    __slots__ = ("_clocks", "_hall", "_live", "_n_cords", "_note", "_psu", "_short")

    def __init__(self, hall: Hall, note: Note, clocks: Clocks) -> None:
        self._hall, self._note, self._clocks = hall, note, clocks
        boxes = hall.floor.servers()
        self._psu = [box.device.psu if isinstance(box.device, Server) else None for box in boxes]
        self._n_cords = [len(feed.nodes) for feed in hall.plant.power.feeds[: len(boxes)]]
        self._live = np.ones(len(boxes))
        self._short: set[int] = set()  # servers that run with fewer supplies than they need

    def why_dark(self, i: int) -> str:
        """Why a server has no power: no live cord, or too few."""
        psu, n_live = self._psu[i], self._n_live(i)
        if psu is None or n_live == 0:
            return "lost power"
        return f"{psu.living(n_live, self._n_cords[i])} of {psu.count} supplies have power, {psu.least} are needed"

    def _n_live(self, i: int) -> int:
        return round(float(self._hall.plant.power.live_frac[i]) * self._n_cords[i])

    def follow(self) -> None:
        """The plant has taken over its feeds: clocks of servers whose supplies changed."""
        live = self._hall.plant.power.live_frac[: len(self._live)]
        changed = np.flatnonzero(live != self._live).tolist()
        if not changed:
            return
        self._live = live.copy()
        pct: dict[int, int] = {}
        is_fed = self._hall.plant.power.is_fed
        for i in changed:
            psu = self._psu[i]
            if psu is None or not self._n_cords[i]:
                continue
            n_psu = psu.living(self._n_live(i), self._n_cords[i])
            is_short = bool(is_fed[i]) and n_psu < psu.needed
            if is_short:
                pct[i] = self._clock_pct(i, psu, n_psu)
                self._tell(i, "warning", f"{n_psu} of {psu.count} supplies have power, {psu.needed} are needed: "
                                         f"clocks at {pct[i]} % of nominal")  # fmt: skip
                self._short.add(i)
            elif i in self._short:
                self._short.discard(i)
                pct[i] = FULL_CLOCK_PCT
                if is_fed[i]:
                    self._tell(i, "note", f"{n_psu} of {psu.count} supplies have power, full clocks again")
        self._clocks.follow_supplies(pct)

    def _tell(self, i: int, severity: Severity, what: str) -> None:
        kind = "server.supplies_short" if severity == "warning" else "server.supplies_back"
        self._note(severity, kind, self._hall.plant.compute.constants[i].id, what)

    def _clock_pct(self, i: int, psu: PowerSupplies, n_psu: int) -> int:
        """Highest clock at which a living supply carries no more than each of the needed ones does at full load."""
        constants = self._hall.plant.compute.constants[i]
        limit_w = most_w(constants, FULL_CLOCK_PCT) * n_psu / psu.needed
        return clock_under_pct(lambda pct: most_w(constants, pct), limit_w, LEAST_CLOCK_PCT, FULL_CLOCK_PCT)


def most_w(constants: ServerConstants, clock_pct: int) -> float:
    """Watts at the cords with everything at its most at a clock, all supplies alive; watts above idle by its cube."""
    tdp_w = constants.chip.tdp_w or 0.0 if constants.chip else 0.0
    chip_w = constants.idle_chip_w + (tdp_w - constants.idle_chip_w) * (clock_pct / FULL_CLOCK_PCT) ** 3
    return constants.input_w(constants.n_chips * chip_w, constants.host_max_w)
