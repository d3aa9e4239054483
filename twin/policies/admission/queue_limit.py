"""Refuses requests while replicas have many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from twin.policies.protocols import ReplicasView


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """Refuses a request while there are `most` or more, waiting or running, for each replica that takes requests.

    While none does, as many are held as one replica may have.
    """

    most: Annotated[int, Field(ge=1, description="requests for each replica that takes requests")]

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> str:
        outstanding = replicas.outstanding
        n_up = len(outstanding) - replicas.n_down
        if not n_up:
            n_open = replicas.n_held
        elif replicas.n_down:
            n_open = sum([n for n, is_up in zip(outstanding, replicas.is_up, strict=True) if is_up])
        else:
            n_open = sum(outstanding)
        return f"queue_limit: {self.most} requests a replica" if n_open >= self.most * (n_up or 1) else ""
