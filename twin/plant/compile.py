"""From an expanded layout to a plant: every index, parent and mask is found once, here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np

from twin.catalogue.compute import PowerSupplies, Server
from twin.catalogue.cooling import AirCooler, Chiller, HeatRejection, Pump, Tank
from twin.catalogue.library import Catalogue
from twin.errors import DocumentError, TwinError, raise_all
from twin.layout.floor import FittedDevice, Floor, FloorCooler, FloorRack
from twin.layout.model import Side
from twin.layout.room import Containment
from twin.layout.rules.path import rack_phase
from twin.layout.wet import liquid_frac
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.coil import WATER_HEAT_J_KG_K, rated_coil
from twin.physics.thermal import RoomModel
from twin.plant.compute import compile_compute
from twin.plant.coolers.air import AirCoolers
from twin.plant.coolers.chiller_plant import (
    RIDE_THROUGH_S,
    WATER_KG_M3,
    ChillerPlant,
    Machine,
    Rejector,
    WaterLoop,
    chiller_curve,
    constant_w,
    hydraulic_w,
    rejection_of,
)
from twin.plant.coolers.doors import compile_doors, door_kg_s, door_racks
from twin.plant.cooling import Cooling
from twin.plant.element_meters import compile_elements
from twin.plant.liquid_compile import compile_liquid, distribution_units, facility_kg_s, water_below
from twin.plant.network import compile_network
from twin.plant.plant import Plant, Racks
from twin.plant.power import Feed
from twin.plant.power_compile import compile_power
from twin.plant.run_air import AirMode, run_air

RACK_HEAT_J_K = 20.0 * 500.0
"""Heat capacity of one rack unit of equipment, J/K: 20 kg at 0.5 kJ/kg K. Estimate: 15 to 20 kg per unit is usual."""
UNCOOLED_C = 25.0
"""Where a room starts in which everything is cooled by liquid."""
COUPLING_S = 300.0
"""Time constant with which equipment follows the air. Estimate: minutes, as in measured cooling failures."""


def area_m2(outline_m: Sequence[tuple[float, float]]) -> float:
    """Area of a polygon, m2: the shoelace sum."""
    x, y = np.array(outline_m).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2.0)


def compile_plant(floor: Floor, catalogue: Catalogue, air: AirMode = "mixed") -> Plant:
    """The plant of a layout; everything that cannot be simulated is reported together. air: how its inlets are told."""
    compute = compile_compute(floor, catalogue)
    network = compile_network(floor)
    consumers = power_feeds(floor)
    power = compile_power(floor, consumers)
    cooling = _cooling(floor, catalogue)
    return Plant(
        compute=compute,
        network=network,
        racks=_racks(floor),
        power=power,
        cooling=cooling,
        consumer_ids=list(consumers),
        elements=compile_elements(floor, power.ids),
        air=run_air(floor, air, cooling.coolers.ids, cooling.coolers.rated_m3_s),
    )


def power_feeds(floor: Floor) -> dict[str, Feed]:
    """What hangs on the power path, in this order: servers and switches, air coolers, plant items, coolant units."""
    index = {name: i for i, name in enumerate(floor.power)}
    phases = {rack.id: rack_phase(rack) for rack in floor.racks.values()}

    # Boxes of one rack share the mapping they hang by: its feed is found once.
    known: dict[tuple[int, bool, int, int], Feed] = {}

    def feed(
        feeds: Mapping[Side, str], is_shared: bool = True, phase: int = -1, psu: PowerSupplies | None = None
    ) -> Feed:
        key = (id(feeds), is_shared, phase, id(psu))
        if key not in known:
            names = dict.fromkeys(feeds[side] for side in sorted(feeds))
            nodes = tuple(index[name] for name in names if name in index)
            known[key] = Feed(nodes, is_shared, phase, psu.least_cords(len(nodes)) if psu and nodes else 1)
        return known[key]

    def supplies(box: FittedDevice) -> PowerSupplies | None:
        return box.device.psu if isinstance(box.device, Server) else None

    boxes = {
        box.id: feed(box.feeds, box.spec.power_policy == "shared", phases[box.rack], supplies(box))
        for box in (*floor.servers(), *floor.switches())
    }
    coolers = {c.id: feed(c.spec.feeds) for c in _air_coolers(floor)}
    items = {item.id: feed(item.spec.feeds) for item in floor.plant.values()}
    units = {unit.id: feed(unit.spec.feeds) for unit in distribution_units(floor)}
    return {**boxes, **coolers, **items, **units}


def _air_coolers(floor: Floor) -> list[FloorCooler]:
    return [c for c in floor.coolers.values() if isinstance(c.device, AirCooler)]


def _racks(floor: Floor) -> Racks:
    racks = list(floor.racks.values())
    aisles = [c for c in floor.layout.containments if c.kind == "cold_aisle"]
    return Racks(
        ids=list(floor.racks),
        is_contained=np.array([any(_draws_from(rack, aisle) for aisle in aisles) for rack in racks], dtype=bool),
        leakage_frac=np.array(
            [min([a.leakage_frac for a in aisles if _draws_from(rack, a)], default=1.0) for rack in racks]
        ),
        family=[_family(rack) for rack in racks],
    )


def _family(rack: FloorRack) -> str:
    types = [
        f.device.accelerators[0].type for f in rack.fitted if isinstance(f.device, Server) and f.device.accelerators
    ]
    return max(set(types), key=types.count) if types else ""


def _draws_from(rack: FloorRack, aisle: Containment) -> bool:
    """Whether the air just before a rack's front lies in the aisle."""
    (x, y), (dx, dy) = rack.centre_m, rack.front
    x, y = x + dx * (rack.device.depth_m / 2 + 0.1), y + dy * (rack.device.depth_m / 2 + 0.1)
    return aisle.x_m <= x <= aisle.x_m + aisle.width_m and aisle.y_m <= y <= aisle.y_m + aisle.depth_m


