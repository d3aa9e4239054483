"""Does the heat find a way out, all of it, and with one machine lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from twin.catalogue.cooling import AirCooler, Cdu, Chiller, HeatRejection, Pump
from twin.layout.finding import Finding, kw, listed
from twin.layout.floor import Floor, FloorPlant
from twin.layout.rules.racks import first_racks
from twin.layout.wet import liquid_heat_w


@dataclass(slots=True)
class Heat:
    """Where the largest heat of the racks goes, W."""

    air_w: float = 0.0
    loop_w: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def cooling_findings(floor: Floor) -> Iterator[Finding]:
    """Findings about the cooling path. All racks at their largest draw; heat of fans and pumps is left aside."""
    heat = heat_of(floor)
    yield from _air(floor, heat.air_w)
    yield from _liquid(floor)
    yield from _unlooped(floor)
    for loop in floor.loops.values():
        yield from _loop(floor, loop.id, heat.loop_w.get(loop.id, 0.0))


def heat_of(floor: Floor) -> Heat:
    """Air heat of the room and heat per loop: racks, then coolers, then CDUs, then chillers hand it on."""
    heat = Heat()
    for rack in floor.racks.values():
        liquid_w = liquid_heat_w(floor, rack)
        air_w = rack.max_w - liquid_w
        door_w = min(air_w, rack.rear_door.rated_w) if rack.rear_door else 0.0
        heat.air_w += air_w - door_w
        if rack.spec.loop:
            heat.loop_w[rack.spec.loop] += liquid_w + door_w
    air = [cooler for cooler in floor.coolers.values() if isinstance(cooler.device, AirCooler)]
    rated_w = sum(cooler.device.rated_w for cooler in air)
    for cooler in air:
        if cooler.spec.loop:
            heat.loop_w[cooler.spec.loop] += heat.air_w * cooler.device.rated_w / rated_w
    _hand_on(floor, heat.loop_w)
    return heat


def _hand_on(floor: Floor, loop_w: dict[str, float]) -> None:
    """CDUs pass coolant heat to their facility loop, chillers pass theirs with their own work to the condenser loop."""
    for loop in list(floor.loops):
        cdus = [c for c in floor.coolers.values() if isinstance(c.device, Cdu) and c.spec.serves == loop]
        for cdu in cdus:
            if cdu.spec.loop:
                loop_w[cdu.spec.loop] += loop_w.get(loop, 0.0) / len(cdus)
    for loop in list(floor.loops):
        chillers = [(item, item.device) for item in on_loop(floor, loop) if isinstance(item.device, Chiller)]
        total_w = sum(item.spec.count * device.rated_w for item, device in chillers)
        for item, device in chillers:
            if item.spec.rejects_to:
                share = item.spec.count * device.rated_w / total_w
                loop_w[item.spec.rejects_to] += loop_w.get(loop, 0.0) * share * (1 + 1 / device.rated_cop)


def on_loop(floor: Floor, loop: str) -> list[FloorPlant]:
    """Plant that cools, pumps or buffers a loop."""
    return [item for item in floor.plant.values() if item.spec.loop == loop]


def _air(floor: Floor, heat_w: float) -> Iterator[Finding]:
    units = [
        (cooler.id, cooler.device.rated_w) for cooler in floor.coolers.values() if isinstance(cooler.device, AirCooler)
    ]
    if heat_w <= 0:
        return
    if not units:
        text = f"gives {kw(heat_w)} of heat to the air and has 0 air coolers, 1 is needed"
        yield Finding("cooling.no_air_cooler", "error", "room", text, "place an air handler")
        return
    yield from _capacity("room", "air coolers", heat_w, units)


def _capacity(place: str, noun: str, heat_w: float, units: list[tuple[str, float]]) -> Iterator[Finding]:
    """Error when all together do not suffice, note when they do not suffice without the largest."""
    total_w = sum(rated_w for _, rated_w in units)
    name, largest_w = max(units, key=lambda unit: unit[1])
    if total_w < heat_w:
        text = f"must move {kw(heat_w)} of heat, its {len(units)} {noun} are rated {kw(total_w)} together"
        yield Finding("cooling.capacity", "error", place, text, f"add {noun} or take load out")
    elif total_w - largest_w < heat_w:
        text = f"must move {kw(heat_w)} of heat, without {name} its {noun} are rated {kw(total_w - largest_w)}"
        yield Finding("cooling.no_spare", "note", place, text, "add one if N+1 is wanted")


def _liquid(floor: Floor) -> Iterator[Finding]:
    served = {cooler.spec.serves for cooler in floor.coolers.values()}
    for rack in first_racks(floor):
        needs_loop = liquid_heat_w(floor, rack) > 0 or rack.rear_door is not None
        loop = floor.loops.get(rack.spec.loop or "")
        if needs_loop and rack.spec.loop is None:
            what = "a rear door" if rack.rear_door else f"{kw(liquid_heat_w(floor, rack))} of cold-plate heat"
            text = f"has {what} and 0 liquid loops, 1 is needed"
            yield Finding("cooling.no_liquid_path", "error", rack.id, text, "name a loop for it", rack.centre_m)
        if loop is not None and loop.role == "technology_coolant" and loop.id not in served:
            text = f"hangs on loop {loop.id}, which 0 CDUs serve, 1 is needed"
            yield Finding("cooling.no_liquid_path", "error", rack.id, text, "place a CDU", rack.centre_m)


def _unlooped(floor: Floor) -> Iterator[Finding]:
    for cooler in floor.coolers.values():
        is_direct = isinstance(cooler.device, AirCooler) and cooler.device.role == "crac"
        if cooler.spec.loop is None and not is_direct:
            text = "hangs on 0 loops, so its heat has no way out; 1 is needed"
            yield Finding("cooling.no_loop", "error", cooler.id, text, "name a chilled-water loop", cooler.centre_m)
    for item in floor.plant.values():
        if isinstance(item.device, Chiller) and item.device.condenser == "water" and item.spec.rejects_to is None:
            text = "is a water-cooled chiller with 0 condenser loops, 1 is needed"
            yield Finding("cooling.no_condenser_loop", "error", item.id, text, "set rejects_to")


def _loop(floor: Floor, loop: str, heat_w: float) -> Iterator[Finding]:
    items = on_loop(floor, loop)
    users = [cooler.id for cooler in floor.coolers.values() if cooler.spec.loop == loop]
    users += [rack.id for rack in floor.racks.values() if rack.spec.loop == loop]
    users += [item.id for item in floor.plant.values() if item.spec.rejects_to == loop]
    cdus = [c for c in floor.coolers.values() if isinstance(c.device, Cdu) and c.spec.serves == loop]
    if not users:
        return
    sinks = [item for item in items if isinstance(item.device, (Chiller, HeatRejection))]
    if not items and not cdus and floor.loops[loop].role == "facility_water":
        text = f"takes the heat of {listed(users)} and has nothing on it: its water comes from outside the drawing"
        yield Finding("cooling.outside", "note", loop, text, "draw its plant if that is to be counted")
        return
    if not sinks and not cdus:
        text = f"takes the heat of {listed(users)} and has 0 chillers, towers or dry coolers, 1 is needed"
        yield Finding("cooling.no_heat_rejection", "error", loop, text, "add a chiller, tower or dry cooler to it")
    if not cdus and not any(isinstance(item.device, Pump) for item in items):
        yield Finding("cooling.no_pump", "warning", loop, "has 0 pumps, 1 is needed", "add a pump to it")
    units = [(item.id, item.device.rated_w) for item in sinks for _ in range(item.spec.count)]  # type: ignore[union-attr]
    noun = "chillers" if any(isinstance(item.device, Chiller) for item in sinks) else "heat rejection units"
    if cdus:
        units, noun = [(cdu.id, cdu.device.rated_w) for cdu in cdus], "CDUs"
    if units and heat_w > 0:
        yield from _capacity(loop, noun, heat_w, units)
