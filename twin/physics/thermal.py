"""Temperatures of lumped volumes stepped exactly over any time, with the heat that crossed their boundary."""

from __future__ import annotations

from math import expm1, sqrt
from typing import NamedTuple

import numpy as np

from twin.physics import Values


def _phi2(k: Values) -> Values:
    """(exp(-k) - 1 + k) / k^2, 1/2 at k = 0: the mean of a decaying response over a step of k time constants."""
    small = np.minimum(k, 0.1)
    # Below 0.1 the closed form loses digits to cancellation; nine terms of the series are exact to rounding there.
    series = np.zeros_like(np.asarray(small, dtype=float))
    for n in range(10, 1, -1):
        series = (1.0 - small * series) / n
    large = np.maximum(k, 0.1)
    return np.where(np.asarray(k) < 0.1, series, (np.expm1(-large) + large) / large**2)


class VolumeStep(NamedTuple):
    """One mixed volume after a step; each field (n,)."""

    end_c: Values
    mean_c: Values
    removed_j: Values  # heat that left through the conductance


def mixed_volume_step(
    start_c: Values, heat_w: Values, capacity_j_k: Values, conductance_w_k: Values, sink_c: Values, dt_s: Values
) -> VolumeStep:
    """One well-mixed volume with a constant heat and a linear sink, exact for any step.

    C dT/dt = Q - G (T - Ts); mean over the step T0 + (Q - G (T0 - Ts)) dt/C phi2(k), k = G dt / C. The end follows
    from the heat balance, so stored = in - out to rounding.

    start_c, heat_w, capacity_j_k (> 0), conductance_w_k (>= 0), sink_c: (n,); dt_s: step, > 0.
    Valid while heat, conductance and sink stay constant over the step.
    Source: closed form of the first-order equation; after one time constant 63.2 % of the way:

    >>> step = mixed_volume_step(20.0, 1000.0, 1000.0, 100.0, 20.0, 10.0)
    >>> round(float(step.end_c), 3)
    26.321
    """
    slope_k_s = (heat_w - conductance_w_k * (start_c - sink_c)) / capacity_j_k
    mean_c = start_c + slope_k_s * dt_s * _phi2(conductance_w_k * dt_s / capacity_j_k)
    removed_j = conductance_w_k * (mean_c - sink_c) * dt_s
    return VolumeStep(start_c + (heat_w * dt_s - removed_j) / capacity_j_k, mean_c, removed_j)


class RoomModel(NamedTuple):
    """Constants of rooms made of air and of mass that follows it; each field (n,)."""

    air_j_k: Values  # heat capacity of the air, > 0
    mass_j_k: Values  # heat capacity of racks, servers and slab, > 0
    coupling_w_k: Values  # between air and mass, >= 0


class RoomStep(NamedTuple):
    """Rooms after a step; each field (n,)."""

    air_c: Values
    mass_c: Values
    air_mean_c: Values
    mass_mean_c: Values
    removed_j: Values  # heat that left the air through the sink
    to_air_j: Values  # heat that passed from mass to air


class RoomLoad(NamedTuple):
    """What acts on rooms during a step; each field (n,)."""

    air_heat_w: Values  # heat put into the air, less any fixed heat taken out of it
    mass_heat_w: Values
    sink_w_k: Values  # conductance of a linear cooler, >= 0; zero when cooling is off
    sink_c: Values


def room_step(room: RoomModel, air_c: Values, mass_c: Values, load: RoomLoad, dt_s: Values) -> RoomStep:
    """Air and mass of well-mixed rooms stepped exactly: two coupled volumes, constant heats, a linear sink on the air.

    Ca dTa/dt = Qa - G (Ta - Ts) + H (Tm - Ta);  Cm dTm/dt = Qm - H (Tm - Ta).
    Mean over the step x0 + dt phi2(-A dt) v0, v0 = dx/dt at the start, phi2 of the 2x2 matrix by its two real
    eigenvalues (Sylvester's formula). The ends follow from the heat balances, so stored = in - out to rounding.

    air_c, mass_c: (n,) at the start; dt_s: step, > 0. Valid while loads stay constant over the step.
    Without a sink the first slope is Qa / Ca, the last (Qa + Qm) / (Ca + Cm).
    Source: Khankari, ASHRAE Transactions 117-1, LV-11-C026 (air first, mass later); Higham, Functions of Matrices.

    >>> room = RoomModel(1.0e6, 9.0e6, 1.0e4)
    >>> after = room_step(room, 24.0, 24.0, RoomLoad(1.0e5, 0.0, 0.0, 24.0), 86400.0)
    >>> round(float((after.air_c + 9 * after.mass_c) / 10), 3)  # 24 + 1e5 W x 1 day / 1e7 J/K
    888.0
    """
    is_one = isinstance(air_c, float) and isinstance(room.air_j_k, float)
    air_mean, mass_mean = (_one_room_means if is_one else _room_means)(room, air_c, mass_c, load, dt_s)
    removed_j = load.sink_w_k * (air_mean - load.sink_c) * dt_s
    to_air_j = room.coupling_w_k * (mass_mean - air_mean) * dt_s
    air_end = air_c + (load.air_heat_w * dt_s - removed_j + to_air_j) / room.air_j_k
    mass_end = mass_c + (load.mass_heat_w * dt_s - to_air_j) / room.mass_j_k
    return RoomStep(air_end, mass_end, air_mean, mass_mean, removed_j, to_air_j)


