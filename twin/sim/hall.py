"""From documents to a hall that can run: catalogue, floor, plant, requests, replicas, routers."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import cast

import numpy as np
from simpy import Environment

from twin.catalogue.library import Catalogue, read_catalogue, sheet_from, shipped_catalogue
from twin.errors import CatalogueError, DocumentError, TwinError, each_problem, named, raise_all
from twin.files import Tree, asset_dir, validated
from twin.layout.expand import expand
from twin.layout.floor import Floor
from twin.layout.model import Layout
from twin.layout.upgrade import upgraded
from twin.physics.pim_iteration import PimIterationLaw
from twin.plant.compile import compile_plant
from twin.plant.plant import Plant
from twin.plant.swings import PathSwings
from twin.scenario.model import Engine, Scenario, scenario_from
from twin.scenario.model import Workload as WorkloadSpec
from twin.scenario.overrides import Documents
from twin.scenario.sources import workload_requests
from twin.scenario.traces.prefix import PrefixBlocks
from twin.scenario.traces.requests import RequestTable
from twin.sim.arrivals import Workload
from twin.sim.choices import Choices, ScalingPlan, choose
from twin.sim.clock import Clock
from twin.sim.disaggregated import Disaggregated
from twin.sim.engines import with_presets
from twin.sim.held import Held
from twin.sim.loads import LoadWriter
from twin.sim.outside import Outside, outside, time_zone
from twin.sim.pim_replica import PimReplica
from twin.sim.placement import Placement
from twin.sim.pools import Pools, Site, place_pools, serve_two_pools
from twin.sim.requests import RequestColumns
from twin.sim.service import ItemColumns, ServiceReplica
from twin.sim.service_placement import ServiceSite
from twin.sim.serving import Replica
from twin.sim.sites import ReplicaSite
from twin.sim.unit import ServingUnit

MOST_REQUESTS = 50e6
"""Requests of one workload that fit in memory: about 400 bytes each, 20 GB."""


@dataclass(slots=True)
class Served:
    """One workload of a run: its document, requests, replicas and what the trace reader left out."""

    spec: WorkloadSpec
    table: RequestTable
    workload: Workload | Disaggregated
    sites: Sequence[Site]
    first_replica: int  # its replicas are numbered on from here in the whole run
    scaling: ScalingPlan | None = None  # none: its replicas never sleep


@dataclass(slots=True)
class Hall:
    """Everything a run needs, at time zero."""

    scenario: Scenario
    layout: Layout
    catalogue: Catalogue
    floor: Floor
    plant: Plant
    env: Environment
    outside: Outside
    served: list[Served]
    held: list[Held]


@dataclass(slots=True)
class Standing:
    """What stands before anyone asks for anything: the plant, where replicas are placed, loads that are held."""

    scenario: Scenario
    layout: Layout
    catalogue: Catalogue
    floor: Floor
    plant: Plant
    outside: Outside
    placed: list[tuple[Choices, Pools]]
    held: list[Held]


@contextmanager
def _without_collection() -> Iterator[None]:
    """Millions of objects that stay: looking through them for cycles again and again would take half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def build_hall(documents: Documents, scenario_path: Path) -> Hall:
    """The hall of a scenario; mistakes name the file they are in. Files are relative to the scenario."""
    standing = stand(documents, scenario_path)
    scenario, plant = standing.scenario, standing.plant
    env = Clock()
    writer = LoadWriter(plant.compute, [site for _, pools in standing.placed for site in pools.sites])
    served: list[Served] = []
    first = 0
    for policies, pools in standing.placed:
        with named(str(scenario_path)):
            table = _requests(policies.spec, scenario, scenario_path.parent)
        served.append(_serve(env, policies, table, pools, writer, first))
        first += len(pools.sites)
    swings = PathSwings(plant.power, plant.compute) if any(one.spec.swing for one in standing.held) else None
    for one in standing.held:
        env.process(one.play(env, plant.compute, swings))
    return Hall(
        scenario,
        standing.layout,
        standing.catalogue,
        standing.floor,
        plant,
        env,
        standing.outside,
        served,
        standing.held,
    )


