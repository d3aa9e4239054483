"""What follows a failure, for thousands of failures at once: batteries, generators, trips, one event after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.plant.power import SWITCHES, PowerPath
from twin.plant.power_cases import CaseSolution, CaseState, LiveWatts, PowerCases
from twin.plant.trips import Trips
from twin.sim.power_events import HOLD_UP_S

HORIZON_S = 86400.0
"""What has not happened a day after the failure is left out: by then somebody has come."""
AT_ONCE_S = 1e-3
TRACE_FRAC = 1e-9
"""A load that differs by less than this share from the usual one is the usual one."""
MOST_ROUNDS = 200
"""Each round opens, empties or starts something in every case that goes on, so fewer are enough."""


@dataclass(slots=True)
class Outcome:
    """What each case came to; the last axis is the case."""

    was_dark: np.ndarray  # (n_groups, n_cases) without power at any time, if only for the gap of a switch
    is_dark: np.ndarray  # (n_groups, n_cases) at the end
    trip_s: FloatArray  # (m, n_cases) when each guard tripped, infinity for never
    empty_s: FloatArray  # (k, n_cases) when each battery was empty, infinity for never
    battery_s: FloatArray  # (k, n_cases) time each lasts at its first load, infinity where it carries nothing
    start_s: FloatArray  # (n_generators, n_cases) when each took load, infinity for never
    stalled: np.ndarray  # (n_generators, n_cases) stopped by its first step
    highest_ratio: FloatArray  # (n, n_cases) of load over rating
    highest_w: FloatArray  # (n, n_cases) load then
    touched: np.ndarray  # (n + n_groups, n_cases) stood or was shared otherwise than usual, or carried more; if traced
    fell: np.ndarray  # (n, n_cases) carried less than usual; if traced


class Cascade:
    """Failures of one path at fixed loads, followed to their ends."""

    def __init__(
        self, path: PowerPath, consumer_w: FloatArray, n_staged: int = 0, live_w: LiveWatts | None = None
    ) -> None:
        """n_staged: so many of the first consumers come back in steps a generator bears, once they were dark.

        live_w: watts of consumer i by its live cords, (n_cords + 1,); none: consumer_w as long as any lives.
        """
        self.path, self.cases = path, PowerCases(path, consumer_w, live_w)
        group_of = self.cases.group_of[:n_staged]
        self.staged_w = np.bincount(group_of, consumer_w[:n_staged], len(self.cases.groups)).astype(float)
        self.switches = [i for i, node in enumerate(path.nodes) if node.role in SWITCHES]
        self._generators = path.generators.tolist()
        self._watched = _watched(path)
        self._normal = self.cases.solve(self.cases.state(1))
        self._normal_w, input_w = self.cases.flow(self._normal)
        self._normal_ratio = self._ratio(self._normal, self._normal_w, input_w)

    @property
    def n_failures(self) -> int:
        """How many things can fail."""
        return len(self.path.nodes) + len(self.path.storage.packs) + len(self.switches)

    def follow(self, failures: Sequence[tuple[int, ...]], is_traced: bool = False) -> Outcome:
        """Each failure is a set of indices: elements, then batteries, then switches that cannot move."""
        n, k = len(self.path.nodes), len(self.path.storage.packs)
        state = self.cases.state(len(failures))
        for case, lost in enumerate(failures):
            for i in lost:
                if i < n:
                    state.is_up[i, case] = False
                elif i < n + k:
                    state.carries[i - n, case] = False
                else:
                    state.is_stuck[self.switches[i - n - k], case] = True
        found = _Following(self, state, is_traced).to_the_end()
        if is_traced:  # what is lost is not as usual, even where nobody needs it
            at = [*range(n), *self.path.storage.node.tolist(), *self.switches]
            for case, lost in enumerate(failures):
                found.touched[[at[i] for i in lost], case] = True
        return found

    def _ratio(self, found: CaseSolution, load_w: FloatArray, input_w: FloatArray) -> FloatArray:
        """Load over rating of each guard, (m, n_cases)."""
        trips = self.path.trips
        if not len(trips.guards):
            return np.zeros((0, load_w.shape[1]))
        drawn_w = input_w[trips.node]
        if self.path.has_phases:
            drawn_w = drawn_w * self.cases.phase_factor(found)[trips.node]
        drawn_w = np.where(trips.is_ups[:, None], load_w[trips.node], drawn_w)
        return np.asarray(drawn_w / trips.rated_w[:, None])


def _watched(path: PowerPath) -> list[list[int]]:
    """Where each generator steps in: the first element on each way down that has another input."""
    children: dict[int, list[int]] = defaultdict(list)
    for i, node in enumerate(path.nodes):
        for p in node.parents:
            children[p].append(i)
    found = []
    for g in path.generators.tolist():
        meets: dict[int, None] = {}
        ways = [g]
        while ways:
            for child in children[ways.pop()]:
                if path.nodes[child].role in SWITCHES or len(path.nodes[child].parents) > 1:
                    meets[child] = None
                else:
                    ways.append(child)
        found.append(list(meets))
    return found


class _Following:
    """The cases of one call, still running or at their ends."""

    def __init__(self, cascade: Cascade, state: CaseState, is_traced: bool) -> None:
        self._c, self._state, self._is_traced = cascade, state, is_traced
        path, n_cases = cascade.path, state.is_up.shape[1]
        m, k, n = len(path.trips.guards), len(path.storage.packs), len(path.nodes)
        self._now_s = np.zeros(n_cases)
        self._charge = np.where(state.carries, 1.0, 0.0)
        self._heat = np.repeat(np.square(cascade._normal_ratio), n_cases, axis=1)
        self._travel = np.zeros((m, n_cases))
        self._ready_at_s = np.full((len(cascade._generators), n_cases), np.inf)
        n_groups = len(cascade.cases.groups)
        normal = cascade._normal
        self._takes = np.repeat(normal.takes, n_cases, axis=1)
        self._was_live = np.repeat(normal.is_live, n_cases, axis=1)
        self._leans = np.repeat(normal.is_on_battery, n_cases, axis=1)
        self._out = Outcome(
            was_dark=np.zeros((n_groups, n_cases), dtype=bool),
            is_dark=np.zeros((n_groups, n_cases), dtype=bool),
            trip_s=np.full((m, n_cases), np.inf),
            empty_s=np.full((k, n_cases), np.inf),
            battery_s=np.full((k, n_cases), np.inf),
            start_s=np.full((len(cascade._generators), n_cases), np.inf),
            stalled=np.zeros((len(cascade._generators), n_cases), dtype=bool),
            highest_ratio=np.zeros((n, n_cases)),
            highest_w=np.zeros((n, n_cases)),
            touched=np.zeros((n + n_groups if is_traced else 0, n_cases), dtype=bool),
            fell=np.zeros((n if is_traced else 0, n_cases), dtype=bool),
        )

    def to_the_end(self) -> Outcome:
        """Follow all cases until nothing more happens in any."""
        running = np.arange(len(self._now_s))
        for _ in range(MOST_ROUNDS):
            running = self._round(running)
            if not len(running):
                break
        return self._out

    def _gap(self, cases: np.ndarray, state: CaseState, found: CaseSolution) -> None:
        """Who sees the gap of a switch that moves, or of a UPS that leaves its eco mode for its battery."""
        c = self._c
        moved = (found.takes != self._takes[:, cases]) & found.is_live & self._was_live[:, cases]
        left_eco = found.is_on_battery & ~self._leans[:, cases] & c.path.is_eco[:, None]
        slow = np.array([node.transfer_s > HOLD_UP_S for node in c.path.nodes])
        gone = (moved | left_eco) & slow[:, None]
        self._takes[:, cases], self._was_live[:, cases] = found.takes, found.is_live
        self._leans[:, cases] |= found.is_on_battery
        some = gone.any(axis=0)
        if some.any():
            between = state.part(np.flatnonzero(some))
            between.is_up &= ~gone[:, some]
            during = c.cases.solve(between)
            self._out.was_dark[:, cases[some]] |= self._dark(during)
            if self._is_traced:  # what is dark or leans for the gap meets the loss of what bears it: a cord, a battery
                self._trace_standing(cases[some], during)

    def _dark(self, found: CaseSolution) -> np.ndarray:
        return ~found.is_fed & self._c._normal.is_fed

    def _round(self, cases: np.ndarray) -> np.ndarray:
        """One event in each of these cases. Returns those that go on."""
        c, out = self._c, self._out
        state = self._state.part(cases)
        found = c.cases.solve(state)
        load_w, input_w = c.cases.flow(found)
        self._gap(cases, state, found)
        self._note(cases, found, load_w)
        if self._is_traced:
            self._trace(cases, found, load_w)
        self._call(cases, state)
        ratio = c._ratio(found, load_w, input_w)
        trips = self._trips(cases)
        trip_s = self._trip_left_s(trips, ratio, state, found)
        given_w, empty_s = self._battery_left_s(cases, found, input_w)
        ready_s = np.maximum(self._ready_at_s[:, cases] - self._now_s[cases], 0.0)
        wait_s = np.min(np.concatenate([trip_s, empty_s, ready_s, np.full((1, len(cases)), np.inf)]), axis=0)
        goes = self._now_s[cases] + wait_s <= HORIZON_S
        out.is_dark[:, cases] = self._dark(found)
        if not goes.any():
            return cases[:0]
        cases, wait_s = cases[goes], wait_s[goes]
        self._carry(cases, trips, ratio, wait_s, given_w[:, goes], goes)
        due_s = wait_s + AT_ONCE_S
        self._open(cases, trip_s[:, goes] <= due_s)
        self._run_out(cases, empty_s[:, goes] <= due_s)
        self._start(cases, ready_s[:, goes] <= due_s)
        return cases

    def _note(self, cases: np.ndarray, found: CaseSolution, load_w: FloatArray) -> None:
        out, limit_w = self._out, self._c.path.limit_w[:, None]
        out.was_dark[:, cases] |= self._dark(found)
        ratio = load_w / limit_w
        is_higher = ratio > out.highest_ratio[:, cases]
        out.highest_ratio[:, cases] = np.where(is_higher, ratio, out.highest_ratio[:, cases])
        out.highest_w[:, cases] = np.where(is_higher, load_w, out.highest_w[:, cases])

    def _trace(self, cases: np.ndarray, found: CaseSolution, load_w: FloatArray) -> None:
        """Which elements and groups stand, share or carry otherwise than when all is well."""
        c, n = self._c, len(self._c.path.nodes)
        least_w = TRACE_FRAC * np.maximum(c._normal_w, 1.0)
        touched = load_w > c._normal_w + least_w
        self._out.touched[:n, cases] |= touched
        self._trace_standing(cases, found)
        self._out.fell[:, cases] |= load_w < c._normal_w - least_w

    def _trace_standing(self, cases: np.ndarray, found: CaseSolution) -> None:
        """Which elements and groups stand otherwise."""
        c, n, normal = self._c, len(self._c.path.nodes), self._c._normal
        touched = (found.is_live != normal.is_live) | (found.is_on_battery != normal.is_on_battery)
        touched |= found.takes != normal.takes
        for i, shares in enumerate(found.shares):
            other = shares != normal.shares[i]
            touched[i] |= other.any(axis=0)
            for own, p in zip(other & (shares > normal.shares[i]), c.path.nodes[i].parents, strict=False):
                touched[p] |= own
        self._out.touched[:n, cases] |= touched
        for g, group in enumerate(c.cases.groups):
            nodes = list(group.nodes)
            self._out.touched[n + g, cases] |= (found.is_live[nodes] != normal.is_live[nodes]).any(axis=0)

    def _call(self, cases: np.ndarray, state: CaseState) -> None:
        """Start generators whose switches have lost the utility."""
        c = self._c
        if not c._generators:
            return
        mains = state.part(np.arange(len(cases)))
        mains.is_ready[c._generators] = False
        mains.carries[:] = False
        live = c.cases.solve(mains).is_live
        for row, (g, nodes) in enumerate(zip(c._generators, c._watched, strict=True)):
            called = np.zeros(len(cases), dtype=bool)
            for i in nodes:
                calls = ~live[list(c.path.nodes[i].parents)].any(axis=0) & state.is_up[i]
                called |= calls
                if self._is_traced:  # it may be the only one that calls
                    self._out.touched[i, cases] |= calls
            fresh = called & state.is_up[g] & ~state.is_ready[g] & ~np.isfinite(self._ready_at_s[row, cases])
            wait_s = c.path.nodes[g].start_s + max((c.path.nodes[i].transfer_s for i in nodes), default=0.0)
            at = cases[fresh & ~self._out.stalled[row, cases]]
            self._ready_at_s[row, at] = self._now_s[at] + wait_s

    def _trips(self, cases: np.ndarray) -> Trips:
        trips = Trips(self._c.path.trips.guards)
        trips.heat, trips.travel = self._heat[:, cases].T, self._travel[:, cases].T
        return trips

    def _trip_left_s(self, trips: Trips, ratio: FloatArray, state: CaseState, found: CaseSolution) -> FloatArray:
        """Time until each guard trips, (m, n_cases)."""
        if not len(trips.guards):
            return np.zeros((0, ratio.shape[1]))
        left_s = np.broadcast_to(trips.left_s(ratio.T), ratio.T.shape).T
        is_ups = trips.is_ups[:, None]
        is_armed = found.is_live[trips.node] & ~(is_ups & state.is_bypassed[trips.node])
        is_armed &= state.is_closed[trips.node] | is_ups
        return np.where(is_armed, left_s, np.inf)

    def _battery_left_s(
        self, cases: np.ndarray, found: CaseSolution, input_w: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Watts each battery gives and the time it lasts, both (k, n_cases)."""
        storage = self._c.path.storage
        given_w = np.where(found.is_on_battery[storage.node], input_w[storage.node], 0.0)
        left_s = np.full(given_w.shape, np.inf)
        for k, run_s in self._run_s(given_w):
            gives = given_w[k] > 0.0
            left_s[k, gives] = self._charge[k, cases[gives]] * run_s[gives]
        is_first = (self._now_s[cases] == 0.0) & ~np.isfinite(self._out.battery_s[:, cases])
        self._out.battery_s[:, cases] = np.where(is_first, left_s, self._out.battery_s[:, cases])
        return given_w, left_s

    def _run_s(self, given_w: FloatArray) -> list[tuple[int, FloatArray]]:
        """Time from full at these watts, by battery."""
        storage = self._c.path.storage
        columns = [storage.run_time_s(column) for column in given_w.T]
        return list(enumerate(np.array(columns).reshape(given_w.shape[::-1]).T))

    def _carry(
        self,
        cases: np.ndarray,
        trips: Trips,
        ratio: FloatArray,
        wait_s: FloatArray,
        given_w: FloatArray,
        goes: np.ndarray,
    ) -> None:
        """Carry heat, travel and charge on to the event."""
        self._now_s[cases] += wait_s
        if len(trips.guards):
            trips.heat, trips.travel = trips.heat[goes], trips.travel[goes]
            trips.advance(ratio[:, goes].T, wait_s[:, None])  # type: ignore[arg-type]
            self._heat[:, cases], self._travel[:, cases] = trips.heat.T, trips.travel.T
        for k, run_s in self._run_s(given_w):
            used = np.where(given_w[k] > 0.0, wait_s / run_s, 0.0)
            self._charge[k, cases] = np.maximum(self._charge[k, cases] - used, 0.0)

    def _open(self, cases: np.ndarray, due: np.ndarray) -> None:
        trips = self._c.path.trips
        for m, case in zip(*np.nonzero(due), strict=True):
            at = cases[case]
            column = self._state.is_bypassed if trips.is_ups[m] else self._state.is_closed
            column[trips.node[m], at] = bool(trips.is_ups[m])
            self._travel[m, at] = 0.0
            self._out.trip_s[m, at] = min(self._out.trip_s[m, at], self._now_s[at])

    def _run_out(self, cases: np.ndarray, due: np.ndarray) -> None:
        for k, case in zip(*np.nonzero(due), strict=True):
            self._state.carries[k, cases[case]] = False
            self._out.empty_s[k, cases[case]] = self._now_s[cases[case]]

    def _start(self, cases: np.ndarray, due: np.ndarray) -> None:
        """Generators take load: first what hangs on no battery, in one step, which may be too much for them."""
        if not due.any():
            return
        c = self._c
        some = due.any(axis=0)
        at, due = cases[some], due[:, some]
        before = c.cases.solve(self._state.part(at))
        leaning = before.is_on_battery
        # Servers that are dark come back in steps; all else that is dark takes power at once.
        group_w = c.cases.group_w[:, None] - c.staged_w[:, None] * ~before.is_fed
        for row, g in enumerate(c._generators):
            self._ready_at_s[row, at[due[row]]] = np.inf
            self._state.is_ready[g, at[due[row]]] = True
        first = self._state.part(at)
        first.is_held |= leaning
        _, input_w = c.cases.flow(c.cases.solve(first), group_w)
        step_w = np.maximum(input_w, self._ups_step_w(at, leaning, group_w, input_w))
        for row, g in enumerate(c._generators):
            node = c.path.nodes[g]
            is_too_much = due[row] & (step_w[g] > node.step_frac * node.limit_w * (1.0 + 1e-9))
            self._state.is_ready[g, at[is_too_much]] = False
            self._out.stalled[row, at[is_too_much]] = True
            done = at[due[row] & ~is_too_much]
            self._out.start_s[row, done] = self._now_s[done]

    def _ups_step_w(self, at: np.ndarray, leaning: np.ndarray, group_w: FloatArray, input_w: FloatArray) -> FloatArray:
        """Highest step of each element, (n, n_cases), when UPS go from their batteries one by one, the least step."""
        c = self._c
        highest_w = np.zeros_like(input_w)
        for u in np.flatnonzero(leaning.any(axis=1)).tolist():
            state = self._state.part(at)
            state.is_held |= leaning
            state.is_held[u] = False
            _, with_it_w = c.cases.flow(c.cases.solve(state), group_w)
            highest_w = np.maximum(highest_w, with_it_w - input_w)
        return highest_w
