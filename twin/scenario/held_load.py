"""A load held on servers without any requests: the design day of a hall, or work of which only the use is known."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from twin.catalogue.device import Fraction, NotNegative, Positive, Sheet
from twin.scenario.swing import Swing


class HeldLoad(Sheet):
    """Accelerators and hosts of some servers kept at a constant share of their work for a time."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=64)]
    on: tuple[str, ...] = Field(
        (), description="server types, tags, rack or row names; empty: every server that no workload uses"
    )
    accelerator_frac: Fraction = Field(
        1.0, description="share of the way from idle to thermal design power of every accelerator"
    )
    host_frac: Fraction = Field(1.0, description="share of the way from idle to full work of CPU, memory and network")
    swing: Swing | None = Field(None, description="the accelerators swing as in synchronous training; none: steady")
    from_s: NotNegative = 0.0
    until_s: Positive | None = Field(None, description="none: to the end")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> HeldLoad:
        if self.until_s is not None and self.until_s <= self.from_s:
            raise ValueError(f"until_s {self.until_s:g} s is not after from_s {self.from_s:g} s")
        return self

    @model_validator(mode="after")
    def _swings_below_its_top(self) -> HeldLoad:
        for name in ("low_frac", "floor_frac"):
            value = getattr(self.swing, name, 0.0)
            if value > self.accelerator_frac:
                raise ValueError(
                    f"swing.{name} {value:g} is above accelerator_frac {self.accelerator_frac:g}, the share of the "
                    "compute phase: lower it"
                )
        return self
