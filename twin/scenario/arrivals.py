"""Arrival times as a scenario words them: drawn for a file without any, or all there is of a request."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.catalogue.device import NotNegative, Positive, Sheet


class Arrivals(Sheet):
    """Arrival times drawn for a file that has none worth keeping: gaps of a Poisson or a gamma process."""

    process: Literal["poisson", "gamma"] = "poisson"
    rate_per_s: Positive = Field(description="mean arrivals per second")
    cv: Positive | None = Field(
        None, description="gamma: standard deviation / mean of the gaps; above 1 is burstier than Poisson"
    )

    @model_validator(mode="after")
    def _cv_fits(self) -> Arrivals:
        if (self.cv is not None) != (self.process == "gamma"):
            raise ValueError("cv goes with process: gamma, and gamma needs it; Poisson gaps have a cv of 1")
        return self


HourlyFactor = Annotated[tuple[NotNegative, ...], Field(min_length=24, max_length=24)]


class ArrivalTimes(Arrivals):
    """Requests that have an arrival time and no more, as a service of fixed cost asks nothing else of them."""

    hourly_factor: HourlyFactor | None = Field(
        None, description="rate of each hour of the local day, 24 numbers; only their ratios count, the mean rate stays"
    )

    @model_validator(mode="after")
    def _some_hour_is_busy(self) -> ArrivalTimes:
        if self.hourly_factor is not None and not any(self.hourly_factor):
            raise ValueError("hourly_factor is 0 in all 24 hours; give at least one hour a rate")
        return self
