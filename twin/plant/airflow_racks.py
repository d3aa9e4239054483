"""What the air meets of each rack: its heat, the flow of its devices and at which height, its gaps and its door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.catalogue.compute import Server
from twin.layout.floor import FittedDevice, Floor, FloorRack
from twin.layout.wet import liquid_frac
from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.airflow.recirculation import RackAir

FLOW_M3_S_W = 75.5e-6
"""Air a device moves per watt where its sheet does not say: 160 CFM/kW, a rise of 11 K. Estimate: usual in design."""
UNIT_M = 0.04445
OPEN_WIDTH_M = 0.45
"""Clear width of a rack unit between the rails (EIA-310)."""
GAP_M_S = 0.4
"""Speed of exhaust back through an open unit. Estimate: 0.3 Pa between rear and front, loss factor 2.8."""
MOST_GAP_FRAC = 0.5
DOOR_MOST_FRAC = 0.95
"""Highest effectiveness a rear door is taken to have."""

Profile = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class RackDraw:
    """Heat into the air, W, and the air moved, m3/s, of one rack at its largest load.

    is_reversed: its devices together blow from rear to front. profile: (z0, z1, share) of the flow by height, m.
    """

    heat_w: float
    flow_m3_s: float
    is_reversed: bool
    profile: Profile
    gap_m3_s: float  # exhaust that comes back through units that are empty and not blanked


def rack_draw(floor: Floor, rack: FloorRack) -> RackDraw:
    """From the boxes in a rack: heat not carried off by liquid, flow by sheet or FLOW_M3_S_W, where they sit."""
    base_m = max(0.0, (rack.device.height_m - rack.device.u_height * UNIT_M) / 2)
    rows, heat_w, net_m3_s = [], 0.0, 0.0
    for box in rack.fitted:
        box_w = box.max_w * (1.0 - liquid_frac(floor, box))
        flow_m3_s = _flow_m3_s(box, box_w)
        heat_w += box_w
        net_m3_s += flow_m3_s
        if flow_m3_s and box.u_low:
            z0 = base_m + (box.u_low - 1) * UNIT_M
            rows.append((z0, z0 + box.u_height * UNIT_M, abs(flow_m3_s)))
    if net_m3_s == 0.0:
        net_m3_s = heat_w * FLOW_M3_S_W
    total = sum(row[2] for row in rows)
    profile = tuple((z0, z1, flow / total) for z0, z1, flow in rows) if total > 0.0 else ()
    empty = max(0, rack.device.u_height - sum(box.u_height for box in rack.fitted if box.u_low))
    gap_m2 = empty * UNIT_M * OPEN_WIDTH_M * (1.0 - rack.spec.blanking_frac)
    gap_m3_s = min(gap_m2 * GAP_M_S, MOST_GAP_FRAC * abs(net_m3_s))
    return RackDraw(heat_w, abs(net_m3_s), net_m3_s < 0.0, profile, gap_m3_s)


def _flow_m3_s(box: FittedDevice, heat_w: float) -> float:
    """Air a box moves from front to rear; negative the other way round."""
    if not isinstance(box.device, Server):
        return heat_w * FLOW_M3_S_W
    if box.device.airflow == "none":
        return 0.0
    flow_m3_s = heat_w * (box.device.airflow_m3_s_per_w or FLOW_M3_S_W)
    return -flow_m3_s if box.device.airflow == "rear_to_front" else flow_m3_s


def rack_draws(floor: Floor) -> list[RackDraw]:
    """`rack_draw` of all racks; racks of a row share theirs."""
    known: dict[int, RackDraw] = {}
    found = []
    for rack in floor.racks.values():
        key = id(rack.spec)
        if key not in known:
            known[key] = rack_draw(floor, rack)
        found.append(known[key])
    return found


def rack_air(floor: Floor, draws: list[RackDraw]) -> RackAir:
    """Racks as arrays, with the doors on their rears."""
    doors = [_door(rack, floor) for rack in floor.racks.values()]
    flow = np.array([draw.flow_m3_s for draw in draws])
    gap = np.array([draw.gap_m3_s for draw in draws])
    return RackAir(
        ids=tuple(floor.racks),
        flow_m3_s=flow - gap,
        gap_frac=np.divide(gap, flow, out=np.zeros(len(flow)), where=flow > 0.0),
        door_pass_frac=np.array([1.0 - effectiveness for effectiveness, _ in doors]),
        door_c=np.array([water_c for _, water_c in doors]),
    )


def heats_w(draws: list[RackDraw]) -> FloatArray:
    """(n_racks,) heat into the air at the largest load, W."""
    return np.array([draw.heat_w for draw in draws])


def _door(rack: FloorRack, floor: Floor) -> tuple[float, float]:
    """Effectiveness of a rear door on the air, from its rating point, and its water, °C; (0, 0) without one."""
    door = rack.rear_door
    if door is None:
        return 0.0, 0.0
    full_w = AIR_HEAT_J_M3_K * door.rated_air_m3_s * (door.rated_return_c - door.rated_water_in_c)
    loop = floor.loops.get(rack.spec.loop or "")
    water_c = loop.supply_c if loop is not None else door.rated_water_in_c
    return min(door.rated_w / full_w, DOOR_MOST_FRAC) if full_w > 0.0 else 0.0, water_c
