"""Compiled passes of the momentum and heat equations of air over flat, padded arrays of a staggered grid."""

from __future__ import annotations

from typing import Any, TypeAlias

import numba
import numpy as np
from numpy.typing import NDArray

Real: TypeAlias = NDArray[Any]
"""A flat array of float32 over the padded grid: cells, or the low face of each cell across one axis."""
Index: TypeAlias = NDArray[np.int64]

# Every pass runs once over whole arrays: walls are factors of 0 instead of branches, and neighbours are shifted slices,
# because a loop over shifted slices is what the compiler turns into vector instructions.
_FAST = {"reassoc", "contract", "nsz", "arcp"}
_ONE, _TWO, _HALF, _QUARTER = np.float32(1.0), np.float32(2.0), np.float32(0.5), np.float32(0.25)
_ZERO = np.float32(0.0)


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def scalar_flux(
    q: Real, vel: Real, is_open: Real, nu: Real, steps: tuple[int, Any, Any], out: Real
) -> None:  # pragma: no cover - compiled
    """Flux of a scalar through the faces across one axis: limited upwind advection less eddy diffusion.

    steps: (stride of the axis, dt / h, 1 / (h Pr_t)). Limiter: monotonised central (van Leer 1977),
    off where the cell further upstream is a wall.
    """
    s, courant, spread = steps
    lo, hi = 2 * s, q.size - s
    q0, qm, qmm, qp = q[lo:hi], q[lo - s : hi - s], q[lo - 2 * s : hi - 2 * s], q[lo + s : hi + s]
    m0, mm, mp = is_open[lo:hi], is_open[lo - s : hi - s], is_open[lo + s : hi + s]
    a, n0, nm, o = vel[lo:hi], nu[lo:hi], nu[lo - s : hi - s], out[lo:hi]
    for c in range(hi - lo):
        v = a[c]
        d = (q0[c] - qm[c]) * m0[c]
        far = (qm[c] - qmm[c]) * mm[c] if v > _ZERO else (qp[c] - q0[c]) * mp[c]
        total = _HALF * (d + far)
        sign = _ONE if total > _ZERO else -_ONE
        slope = _HALF * sign * max(_ZERO, min(sign * total, min(_TWO * sign * d, _TWO * sign * far)))
        speed = abs(v)
        mean = _HALF * v * (q0[c] + qm[c]) - _HALF * speed * (q0[c] - qm[c])
        o[c] = mean + speed * slope * max(_ONE - speed * courant, _ZERO) - _HALF * spread * (n0[c] + nm[c]) * d


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def momentum_flux(
    q: Real, vel: Real, stress: Real, steps: tuple[int, int, Any], out: Real
) -> None:  # pragma: no cover - compiled
    """Flux of one velocity component across one axis: limited upwind advection less the viscous stress.

    steps: (stride of the axis, stride of the component, dt / h). vel is across the axis and averaged to where it is
    wanted. Index c is what passes from the control volume of c - stride to that of c.
    """
    s, own, courant = steps
    lo, hi = max(2 * s, own), q.size - s
    q0, qm, qmm, qp = q[lo:hi], q[lo - s : hi - s], q[lo - 2 * s : hi - 2 * s], q[lo + s : hi + s]
    a, b, t, o = vel[lo:hi], vel[lo - own : hi - own], stress[lo:hi], out[lo:hi]
    for c in range(hi - lo):
        v = _HALF * (a[c] + b[c])
        d = q0[c] - qm[c]
        far = qm[c] - qmm[c] if v > _ZERO else qp[c] - q0[c]
        total = _HALF * (d + far)
        sign = _ONE if total > _ZERO else -_ONE
        slope = _HALF * sign * max(_ZERO, min(sign * total, min(_TWO * sign * d, _TWO * sign * far)))
        speed = abs(v)
        mean = _HALF * v * (q0[c] + qm[c]) - _HALF * speed * d
        o[c] = mean + speed * slope * max(_ONE - speed * courant, _ZERO) - t[c]


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def shear(q: Real, r: Real, strides: tuple[int, int], per_h: Any, out: Real) -> None:  # pragma: no cover - compiled
    """Twice the strain rate dq/db + dr/da on edges, 1/s; q lies across a, r across b."""
    sa, sb = strides
    lo, n = sa + sb, q.size
    q0, qb, r0, ra, o = q[lo:n], q[lo - sb : n - sb], r[lo:n], r[lo - sa : n - sa], out[lo:n]
    for c in range(n - lo):
        o[c] = (q0[c] - qb[c] + r0[c] - ra[c]) * per_h


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def add_edge_square(e: Real, strides: tuple[int, int], square: Real) -> None:  # pragma: no cover - compiled
    """Adds the mean of a strain's square over the four edges around each cell."""
    sa, sb = strides
    n = e.size - sa - sb
    e0, ea, eb, eab, o = e[:n], e[sa : n + sa], e[sb : n + sb], e[sa + sb :], square[:n]
    for c in range(n):
        o[c] += _QUARTER * (e0[c] * e0[c] + ea[c] * ea[c] + eb[c] * eb[c] + eab[c] * eab[c])


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def normal_square(
    velocity: Any, strides: tuple[int, int, int], per_h: Any, square: Real
) -> None:  # pragma: no cover - compiled
    """Twice the sum of the squared normal strain rates of each cell, 1/s2."""
    sx, sy, sz = strides
    u, v, w = velocity
    n = u.size - sx
    u0, u1, v0, v1, w0, w1, o = u[:n], u[sx:], v[:n], v[sy : n + sy], w[:n], w[sz : n + sz], square[:n]
    for c in range(n):
        a, b, d = (u1[c] - u0[c]) * per_h, (v1[c] - v0[c]) * per_h, (w1[c] - w0[c]) * per_h
        o[c] = _TWO * (a * a + b * b + d * d)


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def eddy_viscosity(
    square: Real, air: Real, length2_m2: Any, least_m2_s: Any, nu: Real
) -> None:  # pragma: no cover - compiled
    """Smagorinsky's length squared times the strain rate, and the least there is."""
    for c in range(nu.size):
        nu[c] = (length2_m2 * np.sqrt(square[c]) + least_m2_s) * air[c]


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def edge_stress(
    nu: Real, strain: Real, weight: Real, strides: tuple[int, int], out: Real
) -> None:  # pragma: no cover - compiled
    """Shear stress over density on edges, m2/s2. weight: of each edge, 1 in the open air."""
    sa, sb = strides
    lo, n = sa + sb, nu.size
    n0, na, nb, nab = nu[lo:n], nu[lo - sa : n - sa], nu[lo - sb : n - sb], nu[: n - lo]
    e, m, o = strain[lo:n], weight[lo:n], out[lo:n]
    for c in range(n - lo):
        o[c] = _QUARTER * (n0[c] + na[c] + nb[c] + nab[c]) * m[c] * e[c]


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def normal_stress(q: Real, nu: Real, s: int, per_h: Any, out: Real) -> None:  # pragma: no cover - compiled
    """Normal stress over density of the cell at c - s, m2/s2, at index c: where `momentum_flux` wants it."""
    n = q.size
    q0, qm, nm, o = q[s:n], q[: n - s], nu[: n - s], out[s:n]
    for c in range(n - s):
        o[c] = _TWO * nm[c] * (q0[c] - qm[c]) * per_h


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def take_fluxes(
    q: Real, fluxes: Any, strides: tuple[int, int, int], factor: Any, out: Real
) -> None:  # pragma: no cover - compiled
    """q less factor times the net outflow of its fluxes, into out."""
    sx, sy, sz = strides
    fx, fy, fz = fluxes
    n = q.size - max(sx, sy, sz)
    q0, o = q[:n], out[:n]
    x0, x1, y0, y1, z0, z1 = fx[:n], fx[sx : n + sx], fy[:n], fy[sy : n + sy], fz[:n], fz[sz : n + sz]
    for c in range(n):
        o[c] = q0[c] - factor * (x1[c] - x0[c] + y1[c] - y0[c] + z1[c] - z0[c])


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def settle_scalar(
    moved: Real, old: Real, divergence: Real, air: Real, dt_s: Any
) -> None:  # pragma: no cover - compiled
    """What the fluxes left in each cell, less what the rest of divergence alone would have made of it."""
    for c in range(moved.size):
        moved[c] = old[c] + air[c] * (moved[c] - old[c] + dt_s * divergence[c] * old[c])


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def push(
    moved: Real, old: Real, pressure: Real, wall: tuple[Any, Any], steps: tuple[int, Any, Any]
) -> None:  # pragma: no cover - compiled
    """Adds the pressure gradient and the drag of walls to a moved velocity; prescribed faces keep the old one.

    wall: (is_free, count of wall edges). steps: (stride, dt / h, drag coefficient dt / h).
    """
    is_free, n_walls = wall
    s, k, drag = steps
    n = moved.size
    a, b, p0, pm, f, w = moved[s:n], old[s:n], pressure[s:n], pressure[: n - s], is_free[s:n], n_walls[s:n]
    for c in range(n - s):
        x = (a[c] - k * (p0[c] - pm[c])) / (_ONE + drag * w[c] * abs(b[c]))
        a[c] = f[c] * x + (_ONE - f[c]) * b[c]
    for c in range(s):
        moved[c] = old[c]


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def lift(w: Real, warmth: Real, is_free: Real, s: int, factor: Any) -> None:  # pragma: no cover - compiled
    """Adds buoyancy to the vertical velocity: factor (g beta dt) times the mean warmth of the cells on both sides."""
    n = w.size
    a, t0, tm, f = w[s:n], warmth[s:n], warmth[: n - s], is_free[s:n]
    for c in range(n - s):
        a[c] += f[c] * factor * _HALF * (t0[c] + tm[c])


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def leak_loss(q: Real, faces: Index, loss: Real, factor: Any) -> None:  # pragma: no cover - compiled
    """Slows the flow through partly open faces by their loss (n,) of pressure, implicitly."""
    for i in range(faces.size):
        c = faces[i]
        q[c] /= _ONE + factor * loss[i] * abs(q[c])


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def outflow(
    velocity: Any, air: Real, strides: tuple[int, int, int], per_h: Any, out: Real
) -> None:  # pragma: no cover - compiled
    """Divergence of each cell, 1/s."""
    sx, sy, sz = strides
    u, v, w = velocity
    n = u.size - max(sx, sy, sz)
    u0, u1, v0, v1, w0, w1 = u[:n], u[sx : n + sx], v[:n], v[sy : n + sy], w[:n], w[sz : n + sz]
    m, o = air[:n], out[:n]
    for c in range(n):
        o[c] = m[c] * per_h * (u1[c] - u0[c] + v1[c] - v0[c] + w1[c] - w0[c])


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def project(q: Real, potential: Real, openness: Real, s: int, per_h: Any) -> None:  # pragma: no cover - compiled
    """Takes the gradient of a potential from a velocity."""
    n = q.size
    a, p0, pm, g = q[s:n], potential[s:n], potential[: n - s], openness[s:n]
    for c in range(n - s):
        a[c] -= per_h * g[c] * (p0[c] - pm[c])


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def fastest(velocity: Any, air: Real, strides: tuple[int, int, int]) -> float:  # pragma: no cover - compiled
    """Largest sum of the speeds out of a cell, m/s."""
    sx, sy, sz = strides
    u, v, w = velocity
    n = u.size - max(sx, sy, sz)
    u0, u1, v0, v1, w0, w1, m = u[:n], u[sx : n + sx], v[:n], v[sy : n + sy], w[:n], w[sz : n + sz], air[:n]
    most = _ZERO
    for c in range(n):
        x = max(u1[c], _ZERO) - min(u0[c], _ZERO) + max(v1[c], _ZERO) - min(v0[c], _ZERO)
        most = max(most, m[c] * (x + max(w1[c], _ZERO) - min(w0[c], _ZERO)))
    return float(most)


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def gather(total: NDArray[np.float64], q: Real, weight: float) -> None:  # pragma: no cover - compiled
    """Adds a weighted sample to a running sum."""
    for c in range(total.size):
        total[c] += weight * q[c]


@numba.njit(cache=True)
def port_fluxes(
    warmth: Real, face: Index, cell: Index, inward: tuple[Any, Any, Any], fluxes: Any
) -> None:  # pragma: no cover - compiled
    """Puts what ports bring and take in place of the scalar flux on their faces.

    inward: (axis, velocity along the axis, warmth brought or NaN where air leaves the room) of each port face.
    """
    axis, speed, brought = inward
    for i in range(face.size):
        fluxes[axis[i]][face[i]] = _ZERO
    for i in range(face.size):
        t = warmth[cell[i]] if np.isnan(brought[i]) else brought[i]
        fluxes[axis[i]][face[i]] += speed[i] * t


@numba.njit(cache=True, fastmath=_FAST, error_model="numpy")
def gather_pressure(total: Real, q: Real, weight: Any) -> None:  # pragma: no cover - compiled
    """Adds a weighted potential to the pressure."""
    for c in range(total.size):
        total[c] += weight * q[c]
