"""Does the electrical path carry it: every box at its largest draw, in normal operation and with one path lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import sqrt

import numpy as np

from twin.catalogue.cooling import AirCooler, Chiller, HeatRejection, Pump
from twin.layout.finding import Finding, kw
from twin.layout.floor import FittedDevice, Floor, FloorPower, FloorRack
from twin.layout.geometry import middle
from twin.layout.model import Side
from twin.layout.rules.path import continuous_findings, phase_findings, rack_phase
from twin.layout.rules.racks import first_racks
from twin.physics import FloatArray

Feeds = tuple[str, ...]  # nodes of sides A and B, the active one first
Demand = dict[tuple[Feeds, bool], float]  # (feeds, shared) -> W
WATER_KG_M3 = 998.0
"""Density of water at 20 °C. Source: IAPWS R7-97."""
TOLERANCE = 1e-9
LOSSES_AT_ONCE = 500
"""Failures reckoned together: bounds the memory of large halls."""


def load_findings(floor: Floor) -> Iterator[Finding]:
    """Overload against rating. Losses of the path are not counted; VA is taken as W at power factor 1."""
    yield from _strips(floor)
    demand = demands(floor)
    order = upstream_order(floor)
    normal = node_loads(floor, demand, order, frozenset())
    n_over = set()
    for node in floor.power.values():
        limit = limit_w(node)
        if limit is not None and normal[node.id] > limit * (1 + TOLERANCE):
            n_over.add(node.id)
            text = f"would carry {kw(normal[node.id])} ({normal[node.id] / limit:.0%}), it is rated {kw(limit)}"
            yield Finding("power.overload", "error", node.id, text, "move load away or enlarge it", _at(node))
    breakers = {node.id: w for node in floor.power.values() if (w := breaker_w(node)) is not None}
    yield from continuous_findings(floor, normal, breakers)
    yield from _phases(floor, order)
    yield from _failovers(floor, demand, order, n_over)


def _phases(floor: Floor, order: list[str]) -> Iterator[Finding]:
    """Only where some rack hangs on one phase: loads of each phase alone, then those of all three."""
    phases = {rack.id: rack_phase(rack) for rack in floor.racks.values()}
    if all(phase < 0 for phase in phases.values()):
        return
    loads_w = {}
    for phase in (-1, 0, 1, 2):
        demand: Demand = defaultdict(float)
        for box in floor.fitted.values():
            if phases[box.rack] == phase:
                _add(demand, box.feeds, box.spec.power_policy == "shared", box.max_w)
        loads_w[phase] = node_loads(floor, demand, order, frozenset())
    yield from phase_findings(floor, loads_w)


def _failovers(floor: Floor, demand: Demand, order: list[str], n_over: set[str]) -> Iterator[Finding]:
    """The worst load of each node when any one node is lost."""
    worst = worst_loads(floor, demand, order)
    for node in floor.power.values():
        limit = limit_w(node)
        load_w, lost = worst.get(node.id, (0.0, ""))
        if limit is not None and node.id not in n_over and load_w > limit * (1 + TOLERANCE):
            text = f"would carry {kw(load_w)} ({load_w / limit:.0%}) if {lost} fails, it is rated {kw(limit)}"
            yield Finding("power.failover", "warning", node.id, text, "move load away or enlarge it", _at(node))


def worst_loads(floor: Floor, demand: Demand, order: list[str]) -> dict[str, tuple[float, str]]:
    """Largest load of each node, W, over the loss of every single node, and the node lost; all losses at once.

    Sharing is that of `node_loads`. Of losses that weigh the same the first one drawn is named.
    """
    names = list(floor.power)
    best: dict[str, tuple[float, str]] = {}
    for at in range(0, len(names), LOSSES_AT_ONCE):
        lost = names[at : at + LOSSES_AT_ONCE]
        live = _live_by_loss(floor, order, lost)
        loads = {name: np.zeros(len(lost)) for name in names}
        for (feeds, is_shared), draw_w in demand.items():
            _spread(feeds, is_shared, np.full(len(lost), draw_w), live, loads)
        for name in order:
            node = floor.power[name]
            inputs = tuple(up for up in node.spec.inputs if up in live)
            _spread(inputs, node.device.role == "switchboard", loads[name], live, loads)
        for name in names:
            k = int(np.argmax(loads[name]))
            if float(loads[name][k]) > best.get(name, (0.0, ""))[0] * (1 + TOLERANCE):
                best[name] = float(loads[name][k]), lost[k]
    return best


def _spread(
    ends: Feeds, is_shared: bool, load_w: FloatArray, live: Mapping[str, np.ndarray], loads: dict[str, FloatArray]
) -> None:
    """Add a load, (n_losses,), to its live ends: equal shares of all, or all on the first one."""
    ends = tuple(name for name in ends if name in live)
    if is_shared:
        n_live = np.maximum(sum((live[name] for name in ends), np.zeros(len(load_w))), 1.0)
        for name in ends:
            loads[name] += load_w * live[name] / n_live
        return
    is_free = np.ones(len(load_w))
    for name in ends:
        loads[name] += load_w * live[name] * is_free
        is_free *= 1.0 - live[name]


def _live_by_loss(floor: Floor, order: list[str], lost: list[str]) -> dict[str, np.ndarray]:
    """1 where a node still has a source above it when another is lost, (n_losses,) by node."""
    live: dict[str, np.ndarray] = {}
    for name in reversed(order):
        inputs = [up for up in floor.power[name].spec.inputs if up in floor.power]
        has_source = np.max([live[up] for up in inputs], axis=0) if inputs else np.ones(len(lost))
        live[name] = has_source * np.array([other != name for other in lost])
    return live


def demands(floor: Floor) -> Demand:
    """Largest draws summed by the nodes they hang on, W; cooling and plant at their ratings, spares included."""
    demand: Demand = defaultdict(float)
    for box in floor.fitted.values():
        _add(demand, box.feeds, box.spec.power_policy == "shared", box.max_w)
    for cooler in floor.coolers.values():
        own_w = cooler.device.fan_max_w if isinstance(cooler.device, AirCooler) else cooler.device.pump_max_w or 0.0
        _add(demand, cooler.spec.feeds, True, own_w)
    for item in floor.plant.values():
        _add(demand, item.spec.feeds, True, item.spec.count * plant_w(item.device))
    return demand


def _add(demand: Demand, feeds: Mapping[Side, str], is_shared: bool, draw_w: float) -> None:
    if feeds and draw_w > 0:
        demand[tuple(feeds[side] for side in sorted(feeds)), is_shared] += draw_w


def plant_w(device: object) -> float:
    """Electrical power of one plant item at its rating point, W."""
    if isinstance(device, Chiller):
        return device.rated_w / device.rated_cop
    if isinstance(device, HeatRejection):
        return device.fan_max_w
    if isinstance(device, Pump):
        return device.rated_kg_s / WATER_KG_M3 * device.rated_head_pa / device.efficiency_frac
    return 0.0


def upstream_order(floor: Floor) -> list[str]:
    """Nodes with the loads first and the sources last; needs a path without cycles."""
    order: list[str] = []
    state: dict[str, bool] = {}
    for start in floor.power:
        stack = [(start, False)]
        while stack:
            name, is_left = stack.pop()
            if is_left:
                order.append(name)
            elif name not in state:
                state[name] = True
                stack.append((name, True))
                stack += [(up, False) for up in floor.power[name].spec.inputs if up in floor.power]
    return order[::-1]


def node_loads(floor: Floor, demand: Demand, order: list[str], lost: frozenset[str]) -> dict[str, float]:
    """Load of each node, W, with some nodes lost.

    A box with two live sides takes half from each (or all from A when it holds B in reserve), all from the one that
    lives. A transfer switch or UPS takes its first live input, a switchboard shares over its live inputs.
    """
    live = _live(floor, order, lost)
    loads = dict.fromkeys(floor.power, 0.0)
    for (feeds, is_shared), draw_w in demand.items():
        ends = [name for name in feeds if name in live]
        for name in ends if is_shared else ends[:1]:
            loads[name] += draw_w / (len(ends) if is_shared else 1)
    for name in order:
        node = floor.power[name]
        ends = [up for up in node.spec.inputs if up in live]
        used = ends if node.device.role == "switchboard" else ends[:1]
        for up in used:
            loads[up] += loads[name] / len(used)
    return loads


def _live(floor: Floor, order: list[str], lost: frozenset[str]) -> set[str]:
    """Nodes that still have a source above them."""
    live: set[str] = set()
    for name in reversed(order):
        inputs = floor.power[name].spec.inputs
        if name not in lost and (not inputs or any(up in live for up in inputs)):
            live.add(name)
    return live


def breaker_w(node: FloorPower) -> float | None:
    """Power at the rated current of the breaker at a node's input; none without a breaker or a voltage."""
    volts, amps = node.device.voltage_in_v, node.spec.breaker_a
    if volts is None or amps is None:
        return None
    return volts * amps * (sqrt(3) if node.device.phases == 3 else 1.0)


