"""The order of a flow within its layers, and how far apart its elements stand."""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Mapping

from ui.diagrams.flow_layers import Holder, Layers

ORDER_SWEEPS = 4
SPREAD_SWEEPS = 6
PASSING_WEIGHT = 30.0
"""How much more a wire that passes wants to stay straight than an element wants to stand over what it feeds."""


CHAIN_WEIGHT = 8.0


def ordered(layers: Layers, sides: Mapping[str, int]) -> list[list[Holder]]:
    """Rows in an order with few crossings by barycentres, side A first and side B last; the best of some sweeps."""
    rows = _first_order(layers, sides)
    best, least = [list(row) for row in rows], _n_crossings(layers, rows)
    for k in range(ORDER_SWEEPS):
        if least == 0:
            break
        is_down = k % 2 == 0
        order = range(1, len(rows)) if is_down else range(len(rows) - 2, -1, -1)
        for i in order:
            near = rows[i - 1] if is_down else rows[i + 1]
            place = {holder: float(n) for n, holder in enumerate(near)}
            seen = layers.above if is_down else layers.below
            own = {holder: float(n) for n, holder in enumerate(rows[i])}
            means = {h: _mean([place[o] for o in seen(h)], own[h]) for h in rows[i]}
            rows[i].sort(key=lambda h: (sides[h[0]], means[h], own[h]))
        n = _n_crossings(layers, rows)
        if n < least:
            best, least = [list(row) for row in rows], n
    return best


def _first_order(layers: Layers, sides: Mapping[str, int]) -> list[list[Holder]]:
    """As a walk from the sources meets them, side by side."""
    met: dict[Holder, int] = {}
    stack = [h for row in reversed(layers.rows) for h in reversed(row) if not layers.above(h)]
    while stack:
        holder = stack.pop()
        if holder not in met:
            met[holder] = len(met)
            stack += reversed(layers.below(holder))
    return [sorted(row, key=lambda h: (sides[h[0]], met[h])) for row in layers.rows]


def _n_crossings(layers: Layers, rows: list[list[Holder]]) -> int:
    n = 0
    for upper, lower in itertools.pairwise(rows):
        place = {holder: k for k, holder in enumerate(lower)}
        seen: list[int] = []
        for holder in upper:
            ends = sorted(place[other] for other in layers.below(holder))
            for end in ends:
                n += len(seen) - bisect_left(seen, end + 1)
            for end in ends:
                insort(seen, end)
    return n


def spread(
    layers: Layers, rows: list[list[Holder]], sizes_px: Mapping[Holder, tuple[float, float]], gap_px: float
) -> dict[Holder, float]:
    """x of the port of each holder: as close to the middle of its neighbours as the order and the gaps allow.

    Each row is the exact least-squares answer for its wishes (pool adjacent violators).
    """
    port: dict[Holder, float] = {}
    for row in rows:
        x = 0.0
        for holder in row:
            left, right = sizes_px[holder]
            port[holder] = x + left
            x += left + right + gap_px
    for k in range(SPREAD_SWEEPS + 1):
        is_last = k == SPREAD_SWEEPS
        for i in range(len(rows)) if k % 2 == 0 else range(len(rows) - 1, -1, -1):
            wishes, weights = [], []
            for holder in rows[i]:
                above, below = layers.above(holder), layers.below(holder)
                near = [*above, *below] if is_last else (above if k % 2 == 0 else below) or [*above, *below]
                wishes.append(_wish(holder, near, layers, port))
                weights.append(PASSING_WEIGHT if holder[1] >= 0 else 1.0)
            _settle(rows[i], wishes, weights, sizes_px, gap_px, port)
    _straighten(layers, rows, sizes_px, gap_px, port)
    return port


def _straighten(
    layers: Layers, rows: list[list[Holder]], sizes_px: Mapping[Holder, tuple[float, float]], gap_px: float,
    port: dict[Holder, float],
) -> None:  # fmt: skip
    """Ends move over what they hang on, sources first: all else stays where it is."""
    for i in [*range(len(rows) - 1, -1, -1), *range(len(rows))]:
        wishes = []
        for holder in rows[i]:
            above, below = layers.above(holder), layers.below(holder)
            near = below if not above else above if not below else []
            if len(below) == 1 and len(layers.above(below[0])) == 1 and len(above) < 2:
                near = below
            wishes.append(_mean([port[other] for other in near], port[holder]))
        weights = [1.0 if wish != port[h] else 1e3 for wish, h in zip(wishes, rows[i], strict=True)]
        _settle(rows[i], wishes, weights, sizes_px, gap_px, port)


def _wish(holder: Holder, near: list[Holder], layers: Layers, port: Mapping[Holder, float]) -> float:
    """The middle of some neighbours; those that have each other alone weigh more, so that chains stay straight."""
    total, mass = 0.0, 0.0
    for other in near:
        is_pair = len(layers.below(other)) == 1 == len(layers.above(holder)) or (
            len(layers.above(other)) == 1 == len(layers.below(holder))
        )
        weight = CHAIN_WEIGHT if is_pair else 1.0
        total, mass = total + weight * port[other], mass + weight
    return total / mass if mass else port[holder]


def _settle(
    row: list[Holder], wishes: list[float], weights: list[float], sizes_px: Mapping[Holder, tuple[float, float]],
    gap_px: float, port: dict[Holder, float],
) -> None:  # fmt: skip
    offsets, reach = [], 0.0
    for i, holder in enumerate(row):
        if i:
            reach += sizes_px[row[i - 1]][1] + gap_px + sizes_px[holder][0]
        offsets.append(reach)
    blocks: list[list[float]] = []  # mean, weight, members
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        blocks.append([wish - offset, weight, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, mass, n = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + mean * mass) / (before[1] + mass)
            before[1] += mass
            before[2] += n
    levels = [mean for mean, _, n in blocks for _ in range(int(n))]
    for holder, level, offset in zip(row, levels, offsets, strict=True):
        port[holder] = float(round(level + offset))


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
