"""How long chips have until they are too hot: the exact solution followed ahead, at the heat of now."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray
from twin.plant.liquid import Liquid

LOOKS = (*[0.25] * 40, *[0.5] * 100, *[2.0] * 120, *[10.0] * 30)
"""Steps of looking ahead, s: ten minutes, finest at the start. Between two of them temperatures are cubics that meet
values and slopes; at half a second they miss the exponentials by less than 1e-5 K."""
STILL_K_S = 1e-4
"""Chips that rise more slowly than this are taken as settled."""


def chip_slope_k_s(loops: Liquid, rack_w: FloatArray) -> FloatArray:
    """How fast the chips of each branch warm at this heat of the racks (n_racks,), (n_branches,)."""
    branches, law = loops.branches, loops.circuits.law
    at = branches.i_circuit, branches.i_kind
    passed_w = law.plate_w_k[at] * (loops.chip_c() - loops.coolant_c())
    return np.asarray((rack_w[branches.i_rack] - passed_w) / law.plate_j_k[at])


def reach_s(loops: Liquid, rack_w: FloatArray, limits_c: FloatArray, within_s: float = 600.0) -> FloatArray:
    """Seconds until the chips of each branch reach each limit, (m, n_branches); inf where they do not in that time.

    rack_w: (n_racks,) heat into coolant, held; limits_c: (m, n_branches). Flows and water stay as they are.
    """
    found = np.where(loops.chip_c() >= limits_c, 0.0, np.inf)
    kept, passed_s = loops.kept(), 0.0
    chip_c, slope = loops.chip_c(), chip_slope_k_s(loops, rack_w)
    for look_s in LOOKS:
        if passed_s >= within_s or np.isfinite(found).all():
            break
        loops.forecast_step(rack_w, look_s)
        after_c, after = loops.chip_c(), chip_slope_k_s(loops, rack_w)
        is_new = np.isinf(found) & (after_c >= limits_c)
        if is_new.any():
            crossed = _crossing_s((chip_c, slope), (after_c, after), limits_c, look_s)
            found = np.where(is_new, passed_s + crossed, found)
        chip_c, slope, passed_s = after_c, after, passed_s + look_s
        if float(slope.max(initial=0.0)) < STILL_K_S and passed_s > 60.0:
            break
    loops.put_back(kept)
    return found


def _crossing_s(
    start: tuple[FloatArray, FloatArray], end: tuple[FloatArray, FloatArray], limits_c: FloatArray, dt_s: float
) -> FloatArray:
    """Where the cubic through both values and slopes passes the limits, by bisection, (m, n)."""
    (a, da), (b, db) = start, end
    low, high = np.zeros_like(limits_c), np.ones_like(limits_c)
    for _ in range(40):
        t = 0.5 * (low + high)
        value = (1.0 + 2.0 * t) * (1.0 - t) ** 2 * a + t * (1.0 - t) ** 2 * dt_s * da
        value += t * t * (3.0 - 2.0 * t) * b + t * t * (t - 1.0) * dt_s * db
        is_under = value < limits_c
        low, high = np.where(is_under, t, low), np.where(is_under, high, t)
    return np.asarray(high * dt_s)