def _cooling(floor: Floor, catalogue: Catalogue) -> Cooling:
    coolers = _air_coolers(floor)
    on_water = {item.spec.loop for item in floor.plant.values() if not isinstance(item.device, Pump | Tank)}
    # A water loop of liquid cooling that nothing drawn cools takes its water from outside.
    below = [*water_below(floor), *(str(rack.spec.loop) for rack in door_racks(floor))]
    wet = [name for name in below if name in on_water]
    loops = [name for name in dict.fromkeys([*(c.spec.loop for c in coolers), *wet]) if name]
    problems: list[TwinError] = [
        DocumentError("hangs on no water loop", c.id, "give it a loop, or take it out of the drawing")
        for c in coolers
        if c.spec.loop not in floor.loops
    ]
    for loop in loops:
        if not any(isinstance(i.device, Chiller) and i.spec.loop == loop for i in floor.plant.values()):
            problems.append(
                DocumentError("no chiller cools this loop", loop, "add one; other sources are not simulated yet")
            )
    problems += [
        DocumentError(
            f"has an economiser ({item.spec.bypass}) and rejects to no loop whose water could by-pass it",
            item.id,
            "name the condenser loop in rejects_to, or set bypass to none",
        )
        for item in floor.plant.values()
        if item.spec.bypass != "none" and item.spec.rejects_to not in floor.loops
    ]
    if not coolers and any(box.max_w > 0.0 and liquid_frac(floor, box) < 1.0 for box in floor.fitted.values()):
        problems.append(DocumentError("no air cooler in the room", "coolers", "place a CRAH on a chilled-water loop"))
    raise_all(problems)
    height_m = floor.layout.room.height_m
    air_j_k = area_m2(floor.layout.room.outline_m) * height_m * AIR_HEAT_J_M3_K * floor.layout.room.air_mass_factor
    units = sum(box.u_height for box in floor.fitted.values())
    mass_j_k = max(units, 1) * RACK_HEAT_J_K
    room = RoomModel(air_j_k, mass_j_k, mass_j_k / COUPLING_S)
    start_c = float(np.mean([_supply_c(c, floor) for c in coolers])) + 5.0 if coolers else UNCOOLED_C
    index = {name: i for i, name in enumerate(loops)}
    liquid, doors = compile_liquid(floor, index, catalogue), compile_doors(floor, index)
    rows, plant = _cooler_rows(coolers, loops, floor), _chiller_plant(floor, loops)
    return Cooling(room, rows, plant, start_c, start_c, liquid, doors)


def _supply_c(cooler: FloorCooler, floor: Floor) -> float:
    """Set point drawn, else a coil approach above the loop's water."""
    if cooler.spec.supply_c is not None:
        return cooler.spec.supply_c
    return floor.loops[str(cooler.spec.loop)].supply_c + 6.0


