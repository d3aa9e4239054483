"""What follows when the power path changes: batteries, switches, generators, trips, servers, until all is quiet."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import numpy as np
from simpy.events import Event as SimEvent

from twin.physics import FloatArray
from twin.plant.flow import PowerFlow
from twin.plant.plant import Settled
from twin.plant.power import PowerPath
from twin.sim.hall import Hall
from twin.sim.restart import trips_on_inrush
from twin.sim.shaving import Shaving
from twin.sim.sources import Note, Sources

HOLD_UP_S = 0.010
"""Gap a power supply bridges at full load. Estimate: 10 to 20 ms, the ATX and server class; the lower end."""
LET_BACK_S = 5.0
"""Time between two steps in which UPS go from battery to a generator. Estimate: walk-in of 5 to 30 s."""
ECO_RETURN_S = 60.0
"""A UPS trusts its input again after so long. Estimate: about a minute in makers' manuals."""
INSTANT_S = 1e-3
"""What would trip or be empty sooner than this, is."""
SHORT_FRAC = 1e-3
"""Share of its charge a battery may lack untold: a table of run times is no better. The summary counts all of it."""
MOST_ROUNDS = 1000
"""More rounds than elements that can trip, so that a cascade always ends by itself."""

Drop = Callable[[Sequence[int]], None]


