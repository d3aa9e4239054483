"""What must work for a rack to have power: the electrical path with its failure rates, batteries and standby sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil

import numpy as np

from twin.catalogue.compute import Server
from twin.catalogue.rates import RateBook, Rates
from twin.errors import DocumentError, TwinError, raise_all
from twin.layout.floor import FittedDevice, Floor, FloorRack
from twin.layout.rules.load import demands, node_loads, upstream_order
from twin.physics.reliability import HOURS_PER_YEAR, common_cause

SWITCHES = frozenset({"ats", "sts"})
SOURCES = frozenset({"utility", "generator"})
TOLERANCE = 1e-9

Cords = tuple[int, ...]
"""Elements one box hangs on; any of them suffices."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the path."""

    id: str
    role: str
    parents: tuple[int, ...]
    needs: int  # how many of them must live
    fails_1_h: float  # of it alone
    repair_h: float
    start_failure: float = 0.0  # of a standby generator
    run_fails_1_h: float = 0.0
    ready_h: float = 0.0  # from the call to the load, with the transfer
    ride_h: float = 0.0  # how long its battery carries it
    flat_battery: float = 0.0  # share of discharges in which the battery gives nothing


@dataclass(frozen=True, slots=True)
class CommonCause:
    """Failures that strike several elements of one role at once."""

    id: str
    members: tuple[int, ...]
    fails_1_h: float
    repair_h: float


@dataclass(frozen=True, slots=True)
class Supply:
    """The path in the order of the layout, what calls its generators, and the cords of each rack."""

    elements: Sequence[Element]
    order: Sequence[int]  # sources first
    causes: Sequence[CommonCause]
    watched: Mapping[int, tuple[int, ...]]  # standby generator -> where it steps in for the utility
    racks: Mapping[str, frozenset[Cords]]  # rack -> cords of its servers; it is up while all of them are
    causes_of: Sequence[tuple[int, ...]] = field(default=())

    @property
    def ids(self) -> list[str]:
        """Names of all elements."""
        return [one.id for one in self.elements]


def supply_of(floor: Floor, book: RateBook, ride_through_s: Mapping[str, float]) -> Supply:
    """The supply of a layout; ride_through_s: how long the battery of a UPS carries its usual load.

    DocumentError for feeds in a circle and racks without any; CatalogueError for roles without rates.
    """
    index = {name: i for i, name in enumerate(floor.power)}
    order = _order(floor, index)
    parents = [tuple(index[name] for name in node.spec.inputs) for node in floor.power.values()]
    rates = _rates(floor, book)
    roles = [node.device.role for node in floor.power.values()]
    watched = _watched(order, roles, parents)
    needs = _needs(floor)
    causes = _causes(floor, rates)
    causes_of = tuple(tuple(k for k, cause in enumerate(causes) if i in cause.members) for i in range(len(roles)))
    elements = []
    for i, (name, node) in enumerate(floor.power.items()):
        own, standby = rates[i], i in watched
        alone = common_cause(own.failures_per_year, own.common_cause_frac if causes_of[i] else 0.0)[0]
        gaps_s = [floor.power[_name(floor, w)].device.transfer_s or 0.0 for w in watched.get(i, ())]
        elements.append(
            Element(
                id=name,
                role=roles[i],
                parents=parents[i],
                needs=needs[name],
                # A generator with no utility beside it runs all the time.
                fails_1_h=alone / HOURS_PER_YEAR + (0.0 if standby else own.run_failures_per_h),
                repair_h=own.repair_h,
                start_failure=own.start_failure_frac if standby else 0.0,
                run_fails_1_h=own.run_failures_per_h if standby else 0.0,
                ready_h=((node.device.start_s or 0.0) + max(gaps_s, default=0.0)) / 3600.0,
                ride_h=ride_through_s.get(name, 0.0) / 3600.0,
                flat_battery=_flat(floor, book, name) if ride_through_s.get(name) else 0.0,
            )
        )
    return Supply(elements, order, causes, watched, _racks(floor, index), causes_of)


def _name(floor: Floor, i: int) -> str:
    return list(floor.power)[i]


def _order(floor: Floor, index: Mapping[str, int]) -> list[int]:
    order = [index[name] for name in reversed(upstream_order(floor))]
    seen: set[int] = set()
    for i in order:
        node = floor.power[_name(floor, i)]
        if late := [name for name in node.spec.inputs if index[name] not in seen]:
            raise DocumentError(f"feeds go round in a circle through {late[0]}", node.id, "cut one of the feeds")
        seen.add(i)
    return order


