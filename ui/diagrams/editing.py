"""Edits a diagram makes: joining, cutting and adding, each refused with the sentence a check would say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from twin.catalogue.cooling import Cdu, Chiller, HeatRejection, Pump, Tank
from twin.catalogue.device import Device
from twin.catalogue.electrical import PowerElement
from twin.catalogue.library import Catalogue
from twin.errors import TwinError
from twin.layout import edit
from twin.layout.expand import expand_known
from twin.layout.floor import Floor
from twin.layout.model import Layout, Loop, PlacedCooler, PlacedRack, PlantItem, PowerNode, RackRow, Side
from twin.layout.names import all_ids
from twin.layout.rules.liquid import liquid_findings
from twin.layout.rules.power import SOURCES, join_findings
from ui.canvas.placing import free_name
from ui.diagrams.graph import Element, role_of

PREFIXES = {
    "utility": "UTILITY", "transformer": "TX", "generator": "GEN", "ats": "ATS", "sts": "STS", "ups": "UPS",
    "switchboard": "MSB", "pdu": "PDU", "rpp": "RPP", "busway": "BUS", "rectifier": "REC", "chiller": "CH",
    "tower": "CT", "dry_cooler": "DC", "adiabatic_cooler": "AC", "pump": "P", "tank": "TANK",
    "chilled_water": "CHW", "condenser_water": "CW", "facility_water": "FWS", "technology_coolant": "TCS",
}  # fmt: skip
LOOP_C = {"chilled_water": (10.0, 16.0), "condenser_water": (27.0, 32.0), "facility_water": (30.0, 40.0),
          "technology_coolant": (36.0, 46.0)}  # fmt: skip
"""Set points a new loop starts with, supply and return in °C: usual design values, to be typed over."""
NEVER_JOINED = frozenset({"liquid.no_path", "liquid.door_medium"})
Addition = Callable[[Layout], tuple[Layout, str]]
"""An edit that draws one more thing and says its id."""


def joined(layout: Layout, catalogue: Catalogue, source: Element, target: Element) -> Layout:
    """With the target hung on the source; TwinError where that can never be right."""
    if source.role == "racks" or not source.members:
        raise TwinError(f"{source.name} gives nothing to hang {target.name} on", source.name, "drag from an output")
    if len(source.members) > 1 and source.role != "loop":
        what = f"{source.name} stands for {len(source.members)} elements"
        raise TwinError(what, target.name, "join to one of them in the inspector")
    giver = edit.find(layout, source.members[0])
    before = expand_known(layout, catalogue)[0]
    if isinstance(giver, PowerNode):
        made = _with_power(layout, giver, target)
        _refuse_new(before, expand_known(made, catalogue)[0], _power_errors)
    else:
        made = _with_loop(layout, before, giver, target)
        _refuse_new(before, expand_known(made, catalogue)[0], _liquid_errors)
    return made


def cut(layout: Layout, source: Element, target: Element) -> Layout:
    """With the target taken off the source."""
    done = layout
    for name in target.members:
        for giver in source.members:
            done = _without(done, name, giver)
    if done is layout:
        what = f"{target.name} does not hang on {source.name} as a whole, its boxes do"
        raise TwinError(what, target.name, "change the feeds of its boxes")
    return done


def added_node(layout: Layout, device: PowerElement, under: str = "") -> tuple[Layout, str]:
    """With a new element of the power path and its id; it hangs on `under` where that is given and can feed it."""
    name = free_name(f"{PREFIXES.get(device.role, 'N')}-", all_ids(layout))
    ups = next((node for node in layout.power if node.id == under), None)
    if ups is None or device.role in SOURCES:
        return edit.place(layout, PowerNode(id=name, type=device.id)), name
    return edit.place(layout, PowerNode(id=name, type=device.id, inputs=(under,), side=ups.side)), name


def added_loop(layout: Layout, role: str) -> tuple[Layout, str]:
    """With a new loop of a role and its id."""
    taken = set(all_ids(layout))
    prefix = PREFIXES[role]
    name = prefix if prefix not in taken else free_name(f"{prefix}-", taken)
    supply_c, return_c = LOOP_C[role]
    medium = "pg25" if role == "technology_coolant" else "water"
    loop = Loop.model_validate({"id": name, "role": role, "medium": medium, "supply_c": supply_c, "return_c": return_c})
    return edit.place(layout, loop), name


def added_plant(layout: Layout, device: Device, chosen: str = "") -> tuple[Layout, str]:
    """With a new plant item and its id, on the chosen loop or on the first that suits it."""
    role = role_of(device)
    wanted = ("condenser_water", "facility_water", "chilled_water") if role in ("tower", "dry_cooler") else ()
    by_role = sorted(layout.loops, key=lambda loop: wanted.index(loop.role) if loop.role in wanted else len(wanted))
    usable = [loop.id for loop in by_role if loop.role != "technology_coolant"]
    loop = chosen if chosen in {one.id for one in layout.loops} else next(iter(usable), "")
    if not loop:
        raise TwinError(f"{device.name} needs a loop to stand on, 0 are drawn", layout.name, "add a loop first")
    name = free_name(f"{PREFIXES.get(role, 'P')}-", all_ids(layout))
    rejects = None
    if isinstance(device, Chiller) and device.condenser == "water":
        rejects = next((one.id for one in layout.loops if one.role == "condenser_water" and one.id != loop), None)
    return edit.place(layout, PlantItem(id=name, type=device.id, loop=loop, rejects_to=rejects)), name


def free_side(thing: PlacedRack | RackRow | PlacedCooler | PlantItem, node: PowerNode) -> Side:
    """The side of a thing a node would feed: that of the node, else the first that is free."""
    if node.side is not None:
        return node.side
    return "B" if "A" in thing.feeds and "B" not in thing.feeds else "A"


def _with_power(layout: Layout, giver: PowerNode, target: Element) -> Layout:
    for name in target.members:
        thing = edit.find(layout, name)
        side: Side = "A"
        if isinstance(thing, (PlacedRack, RackRow, PlacedCooler, PlantItem)):
            side = free_side(thing, giver)
        layout = edit.join(layout, name, giver.id, side)
    if not target.members:
        raise TwinError(f"{target.name} takes no power", target.name, "join something else")
    return layout


def _with_loop(layout: Layout, floor: Floor, giver: object, target: Element) -> Layout:
    if isinstance(giver, PlacedCooler):
        if not isinstance(floor.coolers[giver.id].device, Cdu):
            raise TwinError(f"{giver.id} cools air and serves no loop", target.name, "join a CDU to it")
        loop = _loop_of(layout, target)
        return edit.replace(layout, giver.model_copy(update={"serves": loop}))
    if isinstance(giver, PlantItem):
        return edit.replace(layout, giver.model_copy(update={"loop": _loop_of(layout, target)}))
    loop = cast(Loop, giver).id
    for name in target.members:
        thing = edit.find(layout, name)
        if isinstance(thing, (PlacedRack, RackRow, PlacedCooler)):
            layout = edit.replace(layout, thing.model_copy(update={"loop": loop}))
        elif isinstance(thing, PlantItem):
            device = floor.plant[name].device
            if not (isinstance(device, Chiller) and device.condenser == "water"):
                what = f"{name} has no condenser that a loop could cool"
                raise TwinError(what, name, f"drag from {name} to {loop} to hang it on that loop")
            if thing.loop == loop:
                raise TwinError(f"{name} would reject its heat to {loop}, which it cools", name, "use another loop")
            layout = edit.replace(layout, thing.model_copy(update={"rejects_to": loop}))
        else:
            raise TwinError(f"{name} is a loop, and so is {loop}", name, "put a chiller or a CDU between them")
    if not target.members:
        raise TwinError(f"{target.name} hangs on no loop", target.name, "join a cooler")
    return layout


def _loop_of(layout: Layout, target: Element) -> str:
    if target.role != "loop":
        raise TwinError(f"{target.name} is not a loop", target.name, "drag to a loop")
    return target.members[0]


def _without(layout: Layout, name: str, giver: str) -> Layout:
    """The layout without one join; itself where there is none."""
    thing, source = edit.find(layout, name), edit.find(layout, giver)
    if isinstance(source, PowerNode):
        hangs = isinstance(thing, PowerNode) and giver in thing.inputs
        if isinstance(thing, (PlacedRack, RackRow, PlacedCooler, PlantItem)):
            hangs = giver in thing.feeds.values()
        return edit.cut(layout, name, giver) if hangs else layout
    if isinstance(source, PlantItem) and isinstance(thing, Loop):
        what = f"{giver} must be on one loop, on 0 it has no meaning"
        raise TwinError(what, giver, "join it to another loop, or remove it")
    if isinstance(source, PlacedCooler) and source.serves == name:
        return edit.replace(layout, source.model_copy(update={"serves": None}))
    if isinstance(thing, PlantItem) and thing.rejects_to == giver:
        return edit.replace(layout, thing.model_copy(update={"rejects_to": None}))
    if isinstance(thing, (PlacedRack, RackRow, PlacedCooler)) and thing.loop == giver:
        return edit.replace(layout, thing.model_copy(update={"loop": None}))
    return layout


def _power_errors(floor: Floor) -> Mapping[tuple[str, str], TwinError]:
    return {(f.rule, f.place): TwinError(f.what, f.place, f.hint) for f in join_findings(floor)}


def _liquid_errors(floor: Floor) -> Mapping[tuple[str, str], TwinError]:
    found = [f for f in liquid_findings(floor) if f.rule in NEVER_JOINED]
    return {(f.rule, f.place): TwinError(f.what, f.place, f.hint) for f in found if "serves 0 loops" not in f.what}


def _refuse_new(before: Floor, after: Floor, errors: Callable[[Floor], Mapping[tuple[str, str], TwinError]]) -> None:
    known = errors(before)
    for key, error in errors(after).items():
        if key not in known:
            raise error


def plant_devices(catalogue: Catalogue) -> Sequence[Device]:
    """What can be added to a loop."""
    return [device for device in catalogue.values() if isinstance(device, (Chiller, HeatRejection, Pump, Tank))]


def power_devices(catalogue: Catalogue) -> Sequence[PowerElement]:
    """What can be added to the power path: strips belong into racks."""
    found = [device for device in catalogue.values() if isinstance(device, PowerElement)]
    return [device for device in found if device.role != "rack_pdu"]
