"""How often one kind of element fails and how long mending takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from twin.catalogue.device import Fraction, NotNegative, Positive, Sheet


class Reliability(Sheet):
    """Rates of one element; what is left out comes from the table of its role."""

    failures_per_year: NotNegative | None = Field(None, description="failures per year, standby ones while they wait")
    repair_h: Positive | None = Field(None, description="mean time until it works again, h")
    start_failure_frac: Fraction | None = Field(
        None, description="share of demands it does not answer: a generator that does not start, a battery that is flat"
    )
    run_failures_per_h: NotNegative | None = Field(None, description="failures per hour of running (generator)")
    common_cause_frac: Annotated[float, Field(ge=0, lt=1)] | None = Field(
        None, description="share of failures that strike all of its role on the same inputs at once (beta factor)"
    )
