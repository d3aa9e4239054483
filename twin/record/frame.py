"""Telemetry of one instant, things that happened, and the block of bytes in which frames cross to the window."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.record.channels import HALL_NAMES, RACK_NAMES

Severity = Literal["critical", "warning", "note"]
_HEAD = struct.Struct("<4sIII")
_MAGIC = b"TWF1"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at a place."""

    time_s: float
    severity: Severity
    kind: str
    place: str
    what: str


@dataclass(slots=True)
class Frame:
    """One pulse: `hall` float64 (n_hall,), `racks` float64 (n_rack_channels, n_racks)."""

    time_s: float
    hall: np.ndarray
    racks: np.ndarray


@dataclass(slots=True)
class Frames:
    """Pulses one after another: `time_s` (n,), `hall` float64 (n, n_hall).

    `racks` float64 (m, n_rack_channels, n_racks) holds what differs: pulse k has `racks[rack_row[k]]`.
    """

    time_s: np.ndarray
    hall: np.ndarray
    racks: np.ndarray
    rack_row: np.ndarray

    def __len__(self) -> int:
        return len(self.time_s)

    def one(self, k: int) -> Frame:
        """The frame of one pulse."""
        return Frame(float(self.time_s[k]), self.hall[k], self.racks[self.rack_row[k]])


@dataclass(slots=True)
class FrameBlock:
    """Several pulses on their way to the window: every hall row, and the racks of the newest one.

    `time_s` float64 (n,), `hall` float32 (n, n_hall), `racks` float32 (n_rack_channels, n_racks).
    """

    time_s: np.ndarray
    hall: np.ndarray
    racks: np.ndarray

    def to_bytes(self) -> bytes:
        """The block as bytes: head, times, hall rows, racks."""
        n_racks = self.racks.shape[1]
        head = _HEAD.pack(_MAGIC, len(self.time_s), len(HALL_NAMES), n_racks)
        body = (self.time_s.astype("<f8"), self.hall.astype("<f4"), self.racks.astype("<f4"))
        return head + b"".join(part.tobytes() for part in body)

    @staticmethod
    def from_bytes(data: bytes) -> FrameBlock:
        """The block back from its bytes."""
        magic, n, n_hall, n_racks = _HEAD.unpack_from(data)
        if magic != _MAGIC or n_hall != len(HALL_NAMES):
            raise ValueError("not a frame block of this version")
        at = _HEAD.size
        time_s = np.frombuffer(data, "<f8", n, at)
        hall = np.frombuffer(data, "<f4", n * n_hall, at + 8 * n).reshape(n, n_hall)
        racks = np.frombuffer(data, "<f4", len(RACK_NAMES) * n_racks, at + 8 * n + 4 * n * n_hall)
        return FrameBlock(time_s, hall, racks.reshape(len(RACK_NAMES), n_racks))
