"""Time of the operators of a model on one accelerator: matrix products, element-wise work, collectives, host."""

from __future__ import annotations

from dataclasses import dataclass

from twin.physics.roofline import Real, soft_roofline_s


@dataclass(frozen=True, slots=True)
class Peaks:
    """What a chip promises: dense FLOP/s at the precision in use, bytes/s of its memory, its parallel processors.

    n_processors: units that each work on one tile at a time (streaming multiprocessors of a GPU). cache_bytes: the
    cache they share.
    """

    flops: float
    mem_bw_bytes_s: float
    n_processors: int = 1
    cache_bytes: float = 0.0


@dataclass(frozen=True, slots=True)
class DenseLaw:
    """Parameters of the time of one matrix product: start-up, reached shares of the peaks, sharpness of the corner."""

    t0_s: float
    compute_frac: float
    memory_frac: float
    corner_p: float


@dataclass(frozen=True, slots=True)
class ElementwiseLaw:
    """Parameters of the time of an operator that only moves data: start-up and reached share of the bandwidth."""

    t0_s: float
    memory_frac: float


@dataclass(frozen=True, slots=True)
class CollectiveLaw:
    """Parameters of an all-reduce: start-up, one step of the ring, reached share of the link, sharpness between them.

    A corner below 1 describes a link that fills only slowly as messages grow.
    """

    t0_s: float
    step_s: float
    link_frac: float
    corner_p: float


def product_flops(m: Real, n: Real, k: Real) -> Real:
    """Operations of an (m, k) by (k, n) matrix product: `2 m n k`.

    >>> product_flops(2.0, 3.0, 4.0)
    48.0
    """
    return 2.0 * m * n * k


def product_bytes(m: Real, n: Real, k: Real, weight_bytes: float, activation_bytes: float = 2.0) -> Real:
    """Traffic of a product whose (k, n) side is weights: `w n k + a m (n + k)`.

    weight_bytes, activation_bytes: bytes per element of the weights and of the two other sides.
    """
    return weight_bytes * n * k + activation_bytes * m * (n + k)


def dense_s(law: DenseLaw, peaks: Peaks, flops: Real, n_bytes: Real) -> Real:
    """Time of a matrix product: `t0 + ((F/(ec P))^p + (B/(em BW))^p)^(1/p)`.

    flops, n_bytes: operations and traffic, any shape.
    Source: roofline of Williams et al. 2009 with a p-norm corner; constants fitted per device.
    """
    compute_s = flops / (law.compute_frac * peaks.flops)
    memory_s = n_bytes / (law.memory_frac * peaks.mem_bw_bytes_s)
    return law.t0_s + soft_roofline_s(compute_s, memory_s, law.corner_p)


def elementwise_s(law: ElementwiseLaw, peaks: Peaks, n_bytes: Real) -> Real:
    """Time of normalisation, activation, rotation or addition: `t0 + B/(em BW)`; n_bytes: traffic, any shape."""
    return law.t0_s + n_bytes / (law.memory_frac * peaks.mem_bw_bytes_s)


def all_reduce_s(law: CollectiveLaw, link_bw_bytes_s: float, n_devices: float, message_bytes: Real) -> Real:
    """Time of a ring all-reduce: `((t0 + 2 (n-1) a)^p + (2 (n-1)/n S/(e X))^p)^(1/p)`, nothing for one device.

    message_bytes: bytes every device holds, any shape. link_bw_bytes_s: one direction of one device's link.
    Source: Thakur, Rabenseifner, Gropp, IJHPCA 19(1), 2005, section 4.4 (ring); constants fitted per device.
    """
    if n_devices <= 1:
        return 0.0 * message_bytes
    start_s = law.t0_s + 2.0 * (n_devices - 1.0) * law.step_s
    traffic_s = 2.0 * (n_devices - 1.0) / n_devices * message_bytes / (law.link_frac * link_bw_bytes_s)
    return soft_roofline_s(start_s, traffic_s, law.corner_p)
