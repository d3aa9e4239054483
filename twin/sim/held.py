"""Loads held on servers: nothing arrives and nothing is answered, but watts flow."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from simpy import Environment
from simpy.events import Event

from twin.plant.compute import Compute, ServerConstants
from twin.plant.swings import PathSwings
from twin.scenario.held_load import HeldLoad
from twin.sim.swings import busy_frac, chips_wave, cord_wave


@dataclass(frozen=True, slots=True)
class Held:
    """A load and the rows of the servers it is held on."""

    spec: HeldLoad
    i_servers: list[int]

    def overlaps(self, other: Held) -> bool:
        """Whether both would be on one server at one time."""
        mine, its = self.spec, other.spec
        begins_before = other.spec.until_s is None or mine.from_s < other.spec.until_s
        ends_after = mine.until_s is None or its.from_s < mine.until_s
        return begins_before and ends_after and not set(self.i_servers).isdisjoint(other.i_servers)

    def play(self, env: Environment, compute: Compute, path: PathSwings | None = None) -> Generator[Event, None, None]:
        """Put the load on at its time and take it off again.

        A server without power draws nothing meanwhile, and has its load again with its power. Caps and hot air do not
        lower a held load: nobody knows how its work would follow the clock. A load that swings is carried by its mean,
        and the power path is told of the swing around it.
        """
        yield env.timeout(self.spec.from_s)
        self._add(env.now, compute, 1.0)
        if self.spec.swing is not None and path is not None:
            self._swing(compute, path)
        if self.spec.until_s is not None:
            yield env.timeout(self.spec.until_s - self.spec.from_s)
            self._add(env.now, compute, -1.0)
            if path is not None:
                path.end(self.spec.id)

    def _swing(self, compute: Compute, path: PathSwings) -> None:
        types = [compute.constants[i].type for i in self.i_servers]
        one_of = {name: compute.constants[i] for name, i in zip(types, self.i_servers, strict=True)}
        kind = {name: k for k, name in enumerate(one_of)}
        waves = [cord_wave(self.spec, server, 1) for server in one_of.values()]
        path.begin(self.spec.id, waves, self.i_servers, [kind[name] for name in types])

    def _add(self, now_s: float, compute: Compute, sign: float) -> None:
        # Servers of one type that can be simulated differ in id and rack only.
        types = [compute.constants[i].type for i in self.i_servers]
        one_of = {name: compute.constants[i] for name, i in zip(types, self.i_servers, strict=True)}
        kind = {name: k for k, name in enumerate(one_of)}
        loads = np.array([self._load_of(server) for server in one_of.values()]).T
        compute.add_loads(self.i_servers, now_s, sign * loads[:, [kind[name] for name in types]])

    def _load_of(self, server: ServerConstants) -> tuple[float, float, float]:
        """What the load adds to one server: watts of chips, busy chips, host work."""
        chips_w = chips_wave(self.spec, server).mean_w - server.n_chips * server.idle_chip_w
        return chips_w, server.n_chips * busy_frac(self.spec), self.spec.host_frac
