"""Requests to the replica in the coolest rack."""

from __future__ import annotations

from dataclasses import dataclass

from twin.policies.protocols import ReplicasView
from twin.policies.routers.near import near_least

_STEP_K = 0.5  # inlets closer than this are alike. Estimate: rack sensors tell no finer


@dataclass(frozen=True, slots=True)
class InletAware:
    """Of the replicas about equally loaded the one whose rack breathed the coolest air over the last pulse.

    Inlets are told apart in steps of half a kelvin; among equals the one with fewer requests, then the first.
    """

    def __call__(self, now_s: float, i_request: int, replicas: ReplicasView) -> int:
        inlet_c, outstanding = replicas.inlet_c, replicas.outstanding
        return min(near_least(replicas), key=lambda i: (round(inlet_c[i] / _STEP_K), outstanding[i]))
