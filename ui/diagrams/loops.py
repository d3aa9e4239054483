"""The cooling of a drawing as a graph: what rejects heat, loops, chillers, coolers and what they cool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from twin.catalogue.cooling import AirCooler, Chiller, HeatRejection, Pump, Tank
from twin.catalogue.device import Device
from twin.layout.finding import Finding
from twin.layout.floor import Floor, FloorPlant
from twin.layout.model import Loop
from twin.layout.rules.cooling import Heat, heat_of
from ui.diagrams.graph import Element, Graph, kw, rack_element, rack_groups, span_name, translate, worst_of

ROOM = "room air"
"""Stands for the air of the room: no id of a drawing has a blank."""


def loops(floor: Floor, catalogue: Mapping[str, Device], findings: Sequence[Finding] = ()) -> Graph:
    """Cold flows down the graph: from towers and chillers along loops to coolers, racks and the air of the room."""
    graph = Graph()
    heat = heat_of(floor)
    for item in floor.plant.values():
        graph.add(_plant(item, _share_w(floor, item, heat.loop_w), findings))
    for loop in floor.loops.values():
        graph.add(_loop(loop, heat.loop_w.get(loop.id, 0.0), findings))
    _add_coolers(graph, floor, heat, findings)
    keys: dict[str, tuple[object, ...]] = {name: (rack.spec.loop,) for name, rack in floor.racks.items()}
    for group in rack_groups(floor, keys):
        spec = floor.racks[group.racks[0]].spec
        if spec.loop in floor.loops:
            graph.add(rack_element(floor, catalogue, group), group.racks)
            graph.wire(str(spec.loop), f"racks:{group.units[0]}", "supply")
    for item in floor.plant.values():
        if item.spec.loop in floor.loops:
            graph.wire(item.id, item.spec.loop, "supply")
        if item.spec.rejects_to in floor.loops:
            graph.wire(str(item.spec.rejects_to), item.id, "supply")
    return graph


def _share_w(floor: Floor, item: FloorPlant, loop_w: Mapping[str, float]) -> float | None:
    """What an item rejects of the heat of its loop when all on it share by their ratings, W."""
    sinks = [other for other in floor.plant.values() if other.spec.loop == item.spec.loop]
    rated = {
        other.id: other.spec.count * other.device.rated_w
        for other in sinks
        if isinstance(other.device, (Chiller, HeatRejection))
    }
    return loop_w.get(item.spec.loop, 0.0) * rated[item.id] / sum(rated.values()) if item.id in rated else None


def _plant(item: FloorPlant, load_w: float | None, findings: Sequence[Finding]) -> Element:
    device, count = item.device, item.spec.count
    severity, words = worst_of(findings, [item.id])
    if isinstance(device, (Chiller, HeatRejection)):
        about, limit_w = kw(device.rated_w), count * device.rated_w
    elif isinstance(device, Tank):
        about, limit_w = f"{device.volume_m3:g} m³", None
    else:
        about, limit_w = f"{device.rated_kg_s:g} kg/s" if isinstance(device, Pump) else "", None
    about = f"{count} × {about}" if count > 1 else about
    role = device.role if isinstance(device, HeatRejection) else device.kind
    return Element(
        item.id,
        role,
        item.id,
        about,
        (item.id,),
        load_w=load_w,
        limit_w=limit_w,
        state=_over(load_w, limit_w),
        severity=severity,
        words=words,
    )


def _loop(loop: Loop, heat_w: float, findings: Sequence[Finding]) -> Element:
    severity, words = worst_of(findings, [loop.id])
    about = f"{loop.supply_c:g} °C" if loop.return_c is None else f"{loop.supply_c:g} / {loop.return_c:g} °C"
    return Element(loop.id, "loop", loop.id, about, (loop.id,), load_w=heat_w, severity=severity, words=words)


def _over(load_w: float | None, limit_w: float | None) -> str:
    return "over" if load_w and limit_w and load_w > limit_w * (1 + 1e-9) else ""


def _add_coolers(graph: Graph, floor: Floor, heat: Heat, findings: Sequence[Finding]) -> None:
    """Air coolers of one kind on one loop as one, each CDU for itself, and the air of the room."""
    groups: dict[tuple[object, ...], list[str]] = {}
    air_w = heat.air_w
    for cooler in floor.coolers.values():
        is_air = isinstance(cooler.device, AirCooler)
        key = (cooler.device.id, cooler.spec.loop) if is_air else (cooler.id, cooler.spec.loop)
        groups.setdefault(key, []).append(cooler.id)
    air_rated_w = sum(c.device.rated_w for c in floor.coolers.values() if isinstance(c.device, AirCooler))
    for names in groups.values():
        first = floor.coolers[names[0]]
        severity, words = worst_of(findings, names)
        rated_w = sum(floor.coolers[name].device.rated_w for name in names)
        about = f"{len(names)} × {kw(first.device.rated_w)}" if len(names) > 1 else kw(rated_w)
        is_air = isinstance(first.device, AirCooler)
        load_w = air_w * rated_w / air_rated_w if is_air else _cdu_w(floor, first.spec.serves, heat)
        name = span_name(names[0], names[-1])
        role = "crah" if is_air else "cdu"
        state = _over(load_w, rated_w)
        graph.add(Element(names[0], role, name, about, tuple(names), "", load_w, rated_w, state, severity, words))
        if first.spec.loop in floor.loops:
            graph.wire(str(first.spec.loop), names[0], "supply")
        if first.spec.serves in floor.loops:
            graph.wire(names[0], str(first.spec.serves), "supply")
    if air_rated_w > 0 or air_w > 0:
        severity, words = worst_of(findings, ["room"])
        title = translate("diagrams", "Room air")
        state = "" if air_rated_w > 0 else "unfed"
        graph.add(Element(ROOM, "air", title, "", (), "", air_w, air_rated_w or None, state, severity, words))
        for names in groups.values():
            if isinstance(floor.coolers[names[0]].device, AirCooler):
                graph.wire(names[0], ROOM, "air")


def _cdu_w(floor: Floor, serves: str | None, heat: Heat) -> float:
    """What one of the units of a coolant loop carries of its heat, W."""
    n = sum(cooler.spec.serves == serves for cooler in floor.coolers.values())
    return heat.loop_w.get(serves or "", 0.0) / n
