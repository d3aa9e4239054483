"""Lines of equal value through a grid of values: marching squares, the pieces joined end to end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

# Edges of a square between which a line runs, by which of its corners (00, 10, 11, 01 as bits) lie above: 0 the edge
# from 00 to 10, then on round. Saddles are cut the same way always.
_CASES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((2, 0),), 10: ((0, 1), (2, 3)), 11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0, 3),),
}  # fmt: skip


def isolines(values: Floats, level: float) -> list[Floats]:
    """Polylines (n, 2) of column and row, in steps of the grid, along which values (ny, nx) pass a level."""
    above = values > level
    index = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    rows, columns = np.nonzero((index > 0) & (index < 15))
    if not len(rows):
        return []
    across, down = _crossings(values, level)
    kind = index[rows, columns]
    starts, ends = [], []
    for case, pairs in _CASES.items():
        at = kind == case
        for one, other in pairs:
            starts.append(_edge_ids(one, rows[at], columns[at], values.shape))
            ends.append(_edge_ids(other, rows[at], columns[at], values.shape))
    chains = _chains(np.concatenate(starts).tolist(), np.concatenate(ends).tolist())
    return [_points(np.array(chain), across, down, values.shape) for chain in chains]


def _crossings(values: Floats, level: float) -> tuple[Floats, Floats]:
    """How far along each edge to the right and each edge down the level lies; anything where it does not."""
    with np.errstate(divide="ignore", invalid="ignore"):
        across = (level - values[:, :-1]) / (values[:, 1:] - values[:, :-1])
        down = (level - values[:-1]) / (values[1:] - values[:-1])
    return across, down


def _edge_ids(
    edge: int, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], shape: tuple[int, ...]
) -> npt.NDArray[np.intp]:
    """Number of an edge of squares: those to the right are even, those down are odd."""
    nx = shape[1]
    if edge == 0:
        return 2 * (rows * nx + columns)
    if edge == 1:
        return 2 * (rows * nx + columns + 1) + 1
    if edge == 2:
        return 2 * ((rows + 1) * nx + columns)
    return 2 * (rows * nx + columns) + 1


def _chains(starts: list[int], ends: list[int]) -> list[list[int]]:
    """Pieces joined where one ends and the next begins; a ring ends where it began."""
    following = dict(zip(starts, ends, strict=True))
    # Lines that come in at the edge begin where nothing ends.
    known = set(ends)
    heads = [start for start in starts if start not in known]
    found = []
    for head in [*heads, *starts]:
        chain = [head]
        while (step := following.pop(chain[-1], None)) is not None:
            chain.append(step)
        if len(chain) > 1:
            found.append(chain)
    return found


def _points(chain: npt.NDArray[np.intp], across: Floats, down: Floats, shape: tuple[int, ...]) -> Floats:
    nx = shape[1]
    is_down = chain % 2 == 1
    rows, columns = np.divmod(chain // 2, nx)
    found = np.stack([columns, rows], axis=1).astype(float)
    found[is_down, 1] += down[rows[is_down], columns[is_down]]
    found[~is_down, 0] += across[rows[~is_down], columns[~is_down]]
    return found
