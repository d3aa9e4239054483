"""What a scenario does to the power path: what fails, how servers come back, and what batteries give at peaks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.catalogue.device import Fraction, NotNegative, Positive, Sheet

Element = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*(/[A-Za-z0-9][A-Za-z0-9_.\-]*)?$", max_length=128)]


class Restart(Sheet):
    """How servers come back after a blackout."""

    is_staged: bool = Field(True, description="in steps that ratings, generators and breakers bear; else all at once")
    step_s: Positive = Field(10.0, description="time between two steps")
    boot_s: NotNegative = Field(
        300.0,
        description="from power to serving: firmware, system, weights; held loads do not wait. Estimate: five to ten "
        "minutes are usual of servers with eight accelerators",
    )
    chiller_s: NotNegative = Field(
        180.0,
        description="from power to cooling, of a chiller that lost its feed. Estimate: makers give three to five "
        "minutes, and under one with a quick restart",
    )
    racks_per_step: Annotated[int, Field(ge=1)] | None = Field(None, description="no more at once; none: as fits")


FaultPart = Literal["element", "breaker", "battery", "switch", "module"]


class Fault(Sheet):
    """Something that breaks, or is repaired, at a time."""

    at_s: NotNegative
    element: Element = Field(description="id in the layout: a cooler, plant item, power node, rack, or server RACK/uNN")
    action: Literal["fail", "repair"] = "fail"
    part: FaultPart = Field(
        "element",
        description="of a power node: all of it; its breaker (opens); its battery (dead); its switch (stuck); a module",
    )


class PeakShave(Sheet):
    """Batteries of the UPS that give what sources would draw above a limit, from a time on."""

    kind: Literal["peak_shave"]
    at_s: NotNegative = 0.0
    above_w: Positive | None = Field(description="watts of all sources; null ends it")
    reserve_frac: Fraction = Field(0.5, description="charge that is kept for failures")
