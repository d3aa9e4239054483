"""What warm inlet air costs a server: fans that turn faster, silicon that leaks more."""

from __future__ import annotations

import numpy as np

from twin.physics import Values

WARM_C = 25.0
"""Inlet up to which a server draws what its sheet says. Estimate: fan curves begin to rise at 23 to 27 C."""
FAN_SPEED_PER_K = 0.03
LEAKAGE_PER_K = 0.004
"""Rise of fan speed, and of accelerator watts, per kelvin of inlet above WARM_C. Estimates chosen together: with fans
at 5 to 8 % of a server's watts they give 5 to 6 % more at 30 C and 10 to 14 % at 35 C; ASHRAE TC 9.9 (2011), Thermal
Guidelines, Expanded Data Center Classes, gives class A2 servers 4 to 8 % and 7 to 20 %."""


def fan_gain(over_k: Values) -> Values:
    """Fan speed over that at WARM_C: 1 + 0.03 K. over_k: (n,) inlet above WARM_C, >= 0. Source: FAN_SPEED_PER_K.

    >>> fan_gain(5.0)
    1.15
    """
    return 1.0 + FAN_SPEED_PER_K * over_k


def leakage_gain(over_k: Values, liquid_frac: Values = 0.0) -> Values:
    """Accelerator watts over those at WARM_C: 1 + 0.004 K for the share that air cools. Source: LEAKAGE_PER_K.

    over_k: (n,) inlet above WARM_C, >= 0; liquid_frac: (n,) share of the heat that leaves by liquid.

    >>> leakage_gain(10.0), leakage_gain(10.0, 1.0)
    (1.04, 1.0)
    """
    return 1.0 + LEAKAGE_PER_K * over_k * (1.0 - liquid_frac)


def stepped_over_k(inlet_c: Values, former_k: Values, step_k: float) -> Values:
    """Inlet above WARM_C as it is followed: left where it was until it has moved by a step, so that fans do not hunt.

    inlet_c, former_k: (n,). Source: the hysteresis of fan controllers.

    >>> stepped_over_k(np.array([26.2, 26.2]), np.array([1.0, 0.0]), 0.5).round(1).tolist()
    [1.0, 1.2]
    """
    now_k = np.maximum(np.asarray(inlet_c) - WARM_C, 0.0)
    is_left = (np.abs(now_k - former_k) < step_k) & ((now_k > 0.0) | (np.asarray(former_k) == 0.0))
    return np.where(is_left, former_k, now_k)
