"""How fast keys and values go from one replica to another: links inside a server, network ports between servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twin.catalogue.compute import Server
from twin.errors import CatalogueError
from twin.layout.floor import Floor
from twin.plant.compute import Compute
from twin.scenario.model import Transfer
from twin.sim.placement import chip_link_bytes_s
from twin.sim.sites import ReplicaSite, parts_of


@dataclass(frozen=True, slots=True)
class Ports:
    """What a replica can send or receive in one direction, bytes/s."""

    i_server: int | None  # none: on several
    network_bytes_s: float  # its share, by chips, of the network ports of its server
    sister_bytes_s: float  # the links of its chips to others in the server


def ports_of(sites: Sequence[ReplicaSite], floor: Floor, compute: Compute, spec: Transfer, where: str) -> list[Ports]:
    """Ports of replicas; a rate given by the user stands for both kinds. CatalogueError names what a sheet lacks."""
    if spec.bytes_s is not None:
        return [Ports(site.i_server, spec.bytes_s, spec.bytes_s) for site in sites]
    boxes = floor.servers()
    needs_network = len({i for site in sites for i, _ in parts_of(site)}) > 1
    found = []
    for site in sites:
        server, constants = boxes[site.i_server].device, compute.constants[site.i_server]
        assert isinstance(server, Server)
        assert constants.chip is not None
        # A replica on several servers stands on servers of one type.
        network_bytes_s = server.nic_count * (server.nic_bytes_s or 0.0) * site.n_chips / constants.n_chips
        sister_bytes_s = site.n_chips * chip_link_bytes_s(constants.chip)
        if needs_network and not network_bytes_s:
            raise _lacking(f"the sheet of {server.id} lacks nic_bytes_s or nic_count", where)
        if not needs_network and not sister_bytes_s:
            raise _lacking(f"the sheet of {constants.chip.id} lacks scaleup_bytes_s and host_link_bytes_s", where)
        i_server = site.i_server if len(parts_of(site)) == 1 else None
        found.append(Ports(i_server, network_bytes_s, sister_bytes_s or network_bytes_s))
    return found


def _lacking(what: str, where: str) -> CatalogueError:
    return CatalogueError(
        f"{what}, so how fast keys and values leave it is not known",
        where,
        "add it to a sheet of your own, or give transfer: {bytes_s: N}",
    )


def rate_bytes_s(source: Ports, target: Ports) -> float:
    """Bytes per second from one replica to another: the slower end decides."""
    if source.i_server is not None and source.i_server == target.i_server:
        return min(source.sister_bytes_s, target.sister_bytes_s)
    return min(source.network_bytes_s, target.network_bytes_s)