def limit_w(node: FloorPower) -> float | None:
    """What a node may carry, W: its rating, or its breaker where that is smaller."""
    most_w = breaker_w(node)
    if most_w is None:
        return node.rated_w
    return most_w if node.rated_w is None else min(most_w, node.rated_w)


def _strips(floor: Floor) -> Iterator[Finding]:
    """Rack PDUs: half the rack on each side, all of it when the other side is lost."""
    for rack in first_racks(floor):
        powered = [box for box in rack.fitted if box.max_w > 0 and box.feeds]
        sides: list[Side] = ["A", "B"]
        for side in sides:
            limit = rack.strip_rating_w(side)
            if limit <= 0:
                continue
            half_w = sum(_share(box, side) for box in powered)
            full_w = sum(box.max_w for box in powered if side in box.feeds)
            if half_w > limit:
                yield _strip_finding(rack, "power.overload", "", side, half_w, limit)
            elif full_w > limit:
                other = "B" if side == "A" else "A"
                yield _strip_finding(rack, "power.failover", f" if side {other} fails", side, full_w, limit)


def _share(box: FittedDevice, side: Side) -> float:
    if side not in box.feeds:
        return 0.0
    if box.spec.power_policy == "active_standby":
        return box.max_w if side == min(box.feeds) else 0.0
    return box.max_w / len(box.feeds)


def _strip_finding(rack: FloorRack, rule: str, when: str, side: Side, load_w: float, limit: float) -> Finding:
    text = f"would draw {kw(load_w)} ({load_w / limit:.0%}) on side {side}{when}, its rack PDUs carry {kw(limit)}"
    hint = "add or enlarge a rack PDU"
    return Finding(rule, "error" if rule == "power.overload" else "warning", rack.id, text, hint, rack.centre_m)


def _at(node: FloorPower) -> tuple[float, float] | None:
    return middle(node.outline_m) if node.outline_m else None