@_without_collection()
def stand(documents: Documents, scenario_path: Path) -> Standing:
    """Everything of a hall but its requests; mistakes as in `build_hall`."""
    folder = scenario_path.parent
    scenario = scenario_from(documents.scenario, str(scenario_path))
    layout_path = Path(os.path.normpath(folder / scenario.layout))
    layout = validated(Layout, upgraded(documents.layout, layout_path), str(layout_path))
    with named(str(scenario_path)):
        catalogue = scenario_catalogue(scenario, folder, documents.sheets)
    with named(str(layout_path)):
        floor = expand(layout, catalogue)
        plant = compile_plant(floor, catalogue, scenario.air if scenario.grain == "request" else "mixed")
        zone = time_zone(layout.site)
    with named(str(scenario_path)):
        outdoors = outside(scenario, zone, folder)
    placement = Placement(floor, catalogue, plant.compute, [c.n_chips for c in plant.compute.constants])
    problems: list[TwinError] = []
    specs = with_presets(scenario.workloads, catalogue, str(scenario_path))
    placed = _placed(specs, placement, str(scenario_path), problems)
    held: list[Held] = []
    for i, load in enumerate(scenario.loads):
        try:
            held.append(_held(placement.hold(load, f"{scenario_path} loads[{i}]"), held, f"{scenario_path} loads[{i}]"))
        except TwinError as error:
            problems += each_problem(error)
    raise_all(problems)
    return Standing(scenario, layout, catalogue, floor, plant, outdoors, placed, held)


def _placed(
    specs: Sequence[WorkloadSpec], placement: Placement, path: str, problems: list[TwinError]
) -> list[tuple[Choices, Pools]]:
    """The policies of each workload and where its replicas stand; mistakes are added to `problems`."""
    placed: list[tuple[Choices, Pools]] = []
    for i, spec in enumerate(specs):
        where = f"{path} workloads[{i}]"
        try:
            policies = choose(spec, where)
            pools = place_pools(placement, spec, where)
            placed.append((policies.on(pools.sites, placement.compute.constants), pools))
        except TwinError as error:
            problems += each_problem(error)
    return placed


def _held(load: Held, others: Sequence[Held], where: str) -> Held:
    """The load, if no other is on one of its servers at the same time."""
    for other in others:
        if load.overlaps(other):
            shared = len(set(load.i_servers).intersection(other.i_servers))
            raise DocumentError(
                f"{shared} of its {len(load.i_servers)} servers hold {other.spec.id!r} at the same time",
                where,
                "name other servers, or let one end before the other begins",
            )
    return load


def scenario_catalogue(scenario: Scenario, folder: Path, sheets: dict[str, Tree]) -> Catalogue:
    """The shipped sheets, the user's own folders over them, and single values over those."""
    catalogue = shipped_catalogue()
    if scenario.catalogues:
        catalogue = read_catalogue([asset_dir() / "catalogue", *(folder / name for name in scenario.catalogues)])
    for key, tree in {**scenario.sheets, **sheets}.items():
        device = catalogue.get(key)
        if device is None:
            near = get_close_matches(key, sorted(catalogue), 3, 0.6)
            hint = f"did you mean {', '.join(near)}?" if near else "`twin devices` lists all"
            raise CatalogueError(f"unknown device {key!r}", "sheets", hint)
        base = device.model_dump(mode="json", exclude_none=True)
        catalogue = catalogue.changed(sheet_from(_merged(base, tree), f"sheets {key}"))
    return catalogue


def _merged(base: Tree, over: Tree) -> Tree:
    """A sheet with values replaced; they are the user's own, and the sheet says so."""
    result = dict(base)
    for key, value in over.items():
        inner = result.get(key)
        result[key] = _merged(cast(Tree, inner), cast(Tree, value)) if _both(inner, value) else value
    if "provenance" in base:
        set_by_user = {key: {"source": "value set by the user", "confidence": "medium"} for key in over}
        result["provenance"] = {**cast(Tree, base["provenance"]), **set_by_user}
    return result


