"""Figures of merit of the air in a hall, from temperatures and flows."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray, Values
from twin.physics.air import AIR_CLASSES, RECOMMENDED_HIGH_C, RECOMMENDED_LOW_C


def supply_heat_index(heat_w: FloatArray, w_k: FloatArray, inlet_c: FloatArray, supply_c: float) -> float:
    """SHI = dQ / (Q + dQ), dQ = sum w (T_in - T_sup): share of the warming of exhausts that came in with the inlets.

    heat_w, w_k, inlet_c: (n_racks,). RHI = 1 - SHI. Target below 0.2.
    Source: Sharma, Bash and Patel, AIAA 2002-3091.

    >>> supply_heat_index(np.array([6000.0]), np.array([600.0]), np.array([20.0]), 18.0)
    0.16666666666666666
    """
    taken_w = float(np.sum(w_k * (inlet_c - supply_c)))
    total_w = float(np.sum(heat_w)) + taken_w
    return taken_w / total_w if total_w != 0.0 else 0.0


def return_temperature_index(return_c: float, supply_c: float, equipment_rise_k: float) -> float:
    """RTI = 100 (T_ret - T_sup) / dT_equipment, %: below 100 air bypasses the racks, above it recirculates.

    Source: Herrlin, ASHRAE Transactions 114(2), 2008.

    >>> return_temperature_index(28.0, 18.0, 10.0)
    100.0
    """
    return 100.0 * (return_c - supply_c) / equipment_rise_k if equipment_rise_k > 0.0 else 0.0


def rack_cooling_indices(inlet_c: FloatArray, high_c: float = 32.0, low_c: float = 15.0) -> tuple[float, float]:
    """RCI_HI, RCI_LO, %: 100 when no inlet leaves 18 to 27 °C, 0 when all sit at the allowed limit.

    inlet_c: (n,). high_c, low_c: allowed range of the class, A1 as default. 96 is good, 90 poor.
    Source: Herrlin, ASHRAE Transactions 111(2), 2005; recommended range of ASHRAE TC 9.9 2021.

    >>> rack_cooling_indices(np.array([29.5, 20.0]))
    (75.0, 100.0)
    """
    n = max(len(inlet_c), 1)
    over = float(np.sum(np.maximum(inlet_c - RECOMMENDED_HIGH_C, 0.0)))
    under = float(np.sum(np.maximum(RECOMMENDED_LOW_C - inlet_c, 0.0)))
    return (
        100.0 * (1.0 - over / (n * (high_c - RECOMMENDED_HIGH_C))),
        100.0 * (1.0 - under / (n * (RECOMMENDED_LOW_C - low_c))),
    )


def class_violations(inlet_c: FloatArray) -> dict[str, int]:
    """How many inlets (n,) leave the recommended range, and the allowed range of each ASHRAE class.

    Source: ASHRAE TC 9.9, 2021 Equipment Thermal Guidelines.
    """
    found = {"recommended": _outside(inlet_c, RECOMMENDED_LOW_C, RECOMMENDED_HIGH_C)}
    for name, limits in AIR_CLASSES.items():
        found[name] = _outside(inlet_c, limits.low_c, limits.high_c)
    return found


def _outside(inlet_c: FloatArray, low_c: float, high_c: float) -> int:
    return int(np.count_nonzero((inlet_c < low_c - 1e-3) | (inlet_c > high_c + 1e-3)))


def hot_aisle_capture(return_of_exhaust: FloatArray, return_m3_s: FloatArray, exhaust_m3_s: Values) -> FloatArray:
    """(n_groups,) part of each exhaust that reaches a return before any rack breathes it.

    return_of_exhaust: (n_returns, n_groups) parts of the return air; return_m3_s: (n_returns,); exhaust_m3_s:
    (n_groups,).
    Source: VanGilder and Shrivastava, ASHRAE Transactions 113(1), 2007 (capture index).
    """
    caught = np.sum(return_of_exhaust * return_m3_s[:, None], axis=0)
    return np.divide(caught, exhaust_m3_s, out=np.ones(len(caught)), where=exhaust_m3_s > 0.0)
