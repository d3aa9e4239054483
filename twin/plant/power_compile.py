"""From the drawn electrical path to its arrays: nodes, cords, batteries, breakers."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np

from twin.catalogue.electrical import LossCurve
from twin.errors import CatalogueError, DocumentError
from twin.layout.floor import Floor, FloorPower
from twin.plant.power import Feed, Loss, Node, PowerPath
from twin.plant.storage import Pack, Storage
from twin.plant.trips import Guard, Trips, default_curve

RETURN_S = {"ats": 300.0, "sts": 10.0}
"""Wait before a switch goes back to its preferred source. Estimate: minutes for an ATS, seconds for an STS."""
ECO_GAP_S = 0.004
"""Gap while a UPS in eco mode takes its load over. Estimate: 2 to 10 ms in makers' brochures."""


def compile_power(floor: Floor, consumers: Mapping[str, Feed]) -> PowerPath:
    """The path of a layout; `consumers` says how each thing hangs on it, by index of `floor.power`."""
    drawn = list(floor.power.values())
    index = {node.id: i for i, node in enumerate(drawn)}
    return PowerPath(
        nodes=[_node(node, index) for node in drawn],
        feeds=list(consumers.values()),
        storage=Storage([pack for i, node in enumerate(drawn) if (pack := _pack(i, node)) is not None]),
        trips=Trips([guard for i, node in enumerate(drawn) for guard in _guards(i, node)]),
    )


def _node(node: FloorPower, index: Mapping[str, int]) -> Node:
    device = node.device
    role = device.role
    return Node(
        id=node.id,
        role=role,
        parents=tuple(index[name] for name in node.spec.inputs),
        rated_w=_rated_w(node),
        limit_w=node.rated_w or np.inf,
        loss=_mode_loss(node) if role != "ups" else _terms(device.loss, _rated_w(node)),
        eco_loss=_mode_loss(node) if role == "ups" and node.spec.mode else None,
        battery_loss=_terms(device.modes.get("battery") or device.loss, _rated_w(node)) if role == "ups" else None,
        n_modules=device.modules,
        module_w=device.module_w or (node.rated_w or np.inf) / device.modules,
        is_indoors=node.outline_m is not None,
        group=node.spec.group or "",
        start_s=device.start_s or 0.0,
        step_frac=1.0 if device.step_frac is None else device.step_frac,
        smoothing_j=device.smoothing_j,
        round_trip_frac=device.smoothing_round_trip_frac,
        transfer_s=device.transfer_s if device.transfer_s is not None else ECO_GAP_S if role == "ups" else 0.0,
        return_s=device.return_s if device.return_s is not None else RETURN_S.get(role, 0.0),
    )


def _rated_w(node: FloorPower) -> float:
    curve = node.device.loss
    if node.rated_w is None and curve is not None and curve.offset_w is None:
        raise CatalogueError(
            f"{node.device.id} has losses but no rating", node.id, "add rated_w to the sheet or the node"
        )
    return node.rated_w or 1.0


def _mode_loss(node: FloorPower) -> Loss:
    curve: LossCurve | None = node.device.loss
    if node.spec.mode:
        can_be_set = {name: curve for name, curve in node.device.modes.items() if name != "battery"}
        curve = can_be_set.get(node.spec.mode)
        if curve is None:
            known = ", ".join(can_be_set) or "none"
            raise CatalogueError(f"{node.device.id} has no mode {node.spec.mode!r}", node.id, f"its modes: {known}")
    return _terms(curve, _rated_w(node))


def _terms(curve: LossCurve | None, rated_w: float) -> Loss:
    return curve.terms(rated_w) if curve is not None else (0.0, 0.0, 0.0)


def _pack(i_node: int, node: FloorPower) -> Pack | None:
    if node.battery is None or node.device.role != "ups":
        return None
    if not node.battery.power_w_at_s and node.battery.energy_j is None:
        raise CatalogueError(
            f"{node.battery.id} has neither a power table nor an energy", node.id, "add one to its sheet"
        )
    if len(node.battery.power_w_at_s) == 1:
        raise CatalogueError(f"{node.battery.id}: a power table of 1 point, 2 are needed", node.id, "add points")
    spec = node.spec
    return Pack(i_node, node.battery, spec.battery_count, spec.battery_capacity_frac, spec.battery_c, _rated_w(node))


def _guards(i_node: int, node: FloorPower) -> list[Guard]:
    found = []
    if node.spec.breaker_a is not None:
        found.append(Guard(i_node, breaker_w(node), node.spec.breaker_curve or default_curve(node.spec.breaker_a),
                           node.spec.breaker_tms))  # fmt: skip
    if node.device.role == "ups" and node.rated_w is not None:
        found.append(Guard(i_node, node.rated_w, "UPS"))
    return found


def breaker_w(node: FloorPower) -> float:
    """Power at the rated current of the breaker at a node's input."""
    volts, amps = node.device.voltage_in_v, node.spec.breaker_a
    if volts is None or amps is None:
        raise DocumentError(
            f"has a breaker of {amps or 0:g} A, but {node.device.id} gives no voltage_in_v to turn it into watts",
            node.id,
            "add voltage_in_v to the sheet",
        )
    return volts * amps * (sqrt(3.0) if node.device.phases == 3 else 1.0)
