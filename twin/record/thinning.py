"""Fewer rows for longer runs: the mean of each step's pulses, and the peak of what must not be averaged away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import Frame, Frames

PEAK_NAMES: tuple[str, ...] = ("it_w", "facility_w", "inlet_max_c")
_PEAKS = [HALL_NAMES.index(name) for name in PEAK_NAMES]
_IT, _FACILITY, _PUE = (HALL_NAMES.index(name) for name in ("it_w", "facility_w", "pue"))


@dataclass(frozen=True, slots=True)
class Row:
    """One step: `hall` float64 (n_hall,), `peaks` float64 (3,), `racks` float32 (n_rack_channels, n_racks)."""

    time_s: float  # end of the step's last pulse
    hall: np.ndarray
    peaks: np.ndarray
    racks: np.ndarray


@dataclass(frozen=True, slots=True)
class Rows:
    """Steps one after another: (n,), (n, n_hall), (n, 3), float32 (n, n_rack_channels, n_racks)."""

    time_s: np.ndarray
    hall: np.ndarray
    peaks: np.ndarray
    racks: np.ndarray

    def __len__(self) -> int:
        return len(self.time_s)

    def part(self, first: int, end: int) -> Rows:
        """Some of them."""
        taken = slice(first, end)
        return Rows(self.time_s[taken], self.hall[taken], self.peaks[taken], self.racks[taken])

    @staticmethod
    def of(row: Row) -> Rows:
        """One alone."""
        return Rows(np.array([row.time_s]), row.hall[None], row.peaks[None], row.racks[None])

    @staticmethod
    def joined(parts: Sequence[Rows], n_racks: int) -> Rows:
        """One after another."""
        nothing = np.zeros((0, len(RACK_NAMES), n_racks), np.float32)
        return Rows(
            np.concatenate([np.zeros(0), *(part.time_s for part in parts)]),
            np.concatenate([np.zeros((0, len(HALL_NAMES))), *(part.hall for part in parts)]),
            np.concatenate([np.zeros((0, len(_PEAKS))), *(part.peaks for part in parts)]),
            np.concatenate([nothing, *(part.racks for part in parts)]),
        )


class _Mean:
    """Mean over time of arrays that may hold NaN."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._sum = np.zeros(shape)
        self._weight = np.zeros(shape)

    def add(self, values: np.ndarray, weight: float) -> None:
        known = ~np.isnan(values)
        self._sum += np.where(known, values * weight, 0.0)
        self._weight += known * weight

    def take(self) -> np.ndarray:
        """The mean so far, NaN where nothing was known; starts anew."""
        known = self._weight > 0.0
        mean = np.where(known, self._sum / np.where(known, self._weight, 1.0), np.nan)
        self._sum[...] = 0.0
        self._weight[...] = 0.0
        return mean


class Thinning:
    """Gathers frames into rows; a pulse counts by how long it lasted, so that energy is kept."""

    def __init__(self, every_s: float | None, n_racks: int) -> None:
        self._every_s = every_s
        self._hall = _Mean((len(HALL_NAMES),))
        self._racks = _Mean((len(RACK_NAMES), n_racks))
        self._peaks = np.full(len(_PEAKS), np.nan)
        self._step = -1
        self._time_s: float | None = None

    def add(self, frame: Frame) -> Row | None:
        """Take a frame; the row of the step before it when it begins a new one."""
        if self._every_s is None:
            return Row(frame.time_s, frame.hall.copy(), frame.hall[_PEAKS], frame.racks.astype(np.float32))
        # A pulse that ends exactly at a step's end belongs to it, whatever the rounding of time / step.
        step = math.ceil(frame.time_s / self._every_s - 1e-9)
        row = self.rest() if step != self._step else None
        lasted_s = frame.time_s - self._time_s if self._time_s is not None else frame.time_s
        weight = lasted_s if lasted_s > 0.0 else 1.0
        self._step, self._time_s = step, frame.time_s
        self._hall.add(frame.hall, weight)
        self._racks.add(frame.racks, weight)
        self._peaks = np.fmax(self._peaks, frame.hall[_PEAKS])
        return row

    def add_all(self, frames: Frames) -> list[Rows]:
        """Take frames one after another; the rows of the steps they ended."""
        if self._every_s is None:
            racks = frames.racks.astype(np.float32)[frames.rack_row]
            return [Rows(frames.time_s, frames.hall, frames.hall[:, _PEAKS], racks)]
        rows = [self.add(frames.one(k)) for k in range(len(frames))]
        return [Rows.of(row) for row in rows if row is not None]

    def rest(self) -> Row | None:
        """The step under way as a row; none before the first frame and in runs that keep every pulse."""
        if self._time_s is None or self._step < 0:
            return None
        hall, peaks = self._hall.take(), self._peaks
        if hall[_IT] > 0.0 and not np.isnan(hall[_PUE]):
            # A ratio of energies, not a mean of ratios.
            hall[_PUE] = hall[_FACILITY] / hall[_IT]
        self._peaks = np.full(len(_PEAKS), np.nan)
        self._step = -1
        return Row(self._time_s, hall, peaks, self._racks.take().astype(np.float32))
