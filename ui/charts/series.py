"""A growing curve in fixed memory: when its buffer fills, neighbours merge and the whole run stays in view."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Thinning = Literal["peaks", "mean"]


class Series:
    """Values over simulated time, appended in time order.

    `peaks` keeps the lowest and highest of every group, so a spike never vanishes. `mean` keeps group means at group
    ends, so series fed together stay aligned and can be stacked. A value that is not finite is left out by `peaks`
    and counts as nothing by `mean`.
    """

    def __init__(self, capacity: int = 20_000, thinning: Thinning = "peaks") -> None:
        self.thinning = thinning
        self._time_s = np.zeros(capacity - capacity % 4)
        self._value = np.zeros(capacity - capacity % 4)
        self.clear()

    def clear(self) -> None:
        """Forget everything; a new run starts."""
        self._n = 0
        self._stride = 1
        self._group: list[tuple[float, float]] = []
        self._last = (math.nan, math.nan)
        self.version = getattr(self, "version", 0) + 1

    def __len__(self) -> int:
        return self._n

    @property
    def last_time_s(self) -> float:
        """Time of the newest value in s, nan when empty."""
        return self._last[0]

    @property
    def last_value(self) -> float:
        """The newest value, nan when empty."""
        return self._last[1]

    def append(self, time_s: float, value: float) -> None:
        """Add one value; times never fall."""
        if not math.isfinite(value):
            if self.thinning == "peaks":
                return
            value = 0.0
        self._last = (time_s, value)
        self.version += 1
        if self._stride == 1:
            self._push(time_s, value)
            return
        self._group.append((time_s, value))
        per_group = self._stride if self.thinning == "mean" else 2 * self._stride
        if len(self._group) >= per_group:
            group = np.array(self._group)
            self._group.clear()
            self._push_many(*_merged(group[:, 0], group[:, 1], per_group, self.thinning))

    def extend(self, times_s: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Add values in time order, shapes (n,) and (n,)."""
        for time_s, value in zip(np.asarray(times_s, float).tolist(), np.asarray(values, float).tolist(), strict=True):
            self.append(time_s, value)

    def value_at(self, time_s: float) -> float:
        """The value in force at a time: the newest at or before it, nan before the first."""
        if not self._n or time_s >= self._last[0]:
            return self._last[1]
        i = int(np.searchsorted(self._time_s[: self._n], time_s, side="right")) - 1
        return float(self._value[i]) if i >= 0 else math.nan

    def window(self, start_s: float, end_s: float, n_groups: int) -> tuple[Floats, Floats]:
        """Times and values from the sample before `start_s` to the one after `end_s`, thinned to about `n_groups`.

        Groups begin at fixed places of the buffer, so peaks do not flicker while the window slides.
        """
        times_s, values = self._with_newest()
        first = max(0, int(np.searchsorted(times_s, start_s)) - 1)
        past = min(len(times_s), int(np.searchsorted(times_s, end_s, side="right")) + 1)
        per_group = -(-(past - first) // max(1, n_groups))
        # Groups of a power of two stay the same while a window grows, until they all double at once.
        per_group = 1 << (per_group - 1).bit_length() if per_group > 1 else 1
        if per_group < 4:
            return times_s[first:past], values[first:past]
        first -= first % per_group
        whole = first + (past - first) // per_group * per_group
        parts = [_merged(times_s[first:whole], values[first:whole], per_group, self.thinning)]
        if past > whole:
            # The group still growing, and the newest sample itself so that the line ends where its label is.
            parts.append(_merged(times_s[whole:past], values[whole:past], past - whole, self.thinning))
            parts.append((times_s[past - 1 : past], values[past - 1 : past]))
        return np.concatenate([t for t, _ in parts]), np.concatenate([y for _, y in parts])

    def _with_newest(self) -> tuple[Floats, Floats]:
        times_s, values = self._time_s[: self._n], self._value[: self._n]
        if self._n and self._last[0] > times_s[-1]:
            return np.append(times_s, self._last[0]), np.append(values, self._last[1])
        return times_s, values

    def _push_many(self, times_s: Floats, values: Floats) -> None:
        for time_s, value in zip(times_s.tolist(), values.tolist(), strict=True):
            self._push(time_s, value)

    def _push(self, time_s: float, value: float) -> None:
        self._time_s[self._n], self._value[self._n] = time_s, value
        self._n += 1
        # Halved as soon as it is full, so that every point kept stands for equally many samples.
        if self._n == len(self._time_s):
            per_group = 2 if self.thinning == "mean" else 4
            t, y = _merged(self._time_s, self._value, per_group, self.thinning)
            self._n = len(t)
            self._time_s[: self._n], self._value[: self._n] = t, y
            self._stride *= 2


def _merged(times_s: Floats, values: Floats, per_group: int, thinning: Thinning) -> tuple[Floats, Floats]:
    """One mean or one lowest-and-highest pair, in time order, for every `per_group` samples (which divide evenly)."""
    t, y = times_s.reshape(-1, per_group), values.reshape(-1, per_group)
    if thinning == "mean":
        return t[:, -1].copy(), y.mean(axis=1)
    pair = np.sort(np.stack([y.argmin(axis=1), y.argmax(axis=1)], axis=1), axis=1)
    rows = np.arange(len(y))[:, None]
    return t[rows, pair].ravel(), y[rows, pair].ravel()
