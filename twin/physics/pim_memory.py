"""What a memory that computes can do: rates, what is reached of them, how it shares the bus, what it draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.errors import ModelRangeError
from twin.physics.pim import DRAM_LEVELS_J_PER_BIT, LINK_J_PER_BIT, MAC_J, levels_of

Mapping = Literal["none", "attention", "fc", "pim_only"]
MAPPINGS: tuple[Mapping, ...] = ("none", "attention", "fc", "pim_only")
"""What runs in the memory: nothing, decode attention, the products of decode steps, or everything."""

Overlap = Literal["none", "pipelined", "interleaved"]


@dataclass(frozen=True, slots=True)
class PimLaw:
    """Scalars of the computing memory of one accelerator. Raises ModelRangeError outside their physical range.

    inner_bw_bytes_s: nominal rate inside; eff_inner_frac of it is reached when all n_channels work. mac_flops: its
    arithmetic. placement: where its units sit, which decides the energy of a bit. queries_per_row: grouped queries
    served by one read of a row. tokens_per_row: tokens of a batch served by one pass over the weights.
    is_dual: dual row buffers, so that it computes beside traffic to the accelerator; link_bw_bytes_s: one direction of
    the link to a separate memory, 0 when the accelerator's own memory computes; link_latency_s: start-up of a
    transfer. overlap: what is scheduled beside
    attention in it. shares_ffn: it takes its share of the feed-forward products.
    """

    inner_bw_bytes_s: float
    eff_inner_frac: float
    mac_flops: float
    n_channels: int = 16
    placement: str = "bank"
    queries_per_row: int = 1
    tokens_per_row: int = 1
    is_dual: bool = True
    link_bw_bytes_s: float = 0.0
    link_latency_s: float = 0.0
    overlap: Overlap = "none"
    shares_ffn: bool = False

    def __post_init__(self) -> None:
        for name in ("inner_bw_bytes_s", "eff_inner_frac", "mac_flops"):
            if not 0.0 < getattr(self, name) < float("inf"):
                raise ModelRangeError(f"{name} is {getattr(self, name)}, must be finite and above 0", "pim")
        if self.eff_inner_frac > 1.0:
            raise ModelRangeError(f"eff_inner_frac is {self.eff_inner_frac}, nothing runs above its peak (1)", "pim")
        for name in ("n_channels", "queries_per_row", "tokens_per_row"):
            if getattr(self, name) < 1:
                raise ModelRangeError(f"{name} is {getattr(self, name)}, must be at least 1", "pim")
        if self.overlap != "none" and not (self.is_dual or self.link_bw_bytes_s > 0.0):
            raise ModelRangeError(
                f"overlap is {self.overlap} in a memory that blocks its accelerator while it computes",
                "pim",
                "choose overlap: none, dual row buffers or a separate memory",
            )

    @property
    def is_linked(self) -> bool:
        """Whether it is a memory of its own behind a link."""
        return self.link_bw_bytes_s > 0.0

    @property
    def runs_beside(self) -> bool:
        """Whether the accelerator may use its memory while this one computes."""
        return self.is_dual or self.is_linked

    @property
    def j_per_byte(self) -> float:
        """Energy of bringing a byte to the units."""
        return 8.0 * sum(DRAM_LEVELS_J_PER_BIT[level] for level in levels_of(self.placement))

    def most_w(self) -> float:
        """Watts at the highest rate it reaches, its arithmetic as busy as the rows allow."""
        reached_bytes_s = self.inner_bw_bytes_s * self.eff_inner_frac
        return reached_bytes_s * self.j_per_byte + 0.5 * self.mac_flops * MAC_J

    def energy_j(self, pim_bytes: float, macs: float, link_bytes: float) -> dict[str, float]:
        """Energy by level: the steps of the memory a bit climbs, the arithmetic, the link.

        >>> law = PimLaw(1e12, 0.9, 1e12)
        >>> round(law.energy_j(1e12, 0.0, 0.0)["cell"], 2)  # 8 bit x 0.44 pJ x 10^12
        3.52
        """
        found = {level: 8.0 * pim_bytes * DRAM_LEVELS_J_PER_BIT[level] for level in levels_of(self.placement)}
        return {**found, "mac": macs * MAC_J, "link": 8.0 * link_bytes * LINK_J_PER_BIT}
