"""So many replicas awake as the hour of day asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from twin.policies.protocols import FleetView

Hour = Annotated[float, Field(ge=0, lt=24)]
Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The number given for the latest hour of day that has come; before the first of a day, the last holds on."""

    hours: Annotated[
        dict[Hour, Count], Field(min_length=1, description="local hour of day -> replicas awake from then on")
    ]

    def __call__(self, fleet: FleetView) -> int:
        come = [hour for hour in self.hours if hour <= fleet.hour]
        return self.hours[max(come or self.hours)]
