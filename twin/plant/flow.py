"""Loads up the power path and losses on the way, as flat arrays compiled once for a state of its switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.physics import FloatArray

Edge = tuple[int, int, float]
"""A lower thing, the node it draws from, and the share of its draw."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges as columns: lower things, the nodes they draw from, shares; each (n_edges,)."""

    lower: np.ndarray
    upper: np.ndarray
    share: FloatArray

    @staticmethod
    def of(edges: Sequence[Edge]) -> Edges:
        """From rows."""
        lower, upper, share = zip(*edges, strict=True) if edges else ((), (), ())
        return Edges(np.array(lower, dtype=np.intp), np.array(upper, dtype=np.intp), np.array(share, dtype=float))

    def taken(self, is_taken: np.ndarray) -> Edges:
        """Some of them, (n_edges,) bool."""
        return Edges(self.lower[is_taken], self.upper[is_taken], self.share[is_taken])


@dataclass(slots=True)
class PowerFlow:
    """One solved state: what each node (n,) passes on, loses and draws, and what the sources give."""

    load_w: FloatArray
    loss_w: FloatArray
    input_w: FloatArray  # load + loss + what goes into its battery
    grid_w: float  # of all sources: utility and generators


MOST_VARIED = 64
"""Consumers that may change for only what lies above them to be computed."""
MUCH = 4
"""One node in so many is too much to be computed apart: an apart one costs more than one of all."""


@dataclass(slots=True)
class _Level:
    """Nodes that depend only on the levels before: a slice, and the edges that end in it, sorted by their upper end."""

    part: slice
    upper: slice | np.ndarray  # (m,) nodes with edges
    first: np.ndarray  # (m,) where the edges of each begin
    lower: np.ndarray  # (n_edges,)
    share: FloatArray | None  # none: every edge carries all


@dataclass(slots=True)
class _Climb:
    """What is computed anew on one level when only some consumers change."""

    nodes: np.ndarray  # (m,)
    at: np.ndarray  # (m,) their places
    abc: FloatArray  # (3, m) their loss terms
    sums: list[tuple[np.ndarray, np.ndarray, np.ndarray, FloatArray | None, bool]]
    """Rows of the level, where the edges of each begin, lower ends, shares, and whether these are consumers."""


