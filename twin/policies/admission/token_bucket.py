"""Lets in so many requests a second on average, and so many at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from twin.policies.protocols import ReplicasView

# A request due this fraction of its interval later than now is due now: it is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """A bucket of `burst` tokens that fills with `rate_per_s`; a request takes one, and without one it is refused.

    Kept as the time at which the bucket would be full again. Source: virtual scheduling of the generic cell rate
    algorithm, ITU-T I.371, the same as a token bucket.
    """

    rate_per_s: Annotated[float, Field(gt=0, allow_inf_nan=False, description="requests let in a second, on average")]
    burst: Annotated[int, Field(ge=1, description="requests let in at once after a pause")] = 1
    # One number that changes, in a list because the parameters beside it never do.
    _full_at_s: list[float] = field(default_factory=lambda: [float("-inf")], init=False, repr=False, compare=False)

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> str:
        interval_s = 1.0 / self.rate_per_s
        full_at_s = max(self._full_at_s[0], now_s) + interval_s
        if full_at_s - now_s > (self.burst + _ROUNDING) * interval_s:
            return f"token_bucket: {self.rate_per_s:g} requests/s"
        self._full_at_s[0] = full_at_s
        return ""
