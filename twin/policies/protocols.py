"""What a policy is given and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from twin.physics import FloatArray


class ReplicasView(Protocol):
    """The replicas of one workload as a router or a gate sees them; every sequence has one value per replica."""

    @property
    def outstanding(self) -> Sequence[int]:
        """Requests waiting or running."""

    @property
    def is_up(self) -> Sequence[bool]:
        """Whether the replica takes requests: it has power and is awake; at least one does when a router is asked."""

    @property
    def n_down(self) -> int:
        """Replicas that take no requests: without power, asleep, on their way to sleep, or loading weights."""

    @property
    def n_held(self) -> int:
        """Requests that wait for any replica to take them."""

    @property
    def input_w(self) -> Sequence[float]:
        """Watts at the cords over the last pulse, of a server by chips; 0 before the first."""

    @property
    def inlet_c(self) -> Sequence[float]:
        """Air inlet of the rack over the last pulse; 0 before the first."""

    def least_outstanding(self) -> int:
        """The first of the replicas that take requests and have the fewest."""

    def kv_free_blocks(self) -> Sequence[int]:
        """Free blocks of KV cache."""

    def prefix_tokens(self, i_request: int) -> dict[int, int]:
        """Tokens of the request's prompt in the prefix caches, by replica, those that keep the most last.

        Those that keep none of it are absent.
        """


class Router(Protocol):
    """Chooses the replica for a request."""

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        """Index of a replica that is up; i_request counts the requests of the workload from 0."""


class FleetView(Protocol):
    """The replicas of one workload as an autoscaler sees them when it looks."""

    @property
    def n_replicas(self) -> int:
        """Replicas with power: the most there can be awake."""

    @property
    def n_awake(self) -> int:
        """Replicas that take requests, and those that will once their weights are loaded."""

    @property
    def n_open(self) -> int:
        """Requests waiting or running on any replica, and those held for one."""

    @property
    def hour(self) -> float:
        """Local time of day, h in [0, 24)."""

    @property
    def ttft_s(self) -> FloatArray:
        """Times to first token of the answers begun in the last minute, s, as of the last pulse."""


class Autoscaler(Protocol):
    """Says how many replicas should be awake."""

    def __call__(self, fleet: FleetView) -> int:
        """Replicas wanted; what is beyond the scenario's bounds is cut off. `fleet.n_awake` changes nothing."""


class Admission(Protocol):
    """Lets a request in or refuses it, when it arrives."""

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> str:
        """Why the request is refused; empty when it is let in."""