def _cooler_rows(coolers: list[FloorCooler], loops: list[str], floor: Floor) -> AirCoolers:
    devices = [c.device for c in coolers if isinstance(c.device, AirCooler)]

    def column(name: str) -> np.ndarray:
        return np.array([float(getattr(device, name)) for device in devices])

    coil = rated_coil(
        column("rated_w"),
        column("rated_air_m3_s"),
        column("rated_water_kg_s"),
        column("rated_return_c"),
        column("rated_water_in_c"),
    )
    return AirCoolers(
        ids=[c.id for c in coolers],
        coil=coil,
        loop=np.array([loops.index(str(c.spec.loop)) for c in coolers], dtype=np.intp),
        rated_m3_s=column("rated_air_m3_s"),
        fan_max_w=column("fan_max_w"),
        fan_exponent=column("fan_exponent"),
        min_fan_frac=column("min_fan_frac"),
        supply_c=np.array([_supply_c(c, floor) for c in coolers]),
        fan_frac=np.maximum(np.array([c.spec.fan_frac for c in coolers]), column("min_fan_frac")),
        is_up=np.ones(len(coolers), dtype=bool),
        is_fed=np.ones(len(coolers), dtype=bool),
        has_outdoor=np.array([device.has_outdoor_air for device in devices], dtype=bool),
    )


def _chiller_plant(floor: Floor, loops: list[str]) -> ChillerPlant:
    items = list(floor.plant.values())
    n_running = _pumps_running(floor)
    water_loops: list[WaterLoop] = []
    rejectors: dict[str, list[Rejector]] = {}
    for loop in loops:
        machines = [
            Machine(
                i,
                chiller_curve(item.device),
                item.device.condenser == "water",
                item.spec.rejects_to or "",
                item.spec.bypass,
            )
            for i, item in enumerate(items)
            if isinstance(item.device, Chiller) and item.spec.loop == loop
        ]
        pumps = [i for i, item in enumerate(items) if isinstance(item.device, Pump) and item.spec.loop == loop]
        heat_w = [hydraulic_w(_pump(items[i].device)) * float(n_running[i]) for i in pumps]
        water_loops.append(WaterLoop(loop, machines, pumps, heat_w))
    for i, item in enumerate(items):
        if isinstance(item.device, HeatRejection):
            rejectors.setdefault(item.spec.loop, []).append(Rejector(i, item.device, rejection_of(item.device)))
    set_c = np.array([floor.loops[loop].supply_c for loop in loops])
    return ChillerPlant(
        loops=water_loops,
        rejectors=rejectors,
        item_ids=[item.id for item in items],
        count=np.array([float(item.spec.count) for item in items]),
        run_w=np.array([constant_w(item.device) for item in items]) * n_running,
        set_c=set_c,
        water_c=set_c.copy(),
        capacity_j_k=np.array([_loop_j_k(floor, loop) for loop in loops]),
        flow_w_k=np.array([_coil_flow_kg_s(floor, loop) * WATER_HEAT_J_KG_K for loop in loops]),
        is_up=np.ones(len(items), dtype=bool),
        is_fed=np.ones(len(items), dtype=bool),
    )


def _pumps_running(floor: Floor) -> np.ndarray:
    """How many pumps of each plant item run: as many as the rated flow of the coils needs, the rest stand by.

    A loop without coils, such as condenser water, runs all its pumps.
    """
    left = {loop: _coil_flow_kg_s(floor, loop) for loop in floor.loops}
    has_coils = {loop for loop, flow_kg_s in left.items() if flow_kg_s > 0.0}
    running = []
    for item in floor.plant.values():
        n = item.spec.count
        if isinstance(item.device, Pump) and item.spec.loop in has_coils:
            n = min(n, max(0, ceil(left[item.spec.loop] / item.device.rated_kg_s - 1e-9)))
            left[item.spec.loop] -= n * item.device.rated_kg_s
        running.append(n)
    return np.array(running, dtype=float)


def _pump(device: object) -> Pump:
    assert isinstance(device, Pump)
    return device


def _loop_j_k(floor: Floor, loop: str) -> float:
    """Heat capacity of a loop's water: its drawn volume, else two minutes of flow, and its tanks."""
    tanks_m3 = sum(
        item.device.volume_m3 * item.spec.count
        for item in floor.plant.values()
        if isinstance(item.device, Tank) and item.spec.loop == loop
    )
    volume_m3 = floor.loops[loop].volume_m3
    tanks_j_k = tanks_m3 * WATER_KG_M3 * WATER_HEAT_J_KG_K
    if volume_m3 is not None:
        return volume_m3 * WATER_KG_M3 * WATER_HEAT_J_KG_K + tanks_j_k
    return _coil_flow_kg_s(floor, loop) * RIDE_THROUGH_S * WATER_HEAT_J_KG_K + tanks_j_k


def _coil_flow_kg_s(floor: Floor, loop: str) -> float:
    """Rated water flow of all air coolers and of liquid cooling on a loop."""
    coils = [c.device for c in floor.coolers.values() if isinstance(c.device, AirCooler) and c.spec.loop == loop]
    return sum(device.rated_water_kg_s for device in coils) + facility_kg_s(floor, loop) + door_kg_s(floor, loop)
