"""What breaks, is repaired, or is set anew: at its own instant, with the plant settled first."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from difflib import get_close_matches
from typing import Literal

import numpy as np
from simpy.events import Event as SimEvent

from twin.errors import DocumentError, TwinError, raise_all
from twin.plant.power import SWITCHES
from twin.record.frame import Severity
from twin.scenario.model import PowerCap, SetPoint
from twin.scenario.power import FaultPart, PeakShave
from twin.sim.boot import Boots, ChillerRestarts
from twin.sim.clocks import Clocks
from twin.sim.coolant import CoolantEvents
from twin.sim.hall import Hall, Served
from twin.sim.power_events import PowerEvents
from twin.sim.restart import Restart
from twin.sim.sites import parts_of
from twin.sim.supplies import Supplies

Note = Callable[[Severity, str, str, str], None]
Kind = Literal["cooler", "coolant", "plant", "power", "server"]


class Faults:
    """Carries faults and set points of the scenario, and those of a live session, into the hall."""

    __slots__ = (
        "_boots",
        "_chillers",
        "_clocks",
        "_down",
        "_hall",
        "_note",
        "_restart",
        "_settle",
        "_sites",
        "_supplies",
        "coolant",
        "poked",
        "power",
    )

    def __init__(self, hall: Hall, settle: Callable[[], None], note: Note, clocks: Clocks) -> None:
        self._hall, self._settle, self._note, self._clocks = hall, settle, note, clocks
        self._down: set[str] = set()
        self.poked: set[tuple[str, str]] = set()  # element and field of set points moved by hand: controls let them be
        self._sites: dict[int, list[tuple[Served, int]]] = {}
        for served in hall.served:
            for slot, site in enumerate(served.sites):
                for i_server, _ in parts_of(site):
                    self._sites.setdefault(i_server, []).append((served, slot))
        self._restart = Restart(hall, self._restarted)
        self._boots = Boots(hall, self._serve)
        self._supplies = Supplies(hall, note, clocks)
        self._chillers = ChillerRestarts(hall, self._restarted)
        self.power = PowerEvents(hall, settle, note, self._follow, self._drop)
        self.coolant = CoolantEvents(hall, settle, note, clocks, self.power.changed)
        self._check_all()
        for fault in hall.scenario.faults:
            act = lambda f=fault: self.act(f.element, f.action == "repair", f.part)  # noqa: E731
            hall.env.process(self._later(fault.at_s, act))
        for policy in hall.scenario.policies:
            hall.env.process(self._later(policy.at_s, lambda p=policy: self._follow_policy(p)))  # type: ignore[misc]

    def _check_all(self) -> None:
        """Refuse a story that could not be told to its end, before it begins; all mistakes together."""
        problems: list[TwinError] = []
        scenario = self._hall.scenario
        checks = [
            *((f"faults[{i}]", lambda f=f: self._check(f.element, f.part)) for i, f in enumerate(scenario.faults)),
            *((f"policies[{i}]", lambda p=policy: self._check_policy(p)) for i, policy in enumerate(scenario.policies)),
        ]  # fmt: skip
        for place, check in checks:
            try:
                check()
            except TwinError as error:
                problems.append(type(error)(error.what, f"{place} {error.where}", error.hint))
        raise_all(problems)

    def _check_policy(self, policy: SetPoint | PowerCap | PeakShave) -> None:
        if isinstance(policy, PeakShave):
            if not self._hall.plant.power.storage.packs:
                raise DocumentError("no UPS here has a battery that could give at peaks", "policies", "leave it out")
        elif isinstance(policy, PowerCap):
            self._clocks.group(policy.element)
        else:
            self._allowed(policy.element, policy.field, policy.value)

    def _follow_policy(self, policy: SetPoint | PowerCap | PeakShave) -> None:
        if isinstance(policy, PeakShave):
            self._settle()
            self.power.shaving.begin(policy.above_w, policy.reserve_frac)
        elif isinstance(policy, PowerCap):
            self._clocks.cap(policy.element, policy.limit_w)
        else:
            self.poke(policy.element, policy.field, policy.value)

    def _later(self, at_s: float, act: Callable[[], None]) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(at_s)
        act()

    def act(self, element: str, is_up: bool, part: FaultPart = "element") -> None:
        """Break or repair an element, or a part of it, now."""
        kind = self._check(element, part)
        if part == "module" and not self._one_module(element, is_up):
            return
        key = element if part == "element" else f"{element} {part}"
        if part != "module" and is_up == (key not in self._down):
            return
        (self._down.discard if is_up else self._down.add)(key)
        self._settle()
        word = "repaired" if is_up else "failed"
        what = word if part == "element" else f"{part} {word}{self._left(element, part, is_up)}"
        self._note("note" if is_up else "critical", f"{kind}.{word}", element, what)
        plant = self._hall.plant
        if kind == "coolant":
            plant.cooling.liquid.units.is_up[plant.cooling.liquid.ids.index(element)] = is_up
        elif kind == "cooler":
            plant.cooling.coolers.is_up[plant.cooling.coolers.ids.index(element)] = is_up
        elif kind == "plant":
            plant.cooling.plant.is_up[plant.cooling.plant.item_ids.index(element)] = is_up
        elif kind == "power":
            self._set_part(plant.power.ids.index(element), part, is_up)
        self.power.changed()

    def _left(self, element: str, part: FaultPart, is_up: bool) -> str:
        """How many power modules work after one failed or was mended."""
        if part != "module":
            return ""
        path = self._hall.plant.power
        i = path.ids.index(element)
        return f", {path.modules_up[i] + (1 if is_up else -1)} of {path.nodes[i].n_modules} work"

    def _one_module(self, element: str, is_up: bool) -> bool:
        """Whether another power module can fail, or one is there to be mended."""
        path = self._hall.plant.power
        i = path.ids.index(element)
        return bool(path.modules_up[i] < path.nodes[i].n_modules if is_up else path.modules_up[i] > 0)

    def _set_part(self, i: int, part: FaultPart, is_up: bool) -> None:
        path = self._hall.plant.power
        if part == "battery":
            path.storage.is_dead[path.storage.node == i] = not is_up
        elif part == "module":
            path.work_with(i, int(path.modules_up[i]) + (1 if is_up else -1))
        elif part == "switch":
            path.is_stuck[i] = not is_up
        elif part == "breaker":
            path.is_closed[i] = is_up
        else:
            path.is_up[i] = is_up
        if is_up and part in ("element", "breaker"):
            self.power.repaired(i)

    def _check(self, element: str, part: FaultPart = "element") -> Kind:
        """What an element is; DocumentError when it is nothing that can fail here."""
        hall = self._hall
        plant = hall.plant
        if element in hall.floor.power:
            self._check_part(element, part)
            return "power"
        if part != "element":
            raise DocumentError(f"{element!r} is no power node, so it has no {part}", element, "leave `part` out")
        if element in plant.cooling.coolers.ids:
            return "cooler"
        if element in plant.cooling.liquid.ids:
            return "coolant"
        if element in plant.cooling.plant.item_ids:
            return "plant"
        if element in hall.floor.racks or any(c.id == element for c in plant.compute.constants):
            return "server"
        raise DocumentError(
            f"{element!r} is no cooler, coolant unit, plant item, power node, rack or server of this layout",
            element,
            self._near(element),
        )

    def _check_part(self, element: str, part: FaultPart) -> None:
        node = self._hall.floor.power[element]
        role = node.device.role
        if part == "battery" and (node.battery is None or role != "ups"):
            raise DocumentError(f"is a {role} without a battery", element, "name a UPS that has one")
        if part == "switch" and role not in SWITCHES:
            raise DocumentError(f"is a {role}, which switches nothing", element, "name an ATS or STS")
        if part == "module" and node.device.modules == 1:
            raise DocumentError(f"{node.device.id} is one piece, with no modules", element, "leave `part` out")
        if part == "breaker" and not node.spec.inputs:
            raise DocumentError(f"is a {role} with 0 inputs, so no breaker is there", element, "name what it feeds")

    def _near(self, element: str) -> str:
        """What else might have been meant."""
        plant, floor = self._hall.plant, self._hall.floor
        known = [
            *plant.cooling.coolers.ids,
            *plant.cooling.liquid.ids,
            *plant.cooling.plant.item_ids,
            *floor.power,
            *floor.racks,
        ]
        known += [constants.id for constants in plant.compute.constants]
        near = get_close_matches(element, known, 3, 0.6)
        return f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known[:16])}"

    def _follow(self) -> list[int]:
        """Servers go off and on with their feeds and their own faults; those switched on are returned."""
        plant = self._hall.plant
        plant.follow_feeds()
        self._chillers.follow()
        can_run = plant.can_run()
        dark: list[int] = []
        going: list[int] = []
        for i, constants in enumerate(plant.compute.constants):
            rack = plant.racks.ids[constants.i_rack]
            is_on = bool(can_run[i]) and constants.id not in self._down and rack not in self._down
            if is_on and not plant.compute.is_on[i]:
                dark.append(i)
            elif not is_on and plant.compute.is_on[i]:
                going.append(i)
        self._switch_off(going)
        self._supplies.follow()
        self.coolant.look()
        started = self._restart.allowed(dark)
        plant.compute.switch(started, self._hall.env.now, True)
        for i in started:
            self._note("note", "server.on", plant.compute.constants[i].id, "has power again")
        self._boots.begin(started)
        return started

    def _serve(self, servers: Sequence[int]) -> None:
        """Servers are through with their boot: replicas whose servers all are take requests again."""
        is_on = self._hall.plant.compute.is_on
        for i in servers:
            for served, slot in self._sites.get(i, []):
                parts = [part for part, _ in parts_of(served.sites[slot])]
                if all(is_on[part] and not self._boots.is_booting(part) for part in parts):
                    served.workload.restore(slot)

    def _switch_off(self, servers: Sequence[int]) -> None:
        """Servers lose their power and what they do, all at one instant."""
        compute = self._hall.plant.compute
        slots: dict[str, tuple[Served, dict[int, None]]] = {}  # by workload; a replica may stand on several servers
        for i in servers:
            for served, slot in self._sites.get(i, []):
                slots.setdefault(served.spec.id, (served, {}))[1][slot] = None
        for served, gone in slots.values():
            self._fail_replicas(served, list(gone))
        cooled = self._hall.plant.has_coolant()
        compute.switch(servers, self._hall.env.now, False)
        self._boots.stop(servers)
        for i in servers:
            self._note(
                "warning",
                "server.off",
                compute.constants[i].id,
                self._supplies.why_dark(i) if cooled[i] else "switched itself off: too hot",
            )

    def _drop(self, consumers: Sequence[int]) -> None:
        """Servers among these consumers saw a gap they cannot bridge."""
        compute = self._hall.plant.compute
        self._switch_off([i for i in consumers if i < len(compute.constants) and compute.is_on[i]])

    def _restarted(self) -> None:
        """The next step of a staged restart is due."""
        self._settle()
        self.power.changed()

    def _fail_replicas(self, served: Served, slots: Sequence[int]) -> None:
        is_retried = served.spec.on_failure == "retry"
        n = served.workload.fail_together(slots, is_retried)
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
        self.poked.add((element, field))
        self.coolant.look()

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
        liquid = self._hall.plant.cooling.liquid
        if element in liquid.ids and field == "pump_frac":
            return liquid.units.pump_frac, liquid.ids.index(element), 0.2, 1.0
        for names, column in ((liquid.outside, liquid.outside_c), (liquid.circuits.ids, liquid.circuits.set_c)):
            if element in names and field == "supply_c":
                return column, names.index(element), 4.0, 60.0
        raise DocumentError(
            f"{element!r} has no set point {field!r}",
            element,
            "air coolers have supply_c and fan_frac, loops supply_c, coolant units pump_frac; hall, rows, racks and "
            "servers limit_w",
        )