def _both(a: object, b: object) -> bool:
    return isinstance(a, dict) and isinstance(b, dict)


def _check_count(spec: WorkloadSpec, hours: float) -> None:
    """More requests than memory can hold are refused before anyone waits for them."""
    source = spec.generator or spec.arrivals
    if source is None:
        return
    n_expected = source.rate_per_s * hours * 3600.0
    if n_expected > MOST_REQUESTS:
        raise DocumentError(
            f"{n_expected:,.0f} requests in {hours:g} h are more than the {MOST_REQUESTS:,.0f} a run can hold",
            f"workloads {spec.id} {'generator' if spec.generator else 'arrivals'}",
            "lower rate_per_s or hours",
        )


def _requests(spec: WorkloadSpec, scenario: Scenario, folder: Path) -> RequestTable:
    """The requests of a workload within the simulated time."""
    _check_count(spec, scenario.hours)
    # One stream of random numbers per workload, so that adding one leaves the others as they are.
    rng = np.random.default_rng(np.random.SeedSequence([scenario.seed, *spec.id.encode()]))
    start = datetime.fromisoformat(scenario.start)
    start_s = (start - start.replace(hour=0, minute=0, second=0)).total_seconds()
    return workload_requests(spec, folder, scenario.hours * 3600.0, rng, start_s)


def _engine_name(spec: WorkloadSpec) -> str:
    return "engine" if spec.prefill_engine is None else "prefill_engine"


def _prefix(spec: WorkloadSpec, engine: Engine, table: RequestTable) -> PrefixBlocks:
    """The hash ids a prefix cache needs, in blocks the engine can share."""
    where, blocks = f"workload {spec.id} {_engine_name(spec)}.prefix_cache", table.prefix
    if blocks is None:
        raise DocumentError(
            f"{table.source} does not say which prompts begin alike",
            where,
            "use a trace with hash ids, or none",
        )
    if blocks.block_tokens % engine.block_tokens:
        raise DocumentError(
            f"hash ids stand for {blocks.block_tokens} tokens, which are no whole blocks of "
            f"{engine.block_tokens} tokens",
            where,
            f"choose block_tokens that divide {blocks.block_tokens}",
        )
    return blocks


def _serve(
    env: Environment, policies: Choices, table: RequestTable, pools: Pools, writer: LoadWriter, first: int
) -> Served:
    spec, sites = policies.spec, pools.sites
    if spec.service is not None:
        columns: RequestColumns = ItemColumns(table.arrival_s)
        replicas: list[ServingUnit] = [
            ServiceReplica(env, site.law, site.batching, columns, writer, first + i)
            for i, site in enumerate(sites)
            if isinstance(site, ServiceSite)
        ]
    else:
        engine = spec.engine if spec.prefill is None else spec.prefill_engine or spec.engine
        prefix = _prefix(spec, engine, table) if engine.prefix_cache else None
        columns = RequestColumns(table.arrival_s, table.prompt_tokens, table.output_tokens, prefix)
        if spec.prefill is not None:
            return Served(spec, table, serve_two_pools(env, policies, columns, pools, writer, first), sites, first)
        replicas = [
            _replica(env, site, columns, writer, first + i)
            for i, site in enumerate(sites)
            if isinstance(site, ReplicaSite)
        ]
    workload = Workload(env, columns, replicas, policies.router)
    workload.admission = policies.admission
    return Served(spec, table, workload, sites, first, policies.scaling)


def _replica(env: Environment, site: ReplicaSite, columns: RequestColumns, writer: LoadWriter, i: int) -> Replica:
    if isinstance(site.law, PimIterationLaw):
        return PimReplica(env, site.law, site.config, columns, writer, i)
    return Replica(env, site.law, site.config, columns, writer, i)
