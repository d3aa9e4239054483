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


@dataclass(slots=True)
class _Level:
    """Nodes that depend only on the levels before: a slice, and the edges that end in it, sorted by their upper end."""

    part: slice
    upper: slice | np.ndarray  # (m,) nodes with edges
    first: np.ndarray  # (m,) where the edges of each begin
    lower: np.ndarray  # (n_edges,)
    share: FloatArray | None  # none: every edge carries all


class FlowPlan:
    """Compiled for one set of live nodes and edges; nothing is allocated but the answer.

    abc_w: (3, n) no-load watts, proportional part, resistive part per watt; 0 where a node is dead.
    """

    __slots__ = (
        "_abc",
        "_consumer",
        "_consumer_first",
        "_consumer_node",
        "_consumer_share",
        "_levels",
        "_no_load_w",
        "_order",
        "_place",
        "_source",
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

    def flow(self, consumer_w: FloatArray, extra_w: FloatArray | None) -> PowerFlow:
        """The answer for the watts of each consumer (n_consumers,) and what goes into each node's battery (n,)."""
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
        return PowerFlow(load_w[place], loss_w[place], input_w[place], float(input_w[self._source].sum()))

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
