"""Serving engines by era: what one costs the host in every iteration, and the limits it starts with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.catalogue.device import Device, Fraction, NotNegative

Count = Annotated[int, Field(ge=1)]


class EnginePreset(Device):
    """A release of a serving engine: its host time replaces that of the accelerator's sheet."""

    kind: Literal["engine"] = "engine"
    host_overhead_s: NotNegative = Field(description="host time per iteration beside the device's own, s")
    host_per_seq_s: NotNegative = Field(description="host time per running request and iteration, s")
    host_parallel_s: NotNegative = Field(
        0.0, description="added to an iteration of a model that spans several accelerators, s"
    )
    max_batch_tokens: Count | None = Field(None, description="token budget of one iteration")
    max_batch: Count | None = Field(None, description="requests running together")
    block_tokens: Count | None = Field(None, description="tokens in one block of the KV cache")
    memory_frac: Fraction | None = Field(None, description="share of memory the engine takes")

    def host_s(self, n_chips: int) -> float:
        """Host time of an iteration of a model on n_chips accelerators, without what each request adds."""
        return self.host_overhead_s + (self.host_parallel_s if n_chips > 1 else 0.0)

    def limits(self) -> dict[str, float]:
        """The settings an engine starts with when the user gives none, by their names in a scenario."""
        names = ("max_batch_tokens", "max_batch", "block_tokens", "memory_frac")
        return {name: value for name in names if (value := getattr(self, name)) is not None}
