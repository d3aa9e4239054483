"""Where each air cooler of a drawing blows and where it draws from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from twin.catalogue.cooling import AirCooler
from twin.errors import ModelRangeError, TwinError, raise_all
from twin.layout.floor import Floor, FloorCooler
from twin.layout.geometry import Box, bounds
from twin.physics.airflow.shape import Box6, Opening
from twin.plant.airflow_sides import plane

COIL_APPROACH_K = 6.0
"""Supply air above the water of its loop where no set point is drawn."""
TOUCH_M = 0.3
"""A face closer than this to the outline has no air before it."""

Supply = Literal["plenum", "front"]
Return = Literal["top", "rear", "ceiling"]


@dataclass(frozen=True, slots=True)
class CoolerAir:
    """A cooler in the air: its body, flow, supply temperature, and where its air goes and comes from."""

    id: str
    box: Box6
    flow_m3_s: float
    supply_c: float
    supply: Supply
    openings: tuple[Opening, ...]  # in the room: return, and supply where it is not under the floor


def cooler_airs(floor: Floor, flows_m3_s: Mapping[str, float], supply_c: Mapping[str, float]) -> list[CoolerAir]:
    """All air coolers; flows and supply temperatures given override what is drawn. Errors are raised together."""
    found, problems = [], []
    for cooler in floor.coolers.values():
        if isinstance(cooler.device, AirCooler):
            try:
                found.append(_cooler(floor, cooler, cooler.device, (flows_m3_s, supply_c)))
            except TwinError as error:
                problems.append(error)
    raise_all(problems)
    return found


def _cooler(
    floor: Floor,
    cooler: FloorCooler,
    device: AirCooler,
    settings: tuple[Mapping[str, float], Mapping[str, float]],
) -> CoolerAir:
    if device.role == "rear_door":
        raise ModelRangeError("a rear door stands on the floor", cooler.id, "fit it to a rack as rear_door")
    if cooler.outline_m is None or cooler.spec.angle_deg % 90.0 != 0.0:
        raise ModelRangeError(
            f"turned by {cooler.spec.angle_deg:g}°, the air model knows 0, 90, 180 and 270", cooler.id, "turn it"
        )
    flows_m3_s, supplies_c = settings
    drawn = device.rated_air_m3_s * max(cooler.spec.fan_frac, device.min_fan_frac)
    flow = flows_m3_s.get(cooler.id, drawn)
    body = bounds(cooler.outline_m)
    room = floor.layout.room
    box = (body.x0_m, body.x1_m, body.y0_m, body.y1_m, 0.0, min(device.footprint.height_m, room.height_m))
    is_under = device.role in ("crah", "crac") and room.raised_floor_m > 0.0
    openings = [_return(floor, cooler, device, box, flow)]
    if not is_under:
        axis, side, at, span = plane(box, cooler.front)
        openings.append(Opening(f"{cooler.id} supply", "supply", cooler.id, axis, side, at, span, flow))
    supply_c = supplies_c.get(cooler.id, _set_point_c(floor, cooler, device))
    return CoolerAir(cooler.id, box, flow, supply_c, "plenum" if is_under else "front", tuple(openings))


def _set_point_c(floor: Floor, cooler: FloorCooler, device: AirCooler) -> float:
    if cooler.spec.supply_c is not None:
        return cooler.spec.supply_c
    loop = floor.loops.get(cooler.spec.loop or "")
    return (loop.supply_c if loop is not None else device.rated_water_in_c) + COIL_APPROACH_K


def _return(floor: Floor, cooler: FloorCooler, device: AirCooler, box: Box6, flow: float) -> Opening:
    """In-row units draw at their rear; others from a ceiling plenum, else at their top, else at their rear."""
    room = floor.layout.room
    name, span = f"{cooler.id} return", (box[0], box[1], box[2], box[3])
    if device.role != "in_row" and room.ceiling_plenum_m > 0.0:
        return Opening(name, "return", cooler.id, 2, 1, room.height_m, span, flow)
    has_top = box[5] < room.height_m - TOUCH_M
    if device.role == "in_row" or not has_top or (device.role == "fan_wall" and _has_rear(floor, cooler, box)):
        axis, side, at, rear = plane(box, (-cooler.front[0], -cooler.front[1]))
        return Opening(name, "return", cooler.id, axis, side, at, rear, flow)
    return Opening(name, "return", cooler.id, 2, 1, box[5], span, flow)


def _has_rear(floor: Floor, cooler: FloorCooler, box: Box6) -> bool:
    """Whether the rear is away from the edge of the room."""
    edge: Box = bounds(floor.layout.room.outline_m)
    gap_m = {
        (1, 0): box[0] - edge.x0_m,
        (-1, 0): edge.x1_m - box[1],
        (0, 1): box[2] - edge.y0_m,
        (0, -1): edge.y1_m - box[3],
    }
    return gap_m[round(cooler.front[0]), round(cooler.front[1])] > TOUCH_M
