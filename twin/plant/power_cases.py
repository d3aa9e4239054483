"""Many states of one power path at once: who has power and what flows, a row per element and a column per case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray
from twin.plant.power import SOURCES, SWITCHES, Node, PowerPath

LiveWatts = Callable[[int], FloatArray]
"""Watts of consumer i by how many of its cords live, (n_cords + 1,)."""


@dataclass(slots=True)
class CaseState:
    """What may differ between cases; bool (n, n_cases), carries (k, n_cases) by battery."""

    is_up: np.ndarray  # not broken
    is_closed: np.ndarray  # breaker at its input
    is_ready: np.ndarray  # runs, for generators
    is_bypassed: np.ndarray  # a UPS that gave up after an overload
    is_held: np.ndarray  # a UPS that stays on its battery
    is_stuck: np.ndarray  # a switch that cannot move
    carries: np.ndarray  # a battery that can feed its UPS

    def part(self, cases: np.ndarray) -> CaseState:
        """Copies of some of the cases."""
        return CaseState(
            self.is_up[:, cases],
            self.is_closed[:, cases],
            self.is_ready[:, cases],
            self.is_bypassed[:, cases],
            self.is_held[:, cases],
            self.is_stuck[:, cases],
            self.carries[:, cases],
        )


@dataclass(slots=True)
class CaseSolution:
    """Who has power in each case."""

    is_live: np.ndarray  # (n, n_cases)
    is_on_battery: np.ndarray  # (n, n_cases)
    is_fed: np.ndarray  # (n_groups, n_cases)
    shares: list[FloatArray]  # per element (n_parents, n_cases): part of its draw from each input
    takes: np.ndarray  # (n, n_cases) input a switch takes


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """Consumers on the same cords."""

    nodes: tuple[int, ...]
    is_shared: bool
    consumers: np.ndarray
    least: int  # live nodes it needs to run
    live_w: FloatArray  # (n_nodes + 1,) watts by how many of its nodes live
    phase_w: FloatArray  # (4, n_nodes + 1) of those on three phases together, then of each phase

    @property
    def watts(self) -> float:
        """With all its nodes."""
        return float(self.live_w[-1])


class PowerCases:
    """One path, its consumers at fixed watts, and any number of cases; switches take their first live input at once."""

    def __init__(self, path: PowerPath, consumer_w: FloatArray, live_w: LiveWatts | None = None) -> None:
        """consumer_w: (n_consumers,) while any cord lives; live_w: watts of consumer i by live cords, in its place."""
        self.path = path
        self._order = [i for level in path.levels for i in level.tolist()]  # leaves first
        self._pack_of = {int(i): k for k, i in enumerate(path.storage.node)}
        steady: LiveWatts = lambda i: np.full(len(path.feeds[i].nodes) + 1, consumer_w[i])  # noqa: E731
        self.groups = _feed_groups(path, live_w or steady)
        self.group_of = np.zeros(len(path.feeds), dtype=np.intp)
        for g, group in enumerate(self.groups):
            self.group_of[group.consumers] = g

    def state(self, n_cases: int) -> CaseState:
        """Everything as it stands in the path, so many times over."""
        path = self.path

        def wide(column: np.ndarray) -> np.ndarray:
            return np.repeat(column[:, None], n_cases, axis=1)

        return CaseState(
            wide(path.is_up),
            wide(path.is_closed),
            wide(path.is_ready),
            wide(path.is_bypassed),
            wide(path.is_held),
            wide(path.is_stuck),
            wide(path.storage.can_carry()),
        )

    def solve(self, state: CaseState) -> CaseSolution:
        """Who has power; as PowerPath.settle_topology, for all cases at once."""
        n, n_cases = state.is_up.shape
        none = np.zeros((0, n_cases))
        found = CaseSolution(
            np.zeros((n, n_cases), dtype=bool),
            np.zeros((n, n_cases), dtype=bool),
            np.zeros((len(self.groups), n_cases), dtype=bool),
            [none] * n,
            np.zeros((n, n_cases), dtype=np.intp),
        )
        for i in reversed(self._order):
            self._stand(i, state, found)
        for g, group in enumerate(self.groups):
            found.is_fed[g] = found.is_live[list(group.nodes)].sum(axis=0) >= group.least
        return found

    def _stand(self, i: int, state: CaseState, found: CaseSolution) -> None:
        node = self.path.nodes[i]
        if node.role in SOURCES:
            found.is_live[i] = state.is_up[i] & state.is_ready[i]
            return
        used = found.is_live[list(node.parents)] & state.is_closed[i]
        if node.role in SWITCHES and len(used):
            first = np.where(state.is_stuck[i], self.path.takes[i], used.argmax(axis=0))
            found.takes[i] = first
            used &= np.arange(len(used))[:, None] == first
        has_input = used.any(axis=0)
        k = self._pack_of.get(i)
        if k is None:
            found.is_live[i] = state.is_up[i] & has_input
        else:
            leans = state.carries[k] & ~state.is_bypassed[i] & (state.is_held[i] | ~has_input) & state.is_up[i]
            found.is_on_battery[i] = leans
            found.is_live[i] = (state.is_up[i] & has_input) | leans
            used &= ~leans
        used &= found.is_live[i]
        found.shares[i] = self._shares(node, used)

    def _shares(self, node: Node, used: np.ndarray) -> FloatArray:
        """Equal shares of the inputs in use; by rating among those of one group."""
        weight = used.astype(float)
        groups = [self.path.nodes[p].group for p in node.parents]
        for name in {g for g in groups if g}:
            is_in = np.array([g == name for g in groups])
            alone = ~used[~is_in].any(axis=0)
            rated_w = np.array([self.path.nodes[p].rated_w for p in node.parents])
            weight = np.where(alone, used * rated_w[:, None], weight)
        total = weight.sum(axis=0)
        return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0.0)

    @property
    def group_w(self) -> FloatArray:
        """Watts of each group of consumers, (n_groups,)."""
        return np.array([group.watts for group in self.groups])

    def flow(self, found: CaseSolution, group_w: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
        """What each element passes on and what it draws, both (n, n_cases) W; on battery it draws from that.

        group_w: (n_groups, n_cases) where groups draw something else in some cases.
        """
        if group_w is None:
            return self._climb(found, [group.live_w for group in self.groups], True)
        shares = [group.live_w / (group.watts or 1.0) for group in self.groups]
        return self._climb(found, shares, True, group_w)

    def phase_factor(self, found: CaseSolution) -> FloatArray:
        """Load of the worst phase over the mean of the three, (n, n_cases); 1 where there is none."""
        watts = [[group.phase_w[k] for group in self.groups] for k in range(4)]
        even = self._climb(found, watts[0], False)[0] / 3.0
        phases = np.array([even + self._climb(found, watts[k], False)[0] for k in (1, 2, 3)])
        mean = phases.mean(axis=0)
        return np.divide(phases.max(axis=0), mean, out=np.ones_like(mean), where=mean > 0.0)

    def _climb(
        self, found: CaseSolution, live_w: Sequence[FloatArray], has_losses: bool, times: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """live_w: by group, (n_nodes + 1,) by how many of its nodes live; times: (n_groups, n_cases) multiplies it."""
        n, n_cases = found.is_live.shape
        load_w, input_w = np.zeros((n, n_cases)), np.zeros((n, n_cases))
        for g, (group, watts) in enumerate(zip(self.groups, live_w, strict=True)):
            _draw(load_w, found.is_live, group, watts, 1.0 if times is None else times[g])
        for i in self._order:
            input_w[i] = load_w[i]
            if has_losses:
                input_w[i] += self._loss_w(self.path.nodes[i], load_w[i], found, i)
            for share, p in zip(found.shares[i], self.path.nodes[i].parents, strict=False):
                load_w[p] += share * input_w[i]
        return load_w, input_w

    @staticmethod
    def _loss_w(node: Node, load_w: FloatArray, found: CaseSolution, i: int) -> FloatArray:
        on_mains, on_battery = node.eco_loss or node.loss, node.battery_loss or node.loss
        a, b, c = np.where(found.is_on_battery[i], np.array(on_battery)[:, None], np.array(on_mains)[:, None])
        loss_w = a * node.rated_w + load_w * (b + c / node.rated_w * load_w)
        return np.asarray(np.where(found.is_live[i], loss_w, 0.0))


def _draw(
    load_w: FloatArray, is_live: np.ndarray, group: FeedGroup, live_w: FloatArray, times: float | FloatArray
) -> None:
    """Put the watts of a group on its live cords: shared, or all on the first; nothing where too few live."""
    if not group.nodes or not live_w.any():
        return
    live = is_live[list(group.nodes)]
    n_live = live.sum(axis=0)
    watts = live_w[n_live] * times * (n_live >= group.least)
    if not group.is_shared:
        live = live & (np.arange(len(live))[:, None] == live.argmax(axis=0))
    count = np.maximum(live.sum(axis=0), 1)
    for own, i in zip(live, group.nodes, strict=True):
        load_w[i] += own * (watts / count)


def _feed_groups(path: PowerPath, live_w: LiveWatts) -> list[FeedGroup]:
    members: dict[tuple[tuple[int, ...], bool, int], list[int]] = defaultdict(list)
    for i, feed in enumerate(path.feeds):
        members[feed.nodes, feed.is_shared, feed.least].append(i)
    found = []
    for (nodes, is_shared, least), some in members.items():
        phase_w = np.zeros((4, len(nodes) + 1))
        for i in some:
            phase_w[path.feeds[i].phase + 1] += live_w(i)
        found.append(FeedGroup(nodes, is_shared, np.array(some, dtype=np.intp), least, phase_w.sum(axis=0), phase_w))
    return found
