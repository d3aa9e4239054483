"""Servers boot after their power came back, and chillers wait before they start again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import numpy as np
from simpy.events import Event as SimEvent

from twin.catalogue.cooling import Chiller
from twin.sim.hall import Hall


class Boots:
    """Servers that have power and do not serve yet; up is told which are through."""

    __slots__ = ("_boot_s", "_env", "_ready_at_s", "_up")

    def __init__(self, hall: Hall, up: Callable[[Sequence[int]], None]) -> None:
        self._env, self._boot_s, self._up = hall.env, hall.scenario.restart.boot_s, up
        self._ready_at_s: dict[int, float] = {}

    def begin(self, servers: Sequence[int]) -> None:
        """These were switched on now: they serve after their boot, unless they lose their power before."""
        if not servers:
            return
        if self._boot_s == 0.0:
            self._up(servers)
            return
        ready_s = float(self._env.now) + self._boot_s
        self._ready_at_s.update(dict.fromkeys(servers, ready_s))
        self._env.process(self._boot(list(servers), ready_s))

    def stop(self, servers: Sequence[int]) -> None:
        """These lost their power: a boot under way is lost."""
        for i in servers:
            self._ready_at_s.pop(i, None)

    def is_booting(self, i_server: int) -> bool:
        """Whether a server has power and does not serve yet."""
        return i_server in self._ready_at_s

    def _boot(self, servers: list[int], ready_s: float) -> Generator[SimEvent, None, None]:
        yield self._env.timeout(self._boot_s)
        through = [i for i in servers if self._ready_at_s.get(i) == ready_s]
        self.stop(through)
        if through:
            self._up(through)


class ChillerRestarts:
    """Chillers that lost their feed stand still for a while after it came back; then again is called."""

    __slots__ = ("_again", "_env", "_is_chiller", "_is_held", "_plant", "_ready_at_s", "_wait_s", "_was_fed")

    def __init__(self, hall: Hall, again: Callable[[], None]) -> None:
        self._env, self._plant, self._again = hall.env, hall.plant.cooling.plant, again
        self._wait_s = hall.scenario.restart.chiller_s
        items = self._plant.item_ids
        self._is_chiller = np.array([isinstance(hall.floor.plant[name].device, Chiller) for name in items], dtype=bool)
        self._was_fed, self._is_held = self._plant.is_fed.copy(), np.zeros(len(items), dtype=bool)
        self._ready_at_s = np.full(len(items), np.inf)

    def follow(self) -> None:
        """Hold what was fed again just now; to be called whenever the feeds were taken over."""
        fed = self._plant.is_fed.copy()
        is_back = self._is_chiller & fed & ~self._was_fed
        self._was_fed = fed
        if self._wait_s > 0.0 and is_back.any():
            ready_s = float(self._env.now) + self._wait_s
            self._is_held |= is_back
            self._ready_at_s[is_back] = ready_s
            self._env.process(self._start(ready_s))
        self._plant.is_fed[self._is_held] = False

    def _start(self, ready_s: float) -> Generator[SimEvent, None, None]:
        yield self._env.timeout(self._wait_s)
        # One that was dark again meanwhile waits anew.
        is_through = self._ready_at_s == ready_s
        if is_through.any():
            self._ready_at_s[is_through], self._is_held[is_through] = np.inf, False
            self._again()
