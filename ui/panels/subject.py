"""What the inspector says about a selection: titles and facts with their sources, worked out without widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from twin.catalogue.cooling import AirCooler, Cdu
from twin.catalogue.device import Device
from twin.layout.floor import Floor, FloorCooler, FloorPower, FloorRack
from ui import format as fmt
from ui.canvas.placing import place_of
from ui.canvas.plan import rack_facts

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a label, a value, the letter of its source (u d e s), or how full something is (0 to 1)."""

    label: str
    value: str
    source: str = ""
    level_frac: float | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is inspected."""

    title: str
    subtitle: str
    icon: str = "plan"
    family: str = ""
    editable: str = ""  # id whose place can be typed
    place: tuple[float, float, float] | None = None  # x m, y m, angle in degrees
    sections: list[tuple[str, list[Fact]]] = field(default_factory=list)


def subject_of(floor: Floor, catalogue: Mapping[str, Device], ids: list[str]) -> Subject:
    """The subject of a selection: the room, one thing, or several."""
    known = [name for name in ids if place_of(floor, name) is not None or floor.has(name)]
    if not known:
        return _room(floor)
    if len(known) > 1:
        return _several(floor, catalogue, known)
    name = known[0]
    if name in floor.racks:
        return _rack(floor, catalogue, floor.racks[name])
    if name in floor.coolers:
        return _cooler(floor, floor.coolers[name])
    if name in floor.row_racks:
        return _row(floor, catalogue, name)
    if name in floor.power:
        return _power(floor, floor.power[name])
    if name in floor.loops:
        role = floor.loops[name].role.replace("_", " ")
        return Subject(name, role, "cdu")
    item = floor.plant[name]
    return Subject(name, item.device.name, "crah", "", name, place_of(floor, name))


def source_letter(device: Device, field_name: str) -> str:
    """d for a number of the data sheet, e for a reasoned one."""
    source = device.source_of(field_name)
    return "" if source is None else ("e" if source.estimate else "d")


def _kw(power_w: float) -> str:
    return f"{fmt.number(power_w / 1e3, 1)} kW"


def _room(floor: Floor) -> Subject:
    room = floor.layout.room
    xs, ys = zip(*room.outline_m, strict=True)
    area_m2 = abs(
        sum(x0 * y1 - x1 * y0 for x0, y0, x1, y1 in zip(xs, ys, (*xs[1:], xs[0]), (*ys[1:], ys[0]), strict=True))
    )
    size = f"{max(xs) - min(xs):.2f} × {max(ys) - min(ys):.2f} m"
    facts = [
        Fact(translate("facts", "Size"), size, "u"),
        Fact(translate("facts", "Area"), f"{fmt.number(area_m2 / 2, 1)} m²"),
        Fact(translate("facts", "Height"), f"{room.height_m:.2f} m", "u"),
    ]
    if room.raised_floor_m:
        facts.append(Fact(translate("facts", "Raised floor"), f"{room.raised_floor_m:.2f} m", "u"))
    servers = floor.servers()
    max_w = sum(rack.max_w for rack in floor.racks.values())
    holds = [
        Fact(translate("facts", "Racks"), fmt.number(len(floor.racks), 0)),
        Fact(translate("facts", "Servers"), fmt.number(len(servers), 0)),
        Fact(translate("facts", "Largest draw"), _kw(max_w)),
        Fact(translate("facts", "Coolers"), fmt.number(len(floor.coolers), 0)),
    ]
    cooling_w = sum(c.device.rated_w for c in floor.coolers.values() if isinstance(c.device, AirCooler))
    if cooling_w:
        holds.append(Fact(translate("facts", "Air cooling, rated"), _kw(cooling_w)))
    return Subject(
        floor.layout.name,
        floor.layout.site.name or translate("facts", "Room"),
        sections=[(translate("facts", "Room"), facts), (translate("facts", "Contents"), holds)],
    )


def _several(floor: Floor, catalogue: Mapping[str, Device], ids: list[str]) -> Subject:
    racks = {rack.id: rack for name in ids for rack in floor.racks_of(name)}
    facts = [Fact(translate("facts", "Selected"), fmt.number(len(ids), 0))]
    if racks:
        facts += _sums(catalogue, list(racks.values()))
    return Subject(
        translate("facts", "{n} things").format(n=len(ids)),
        ", ".join(ids[:6]) + (", …" if len(ids) > 6 else ""),
        sections=[(translate("facts", "Contents"), facts)],
    )


def _sums(catalogue: Mapping[str, Device], racks: list[FloorRack]) -> list[Fact]:
    sums = [rack_facts(rack, catalogue) for rack in racks]
    return [
        Fact(translate("facts", "Racks"), fmt.number(len(racks), 0)),
        Fact(translate("facts", "Accelerators"), fmt.number(sum(one.n_accelerators for one in sums), 0)),
        Fact(translate("facts", "Largest draw"), _kw(sum(one.max_w for one in sums))),
    ]


def _row(floor: Floor, catalogue: Mapping[str, Device], name: str) -> Subject:
    racks = floor.racks_of(name)
    row = next(row for row in floor.layout.rows if row.id == name)
    facts = [*_sums(catalogue, racks), Fact(translate("facts", "Pitch"), f"{row.pitch_m:.3f} m", "u")]
    return Subject(
        translate("facts", "Row {name}").format(name=name),
        racks[0].device.name if racks else "",
        "row",
        "",
        name,
        place_of(floor, name),
        [(translate("facts", "Contents"), facts)],
    )


def _rack(floor: Floor, catalogue: Mapping[str, Device], rack: FloorRack) -> Subject:
    device, sums = rack.device, rack_facts(rack, catalogue)
    subtitle = f"{device.u_height} U"
    if rack.row:
        place = translate("facts", "row {row}, place {n} of {count}").format(
            row=rack.row, n=rack.place, count=_count_of(rack)
        )
        subtitle = f"{subtitle}, {place}"
    else:
        subtitle = f"{subtitle}, {device.name}"
    power = [
        Fact(translate("facts", "Name plate"), _kw(sums.max_w)),
    ]
    if device.power_budget_w:
        power.append(
            Fact(translate("facts", "Budget"), _kw(device.power_budget_w), source_letter(device, "power_budget_w"))
        )
    sections = [
        (translate("facts", "Power"), power),
        (translate("facts", "Room left"), _levels(rack, sums.used_u, sums.max_w, sums.weight_kg)),
        (translate("facts", "Contents"), _contents(rack)),
    ]
    title = translate("facts", "Rack {name}").format(name=rack.id)
    return Subject(title, subtitle, "rack", sums.family, rack.id, place_of(floor, rack.id), sections)


def _count_of(rack: FloorRack) -> int:
    return int(getattr(rack.spec, "count", 1))


def _levels(rack: FloorRack, used_u: int, max_w: float, weight_kg: float) -> list[Fact]:
    device = rack.device
    of = translate("facts", "{used} of {all}").format(used=used_u, all=f"{device.u_height} U")
    levels = [Fact(translate("facts", "Space"), of, "", used_u / device.u_height)]
    if device.power_budget_w:
        of = translate("facts", "{used} of {all}").format(
            used=fmt.number(max_w / 1e3, 1), all=_kw(device.power_budget_w)
        )
        levels.append(Fact(translate("facts", "Power"), of, "", max_w / device.power_budget_w))
    if device.max_kg:
        of = translate("facts", "{used} of {all}").format(
            used=fmt.number(weight_kg, 0), all=fmt.KILOGRAM.text(device.max_kg)
        )
        levels.append(Fact(translate("facts", "Weight"), of, "", weight_kg / device.max_kg))
    return levels


def _contents(rack: FloorRack) -> list[Fact]:
    """What is fitted, from the top down; equal boxes on one line."""
    lines: dict[tuple[str, str], list[int]] = {}
    for box in sorted(rack.fitted, key=lambda box: -box.u_low):
        lines.setdefault((box.device.name, box.spec.type), []).append(box.u_low)
    facts = []
    for (name, _), units in lines.items():
        where = f"U{min(units)}" if min(units) else translate("facts", "side")
        facts.append(Fact(f"{len(units)} × {name}" if len(units) > 1 else name, where))
    return facts or [Fact(translate("facts", "Empty"), "")]


def _cooler(floor: Floor, cooler: FloorCooler) -> Subject:
    device = cooler.device
    facts: list[Fact] = [
        Fact(translate("facts", "Cooling, rated"), _kw(device.rated_w), source_letter(device, "rated_w"))
    ]
    if isinstance(device, AirCooler):
        if cooler.spec.supply_c is not None:
            facts.append(Fact(translate("facts", "Supply air"), fmt.CELSIUS.text(cooler.spec.supply_c), "u"))
        air = fmt.M3_PER_S.text(device.rated_air_m3_s)
        facts.append(Fact(translate("facts", "Air at full speed"), air, source_letter(device, "rated_air_m3_s")))
        facts.append(Fact(translate("facts", "Fan speed set"), fmt.PERCENT.text(cooler.spec.fan_frac), "u"))
        facts.append(
            Fact(
                translate("facts", "Fans at full speed"),
                fmt.WATT.text(device.fan_max_w),
                source_letter(device, "fan_max_w"),
            )
        )
    if isinstance(device, Cdu):
        facts.append(Fact(translate("facts", "Serves"), cooler.spec.serves or "–", "u"))
    icon = "cdu" if isinstance(device, Cdu) else "crah"
    sections = [(translate("facts", "Cooling"), facts)]
    return Subject(cooler.id, device.name, icon, "", cooler.id, place_of(floor, cooler.id), sections)


def _power(floor: Floor, node: FloorPower) -> Subject:
    facts = [Fact(translate("facts", "Side"), node.spec.side or "–", "u")]
    if node.rated_w:
        source = (
            "u" if node.spec.rated_w else source_letter(node.device, "rated_w" if node.device.rated_w else "rated_va")
        )
        facts.append(Fact(translate("facts", "Rated"), _kw(node.rated_w), source))
    facts.append(Fact(translate("facts", "Fed by"), ", ".join(node.spec.inputs) or "–", "u"))
    hangs = [rack.id for rack in floor.racks.values() if node.id in rack.feeds.values()]
    if hangs:
        load_w = sum(rack.max_w for rack in floor.racks.values() if node.id in rack.feeds.values())
        facts.append(Fact(translate("facts", "Racks on it"), fmt.number(len(hangs), 0)))
        facts.append(Fact(translate("facts", "Their largest draw"), _kw(load_w)))
    icon = node.device.role if node.device.role in ("ups", "pdu", "busway", "transformer", "generator") else "pdu"
    place = place_of(floor, node.id)
    return Subject(node.id, node.device.name, icon, "", node.id, place, [(translate("facts", "Power"), facts)])
