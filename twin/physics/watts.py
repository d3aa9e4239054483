"""Watts of an accelerator that serves language models, from the fractions of its peaks it achieves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.errors import ModelRangeError
from twin.physics.roofline import Real

LIMIT_P = 12.0  # how sharply the power limit cuts; the mean over an iteration mixes moments at and below it


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

    def __post_init__(self) -> None:
        for name in ("awake_w", "memory_w", "compute_w", "waiting_w", "compute_p"):
            value = getattr(self, name)
            if not (0.0 <= value < float("inf")) or (name == "compute_p" and value == 0.0):
                raise ModelRangeError(f"{name} is {value}, must be finite and at least 0", "watts")


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
    return (drawn_w**-LIMIT_P + tdp_w**-LIMIT_P) ** (-1.0 / LIMIT_P)


def watts_at_clock(law: WattsLaw, clock_frac: float) -> WattsLaw:
    """The law with the core clock at clock_frac of nominal: awake and arithmetic watts fall, memory and idle ones stay.

    Dynamic power is `C V^2 f` with V proportional to f: what is drawn whatever is computed falls with `clock^3`, and
    arithmetic, whose rate has fallen with the clock already, with `clock^(3 - compute_p)` at equal operations.
    Source: dynamic CMOS power; V proportional to f is an estimate until calibrated.
    """
    cubed = clock_frac**3
    return replace(
        law,
        awake_w=law.awake_w * cubed,
        compute_w=law.compute_w * clock_frac ** (3.0 - law.compute_p),
        waiting_w=law.waiting_w * cubed,
    )
