"""What a rack elevation shows, worked out without widgets: a column per rack with its boxes, sums and troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.cooling import Cdu
from twin.catalogue.device import Device
from twin.catalogue.electrical import PowerElement
from twin.catalogue.network import Switch
from twin.layout.floor import FittedDevice, Floor, FloorRack
from twin.layout.rack_load import RackLoad, air_way, port_loads, rack_load
from twin.layout.racking import Trouble, collisions
from ui import format as fmt
from ui.canvas.plan import rack_facts

translate = QCoreApplication.translate
Series = str


@dataclass(slots=True)
class Column:
    """One rack of the elevation."""

    rack: FloorRack
    family: str
    load: RackLoad
    ports: tuple[float, float] | None
    troubles: dict[str, Trouble]
    against: frozenset[str]  # boxes that blow out of the front, by id

    @property
    def id(self) -> str:
        """Its rack."""
        return self.rack.id

    def boxes(self) -> list[FittedDevice]:
        """From the bottom up; what hangs beside the units comes last."""
        return sorted(self.rack.fitted, key=lambda box: (box.u_low == 0, box.u_low, box.spec.face))


@dataclass(slots=True)
class Bar:
    """How much of something a rack has, against its limit."""

    key: str
    value: float
    limit: float | None
    words: str

    @property
    def is_over(self) -> bool:
        """Whether it is over its limit."""
        return self.limit is not None and self.value > self.limit * (1 + 1e-9)


@dataclass(slots=True)
class Totals:
    """Key numbers of all racks shown."""

    n_racks: int = 0
    u_taken: int = 0
    u_height: int = 0
    gap_u: int = 0
    gap_rack: str = ""
    max_w: float = 0.0
    budget_w: float | None = None
    n_troubles: int = 0
    n_against: int = 0
    findings: list[str] = field(default_factory=list)


def columns_of(floor: Floor, catalogue: Mapping[str, Device], racks: Sequence[str]) -> list[Column]:
    """A column per rack; the racks of a row share what their contents add up to."""
    ports = port_loads(floor)
    sums: dict[int, tuple[str, RackLoad]] = {}
    made = []
    for name in racks:
        rack = floor.racks[name]
        if id(rack.spec) not in sums:
            sums[id(rack.spec)] = rack_facts(rack, catalogue).family, rack_load(rack)
        family, load = sums[id(rack.spec)]
        against = frozenset(box.id for box in rack.fitted if air_way(box) == "out")
        made.append(Column(rack, family, load, ports.get(name), collisions(rack), against))
    return made


def totals_of(columns: Sequence[Column]) -> Totals:
    """The sums of the racks shown."""
    totals = Totals(len(columns))
    for column in columns:
        load = column.load
        totals.u_taken += load.u_taken
        totals.u_height += load.u_height
        totals.max_w += load.max_w
        if load.budget_w is not None:
            totals.budget_w = (totals.budget_w or 0.0) + load.budget_w
        if load.gap_u > totals.gap_u:
            totals.gap_u, totals.gap_rack = load.gap_u, column.id
        totals.n_troubles += len(column.troubles)
        totals.n_against += len(column.against)
    return totals


def bars_of(column: Column, live_w: float | None = None) -> list[Bar]:
    """U, kW (live where a run goes on, else the name plates), kg and ports of a rack."""
    load = column.load
    power_w = load.max_w if live_w is None else live_w
    used, ports = column.ports if column.ports is not None else (0.0, None)
    return [
        _bar("u", load.u_taken, load.u_height, 0),
        _bar("kw", power_w / 1e3, None if load.budget_w is None else load.budget_w / 1e3, 1),
        _bar("kg", load.load_kg, load.max_kg, 0),
        Bar("ports", 0.0, None, fmt.MISSING) if ports is None else _bar("ports", used, ports, 0),
    ]


def _bar(key: str, value: float, limit: float | None, digits: int) -> Bar:
    whole = "" if limit is None else f" / {fmt.number(limit, 0 if limit == round(limit) else digits)}"
    return Bar(key, value, limit, fmt.number(value, digits) + whole)


def series_of(box: FittedDevice, catalogue: Mapping[str, Device]) -> Series:
    """The data colour of a kind of box."""
    if isinstance(box.device, Switch):
        return "network"
    if isinstance(box.device, Cdu):
        return "cooling"
    if isinstance(box.device, Server):
        chips = [catalogue.get(name) for name in (*(f.type for f in box.device.accelerators), *box.spec.cards)]
        families = {chip.family for chip in chips if isinstance(chip, Accelerator)}
        if families & {"pim", "npu_pim"}:
            return "npu_pim"
        return next(iter(sorted(families)), "other")
    return "other"


def short_name(device: Device) -> str:
    """The name without the list of what is in it."""
    name = device.name
    for end in (", ", " in a ", " (", " with "):
        head = name.split(end)[0]
        name = head if len(head) >= 8 or any(digit.isdigit() for digit in head.split(" ")[-1]) else name
    # What kind of box it is, its colour says.
    kind = name.rsplit(" ", 1)[-1].lower()
    return name.rsplit(" ", 1)[0] if kind == "server" and " " in name else name


# Words


def units_words(u_low: int, u_height: int) -> str:
    """Such as U27 to U30."""
    if not u_low:
        return translate("elevation", "beside the units")
    if u_height <= 1:
        return f"U{u_low}"
    return translate("elevation", "U{low} to U{top}").format(low=u_low, top=u_low + u_height - 1)


def face_words(face: str) -> str:
    """Front or rear."""
    return translate("elevation", "Front") if face == "front" else translate("elevation", "Rear")


def air_words(box: FittedDevice) -> str:
    """The way of the air as words."""
    return {
        "in": translate("elevation", "front to rear"),
        "out": translate("elevation", "rear to front"),
        "side": translate("elevation", "sideways"),
        "none": translate("elevation", "no air"),
    }[air_way(box)]


def trouble_words(trouble: Trouble) -> str:
    """Why a box cannot be there."""
    if trouble.kind == "taken":
        text = translate("elevation", "collides with {name} in {units}")
        return text.format(name=trouble.by, units=units_words(trouble.by_low, trouble.by_top - trouble.by_low + 1))
    text = translate("elevation", "takes U{low} to U{top}, the rack has U1 to U{limit}")
    return text.format(low=trouble.u_low, top=trouble.u_top, limit=trouble.limit_u)


def cords_words(box: FittedDevice) -> str:
    """Its cords, such as A and B; a strip's own side."""
    sides = sorted(box.feeds)
    if not sides:
        return translate("elevation", "no cord is fed")
    if len(sides) == 1:
        return translate("elevation", "cord {a}").format(a=sides[0])
    return translate("elevation", "cords {a} and {b}").format(a=sides[0], b=sides[1])


def box_words(column: Column, box: FittedDevice) -> str:
    """A box in one line, for tool tips and screen readers."""
    parts = [column.id, units_words(box.u_low, box.u_height), box.device.name, face_words(box.spec.face).lower()]
    if box.max_w:
        parts.append(fmt.WATT.text(box.max_w))
    if not isinstance(box.device, PowerElement):
        parts.append(cords_words(box))
        parts.append(translate("elevation", "air {way}").format(way=air_words(box)))
    if box.id in column.troubles:
        parts.append(trouble_words(column.troubles[box.id]))
    if box.id in column.against:
        parts.append(translate("elevation", "blows warm air to the front"))
    return ", ".join(parts)
