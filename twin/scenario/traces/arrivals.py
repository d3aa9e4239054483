"""Arrival times that a trace lacks, or has only in coarse steps: drawn from a process, or spread inside the steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.requests import RequestTable

Spread = Literal["even", "random"]

# Clocks that tick in steps jitter a little (2 ms of 3 s in the Mooncake trace); single ticks may stand off the grid.
_GRID_TOLERANCE = 0.01
_LEAST_ON_GRID = 0.99
_LEAST_MEAN_PER_INSTANT = 2.0


@dataclass(frozen=True, slots=True)
class Quantisation:
    """Arrivals that all fall on the ticks of a coarse clock."""

    step_s: float  # median time between ticks that have requests
    n_instants: int  # distinct arrival times
    mean_requests: float  # per instant
    max_requests: int


@dataclass(frozen=True, slots=True)
class ArrivalProcess:
    """A renewal process: gaps are independent, of mean 1/rate and coefficient of variation `gap_cv` (1: Poisson)."""

    rate_per_s: float
    gap_cv: float = 1.0

    def arrivals_s(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """`n` arrival times from 0 s on, float64, non-decreasing."""
        shape = self.gap_cv**-2
        return np.cumsum(rng.gamma(shape, 1 / (shape * self.rate_per_s), n))


def with_arrivals(table: RequestTable, process: ArrivalProcess, rng: np.random.Generator) -> RequestTable:
    """The requests of `table` in their order, arriving as `process` draws it."""
    return replace(table, arrival_s=process.arrivals_s(len(table), rng))


def quantisation(arrival_s: np.ndarray) -> Quantisation | None:
    """The steps in which `arrival_s` ((n,) non-decreasing) ticks; None when requests mostly arrive one by one."""
    instants_s, counts = np.unique(arrival_s, return_counts=True)
    if len(instants_s) < 2 or len(arrival_s) < _LEAST_MEAN_PER_INSTANT * len(instants_s):
        return None
    gaps_s = np.diff(instants_s)
    step_s = float(np.median(gaps_s))
    steps = gaps_s / step_s
    is_on_grid = np.abs(steps - np.rint(steps)) <= _GRID_TOLERANCE
    if is_on_grid.mean() < _LEAST_ON_GRID:
        return None
    return Quantisation(step_s, len(instants_s), float(counts.mean()), int(counts.max()))


def spread_arrivals(table: RequestTable, how: Spread, rng: np.random.Generator) -> RequestTable:
    """The same requests in the same order, those of one tick spread until the next: at even distances, or at random.

    Errors: DocumentError when the arrivals do not tick in coarse steps.
    """
    ticks = quantisation(table.arrival_s)
    if ticks is None:
        what = "the arrivals are not quantised: most requests have an arrival time of their own"
        raise DocumentError(what, table.source, "leave spread_arrivals out")
    instants_s, first, counts = np.unique(table.arrival_s, return_index=True, return_counts=True)
    # A tick may come early; requests must not be spread beyond it.
    width_s = np.append(np.minimum(np.diff(instants_s), ticks.step_s), ticks.step_s)
    i_instant = np.repeat(np.arange(len(instants_s)), counts)
    if how == "even":
        place = (np.arange(len(table)) - first[i_instant] + 0.5) / counts[i_instant]
    else:
        draws = rng.random(len(table))
        place = draws[np.lexsort((draws, i_instant))]
    spread_s = instants_s[i_instant] + place * width_s[i_instant]
    # Rounding may carry the last request of a tick one bit past the next tick.
    return replace(table, arrival_s=np.maximum.accumulate(spread_s))
