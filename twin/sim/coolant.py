"""What follows when coolant slows down or stops: seconds to throttle and to trip, clocks that fall, servers that go."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
from simpy.events import Event as SimEvent

from twin.files import Tree
from twin.physics import FloatArray
from twin.plant.liquid import NEAR_K, Liquid
from twin.plant.liquid_forecast import chip_slope_k_s, reach_s
from twin.plant.plant import Settled
from twin.record.frame import Severity
from twin.sim.clocks import Clocks
from twin.sim.hall import Hall

Note = Callable[[Severity, str, str, str], None]

COOL_K = 10.0
"""Servers that switched themselves off come back when their chips are so far under the throttle limit again."""
LOOK_S = 1.0
"""Clocks of hot chips follow their temperature at least this often. Estimate: boards do within a second."""
REDUCED_FRAC = 0.98
"""Flow below this share of what it was is told."""


@dataclass(slots=True)
class Loss:
    """A coolant loop that lost its flow or its water, and what came of it."""

    loop: str
    cause: str
    at_s: float
    throttle_s: float  # predicted at the heat of that instant; inf: not within ten minutes
    trip_s: float
    throttled_s: float = np.inf  # when it happened
    tripped_s: float = np.inf

    def to_json(self) -> Tree:
        """As the summary says it; null where it was not reached."""

        def seconds(value: float) -> float | None:
            return value if np.isfinite(value) else None

        return {
            "loop": self.loop,
            "cause": self.cause,
            "at_s": self.at_s,
            "predicted_throttle_s": seconds(self.throttle_s),
            "predicted_trip_s": seconds(self.trip_s),
            "throttled_after_s": seconds(self.throttled_s - self.at_s),
            "tripped_after_s": seconds(self.tripped_s - self.at_s),
        }


class CoolantEvents:
    """Watches flows and chips. Limits are predicted and met at their own instant, whatever the pulse."""

    def __init__(
        self, hall: Hall, settle: Callable[[], None], note: Note, clocks: Clocks, changed: Callable[[], None]
    ) -> None:
        self._hall, self._settle, self._note, self._clocks, self._changed = hall, settle, note, clocks, changed
        n = len(self.loops.branches.i_rack)
        self.losses: list[Loss] = []
        self.chip_max_c = self.supply_max_c = self.return_max_c = -np.inf
        self.heat_j = self.pump_j = 0.0
        self._open: dict[int, Loss] = {}  # losses under way, by circuit
        self._is_throttled = np.zeros(n, dtype=bool)
        self._alarm_s = np.inf
        self._is_acting = self._is_watching = False
        self._former = self._flows()

    @property
    def loops(self) -> Liquid:
        """The coolant loops of the hall."""
        return self._hall.plant.cooling.liquid

    def _flows(self) -> tuple[FloatArray, FloatArray]:
        """Flow of each circuit and what its exchangers can pass, (n_circuits,) each."""
        loops, plant = self.loops, self._hall.plant.cooling.plant
        if not loops.circuits.ids:
            return np.zeros(0), np.zeros(0)
        loops.follow_water(plant.water_c, plant.has_flow())
        flow = loops.flow()
        able = np.bincount(loops.units.i_circuit, flow.pull_w_k, len(loops.circuits.ids))
        return flow.circuit_w_k, np.where(loops.circuits.is_direct, flow.circuit_w_k, able)

    # Flows

    def look(self) -> None:
        """Something was switched just now, with the plant settled: tell which flows changed and what that leads to."""
        if not len(self._former[0]):
            return
        (was, could), (now, can) = self._former, self._flows()
        self._former = now, can
        is_worse = (now < REDUCED_FRAC * was) | (can < REDUCED_FRAC * could)
        for i in np.flatnonzero(~is_worse & (can > could)).tolist():
            if self._open.pop(i, None) is not None:
                self._note("note", "coolant.flows", self.loops.circuits.ids[i], "more flows again, cooled by its water")
        if is_worse.any():
            self._tell(np.flatnonzero(is_worse), now, can)
            self._predict(is_sudden=True)

    def _tell(self, worse: np.ndarray, flow_w_k: FloatArray, can_w_k: FloatArray) -> None:
        loops, branches = self.loops, self.loops.branches
        left_s = reach_s(loops, self._hall.plant.wet_now_w(), np.stack([branches.throttle_c, branches.trip_c]))
        for i in worse.tolist():
            name, of_loop = loops.circuits.ids[i], np.flatnonzero(branches.i_circuit == i)
            if flow_w_k[i] <= 0.0:
                kind, cause = "coolant.stopped", "no coolant flows"
            elif can_w_k[i] <= 0.0:
                kind, cause = "coolant.uncooled", "coolant flows and no water cools it"
            else:
                kind, cause = "coolant.reduced", "less coolant flows"
            throttle_s, trip_s = (left_s[:, of_loop].min(axis=1) if len(of_loop) else np.full(2, np.inf)).tolist()
            first = self._rack(int(of_loop[left_s[0, of_loop].argmin()])) if len(of_loop) else ""
            severity: Severity = "warning" if kind == "coolant.reduced" else "critical"
            self._note(severity, kind, name, f"{cause}: {_said(first, throttle_s, trip_s)}")
            self._open[i] = Loss(name, cause, float(self._hall.env.now), throttle_s, trip_s)
            self.losses.append(self._open[i])

    def _rack(self, branch: int) -> str:
        return self._hall.plant.racks.ids[int(self.loops.branches.i_rack[branch])]

    # Chips

    @property
    def is_calm(self) -> bool:
        """Whether nothing is to be looked at before chips warm."""
        is_still = not self._open and not self._is_throttled.any() and not self.loops.is_tripped.any()
        return is_still and self.loops.is_calm(2.0 * self._hall.scenario.pulse_s)

    def count(self, settled: Settled) -> None:
        """Highest temperatures, heat and pumps of a settling."""
        wet = settled.wet
        self.chip_max_c = max(self.chip_max_c, wet.chip_c)
        self.supply_max_c, self.return_max_c = (
            max(self.supply_max_c, wet.supply_c),
            max(self.return_max_c, wet.return_c),
        )
        self.heat_j += settled.liquid_w * settled.dt_s
        self.pump_j += settled.pump_w * settled.dt_s

    def follow(self) -> None:
        """The plant has settled: follow the chips, and predict what they reach before the next pulse is over."""
        if self.is_calm:
            return
        loops, branches = self.loops, self.loops.branches
        chip_c = loops.chip_c()
        is_hot = chip_c >= branches.throttle_c - NEAR_K
        if is_hot.any() or self._is_throttled.any():
            self._throttle(chip_c, is_hot)
            self._trip(chip_c)
        if loops.is_tripped.any():
            self._recover(chip_c)
        self._predict()

    def _throttle(self, chip_c: FloatArray, is_hot: np.ndarray) -> None:
        branches = self.loops.branches
        is_cool = self._is_throttled & (chip_c < branches.throttle_c - NEAR_K)
        for b in np.flatnonzero(is_hot & ~self._is_throttled).tolist():
            what = f"chips at {chip_c[b]:.1f} °C: clocks fall{self._since(b, 'throttled_s')}"
            self._note("warning", "thermal.chips_throttle", self._rack(b), what)
        for b in np.flatnonzero(is_cool).tolist():
            self._note("note", "thermal.chips_cool", self._rack(b), f"chips at {chip_c[b]:.1f} °C, full clocks again")
        self._is_throttled = is_hot
        self._clocks.follow_chips(branches, chip_c)
        if is_hot.any() and not self._is_watching and self._hall.scenario.pulse_s > LOOK_S:
            self._is_watching = True
            self._hall.env.process(self._watch())

    def _trip(self, chip_c: FloatArray) -> None:
        loops, branches = self.loops, self.loops.branches
        is_due = (chip_c >= branches.trip_c - NEAR_K) & ~loops.is_tripped[branches.i_rack]
        for b in np.flatnonzero(is_due).tolist():
            loops.is_tripped[branches.i_rack[b]] = True
            what = f"chips at {chip_c[b]:.1f} °C: servers switch themselves off{self._since(b, 'tripped_s')}"
            self._note("critical", "thermal.chips_trip", self._rack(b), what)
        if is_due.any():
            self._act()

    def _since(self, branch: int, name: str) -> str:
        """How long after its loop lost its flow, noted there as well the first time."""
        loss = self._open.get(int(self.loops.branches.i_circuit[branch]))
        if loss is None:
            return ""
        now_s = float(self._hall.env.now)
        setattr(loss, name, min(getattr(loss, name), now_s))
        return f", {now_s - loss.at_s:.1f} s after {loss.cause}"

    def _recover(self, chip_c: FloatArray) -> None:
        """What was too hot may run again once it is cool and coolant flows."""
        loops, branches = self.loops, self.loops.branches
        is_fine = loops.has_flow()[branches.i_circuit] & (chip_c < branches.throttle_c - COOL_K)
        back = branches.i_rack[is_fine & loops.is_tripped[branches.i_rack]]
        if len(back):
            loops.is_tripped[back] = False
            self._act()

    # Instants

    def _act(self) -> None:
        """Switch servers at this instant, but not from inside a settling."""
        if not self._is_acting:
            self._is_acting = True
            self._hall.env.process(self._switch())

    def _switch(self) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(0.0)
        self._is_acting = False
        self._settle()
        self._changed()

    def _watch(self) -> Generator[SimEvent, None, None]:
        while self._is_throttled.any():
            yield self._hall.env.timeout(LOOK_S)
            self._settle()
        self._is_watching = False

    def _predict(self, is_sudden: bool = False) -> None:
        """Wake when the first chips reach a limit, if that is before the pulse after the next.

        is_sudden: chips do not warm yet, but are about to.
        """
        loops, branches = self.loops, self.loops.branches
        rack_w, within_s = self._hall.plant.wet_now_w(), 2.0 * self._hall.scenario.pulse_s
        slope = chip_slope_k_s(loops, rack_w)
        is_off = loops.is_tripped[branches.i_rack]
        limits_c = np.stack([np.where(self._is_throttled | is_off, np.inf, branches.throttle_c), branches.trip_c])
        limits_c[1, is_off] = np.inf
        is_near = (slope > 0.0) & (loops.chip_c() + 2.0 * slope * within_s > limits_c.min(axis=0))
        if not is_sudden and not is_near.any():
            return
        left_s = float(reach_s(loops, rack_w, limits_c, within_s).min())
        at_s = float(self._hall.env.now) + left_s
        if left_s > within_s or abs(at_s - self._alarm_s) < 1e-6:
            return
        self._alarm_s = at_s
        self._hall.env.process(self._wake(at_s))

    def _wake(self, at_s: float) -> Generator[SimEvent, None, None]:
        yield self._hall.env.timeout(max(0.0, at_s - self._hall.env.now))
        if self._alarm_s == at_s:
            self._alarm_s = np.inf
            self._settle()


def _said(rack: str, throttle_s: float, trip_s: float) -> str:
    """The two times in words."""
    if not np.isfinite(throttle_s):
        return "no chip gets too hot within ten minutes at this heat"
    end = f"switch off in {trip_s:.1f} s" if np.isfinite(trip_s) else "do not switch off within ten minutes"
    return f"at this heat chips of {rack} throttle in {throttle_s:.1f} s and {end}"
