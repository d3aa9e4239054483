"""Which layer each element of a flow stands in, and what stands between the ends of wires that cross layers."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WRAP_PX = 1300.0
"""Branches that hang on one element alone and are wider than this together are put below each other."""

Holder = tuple[str, int]
"""An element (id, -1), or its wire on the way through a layer (id, layer)."""


@dataclass(slots=True)
class Layers:
    """Layer by element counted from the sources, who feeds whom, and which links were turned to break circles."""

    depth: dict[str, int]
    targets: dict[str, list[str]]
    reversed: set[tuple[str, str]]
    rows: list[list[Holder]] = field(default_factory=list)
    _below: dict[Holder, list[Holder]] = field(default_factory=dict)
    _above: dict[Holder, list[Holder]] = field(default_factory=dict)

    def below(self, holder: Holder) -> list[Holder]:
        """What a holder leads to in the next layer."""
        return self._below.get(holder, [])

    def above(self, holder: Holder) -> list[Holder]:
        """What leads to a holder from the layer before."""
        return self._above.get(holder, [])

    def join(self, upper: Holder, lower: Holder) -> None:
        """Lead a wire from one layer to the next."""
        self._below.setdefault(upper, []).append(lower)
        self._above.setdefault(lower, []).append(upper)


def layered(names: Sequence[str], links: Sequence[tuple[str, str]], widths_px: Mapping[str, float]) -> Layers:
    """Layers by the longest way from a source; a source stands right above the first thing it feeds."""
    targets, turned = _without_circles(names, links)
    depth = _depths(names, targets)
    layers = Layers(depth, targets, turned)
    _wrap(names, layers, widths_px)
    used = {k: i for i, k in enumerate(sorted(set(depth.values())))}
    for name in names:
        depth[name] = used[depth[name]]
    _fill(names, layers)
    return layers


def _without_circles(
    names: Sequence[str], links: Sequence[tuple[str, str]]
) -> tuple[dict[str, list[str]], set[tuple[str, str]]]:
    """Targets by source with each link that closes a circle turned round."""
    raw: dict[str, list[str]] = defaultdict(list)
    for source, target in dict.fromkeys(links):
        raw[source].append(target)
    state: dict[str, int] = {}
    turned: set[tuple[str, str]] = set()
    fed = {target for _, target in links}
    for start in sorted(names, key=lambda name: name in fed):
        if start in state:
            continue
        stack = [(start, iter(raw[start]))]
        state[start] = 1
        while stack:
            name, rest = stack[-1]
            target = next(rest, "")
            if not target:
                state[name] = 2
                stack.pop()
            elif state.get(target) == 1:
                turned.add((name, target))
            elif target not in state:
                state[target] = 1
                stack.append((target, iter(raw[target])))
    kept: dict[str, list[str]] = {name: [] for name in names}
    for source, target in dict.fromkeys(links):
        a, b = (target, source) if (source, target) in turned else (source, target)
        if b not in kept[a]:
            kept[a].append(b)
    return kept, turned


def _depths(names: Sequence[str], targets: Mapping[str, list[str]]) -> dict[str, int]:
    n_inputs = dict.fromkeys(names, 0)
    for found in targets.values():
        for target in found:
            n_inputs[target] += 1
    is_source = {name for name in names if n_inputs[name] == 0}
    depth = dict.fromkeys(names, 0)
    ready = deque(name for name in names if n_inputs[name] == 0)
    while ready:
        name = ready.popleft()
        for target in targets[name]:
            depth[target] = max(depth[target], depth[name] + 1)
            n_inputs[target] -= 1
            if n_inputs[target] == 0:
                ready.append(target)
    for name in is_source:
        if targets[name]:
            depth[name] = min(depth[target] for target in targets[name]) - 1
    return depth


def _wrap(names: Sequence[str], layers: Layers, widths_px: Mapping[str, float]) -> None:
    """Put the branches of an element with very many of them below each other, some to a layer."""
    n_inputs: dict[str, int] = defaultdict(int)
    for found in layers.targets.values():
        for target in found:
            n_inputs[target] += 1
    for name in sorted(names, key=lambda name: -layers.depth[name]):
        branches = [b for t in layers.targets[name] if n_inputs[t] == 1 and (b := _branch(t, layers, n_inputs))]
        wide = [max(widths_px[member] for member in branch) for branch in branches]
        if sum(wide) <= WRAP_PX or len(branches) < 3:
            continue
        n_rows = -(-sum(wide) // WRAP_PX)
        per_row_px = sum(wide) / n_rows
        tall = max(layers.depth[m] - layers.depth[branch[0]] + 1 for branch in branches for m in branch)
        reach_px, i_row = 0.0, 0
        for branch, width_px in zip(branches, wide, strict=True):
            if reach_px + width_px > per_row_px * 1.001 and reach_px > 0 and i_row + 1 < n_rows:
                reach_px, i_row = 0.0, i_row + 1
            reach_px += width_px
            for member in branch:
                layers.depth[member] += i_row * tall


def _branch(name: str, layers: Layers, n_inputs: Mapping[str, int]) -> list[str]:
    """An element with all below it, where that is a plain chain; empty where it is not."""
    chain = [name]
    while found := layers.targets[chain[-1]]:
        if len(found) > 1 or n_inputs[found[0]] > 1:
            return []
        chain.append(found[0])
    return chain


def _fill(names: Sequence[str], layers: Layers) -> None:
    """Rows of holders; the wires of one element share one holder in each layer they only pass."""
    depth = layers.depth
    layers.rows = [[] for _ in range(1 + max(depth.values(), default=-1))]
    for name in names:
        layers.rows[depth[name]].append((name, -1))
    for name in names:
        found = layers.targets[name]
        last = max((depth[target] for target in found), default=0)
        holder: Holder = (name, -1)
        for level in range(depth[name] + 1, last + 1):
            ends: list[Holder] = [(target, -1) for target in found if depth[target] == level]
            passing = (name, level)
            if level < last:
                # In the middle, so that what is above and what is below stay centred on each other.
                ends.insert(len(ends) // 2, passing)
                layers.rows[level].append(passing)
            for end in ends:
                layers.join(holder, end)
            holder = passing
