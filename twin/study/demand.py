"""What a scenario asks of each server, for counting what is lost with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.sim.hall import build_hall
from twin.sim.run import load_documents
from twin.sim.sites import parts_of


@dataclass(frozen=True, slots=True)
class Demand:
    """Requests an hour of each workload, and the servers of each of its replicas."""

    per_h: tuple[float, ...]
    replicas: tuple[tuple[tuple[int, ...], ...], ...]

    def lost_per_h(self, is_dark: np.ndarray) -> float:
        """Requests an hour of the replicas that stop, by equal shares of their workload; is_dark: (n_servers,) bool.

        A replica stops with any of its servers. Those that are left take over what they have room for: this is what
        has to find another place, not what is never answered.
        """
        total = 0.0
        for per_h, replicas in zip(self.per_h, self.replicas, strict=True):
            n_lost = sum(bool(is_dark[list(servers)].any()) for servers in replicas)
            total += per_h * n_lost / len(replicas) if replicas else 0.0
        return total


def scenario_demand(scenario: Path, layout: Path) -> Demand:
    """The demand of a scenario of this layout; DocumentError where it plays on another one."""
    documents = load_documents(scenario)
    own = Path(os.path.normpath(scenario.parent / str(documents.scenario["layout"])))
    if own.resolve() != layout.resolve():
        raise DocumentError(f"plays on {own}, not on {layout}", str(scenario), "give the scenario of this layout")
    hall = build_hall(documents, scenario)
    hours = hall.scenario.hours
    replicas: list[tuple[tuple[int, ...], ...]] = []
    per_h: list[float] = []
    for served in hall.served:
        per_h.append(len(served.table.arrival_s) / hours)
        replicas.append(tuple(_servers(served.sites)))
    return Demand(tuple(per_h), tuple(replicas))


def _servers(sites: Sequence[object]) -> list[tuple[int, ...]]:
    return [tuple(i for i, _ in parts_of(site)) for site in sites]  # type: ignore[arg-type]
