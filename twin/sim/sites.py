"""Where replicas stand: on one server, or a pipeline on several with so many stages on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from twin.catalogue.compute import Server
from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw
from twin.physics.spread import Spread
from twin.physics.stage import StageLink
from twin.sim.kv_blocks import EngineConfig

Parts = tuple[tuple[int, int], ...]
"""Rows of servers and how many chips of a replica stand in each."""


class Site(Protocol):
    """Where a replica stands: its first server and how many chips it has in all."""

    @property
    def i_server(self) -> int:
        """Row of the first server."""

    @property
    def n_chips(self) -> int:
        """Chips of the replica."""


@dataclass(frozen=True, slots=True)
class ReplicaSite:
    """A replica: its first server, all its chips, its law, its engine; its parts where it spans several servers."""

    i_server: int
    n_chips: int
    law: IterationLaw
    config: EngineConfig
    spans: Parts = ()


def parts_of(site: Site) -> Parts:
    """The servers of a replica, and its chips in each."""
    spans = site.spans if isinstance(site, ReplicaSite) else ()
    return spans or ((site.i_server, site.n_chips),)


def stages_per_server(spread: Spread, n_server_chips: int) -> int:
    """Whole stages on each server of a replica that does not fit on one; 0 where it fits, or not even a stage does."""
    if spread.n_chips <= n_server_chips or spread.pipeline == 1:
        return 0
    return n_server_chips // spread.stage_chips


def server_link(server: Server, chip: ChipLaw, n_server_chips: int, n_stages: int) -> StageLink:
    """What a chip has of the network ports of its server, for every n_stages-th hand-over.

    Its start-up time is that of a collective step of the chip, an estimate: sheets of servers do not tell. Raises
    ModelRangeError where the server has no ports.
    """
    ports_bytes_s = server.nic_count * (server.nic_bytes_s or 0.0)
    if ports_bytes_s <= 0.0:
        raise ModelRangeError(
            f"a replica would span several {server.id}, whose sheet has no network ports",
            "pipeline_parallel",
            "add nic_count and nic_bytes_s to a sheet of your own, or ask for fewer chips for each replica",
        )
    return StageLink(ports_bytes_s / n_server_chips, chip.link_latency_s, n_stages)


@dataclass(slots=True)
class Gathering:
    """Servers of one type taken one after another until a pipeline has all its stages."""

    spread: Spread
    n_stages: int  # on each server but perhaps the last
    parts: list[tuple[int, int]] = field(default_factory=list)

    def take(self, i_server: int, n_free: int) -> tuple[int, Parts]:
        """Chips taken from a server, and the parts of a whole replica when it was the last one needed."""
        spread = self.spread
        placed = sum(n for _, n in self.parts) // spread.stage_chips
        n_chips = min(self.n_stages, spread.pipeline - placed) * spread.stage_chips
        if n_chips > n_free:
            return 0, ()
        self.parts.append((i_server, n_chips))
        if sum(n for _, n in self.parts) < spread.n_chips:
            return n_chips, ()
        parts, self.parts = tuple(self.parts), []
        return n_chips, parts
