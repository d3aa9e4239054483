"""How loads are shared between two switchings, and where energies of such a time were drawn and metered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from twin.physics import FloatArray

Edges = tuple[np.ndarray, np.ndarray, FloatArray]
"""Lower ends, upper ends, shares of the draw: (m,) each."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """One state of the switches: constant until something fails, is repaired or transfers."""

    levels: Sequence[np.ndarray]  # nodes, leaves first
    edges: Sequence[Edges]  # of the nodes of each level, towards the sources
    cords: Edges  # from consumers to nodes


def wiring_of(levels: Sequence[np.ndarray], edges: Edges, cords: Edges) -> Wiring:
    """The edges sorted by the level of their lower end."""
    lower, upper, share = edges
    level_of = np.zeros(sum(map(len, levels)), dtype=np.intp)
    for k, nodes in enumerate(levels):
        level_of[nodes] = k
    order = np.argsort(level_of[lower], kind="stable")
    ends = np.searchsorted(level_of[lower][order], np.arange(len(levels) + 1))
    parts = [order[first:end] for first, end in pairwise(ends)]
    return Wiring(levels, [(lower[part], upper[part], share[part]) for part in parts], cords)


def cord_energy_j(wiring: Wiring, load_j: FloatArray, input_j: FloatArray) -> FloatArray:
    """Energy each node (n,) gave to cords: what it passed on, less what other elements drew from it."""
    given_j = load_j.copy()
    for lower, upper, share in wiring.edges:
        if len(lower):
            given_j -= np.bincount(upper, input_j[lower] * share, len(load_j))
    return given_j


def at_points(
    wiring: Wiring, passed: tuple[FloatArray, FloatArray], drawn_j: FloatArray, is_point: np.ndarray
) -> tuple[float, float]:
    """Energy of some consumers (the first ones, m) at the output of the first metering points on their way up.

    passed: energy out of each node (n,), and that with what it lost. A loss counts for each load by its share.
    Returns the metered energy, and the part of it whose way has no point: that is read at the cords.
    """
    load_j, with_loss_j = passed
    n = len(load_j)
    consumer, node, share = wiring.cords
    is_asked = consumer < len(drawn_j)
    at_cords_j = drawn_j[consumer[is_asked]] * share[is_asked]
    cord_j = np.bincount(node[is_asked], at_cords_j, n).astype(float)
    open_j, metered_j, read_j = cord_j.copy(), 0.0, 0.0
    for level, (lower, upper, part) in zip(wiring.levels, wiring.edges, strict=True):
        points = level[is_point[level]]
        metered_j += float(open_j[points].sum())
        read_j += float(cord_j[points].sum())
        open_j[points] = cord_j[points] = 0.0
        if len(lower):
            passed_j = load_j[lower]
            of_load = np.divide(open_j[lower], passed_j, out=np.zeros(len(lower)), where=passed_j > 0.0)
            open_j += np.bincount(upper, of_load * with_loss_j[lower] * part, n)
            cord_j += np.bincount(upper, cord_j[lower] * part, n)
    unread_j = float(at_cords_j.sum()) - read_j
    return metered_j + unread_j, unread_j
