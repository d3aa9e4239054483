"""When protection trips: inverse-time relays, thermal-magnetic breakers, and the integral of a changing load."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray, Values

IEC_CURVES = {"SI": (0.14, 0.02), "VI": (13.5, 1.0), "EI": (80.0, 2.0)}
"""k in seconds and alpha of the standard, very and extremely inverse curve. Source: IEC 60255-151, table A.1."""
RESET_S = {"SI": 4.85, "VI": 21.6, "EI": 29.1}
"""Reset constants. Source: IEC 60255-151 curves D, E and F; the standard leaves those of A, B and C to the maker."""
MAGNETIC_BAND = {"B": (3.0, 5.0), "C": (5.0, 10.0), "D": (10.0, 20.0)}
"""Multiples of the rated current in which the magnetic release acts at once. Source: IEC 60898-1, table 2."""
NO_TRIP, MUST_TRIP = 1.13, 1.45
"""Multiples a breaker must hold for an hour, and must trip at within an hour. Source: IEC 60898-1, table 7."""
THERMAL_S = 120.0
"""Time constant of the thermal release. Estimate: trips 2.55 In after 26 s, inside the 1 to 60 s of IEC 60898-1."""
CONTINUOUS_FRAC = 0.8
"""Share of a breaker's rating a load of three hours or more may take. Source: NEC 210.20(A), 215.3: 125 % rule."""


def trip_time_s(ratio: Values, k_s: Values, alpha: Values, tms: Values = 1.0) -> Values:
    """Operating time of an inverse-time relay: t = TMS k / (ratio^alpha - 1).

    ratio: (n,) current over setting; infinity comes back at and below 1. k_s, alpha: of the curve; tms: multiplier.
    Source: IEC 60255-151, equation (A.1).

    >>> [round(float(trip_time_s(2., *IEC_CURVES[name])), 2) for name in ("SI", "VI", "EI")]
    [10.03, 13.5, 26.67]
    >>> round(float(trip_time_s(10., *IEC_CURVES["SI"], 0.5)), 3)
    1.485
    """
    over = np.power(np.maximum(ratio, 1.0), alpha) - 1.0
    return np.divide(tms * k_s, over, out=np.full(np.shape(over), np.inf), where=over > 0.0)


def reset_time_s(ratio: Values, reset_s: Values, alpha: Values, tms: Values = 1.0) -> Values:
    """Time in which a relay that was about to trip forgets all of it: t = TMS tr / (1 - ratio^alpha).

    ratio: (n,) below 1, infinity comes back at and above it; reset_s: tr. Source: IEC 60255-151, equation (A.2).

    >>> round(float(reset_time_s(0.5, 29.1, 2.)), 1)
    38.8
    """
    under = 1.0 - np.power(np.minimum(ratio, 1.0), alpha)
    return np.divide(tms * reset_s, under, out=np.full(np.shape(under), np.inf), where=under > 0.0)


def relay_travel(travel: Values, trip_s: Values, reset_s: Values, elapsed_s: Values) -> Values:
    """How far a relay is on its way to tripping after a constant load: 0 at rest, 1 trips.

    The integral of dt / t(I) over a piecewise constant current; below the setting it runs back at the reset rate.

    travel: (n,) before, in [0, 1]; trip_s, reset_s: (n,) from `trip_time_s`, `reset_time_s`; elapsed_s >= 0.
    Source: IEC 60255-151, equation (A.3): trip when the integral of dt / t(G) reaches 1.

    Half of the way at one load, half of it at another:
    >>> round(float(relay_travel(relay_travel(0., 20., np.inf, 10.), 8., np.inf, 4.)), 12)
    1.0
    """
    return np.clip(travel + elapsed_s / trip_s - elapsed_s / reset_s, 0.0, None)


def bimetal_heat(heat: Values, ratio: Values, tau_s: Values, elapsed_s: Values) -> Values:
    """Heating of a thermal release after a constant load, in multiples of that of its rated current.

    dh/dt = (ratio^2 - h) / tau, so h goes to ratio^2 exponentially; it trips at NO_TRIP^2.

    heat: (n,) before; ratio: (n,) current over rated current; tau_s; elapsed_s >= 0.
    Source: first-order thermal image, as in IEC 60255-149.

    >>> round(float(bimetal_heat(0.64, 2.0, 120., 60.)), 4)
    1.9621
    """
    return heat + (np.square(ratio) - heat) * -np.expm1(-elapsed_s / tau_s)


def bimetal_trip_s(heat: Values, ratio: Values, tau_s: Values) -> Values:
    """Time until a thermal release trips at a constant load: t = tau ln((r^2 - h) / (r^2 - NO_TRIP^2)).

    heat: (n,) now; ratio: (n,); infinity comes back where it never trips, 0 where it already should have.
    Source: `bimetal_heat` solved for time.

    Cold, at 1.45 and 2.55 times the rated current (within an hour; between 1 and 60 s):
    >>> [round(float(bimetal_trip_s(0.0, r, THERMAL_S)), 1) for r in (1.13, 1.45, 2.55)]
    [inf, 112.2, 26.2]
    """
    final, limit = np.square(np.asarray(ratio, dtype=float)), NO_TRIP**2
    heat = np.asarray(heat, dtype=float)
    can = (final > limit) & (heat < limit)
    gone = np.divide(final - heat, final - limit, out=np.ones(np.shape(final - heat)), where=can)
    return np.where(heat >= limit, 0.0, np.where(can, tau_s * np.log(gone), np.inf))


def magnetic_multiple(curve: str) -> float:
    """Multiple of the rated current at which the magnetic release acts here: the geometric middle of its band.

    Source: IEC 60898-1, table 2; a real breaker lies anywhere in the band.

    >>> [round(magnetic_multiple(name), 2) for name in "BCD"]
    [3.87, 7.07, 14.14]
    """
    low, high = MAGNETIC_BAND[curve]
    return float(np.sqrt(low * high))


def overload_s(ratio: Values, table_s: FloatArray, table_frac: FloatArray) -> Values:
    """Time a UPS carries an overload: log t linear in the log of the load between the points of its table.

    ratio: (n,) load over rating, > 0; table_s: (m,) rising times, m >= 2; table_frac: (m,) falling loads over rating.
    Below the table the energy of its longest time is held, above it the last slope is followed.
    Source: overload tables of UPS makers give two or three points; a power law between two is the usual reading.

    >>> overload_s(np.array([1.1, 1.25, 1.5]), np.array([60., 600, 3600]), np.array([1.5, 1.25, 1.1])).round(6)
    array([3600.,  600.,   60.])
    """
    log_frac, log_s, at = -np.log(table_frac), np.log(table_s), -np.log(np.asarray(ratio, dtype=float))
    steep = (log_s[1] - log_s[0]) / (log_frac[1] - log_frac[0])
    beyond = np.where(at > log_frac[-1], at - log_frac[-1], np.where(at < log_frac[0], steep * (at - log_frac[0]), 0.0))
    return np.exp(np.interp(at, log_frac, log_s) + beyond)


def continuous_limit_a(breaker_a: Values) -> Values:
    """Current a breaker may carry for three hours or more.

    breaker_a: rated current, A. Source: NEC 215.3, a breaker rated at 125 % of the continuous load.

    >>> continuous_limit_a(250.0)
    200.0
    """
    return CONTINUOUS_FRAC * breaker_a
