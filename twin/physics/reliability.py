"""Availability of things that fail and are mended: alone, in series, in parallel, k of n, standby, behind a battery."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from twin.physics import FloatArray, Values

HOURS_PER_YEAR = 8760.0

Decay = Sequence[tuple[float, float]]
"""A probability that changes with time as a sum of c exp(-r t): pairs of c and r, 1/h."""


def unavailability(failures_per_year: Values, repair_h: Values) -> Values:
    """Share of time something is down: U = lr / (8760 + lr), l failures per year of running, r hours of repair.

    failures_per_year, repair_h: (n,) or float, >= 0. Source: alternating renewal process, Barlow and Proschan 1965.

    >>> round(float(unavailability(2.0, 4.38)), 9)
    0.000999001
    """
    down_h = failures_per_year * repair_h
    return down_h / (HOURS_PER_YEAR + down_h)


def series(availability: FloatArray) -> float:
    """Availability of a chain in which all must work: the product.

    >>> round(series(np.array([0.99, 0.98])), 6)
    0.9702
    """
    return float(np.prod(availability))


def parallel(availability: FloatArray) -> float:
    """Availability of a set of which one suffices: 1 - product of the unavailabilities.

    >>> round(parallel(np.array([0.99, 0.98])), 6)
    0.9998
    """
    return float(1.0 - np.prod(1.0 - np.asarray(availability)))


def k_of_n(availability: FloatArray, k: int) -> float:
    """Availability of a set of which k must work, each with its own availability.

    availability: (n,); 0 <= k <= n. Source: Poisson binomial distribution, built up one by one.

    >>> round(k_of_n(np.full(3, 0.9), 2), 9)  # 3 p^2 - 2 p^3
    0.972
    """
    working = np.array([1.0])
    for a in np.asarray(availability, dtype=float):
        working = np.append(working * (1.0 - a), 0.0) + np.append(0.0, working * a)
    return float(working[k:].sum())


def common_cause(failures_per_year: Values, beta: Values) -> tuple[Values, Values]:
    """Failures of one alone and of all of its kind together, per year: (1 - b) l and b l.

    beta: share of failures that strike all. Source: beta-factor model, Fleming 1975 (IEC 61508-6 annex D).

    >>> [round(float(x), 4) for x in common_cause(0.2, 0.1)]
    [0.18, 0.02]
    """
    return (1.0 - beta) * failures_per_year, beta * failures_per_year


def bridged(unavailable: Values, repair_1_h: Values, grace_h: Values) -> Values:
    """Share of time something has been down for longer than a grace time: U exp(-m g).

    repair_1_h: m, the rate at which it comes back; grace_h: g, such as the minutes of a battery. The past of a
    stationary process looks like its future, so the age of an outage is exponential as well.

    >>> round(float(bridged(1e-3, 1.0, 0.25)), 9)
    0.000778801
    """
    return unavailable * np.exp(-repair_1_h * grace_h)


def standby_decay(down_frac: float, start_failure: float, run_1_h: float, repair_1_h: float, grace_h: float) -> Decay:
    """Probability that a standby machine gives nothing at time t of a demand and has not for a grace time before t.

    q(t) = U e^(-m g) + (1 - U) [p e^(-m t) + (1 - p) f / (m - f) (e^(-f t - (m - f) g) - e^(-m t))], for t > g:
    it was under repair anyway, failed to start, or started and failed since.

    down_frac: U; start_failure: p; run_1_h: f, failures per hour of running; repair_1_h: m != f; grace_h: g.
    """
    if run_1_h == repair_1_h:
        run_1_h *= 1.0 + 1e-9  # the closed form has a removable pole here
    ready = 1.0 - down_frac
    ran = ready * (1.0 - start_failure) * run_1_h / (repair_1_h - run_1_h)
    return (
        (down_frac * math.exp(-repair_1_h * grace_h), 0.0),
        (ready * start_failure - ran, repair_1_h),
        (ran * math.exp(-(repair_1_h - run_1_h) * grace_h), run_1_h),
    )


def demand_unavailability(
    per_h: float, end_1_h: float, standbys: Sequence[Decay], since_h: float = 0.0, until_h: float = math.inf
) -> float:
    """Share of time a demand is there and every standby gives nothing: n integral of e^(-e t) prod q(t).

    per_h: n, demands per hour; end_1_h: e > 0, the rate at which they end; standbys: q of each, `standby_decay`;
    since_h, until_h: ages of a demand that count.

    A demand a day lasting an hour, met by a machine that fails every tenth start and is mended in ten hours:
    >>> q = standby_decay(0.0, 0.1, 0.0, 0.1, 0.0)
    >>> round(demand_unavailability(1 / 24, 1.0, [q]), 9)  # 0.1 / 24 / 1.1
    0.003787879
    """
    if until_h <= since_h:
        return 0.0
    terms: list[tuple[float, float]] = [(1.0, end_1_h)]
    for decay in standbys:
        terms = [(c * x, r + y) for c, r in terms for x, y in decay if x != 0.0]
    return per_h * sum(c * (math.exp(-r * since_h) - math.exp(-r * until_h)) / r for c, r in terms)


def gamma_quantile(shape: float, share: float) -> float:
    """Value below which a gamma variable of scale 1 lies with the given probability.

    shape > 0, 0 < share < 1. Source: bisection on the series of the regularised incomplete gamma function,
    Abramowitz and Stegun 6.5.29; above a shape of 10,000 Wilson and Hilferty 1931, there good to 1e-6.

    >>> round(gamma_quantile(1.0, 0.95), 6), round(2 * gamma_quantile(2.5, 0.5), 4)  # -ln 0.05; chi2 of 5
    (2.995732, 4.3515)
    """
    if shape > 1e4:
        return shape * (1.0 - 1.0 / (9.0 * shape) + NormalDist().inv_cdf(share) / (3.0 * math.sqrt(shape))) ** 3
    low, high = 0.0, shape + 10.0 * math.sqrt(shape) + 20.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _gamma_share(shape, middle) < share else (low, middle)
    return 0.5 * (low + high)


def _gamma_share(shape: float, x: float) -> float:
    if x <= 0.0:
        return 0.0
    term = math.exp(shape * math.log(x) - x - math.lgamma(shape + 1.0))
    total, k = 0.0, 1
    while term > 1e-16 * total:
        total += term
        term *= x / (shape + k)
        k += 1
    return min(total, 1.0)


def sum_interval(sizes: FloatArray, confidence: float, largest: float) -> tuple[float, float]:
    """Confidence interval of the expected sum of a Poisson number of events of these sizes.

    sizes: (m,) of the events seen; largest: size an event may have that was not seen, at least as large as one seen.
    Source: Fay and Feuer 1997, gamma interval of a weighted sum of Poisson counts; exact where all sizes are equal.

    >>> [round(x, 3) for x in sum_interval(np.ones(10), 0.95, 1.0)], round(sum_interval(np.zeros(0), 0.95, 1.0)[1], 3)
    ([4.795, 18.39], 3.689)
    """
    total, square = float(sizes.sum()), float(np.square(sizes).sum())
    largest = max(largest, float(sizes.max(initial=0.0)))
    tail = 0.5 * (1.0 - confidence)
    low = square / total * gamma_quantile(total**2 / square, tail) if total > 0.0 else 0.0
    above, square_above = total + largest, square + largest**2
    return low, square_above / above * gamma_quantile(above**2 / square_above, 1.0 - tail)
