"""Watts of an accelerator that serves language models, from the fractions of its peaks it achieves."""

from __future__ import annotations

from dataclasses import dataclass

from twin.physics.roofline import Real

_LIMIT_P = 12.0  # how sharply the power limit cuts; the mean over an iteration mixes moments at and below it


@dataclass(frozen=True, slots=True)
class WattsLaw:
    """Parameters: drawn as soon as it serves, at full bandwidth, at full arithmetic, curvature, lost while waiting.

    awake_w: above idle while serving at all. memory_w, compute_w: added at the peaks. compute_p: power of the achieved
    arithmetic fraction. waiting_w: taken off where chips of one model wait for each other.
    """

    awake_w: float
    memory_w: float
    compute_w: float
    compute_p: float
    waiting_w: float


def serving_w(
    law: WattsLaw, limits_w: tuple[float, float], memory_frac: Real, compute_frac: Real, is_shared: Real
) -> Real:
    """Mean power while serving: `min(TDP, idle + awake + m fm + c fc^x - waiting)` with a soft minimum.

    limits_w: idle and thermal design power. memory_frac, compute_frac: achieved over peak, any shape. is_shared: 1
    where a model spans several chips, else 0.
    Source: form read off ML.ENERGY leaderboard v3 rows (H100); constants fitted per device.
    """
    idle_w, tdp_w = limits_w
    drawn_w = idle_w + law.awake_w + law.memory_w * memory_frac + law.compute_w * compute_frac**law.compute_p
    drawn_w = drawn_w - law.waiting_w * is_shared
    return (drawn_w**-_LIMIT_P + tdp_w**-_LIMIT_P) ** (-1.0 / _LIMIT_P)