class PowerEvents:
    """Carries a change of the power path to its end at one instant, and predicts the next one.

    follow switches servers off and on with their feeds and returns those it switched on; drop makes servers lose what
    they do. Trips and empty batteries are not polled: the earliest is predicted in closed form and scheduled.
    """

    __slots__ = (
        "_alarm_s",
        "_drop",
        "_follow",
        "_hall",
        "_let_back_s",
        "_note",
        "_settle",
        "_sources",
        "_told_short_j",
        "_was_charging",
        "_was_on_battery",
        "shaving",
    )

    def __init__(
        self, hall: Hall, settle: Callable[[], None], note: Note, follow: Callable[[], list[int]], drop: Drop
    ) -> None:
        self._hall, self._settle, self._note, self._follow, self._drop = hall, settle, note, follow, drop
        self._sources = Sources(hall, settle, note, self.changed)
        self.shaving = Shaving(hall.plant, note)
        self._was_on_battery = self._path.is_on_battery.copy()
        self._was_charging = np.zeros(len(self._path.storage.packs), dtype=bool)
        self._told_short_j = np.zeros(len(self._path.storage.packs))
        self._alarm_s, self._let_back_s = np.inf, -1.0
        # What stands without a source from the first moment, such as a hall on generators alone, is told at 0 s.
        if not all(self._path.is_live[i] for i, node in enumerate(self._path.nodes) if node.role != "generator"):
            hall.env.process(self._first())

    @property
    def _path(self) -> PowerPath:
        return self._hall.plant.power

    def _first(self) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(0.0)
        self.changed()

    def repaired(self, i: int) -> None:
        """An element was mended: it begins anew."""
        path = self._path
        path.is_bypassed[i], path.is_closed[i] = False, True
        for m in np.flatnonzero(path.trips.node == i).tolist():
            path.trips.reset(m)
        self._sources.repaired(i)

    # An instant

    def changed(self) -> None:
        """Something changed just now, with the plant settled: follow it until nothing more happens at this instant."""
        for _ in range(MOST_ROUNDS):
            self._resolve()
            started = self._follow()
            flow, consumer_w = self._hall.plant.flow_now()
            if self._sources.stalled(flow):
                continue
            if not self._trip(flow, consumer_w, started) and not self._run_out(flow):
                break
        self._sources.call_generators()
        self._predict(flow, consumer_w)

    def _resolve(self) -> None:
        """Who has power once static switches have moved and batteries have taken over."""
        path = self._path
        if path.storage.shaved_w.any():  # what fails comes first; the next pulse decides anew
            path.storage.shave(np.zeros(len(path.storage.packs)))
        self._cut_off(path.is_on_battery[path.storage.node] & (path.storage.charge_frac <= 0.0))
        while True:
            fed = path.is_fed.copy()
            path.solve()
            moved = self._sources.move_switches()
            if moved:
                path.solve()
            left_eco = self._lean()
            self._blink(moved + left_eco, fed)
            if not moved and not left_eco and not self._let_back():
                return

    def _lean(self) -> list[int]:
        """Tell which UPS went on battery. Returns those that left eco mode to do so, with a gap."""
        path = self._path
        is_new = path.is_on_battery & ~self._was_on_battery
        left_eco = []
        for i in np.flatnonzero(is_new).tolist():
            path.is_held[i] = True
            if path.is_eco[i]:
                path.is_eco[i] = False
                left_eco.append(i)
            k = path.storage.node.tolist().index(i)
            charge = f"{path.storage.charge_frac[k]:.0%} charged"
            self._note("warning", "power.on_battery", path.ids[i], f"lost its input, {charge}")
        for i in np.flatnonzero(self._was_on_battery & ~path.is_on_battery).tolist():
            path.is_held[i] = False
            if path.is_live[i]:
                self._note("note", "power.on_mains", path.ids[i], "has its input again")
                if path.nodes[i].eco_loss is not None:
                    self._hall.env.process(self._trust(i))
        self._was_on_battery = path.is_on_battery.copy()
        return left_eco

    def _trust(self, i: int) -> Generator[SimEvent, None, None]:
        """Back to eco mode after a quiet while."""
        yield self._hall.env.timeout(ECO_RETURN_S)
        path = self._path
        if path.is_live[i] and not path.is_on_battery[i] and not path.is_eco[i]:
            self._settle()
            path.is_eco[i] = True
            self._note("note", "power.eco", path.ids[i], "in eco mode again")
            self.changed()

    def _blink(self, gone: Sequence[int], fed: np.ndarray) -> None:
        """Servers that saw a gap longer than their hold-up through one of these elements lose what they do."""
        path = self._path
        slow = [i for i in gone if path.nodes[i].transfer_s > HOLD_UP_S]
        if not slow:
            return
        is_up = path.is_up.copy()
        path.is_up[slow] = False
        path.solve()
        dark = fed & ~path.is_fed
        path.is_up[:] = is_up
        path.solve()
        self._drop(np.flatnonzero(dark & path.is_fed).tolist())

    def _let_back(self) -> bool:
        """Let UPS whose input is back go from their batteries, onto generators only in steps these bear."""
        path, env = self._path, self._hall.env
        waiting = [i for i in np.flatnonzero(path.is_held & path.is_on_battery).tolist() if path.has_input(i)]
        if not waiting:
            return False
        is_generating = bool(path.is_ready[path.generators].any())
        if is_generating and env.now < self._let_back_s:
            return False
        n = len(waiting)
        if is_generating:
            n = next((k for k in range(n, 1, -1) if self._bears(waiting[:k])), 1)
        path.is_held[waiting[:n]] = False
        if n < len(waiting):
            self._let_back_s = env.now + LET_BACK_S
            env.process(self._again(LET_BACK_S))
        return True

    def _bears(self, ups: list[int]) -> bool:
        path = self._path
        path.is_held[ups] = False
        path.solve()
        flow, _ = self._hall.plant.flow_now()
        path.is_held[ups] = True
        path.solve()
        return self._sources.bears(flow)

    def _again(self, wait_s: float) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(wait_s)
        self._settle()
        self.changed()

    # Trips and empty batteries

    def _trip(self, flow: PowerFlow, consumer_w: FloatArray, started: Sequence[int]) -> bool:
        """Open what trips at this instant."""
        path = self._path
        trips = path.trips
        if not len(trips.guards):
            return False
        ratio = path.ratio(flow, consumer_w)
        peak = trips.peak(ratio)
        due = trips.left_s(ratio) <= INSTANT_S
        if started:
            due |= trips_on_inrush(self._hall.plant, np.array(started, dtype=np.intp), self._hall.plant.max_server_w())
        due &= path.is_live[trips.node] & ~(trips.is_ups & path.is_bypassed[trips.node])
        due &= path.is_closed[trips.node] | trips.is_ups
        for m in np.flatnonzero(due).tolist():
            self._open(m, float((peak if peak[m] >= trips.at_once[m] else ratio)[m]))
        return bool(due.any())

    def _open(self, m: int, ratio: float) -> None:
        path = self._path
        guard, i = path.trips.guards[m], int(path.trips.node[m])
        path.trips.reset(m)
        figures = f"{ratio:.0%} of {path.trips.rated_w[m] / 1e3:.1f} kW"
        if guard.curve == "UPS":
            path.is_bypassed[i] = True
            self._note("critical", "ups.overloaded", path.ids[i], f"{figures}: gives up, on its bypass if it has input")
        else:
            path.is_closed[i] = False
            self._note("critical", "breaker.tripped", path.ids[i], f"{figures}, curve {guard.curve}")

    def _run_out(self, flow: PowerFlow) -> bool:
        """Cut off batteries that are empty."""
        path = self._path
        storage = path.storage
        due = (storage.left_s(path.given_w(flow)) <= INSTANT_S) & path.is_on_battery[storage.node]
        return self._cut_off(due)

    def _cut_off(self, is_empty: np.ndarray) -> bool:
        storage = self._path.storage
        is_new = is_empty & ~storage.is_empty
        for k in np.flatnonzero(is_new).tolist():
            storage.is_empty[k] = True
            place = self._path.ids[storage.node[k]]
            self._note("critical", "battery.empty", place, "its load has no power unless fed twice")
        return bool(is_new.any())

    # Between instants

    def take(self, settled: Settled) -> None:
        """A pulse has settled: predict anew from its loads."""
        path = self._path
        if len(path.generators):
            self._sources.carry(settled.flow)
            if self._sources.swings_too_far(settled.flow):
                self.changed()
        self._tell_charged()
        self._tell_short()
        self.shaving.take(settled)
        if path.is_on_battery.any() or path.highest_ratio > 1.0 or path.storage.shaved_w.any():
            flow, consumer_w = self._hall.plant.flow_now()
            self._predict(flow, consumer_w)

    def _tell_charged(self) -> None:
        storage = self._path.storage
        is_charging = storage.charge_frac < 1.0
        for k in np.flatnonzero(self._was_charging & ~is_charging).tolist():
            self._note("note", "battery.charged", self._path.ids[storage.node[k]], "full again")
        self._was_charging = is_charging

    def _tell_short(self) -> None:
        """What a battery gave within a pulse that it did not have: its load rose after its end was predicted."""
        storage = self._path.storage
        for k in np.flatnonzero(storage.shortage_j - self._told_short_j > SHORT_FRAC * storage.full_j).tolist():
            short_kj = (storage.shortage_j[k] - self._told_short_j[k]) / 1e3
            what = f"gave {short_kj:.3g} kJ it did not have, as its load rose within a pulse; shorten pulse_s"
            self._note("warning", "battery.overdrawn", self._path.ids[storage.node[k]], what)
            self._told_short_j[k] = storage.shortage_j[k]

    def _predict(self, flow: PowerFlow, consumer_w: FloatArray) -> None:
        """Wake when the first battery is empty or the first guard trips, if that is before the next pulse."""
        path, now_s = self._path, float(self._hall.env.now)
        left_s = float(path.storage.left_s(path.given_w(flow)).min(initial=np.inf))
        if len(path.trips.guards):
            trip_s = path.trips.left_s(path.ratio(flow, consumer_w))
            is_armed = path.is_live[path.trips.node] & ~(path.trips.is_ups & path.is_bypassed[path.trips.node])
            left_s = min(left_s, float(trip_s[is_armed].min(initial=np.inf)))
        at_s = now_s + left_s
        # The next pulse predicts again, from newer loads.
        if left_s > 2.0 * self._hall.scenario.pulse_s or abs(at_s - self._alarm_s) < INSTANT_S:
            return
        self._alarm_s = at_s
        self._hall.env.process(self._wake(at_s))

    def _wake(self, at_s: float) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(max(0.0, at_s - self._hall.env.now))
        if self._alarm_s == at_s:
            self._alarm_s = np.inf
            self._settle()
            self.changed()
