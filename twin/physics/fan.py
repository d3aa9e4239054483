"""Power it takes to move air and water."""

from __future__ import annotations

from twin.physics import Values


def fan_power_w(rated_w: Values, speed_frac: Values, exponent: Values = 2.8) -> Values:
    """Electric power of a speed-controlled fan: P = P_rated s^n; the air it moves is proportional to s.

    rated_w: (n,) at full speed; speed_frac: (n,) 0 to 1; exponent: 3 ideal, 2.5 to 2.8 installed.
    Valid for 0.3 <= s <= 1; below that drives and motors lose efficiency and the law is low by up to 2 % of P_rated.
    Source: fan affinity laws; the drive curve of lbl-srg/modelica-buildings
    CoolingTowers/Validation/MerkelEnergyPlus.mo (0.1425 at half, 0.3562 at 70 % speed) lies at n = 2.81 and 2.89.

    >>> round(fan_power_w(1.0, 0.5), 3)
    0.144
    """
    return rated_w * speed_frac**exponent


def pump_power_w(flow_m3_s: Values, rise_pa: Values, efficiency_frac: Values) -> Values:
    """Electric power of a pump: P = V dp / eta.

    flow_m3_s: (n,); rise_pa: (n,) pressure rise; efficiency_frac: (n,) wire to water, 0.55 to 0.74 usual.
    Source: definition of hydraulic power. A litre per second against 100 kPa carries 100 W:

    >>> pump_power_w(0.001, 100e3, 1.0)
    100.0
    """
    return flow_m3_s * rise_pa / efficiency_frac
