"""The policies a scenario chooses for a workload, made and checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from twin.catalogue.compute import Accelerator
from twin.errors import CatalogueError, DocumentError, TwinError, each_problem, raise_all
from twin.plant.compute import ServerConstants
from twin.plugins import ADMISSION, AUTOSCALERS, ROUTERS
from twin.policies.making import make
from twin.policies.protocols import Admission, Autoscaler, Router
from twin.scenario.model import Workload
from twin.scenario.policies import Autoscale, RouterChoice
from twin.sim.service_placement import ServiceSite
from twin.sim.sites import ReplicaSite
from twin.sim.spreading import spread_of


@dataclass(frozen=True, slots=True)
class Bed:
    """What sleeping and waking means for one replica: where it is, its watts asleep, the time it needs to wake."""

    place: str
    sleep_w: float  # per accelerator
    wake_s: float  # from waking to taking requests: weights are loaded, then the engine starts


@dataclass(frozen=True, slots=True)
class ScalingPlan:
    """All that decides when replicas of a workload sleep and wake."""

    spec: Autoscale
    policy: Autoscaler
    beds: Sequence[Bed]


@dataclass(frozen=True, slots=True)
class Choices:
    """The policies of one workload; none where the scenario names none."""

    spec: Workload
    where: str
    router: Router
    autoscaler: Autoscaler | None
    admission: Admission | None
    decode_router: Router
    scaling: ScalingPlan | None = None

    def on(self, sites: Sequence[ReplicaSite | ServiceSite], servers: Sequence[ServerConstants]) -> Choices:
        """The same once it is known where the replicas stand, with what sleeping and waking means there."""
        scale = self.spec.autoscale
        if scale is None or self.autoscaler is None:
            return self
        beds = [_bed(self.spec, scale, site, servers[site.i_server], f"{self.where}.autoscale") for site in sites]
        return replace(self, scaling=ScalingPlan(scale, self.autoscaler, beds))


def router_choice(router: str | RouterChoice) -> tuple[str, Mapping[str, object]]:
    """Name and parameters of a router."""
    return (router, {}) if isinstance(router, str) else (router.name, router.parameters)


def choose(spec: Workload, where: str) -> Choices:
    """The policies of a workload; their mistakes are reported together, `where` is its place in the scenario."""
    problems: list[TwinError] = []

    def made(group: str, name: str, parameters: Mapping[str, object], key: str) -> Any:
        try:
            return make(group, name, parameters, f"{where}.{key}")
        except TwinError as error:
            problems.extend(each_problem(error))

    router = made(ROUTERS, *router_choice(spec.router), "router")
    decode_router = made(ROUTERS, *router_choice(spec.decode_router or "least_outstanding"), "decode_router")
    scale, door = spec.autoscale, spec.admission
    autoscaler = None if scale is None else made(AUTOSCALERS, scale.policy, scale.parameters, "autoscale")
    admission = None if door is None else made(ADMISSION, door.policy, door.parameters, "admission")
    raise_all(problems)
    return Choices(spec, where, router, autoscaler, admission, decode_router)


def _bed(spec: Workload, scale: Autoscale, site: ReplicaSite | ServiceSite, server: ServerConstants, where: str) -> Bed:
    chip = server.chip
    assert chip is not None  # a replica stands on chips
    sleep_w = server.idle_chip_w if chip.sleep_w is None else chip.sleep_w
    load_s = scale.load_s
    if load_s is None:
        if not isinstance(site, ReplicaSite):
            raise DocumentError(
                f"the weights of {spec.service} are unknown", where, "give load_s, the seconds they take to load"
            )
        bytes_each = spread_of(spec.replicas).weight_bytes_on_each(site.law.shape)
        load_s = weight_load_s(bytes_each, site.n_chips, chip, scale, where)
    return Bed(server.id, sleep_w, load_s + scale.start_s)


def weight_load_s(bytes_each: float, n_chips: int, chip: Accelerator, scale: Autoscale, where: str) -> float:
    """Time to bring a replica's weights into its chips: bytes of one chip over the slowest part of their way.

    All chips load at once, each over its own host link; what comes from storage is shared by the chips of the replica.
    Replicas of one server that wake together do not slow each other.
    """
    rates = [chip.host_link_bytes_s] if chip.host_link_bytes_s is not None else []
    if scale.storage_bytes_s is not None:
        rates.append(scale.storage_bytes_s / n_chips)
    if not rates:
        raise CatalogueError(
            f"the time to load {bytes_each / 1e9:,.1f} GB into each {chip.id} is unknown: its sheet has no "
            "host_link_bytes_s",
            where,
            "give load_s or storage_bytes_s, or the link in a sheet of your own",
        )
    return bytes_each / min(rates)
