"""Inference services of fixed cost, such as vision or image generation: measured latency and watts per batch size."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.catalogue.compute import Precision
from twin.catalogue.device import Device, Fraction, Id, Positive, Sheet

BatchSize = Annotated[int, Field(ge=1)]


class MeasuredBatches(Sheet):
    """What one accelerator was measured to do: seconds and watts of a batch, by its size."""

    precision: Precision = Field(description="precision of the weights it was measured with")
    n_chips: int = Field(1, ge=1, description="chips that work on one batch together")
    latency_s: dict[BatchSize, Positive] = Field(min_length=1, description="batch size -> time of one batch, s")
    chip_w: dict[BatchSize, Positive] = Field(
        description="batch size -> power of each chip while such a batch runs, W; the same sizes as latency_s"
    )

    @model_validator(mode="after")
    def _same_sizes(self) -> MeasuredBatches:
        if set(self.latency_s) != set(self.chip_w):
            raise ValueError(f"latency_s has batches {_sizes(self.latency_s)}, chip_w has {_sizes(self.chip_w)}")
        return self

    @property
    def largest_batch(self) -> int:
        """The largest batch measured; nothing is known beyond it."""
        return max(self.latency_s)


class InferenceService(Device):
    """A model whose answer costs the same whatever is asked: one input, one answer, no tokens.

    Each table of `on` has its own provenance: `on.ACCELERATOR.latency_s` and `on.ACCELERATOR.chip_w`.
    """

    kind: Literal["service"] = "service"
    task: str = Field("", description="what it is for: vision, language, image generation, recommendation")
    unit: str = Field(description="what one answer is: image, query, sample, video")
    host_frac: Fraction = Field(
        0.0,
        description="share of the host's range from idle to full work taken while all its chips are busy; 0 as in the "
        "measurements, which feed inputs that are ready",
    )
    on: dict[Id, MeasuredBatches] = Field(min_length=1, description="accelerator id -> what was measured on it")

    def unsourced(self) -> list[str]:
        """Fields and tables that carry numbers but no source of their own."""
        tables = [
            f"on.{key}.{name}"
            for key in self.on
            for name in ("latency_s", "chip_w")
            if f"on.{key}.{name}" not in self.provenance and f"on.{key}" not in self.provenance
        ]
        return [name for name in super().unsourced() if name not in ("on", "unit", "task")] + tables

    def stray_sources(self) -> list[str]:
        """Provenance entries that name no field and no table of the sheet."""
        known = {f"on.{key}{rest}" for key in self.on for rest in ("", ".latency_s", ".chip_w")}
        return super().stray_sources() + [
            name for name in self.provenance if name.startswith("on.") and name not in known
        ]


def _sizes(table: dict[int, float]) -> str:
    return ", ".join(str(size) for size in sorted(table)) or "none"
