"""Search for the least of a function that has no slope: the simplex of Nelder and Mead, on logarithms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_SMALL = 1e-3  # a simplex of a tenth of a percent is a point


def least(
    loss: Callable[[tuple[float, ...]], float],
    start: tuple[float, ...],
    factors: tuple[float, ...],
    most_calls: int,
) -> tuple[tuple[float, ...], int]:
    """The point of the smallest loss seen, and how often loss was asked (at most most_calls).

    start: positive values; factors: how far the first simplex reaches along each of them.
    Source: Nelder and Mead, Computer Journal 7(4), 1965, with their coefficients 1, 2, 1/2, 1/2.

    >>> point, _ = least(lambda x: (x[0] - 3.0) ** 2 + (x[1] - 0.5) ** 2, (1.0, 1.0), (2.0, 2.0), 200)
    >>> [round(value, 2) for value in point]
    [3.0, 0.5]
    """
    origin = np.log(start)
    corners = [origin, *(origin + step for step in np.diag(np.log(factors)))]
    seen: list[tuple[float, Array]] = []

    def at(where: Array) -> float:
        value = loss(tuple(np.exp(where).tolist()))
        seen.append((value, where))
        return value

    simplex = [(at(corner), corner) for corner in corners]
    while len(seen) + 2 <= most_calls:
        simplex.sort(key=lambda one: one[0])
        points = np.array([point for _, point in simplex])
        if float(np.max(np.abs(points - points[0]))) < _SMALL:
            break
        if not _replaced(simplex, points, at):
            if len(seen) + len(simplex) > most_calls:
                break
            simplex[1:] = [(at(point), point) for point in 0.5 * (points[0] + points[1:])]
    best = min(seen, key=lambda one: one[0])[1]
    return tuple(np.exp(best).tolist()), len(seen)


def _replaced(simplex: list[tuple[float, Array]], points: Array, at: Callable[[Array], float]) -> bool:
    """Put a better corner in place of the worst one, if reflection, expansion or contraction finds one."""
    worst, middle = simplex[-1], np.mean(points[:-1], axis=0)
    reflected = 2.0 * middle - worst[1]
    value = at(reflected)
    if value < simplex[0][0]:
        further = 3.0 * middle - 2.0 * worst[1]
        far = at(further)
        simplex[-1] = (far, further) if far < value else (value, reflected)
        return True
    if value < simplex[-2][0]:
        simplex[-1] = (value, reflected)
        return True
    nearer = 0.5 * (middle + (reflected if value < worst[0] else worst[1]))
    near = at(nearer)
    if near < min(value, worst[0]):
        simplex[-1] = (near, nearer)
        return True
    return False
