"""What replicas announced of their load and nobody has integrated yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from twin.physics import FloatArray

IntArray = npt.NDArray[np.int64]

UNITS = np.array([[2.0**36], [2.0**44], [2.0**44]])
"""Watts of chips, busy chips and host work of a server are summed as whole numbers of 1.5e-11 W and 6e-14: no order of
summing differs, and what overflows on the way to a sum comes back."""

_WIDTH = 5
MOST_PENDING = 4096 * _WIDTH
"""Numbers in the log at which it is time to integrate."""


def in_units(loads: FloatArray) -> IntArray:
    """Loads (3, m) as whole numbers that sum exactly."""
    return np.rint(loads * UNITS).astype(np.int64)


def put(table: np.ndarray, i: IntArray, values: np.ndarray) -> None:
    """Write values (k, m) into columns i of a table (k, n): row by row, which is several times faster than at once."""
    for row, value in zip(table, values, strict=True):
        row[i] = value


class LoadLog:
    """Rows are replicas on servers; an entry is a row, a time, and what each chip of the row does from then on.

    A writer appends to `pending` five numbers: row, time s, watts per chip, achieved fraction, share of the host.
    Entries are in order of time.
    """

    __slots__ = ("_host_share", "_i_server", "_n_chips", "_units", "pending")

    def __init__(self) -> None:
        self.pending: list[float] = []
        self._i_server = np.zeros(0, dtype=np.int64)
        self._n_chips, self._host_share = np.zeros(0), np.zeros(0)
        self._units = np.zeros((3, 0), dtype=np.int64)  # chips W, busy chips, host, as announced last

    def open_rows(
        self, i_server: Sequence[int], n_chips: Sequence[int], host_share: Sequence[float], idle_chip_w: Sequence[float]
    ) -> int:
        """Rows for n_chips of servers, idle until written, whose work counts for host_share of a host; the first."""
        chips = np.array(n_chips, dtype=float)
        self._i_server = np.append(self._i_server, np.array(i_server, dtype=np.int64))
        self._n_chips = np.append(self._n_chips, chips)
        self._host_share = np.append(self._host_share, np.array(host_share, dtype=float))
        idle_w = chips * np.array(idle_chip_w, dtype=float)
        self._units = np.append(self._units, in_units(np.stack([idle_w, 0.0 * idle_w, 0.0 * idle_w])), axis=1)
        return self.n_rows - len(chips)

    @property
    def n_rows(self) -> int:
        """Rows opened so far."""
        return len(self._i_server)

    def take(self) -> tuple[IntArray, FloatArray, IntArray]:
        """The pending entries by server, then time, and forget them: server (m,), time s (m,), differences (3, m).

        Differences are units of chips W, busy chips and host.
        """
        entries = np.array(self.pending).reshape(-1, _WIDTH)
        self.pending.clear()
        order = np.argsort(entries[:, 0], kind="stable")
        entries = entries[order]
        i_row = entries[:, 0].astype(np.int64)
        n_chips = self._n_chips[i_row]
        units = in_units(
            np.stack([n_chips * entries[:, 2], n_chips * entries[:, 3], self._host_share[i_row] * entries[:, 4]])
        )
        before = np.empty_like(units)
        before[:, 1:] = units[:, :-1]
        first = np.flatnonzero(np.diff(i_row, prepend=-1))
        before[:, first] = self._units[:, i_row[first]]
        last = np.append(first[1:], len(i_row)) - 1
        self._units[:, i_row[last]] = units[:, last]
        # Entries of a server in order of time, those of one instant in order of writing.
        i_server = self._i_server[i_row]
        by_server = np.lexsort((order, i_server))
        return i_server[by_server], entries[by_server, 1], (units - before)[:, by_server]