def _room_means(room: RoomModel, air_c: Values, mass_c: Values, load: RoomLoad, dt_s: Values) -> tuple[Values, Values]:
    # Steps in time constants: M = -A dt has the entries p, -q; -r, r and eigenvalues 0 <= low < high.
    p = (room.coupling_w_k + load.sink_w_k) * dt_s / room.air_j_k
    q = room.coupling_w_k * dt_s / room.air_j_k
    r = room.coupling_w_k * dt_s / room.mass_j_k
    gap = np.sqrt((p - r) ** 2 + 4.0 * q * r)
    high = 0.5 * (p + r + gap)
    # high - p and high - r: their product is q r, so the lesser follows from the greater without cancellation. They
    # are also r - low and p - low, and their sum is the gap. With nothing coupled and no sink both modes are the same.
    greater = np.where(gap > 0.0, high - np.minimum(p, r), 1.0)
    lesser = q * r / greater
    high_p, high_r = np.where(p >= r, lesser, greater), np.where(p >= r, greater, lesser)
    low = load.sink_w_k * dt_s / room.air_j_k * r / np.maximum(high, 1e-300)
    slow, fast = _phi2(low) / (lesser + greater), _phi2(high) / (lesser + greater)
    heat_from_mass_w = room.coupling_w_k * (mass_c - air_c)
    air_move = (load.air_heat_w - load.sink_w_k * (air_c - load.sink_c) + heat_from_mass_w) * dt_s / room.air_j_k
    mass_move = (load.mass_heat_w - heat_from_mass_w) * dt_s / room.mass_j_k
    air_mean = air_c + slow * (high_p * air_move + q * mass_move) + fast * (high_r * air_move - q * mass_move)
    mass_mean = mass_c + slow * (high_r * mass_move + r * air_move) + fast * (high_p * mass_move - r * air_move)
    return air_mean, mass_mean


def _one_phi2(k: float) -> float:
    """`_phi2` of a plain number, without the cost of arrays."""
    if k >= 0.1:
        return (expm1(-k) + k) / (k * k)
    series = 0.0
    for n in range(10, 1, -1):
        series = (1.0 - k * series) / n
    return series


def _one_room_means(room: RoomModel, air_c: float, mass_c: float, load: RoomLoad, dt_s: float) -> tuple[float, float]:
    """`_room_means` of one room in plain numbers: the pulse of a hall asks for this and nothing larger."""
    p = (room.coupling_w_k + load.sink_w_k) * dt_s / room.air_j_k
    q = room.coupling_w_k * dt_s / room.air_j_k
    r = room.coupling_w_k * dt_s / room.mass_j_k
    gap = sqrt((p - r) ** 2 + 4.0 * q * r)
    high = 0.5 * (p + r + gap)
    greater = high - min(p, r) if gap > 0.0 else 1.0
    lesser = q * r / greater
    high_p, high_r = (lesser, greater) if p >= r else (greater, lesser)
    low = load.sink_w_k * dt_s / room.air_j_k * r / max(high, 1e-300)
    slow, fast = _one_phi2(low) / (lesser + greater), _one_phi2(high) / (lesser + greater)
    heat_from_mass_w = room.coupling_w_k * (mass_c - air_c)
    air_move = (load.air_heat_w - load.sink_w_k * (air_c - load.sink_c) + heat_from_mass_w) * dt_s / room.air_j_k
    mass_move = (load.mass_heat_w - heat_from_mass_w) * dt_s / room.mass_j_k
    air_mean = air_c + slow * (high_p * air_move + q * mass_move) + fast * (high_r * air_move - q * mass_move)
    mass_mean = mass_c + slow * (high_r * mass_move + r * air_move) + fast * (high_p * mass_move - r * air_move)
    return air_mean, mass_mean
