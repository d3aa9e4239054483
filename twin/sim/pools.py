"""The pools of a workload: one that does everything, or one for prompts and one that decodes, with links between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from simpy import Environment

from twin.physics.pim_iteration import PimIterationLaw
from twin.scenario.model import Transfer, Workload
from twin.sim.choices import Choices
from twin.sim.decode import DecodeReplica, PimDecodeReplica
from twin.sim.disaggregated import DecodePool, Disaggregated
from twin.sim.engines import with_preset
from twin.sim.kv_link import KvLink
from twin.sim.kv_paths import Ports, ports_of, rate_bytes_s
from twin.sim.listener import LoadListener
from twin.sim.placement import Placement
from twin.sim.prefill import PimPrefillReplica, PrefillReplica
from twin.sim.requests import RequestColumns
from twin.sim.service_placement import ServiceSite, place_service
from twin.sim.sites import ReplicaSite

Site = ReplicaSite | ServiceSite


@dataclass(frozen=True, slots=True)
class Pools:
    """Where the replicas of a workload stand: those for prompts first; ports where keys and values are sent."""

    sites: Sequence[Site]
    n_prefill: int = 0
    ports: list[Ports] = field(default_factory=list)


def place_pools(placement: Placement, workload: Workload, where: str) -> Pools:
    """Sites of both pools of a workload; prompts choose first."""
    if workload.service is not None:
        return Pools(place_service(placement, workload, where))
    if workload.prefill is None:
        return Pools(placement.place(workload, where))
    engine = workload.prefill_engine or workload.engine
    for_prompts = workload.model_copy(update={"replicas": workload.prefill, "engine": engine})
    for_prompts = with_preset(for_prompts, placement.catalogue, f"{where} prefill")
    prefill = placement.place(for_prompts, f"{where} prefill")
    sites = [*prefill, *placement.place(workload, where)]
    spec = workload.transfer or Transfer()
    return Pools(sites, len(prefill), ports_of(sites, placement.floor, placement.compute, spec, f"{where} transfer"))


def serve_two_pools(
    env: Environment, policies: Choices, requests: RequestColumns, pools: Pools, listener: LoadListener, first: int
) -> Disaggregated:
    """Replicas of both pools, numbered from `first`, with a link for each that computes prompts."""
    n, ports, spec = pools.n_prefill, pools.ports, policies.spec
    sites = [site for site in pools.sites if isinstance(site, ReplicaSite)]
    decoding = [_decoding(env, site, requests, listener, first + n + i) for i, site in enumerate(sites[n:])]
    decode = DecodePool(env, requests, decoding, policies.decode_router)
    latency_s = (spec.transfer or Transfer()).latency_s
    prefill: list[PrefillReplica] = []
    for i, site in enumerate(sites[:n]):
        rates = partial(_rate_to, ports[i], ports[n:])
        link = KvLink(env, requests, decode, rates, site.law.shape.kv_bytes_per_token, latency_s)
        kind: type[PrefillReplica] = PimPrefillReplica if isinstance(site.law, PimIterationLaw) else PrefillReplica
        prefill.append(kind(env, site.law, site.config, link, listener, first + i))
    two_pools = Disaggregated(env, requests, prefill, decode, policies.router)
    two_pools.prefill.admission = policies.admission
    return two_pools


def _decoding(
    env: Environment, site: ReplicaSite, requests: RequestColumns, listener: LoadListener, i_replica: int
) -> DecodeReplica:
    if isinstance(site.law, PimIterationLaw):
        return PimDecodeReplica(env, site.law, site.config, requests, listener, i_replica)
    return DecodeReplica(env, site.law, site.config, requests, listener, i_replica)


def _rate_to(source: Ports, targets: list[Ports], slot: int) -> float:
    return rate_bytes_s(source, targets[slot])
