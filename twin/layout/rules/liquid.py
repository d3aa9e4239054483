"""Can coolant flow, can it carry its heat, and is enough known of it to say how long it lasts."""

from __future__ import annotations

from collections.abc import Iterator

from twin.catalogue.cooling import AirCooler, Cdu
from twin.layout.finding import Finding, kw, listed
from twin.layout.floor import Floor, FloorCooler
from twin.layout.model import Loop
from twin.layout.wet import liquid_heat_w
from twin.physics.coolant import flow_for_heat_kg_s

LEAST_FLOW_RISE_K = 20.0
"""Rise of coolant beyond which racks get too little of it. Estimate: twice the usual 10 K."""


def liquid_findings(floor: Floor) -> Iterator[Finding]:
    """Findings about coolant loops and the units that serve them."""
    units = [cooler for cooler in floor.coolers.values() if isinstance(cooler.device, Cdu)]
    for loop in floor.loops.values():
        yield from _temperatures(loop)
    for unit in units:
        yield from _path(floor, unit)
    for name in dict.fromkeys(unit.spec.serves for unit in units):
        if name is not None and name in floor.loops:
            yield from _served(floor, floor.loops[name], [unit for unit in units if unit.spec.serves == name])
    yield from _doors(floor)
    unknown = [u.spec.serves for u in units if u.spec.serves in floor.loops and not _volume(floor, u)]
    names = [name for name in dict.fromkeys(unknown) if name is not None]
    if names:
        text = f"{len(names)} coolant loops have a volume of 0 m3 drawn ({listed(names)}), each needs one"
        hint = "set volume_m3, or seconds left after a loss of flow rest on an estimate"
        yield Finding("liquid.no_volume", "note", names[0], text, hint)


def _volume(floor: Floor, unit: FloorCooler) -> float | None:
    return floor.loops[str(unit.spec.serves)].volume_m3


def _temperatures(loop: Loop) -> Iterator[Finding]:
    if loop.return_c is not None and loop.return_c <= loop.supply_c:
        text = f"is supplied at {loop.supply_c:g} °C and returns at {loop.return_c:g} °C, it must return warmer"
        yield Finding("liquid.supply_warmer", "error", loop.id, text, "exchange supply_c and return_c, or mend one")


def _path(floor: Floor, unit: FloorCooler) -> Iterator[Finding]:
    """Whether what a unit pumps has somewhere to go, and its heat a way out."""
    serves, water = unit.spec.serves, unit.spec.loop
    if serves is None:
        text = "serves 0 loops, so its pumps have no path for any flow; 1 is needed"
        yield Finding("liquid.no_path", "error", unit.id, text, "set serves to a coolant loop", unit.centre_m)
    elif serves == water:
        text = f"serves loop {serves} and hangs on it too, so its heat has no way out"
        yield Finding("liquid.no_path", "error", unit.id, text, "hang it on a water loop", unit.centre_m)
    elif serves in floor.loops and not any(_is_on(floor, rack.id, serves) for rack in floor.racks.values()):
        text = f"serves loop {serves} with 0 racks that give heat to coolant, so nothing takes its flow"
        hint = "hang racks with cold plates on it, or take the unit out"
        yield Finding("liquid.no_branch", "warning", unit.id, text, hint, unit.centre_m)
    below, above = floor.loops.get(water or ""), floor.loops.get(serves or "")
    if below is not None and above is not None and isinstance(unit.device, Cdu) and below is not above:
        least_c = below.supply_c + unit.device.approach_k
        if above.supply_c < below.supply_c:
            text = f"is to hold {above.supply_c:g} °C with water of {below.supply_c:g} °C, which must be colder"
            yield Finding("liquid.supply_warmer", "error", unit.id, text, "raise one set point or lower the other")
        elif above.supply_c < least_c:
            text = f"is to hold {above.supply_c:g} °C, at its rating it reaches {least_c:g} °C with this water"
            yield Finding("liquid.approach", "note", unit.id, text, "raise supply_c, or load the unit less")


def _is_on(floor: Floor, rack: str, loop: str) -> bool:
    return floor.racks[rack].spec.loop == loop and liquid_heat_w(floor, floor.racks[rack]) > 0.0


def _served(floor: Floor, loop: Loop, units: list[FloorCooler]) -> Iterator[Finding]:
    """Whether the units of a loop pump at all, and enough."""
    devices = [unit.device for unit in units if isinstance(unit.device, Cdu)]
    if not any(device.pump_max_w for device in devices):
        text = f"has {len(units)} coolant units whose pumps are rated 0 W, so nothing says what moves its coolant"
        yield Finding("liquid.no_pump", "warning", loop.id, text, "give pump_max_w on their sheet")
    heat_w = sum(liquid_heat_w(floor, rack) for rack in floor.racks.values() if rack.spec.loop == loop.id)
    given_kg_s = sum(device.rated_flow_kg_s or 0.0 for device in devices)
    least_kg_s = float(flow_for_heat_kg_s(loop.medium, heat_w, LEAST_FLOW_RISE_K))
    if 0.0 < given_kg_s < least_kg_s and all(device.rated_flow_kg_s for device in devices):
        rise_k = LEAST_FLOW_RISE_K * least_kg_s / given_kg_s
        text = f"warms by {rise_k:.0f} K under {kw(heat_w)}, {LEAST_FLOW_RISE_K:g} K is the most"
        yield Finding("liquid.flow", "warning", loop.id, text, "add a unit, or take racks off the loop")


def _doors(floor: Floor) -> Iterator[Finding]:
    """Rear doors must hang on water, not on the coolant of cold plates or oil."""
    for rack in floor.racks.values():
        loop = floor.loops.get(rack.spec.loop or "")
        if rack.rear_door is None or loop is None or not isinstance(rack.rear_door, AirCooler):
            continue
        if loop.medium != "water":
            text = f"has a rear door on loop {loop.id} of {loop.medium}, it needs water"
            yield Finding("liquid.door_medium", "error", rack.id, text, "hang it on a water loop", rack.centre_m)
