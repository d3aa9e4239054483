"""The electrical path with its state: what runs, what each switch takes, what hangs on a battery, and who has power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from twin.physics import FloatArray
from twin.plant.flow import Edge, Edges, FlowPlan, PowerFlow
from twin.plant.power_levels import levels_of
from twin.plant.storage import Storage
from twin.plant.trips import Trips
from twin.plant.wiring import Wiring, wiring_of

if TYPE_CHECKING:
    from twin.plant.swings import PathSwings

SOURCES = ("utility", "generator")
SWITCHES = ("ats", "sts")
"""Roles that take one source at a time."""
BETWEEN = -1
"""What a switch takes while it moves: nothing."""

Loss = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """What never changes of one element while it is simulated."""

    id: str
    role: str
    parents: tuple[int, ...] = ()  # inputs in the order of the drawing, the preferred one first
    rated_w: float = 1.0  # what losses refer to
    limit_w: float = np.inf
    loss: Loss = (0.0, 0.0, 0.0)  # a, b, c
    eco_loss: Loss | None = None  # in eco mode, for a UPS that is set to it
    battery_loss: Loss | None = None  # of a UPS on its battery, whose rectifier stands still; none: `loss`
    n_modules: int = 1  # in its frame, sharing losses and load evenly
    module_w: float = np.inf  # what one of them may carry
    is_indoors: bool = False  # its loss heats the room
    group: str = ""  # shares load by rating with the others of its group
    start_s: float = 0.0
    step_frac: float = 1.0
    smoothing_j: float = 0.0  # what its store gives each period of a swing
    round_trip_frac: float = 1.0  # of that store
    transfer_s: float = 0.0
    return_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Feed:
    """How one consumer hangs on the path: its cords, and whether it draws from all of them or the first live one."""

    nodes: tuple[int, ...]
    is_shared: bool = True
    phase: int = -1  # 0, 1 or 2 where it draws from one phase only
    least: int = 1  # live nodes it needs to run


@dataclass(slots=True)
class PowerPath:
    """State of all elements (n,) and of what hangs on them (n_consumers,). DocumentError for feeds in a circle."""

    nodes: Sequence[Node]
    feeds: Sequence[Feed]
    storage: Storage = field(default_factory=lambda: Storage([]))
    trips: Trips = field(default_factory=lambda: Trips([]))
    ids: list[str] = field(init=False)
    modules_up: np.ndarray = field(init=False)  # (n,) power modules that work; work_with
    rated_w: FloatArray = field(init=False)  # (n,) what losses and shares refer to, of these; work_with
    limit_w: FloatArray = field(init=False)  # (n,) what these may carry; work_with
    is_indoors: np.ndarray = field(init=False)
    indoors: np.ndarray = field(init=False)  # their indices
    levels: list[np.ndarray] = field(init=False)  # leaves first
    is_up: np.ndarray = field(init=False)  # (n,) not broken; faults
    is_closed: np.ndarray = field(init=False)  # (n,) breaker at its input; trips
    is_ready: np.ndarray = field(init=False)  # (n,) runs, for generators; power events
    is_stuck: np.ndarray = field(init=False)  # (n,) a switch that cannot move; faults
    is_eco: np.ndarray = field(init=False)  # (n,) a UPS that is in eco mode now; power events
    is_bypassed: np.ndarray = field(init=False)  # (n,) a UPS that gave up after an overload; power events
    is_held: np.ndarray = field(init=False)  # (n,) a UPS that stays on its battery until it is let back; power events
    takes: list[int] = field(init=False)  # (n,) which input a switch takes, BETWEEN while it moves; power events
    is_live: np.ndarray = field(init=False)  # (n,) has power; solve
    is_on_battery: np.ndarray = field(init=False)  # (n,) a UPS that lives on its battery; solve
    is_fed: np.ndarray = field(init=False)  # (n_consumers,) has power; solve
    carrying_frac: FloatArray = field(init=False)  # (n_consumers,) share of its cords that carry it; solve
    live_frac: FloatArray = field(init=False)  # (n_consumers,) share of its cords that are live; solve
    has_phases: bool = field(init=False)
    generators: np.ndarray = field(init=False)  # their indices
    _pack_of: dict[int, int] = field(init=False)
    _is_source: np.ndarray = field(init=False)
    _leans: bool = field(init=False, default=False)  # whether any UPS is on its battery
    # Consumers that hang on the same cords in the same way are one group: the flow knows groups only.
    group_of: np.ndarray = field(init=False)  # (n_consumers,)
    _groups: list[Feed] = field(init=False)
    _plan: FlowPlan = field(init=False)
    _edges: tuple[list[Edge], list[Edge]] = field(init=False)  # between nodes, and from groups to nodes; solve
    _wiring: Wiring | None = field(init=False, default=None)
    highest_ratio: float = field(init=False, default=0.0)  # of load over rating of all guards, at its peak; advance
    swings: PathSwings | None = field(init=False, default=None)  # none: no load swings
    loss_terms_w: FloatArray = field(init=False)  # (3, n) of `_abc_w`; solve

    def __post_init__(self) -> None:
        n = len(self.nodes)
        self.ids = [node.id for node in self.nodes]
        self.limit_w = np.array([node.limit_w for node in self.nodes])
        self.rated_w = np.array([node.rated_w for node in self.nodes])
        self.modules_up = np.array([node.n_modules for node in self.nodes], dtype=np.intp)
        self.is_indoors = np.array([node.is_indoors for node in self.nodes], dtype=bool)
        self.indoors = np.flatnonzero(self.is_indoors)
        self.levels = levels_of(self.ids, [node.parents for node in self.nodes])
        self.is_up, self.is_closed = np.ones(n, dtype=bool), np.ones(n, dtype=bool)
        # A generator stands still until somebody starts it.
        self.is_ready = np.array([node.role != "generator" for node in self.nodes], dtype=bool)
        self.is_eco = np.array([node.eco_loss is not None for node in self.nodes], dtype=bool)
        self.is_stuck, self.is_bypassed, self.is_held = (np.zeros(n, dtype=bool) for _ in range(3))
        self.is_live, self.is_on_battery = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self.is_fed, self.carrying_frac = np.zeros(len(self.feeds), dtype=bool), np.zeros(len(self.feeds))
        self.live_frac = np.zeros(len(self.feeds))
        self.takes = [0] * n
        self.generators = np.array([i for i, node in enumerate(self.nodes) if node.role == "generator"], dtype=np.intp)
        self.has_phases = any(feed.phase >= 0 for feed in self.feeds)
        self._is_source = np.array([node.role in SOURCES for node in self.nodes], dtype=bool)
        self._pack_of = {int(i): k for k, i in enumerate(self.storage.node)}
        groups = {feed: k for k, feed in enumerate(dict.fromkeys(self.feeds))}
        self._groups = list(groups)
        self.group_of = np.array([groups[feed] for feed in self.feeds], dtype=np.intp)
        self.settle_topology()

    def work_with(self, i: int, n_modules: int) -> None:
        """So many of the power modules of node i work from now on: what it may carry and what it loses follow them."""
        node = self.nodes[i]
        self.modules_up[i] = n_modules
        self.limit_w[i] = min(node.limit_w, n_modules * node.module_w)
        self.rated_w[i] = node.rated_w * max(n_modules, 1) / node.n_modules
        self.trips.rate(i, self.limit_w[i])

    # Who has power

    def settle_topology(self) -> None:
        """Find what has power when every switch that can move takes its first live input, without any delay."""
        self._solve(moves=True)

    def solve(self) -> None:
        """Find what has power with every switch where it stands."""
        self._solve(moves=False)

    def _solve(self, moves: bool) -> None:
        carries = self.storage.can_carry()
        self.is_live[:] = False
        self.is_on_battery[:] = False
        edges: list[Edge] = []
        for level in reversed(self.levels):
            for i in level.tolist():
                edges += self._stand(i, moves, carries)
        self._feed(edges)

    def _stand(self, i: int, moves: bool, carries: np.ndarray) -> list[Edge]:
        """Whether node i lives, and the edges it draws through."""
        node = self.nodes[i]
        if not self.is_up[i] or not self.modules_up[i]:
            return []
        if node.role in SOURCES:
            self.is_live[i] = self.is_ready[i]
            return []
        live = self._inputs(i, moves)
        k = self._pack_of.get(i)
        has_battery = k is not None and bool(carries[k]) and not self.is_bypassed[i]
        if has_battery and (self.is_held[i] or not live):
            self.is_live[i] = self.is_on_battery[i] = True
            return []
        self.is_live[i] = bool(live)
        return self._shares(i, live)

    def _inputs(self, i: int, moves: bool) -> list[int]:
        """Live inputs node i draws from."""
        node = self.nodes[i]
        if not self.is_closed[i]:
            return []
        if node.role not in SWITCHES:
            return [p for p in node.parents if self.is_live[p]]
        if moves and not self.is_stuck[i]:
            self.takes[i] = next((k for k, p in enumerate(node.parents) if self.is_live[p]), 0)
        taken = self.takes[i]
        return [node.parents[taken]] if 0 <= taken < len(node.parents) and self.is_live[node.parents[taken]] else []

    def has_input(self, i: int) -> bool:
        """Whether node i could draw from its inputs now."""
        return bool(self._inputs(i, False))

    def _shares(self, i: int, live: list[int]) -> list[Edge]:
        """Equal shares of the live inputs; by rating among those of one group."""
        groups = {self.nodes[p].group for p in live}
        if len(groups) == 1 and groups != {""}:
            rated_w = self.rated_w[live].tolist()
            return [(i, p, own_w / sum(rated_w)) for p, own_w in zip(live, rated_w, strict=True)]
        return [(i, p, 1.0 / len(live)) for p in live]

    def _feed(self, edges: list[Edge]) -> None:
        """Share the groups of consumers among the live nodes they hang on, and compile the flow."""
        rows: list[Edge] = []
        is_live = self.is_live.tolist()
        carrying_frac, live_frac = np.zeros(len(self._groups)), np.zeros(len(self._groups))
        for k, feed in enumerate(self._groups):
            live = [n for n in feed.nodes if is_live[n]]
            live_frac[k] = len(live) / max(len(feed.nodes), 1)
            if len(live) >= feed.least:
                live = live if feed.is_shared else live[:1]
                carrying_frac[k] = len(live) / len(feed.nodes)
                share = 1.0 / len(live)
                rows += [(k, n, share) for n in live]
        self.carrying_frac[:], self.live_frac[:] = carrying_frac[self.group_of], live_frac[self.group_of]
        np.greater(self.carrying_frac, 0.0, out=self.is_fed)
        is_source = self._is_source & self.is_live
        self.loss_terms_w = self._abc_w()
        self._plan = FlowPlan(self.levels, self.loss_terms_w, Edges.of(edges), Edges.of(rows), is_source)
        self._leans = bool(self.is_on_battery.any())
        self.storage.look()
        self._edges, self._wiring = (edges, rows), None

    @property
    def wiring(self) -> Wiring:
        """How loads are shared now; another object after every `solve`."""
        if self._wiring is None:
            edges, rows = Edges.of(self._edges[0]), self._edges[1]
            by_group = np.argsort(self.group_of, kind="stable")
            members = np.split(by_group, np.cumsum(np.bincount(self.group_of, minlength=self.n_groups))[:-1])
            none = [np.zeros(0, dtype=np.intp)]
            consumers = np.concatenate(none + [members[k] for k, _, _ in rows])
            n_of = [len(members[k]) for k, _, _ in rows]
            cords = consumers, np.repeat(Edges.of(rows).upper, n_of), np.repeat(Edges.of(rows).share, n_of)
            self._wiring = wiring_of(self.levels, (edges.lower, edges.upper, edges.share), cords)
        return self._wiring

    def _abc_w(self) -> FloatArray:
        """No-load watts, proportional part and resistive part per watt of each node, (3, n); 0 where it is dead."""
        abc = np.zeros((3, len(self.nodes)))
        for i in np.flatnonzero(self.is_live).tolist():
            node = self.nodes[i]
            own = node.battery_loss if self.is_on_battery[i] else node.eco_loss if self.is_eco[i] else None
            a, b, c = own or node.loss
            abc[:, i] = a * self.rated_w[i], b, c / self.rated_w[i]
        return abc

    # Flow

    def bear_losses(self, extra_w: FloatArray) -> None:
        """Lose this much more in each node (n,), until the next `solve`."""
        self._plan.bear(extra_w)

    @property
    def is_calm(self) -> bool:
        """Whether batteries are full and still, no guard is on its way to a trip, and no generator feels a swing."""
        swings = self.swings is not None and not self.swings.is_still and len(self.generators) > 0
        return self.storage.is_quiet and not self._leans and self.highest_ratio <= 1.0 and not swings

    @property
    def n_groups(self) -> int:
        """How many groups of consumers there are."""
        return len(self._groups)

    def grouped(self, consumer_w: FloatArray) -> FloatArray:
        """Watts of each group of consumers, (n_groups,), from those of each consumer (n_consumers,)."""
        return np.bincount(self.group_of, consumer_w, len(self._groups)).astype(float, copy=False)

    def flow(self, consumer_w: FloatArray, dt_s: float = 0.0) -> PowerFlow:
        """Loads, losses and source power for the watts of each consumer (n_consumers,); unfed ones must draw 0.

        dt_s: time these watts are held for; what batteries take is their mean over it.
        """
        return self.flow_of_groups(self.grouped(consumer_w), dt_s)

    def flow_of_groups(self, group_w: FloatArray, dt_s: float = 0.0) -> PowerFlow:
        """`flow` for the watts of each group of consumers (n_groups,)."""
        extra_w = self._battery_input_w(dt_s)
        if self.swings is not None and self.swings.is_new():
            self.swings.bear(self._plan.flow(group_w, extra_w))
        return self._plan.flow(group_w, extra_w)

    def flow_hours(self, group_w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Load, loss, input (n_nodes, n) and sources (n,) for the watts of each group (n_groups, n); batteries rest."""
        return self._plan.flow_hours(group_w)

    def _battery_input_w(self, dt_s: float) -> FloatArray | None:
        """What goes into the battery of each node, (n,) W, negative where one helps; none where all is still."""
        storage = self.storage
        if storage.is_quiet:
            return None
        charging_w = storage.charging_w(self._is_charging(), dt_s)
        if not charging_w.any() and not storage.shaved_w.any():
            return None
        extra_w = np.zeros(len(self.nodes))
        extra_w[storage.node] = charging_w - storage.shaved_w
        return extra_w

    def _is_charging(self) -> np.ndarray:
        at = self.storage.node
        return self.storage.is_charging(self.is_live[at] & ~self.is_on_battery[at] & ~self.is_bypassed[at])

    def given_w(self, flow: PowerFlow) -> FloatArray:
        """What each battery gives, (k,) W."""
        at = self.storage.node
        return np.where(self.is_on_battery[at], (flow.load_w + flow.loss_w)[at], self.storage.shaved_w)

    def ratio(self, flow: PowerFlow, consumer_w: FloatArray) -> FloatArray:
        """Load over rating of each guard, (m,), of the worst phase where racks hang on one."""
        return self._ratio(flow, self.grouped(consumer_w) if self.has_phases else consumer_w)

    def _ratio(self, flow: PowerFlow, group_w: FloatArray) -> FloatArray:
        factor = self._phase_factor(group_w) if self.has_phases else 1.0
        if self.swings is not None:
            self.swings.onto(flow, factor)
        return self.trips.ratio(flow.input_w, flow.load_w, factor)

    def advance(self, flow: PowerFlow, group_w: FloatArray, dt_s: float) -> tuple[float, FloatArray]:
        """Carry batteries and guards on through a flow held for dt_s. Returns J kept, and J lost in each battery.

        What a battery gave that it did not have any more is a shortage, and no charge: it counts as given.
        group_w: (n_groups,) what the flow was solved for.
        """
        storage = self.storage
        if len(self.trips.guards):
            ratio = self._ratio(flow, group_w)
            self.highest_ratio = float(np.maximum.reduce(self.trips.peak(ratio)))
            self.trips.advance(ratio, dt_s)
        if storage.is_quiet and not self._leans:
            return 0.0, storage.nothing_j
        is_charging, given_w = self._is_charging(), self.given_w(flow)
        if not is_charging.any() and not given_w.any():
            return 0.0, storage.nothing_j
        stored_j, lost_j = storage.advance(given_w, is_charging, dt_s)
        return float((stored_j - storage.short_j).sum()), lost_j

    def phase_w(self, consumer_w: FloatArray) -> FloatArray:
        """Load of each phase of each node, (3, n) W, without losses; a third each of what draws from all three."""
        return self._phase_w(self.grouped(consumer_w))

    def _phase_w(self, group_w: FloatArray) -> FloatArray:
        phase = np.array([feed.phase for feed in self._groups])
        even = self._plan.loads(np.where(phase < 0, group_w, 0.0)) / 3.0
        return np.array([even + self._plan.loads(np.where(phase == k, group_w, 0.0)) for k in range(3)])

    def phase_factor(self, consumer_w: FloatArray) -> FloatArray:
        """Load of the worst phase of each node over the mean of the three, (n,); 1 where there is none."""
        return self._phase_factor(self.grouped(consumer_w))

    def _phase_factor(self, group_w: FloatArray) -> FloatArray:
        phase_w = self._phase_w(group_w)
        mean_w = phase_w.mean(axis=0)
        return np.divide(phase_w.max(axis=0), mean_w, out=np.ones_like(mean_w), where=mean_w > 0.0)

    def unfed(self) -> np.ndarray:
        """Indices of consumers without power."""
        return np.flatnonzero(~self.is_fed)
