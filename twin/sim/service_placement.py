"""Where replicas of a service stand: chips that its sheet has a table for, taken in the order of the racks."""

from __future__ import annotations

from dataclasses import dataclass

from twin.catalogue.compute import Accelerator
from twin.catalogue.service import InferenceService, MeasuredBatches
from twin.errors import CatalogueError, DocumentError
from twin.physics.service import ServiceLaw, by_batch
from twin.scenario.model import Workload
from twin.scenario.service import Batching
from twin.sim.placement import Placement


@dataclass(frozen=True, slots=True)
class ServiceSite:
    """A replica of a service on its server: which, how many chips, by which table."""

    i_server: int
    n_chips: int
    law: ServiceLaw
    batching: Batching
    service: InferenceService


def service_law(service: InferenceService, chip: Accelerator, max_batch: int, where: str) -> ServiceLaw:
    """The law of a service on a chip; errors name what was measured, and watts no such chip can draw."""
    table = service.on[chip.id]
    if max_batch > table.largest_batch:
        raise DocumentError(
            f"max_batch {max_batch}, but {service.id} on {chip.id} was measured up to batch {table.largest_batch}",
            f"{where} batching",
            f"use at most {table.largest_batch}, or add larger batches to a sheet of your own",
        )
    idle_w = _checked_idle_w(service, chip, table, where)
    latency_s, chip_w = by_batch(table.latency_s, max_batch), by_batch(table.chip_w, max_batch)
    return ServiceLaw(latency_s, chip_w, idle_w, service.host_frac)


def _checked_idle_w(service: InferenceService, chip: Accelerator, table: MeasuredBatches, where: str) -> float:
    """Idle watts of the chip, once every measured value lies between them and its design power."""
    assert chip.idle_w is not None
    assert chip.tdp_w is not None
    for size, chip_w in table.chip_w.items():
        if not chip.idle_w <= chip_w <= chip.tdp_w:
            raise CatalogueError(
                f"{service.id} on {chip.id}: {chip_w:g} W at batch {size} is outside {chip.idle_w:g} W (idle) to "
                f"{chip.tdp_w:g} W (design power)",
                where,
                "mend one of the two sheets",
            )
    return chip.idle_w


def place_service(placement: Placement, workload: Workload, where: str) -> list[ServiceSite]:
    """Sites of a service's replicas, in the order of the racks; errors list the chips that could run it."""
    spec = workload.replicas
    placement.check_names(spec.on, f"{where} replicas.on")
    service = placement.catalogue.find(workload.service or "", InferenceService, f"{where} service")
    chips = _chosen(placement, spec.on, where)
    others = {chip.id for chip in chips.values() if chip.id not in service.on}
    able = {i: chip for i, chip in chips.items() if chip.id in service.on}
    if others and (spec.on or not able):
        raise _no_table(service, others, where)
    most = workload.batching.max_batch
    laws = {chip.id: service_law(service, chip, most, where) for chip in able.values()}
    sites: list[ServiceSite] = []
    for i, chip in able.items():
        n_chips = service.on[chip.id].n_chips
        while placement.free_chips[i] >= n_chips and (spec.count == "all" or len(sites) < spec.count):
            placement.free_chips[i] -= n_chips
            sites.append(ServiceSite(i, n_chips, laws[chip.id], workload.batching, service))
    if not sites or (spec.count != "all" and len(sites) < spec.count):
        raise DocumentError(
            f"{'at least 1' if spec.count == 'all' else spec.count} of {service.id} asked for, {len(sites)} fit on the "
            f"chips of `on: [{', '.join(spec.on)}]` that other workloads leave free",
            f"{where} replicas",
            f"name more servers in `on`, or ask for fewer replicas; it runs on {', '.join(sorted(service.on))}",
        )
    return sites


def _chosen(placement: Placement, on: tuple[str, ...], where: str) -> dict[int, Accelerator]:
    """Chips of the servers chosen that can work, by row of the server."""
    found: dict[int, Accelerator] = {}
    for i, box in enumerate(placement.floor.servers()):
        constants = placement.compute.constants[i]
        if constants.chip is None or not placement.is_chosen(box, on):
            continue
        if constants.obstacle:
            placement.refuse_work(box, constants.obstacle, on, f"{where} replicas")
        elif placement.compute.is_on[i]:
            found[i] = constants.chip
    return found


def _no_table(service: InferenceService, others: set[str], where: str) -> CatalogueError:
    return CatalogueError(
        f"{service.id} has no table of measured batches for {', '.join(sorted(others))}",
        f"{where} replicas",
        f"choose servers with {', '.join(sorted(service.on))}, which have one, or add a table to a sheet of your own",
    )
