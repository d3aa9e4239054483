"""The electrical path as a directed graph of arrays: loads go up level by level, losses are added on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.catalogue.electrical import LossCurve
from twin.errors import CatalogueError, DocumentError
from twin.layout.floor import Floor, FloorPower
from twin.physics import FloatArray
from twin.physics.electrical import fit_loss_abc, loss_w

SWITCHES = ("ats", "sts")
"""Roles that take one source at a time, the first live one."""


@dataclass(slots=True)
class PowerPath:
    """Nodes in an order where every child comes before its parents, and consumers that hang on them."""

    ids: list[str]
    rated_w: FloatArray  # (n,) what losses refer to; 1 W where there are none
    limit_w: FloatArray  # (n,) rating, infinite where there is none
    loss: FloatArray  # (3, n) a, b, c
    is_indoors: np.ndarray  # (n,) bool, its loss heats the room
    is_source: np.ndarray  # (n,) bool, the grid
    takes_one: np.ndarray  # (n,) bool, transfer switch
    parents: list[list[int]]  # inputs of each node, in the order of the drawing
    levels: list[np.ndarray]  # indices of the nodes of each level, leaves first
    feeds: list[list[int]]  # nodes each consumer hangs on
    is_up: np.ndarray  # (n,) bool; faults
    is_live: np.ndarray  # (n,) bool, has power now; settle_topology
    is_fed: np.ndarray  # (n_consumers,) bool, has power now; settle_topology
    edge_child: list[np.ndarray]  # per level: children of the edges
    edge_parent: list[np.ndarray]
    edge_share: list[np.ndarray]
    feed_consumer: np.ndarray  # edges from consumers to nodes
    feed_node: np.ndarray
    feed_share: np.ndarray

    def settle_topology(self) -> None:
        """Find what has power after a change, and how each load is shared among its live inputs."""
        self.is_live[:] = False
        for level in reversed(self.levels):
            for i in level:
                has_input = any(self.is_live[p] for p in self.parents[i])
                self.is_live[i] = self.is_up[i] and (bool(self.is_source[i]) or has_input)
        self.edge_child, self.edge_parent, self.edge_share = [], [], []
        for level in self.levels:
            edges = [edge for i in level for edge in self._edges(int(i))]
            self.edge_child.append(np.array([e[0] for e in edges], dtype=np.intp))
            self.edge_parent.append(np.array([e[1] for e in edges], dtype=np.intp))
            self.edge_share.append(np.array([e[2] for e in edges]))
        rows = [
            (i, n, 1.0 / len(live)) for i, nodes in enumerate(self.feeds) if (live := self._alive(nodes)) for n in live
        ]
        self.feed_consumer = np.array([r[0] for r in rows], dtype=np.intp)
        self.feed_node = np.array([r[1] for r in rows], dtype=np.intp)
        self.feed_share = np.array([r[2] for r in rows])
        self.is_fed[:] = False
        self.is_fed[self.feed_consumer] = True

    def _alive(self, nodes: Sequence[int]) -> list[int]:
        return [n for n in nodes if self.is_live[n]]

    def _edges(self, i: int) -> list[tuple[int, int, float]]:
        live = self._alive(self.parents[i])
        if not live or not self.is_live[i]:
            return []
        if self.takes_one[i]:
            live = live[:1]
        return [(i, p, 1.0 / len(live)) for p in live]

    def flow(self, consumer_w: FloatArray) -> PowerFlow:
        """Loads, losses and grid power for the watts of each consumer (n_consumers,); unfed consumers must draw 0."""
        n = len(self.ids)
        load_w = np.bincount(self.feed_node, consumer_w[self.feed_consumer] * self.feed_share, n).astype(float)
        lost_w = np.zeros(n)
        a, b, c = self.loss
        for level, child, parent, share in zip(
            self.levels, self.edge_child, self.edge_parent, self.edge_share, strict=True
        ):
            losses = loss_w(load_w[level], self.rated_w[level], a[level], b[level], c[level])
            lost_w[level] = np.where(self.is_live[level], losses, 0.0)
            if len(child):
                load_w += np.bincount(parent, (load_w + lost_w)[child] * share, n)
        grid_w = float((load_w + lost_w)[self.is_source & self.is_live].sum())
        return PowerFlow(load_w, lost_w, grid_w)

    def unfed(self) -> np.ndarray:
        """Indices of consumers without power."""
        return np.flatnonzero(~self.is_fed)


@dataclass(slots=True)
class PowerFlow:
    """One solved state: load and loss of each node (n,), and what the grid gives."""

    load_w: FloatArray
    loss_w: FloatArray
    grid_w: float


def compile_power(floor: Floor, consumers: Mapping[str, Sequence[str]]) -> PowerPath:
    """The path of a layout; `consumers` maps an id to the nodes its cords hang on."""
    nodes = list(floor.power.values())
    index = {node.id: i for i, node in enumerate(nodes)}
    parents = [[index[name] for name in node.spec.inputs] for node in nodes]
    path = PowerPath(
        ids=[node.id for node in nodes],
        rated_w=np.array([_rated_w(node) for node in nodes]),
        limit_w=np.array([node.rated_w or np.inf for node in nodes]),
        loss=np.array([_loss_abc(node) for node in nodes]).reshape(-1, 3).T,
        is_indoors=np.array([node.outline_m is not None for node in nodes], dtype=bool),
        is_source=np.array([node.device.role == "utility" for node in nodes], dtype=bool),
        takes_one=np.array([node.device.role in SWITCHES for node in nodes], dtype=bool),
        parents=parents,
        levels=_levels([node.id for node in nodes], parents),
        feeds=[[index[name] for name in names] for names in consumers.values()],
        is_up=np.ones(len(nodes), dtype=bool),
        is_live=np.zeros(len(nodes), dtype=bool),
        is_fed=np.zeros(len(consumers), dtype=bool),
        edge_child=[],
        edge_parent=[],
        edge_share=[],
        feed_consumer=np.zeros(0, dtype=np.intp),
        feed_node=np.zeros(0, dtype=np.intp),
        feed_share=np.zeros(0),
    )
    path.settle_topology()
    return path


def _levels(ids: Sequence[str], parents: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """Nodes by distance from the farthest leaf, leaves first; DocumentError names a loop."""
    waiting = np.bincount([p for inputs in parents for p in inputs], minlength=len(ids)) if ids else np.zeros(0)
    level = [i for i in range(len(ids)) if waiting[i] == 0]
    levels: list[np.ndarray] = []
    while level:
        levels.append(np.array(level, dtype=np.intp))
        following = []
        for i in level:
            for p in parents[i]:
                waiting[p] -= 1
                if waiting[p] == 0:
                    following.append(p)
        level = following
    if sum(map(len, levels)) < len(ids):
        stuck = [ids[i] for i in range(len(ids)) if waiting[i] > 0]
        raise DocumentError(f"feeds go round in a circle through {', '.join(stuck)}", "power", "cut one of the feeds")
    return levels


def _rated_w(node: FloorPower) -> float:
    if node.rated_w is None and node.device.loss is not None:
        raise CatalogueError(
            f"{node.device.id} has losses but no rating", node.id, "add rated_w to the sheet or the node"
        )
    return node.rated_w or 1.0


def _loss_abc(node: FloorPower) -> tuple[float, float, float]:
    curve: LossCurve | None = node.device.loss
    if node.spec.mode:
        curve = node.device.modes.get(node.spec.mode)
        if curve is None:
            known = ", ".join(node.device.modes) or "none"
            raise CatalogueError(f"{node.device.id} has no mode {node.spec.mode!r}", node.id, f"its modes: {known}")
    if curve is None:
        return 0.0, 0.0, 0.0
    if curve.a is not None and curve.b is not None and curve.c is not None:
        return curve.a, curve.b, curve.c
    points = sorted(curve.efficiency.items())
    fitted = fit_loss_abc(np.array([x for x, _ in points]), np.array([y for _, y in points]))
    return float(fitted[0]), float(fitted[1]), float(fitted[2])
