"""How full chillers run before another one starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from twin.policies.controls.view import CoolingView, Setting


@dataclass(frozen=True, slots=True)
class Staging:
    """One more chiller starts when those that run carry this share of what they can.

    1 runs as few as carry the load; machines with variable speed are better half loaded, so less saves energy there.
    """

    at_frac: Annotated[float, Field(gt=0.1, le=1, description="load at which one more starts")] = 1.0

    def __call__(self, view: CoolingView) -> Setting:
        return Setting(stage_frac=self.at_frac)
