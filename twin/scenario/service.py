"""What a scenario says about a service of fixed cost, and what it may not say about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from twin.catalogue.device import NotNegative, Sheet

if TYPE_CHECKING:
    from twin.scenario.model import Workload

SERVICE_FIELDS = frozenset({
    "id", "service", "batching", "trace", "generator", "servegen", "arrivals", "replicas", "router", "slo",
    "on_failure",
})  # fmt: skip
"""Fields of a workload that mean something for a service; all others speak of tokens, weights or caches."""

SERVICE_REPLICA_FIELDS = frozenset({"count", "on"})
_CACHE_ROUTERS = ("least_kv", "prefix_aware")


class Batching(Sheet):
    """Dynamic batching as in NVIDIA Triton: a batch starts when the chips are free and it is full or has waited."""

    max_batch: Annotated[int, Field(ge=1, description="requests of one batch; at most the largest one measured")] = 1
    max_wait_s: NotNegative = Field(0.0, description="a batch that is not full starts once its first has waited this")


def check_service(workload: Workload) -> None:
    """ValueError when a service is given what only a language model has, or the other way round."""
    given = _given(workload)
    if workload.service is None:
        stray = sorted({"batching", "arrivals"} & given)
        if stray:
            raise ValueError(
                f"{_listed(stray)} for a service only; a language model has its `engine`, and needs lengths"
            )
        if workload.trace is not None and workload.trace.columns is not None and workload.trace.columns.prompt is None:
            raise ValueError("trace.columns names no prompt and output columns, which a language model needs")
        return
    stray = sorted(given - SERVICE_FIELDS)
    stray += [f"replicas.{name}" for name in sorted(_given(workload.replicas) - SERVICE_REPLICA_FIELDS)]
    stray += [f"slo.{name}" for name in sorted(_given(workload.slo) - {"e2e_s"})]
    if stray:
        raise ValueError(
            f"{_listed(stray)} for a language model only; service {workload.service!r} has fixed tables: leave it out"
            + (" (its latency is slo.e2e_s)" if any(name.startswith("slo.") for name in stray) else "")
        )
    if workload.router in _CACHE_ROUTERS:
        raise ValueError(f"router {workload.router} looks at KV caches, which a service has not; try least_outstanding")


def _given(part: Sheet) -> set[str]:
    """Fields that are not at their default."""
    fields = type(part).model_fields
    return {
        name for name, field in fields.items() if getattr(part, name) != field.get_default(call_default_factory=True)
    }


def _listed(names: list[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
