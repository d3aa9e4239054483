"""Small dense products and inverses as plain loops: a linear algebra library would start threads that only wait."""

from __future__ import annotations

import numba
import numpy as np

from twin.physics import FloatArray


@numba.njit(cache=True)
def product(a: FloatArray, b: FloatArray) -> FloatArray:  # pragma: no cover - compiled
    """Matrix product (n, m) by (m, k)."""
    out = np.zeros((a.shape[0], b.shape[1]))
    for i in range(a.shape[0]):
        for m in range(a.shape[1]):
            factor = a[i, m]
            if factor != 0.0:
                for k in range(b.shape[1]):
                    out[i, k] += factor * b[m, k]
    return out


@numba.njit(cache=True)
def applied(a: FloatArray, x: FloatArray) -> FloatArray:  # pragma: no cover - compiled
    """Matrix (n, m) times vector (m,)."""
    out = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        for m in range(a.shape[1]):
            out[i] += a[i, m] * x[m]
    return out


@numba.njit(cache=True)
def inverse(matrix: FloatArray) -> FloatArray:  # pragma: no cover - compiled
    """Inverse of a square matrix by Gauss-Jordan with row pivots; filled with infinity when there is none."""
    n = matrix.shape[0]
    a, out = matrix.copy(), np.eye(n)
    for c in range(n):
        pivot = c + np.argmax(np.abs(a[c:, c]))
        if abs(a[pivot, c]) < 1e-12:
            return np.full((n, n), np.inf)
        if pivot != c:
            for k in range(n):
                a[c, k], a[pivot, k] = a[pivot, k], a[c, k]
                out[c, k], out[pivot, k] = out[pivot, k], out[c, k]
        scale = 1.0 / a[c, c]
        for k in range(n):
            a[c, k] *= scale
            out[c, k] *= scale
        for r in range(n):
            factor = a[r, c]
            if r != c and factor != 0.0:
                for k in range(n):
                    a[r, k] -= factor * a[c, k]
                    out[r, k] -= factor * out[c, k]
    return out


def spectral_radius(matrix: FloatArray, n_steps: int = 200) -> float:
    """Largest eigenvalue of a matrix (n, n) without negative entries, by powers of (1 + A) / 2 (Perron and Frobenius).

    >>> round(spectral_radius(np.array([[0.0, 0.5], [0.5, 0.0]])), 6)
    0.5
    """
    if len(matrix) == 0:
        return 0.0
    x = np.ones(len(matrix))
    growth = 0.0
    for _ in range(n_steps):
        y = 0.5 * (x + applied(matrix, x))
        growth = float(y.max())
        if growth == 0.0:
            return 0.0
        x = y / growth
    return max(0.0, 2.0 * growth - 1.0)
