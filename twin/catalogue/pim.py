"""Memory that computes: what the sheet of an accelerator says of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from twin.catalogue.device import Fraction, NotNegative, Positive, Sheet

PimMapping = Literal["none", "attention", "fc", "pim_only"]
PimChoice = Literal["none", "attention", "fc", "dynamic", "pim_only"]


class PimMemory(Sheet):
    """Computing memory of one accelerator (see twin.physics.pim_memory); its nominal rate is pim_bw_bytes_s."""

    eff_inner_frac: Fraction = Field(gt=0, description="reachable share of the bandwidth inside, all channels working")
    mac_flops: Positive = Field(description="arithmetic inside the memory, FLOP/s")
    n_channels: int = Field(ge=1, description="units to which heads of requests are dealt")
    placement: Literal["bank", "bank_group", "buffer"] = Field(
        "bank", description="where the units sit; decides the energy of a bit"
    )
    queries_per_row: int = Field(1, ge=1, description="grouped queries served by one read of a row")
    tokens_per_row: int = Field(1, ge=1, description="tokens of a batch served by one pass over the weights")
    row_buffers: Literal["dual", "shared"] = Field(
        "shared", description="dual: it computes beside traffic of the accelerator; shared: either blocks the other"
    )
    memory_bytes: Positive | None = Field(
        None,
        description="capacity of a memory of its own, for keys and values; none: the accelerator's memory computes",
    )
    link_bytes_s: Positive | None = Field(None, description="link to a memory of its own, one direction, bytes/s")
    link_latency_s: NotNegative = Field(0.0, description="start-up of a transfer over that link, s")
    overlap: Literal["none", "pipelined", "interleaved"] = Field(
        "none",
        description="beside attention in memory: nothing, products head by head, products of the other half batch",
    )
    shares_ffn: bool = Field(False, description="takes its share of feed-forward products while attention runs in it")
    mappings: tuple[PimMapping, ...] = Field(description="what it can run; `dynamic` chooses among these and none")
    mapping: PimChoice = Field(description="what runs in it unless the scenario says otherwise")

    @model_validator(mode="after")
    def _fits_together(self) -> PimMemory:
        if (self.memory_bytes is None) != (self.link_bytes_s is None):
            raise ValueError("a memory of its own has both memory_bytes and link_bytes_s")
        if self.overlap != "none" and self.row_buffers == "shared" and self.link_bytes_s is None:
            raise ValueError(f"overlap {self.overlap} needs dual row buffers or a memory of its own")
        if self.link_bytes_s is not None and not {"fc", "pim_only"}.isdisjoint(self.mappings):
            raise ValueError("products cannot run in a memory of its own: the weights lie in the accelerator's")
        if self.candidates(self.mapping) is None:
            raise ValueError(
                f"mapping {self.mapping} does not go with mappings {', '.join(self.mappings)} and this memory"
            )
        return self

    def candidates(self, choice: PimChoice | None) -> tuple[PimMapping, ...] | None:
        """The mappings an iteration may take under a choice, the sheet's own when None; None if it cannot do that."""
        chosen = choice or self.mapping
        if chosen == "dynamic":
            if self.link_bytes_s is not None:  # keys and values lie in one of the two memories, not both
                return None
            return ("none", *(mapping for mapping in self.mappings if mapping != "none"))
        return (chosen,) if chosen == "none" or chosen in self.mappings else None
