"""One line of the validation: what was measured, what the model says, the error and the bound it must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from twin.files import Tree

Array = npt.NDArray[np.float64]
State = Literal["reached", "missed", "skipped", "listed"]


@dataclass(frozen=True, slots=True)
class Case:
    """A comparison with a measurement.

    measured, model: the pair in `unit`, or the means over n_rows rows. error_frac: the error that is judged (MAPE over
    the rows, or the ratio of one pair). bound_frac: the most it may be, None for a row that is listed only. note: what
    was fitted on what, or why a row is missed or skipped.
    """

    name: str
    measured: float | None = None
    model: float | None = None
    unit: str = ""
    error_frac: float | None = None
    bound_frac: float | None = None
    n_rows: int = 0
    note: str = ""

    @property
    def state(self) -> State:
        """Whether the bound is kept; `skipped` without data, `listed` without a bound."""
        if self.error_frac is None:
            return "skipped" if self.measured is None else "listed"
        if self.bound_frac is None:
            return "listed"
        return "reached" if self.error_frac <= self.bound_frac else "missed"

    def to_json(self) -> Tree:
        """The case as the command line prints it with --json."""
        return {
            "name": self.name,
            "state": self.state,
            "measured": self.measured,
            "model": self.model,
            "unit": self.unit,
            "error_frac": self.error_frac,
            "bound_frac": self.bound_frac,
            "n_rows": self.n_rows,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that come from the same files: each is a path below the data folder, all must be there."""

    name: str
    files: tuple[str, ...]
    cases: Callable[[Path], Iterator[Case]]


def over_rows(name: str, model: Array, measured: Array, bound_frac: float | None, note: str = "") -> Case:
    """A case judged by the mean absolute error over rows of times in seconds."""
    error = float(np.mean(np.abs(model / measured - 1.0)))
    means = float(np.mean(measured)) * 1e3, float(np.mean(model)) * 1e3
    return Case(name, means[0], means[1], "ms", error, bound_frac, measured.size, note)


def of_pair(name: str, model: float, measured: float, unit: str, bound_frac: float | None) -> Case:
    """A case of one published value."""
    return Case(name, measured, model, unit, abs(model / measured - 1.0), bound_frac, 1)
