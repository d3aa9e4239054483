"""Clocks of all replicas: lowered while a power cap is in force or the air a server breathes is too hot."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from difflib import get_close_matches
from math import ceil

import numpy as np
from simpy.events import Event as SimEvent

from twin.catalogue.compute import Server
from twin.errors import DocumentError
from twin.plant.liquid_flow import Branches
from twin.policies.controls.clock import (
    A2_INLET_C,
    FULL_CLOCK_PCT,
    LEAST_CLOCK_PCT,
    chip_clock_pct,
    clock_under_pct,
    throttled_clock_pct,
)
from twin.record.frame import Severity
from twin.sim.hall import Hall
from twin.sim.sites import parts_of

Note = Callable[[Severity, str, str, str], None]

CONTROL_S = 0.1
"""Time between two looks at a capped group. Estimate: boards limit power within tens to hundreds of milliseconds."""

RISE_PCT = 1
"""Clock given back at one look: down at once, up slowly, or each prompt would overshoot anew."""


@dataclass(slots=True)
class Cap:
    """A limit in force on the servers and switches of one element, and how it stands."""

    element: str
    servers: list[int]
    replicas: list[int]
    switches: np.ndarray  # (m,) rows of the network
    limit_w: float | None
    clock_pct: int = FULL_CLOCK_PCT
    debt_j: float = 0.0  # drawn above the limit and not yet saved again
    seen_s: float = 0.0
    seen_j: float = 0.0
    is_lowered: bool = False  # said since the limit was set
    is_missed: bool = False  # said since the limit was set


def _inlet_limit_c(device: object) -> float:
    """Inlet up to which a server keeps its clocks."""
    given = device.max_inlet_c if isinstance(device, Server) else None
    return A2_INLET_C if given is None else given


class Clocks:
    """The one place that sets clocks: each replica runs at the lowest any cap or its inlet leaves it.

    A cap is held by the mean power over a pulse. What is drawn above it before the next look is saved again at once,
    so a pulse exceeds the limit by at most what one look interval and the iterations under way in it draw above it.
    """

    def __init__(self, hall: Hall, note: Note) -> None:
        self._hall, self._note = hall, note
        self._replicas = [replica for served in hall.served for replica in served.workload.replicas]
        self._sites = [site for served in hall.served for site in served.sites]
        n_servers = len(hall.plant.compute.constants)
        self._on_server: list[list[int]] = [[] for _ in range(n_servers)]
        self._chips_of: list[list[int]] = [[] for _ in range(n_servers)]  # of each of those replicas, in the server
        for i, site in enumerate(self._sites):
            for i_server, n_chips in parts_of(site):
                self._on_server[i_server].append(i)
                self._chips_of[i_server].append(n_chips)
        self._spare_chips = [
            constants.n_chips - sum(taken)
            for constants, taken in zip(hall.plant.compute.constants, self._chips_of, strict=True)
        ]
        self._limit_c = np.array([_inlet_limit_c(box.device) for box in hall.floor.servers()])
        self._thermal_pct = [FULL_CLOCK_PCT] * n_servers
        self._chip_pct = [FULL_CLOCK_PCT] * n_servers  # what hot chips on coolant leave
        self._supply_pct = [FULL_CLOCK_PCT] * n_servers  # what too few supplies leave
        self._is_throttled = False  # whether heat lowers any clock
        self._rack_limit_c = np.full(len(hall.plant.racks.ids), np.inf)  # lowest limit in each rack
        np.minimum.at(self._rack_limit_c, hall.plant.rack_of_server, self._limit_c)
        self._caps: dict[str, Cap] = {}

    # Heat

    def follow_heat(self, rack_inlet_c: np.ndarray) -> None:
        """Clocks for the inlets that settled just now, (n_racks,) °C."""
        if not self._is_throttled and not (rack_inlet_c > self._rack_limit_c).any():
            return
        inlet_c = rack_inlet_c[self._hall.plant.rack_of_server]
        before = self._hot_racks()
        for i, limit_c in enumerate(self._limit_c):
            pct = throttled_clock_pct(float(inlet_c[i]), float(limit_c))
            if pct != self._thermal_pct[i]:
                self._thermal_pct[i] = pct
                self._apply(self._on_server[i])
        self._is_throttled = min(self._thermal_pct, default=FULL_CLOCK_PCT) < FULL_CLOCK_PCT
        after = self._hot_racks()
        names = self._hall.plant.racks.ids
        for i in sorted(after - before):
            what = f"inlet {rack_inlet_c[i]:.1f} °C is above the limit of servers here: clocks fall"
            self._note("warning", "thermal.throttled", names[i], what)
        for i in sorted(before - after):
            self._note("note", "thermal.unthrottled", names[i], f"inlet {rack_inlet_c[i]:.1f} °C, full clocks again")

    def follow_chips(self, branches: Branches, chip_c: np.ndarray) -> None:
        """Clocks for chips on coolant that settled just now, (n_branches,) °C."""
        columns = (branches.i_rack, chip_c, branches.throttle_c, branches.trip_c)
        pct_of_rack = {int(rack): chip_clock_pct(*map(float, limits)) for rack, *limits in zip(*columns, strict=True)}
        plant = self._hall.plant
        for i, (i_rack, frac) in enumerate(zip(plant.rack_of_server.tolist(), plant.liquid_frac.tolist(), strict=True)):
            pct = pct_of_rack.get(i_rack, FULL_CLOCK_PCT) if frac > 0.0 else FULL_CLOCK_PCT
            if pct != self._chip_pct[i]:
                self._chip_pct[i] = pct
                self._apply(self._on_server[i])

    def _heat_pct(self, i_server: int) -> int:
        """Clock that air, chips and supplies leave a server."""
        return min(self._thermal_pct[i_server], self._chip_pct[i_server], self._supply_pct[i_server])

    def follow_supplies(self, pct: dict[int, int]) -> None:
        """Clocks that living supplies leave these servers from now on."""
        for i, clock_pct in pct.items():
            if clock_pct != self._supply_pct[i]:
                self._supply_pct[i] = clock_pct
                self._apply(self._on_server[i])

    def _hot_racks(self) -> set[int]:
        racks = self._hall.plant.rack_of_server
        return {int(racks[i]) for i, pct in enumerate(self._thermal_pct) if pct < FULL_CLOCK_PCT and self._on_server[i]}

    # Power

    def cap(self, element: str, limit_w: float | None) -> None:
        """Set, change or lift the cap of an element now."""
        cap = self._caps.get(element)
        is_new = cap is None or cap.limit_w is None
        if cap is None:
            cap = self._caps[element] = self.group(element)
        cap.limit_w, cap.is_lowered, cap.is_missed = limit_w, False, False
        if limit_w is None:
            cap.clock_pct, cap.debt_j = FULL_CLOCK_PCT, 0.0
            self._apply(cap.replicas)
            self._note("note", "power.cap", element, "no cap any more")
            return
        self._note("note", "power.cap", element, f"no more than {limit_w / 1e3:.1f} kW")
        if is_new:
            cap.seen_s, cap.seen_j = self._hall.env.now, self._energy_j(cap)
            self._hall.env.process(self._watch(cap))

    def group(self, element: str) -> Cap:
        """What a cap on an element is about; DocumentError when there is no such element, or no server in it."""
        plant, floor = self._hall.plant, self._hall.floor
        constants = plant.compute.constants
        if element == "hall":
            racks = set(range(len(plant.racks.ids)))
        else:
            racks = {i for i, name in enumerate(plant.racks.ids) if element in (name, floor.racks[name].row)}
        servers = [i for i, c in enumerate(constants) if c.i_rack in racks or c.id == element]
        if not servers:
            known = ["hall", *floor.racks, *sorted({rack.row for rack in floor.racks.values() if rack.row})]
            near = get_close_matches(element, known, 3, 0.6)
            hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known[:16])}"
            raise DocumentError(f"{element!r} is no row, rack or server with anything to cap", element, hint)
        switches = np.flatnonzero(np.isin(plant.network.i_rack, sorted(racks)))
        return Cap(element, servers, [i for server in servers for i in self._on_server[server]], switches, None)

    def _watch(self, cap: Cap) -> Generator[SimEvent, None, None]:
        """Look at a capped group several times a pulse, until the cap is lifted."""
        pulse_s = self._hall.scenario.pulse_s
        n_looks = max(1, ceil(pulse_s / CONTROL_S - 1e-9))
        while cap.limit_w is not None:
            self._regulate(cap, cap.limit_w, pulse_s)
            yield self._hall.env.timeout(pulse_s / n_looks)

    def _regulate(self, cap: Cap, limit_w: float, pulse_s: float) -> None:
        now_s, energy_j = self._hall.env.now, self._energy_j(cap)
        switch_w = float(self._hall.plant.network.power_w()[cap.switches].sum())
        servers_w = limit_w - switch_w
        over_j = energy_j - cap.seen_j - servers_w * (now_s - cap.seen_s)
        pay_s = max(2.0 * CONTROL_S, 0.25 * pulse_s)
        # What clocks cannot save is forgotten, or a cap out of reach would slow everything long after.
        cap.debt_j = min(max(0.0, cap.debt_j + over_j), 0.5 * max(servers_w, 0.0) * pay_s)
        cap.seen_s, cap.seen_j = now_s, energy_j
        target_w = servers_w - cap.debt_j / pay_s
        present_w = float(self._hall.plant.compute.input_w[cap.servers].sum())
        if cap.clock_pct == FULL_CLOCK_PCT and present_w <= target_w:
            return
        highest = min(FULL_CLOCK_PCT, cap.clock_pct + RISE_PCT)
        pct = clock_under_pct(lambda pct: self._watts_at(cap, pct), target_w, LEAST_CLOCK_PCT, highest)
        if pct != cap.clock_pct:
            cap.clock_pct = pct
            self._apply(cap.replicas)
        self._say(cap, limit_w, present_w + switch_w)

    def _say(self, cap: Cap, limit_w: float, present_w: float) -> None:
        """Tell the first time that a cap lowers clocks, and that it asks for more than clocks can give."""
        figures = f"{present_w / 1e3:.1f} kW, cap {limit_w / 1e3:.1f} kW"
        if cap.clock_pct < FULL_CLOCK_PCT and not cap.is_lowered:
            cap.is_lowered = True
            self._note("warning", "power.capped", cap.element, f"{figures}: clocks at {cap.clock_pct} % of nominal")
        if cap.clock_pct == LEAST_CLOCK_PCT and not cap.is_missed and cap.debt_j > 0.2 * limit_w * CONTROL_S:
            cap.is_missed = True
            what = f"{figures}: not held even at {LEAST_CLOCK_PCT} % of the clock"
            self._note("critical", "power.cap_missed", cap.element, what)

    def _energy_j(self, cap: Cap) -> float:
        """Energy at the cords of the servers of a group since the start."""
        return float(self._hall.plant.compute.totals(self._hall.env.now)[0][cap.servers].sum())

    def _watts_at(self, cap: Cap, clock_pct: int) -> float:
        """Watts at the cords if everything that runs now ran at this clock, or lower where something else says so."""
        compute, replicas = self._hall.plant.compute, self._replicas
        total_w = 0.0
        for i_server in cap.servers:
            if not compute.is_on[i_server]:
                continue
            constants = compute.constants[i_server]
            on_server = self._on_server[i_server]
            if not on_server:
                total_w += float(compute.input_w[i_server])
                continue
            pct = min(clock_pct, self._heat_pct(i_server))
            chips_w = self._spare_chips[i_server] * constants.idle_chip_w
            taken = zip(on_server, self._chips_of[i_server], strict=True)
            chips_w += sum([n * replicas[i].accel_w_at(pct / FULL_CLOCK_PCT) for i, n in taken])
            over_k = float(compute.over_k[i_server])
            psu_frac = float(compute.psu_frac[i_server])
            total_w += constants.input_w(chips_w, compute.host_w(i_server), psu_frac, over_k)
        return total_w

    def _apply(self, replicas: list[int]) -> None:
        """Give replicas the lowest clock that anything asks of them."""
        caps = [cap for cap in self._caps.values() if cap.limit_w is not None]
        members = [(cap, set(cap.replicas)) for cap in caps if cap.clock_pct < FULL_CLOCK_PCT]
        for i in replicas:
            pct = min([self._heat_pct(i_server) for i_server, _ in parts_of(self._sites[i])])
            for cap, inside in members:
                if i in inside:
                    pct = min(pct, cap.clock_pct)
            self._replicas[i].set_clock(pct / FULL_CLOCK_PCT)
