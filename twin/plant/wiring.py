"""How loads are shared between two switchings, and where energies of such a time were drawn and metered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def wiring_of(
    levels: Sequence[np.ndarray], edges: Sequence[tuple[int, int, float]], cords: Sequence[tuple[int, int, float]]
) -> Wiring:
    """From lists of (lower end, upper end, share)."""
    level_of = {int(node): k for k, nodes in enumerate(levels) for node in nodes}
    by_level: list[list[tuple[int, int, float]]] = [[] for _ in levels]
    for edge in edges:
        by_level[level_of[edge[0]]].append(edge)
    return Wiring(levels, [_columns(own) for own in by_level], _columns(cords))


def _columns(rows: Sequence[tuple[int, int, float]]) -> Edges:
    lower, upper, share = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(lower, dtype=np.intp), np.array(upper, dtype=np.intp), np.array(share, dtype=np.float64)


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
    gain = np.divide(with_loss_j, load_j, out=np.zeros(n), where=load_j > 0.0)
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
            open_j += np.bincount(upper, open_j[lower] * gain[lower] * part, n)
            cord_j += np.bincount(upper, cord_j[lower] * part, n)
    unread_j = float(at_cords_j.sum()) - read_j
    return metered_j + unread_j, unread_j
