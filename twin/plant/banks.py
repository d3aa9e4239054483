"""Means of all servers over the last settling, and their sums by bank: only what changed is summed anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.physics import FloatArray
from twin.plant.compute import NOBODY, Compute
from twin.plant.load_log import put

_STEPS = np.array([[2.0**33], [2.0**33], [2.0**40]])
"""Watts and busy chips of a server are held as multiples of 1.2e-10 W and 1e-12: sums up to 1 MW and 8,192 chips are
then exact, so that what is taken off and added again leaves no trace, however often."""


class Banks:
    """Servers of one rack, one kind and one way of being fed are a bank.

    A pulse costs what the servers cost whose load changed in it or in the one before, and no more.
    """

    __slots__ = (
        "_air_m3_s_per_w",
        "_compute",
        "_liquid_frac",
        "_moved",
        "_values",
        "bank_of",
        "first",
        "group",
        "rack",
        "sums",
    )

    def __init__(self, compute: Compute, group_of: Sequence[int]) -> None:
        """group_of: (n_servers,) the group each is in on the power path."""
        self._compute = compute
        keys = [
            (c.i_rack, int(group), c.type, c.air_m3_s_per_w, c.liquid_frac)
            for c, group in zip(compute.constants, group_of, strict=True)
        ]
        banks = {key: k for k, key in enumerate(dict.fromkeys(keys))}
        n = len(keys)
        self.bank_of = np.array([banks[key] for key in keys], dtype=np.intp)  # (n_servers,)
        self.first = np.unique(self.bank_of, return_index=True)[1]  # (n_banks,) a server of each
        self.rack = np.array([key[0] for key in banks], dtype=np.intp)  # (n_banks,)
        self.group = np.array([key[1] for key in banks], dtype=np.intp)  # (n_banks,)
        self._liquid_frac = np.array([key[4] for key in banks])
        # Air carries what liquid does not.
        self._air_m3_s_per_w = np.array([key[3] for key in banks]) * (1.0 - self._liquid_frac)
        self._values = np.zeros((3, n))  # of each server, as they are in the sums
        self.sums = np.zeros((3, len(banks)))  # of each bank: watts at the cords, watts of chips, busy chips
        self._moved = np.arange(n)  # servers whose values may not be their present ones
        self.advance(0.0)

    @property
    def server_w(self) -> FloatArray:
        """Mean watts of each server at the cords, (n_servers,); written over by the next settling."""
        return np.asarray(self._values[0])

    def advance(self, now_s: float) -> bool:
        """Take means up to now; whether any sum changed."""
        i, means = self._compute.means(now_s) if now_s > 0.0 else (NOBODY, np.zeros((3, 0)))
        if not len(i) and not len(self._moved):
            return False
        rows = i
        if len(self._moved):
            rows = _merged(self._moved, i) if len(i) else self._moved
            values = self._compute.rates(rows)
            put(values, np.searchsorted(rows, i), means)
        else:
            values = means
        values = np.rint(values * _STEPS) / _STEPS
        bank, n_banks = self.bank_of[rows], self.sums.shape[1]
        changes = values - self._values.take(rows, axis=1)
        # A new array: what settled before keeps its own.
        self.sums = self.sums + np.array([np.bincount(bank, change, n_banks) for change in changes])
        put(self._values, rows, values)
        self._moved = i
        return True

    @property
    def is_still(self) -> bool:
        """Whether no server has changed since the settling before the last: `advance` would find nothing."""
        return not len(self._moved) and self._compute.is_still

    def air_m3_s(self) -> FloatArray:
        """Air the servers of each bank move, (n_banks,)."""
        return np.asarray(self.sums[0] * self._air_m3_s_per_w)

    def wet_w(self) -> FloatArray:
        """Heat the servers of each bank give to liquid, (n_banks,)."""
        return np.asarray(self.sums[0] * self._liquid_frac)


def _merged(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The union of two rising lists: they are nearly sorted already, which `np.union1d` does not know."""
    both = np.sort(np.concatenate([a, b]), kind="stable")
    is_new = np.ones(len(both), dtype=bool)
    np.not_equal(both[1:], both[:-1], out=is_new[1:])
    return np.asarray(both[is_new])