class FlowPlan:
    """Compiled for one set of live nodes and edges; nothing is allocated but the answer.

    abc_w: (3, n) no-load watts, proportional part, resistive part per watt; 0 where a node is dead.
    Where a few consumers change again and again, such as chillers, only the nodes above them are computed anew.
    """

    __slots__ = (
        "_abc",
        "_climbs",
        "_consumer",
        "_consumer_first",
        "_consumer_node",
        "_consumer_share",
        "_last",
        "_levels",
        "_no_load_w",
        "_order",
        "_place",
        "_seen",
        "_source",
        "_varied",
    )

    def __init__(
        self,
        levels: Sequence[np.ndarray],
        abc_w: FloatArray,
        edges: Edges,
        feeds: Edges,
        is_source: np.ndarray,
    ) -> None:
        n = abc_w.shape[1]
        self._order = np.concatenate(levels) if levels else np.zeros(0, dtype=np.intp)
        self._place = np.empty(n, dtype=np.intp)
        self._place[self._order] = np.arange(n)
        self._abc = np.ascontiguousarray(abc_w[:, self._order])
        self._no_load_w = self._abc[0].copy()
        self._source = np.flatnonzero(is_source[self._order])
        self._consumer_node, self._consumer_first, self._consumer, self._consumer_share = self._grouped(feeds, True)
        self._levels = self._compiled(levels, edges)
        self._last: tuple[FloatArray, PowerFlow, FloatArray] | None = None  # consumers, answer, input by place
        self._seen = self._varied = np.zeros(0, dtype=bool)  # (n_consumers,) changed last; those of the climbs
        self._climbs: list[_Climb] | None = None  # none: what lies above those is too much

    def _compiled(self, levels: Sequence[np.ndarray], edges: Edges) -> list[_Level]:
        level_of = np.empty(len(self._place), dtype=np.intp)
        for k, nodes in enumerate(levels):
            level_of[nodes] = k
        found, at = [], 0
        for k, nodes in enumerate(levels):
            own = edges.taken(level_of[edges.upper] == k)
            found.append(_Level(slice(at, at + len(nodes)), *self._grouped(own, False)))
            at += len(nodes)
        return found

    def _grouped(
        self, edges: Edges, are_feeds: bool
    ) -> tuple[slice | np.ndarray, np.ndarray, np.ndarray, FloatArray | None]:
        """Upper ends, where the edges of each begin, lower ends, shares; a run of neighbours as a slice, for speed."""
        lower, upper, share = edges.lower, self._place[edges.upper], edges.share
        order = np.argsort(upper, kind="stable")
        nodes, first = np.unique(upper[order], return_index=True)
        lower = lower[order] if are_feeds else self._place[lower[order]]
        is_run = len(nodes) > 0 and nodes[-1] - nodes[0] == len(nodes) - 1
        upper_ends = slice(int(nodes[0]), int(nodes[-1]) + 1) if is_run else nodes
        return upper_ends, first, lower, None if (share == 1.0).all() else share[order]

    def bear(self, extra_w: FloatArray) -> None:
        """Lose this much in each node (n,) beside its terms from now on."""
        self._abc[0] = self._no_load_w + extra_w[self._order]
        self._last, self._climbs = None, None
        self._seen = self._varied = np.zeros(0, dtype=bool)

    def flow(self, consumer_w: FloatArray, extra_w: FloatArray | None) -> PowerFlow:
        """The answer for the watts of each consumer (n_consumers,) and what goes into each node's battery (n,).

        It is the last one itself where nothing has changed.
        """
        if extra_w is not None:
            self._last = None
            return self._whole(consumer_w, extra_w)[0]
        if self._last is not None:
            is_changed = consumer_w != self._last[0]
            if not np.logical_or.reduce(is_changed):
                return self._last[1]
            climbs = self._climbs_of(is_changed)
            if climbs is not None:
                return self._climbed(consumer_w, climbs)
        flow, input_w = self._whole(consumer_w, None)
        self._last = consumer_w.copy(), flow, input_w
        return flow

    def _climbs_of(self, is_changed: np.ndarray) -> list[_Climb] | None:
        """The levels above the consumers that changed, where it is few nodes and they changed the last time as well."""
        if len(self._varied) and not np.logical_or.reduce(is_changed > self._varied):
            return self._climbs
        # Compiled when the same ones have changed twice: those of a load that moves about never do.
        if np.count_nonzero(is_changed) <= MOST_VARIED and np.array_equal(is_changed, self._seen):
            self._varied, self._climbs = is_changed, self._above(is_changed)
        self._seen = is_changed
        return None

    def _above(self, is_changed: np.ndarray) -> list[_Climb] | None:
        """What must be computed anew for these consumers; none where that is much of the path."""
        sizes = np.diff(self._consumer_first, append=len(self._consumer))
        is_due = np.zeros(len(self._order), dtype=bool)
        of_node = np.arange(len(self._order))[self._consumer_node] if len(self._consumer) else self._consumer
        is_due[np.repeat(of_node, sizes)[is_changed[self._consumer]]] = True
        climbs = []
        for level in self._levels:
            upper = np.arange(len(self._order))[level.upper] if len(level.first) else level.lower
            ends = np.diff(level.first, append=len(level.lower))
            is_due[np.repeat(upper, ends)[is_due[level.lower]]] = True
            at = level.part.start + np.flatnonzero(is_due[level.part])
            if not len(at):
                continue
            sums = [
                (*_taken(nodes, first, lower, share, at), are_feeds)
                for nodes, first, lower, share, are_feeds in (
                    (of_node, self._consumer_first, self._consumer, self._consumer_share, True),
                    (upper, level.first, level.lower, level.share, False),
                )
            ]
            climbs.append(_Climb(self._order[at], at, self._abc[:, at], [one for one in sums if len(one[0])]))
        return climbs if sum(len(climb.at) for climb in climbs) * MUCH < len(self._order) else None

    def _climbed(self, consumer_w: FloatArray, climbs: list[_Climb]) -> PowerFlow:
        """The last answer with the nodes of these levels computed anew, each as `_whole` does."""
        assert self._last is not None
        _, last, input_w = self._last
        found = PowerFlow(last.load_w.copy(), last.loss_w.copy(), last.input_w.copy(), 0.0)
        for climb in climbs:
            load = np.zeros(len(climb.at))
            for rows, first, lower, share, are_feeds in climb.sums:
                load[rows] += self._drawn(consumer_w if are_feeds else input_w, lower, share, first)
            a_w, b, c_1_w = climb.abc
            loss = (c_1_w * load + b) * load + a_w
            drawn = load + loss
            input_w[climb.at] = drawn
            found.load_w[climb.nodes], found.loss_w[climb.nodes], found.input_w[climb.nodes] = load, loss, drawn
        found.grid_w = float(input_w[self._source].sum())
        self._last = consumer_w.copy(), found, input_w
        return found

    def _whole(self, consumer_w: FloatArray, extra_w: FloatArray | None) -> tuple[PowerFlow, FloatArray]:
        """The answer, and what each node draws by its place."""
        n = len(self._order)
        load_w, loss_w, input_w = np.zeros(n), np.empty(n), np.empty(n)
        if len(self._consumer):
            load_w[self._consumer_node] = self._drawn(
                consumer_w, self._consumer, self._consumer_share, self._consumer_first
            )
        extra_w = None if extra_w is None else extra_w[self._order]
        a_w, b, c_1_w = self._abc
        for level in self._levels:
            if len(level.first):
                load_w[level.upper] += self._drawn(input_w, level.lower, level.share, level.first)
            part = level.part
            load, loss = load_w[part], loss_w[part]
            np.multiply(c_1_w[part], load, out=loss)
            loss += b[part]
            loss *= load
            loss += a_w[part]
            np.add(load, loss, out=input_w[part])
            if extra_w is not None:
                input_w[part] += extra_w[part]
        place = self._place
        flow = PowerFlow(load_w[place], loss_w[place], input_w[place], float(input_w[self._source].sum()))
        return flow, input_w

    @staticmethod
    def _drawn(watts: FloatArray, lower: np.ndarray, share: FloatArray | None, first: np.ndarray) -> FloatArray:
        taken = watts[lower]
        if share is not None:
            taken *= share
        return np.asarray(np.add.reduceat(taken, first))

    def loads(self, consumer_w: FloatArray) -> FloatArray:
        """What each node passes on if nothing were lost on the way, (n,)."""
        load_w = np.zeros(len(self._order))
        if len(self._consumer):
            load_w[self._consumer_node] = self._drawn(
                consumer_w, self._consumer, self._consumer_share, self._consumer_first
            )
        for level in self._levels:
            if len(level.first):
                load_w[level.upper] += self._drawn(load_w, level.lower, level.share, level.first)
        return load_w[self._place]

    def flow_hours(self, consumer_w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """`flow` of many states, consumers (n_consumers, n): load, loss, input (n_nodes, n) and sources (n,)."""
        n_nodes, n = len(self._order), consumer_w.shape[1]
        load_w, loss_w, input_w = np.zeros((n_nodes, n)), np.empty((n_nodes, n)), np.empty((n_nodes, n))
        if len(self._consumer):
            drawn = consumer_w[self._consumer]
            if self._consumer_share is not None:
                drawn = drawn * self._consumer_share[:, None]
            load_w[self._consumer_node] = np.add.reduceat(drawn, self._consumer_first, axis=0)
        a_w, b, c_1_w = self._abc[:, :, None]
        for level in self._levels:
            if len(level.first):
                taken = input_w[level.lower] if level.share is None else input_w[level.lower] * level.share[:, None]
                load_w[level.upper] += np.add.reduceat(taken, level.first, axis=0)
            part = level.part
            loss_w[part] = a_w[part] + load_w[part] * (b[part] + c_1_w[part] * load_w[part])
            input_w[part] = load_w[part] + loss_w[part]
        place = self._place
        return load_w[place], loss_w[place], input_w[place], np.asarray(input_w[self._source].sum(axis=0))


def _taken(
    nodes: np.ndarray, first: np.ndarray, lower: np.ndarray, share: FloatArray | None, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, FloatArray | None]:
    """Edges that end in `at`, of those sorted by their upper ends: rows of `at`, begin of each, lower ends, shares."""
    kept = np.flatnonzero(np.isin(nodes, at))
    ends = np.append(first[1:], len(lower))
    edges = [np.arange(first[k], ends[k]) for k in kept]
    index = np.concatenate([np.zeros(0, dtype=np.intp), *edges])
    begins = np.cumsum([0, *map(len, edges)])[:-1]
    return np.searchsorted(at, nodes[kept]), begins, lower[index], None if share is None else share[index]
