"""Frames on their way from the engine to the views: hall rows in a buffer, the newest racks, and their history."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import FrameBlock

Floats = npt.NDArray[np.float64]
RackFloats = npt.NDArray[np.float32]

HALL_INDEX = {name: i for i, name in enumerate(HALL_NAMES)}
RACK_INDEX = {name: i for i, name in enumerate(RACK_NAMES)}
HISTORY_BYTES = 64 * 2**20
HISTORY_MOST = 4096


@dataclass(frozen=True, slots=True)
class Batch:
    """What arrived since the last look: times float64 (n,), hall float32 (n, n_hall), newest racks or None."""

    time_s: Floats
    hall: npt.NDArray[np.float32]
    racks: RackFloats | None

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """One hall channel, shape (n,)."""
        return self.hall[:, HALL_INDEX[name]]


def joined(first: Batch | None, second: Batch) -> Batch:
    """Two batches in time order as one, with the racks of the second."""
    if first is None:
        return second
    time_s = np.concatenate([first.time_s, second.time_s])
    racks = second.racks if second.racks is not None else first.racks
    return Batch(time_s, np.concatenate([first.hall, second.hall]), racks)


class Feed:
    """A buffer between two threads: the reader puts blocks in, the window takes out all that has come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: list[FrameBlock] = []
        self.n_pulses = 0

    def put(self, block: FrameBlock) -> None:
        """Add a block; only its hall rows are kept once a newer one arrives."""
        with self._lock:
            self._blocks.append(block)
            self.n_pulses += len(block.time_s)

    def clear(self) -> None:
        """Forget everything: another run begins."""
        with self._lock:
            self._blocks.clear()
            self.n_pulses = 0

    def take(self) -> Batch | None:
        """All hall rows since the last call with the newest racks; None when nothing came."""
        with self._lock:
            blocks, self._blocks = self._blocks, []
        if not blocks:
            return None
        time_s = np.concatenate([block.time_s for block in blocks])
        hall = np.concatenate([block.hall for block in blocks])
        return Batch(time_s, hall, blocks[-1].racks)


class RackHistory:
    """All racks over the whole run in fixed memory; when it is full, every second instant is dropped."""

    def __init__(self, n_racks: int) -> None:
        bytes_each = 4 * len(RACK_NAMES) * max(1, n_racks)
        capacity = min(HISTORY_MOST, max(64, HISTORY_BYTES // bytes_each))
        self._time_s = np.zeros(capacity)
        self._racks = np.zeros((capacity, len(RACK_NAMES), n_racks), np.float32)
        self._n = 0
        self._stride = 1
        self._n_seen = 0

    def __len__(self) -> int:
        return self._n

    def append(self, time_s: float, racks: RackFloats) -> None:
        """Add one instant, racks of shape (n_rack_channels, n_racks)."""
        self._n_seen += 1
        if self._n_seen % self._stride:
            return
        if self._n == len(self._time_s):
            half = self._time_s[1::2]
            self._n = len(half)
            self._time_s[: self._n] = half
            self._racks[: self._n] = self._racks[1::2]
            self._stride *= 2
        self._time_s[self._n] = time_s
        self._racks[self._n] = racks
        self._n += 1

    def of(self, i_rack: int) -> tuple[Floats, RackFloats]:
        """Times (n,) and values (n, n_rack_channels) of one rack."""
        return self._time_s[: self._n], self._racks[: self._n, :, i_rack]
