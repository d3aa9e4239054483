"""Experts dealt whole over the chips of a replica: the slowest chip, the weights it reads, tokens sent and fetched."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from twin.physics.chip import ChipLaw
from twin.physics.kernels import at_clock
from twin.physics.llm import ModelShape
from twin.physics.operators import Peaks, dense_s, elementwise_s, product_bytes, product_flops
from twin.physics.roofline import soft_roofline_s
from twin.physics.transfer import check_link_rate

_ACTIVATION_BYTES = 2.0  # activations travel and are read as 16-bit values


def expected_max_normal(n: int) -> float:
    """Expected largest of n independent standard normal values: `Q((n - 3/8) / (n + 1/4))`, 0 for one value.

    Exact are 0.564 (n = 2), 1.029 (4), 1.424 (8), 1.766 (16): 5 % above for two, under 1 % from eight on.
    Source: Blom, Statistical Estimates and Transformed Beta-Variables, 1958.

    >>> round(expected_max_normal(8), 3)
    1.434
    """
    return NormalDist().inv_cdf((n - 0.375) / (n + 0.25)) if n > 1 else 0.0


def imbalance(n_tokens: float, shape: ModelShape, n_chips: int) -> float:
    """Tokens routed to the chip that gets most of them, over the mean of all chips: at least 1.

    n_tokens tokens choose k of E experts each, every choice equally likely; a chip holds E/n of them. The tokens of a
    chip have mean `mu = T k / n` and variance `mu (1 - 1/n) (E - k)/(E - 1)` (hypergeometric); they sum to T k, which
    correlates any two chips by -1/(n - 1) and cancels the (1 - 1/n): the expected maximum is
    `mu + z_n sqrt(mu (E - k)/(E - 1))`, z_n the expected largest of n normals, and no more than T min(k, E/n).
    Valid for even routing, where it is within 4 % of drawn tokens from mu = 4 on and 7 % low at mu = 2; experts more
    popular than others add to it.
    Source: David and Nagaraja, Order Statistics, 3rd ed. 2003, section 5.3 (exchangeable normals); Feller, An
    Introduction to Probability Theory, vol. 1, 1968, section IX.5 (hypergeometric variance).
    """
    k, n_experts = shape.n_active_experts, shape.n_experts
    mean = n_tokens * k / n_chips
    if n_chips <= 1 or mean <= 0.0:
        return 1.0
    spread = sqrt(mean * (n_experts - k) / (n_experts - 1.0))
    most = min(mean + expected_max_normal(n_chips) * spread, n_tokens * min(k, n_experts / n_chips))
    return max(most / mean, 1.0)


def all_to_all_bytes(n_tokens: float, shape: ModelShape, n_chips: int) -> float:
    """Bytes that leave a chip when it sends its n_tokens to their experts: `T k hidden 2 (1 - 1/n)`.

    >>> all_to_all_bytes(1.0, ModelShape(1, 8, 1, 1, 8, 0, 8, 2.0, 2.0, 4, 2, 8), 4)
    24.0
    """
    return n_tokens * shape.n_active_experts * shape.hidden * _ACTIVATION_BYTES * (1.0 - 1.0 / n_chips)


class ExpertTimes:
    """The experts of the layers of one stage on n_chips chips: seconds of the slowest, bytes of the mean one.

    n_ranks attention ranks share them. With one rank every chip holds every token: no token is sent, and the sum of
    what the chips computed is the all-reduce that tensor parallelism has anyway. With more ranks each chip sends its
    share of its rank's tokens to their experts and fetches the results.
    """

    __slots__ = ("_chip", "_clock_frac", "_kernels", "_link_bw_bytes_s", "_n", "_n_ranks", "_peaks", "_shape")

    def __init__(self, shape: ModelShape, chip: ChipLaw, n_chips: int, n_ranks: int, clock_frac: float = 1.0) -> None:
        self._shape, self._chip, self._n, self._n_ranks = shape, chip, n_chips, n_ranks
        self._clock_frac, self._link_bw_bytes_s = clock_frac, chip.link_bw_bytes_s
        self._kernels = None if chip.kernels is None else at_clock(chip.kernels, clock_frac)
        self._peaks = Peaks(chip.peak_flops, chip.mem_bw_bytes_s, chip.n_processors, chip.cache_bytes)

    def read_bytes(self, n_routed: float) -> float:
        """Expected bytes of expert weights that a chip reads when n_routed tokens pass: `E/n (1 - (1 - k/E)^T) w`."""
        shape = self._shape
        left_out = (1.0 - shape.n_active_experts / shape.n_experts) ** n_routed
        return shape.expert_params * shape.weight_bytes_per_param * (1.0 - left_out) / self._n

    def seconds(self, n_routed: int, n_rank: int) -> float:
        """Time of the experts, their gate and their traffic in all layers.

        n_routed: tokens of all ranks; n_rank: those of the rank that has most.
        """
        effective = n_routed * imbalance(n_routed, self._shape, self._n)
        work_s = self._measured_s(effective, n_rank) if self._kernels is not None else self._roof_s(effective)
        if self._n_ranks == 1:
            return work_s
        return work_s + 2.0 * self._shape.n_layers * self.all_to_all_s(n_rank * self._n_ranks / self._n)

    def _roof_s(self, n_tokens: float) -> float:
        """By the data sheet: one soft roofline over all layers, as the rest of the model has one."""
        shape, chip = self._shape, self._chip
        flops = 6.0 * shape.n_layers * shape.hidden * shape.expert_ffn * shape.n_active_experts * n_tokens / self._n
        compute_s = flops / (chip.eff_compute_frac * chip.peak_flops * self._clock_frac)
        memory_s = self.read_bytes(n_tokens) / (chip.eff_memory_frac * chip.mem_bw_bytes_s)
        return float(soft_roofline_s(compute_s, memory_s, chip.soft_corner_p))

    def _measured_s(self, n_tokens: float, n_rank: int) -> float:
        """By measured kernels: two grouped products, their activation, and the gate over the rank's own tokens."""
        shape, peaks, kernels = self._shape, self._peaks, self._kernels
        assert kernels is not None
        law = kernels.dense
        flops = 6.0 * shape.hidden * shape.expert_ffn * shape.n_active_experts * n_tokens / self._n
        grouped_s = float(dense_s(law, peaks, flops, self.read_bytes(n_tokens) / shape.n_layers)) + law.t0_s
        size = n_rank, shape.n_experts, shape.hidden
        gate_bytes = float(product_bytes(*size, shape.weight_bytes_per_param, _ACTIVATION_BYTES))
        gate_s = float(dense_s(law, peaks, float(product_flops(*size)), gate_bytes))
        moved_bytes = 6.0 * shape.expert_ffn * shape.n_active_experts * n_tokens / self._n
        layer_s = grouped_s + gate_s + float(elementwise_s(kernels.elementwise, peaks, moved_bytes))
        return shape.n_layers * layer_s

    def all_to_all_s(self, n_tokens: float) -> float:
        """One exchange in which every chip sends n_tokens to k experts: `(n-1) alpha + bytes/X`.

        Where collectives were measured: start-up, step and reached share of the link of the all-reduce, an estimate.
        Raises ModelRangeError when more than the link's rate would be achieved.
        Source: Thakur, Rabenseifner, Gropp, IJHPCA 19(1), 2005, section 4.3 (pairwise exchange).
        """
        n_bytes, link = all_to_all_bytes(n_tokens, self._shape, self._n), self._link_bw_bytes_s
        law = self._kernels.collective if self._kernels is not None else None
        if law is None:
            return (self._n - 1) * self._chip.link_latency_s + n_bytes / link
        start_s = law.t0_s + (self._n - 1) * law.step_s
        time_s = float(soft_roofline_s(start_s, n_bytes / (law.link_frac * link), law.corner_p))
        check_link_rate(n_bytes, time_s, link, "an exchange of tokens between experts")
        return time_s
