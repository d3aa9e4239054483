"""Policies of a workload as a scenario names them, each with its parameters beside its name."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from twin.catalogue.device import NotNegative, Positive, Sheet


class Chosen(Sheet):
    """A policy by its name; keys that are none of this document's own are the policy's parameters."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    @property
    def parameters(self) -> dict[str, object]:
        """What is given to the policy itself."""
        return dict(self.model_extra or {})


class RouterChoice(Chosen):
    """A router and its parameters."""

    name: str = Field(description="policy that chooses a replica")


class ControlChoice(Chosen):
    """A control of the cooling plant and its parameters; of two that want the same set point the later one has it."""

    control: str = Field(
        description="policy: fixed, temperature_reset, economiser, flow_to_demand, fan_pid, failure_response, staging"
    )


def _router_form(given: object) -> str:
    return "mapping" if isinstance(given, (dict, RouterChoice)) else "name"


Router = Annotated[Annotated[str, Tag("name")] | Annotated[RouterChoice, Tag("mapping")], Discriminator(_router_form)]


class AdmissionChoice(Chosen):
    """Which requests are let in when they arrive, and the parameters of the policy that says so."""

    policy: str = Field(description="policy that lets requests in or refuses them: queue_limit, token_bucket")


class Autoscale(Chosen):
    """How many replicas of a workload are awake: the policy and its parameters, its bounds, and what waking takes."""

    policy: str = Field(description="policy that says how many replicas are awake: target_load, schedule, ttft")
    # Kubernetes looks at its horizontal autoscalers as often (default of --horizontal-pod-autoscaler-sync-period) and
    # waits as long before it takes one away (default of scaleDown.stabilizationWindowSeconds).
    every_s: Positive = Field(15.0, description="time between two looks, s")
    down_after_s: NotNegative = Field(
        300.0, description="replicas are put to sleep down to the most that was wanted in this time, s"
    )
    min: Annotated[int, Field(ge=0)] = Field(1, description="replicas awake at least; 0: the first request wakes one")
    max: Annotated[int, Field(ge=1)] | None = Field(None, description="replicas awake at most; none: all")
    # A new vLLM process took 30 to 100 s for a model and more, most of it not loading: allocator, graphs, compilation
    # (vLLM blog, Zero-Reload Model Switching, 2025-10-26). Estimate: the low end without the loading.
    start_s: NotNegative = Field(
        30.0,
        description="time from waking to serving without the loading of weights, s; an engine that stayed: about 0.5",
    )
    storage_bytes_s: Positive | None = Field(
        None,
        description="rate at which weights reach one replica's server, bytes/s; none: they wait in the host's memory",
    )
    load_s: NotNegative | None = Field(
        None, description="time to load weights, s; none: bytes over the slower of host link and storage"
    )

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Autoscale:
        if self.max is not None and self.max < self.min:
            raise ValueError(f"min {self.min} replicas is above max {self.max}; lower min or raise max")
        return self