def _rates(floor: Floor, book: RateBook) -> list[Rates]:
    found: list[Rates] = []
    problems: list[TwinError] = [
        DocumentError(f"no element {name!r} in the layout", "rates elements", "mend its name or take it out")
        for name in book.strangers(set(floor.power))
    ]
    for name, node in floor.power.items():
        try:
            found.append(book.of(name, node.device.role, node.device.reliability))
        except TwinError as error:
            problems.append(error)
    raise_all(problems)
    return found


def _flat(floor: Floor, book: RateBook, name: str) -> float:
    battery = floor.power[name].battery
    return book.of(f"{name} battery", "battery", battery.reliability if battery else None).start_failure_frac


def _needs(floor: Floor) -> dict[str, int]:
    """How many inputs of each node must live: one of a switch, of a board as many as its largest load takes."""
    load_w = node_loads(floor, demands(floor), upstream_order(floor), frozenset())
    found = {}
    for name, node in floor.power.items():
        ratings_w = [floor.power[p].rated_w for p in node.spec.inputs]
        found[name] = 1
        if len(ratings_w) > 1 and node.device.role not in SWITCHES and None not in ratings_w:
            least_w = min(w for w in ratings_w if w is not None)
            found[name] = min(len(ratings_w), max(1, ceil(load_w[name] / least_w - TOLERANCE)))
    return found


def _causes(floor: Floor, rates: Sequence[Rates]) -> list[CommonCause]:
    """Elements of one role on the same inputs; sources hang on none, so all of a role are together."""
    alike: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for i, node in enumerate(floor.power.values()):
        alike[node.device.role, frozenset(node.spec.inputs)].append(i)
    found = []
    for (role, inputs), members in alike.items():
        per_year = np.mean([common_cause(rates[i].failures_per_year, rates[i].common_cause_frac)[1] for i in members])
        if len(members) > 1 and per_year > 0.0:
            repair_h = float(np.mean([rates[i].repair_h for i in members]))
            on = f" on {', '.join(sorted(inputs))}" if inputs else ""
            name = f"all {len(members)} of role {role}{on}"
            found.append(CommonCause(name, tuple(members), float(per_year) / HOURS_PER_YEAR, repair_h))
    return found


def _watched(
    order: Sequence[int], roles: Sequence[str], parents: Sequence[tuple[int, ...]]
) -> dict[int, tuple[int, ...]]:
    """Where each generator meets the utility, going down; generators that never do are none of these."""
    has_utility: dict[int, bool] = {}
    for i in order:
        has_utility[i] = roles[i] == "utility" or any(has_utility[p] for p in parents[i])
    children: dict[int, list[int]] = defaultdict(list)
    for i, ups in enumerate(parents):
        for p in ups:
            children[p].append(i)
    found = {}
    for g in (i for i, role in enumerate(roles) if role == "generator"):
        meets: dict[int, None] = {}
        ways = [g]
        while ways:
            for child in children[ways.pop()]:
                if has_utility[child]:
                    meets[child] = None
                else:
                    ways.append(child)
        if meets:
            found[g] = tuple(meets)
    return found


def _racks(floor: Floor, index: Mapping[str, int]) -> dict[str, frozenset[Cords]]:
    """Cords of the servers of each rack, else of all that draws power in it; racks without any are left out."""
    found = {}
    for rack in floor.racks.values():
        if cords := _cords(rack, index):
            found[rack.id] = cords
    if not found:
        raise DocumentError("no rack has anything that draws power", "racks", "put servers into one and feed them")
    return found


def _cords(rack: FloorRack, index: Mapping[str, int]) -> frozenset[Cords]:
    boxes = [box for box in rack.fitted if box.max_w > 0]
    boxes = [box for box in boxes if isinstance(box.device, Server)] or boxes
    if unfed := [box.id for box in boxes if not box.feeds]:
        raise DocumentError(f"{unfed[0]} has 0 feeds, 1 is needed", rack.id, "join it to a PDU or busway")
    return frozenset(cords for box in boxes for cords in _suffices(box, index))


def _suffices(box: FittedDevice, index: Mapping[str, int]) -> Iterator[Cords]:
    """Cords of a box, of each set of which one must live: of n cords k live where any n - k + 1 have a live one."""
    cords = sorted({index[name] for name in box.feeds.values()})
    psu = box.device.psu if isinstance(box.device, Server) else None
    n_needed = min(psu.least_cords(len(cords)), len(cords)) if psu is not None else 1
    yield from combinations(cords, len(cords) - n_needed + 1)
