"""How long a battery carries a load, what is left of its charge, and how it is charged again."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray, Values

CAPACITY_C = np.array([-15.0, 0.0, 25.0, 40.0])
CAPACITY_FRAC = np.array([0.65, 0.85, 1.0, 1.02])
"""Capacity of a VRLA block by its temperature. Source: data sheet of the Panasonic UP-PW1245P1."""


def run_time_s(power_w: Values, table_s: FloatArray, table_w: FloatArray) -> Values:
    """Time a block carries a constant power, from the maker's table.

    Between the table's points the energy it gives, P t, falls along straight lines of log P. A smaller power than the
    table's lasts as long as the energy of its longest time does; a larger one follows the power law of the last slope.

    power_w: (n,) or float, >= 0, of one block; table_s: (m,) rising times, m >= 2; table_w: (m,) falling powers.
    Returns infinity at 0 W. Valid between the table's ends; outside it is an extrapolation. Exact at the points; a
    point left out is found again within 2.7 % (root mean square) of its time and 5.9 % at worst, over two tables of two
    blocks each. No curve through the other points whose exponent rises with the power does it within 2 %: the tables
    themselves scatter by up to 1.5 % about the nearest such curve.
    Source: constant-power tables of VRLA makers; here the Panasonic UP-PW1245P1, 12 V, to 9.6 V.

    >>> t, p = np.array([180., 300, 600, 900, 1200, 1800]), np.array([530., 410, 270, 195, 159, 112])
    >>> [round(float(run_time_s(w, t, p))) for w in (410., 195., 230.)]
    [300, 900, 733]
    """
    log_w, energy_j = -np.log(table_w), table_s * table_w
    power_w, most_w = np.asarray(power_w, dtype=float), table_w[0]
    # Of E = E0 + k log P the exponent of t(P) at a point is k / E - 1.
    steep = (energy_j[1] - energy_j[0]) / (log_w[1] - log_w[0]) / energy_j[0] + 1.0
    with np.errstate(divide="ignore"):
        # Over the power itself, not by its logarithm: what a flat chemistry gives is then its energy to the last bit.
        inside_s = np.interp(-np.log(power_w), log_w, energy_j) / np.minimum(power_w, most_w)
    return np.asarray(inside_s * (most_w / np.maximum(power_w, most_w)) ** steep)


def constant_energy_run_time_s(power_w: Values, energy_j: Values) -> Values:
    """Time a flat chemistry carries a power: usable energy over power.

    power_w: (n,) or float, > 0; energy_j: usable energy. Valid up to 2 to 4 C.
    Source: Li-ion discharge curves are nearly flat to 2 to 4 C; common engineering value.

    >>> constant_energy_run_time_s(204e3, 122.4e6)
    600.0
    """
    return energy_j / power_w


def capacity_frac(temperature_c: Values) -> Values:
    """Capacity of a VRLA block at a temperature over that at 25 °C, linear between the maker's points.

    temperature_c: -15 to 40; the ends are held outside.
    Source: data sheet of the Panasonic UP-PW1245P1: 102 % at 40, 100 % at 25, 85 % at 0, 65 % at -15 °C.

    >>> [round(float(capacity_frac(t)), 3) for t in (40., 25., 10., 0., -15.)]
    [1.02, 1.0, 0.91, 0.85, 0.65]
    """
    return np.interp(temperature_c, CAPACITY_C, CAPACITY_FRAC)


def discharged_frac(power_w: Values, elapsed_s: Values, table_s: FloatArray, table_w: FloatArray) -> Values:
    """Share of the charge a constant power takes: elapsed time over the run time at that power.

    The charge falls at 1 / t(P), so powers that follow one another add up: half the run time at one power leaves half
    the run time at any other. Arguments as in `run_time_s`.

    Source: the table read as a rate; the usual way of applying constant-power tables to a changing load.

    >>> t, p = np.array([180., 300, 600]), np.array([530., 410, 270])
    >>> round(float(discharged_frac(410., 150., t, p) + discharged_frac(270., 300., t, p)), 9)
    1.0
    """
    return elapsed_s / run_time_s(power_w, table_s, table_w)


def recharged_frac(charge_frac: Values, rate_1_s: Values, knee_frac: Values, elapsed_s: Values) -> Values:
    """Charge after charging for a while: at a constant rate up to a knee, then falling off exponentially.

    ds/dt = r below the knee k and r (1 - s) / (1 - k) above it: constant current, then constant voltage.

    charge_frac: (n,) in [0, 1]; rate_1_s: (n,) r > 0; knee_frac: (n,) in [0, 1); elapsed_s: >= 0.
    Source: IU charging (DIN 41773-1), solved in closed form.

    >>> round(float(recharged_frac(0.2, 1e-4, 0.8, 6000.)), 4), round(float(recharged_frac(0.8, 1e-4, 0.8, 2000.)), 4)
    (0.8, 0.9264)
    """
    to_knee_s = np.maximum(knee_frac - charge_frac, 0.0) / rate_1_s
    tail_s = np.maximum(elapsed_s - to_knee_s, 0.0)
    at_knee = np.maximum(charge_frac, knee_frac)
    tail = 1.0 - (1.0 - at_knee) * np.exp(-rate_1_s * tail_s / (1.0 - knee_frac))
    return np.where(tail_s > 0.0, tail, charge_frac + rate_1_s * np.minimum(elapsed_s, to_knee_s))
