"""What the plan draws, as arrays: every body that stands on the floor with its outline, kind and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.cooling import AirCooler
from twin.catalogue.device import Device
from twin.catalogue.network import Switch
from twin.layout.floor import Floor, FloorRack
from twin.layout.geometry import Corners, Point, cos_sin

Floats = npt.NDArray[np.float64]

MARKS = {"npu": "circle", "npu_pim": "diamond", "gpu": "square"}
"""Mark of each family of chips; its colour is the series of the same name."""


@dataclass(frozen=True, slots=True)
class Body:
    """One thing that stands on the floor."""

    id: str
    unit: str  # what moves when it is moved: its row, or itself
    kind: str  # rack, crah, cdu, power, plant
    role: str  # finer word of the sheet, such as ups or busway
    outline_m: Corners
    front: Point
    family: str = ""  # of the chips in a rack: npu, npu_pim, gpu, network, or empty
    max_w: float = 0.0  # largest draw of what is in a rack
    fill_frac: float = 0.0  # rack units taken over rack units
    n_fans: int = 0
    value_c: float | None = None  # supply set point of a cooler
    side: str = ""  # A or B of a power node
    place: str = ""  # number in its row


@dataclass(slots=True)
class Plan:
    """All bodies in drawing order; arrays share their first axis."""

    bodies: list[Body] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    members: dict[str, list[int]] = field(default_factory=dict)  # row -> its bodies
    centres: Floats = field(default_factory=lambda: np.empty((0, 2)))  # m
    boxes: Floats = field(default_factory=lambda: np.empty((0, 4)))  # x0 y0 x1 y1 of the upright box around, m
    fronts: Floats = field(default_factory=lambda: np.empty((0, 2)))  # unit vectors
    halves: Floats = field(default_factory=lambda: np.empty((0, 2)))  # half width and half depth, m
    is_upright: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    is_rack: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))

    def indices(self, ids: Iterable[str]) -> list[int]:
        """Bodies that ids mean: one body, or all of a row; unknown ids are passed over."""
        found: dict[int, None] = {}
        for name in ids:
            for i in self.members.get(name, [self.index[name]] if name in self.index else []):
                found[i] = None
        return list(found)

    def units(self, ids: Iterable[str]) -> list[str]:
        """What moves when these are moved: rows stay rows."""
        return list(dict.fromkeys(self.bodies[i].unit for i in self.indices(ids)))

    def with_units(self, ids: Iterable[str]) -> list[int]:
        """The bodies that move along when these are moved."""
        return self.indices(self.units(ids))

    def at(self, x_m: float, y_m: float) -> list[str]:
        """Ids of the bodies under a point, topmost first."""
        if not self.bodies:
            return []
        away = np.array([x_m, y_m]) - self.centres
        deep = np.abs((away * self.fronts).sum(axis=1))
        wide = np.abs(away[:, 0] * self.fronts[:, 1] - away[:, 1] * self.fronts[:, 0])
        hit = np.flatnonzero((wide <= self.halves[:, 0]) & (deep <= self.halves[:, 1]))
        return [self.bodies[i].id for i in hit[::-1]]

    def inside(self, box: tuple[float, float, float, float], touching: bool) -> list[str]:
        """Ids of the bodies wholly inside a box, or touched by it."""
        x0, y0, x1, y1 = box
        b = self.boxes
        if touching:
            hit = (b[:, 0] <= x1) & (b[:, 2] >= x0) & (b[:, 1] <= y1) & (b[:, 3] >= y0)
        else:
            hit = (b[:, 0] >= x0) & (b[:, 2] <= x1) & (b[:, 1] >= y0) & (b[:, 3] <= y1)
        return [self.bodies[i].id for i in np.flatnonzero(hit)]

    def box_of(self, indices: list[int]) -> tuple[float, float, float, float] | None:
        """The upright box around bodies, m."""
        if not indices:
            return None
        some = self.boxes[indices]
        low, high = some[:, :2].min(axis=0), some[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def plan_of(floor: Floor, catalogue: Mapping[str, Device]) -> Plan:
    """The plan of an expanded drawing."""
    bodies = [*_racks(floor, catalogue), *_coolers(floor), *_power(floor), *_plant(floor)]
    plan = Plan(bodies, {body.id: i for i, body in enumerate(bodies)})
    for row, names in floor.row_racks.items():
        plan.members[row] = [plan.index[name] for name in names]
    if not bodies:
        return plan
    corners = np.array([body.outline_m for body in bodies])
    plan.fronts = np.array([body.front for body in bodies])
    plan.centres = corners.mean(axis=1)
    plan.boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    width = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
    depth = np.linalg.norm(corners[:, 2] - corners[:, 1], axis=1)
    plan.halves = np.stack([width, depth], axis=1) / 2
    plan.is_upright = np.abs(plan.fronts).min(axis=1) < 1e-9
    plan.is_rack = np.array([body.kind == "rack" for body in bodies])
    return plan


@dataclass(frozen=True, slots=True)
class RackFacts:
    """What the contents of a rack add up to."""

    family: str
    max_w: float
    used_u: int
    weight_kg: float
    n_accelerators: int


def rack_facts(rack: FloorRack, catalogue: Mapping[str, Device]) -> RackFacts:
    """Sum what is fitted in a rack; weights the sheets lack count as 0."""
    chips: dict[str, int] = {}
    for box in rack.fitted:
        if isinstance(box.device, Server):
            cards = [*((f.type, f.count) for f in box.device.accelerators), *box.spec.cards.items()]
            for name, count in cards:
                chip = catalogue.get(name)
                if isinstance(chip, Accelerator):
                    chips[chip.family] = chips.get(chip.family, 0) + count
    has_switch = any(isinstance(box.device, Switch) for box in rack.fitted)
    family = "npu_pim" if "pim" in chips or "npu_pim" in chips else max(chips, key=lambda key: chips[key], default="")
    used_u = sum(box.u_height for box in rack.fitted if box.u_low)
    weight_kg = sum(box.device.weight_kg or 0.0 for box in rack.fitted)
    return RackFacts(family or ("network" if has_switch else ""), rack.max_w, used_u, weight_kg, sum(chips.values()))


def _racks(floor: Floor, catalogue: Mapping[str, Device]) -> list[Body]:
    # The racks of a row share their contents, so they are summed once.
    facts: dict[int, RackFacts] = {}
    made = []
    for rack in floor.racks.values():
        known = facts.get(id(rack.spec))
        if known is None:
            known = facts[id(rack.spec)] = rack_facts(rack, catalogue)
        made.append(
            Body(
                rack.id,
                rack.row or rack.id,
                "rack",
                "rack",
                rack.outline_m,
                rack.front,
                family=known.family,
                max_w=known.max_w,
                fill_frac=known.used_u / rack.device.u_height,
                place=f"{rack.place:02d}" if rack.row else "",
            )
        )
    return made


def _coolers(floor: Floor) -> list[Body]:
    made = []
    for cooler in floor.coolers.values():
        if cooler.outline_m is None:
            continue
        is_air = isinstance(cooler.device, AirCooler)
        kind, role = ("crah", cooler.device.role) if isinstance(cooler.device, AirCooler) else ("cdu", "cdu")
        loop = floor.loops.get(cooler.spec.serves or "")
        value_c = cooler.spec.supply_c if is_air else (loop.supply_c if loop else None)
        fans = cooler.device.fans if isinstance(cooler.device, AirCooler) else 0
        made.append(
            Body(cooler.id, cooler.id, kind, role, cooler.outline_m, cooler.front, n_fans=fans, value_c=value_c)
        )
    return made


def _power(floor: Floor) -> list[Body]:
    made = []
    for node in floor.power.values():
        if node.outline_m is not None and node.spec.place is not None:
            cos, sin = cos_sin(node.spec.place.angle_deg)
            body = Body(node.id, node.id, "power", node.device.role, node.outline_m, (sin, -cos))
            made.append(_with_side(body, node.spec.side or ""))
    return made


def _with_side(body: Body, side: str) -> Body:
    return Body(body.id, body.unit, body.kind, body.role, body.outline_m, body.front, side=side)


def _plant(floor: Floor) -> list[Body]:
    made = []
    for item in floor.plant.values():
        if item.outline_m is not None and item.spec.place is not None:
            cos, sin = cos_sin(item.spec.place.angle_deg)
            made.append(Body(item.id, item.id, "plant", item.device.kind, item.outline_m, (sin, -cos)))
    return made
