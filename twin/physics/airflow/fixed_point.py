"""Temperatures of a large room by repeated passes of one column, each started from the inlets of the last."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray

HISTORY = 4
"""Passes whose differences are combined. Source: Walker and Ni, SIAM J. Numer. Anal. 49(4), 2011 (Anderson mixing)."""


def settled(
    step: Callable[[FloatArray], FloatArray], start: FloatArray, tolerance_k: float, n_steps: int
) -> FloatArray:
    """x with step(x) = x to within tolerance_k, by Anderson mixing; step is linear and contracts.

    Raises ModelRangeError after n_steps: the air goes round without supply.
    """
    x = start
    xs: list[FloatArray] = []
    fs: list[FloatArray] = []
    for _ in range(n_steps):
        new = step(x)
        f = new - x
        if not np.isfinite(f).all():
            break
        if float(np.abs(f).max(initial=0.0)) <= tolerance_k:
            return new
        xs, fs = [*xs[-HISTORY:], x], [*fs[-HISTORY:], f]
        if len(fs) > 1:
            df = np.diff(np.array(fs), axis=0)
            dx = np.diff(np.array(xs), axis=0)
            gram = df @ df.T
            gram[np.diag_indices(len(gram))] *= 1.0 + 1e-12
            best = np.linalg.lstsq(gram, df @ f, rcond=None)[0]
            x = new - best @ (dx + df)
        else:
            x = new
    raise ModelRangeError(
        f"inlet temperatures do not settle in {n_steps} passes",
        "airflow",
        "look for racks whose exhaust has no path to a return, or whose inlet gets no supply air",
    )
