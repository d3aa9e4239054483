"""What a diagram shows, before it is laid out: elements with their numbers and state, and the wires between them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from twin.catalogue.device import Device
from twin.layout.finding import Finding
from twin.layout.floor import Floor
from ui import format as fmt
from ui.canvas.plan import rack_facts

translate = QCoreApplication.translate

MANY = 4
"""So many alike, in parallel, are drawn as one."""


@dataclass(frozen=True, slots=True)
class Element:
    """One thing of a diagram; `members` are what it stands for on the drawing, in its order.

    `state` is empty, unfed, over or failed; `severity` that of the worst finding about it; `words` say what it is.
    """

    id: str
    role: str
    name: str
    about: str = ""
    members: tuple[str, ...] = ()
    side: str = ""
    load_w: float | None = None
    limit_w: float | None = None
    state: str = ""
    severity: str = ""
    words: tuple[str, ...] = ()
    family: str = ""
    has_battery: bool = False

    @property
    def share(self) -> float | None:
        """Load over limit; none where one is unknown."""
        return None if self.load_w is None or not self.limit_w else self.load_w / self.limit_w


@dataclass(frozen=True, slots=True)
class Wire:
    """From what gives to what takes; `role` is the side A or B, empty, supply, or circle; dead ones are unfed."""

    source: str
    target: str
    role: str = ""
    is_dead: bool = False


@dataclass(slots=True)
class Graph:
    """A whole diagram."""

    elements: dict[str, Element] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    element_of: dict[str, str] = field(default_factory=dict)  # id on the drawing -> element

    def add(self, element: Element, also: Iterable[str] = ()) -> None:
        """With one more element; `also` are ids that mean it too, such as the racks of a row."""
        self.elements[element.id] = element
        for name in (*element.members, *also):
            self.element_of[name] = element.id

    def wire(self, source: str, target: str, role: str = "", is_dead: bool = False) -> None:
        """With one more wire, unless it is there."""
        wire = Wire(source, target, role, is_dead)
        if wire not in self.wires:
            self.wires.append(wire)


def role_of(device: Device) -> str:
    """The finer word of a sheet: its role, or its kind where it has none."""
    return str(getattr(device, "role", None) or getattr(device, "kind", ""))


def span_name(first: str, last: str) -> str:
    """The names from one to another, what they share written once: `CRAH-1…3`."""
    if first == last:
        return first
    n = 0
    while n < min(len(first), len(last)) and first[n] == last[n] and not first[n].isdigit():
        n += 1
    head = re.match(r"^(.*\D)?\d+$", first)
    if head and head[1] and last.startswith(head[1]):
        n = len(head[1])
    return f"{first}…{last[n:]}"


@dataclass(slots=True)
class RackGroup:
    """Racks drawn as one: those of a row, or of one name and the same feeds."""

    units: list[str] = field(default_factory=list)
    racks: list[str] = field(default_factory=list)


def rack_groups(floor: Floor, key_of: dict[str, tuple[object, ...]]) -> list[RackGroup]:
    """Rows, and racks that stand alone by the stem of their names, as far as they share what `key_of` says."""
    groups: dict[tuple[object, ...], RackGroup] = defaultdict(RackGroup)
    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    for rack in floor.racks.values():
        unit = rack.row or rack.id
        if rack.row:
            key: tuple[object, ...] = (rack.row, key_of[rack.id])
            rows.setdefault(key_of[rack.id], key)
        else:
            key = (re.sub(r"\d+$", "", rack.id), key_of[rack.id])
        group = groups[key]
        group.racks.append(rack.id)
        if unit not in group.units:
            group.units.append(unit)
    for key in [key for key, group in groups.items() if len(group.racks) == 1 and key[1]]:
        row = rows.get(key[1])  # type: ignore[call-overload]
        if row is not None and row != key and row in groups:
            lone = groups.pop(key)
            groups[row].units += lone.units
            groups[row].racks += lone.racks
    return list(groups.values())


def rack_element(floor: Floor, catalogue: object, group: RackGroup) -> Element:
    """The element of some racks: their names, their count and their largest draw."""
    n = len(group.racks)
    first, last = group.units[0], group.units[-1]
    name = span_name(first, last)
    if first in floor.row_racks and len(group.units) > 1:
        name = f"{first} + {len(group.units) - 1}"
    about = translate("diagrams", "{n} racks").format(n=n) if n > 1 else translate("diagrams", "1 rack")
    family = rack_facts(floor.racks[group.racks[0]], catalogue).family  # type: ignore[arg-type]
    load_w = sum(floor.racks[rack].max_w for rack in group.racks)
    return Element(f"racks:{first}", "racks", name, about, tuple(group.units), load_w=load_w, family=family)


def worst_of(findings: Sequence[Finding], names: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Severity of the worst finding about these, and what the findings say; notes are not told."""
    wanted = set(names)
    found = [f for f in findings if f.place in wanted and f.severity in ("error", "warning")]
    severity = "critical" if any(f.severity == "error" for f in found) else "warning" if found else ""
    return severity, tuple(f"{f.place} {f.what}; {f.hint}" for f in found[:4])


def kw(power_w: float | None) -> str:
    """Power in the unit that fits."""
    return fmt.WATT.text(power_w)
