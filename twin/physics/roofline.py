"""Time of a kernel limited by arithmetic and by memory traffic, with a soft corner between the two."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Real = float | npt.NDArray[np.float64]


def roofline_s(compute_s: Real, memory_s: Real) -> Real:
    """Time when arithmetic and traffic overlap perfectly: `max(compute_s, memory_s)`.

    compute_s, memory_s: seconds each side would need alone, any shape.
    Source: Williams, Waterman, Patterson, "Roofline", CACM 52(4), 2009, equation 1.

    >>> float(roofline_s(2.0, 3.0))
    3.0
    """
    return np.maximum(compute_s, memory_s)


def soft_roofline_s(compute_s: Real, memory_s: Real, corner_p: float) -> Real:
    """Time when the overlap is imperfect near the corner: `(compute_s^p + memory_s^p)^(1/p)`.

    compute_s, memory_s: seconds >= 0 each side would need alone, any shape. corner_p: 1 adds the two, infinity is the
    sharp roofline. Never below the sharp roofline, so a rate above the peak cannot come out.
    Source: p-norm smoothing of the roofline of Williams et al. 2009; the corner is an estimate until calibrated.

    >>> soft_roofline_s(3.0, 4.0, 2.0)
    5.0
    >>> soft_roofline_s(3.0, 4.0, 1.0)
    7.0
    """
    return (compute_s**corner_p + memory_s**corner_p) ** (1.0 / corner_p)


def ring_all_reduce_s(message_bytes: Real, n_devices: int, link_bw_bytes_s: float, link_latency_s: float) -> Real:
    """Time of a ring all-reduce: `2 (n-1) (alpha + message / (n X))`.

    message_bytes: bytes held by every device, any shape. link_bw_bytes_s: one direction of one device's link.
    Source: Thakur, Rabenseifner, Gropp, IJHPCA 19(1), 2005, section 4.4 (ring).

    >>> ring_all_reduce_s(8e9, 4, 1e9, 0.0)
    12.0
    """
    return 2.0 * (n_devices - 1) * (link_latency_s + message_bytes / (n_devices * link_bw_bytes_s))
