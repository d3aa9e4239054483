"""Bytes on links between chips: time of a hand-over between stages, and the guard that no link is outrun."""

from __future__ import annotations

import numpy as np

from twin.errors import ModelRangeError
from twin.physics.roofline import Real

_ROUNDING = 1.0 + 1e-9


def transfer_s(n_bytes: Real, link_bw_bytes_s: float, link_latency_s: float) -> Real:
    """Time of one message from chip to chip: `alpha + bytes / X`.

    n_bytes: any shape. link_bw_bytes_s: one direction.
    Source: Hockney, The communication challenge for MPP, Parallel Computing 20, 1994, equation 1.

    >>> transfer_s(1e9, 2e9, 0.25)
    0.75
    """
    return link_latency_s + n_bytes / link_bw_bytes_s


def all_gather_s(message_bytes: Real, n_devices: int, link_bw_bytes_s: float, link_latency_s: float) -> Real:
    """Time in which n devices that hold one part each all get the whole message: `(n-1) (alpha + message / (n X))`.

    message_bytes: all parts together, any shape.
    Source: Thakur, Rabenseifner, Gropp, IJHPCA 19(1), 2005, section 4.1 (ring).

    >>> all_gather_s(4e9, 4, 1e9, 0.0)
    3.0
    """
    return (n_devices - 1) * (link_latency_s + message_bytes / (n_devices * link_bw_bytes_s))


def check_link_rate(n_bytes: Real, time_s: Real, link_bw_bytes_s: float, what: str) -> None:
    """ModelRangeError when any of n_bytes in time_s is more than a link carries in one direction; same shapes."""
    moved, took = np.asarray(n_bytes, dtype=float), np.asarray(time_s, dtype=float)
    over = moved > took * link_bw_bytes_s * _ROUNDING
    if over.any():
        fastest = float(np.max(moved[over] / np.maximum(took[over], 1e-30)))
        raise ModelRangeError(
            f"{what} would move {fastest / 1e9:,.1f} GB/s over a link of {link_bw_bytes_s / 1e9:,.1f} GB/s",
            "accelerator",
            "check the collective law of its sheet: link_frac is a share, at most 1",
        )
