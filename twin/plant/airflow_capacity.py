"""Where boxes still fit: rack by rack, by units, watts, kilograms, switch ports, and the air that is left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np

from twin.layout.fabric import fabric_graph
from twin.layout.floor import Floor, FloorRack
from twin.physics import FloatArray
from twin.plant.airflow import AirResult, RoomAir

Limit = Literal["units", "power", "weight", "ports", "inlet", "none"]


@dataclass(frozen=True, slots=True)
class Need:
    """n_boxes of so many units, watts, kilograms and switch ports each, at inlets of at most inlet_c, °C."""

    n_boxes: int = 1
    u_height: int = 4
    power_w: float = 3000.0
    weight_kg: float = 40.0
    n_ports: int = 2
    inlet_c: float = 27.0


@dataclass(frozen=True, slots=True)
class Spot:
    """What one rack could take of a need.

    n_boxes: how many fit, at most those needed. free_w, free_kg, free_ports: left over now, None where the drawing
    says no limit. inlet_c: its own inlet with those boxes, None where the air is not known. limit: what ends it.
    """

    rack: str
    n_boxes: int
    free_u: int
    free_w: float | None
    free_kg: float | None
    free_ports: int | None
    inlet_c: float | None
    limit: Limit


def spots(floor: Floor, need: Need, air: RoomAir | None = None, result: AirResult | None = None) -> list[Spot]:
    """Every rack with what it could take, the best first: most boxes, then the coolest inlet.

    What the heat of new boxes does to every inlet is the recirculation map's word, at the airflow of today: on the safe
    side, for boxes bring fans along. A rack without airflow has no inlet to judge.
    """
    ports = free_ports(floor)
    takes = _air_takes(air, result, need) if air is not None and result is not None else {}
    found = [_spot(rack, need, ports.get(rack.id), takes.get(rack.id)) for rack in floor.racks.values()]
    return sorted(found, key=lambda spot: (-spot.n_boxes, inf if spot.inlet_c is None else round(spot.inlet_c, 2)))


def free_ports(floor: Floor) -> dict[str, int]:
    """Ports no cable is in, of the leaves that serve each rack; racks no fabric serves are left out."""
    graph = fabric_graph(floor)
    free = {
        name: max(0, data["ports"] - int(sum(edge["count"] for edge in graph[name].values())))
        for name, data in graph.nodes(data=True)
        if data["kind"] == "switch"
    }
    leaves: dict[str, set[str]] = defaultdict(set)
    for fabric in floor.layout.fabrics:
        for leaf in fabric.leaves:
            box = floor.fitted.get(leaf)
            for name in fabric.serves.get(leaf, (box.rack,) if box else ()):
                for rack in floor.racks_of(name):
                    leaves[rack.id].add(leaf)
    return {rack: sum(free.get(leaf, 0) for leaf in names) for rack, names in leaves.items()}


def gaps_u(rack: FloorRack) -> list[int]:
    """Heights of the free stretches of a rack, units, from below."""
    used = {u for box in rack.fitted if box.u_low for u in range(box.u_low, box.u_low + box.u_height)}
    found, run = [], 0
    for u in range(1, rack.device.u_height + 2):
        if u <= rack.device.u_height and u not in used:
            run += 1
        elif run:
            found.append(run)
            run = 0
    return found


def _spot(rack: FloorRack, need: Need, ports: int | None, take: tuple[float, float] | None) -> Spot:
    """take: boxes the air lets in, and warming of the rack's own inlet per box with its inlet now."""
    gaps = gaps_u(rack)
    free_w = rack.device.power_budget_w - rack.max_w if rack.device.power_budget_w else None
    weight_kg = sum(box.device.weight_kg or 0.0 for box in rack.fitted)
    free_kg = rack.device.max_kg - weight_kg if rack.device.max_kg else None
    most: dict[Limit, float] = {
        "units": float(sum(gap // max(need.u_height, 1) for gap in gaps)),
        "power": _share(free_w, need.power_w),
        "weight": _share(free_kg, need.weight_kg),
        "ports": _share(ports, need.n_ports),
        "inlet": take[0] if take is not None else inf,
    }
    limit = min(most, key=lambda name: most[name])
    n_boxes = int(min(most[limit], need.n_boxes))
    inlet_c = take[1] if take is not None else None
    return Spot(
        rack.id, n_boxes, sum(gaps), free_w, free_kg, ports, inlet_c, limit if most[limit] < need.n_boxes else "none"
    )


def _share(free: float | None, each: float) -> float:
    if free is None or each <= 0.0:
        return inf
    return max(0.0, float(np.floor(free / each + 1e-9)))


def _air_takes(air: RoomAir, result: AirResult, need: Need) -> dict[str, tuple[float, float]]:
    """Per rack: boxes until any inlet that they warm passes the limit, and its own inlet with those boxes, °C."""
    warms = air.matrix() * need.power_w
    inlet_c: FloatArray = result.inlet_c
    moves = result.rack_m3_s > 0.0
    found = {}
    for i, name in enumerate(result.rack_ids):
        if not moves[i]:
            # It draws no air yet, so that nothing is known of what it would draw.
            continue
        column = warms[:, i]
        margin_k = need.inlet_c - inlet_c
        is_felt = moves & (column > 1e-6)
        room = np.floor(np.min(np.maximum(margin_k[is_felt], 0.0) / column[is_felt], initial=inf) + 1e-9)
        if margin_k[i] < 0.0:
            room = 0.0
        n_boxes = min(room, float(need.n_boxes))
        found[name] = (float(room), float(inlet_c[i] + column[i] * n_boxes))
    return found
