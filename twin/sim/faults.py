"""What breaks, is repaired, or is set anew: at its own instant, with the plant settled first."""

from __future__ import annotations

from collections.abc import Callable, Generator
from difflib import get_close_matches
from typing import Literal

import numpy as np
from simpy.events import Event as SimEvent

from twin.errors import DocumentError, TwinError, raise_all
from twin.record.frame import Severity
from twin.scenario.model import PowerCap, SetPoint
from twin.sim.clocks import Clocks
from twin.sim.hall import Hall, Served
from twin.sim.sites import parts_of

Note = Callable[[Severity, str, str, str], None]

BELOW_THE_UPS = ("ups", "pdu", "rpp", "busway", "rack_pdu", "rectifier")
"""Power elements whose failure can be simulated: above a UPS its battery and the generator would decide."""


class Faults:
    """Carries faults and set points of the scenario, and those of a live session, into the hall."""

    __slots__ = ("_clocks", "_down", "_hall", "_note", "_settle", "_sites")

    def __init__(self, hall: Hall, settle: Callable[[], None], note: Note, clocks: Clocks) -> None:
        self._hall, self._settle, self._note, self._clocks = hall, settle, note, clocks
        self._down: set[str] = set()
        self._sites: dict[int, list[tuple[Served, int]]] = {}
        for served in hall.served:
            for slot, site in enumerate(served.sites):
                for i_server, _ in parts_of(site):
                    self._sites.setdefault(i_server, []).append((served, slot))
        self._check_all()
        for fault in hall.scenario.faults:
            hall.env.process(self._later(fault.at_s, lambda f=fault: self.act(f.element, f.action == "repair")))  # type: ignore[misc]
        for policy in hall.scenario.policies:
            hall.env.process(self._later(policy.at_s, lambda p=policy: self._follow_policy(p)))  # type: ignore[misc]

    def _check_all(self) -> None:
        """Refuse a story that could not be told to its end, before it begins; all mistakes together."""
        problems: list[TwinError] = []
        scenario = self._hall.scenario
        checks = [
            *((f"faults[{i}]", lambda f=fault: self._check(f.element)) for i, fault in enumerate(scenario.faults)),
            *((f"policies[{i}]", lambda p=policy: self._check_policy(p)) for i, policy in enumerate(scenario.policies)),
        ]  # fmt: skip
        for place, check in checks:
            try:
                check()
            except TwinError as error:
                problems.append(type(error)(error.what, f"{place} {error.where}", error.hint))
        raise_all(problems)

    def _check_policy(self, policy: SetPoint | PowerCap) -> None:
        if isinstance(policy, PowerCap):
            self._clocks.group(policy.element)
        else:
            self._allowed(policy.element, policy.field, policy.value)

    def _follow_policy(self, policy: SetPoint | PowerCap) -> None:
        if isinstance(policy, PowerCap):
            self._clocks.cap(policy.element, policy.limit_w)
        else:
            self.poke(policy.element, policy.field, policy.value)

    def _later(self, at_s: float, act: Callable[[], None]) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(at_s)
        act()

    def act(self, element: str, is_up: bool) -> None:
        """Break or repair an element now."""
        kind = self._check(element)
        if is_up == (element not in self._down):
            return
        (self._down.discard if is_up else self._down.add)(element)
        self._settle()
        word = "repaired" if is_up else "failed"
        self._note("note" if is_up else "critical", f"{kind}.{word}", element, word)
        plant = self._hall.plant
        if kind == "cooler":
            plant.cooling.coolers.is_up[plant.cooling.coolers.ids.index(element)] = is_up
        elif kind == "plant":
            plant.cooling.plant.is_up[plant.cooling.plant.item_ids.index(element)] = is_up
        elif kind == "power":
            plant.power.is_up[plant.power.ids.index(element)] = is_up
            plant.power.settle_topology()
        self._follow()

    def _check(self, element: str) -> Literal["cooler", "plant", "power", "server"]:
        """What an element is; DocumentError when it is nothing that can fail here."""
        hall = self._hall
        plant = hall.plant
        if element in plant.cooling.coolers.ids:
            return "cooler"
        if element in plant.cooling.plant.item_ids:
            return "plant"
        node = hall.floor.power.get(element)
        if node is not None:
            if node.device.role not in BELOW_THE_UPS:
                raise DocumentError(
                    f"what follows when a {node.device.role} fails is decided by batteries and generators, which are "
                    "not simulated yet",
                    element,
                    "fail a UPS, or something it feeds",
                )
            return "power"
        if element in hall.floor.racks or any(c.id == element for c in plant.compute.constants):
            return "server"
        raise DocumentError(
            f"{element!r} is no cooler, plant item, power node, rack or server of this layout",
            element,
            self._near(element),
        )

    def _near(self, element: str) -> str:
        """What else might have been meant."""
        plant, floor = self._hall.plant, self._hall.floor
        known = [*plant.cooling.coolers.ids, *plant.cooling.plant.item_ids, *floor.power, *floor.racks]
        known += [constants.id for constants in plant.compute.constants]
        near = get_close_matches(element, known, 3, 0.6)
        return f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known[:16])}"

    def _follow(self) -> None:
        """Servers go off and on with their feeds and their own faults; their requests are retried or lost."""
        plant, env = self._hall.plant, self._hall.env
        plant.follow_feeds()
        for i, constants in enumerate(plant.compute.constants):
            rack = plant.racks.ids[constants.i_rack]
            is_on = bool(plant.power.is_fed[i]) and constants.id not in self._down and rack not in self._down
            if is_on == plant.compute.is_on[i]:
                continue
            if is_on:
                plant.compute.switch(i, env.now, True)
                self._note("note", "server.on", constants.id, "has power again")
            for served, slot in self._sites.get(i, []):
                if not is_on:
                    self._fail_replica(served, slot)
                elif all(plant.compute.is_on[part] for part, _ in parts_of(served.sites[slot])):
                    served.workload.restore(slot)
            if not is_on:
                plant.compute.switch(i, env.now, False)
                self._note("warning", "server.off", constants.id, "lost power")

    def _fail_replica(self, served: Served, slot: int) -> None:
        is_retried = served.spec.on_failure == "retry"
        n = served.workload.fail(slot, is_retried)
        if n:
            word = "begin again elsewhere" if is_retried else "are lost"
            self._note("warning", "serving.interrupted", served.spec.id, f"{n} requests {word}")

    def poke(self, element: str, field: str, value: float) -> None:
        """Set a set point or a power cap anew now; a cap of 0 W is none."""
        if field == "limit_w":
            self._cap(element, value)
            return
        column, i = self._allowed(element, field, value)
        self._settle()
        self._note("note", "control.set", element, f"{field} {column[i]:g} → {value:g}")
        column[i] = value

    def _cap(self, element: str, limit_w: float) -> None:
        if not 0.0 <= limit_w < float("inf"):
            raise DocumentError(f"limit_w is {limit_w:g} W", element, "give watts above 0, or 0 to lift the cap")
        self._clocks.cap(element, limit_w or None)

    def _allowed(self, element: str, field: str, value: float) -> tuple[np.ndarray, int]:
        """The column and row of a set point that may have this value."""
        column, i, low, high = self._target(element, field)
        if not low <= value <= high:
            unit = " °C" if field.endswith("_c") else ""
            raise DocumentError(
                f"{field} {value:g}{unit} is outside {low:g} to {high:g}{unit}", element, "choose a value inside"
            )
        return column, i

    def _target(self, element: str, field: str) -> tuple[np.ndarray, int, float, float]:
        """The column, row and range of a set point."""
        coolers, plant = self._hall.plant.cooling.coolers, self._hall.plant.cooling.plant
        if element in coolers.ids:
            i = coolers.ids.index(element)
            if field == "supply_c":
                return coolers.supply_c, i, 5.0, 40.0
            if field == "fan_frac":
                return coolers.fan_frac, i, float(coolers.min_fan_frac[i]), 1.0
        loops = [loop.id for loop in plant.loops]
        if element in loops and field == "supply_c":
            return plant.set_c, loops.index(element), 4.0, 35.0
        raise DocumentError(
            f"{element!r} has no set point {field!r}",
            element,
            "air coolers have supply_c and fan_frac, loops supply_c; hall, rows, racks and servers limit_w",
        )
