"""How the accelerators of a held load swing between compute and communication, and what smooths it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from twin.catalogue.device import Fraction, NotNegative, Positive, Sheet


class Buffer(Sheet):
    """An energy store on the direct-current side of a server's power supplies."""

    energy_j: Positive = Field(description="usable energy for one server, given off every period at most, J")
    round_trip_frac: Annotated[float, Field(gt=0, le=1)] = Field(description="energy given off over energy taken")


class Swing(Sheet):
    """Synchronous training: compute at accelerator_frac, communication at low_frac, in phase on all servers of a load.

    The hall is simulated with the mean over a period; the swings themselves are figures of the summary.
    """

    period_s: Annotated[float, Field(ge=1, le=30)] = Field(description="one training iteration, s")
    duty_frac: Annotated[float, Field(gt=0, lt=1)] = Field(description="share of the period spent in compute")
    low_frac: Fraction = Field(description="share of the way from idle to design power while communicating")
    ramp_w_s: Positive | None = Field(
        None, description="power smoothing: fastest change of one accelerator, W/s; none: it steps"
    )
    floor_frac: NotNegative = Field(
        0.0, le=1, description="power smoothing: accelerators burn at least this share, as accelerator_frac"
    )
    buffer: Buffer | None = Field(None, description="energy store of each server; none: no store")
