"""What computing memories did in a run: which mapping ran, how long each unit was busy, energy by level."""

from __future__ import annotations

from twin.files import Tree
from twin.physics.pim_iteration import PimIterationLaw
from twin.physics.pim_pieces import Work
from twin.sim.hall import Hall, Served
from twin.sim.pim_replica import PimLedger, PimReplica
from twin.sim.sites import ReplicaSite


def pim_figures(hall: Hall) -> Tree:
    """Figures of each workload that has computing memory, by its id; empty when none has."""
    found: Tree = {}
    for served in hall.served:
        figures = _figures(served, hall.env.now)
        if figures:
            found[served.spec.id] = figures
    return found


def _figures(served: Served, now_s: float) -> Tree:
    """Seconds and iterations summed over replicas; fractions of their time; joule of all their accelerators."""
    pairs = [
        (replica, site)
        for replica, site in zip(served.workload.replicas, served.sites, strict=True)
        if isinstance(replica, PimReplica) and isinstance(site, ReplicaSite)
    ]
    if not pairs:
        return {}
    total, energy_j = PimLedger(), dict[str, float]()
    for replica, site in pairs:
        ledger = replica.ledger_at(now_s)
        total.merge(ledger)
        work = _sum(ledger)
        assert isinstance(site.law, PimIterationLaw)
        for level, joule in site.law.pim.energy_j(work.pim_bytes, work.macs, work.link_bytes).items():
            energy_j[level] = energy_j.get(level, 0.0) + joule * site.n_chips
    work, replica_s = _sum(total), len(pairs) * now_s or float("nan")
    laws = [site.law for _, site in pairs if isinstance(site.law, PimIterationLaw)]
    candidates = dict.fromkeys(mapping for law in laws for mapping in law.candidates)  # two pools may differ
    return {
        "candidates": ", ".join(candidates),
        "replicas": len(pairs),
        "mapping_s": {mapping: row[0] for mapping, row in total.rows.items()},
        "mapping_iterations": {mapping: row[1] for mapping, row in total.rows.items()},
        "busy_frac": {
            "npu": work.npu_s / replica_s,
            "pim": work.pim_s / replica_s,
            "link": work.link_s / replica_s,
        },
        "pim_energy_j": energy_j,
    }


def _sum(ledger: PimLedger) -> Work:
    work = Work()
    for _, _, part in ledger.rows.values():
        work = work.plus(part)
    return work
