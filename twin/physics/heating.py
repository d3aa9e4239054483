"""How long a room takes to grow too warm when less heat is taken out of it than comes in."""

from __future__ import annotations

from math import expm1, inf

from twin.physics.thermal import RoomModel

HALVINGS = 60


def rise_after_k(model: RoomModel, surplus_w: float, elapsed_s: float) -> float:
    """Rise of the air of a room at rest after a constant surplus of heat, K.

    Air and mass differ by x, dx/dt = Q / Ca - x / tau with 1 / tau = G (1 / Ca + 1 / Cm); the rise of the air is
    (Q t + Cm x) / (Ca + Cm). surplus_w: > 0 into the air; model: > 0 each.
    Source: closed form of two lumped capacities.

    Long after the beginning it goes up with all the heat capacity there is:
    >>> model = RoomModel(1e5, 9e5, 1e3)
    >>> round(rise_after_k(model, 1e3, 7201.0) - rise_after_k(model, 1e3, 7200.0), 6)
    0.001
    """
    air_j_k, mass_j_k = float(model.air_j_k), float(model.mass_j_k)
    tau_s = 1.0 / (float(model.coupling_w_k) * (1.0 / air_j_k + 1.0 / mass_j_k))
    apart_k = surplus_w / air_j_k * tau_s * -expm1(-elapsed_s / tau_s)
    return (surplus_w * elapsed_s + mass_j_k * apart_k) / (air_j_k + mass_j_k)


def rise_time_s(model: RoomModel, surplus_w: float, rise_k: float) -> float:
    """Time in which the air of a room at rest rises so far; 0 where it need not rise, infinity without a surplus.

    The time of `rise_after_k`, which lies between those of the air alone and of air and mass together.

    >>> model = RoomModel(1e5, 9e5, 1e3)
    >>> time_s = rise_time_s(model, 1e3, 5.0)
    >>> 500.0 < time_s < 5000.0, round(rise_after_k(model, 1e3, time_s), 9)
    (True, 5.0)
    """
    if rise_k <= 0.0:
        return 0.0
    if surplus_w <= 0.0:
        return inf
    low_s = rise_k * float(model.air_j_k) / surplus_w
    high_s = rise_k * (float(model.air_j_k) + float(model.mass_j_k)) / surplus_w
    for _ in range(HALVINGS):
        middle_s = 0.5 * (low_s + high_s)
        if rise_after_k(model, surplus_w, middle_s) < rise_k:
            low_s = middle_s
        else:
            high_s = middle_s
    return 0.5 * (low_s + high_s)
