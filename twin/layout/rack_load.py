"""How full racks are: units, watts, kilograms and network ports, each against its limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from twin.catalogue.compute import Server
from twin.catalogue.network import Switch
from twin.layout.floor import FittedDevice, Floor, FloorRack
from twin.layout.racking import Units


@dataclass(frozen=True, slots=True)
class RackLoad:
    """Sums over the boxes of a rack; a limit nobody gives is None. Weights no sheet gives count as nothing."""

    u_taken: int
    u_height: int
    gap_u: int  # most free units in one piece, on both faces
    max_w: float
    budget_w: float | None
    load_kg: float
    max_kg: float | None
    ports: float = 0.0  # network ports of its servers in the fabrics
    port_limit: float | None = None  # those and what is free on the leaves that serve it

    @property
    def u_free(self) -> int:
        """Units nobody has on either face."""
        return self.u_height - self.u_taken


def rack_load(rack: FloorRack) -> RackLoad:
    """The sums of one rack, ports left out."""
    units = Units(rack)
    free = [units.is_free(u, "front") and units.is_free(u, "rear") for u in range(1, rack.device.u_height + 1)]
    run = gap = 0
    for is_free in free:
        run = run + 1 if is_free else 0
        gap = max(gap, run)
    load_kg = sum(box.device.weight_kg or 0.0 for box in rack.fitted)
    n_free, device = sum(free), rack.device
    return RackLoad(
        device.u_height - n_free, device.u_height, gap, rack.max_w, device.power_budget_w, load_kg, device.max_kg
    )


def port_loads(floor: Floor) -> dict[str, tuple[float, float]]:
    """Ports of the servers of each rack, and those with what is still free on the leaves that serve it.

    Servers are dealt evenly to their leaves; fabrics of drawn links only say nothing about racks.
    """
    used: dict[str, float] = defaultdict(float)
    free_of: dict[str, float] = {}
    leaves_of: dict[str, set[str]] = defaultdict(set)
    n_servers = {rack.id: sum(isinstance(box.device, Server) for box in rack.fitted) for rack in floor.racks.values()}
    for fabric in floor.layout.fabrics:
        served: dict[str, list[str]] = defaultdict(list)
        for leaf, box in _leaves(floor, fabric.leaves):
            free_of.setdefault(leaf, _ports(box) - fabric.uplinks_per_leaf * bool(fabric.spines))
            for name in fabric.serves.get(leaf, (box.rack,)):
                for rack in floor.racks_of(name):
                    if leaf not in served[rack.id]:
                        served[rack.id].append(leaf)
        for rack_id, leaves in served.items():
            need = float(n_servers[rack_id] * fabric.ports_per_server)
            used[rack_id] += need
            leaves_of[rack_id].update(leaves)
            for leaf in leaves:
                free_of[leaf] -= need / len(leaves)
        for link in fabric.links:
            for end in (link.a, link.b):
                if end in free_of:
                    free_of[end] -= link.count
    return {rack: (n, n + sum(free_of[leaf] for leaf in leaves_of[rack])) for rack, n in used.items() if n}


def _leaves(floor: Floor, names: Iterable[str]) -> Iterable[tuple[str, FittedDevice]]:
    return ((name, floor.fitted[name]) for name in names if name in floor.fitted)


def _ports(box: FittedDevice) -> float:
    return float(box.device.ports) if isinstance(box.device, Switch) else 0.0


def air_way(box: FittedDevice) -> str:
    """The way of the air through the rack: in, out (as seen at the front), side or none.

    A box mounted at the rear has its own front there, so its air goes the other way through the rack.
    """
    if not isinstance(box.device, (Server, Switch)) or not box.u_low:
        return "none"
    way = box.device.airflow
    if way in ("side", "none"):
        return way
    return "in" if (way == "front_to_rear") == (box.spec.face == "front") else "out"
