"""What a policy is given and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class ReplicasView(Protocol):
    """The replicas of one workload as a router sees them; every sequence has one value per replica."""

    @property
    def outstanding(self) -> Sequence[int]:
        """Requests waiting or running."""

    @property
    def is_up(self) -> Sequence[bool]:
        """Whether the replica has power; at least one has when a router is asked."""

    @property
    def n_down(self) -> int:
        """Replicas without power."""

    @property
    def input_w(self) -> Sequence[float]:
        """Watts at the cords over the last pulse, of a server by chips; 0 before the first."""

    @property
    def inlet_c(self) -> Sequence[float]:
        """Air inlet of the rack over the last pulse; 0 before the first."""

    def least_outstanding(self) -> int:
        """The first of the replicas with power that have the fewest requests."""

    def kv_free_blocks(self) -> Sequence[int]:
        """Free blocks of KV cache."""

    def prefix_tokens(self, i_request: int) -> Mapping[int, int]:
        """Tokens of the request's prompt in the prefix caches, by replica; those that keep none of it are absent."""


class Router(Protocol):
    """Chooses the replica for a request."""

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        """Index of a replica that is up; i_request counts the requests of the workload from 0."""
