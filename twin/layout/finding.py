"""One remark from checking a layout, and how its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.layout.geometry import Point

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say about a thing on the drawing."""

    rule: str  # family.name, such as space.overlap
    severity: Severity
    place: str  # id of the thing
    what: str  # one sentence with the numbers and the limit
    hint: str  # the way out
    at_m: Point | None = None  # where it is on the plan

    def line(self) -> str:
        """The finding on one line."""
        return f"{self.severity}: {self.place}: {self.what}; {self.hint} [{self.rule}]"


def kw(power_w: float) -> str:
    """A power in kilowatts with one decimal."""
    return f"{power_w / 1e3:,.1f} kW"


def listed(names: list[str], limit: int = 4) -> str:
    """The first few names and how many more there are."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")
