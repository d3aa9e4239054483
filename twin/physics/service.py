"""Batches of fixed cost: time and power by batch size between measured points, and at a lower clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twin.errors import ModelRangeError


def by_batch(measured: Mapping[int, float], largest: int) -> tuple[float, ...]:
    """A quantity for every batch size from 0 to `largest`, linear between the measured sizes.

    `q(b) = q_i + (q_j - q_i) (b - b_i) / (b_j - b_i)`, b_i and b_j the measured sizes around b. A batch below the
    smallest measured one is padded to it, as a model compiled for fixed shapes does. measured: batch size -> value;
    the first value of the result is 0, for no batch.

    >>> by_batch({1: 1.0, 4: 2.5, 8: 4.5}, 6)
    (0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
    >>> by_batch({4: 2.0}, 4)
    (0.0, 2.0, 2.0, 2.0, 2.0)

    Valid up to the largest measured size; ModelRangeError above it.
    """
    sizes = sorted(measured)
    if largest > sizes[-1]:
        raise ModelRangeError(
            f"batch {largest} is above the largest measured one, {sizes[-1]}", "service", f"use at most {sizes[-1]}"
        )
    values = np.interp(np.arange(1, largest + 1), sizes, [measured[size] for size in sizes])
    return (0.0, *values.tolist())


@dataclass(frozen=True, slots=True)
class ServiceLaw:
    """A service on one kind of chip: values by batch size, from 0 (no batch) to the largest allowed.

    latency_s: seconds of a batch at the nominal clock. chip_w: watts of each chip while it runs, idle_w while nothing
    does. host_frac: share of the host's range taken while all chips of the host are busy.
    """

    latency_s: tuple[float, ...]
    chip_w: tuple[float, ...]
    idle_w: float
    host_frac: float = 0.0

    def batch_w(self, n_items: int, clock_frac: float) -> float:
        """Watts of each chip while a batch of n_items runs at clock_frac of the nominal clock.

        `idle + (measured - idle) f^3`: as many operations a second as the clock, each at the square of a voltage that
        follows the clock. A batch takes `latency / f`: bound by arithmetic.
        Source: the same law as for language models (twin.physics.llm), CMOS switching power C V^2 f.
        """
        return self.idle_w + (self.chip_w[n_items] - self.idle_w) * clock_frac**3
