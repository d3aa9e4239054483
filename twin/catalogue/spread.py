"""How much faster, slower or hungrier a device known by its data sheet only may turn out than class-wide values say."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field, model_validator

from twin.catalogue.device import Sheet
from twin.files import asset_dir, read_yaml, validated

Ratio = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Range = tuple[Ratio, Ratio]


class ClassSpread(Sheet):
    """Measured over class-wide values of devices that were measured: 10th and 90th percentile."""

    compute_time: Range = Field(description="time of work that arithmetic bounds, measured / class-wide")
    memory_time: Range = Field(description="time of work that bandwidth bounds, measured / class-wide")
    active_watts: Range = Field(description="watts above idle, measured / class-wide")
    source: str = Field(min_length=1, description="tables behind the ranges and how they were taken")

    @model_validator(mode="after")
    def _in_order(self) -> ClassSpread:
        for name in ("compute_time", "memory_time", "active_watts"):
            low, high = getattr(self, name)
            if low >= high:
                raise ValueError(f"{name} goes from {low} to {high}; write the lower end first")
        return self


@cache
def class_spread() -> ClassSpread:
    """The ranges that come with the program, assets/bands/class_wide.yaml."""
    path = asset_dir() / "bands" / "class_wide.yaml"
    return validated(ClassSpread, read_yaml(path), str(path))
