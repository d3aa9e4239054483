"""Replicas of a workload that sleep and wake as an autoscaler asks, and how long they spent in each state."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import Literal

import numpy as np
from simpy.events import Event, Timeout

from twin.physics import FloatArray
from twin.record.frame import Severity
from twin.sim.arrivals import Workload
from twin.sim.choices import ScalingPlan
from twin.sim.latency import LatencyWindow
from twin.sim.service_window import ItemWindow

Note = Callable[[Severity, str, str, str], None]
State = Literal["awake", "draining", "loading", "asleep", "dark"]
STATES: tuple[State, ...] = ("awake", "draining", "loading", "asleep", "dark")


class Scaling:
    """Looks every so often how many replicas should be awake, and lets some sleep or wakes others.

    A replica that is let go takes no new requests, finishes those it has and falls asleep at the first look that finds
    it empty. One that is woken draws idle watts while its weights are loaded, then takes requests. When none takes any,
    a request that is held wakes one at once. One that lost power has lost its weights: it loads them again when it has
    power, if it was to be awake. It is what its autoscaler sees (`twin.policies.protocols.FleetView`).
    """

    __slots__ = (
        "_env",
        "_loads",
        "_note",
        "_plan",
        "_since_s",
        "_start_hour",
        "_state",
        "_state_s",
        "_wanted",
        "_was_awake",
        "_workload",
        "latency",
        "n_sleeps",
        "n_wakes",
        "name",
    )

    def __init__(self, name: str, workload: Workload, plan: ScalingPlan, start_hour: float, note: Note) -> None:
        """start_hour: local time of day at 0 s, h. All replicas are awake at first."""
        n, env = len(workload.replicas), workload.env
        self._env, self.name, self._workload, self._plan = env, name, workload, plan
        self._start_hour, self._note = start_hour, note
        self._state: list[State] = ["awake"] * n
        self._since_s = [float(env.now)] * n
        self._state_s: dict[State, float] = dict.fromkeys(STATES, 0.0)
        self._loads: list[Timeout | None] = [None] * n
        self._was_awake = [True] * n
        self._wanted: deque[tuple[float, int]] = deque([(float(env.now), n)])
        self.n_sleeps = self.n_wakes = 0
        self.latency: LatencyWindow | ItemWindow | None = None  # given by the run, follows each pulse
        workload.keeper = self
        env.process(self._watch())

    # What the autoscaler sees

    @property
    def n_replicas(self) -> int:
        """Replicas with power."""
        return len(self._state) - self._state.count("dark")

    @property
    def n_awake(self) -> int:
        """Replicas that take requests or will once their weights are loaded."""
        return self._state.count("awake") + self._state.count("loading")

    @property
    def n_open(self) -> int:
        """Requests waiting, running or held."""
        return sum(self._workload.outstanding) + self._workload.n_held

    @property
    def hour(self) -> float:
        """Local time of day, h."""
        return (self._start_hour + self._env.now / 3600.0) % 24.0

    @property
    def ttft_s(self) -> FloatArray:
        """Times to first token of the last minute, s; those to the whole answer where it has no tokens."""
        seen = self.latency
        if isinstance(seen, ItemWindow):
            return seen.e2e_s
        return np.zeros(0) if seen is None else seen.ttft_s

    # What the run reads

    def state_s(self) -> dict[State, float]:
        """Replica-seconds spent in each state until now."""
        now_s, spent = self._env.now, dict(self._state_s)
        for state, since_s in zip(self._state, self._since_s, strict=True):
            spent[state] += now_s - since_s
        return spent

    # Looking

    def _watch(self) -> Generator[Event, None, None]:
        while True:
            self.look()
            yield self._env.timeout(self._plan.spec.every_s)

    def look(self) -> None:
        """Let those fall asleep that are empty by now, then ask how many should be awake and see to it."""
        outstanding, spec = self._workload.outstanding, self._plan.spec
        for slot in self._in("draining"):
            if not outstanding[slot]:
                self._sleep(slot)
        now_s, most = self._env.now, len(self._state) if spec.max is None else spec.max
        least = max(spec.min, 1 if self.n_open else 0)  # nobody waits for a day that is far
        wanted = min(max(self._plan.policy(self), least), most)
        self._wanted.append((now_s, wanted))
        while len(self._wanted) > 1 and self._wanted[0][0] <= now_s - spec.down_after_s:
            self._wanted.popleft()
        if wanted > self.n_awake:
            self._wake(wanted - self.n_awake)
        else:
            self._let_go(self.n_awake - min(most, max(n for _, n in self._wanted)))

    def _in(self, state: State) -> list[int]:
        return [slot for slot, one in enumerate(self._state) if one == state]

    def _wake(self, n: int) -> None:
        """Wake so many: first those that have not fallen asleep yet."""
        for slot in self._in("draining")[:n]:
            self._open(slot)
            n -= 1
        for slot in self._in("asleep")[:n]:
            self.n_wakes += 1
            self._load(slot)

    def _let_go(self, n: int) -> None:
        """Let so many go: first those still loading, then those with the fewest requests; the last of equals first."""
        if n <= 0:
            return
        outstanding = self._workload.outstanding
        order = self._in("loading")[::-1] + sorted(self._in("awake"), key=lambda i: (outstanding[i], -i))
        for slot in order[:n]:
            if outstanding[slot]:
                self._enter(slot, "draining")
                self._workload.close(slot)
            else:
                self._sleep(slot)

    # What happens to a replica

    def _enter(self, slot: int, state: State) -> None:
        now_s = self._env.now
        self._state_s[self._state[slot]] += now_s - self._since_s[slot]
        self._state[slot], self._since_s[slot], self._loads[slot] = state, now_s, None

    def _tell(self, kind: str, slot: int, what: str) -> None:
        n_up = self._state.count("awake")
        text = f"{self.name}: replica {slot} {what}; {n_up} of {len(self._state)} awake"
        self._note("note", f"scale.{kind}", self._plan.beds[slot].place, text)

    def _sleep(self, slot: int) -> None:
        self._enter(slot, "asleep")
        self.n_sleeps += 1
        self._workload.sleep(slot, self._plan.beds[slot].sleep_w)
        self._tell("sleep", slot, "sleeps")

    def _load(self, slot: int) -> None:
        """Load the weights of a replica that has power: idle watts, and nothing is sent to it."""
        bed = self._plan.beds[slot]
        self._workload.replicas[slot].wake()
        self._enter(slot, "loading")
        load = self._loads[slot] = Timeout(self._env, bed.wake_s)
        load.callbacks.append(lambda event: self._loaded(slot, event))
        self._tell("wake", slot, f"wakes and is ready in {bed.wake_s:.1f} s")

    def _loaded(self, slot: int, load: Event) -> None:
        if self._loads[slot] is load:  # else it was sent to sleep again or lost power meanwhile
            self._open(slot)
            self._tell("ready", slot, "is ready")

    def _open(self, slot: int) -> None:
        self._enter(slot, "awake")
        self._workload.open(slot)

    def failed(self, slot: int) -> None:
        """A replica lost power, and its weights with it."""
        if self._state[slot] != "dark":
            self._was_awake[slot] = self._state[slot] in ("awake", "loading")
            self._enter(slot, "dark")

    def restored(self, slot: int) -> None:
        """A replica has power again: it goes on with what it was to do, weights first."""
        if self._state[slot] != "dark":
            return
        if self._was_awake[slot]:
            self._load(slot)
            return
        self._enter(slot, "asleep")
        self._workload.sleep(slot, self._plan.beds[slot].sleep_w)
        if self._workload.n_held:
            self.wanted()

    def wanted(self) -> None:
        """A request is held: one replica is to come, unless one does already."""
        if not self._in("loading"):
            self._wake(1)
