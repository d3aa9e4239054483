"""From the drawing to coolant loops: volumes, flows, exchangers, and chips on their plates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.cooling import Cdu
from twin.catalogue.library import Catalogue
from twin.errors import DocumentError, TwinError, raise_all
from twin.layout.floor import Floor, FloorCooler, FloorRack
from twin.layout.model import Loop
from twin.layout.wet import is_immersed, liquid_frac, liquid_heat_w
from twin.physics.coolant import density_kg_m3, flow_for_heat_kg_s, heat_j_kg_k
from twin.physics.coolant_loop import LoopLaw
from twin.physics.exchanger import rated_ua_w_k
from twin.plant.liquid import Liquid
from twin.plant.liquid_flow import Branches, Circuits, Units

RANGE_K = 10.0
"""Rise of coolant and of water at the rating of a unit, where no flow is given. Estimate: the usual design value."""
PUMP_EFFICIENCY_FRAC = 0.6
"""Wire to water of the pumps of a unit: their head follows from watts and flow. Estimate: 0.55 to 0.65 at this size."""
OTHERWISE_PA = 200e3
"""Head of a unit whose sheet gives no pump watts. Estimate: 150 to 280 kPa (40 psi) of coolant units."""
HEADER_S = 14.0
"""Coolant outside the racks, over the rated flow. Estimate: 150 L in a row unit of 1.3 MW and 40 m of DN100."""
RACK_KG_PER_W = {"water": 0.15e-3, "pg25": 0.15e-3, "oil": 10e-3}
"""Coolant in plates, hoses and manifolds of a rack, or in a tank, per watt of its largest heat. Estimates: 15 to 20 L
in a rack of 120 kW; a tank of 1 m3 for about 90 kW."""
MOST_KINDS = 16
"""Kinds of racks told apart on one loop as far as can be: a step costs as their square, finding it as their cube."""
LEAST_HEADER_FRAC = 0.2
"""Least part of a drawn volume that is outside the racks."""
PLATE_J_K_PER_W = 0.45
"""Heat capacity of chips and plates per watt of the largest heat. Estimate: 0.6 kg of copper and package at 560 W."""
CHIP_RISE_K = {"water": 30.0, "pg25": 30.0, "oil": 45.0}
"""A chip at its TDP above the coolant that leaves its plate, where its sheet says nothing. Estimates: 0.025 to 0.05 K/W
of plates at 500 to 1,200 W; heat sinks in oil are about half as good again as far away."""
THROTTLE_C, TRIP_C = 90.0, 95.0
"""Chips slow down and switch off here, where sheets say nothing. Estimate: data centre GPUs report slowdown at 87 to
97 °C and shutdown 5 K above; boards of V100 are shut at 92 °C (OpenBMC, ibm-openbmc/openbmc pull request 95)."""


@dataclass(frozen=True, slots=True)
class Chips:
    """What the chips of one rack bear: rise above its coolant at their most, and their limits."""

    rise_k: float
    throttle_c: float
    trip_c: float


def distribution_units(floor: Floor) -> list[FloorCooler]:
    """Coolant distribution units that stand on the floor."""
    return [c for c in floor.coolers.values() if isinstance(c.device, Cdu)]


def water_below(floor: Floor) -> list[str]:
    """Water loops that liquid heat goes to, through units or directly, each once."""
    served = {unit.spec.serves for unit in distribution_units(floor)}
    names = [unit.spec.loop for unit in distribution_units(floor)]
    names += [name for name in _circuit_ids(floor) if name not in served]
    return [name for name in dict.fromkeys(names) if name in floor.loops]


def facility_kg_s(floor: Floor, loop: str) -> float:
    """Water that liquid cooling takes from a loop: units at their rating, and racks on it at their most."""
    units = distribution_units(floor)
    heat_w = sum(unit.device.rated_w for unit in units if unit.spec.loop == loop)
    if loop not in {unit.spec.serves for unit in units}:
        heat_w += sum(liquid_heat_w(floor, rack) for rack in floor.racks.values() if rack.spec.loop == loop)
    return float(flow_for_heat_kg_s("water", heat_w, RANGE_K))


def compile_liquid(floor: Floor, loops: Mapping[str, int], catalogue: Catalogue) -> Liquid:
    """Rows of all units, loops and racks; `loops` maps the chilled loops of the plant to their index.

    A water loop with no plant on it in the drawing takes any heat at its set point: its water comes from outside.
    """
    units = distribution_units(floor)
    _refuse(floor, units, loops)
    waters = {**loops, **{name: len(loops) + i for i, name in enumerate(_outside(floor, loops))}}
    names = list(dict.fromkeys([*_circuit_ids(floor), *(str(unit.spec.serves) for unit in units)]))
    racks = [[r for r in _wet_racks(floor) if r.spec.loop == name] for name in names]
    rows = _unit_rows(floor, units, names, waters)
    circuits, kinds = _circuit_rows(floor, names, racks, rows, waters, catalogue)
    i_rack = {name: i for i, name in enumerate(floor.racks)}
    placed = [(i, rack) for i, group in enumerate(racks) for rack in group]
    chips = [_chips(floor, rack, catalogue) for _, rack in placed]
    branches = Branches(
        i_rack=np.array([i_rack[rack.id] for _, rack in placed], dtype=np.intp),
        i_circuit=np.array([i for i, _ in placed], dtype=np.intp),
        i_kind=np.array([kind for group in kinds for kind in group], dtype=np.intp),
        throttle_c=np.array([one.throttle_c for one in chips], dtype=float),
        trip_c=np.array([one.trip_c for one in chips], dtype=float),
    )
    outside = {name: floor.loops[name].supply_c for name in _outside(floor, loops)}
    return Liquid(rows, circuits, branches, len(i_rack), len(loops), outside)


def _refuse(floor: Floor, units: list[FloorCooler], loops: Mapping[str, int]) -> None:
    problems: list[TwinError] = []
    for unit in units:
        if unit.spec.serves not in floor.loops or unit.spec.loop not in floor.loops:
            what = f"serves {unit.spec.serves or 'no loop'} and hangs on {unit.spec.loop or 'no loop'}"
            problems.append(DocumentError(what, unit.id, "give it a coolant loop to serve and a water loop to hang on"))
        elif unit.spec.serves == unit.spec.loop:
            what = f"serves loop {unit.spec.loop} and hangs on it too, so its heat has no way out"
            problems.append(DocumentError(what, unit.id, "hang it on a water loop"))
    served = {unit.spec.serves for unit in units}
    for name in water_below(floor):
        if name in served:
            what = "is served by a coolant unit, and other units or loops hang on it"
            hint = "hang them on the water of that unit; two exchangers in a row are not simulated"
            problems.append(DocumentError(what, name, hint))
        elif name not in loops and floor.loops[name].role != "facility_water":
            what = f"is a {floor.loops[name].role} loop that takes heat, and nothing cools it"
            problems.append(DocumentError(what, name, "add a chiller, or make it facility_water from outside"))
    raise_all(problems)


def _outside(floor: Floor, loops: Mapping[str, int]) -> list[str]:
    return [name for name in water_below(floor) if name not in loops]


def _wet_racks(floor: Floor) -> list[FloorRack]:
    """Racks with something on liquid that hang on a loop."""
    return [
        rack
        for rack in floor.racks.values()
        if rack.spec.loop in floor.loops and any(liquid_frac(floor, box) > 0.0 for box in rack.fitted)
    ]


def _circuit_ids(floor: Floor) -> list[str]:
    return list(dict.fromkeys(str(rack.spec.loop) for rack in _wet_racks(floor)))


def _heat_capacity(loop: Loop) -> float:
    return float(heat_j_kg_k(loop.medium, loop.supply_c + 0.5 * RANGE_K))


def _rated_kg_s(unit: FloorCooler, loop: Loop) -> float:
    assert isinstance(unit.device, Cdu)
    given = unit.device.rated_flow_kg_s
    return float(given or flow_for_heat_kg_s(loop.medium, unit.device.rated_w, RANGE_K, loop.supply_c + 0.5 * RANGE_K))


def _unit_rows(floor: Floor, units: list[FloorCooler], names: list[str], waters: Mapping[str, int]) -> Units:
    """Ratings of all units; the exchanger is the one that meets its approach with both streams at their rating."""
    devices = [unit.device for unit in units if isinstance(unit.device, Cdu)]
    above = [floor.loops[str(unit.spec.serves)] for unit in units]
    below = [floor.loops[str(unit.spec.loop)] for unit in units]
    kg_s = np.array([_rated_kg_s(unit, loop) for unit, loop in zip(units, above, strict=True)], dtype=float)
    rated_w = np.array([device.rated_w for device in devices], dtype=float)
    pump_w = np.array([device.pump_max_w or 0.0 for device in devices], dtype=float)
    density = np.array([density_kg_m3(loop.medium, loop.supply_c) for loop in above], dtype=float)
    rated_pa = np.where(pump_w > 0.0, pump_w * PUMP_EFFICIENCY_FRAC * density / kg_s, OTHERWISE_PA)
    water_j = np.array([heat_j_kg_k(loop.medium, loop.supply_c + 0.5 * RANGE_K) for loop in below], dtype=float)
    water_kg_s = rated_w / (water_j * RANGE_K)
    coolant_w_k = kg_s * np.array([_heat_capacity(loop) for loop in above], dtype=float)
    between_k = np.array([device.approach_k for device in devices], dtype=float) + rated_w / np.maximum(
        coolant_w_k, 1.0
    )
    n = len(units)
    return Units(
        ids=[unit.id for unit in units],
        i_circuit=np.array([names.index(str(unit.spec.serves)) for unit in units], dtype=np.intp),
        i_water=np.array([waters[str(unit.spec.loop)] for unit in units], dtype=np.intp),
        rated_w=rated_w,
        pump_w=pump_w,
        rated_kg_s=kg_s,
        rated_pa=rated_pa,
        water_kg_s=water_kg_s,
        water_j_kg_k=water_j,
        ua_w_k=np.asarray(rated_ua_w_k(rated_w, coolant_w_k, water_kg_s * water_j, between_k)) if n else np.zeros(0),
        pump_frac=np.array([unit.spec.pump_frac for unit in units], dtype=float),
        is_up=np.ones(n, dtype=bool),
        is_fed=np.ones(n, dtype=bool),
    )


def _circuit_rows(
    floor: Floor,
    names: list[str],
    racks: Sequence[list[FloorRack]],
    units: Units,
    waters: Mapping[str, int],
    catalogue: Catalogue,
) -> tuple[Circuits, list[list[int]]]:
    """Loops as rows, and of each loop the kind of each of its racks. Racks share the flow by their largest heat."""
    served = set(units.i_circuit.tolist())
    loops = [floor.loops[name] for name in names]
    heat_j = np.array([_heat_capacity(loop) for loop in loops], dtype=float)
    found = []
    for i, (loop, group) in enumerate(zip(loops, racks, strict=True)):
        kg_s = float(units.rated_kg_s[units.i_circuit == i].sum())
        if i not in served:
            kg_s = sum(liquid_heat_w(floor, rack) for rack in group) / (heat_j[i] * RANGE_K)
        found.append(_volumes(floor, loop, group, kg_s, i not in served, catalogue))
    head_pa = _design_pa(loops, units)
    design_kg_s = np.array([one.kg_s for one in found], dtype=float)
    is_direct = np.array([i not in served for i in range(len(names))], dtype=bool)
    circuits = Circuits(
        ids=names,
        set_c=np.array([loop.supply_c for loop in loops], dtype=float),
        coolant_j_kg_k=heat_j,
        opening=np.where(is_direct, 0.0, design_kg_s / np.sqrt(np.maximum(head_pa, 1.0))),
        i_direct=np.array(
            [waters[name] if direct else -1 for name, direct in zip(names, is_direct.tolist(), strict=True)],
            dtype=np.intp,
        ),
        direct_kg_s=np.where(is_direct, design_kg_s, 0.0),
        law=_law(found, heat_j),
    )
    return circuits, [one.kind_of_rack for one in found]


def _design_pa(loops: list[Loop], units: Units) -> np.ndarray:
    """Head over the branches of each loop at its rated flow: as drawn, else the mean of what its units give."""
    n = len(loops)
    flow = np.bincount(units.i_circuit, units.rated_kg_s, n)
    given = np.bincount(units.i_circuit, units.rated_kg_s * units.rated_pa, n) / np.maximum(flow, 1e-9)
    return np.array([loop.head_pa or head for loop, head in zip(loops, given.tolist(), strict=True)], dtype=float)


@dataclass(frozen=True, slots=True)
class Volumes:
    """One loop in kilograms and watts: its flow, its headers, and its kinds of racks."""

    kg_s: float
    header_kg: float
    kinds: list[tuple[float, ...]]  # flow kg/s, coolant kg, plates J/K, plates W/K of one rack
    n_racks: list[int]
    kind_of_rack: list[int]


def _volumes(
    floor: Floor, loop: Loop, racks: list[FloorRack], kg_s: float, is_direct: bool, catalogue: Catalogue
) -> Volumes:
    heat_w = [max(liquid_heat_w(floor, rack), 1.0) for rack in racks]
    # Headers of a loop fed directly are part of its water.
    rack_kg, header_kg = RACK_KG_PER_W[loop.medium], kg_s * (2.0 if is_direct else HEADER_S)
    if loop.volume_m3 is not None and not is_direct:
        total_kg = loop.volume_m3 * float(density_kg_m3(loop.medium, loop.supply_c))
        header_kg = max(total_kg - rack_kg * sum(heat_w), LEAST_HEADER_FRAC * total_kg)
        rack_kg = (total_kg - header_kg) / sum(heat_w) if racks else rack_kg
        header_kg = header_kg if racks else total_kg
    rows = []
    for rack, most_w in zip(racks, heat_w, strict=True):
        rise_k = _chips(floor, rack, catalogue).rise_k
        rows.append((kg_s * most_w / sum(heat_w), rack_kg * most_w, PLATE_J_K_PER_W * most_w, most_w / rise_k))
    keys: list[object] = [tuple(float(f"{value:.9g}") for value in row) for row in rows]
    if len(set(keys)) > MOST_KINDS:  # neighbours by heat are one kind
        order = sorted(range(len(rows)), key=lambda i: rows[i][2])
        parts = np.array_split(np.array(order), MOST_KINDS)
        keys = [next(k for k, part in enumerate(parts) if i in part) for i in range(len(rows))]
    index = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    kinds = [tuple(np.mean([row for row, of in zip(rows, keys, strict=True) if of == key], axis=0)) for key in index]
    if not racks:  # a unit without racks pumps through a bypass
        kinds = [(kg_s, 0.1 * max(header_kg, 1.0), 1.0, 1.0)]
    n_racks = [keys.count(key) for key in index] or [1]
    return Volumes(kg_s, max(header_kg, 1.0), kinds, n_racks, [index[key] for key in keys])


def _law(found: list[Volumes], heat_j: np.ndarray) -> LoopLaw:
    n, k = len(found), max([len(one.kinds) for one in found], default=1)
    columns = np.ones((4, n, k))
    columns[0] = columns[3] = 0.0
    n_racks = np.zeros((n, k))
    for i, one in enumerate(found):
        columns[:, i, : len(one.kinds)] = np.array(one.kinds).T
        n_racks[i, : len(one.kinds)] = one.n_racks
    header_j_k = np.array([one.header_kg for one in found], dtype=float) * heat_j
    is_there = n_racks > 0
    return LoopLaw(
        supply_j_k=0.5 * header_j_k,
        return_j_k=0.5 * header_j_k,
        n_racks=n_racks,
        flow_w_k=columns[0] * heat_j[:, None],
        coolant_j_k=np.where(is_there, columns[1] * heat_j[:, None], 1.0),
        plate_j_k=columns[2],
        plate_w_k=columns[3],
    )


def _chips(floor: Floor, rack: FloorRack, catalogue: Catalogue) -> Chips:
    """The chips of a rack, weighted by their watts; the lowest limits of any."""
    otherwise_k = CHIP_RISE_K["oil" if is_immersed(floor, rack) else "pg25"]
    weight = rise = 0.0
    throttle_c, trip_c = np.inf, np.inf
    for box in rack.fitted:
        if not isinstance(box.device, Server) or liquid_frac(floor, box) <= 0.0:
            continue
        for fitted in box.device.accelerators:
            chip = catalogue.find(fitted.type, Accelerator, f"{box.id} accelerators")
            watts = fitted.count * (chip.tdp_w or 1.0)
            chip_k = chip.plate_k_w * (chip.tdp_w or 0.0) if chip.plate_k_w else otherwise_k
            weight, rise = weight + watts, rise + watts * chip_k
            throttle_c = min(throttle_c, chip.throttle_c or THROTTLE_C)
            trip_c = min(trip_c, chip.trip_c or max(TRIP_C, (chip.throttle_c or 0.0) + 5.0))
    return Chips(
        rise / weight if weight else otherwise_k,
        throttle_c if np.isfinite(throttle_c) else THROTTLE_C,
        trip_c if np.isfinite(trip_c) else TRIP_C,
    )
