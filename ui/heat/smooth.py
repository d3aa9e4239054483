"""A coarse grid of temperatures as a fine one: cubic between cell middles, never beyond what the grid holds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

TEXEL_M = 0.05
MOST_TEXELS = 300_000


def factor_of(shape: tuple[int, ...], cell_m: float) -> int:
    """Fine cells along one coarse one: of TEXEL_M, fewer in halls so large that a picture would take too long."""
    finest = max(1, round(cell_m / TEXEL_M))
    return max(1, min(finest, int((MOST_TEXELS / max(shape[-1] * shape[-2], 1)) ** 0.5)))


def refined(values: Floats, factor: int) -> Floats:
    """(ny * factor, nx * factor) from values (ny, nx), both at the middles of their cells, in single precision."""
    coarse = values.astype(np.float32)
    down, weight = _taps(values.shape[0], factor)
    tall = np.einsum("rk,rkx->rx", weight, coarse[down])
    across, weight = _taps(values.shape[1], factor)
    # By columns: rows are then read in order.
    wide = np.ascontiguousarray(tall.T)
    fine = np.einsum("rk,rkx->rx", weight, wide[across]).T
    return np.clip(fine, coarse.min(), coarse.max())


@lru_cache(maxsize=32)
def _taps(n: int, factor: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """(n * factor, 4) nearest cells and their parts. Source: Keys, cubic convolution, IEEE ASSP 29(6), 1981."""
    at = (np.arange(n * factor) + 0.5) / factor - 0.5
    first = np.floor(at).astype(int)
    t = at - first
    parts = (
        -0.5 * t + t**2 - 0.5 * t**3,
        1.0 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2.0 * t**2 - 1.5 * t**3,
        -0.5 * t**2 + 0.5 * t**3,
    )
    cells = np.clip(first[:, None] - 1 + np.arange(4), 0, n - 1)
    return cells, np.stack(parts, axis=1).astype(np.float32)
