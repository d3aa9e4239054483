"""Least squares on the logarithm of a time: find the parameters of a law that make it meet a measured table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Array = npt.NDArray[np.float64]
Law = TypeVar("Law", bound="DataclassInstance")

_DIFFERENCE = 1e-5
_LARGEST_STEP = 1.0
_MOST_TRIES = 12
_MOST_ROUNDS = 80
_SMALLEST_MISS = 0.01


def fitted(
    start: Law,
    seconds_of: Callable[[Law], Array],
    measured_s: Array,
    free: tuple[str, ...],
    most: Mapping[str, float] | None = None,
    n_reweighted: int = 0,
) -> Law:
    """The law whose free fields minimise `sum(log(model / measured)^2)`, by Levenberg-Marquardt on their logarithms.

    start: a law with positive first guesses; fields not named in free keep their value. seconds_of: times, shape
    (n,), of a law at the measured shapes. measured_s: shape (n,), above 0. most: upper limits of fields by name, for
    shares that cannot exceed 1. n_reweighted: further fits in which a row weighs the less the worse it was met, which
    tends to the smallest mean absolute error and forgives outliers. A short row weighs as much as a long one, because
    the error is a ratio.
    Source: Marquardt, J. SIAM 11(2), 1963; reweighting: Holland and Welsch, Commun. Statist. A6(9), 1977.
    """
    law = _least_squares(start, seconds_of, measured_s, free, most or {}, np.ones(measured_s.size))
    for _ in range(n_reweighted):
        miss = np.abs(np.log(seconds_of(law) / measured_s))
        weight = 1.0 / np.sqrt(np.maximum(miss, _SMALLEST_MISS))
        law = _least_squares(law, seconds_of, measured_s, free, most or {}, weight)
    return law


def _least_squares(
    start: Law,
    seconds_of: Callable[[Law], Array],
    measured_s: Array,
    free: tuple[str, ...],
    most: Mapping[str, float],
    weight: Array,
) -> Law:
    ceiling = np.log([most.get(name, np.inf) for name in free])
    point = np.minimum(np.log([float(getattr(start, name)) for name in free]), ceiling)

    def error_at(where: Array) -> Array:
        law = replace(start, **dict(zip(free, np.exp(where).tolist(), strict=True)))
        return weight * np.log(seconds_of(law) / measured_s)

    error = error_at(point)
    damping = 1e-2
    for _ in range(_MOST_ROUNDS):
        slope = np.stack([(error_at(point + step) - error) / _DIFFERENCE for step in _DIFFERENCE * np.eye(point.size)])
        moved, moved_error, damping = _step(error_at, point, error, slope, damping, ceiling)
        gain = float(error @ error - moved_error @ moved_error)
        point, done = moved, gain <= 1e-6 * float(error @ error)
        error = moved_error
        if done:
            break
    return replace(start, **dict(zip(free, np.exp(point).tolist(), strict=True)))


def _step(
    error_at: Callable[[Array], Array], point: Array, error: Array, slope: Array, damping: float, ceiling: Array
) -> tuple[Array, Array, float]:
    """One damped step that lowers the error, or the same point when none of a dozen dampings does."""
    normal, pull = slope @ slope.T, slope @ error
    for _ in range(_MOST_TRIES):
        stiff = normal + damping * np.diag(np.diag(normal) + 1e-12)
        step = np.clip(np.linalg.solve(stiff, -pull), -_LARGEST_STEP, _LARGEST_STEP)
        moved = np.minimum(point + step, ceiling)
        moved_error = error_at(moved)
        if float(moved_error @ moved_error) < float(error @ error):
            return moved, moved_error, max(damping / 5.0, 1e-9)
        damping *= 4.0
    return point, error, damping


def mean_error_frac(model: Array, measured: Array) -> float:
    """Mean absolute error as a share of the measured value (MAPE).

    >>> mean_error_frac(np.array([1.5, 0.5]), np.array([1.0, 1.0]))
    0.5
    """
    return float(np.mean(np.abs(model / measured - 1.0)))


def field_values(law: DataclassInstance) -> dict[str, float]:
    """The parameters of a law by name, as a sheet holds them."""
    return {field.name: float(getattr(law, field.name)) for field in fields(law)}
