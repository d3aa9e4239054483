"""Pumps by their curve and by affinity, against branches whose loss grows with the square of the flow."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray, Values

SHUTOFF = 1.25
"""Head of a pump at no flow over its rated head. Estimate: 1.15 to 1.3 for centrifugal pumps of low specific speed."""
RUN_OUT = 1.6
"""Flow over rated flow beyond which the curve is not trusted for power."""


def pump_flow_kg_s(rated_kg_s: Values, rated_pa: Values, speed_frac: Values, head_pa: Values) -> Values:
    """Flow of a pump against a head, 0 where it cannot reach it (a check valve holds the rest back).

    H = Hr (c s^2 - (c - 1) (m / mr)^2), c = 1.25 the shut-off head over the rated one: the affinity laws hold.

    rated_kg_s, rated_pa, speed_frac, head_pa: (n,). Source: pump affinity laws; quadratic curve.

    >>> float(pump_flow_kg_s(30.0, 2e5, 1.0, 2e5)), float(pump_flow_kg_s(30.0, 2e5, 0.5, 0.5e5))
    (30.0, 15.0)
    """
    left = SHUTOFF * speed_frac**2 - head_pa / rated_pa
    return rated_kg_s * np.sqrt(np.maximum(left, 0.0) / (SHUTOFF - 1.0))


def pump_input_w(rated_w: Values, speed_frac: Values, flow_frac: Values) -> Values:
    """Electric power of a pump at a speed and flow: W = Wr s^3 (c - (c - 1) q^2) / (2 - q), q = f / s.

    From H m / eta with the quadratic curve and an efficiency eta = eta_r q (2 - q); affinity in the speed.

    rated_w, speed_frac, flow_frac: (n,); flow over rated flow, up to 1.6. Source: affinity laws; parabolic efficiency.

    >>> float(pump_input_w(1000.0, 1.0, 1.0)), float(pump_input_w(1000.0, 0.5, 0.5))
    (1000.0, 125.0)
    """
    speed = np.maximum(speed_frac, 1e-9)
    q = np.minimum(flow_frac / speed, RUN_OUT)
    return np.where(speed_frac > 0.0, rated_w * speed**3 * (SHUTOFF - (SHUTOFF - 1.0) * q**2) / (2.0 - q), 0.0)


def common_head_pa(
    rated_kg_s: FloatArray,
    rated_pa: FloatArray,
    speed_frac: FloatArray,
    i_circuit: np.ndarray,
    opening: FloatArray,
) -> FloatArray:
    """Head over the branches of each circuit, (n_circuits,), where its pumps in parallel give what the branches take.

    sum of pump flows (H) = K sqrt(H): the left side falls and the right rises with H, so bisection finds it.

    rated_kg_s, rated_pa, speed_frac, i_circuit: (n_pumps,); opening: (n_circuits,) K = sum of m / sqrt(dp) of its
    branches, kg/s per Pa^0.5. Source: pumps in parallel against a quadratic system curve.

    >>> one = np.ones(1)
    >>> round(float(common_head_pa(30.0 * one, 2e5 * one, one, np.zeros(1, int), 30.0 / 2e5**0.5 * one)[0]))
    200000
    """
    n = len(opening)
    low, high = np.zeros(n), np.zeros(n)
    np.maximum.at(high, i_circuit, SHUTOFF * rated_pa * speed_frac**2)
    for _ in range(64):
        middle = 0.5 * (low + high)
        given = np.bincount(i_circuit, pump_flow_kg_s(rated_kg_s, rated_pa, speed_frac, middle[i_circuit]), n)
        is_more = given > opening * np.sqrt(middle)
        low, high = np.where(is_more, middle, low), np.where(is_more, high, middle)
    return np.asarray(0.5 * (low + high))
