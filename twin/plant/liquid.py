"""Heat that leaves racks by liquid: coolant loops, their distribution units, and the water these stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from twin.catalogue.compute import Server
from twin.catalogue.cooling import Cdu
from twin.catalogue.network import Switch
from twin.errors import DocumentError, TwinError, raise_all
from twin.layout.floor import FittedDevice, Floor, FloorCooler
from twin.physics import FloatArray
from twin.physics.coil import WATER_HEAT_J_KG_K

RANGE_K = 10.0
"""Rise of facility water through a distribution unit at its rating. Estimate: 10 K, the usual design value."""


@dataclass(slots=True)
class LiquidStep:
    """Heat into each chilled loop and out of the drawing, W, and what came from racks and pumps."""

    loop_w: FloatArray  # (n_loops,)
    outside_w: float
    from_racks_w: float
    pump_w: float


@dataclass(slots=True)
class Liquid:
    """Distribution units as rows (n,), and the coolant loops they serve; without thermal mass."""

    ids: list[str] = field(default_factory=list)
    rated_w: FloatArray = field(default_factory=lambda: np.zeros(0))
    full_pump_w: FloatArray = field(default_factory=lambda: np.zeros(0))
    i_circuit: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))  # coolant loop each serves
    i_loop: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))  # chilled loop below it, or -1
    is_up: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))  # faults
    is_fed: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))  # power path
    circuits: list[str] = field(default_factory=list)
    circuit_of_rack: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))  # (n_racks,), or -1
    direct_loop: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))  # of circuits without units
    outside: list[str] = field(default_factory=list)  # water loops that nothing drawn cools
    _last: tuple[FloatArray, bytes, LiquidStep] | None = None  # racks, units that ran, what came of it

    @property
    def is_running(self) -> np.ndarray:
        """Which units run, (n,)."""
        return np.asarray(self.is_up & self.is_fed)

    def pump_w(self) -> FloatArray:
        """Watts of the pumps of each unit; they run at their full speed whatever the heat."""
        return np.where(self.is_running, self.full_pump_w, 0.0)

    def has_flow(self) -> np.ndarray:
        """Whether coolant flows in each circuit; one without units is fed by its water loop directly."""
        n = len(self.circuits)
        running = np.bincount(self.i_circuit, self.is_running, n)
        return np.asarray((running > 0) | (np.bincount(self.i_circuit, minlength=n) == 0))

    def has_coolant(self) -> np.ndarray:
        """Whether each rack has the coolant its liquid-cooled boxes need, (n_racks,)."""
        result = np.ones(len(self.circuit_of_rack), dtype=bool)
        is_wet = self.circuit_of_rack >= 0
        result[is_wet] = self.has_flow()[self.circuit_of_rack[is_wet]]
        return result

    def step(self, rack_w: FloatArray, n_loops: int) -> LiquidStep:
        """Where the heat of the racks (n_racks,) goes: shared by rating among the running units of their circuit."""
        if not self.circuits:
            return LiquidStep(np.zeros(n_loops), 0.0, 0.0, 0.0)
        running = self.is_running.tobytes()
        if self._last is None or self._last[0] is not rack_w or self._last[1] != running:
            self._last = rack_w, running, self._shared(rack_w, n_loops)
        return self._last[2]

    def _shared(self, rack_w: FloatArray, n_loops: int) -> LiquidStep:
        loop_w = np.zeros(n_loops)
        is_wet = self.circuit_of_rack >= 0
        circuit_w = np.bincount(self.circuit_of_rack[is_wet], rack_w[is_wet], len(self.circuits))
        size_w = np.where(self.is_running, self.rated_w, 0.0)
        total_w = np.bincount(self.i_circuit, size_w, len(self.circuits))
        share = np.divide(
            size_w, total_w[self.i_circuit], out=np.zeros_like(size_w), where=total_w[self.i_circuit] > 0.0
        )
        pump_w = self.pump_w()
        unit_w = circuit_w[self.i_circuit] * share + pump_w
        direct_w = np.where(total_w > 0.0, 0.0, circuit_w)
        outside_w = 0.0
        for below, heat_w in ((self.i_loop, unit_w), (self.direct_loop, direct_w)):
            is_chilled = below >= 0
            loop_w += np.bincount(below[is_chilled], heat_w[is_chilled], n_loops)
            outside_w += float(heat_w[~is_chilled].sum())
        return LiquidStep(loop_w, outside_w, float(circuit_w.sum()), float(pump_w.sum()))


def liquid_frac(box: FittedDevice) -> float:
    """Share of a box's heat that leaves by liquid."""
    return box.device.liquid_frac if isinstance(box.device, Server | Switch) else 0.0


def distribution_units(floor: Floor) -> list[FloorCooler]:
    """Coolant distribution units that stand on the floor."""
    return [c for c in floor.coolers.values() if isinstance(c.device, Cdu)]


def water_below(floor: Floor) -> list[str]:
    """Water loops that liquid heat goes to, through units or directly, each once."""
    served = {unit.spec.serves for unit in distribution_units(floor)}
    names = [unit.spec.loop for unit in distribution_units(floor)]
    names += [name for name in _circuits(floor) if name not in served]
    return [name for name in dict.fromkeys(names) if name in floor.loops]


def facility_kg_s(floor: Floor, loop: str) -> float:
    """Water that liquid cooling takes from a loop: units at their rating, and racks on it at their most."""
    units = distribution_units(floor)
    heat_w = sum(unit.device.rated_w for unit in units if unit.spec.loop == loop)
    if loop not in {unit.spec.serves for unit in units}:
        heat_w += sum(rack.max_w for rack in floor.racks.values() if rack.spec.loop == loop and _is_wet(rack.fitted))
    return heat_w / (WATER_HEAT_J_KG_K * RANGE_K)


def compile_liquid(floor: Floor, loops: Mapping[str, int]) -> Liquid:
    """Rows of all units; `loops` maps the chilled loops of the plant to their index.

    A water loop with no plant on it in the drawing takes any heat at its set point: its water comes from outside.
    """
    circuits, units = _circuits(floor), distribution_units(floor)
    problems: list[TwinError] = []
    for unit in units:
        if unit.spec.serves not in floor.loops or unit.spec.loop not in floor.loops:
            what = f"serves {unit.spec.serves or 'no loop'} and hangs on {unit.spec.loop or 'no loop'}"
            problems.append(DocumentError(what, unit.id, "give it a coolant loop to serve and a water loop to hang on"))
    for name in water_below(floor):
        if name not in loops and floor.loops[name].role != "facility_water":
            what = f"is a {floor.loops[name].role} loop that takes heat, and nothing cools it"
            problems.append(DocumentError(what, name, "add a chiller, or make it facility_water from outside"))
    raise_all(problems)
    index = {name: i for i, name in enumerate(circuits)}
    serving = [unit for unit in units if unit.spec.serves in index]
    idle = [unit for unit in units if unit.spec.serves not in index]
    for unit in idle:  # serves no liquid-cooled rack: it pumps all the same
        index.setdefault(str(unit.spec.serves), len(index))
    units = serving + idle
    below = [str(unit.spec.loop) for unit in units]
    n = len(units)
    return Liquid(
        ids=[unit.id for unit in units],
        rated_w=np.array([unit.device.rated_w for unit in units], dtype=float),
        full_pump_w=np.array([_pump_w(unit) for unit in units], dtype=float),
        i_circuit=np.array([index[str(unit.spec.serves)] for unit in units], dtype=np.intp),
        i_loop=np.array([loops.get(name, -1) for name in below], dtype=np.intp),
        is_up=np.ones(n, dtype=bool),
        is_fed=np.ones(n, dtype=bool),
        circuits=list(index),
        circuit_of_rack=np.array(
            [index.get(rack.spec.loop or "", -1) if _is_wet(rack.fitted) else -1 for rack in floor.racks.values()],
            dtype=np.intp,
        ),
        direct_loop=np.array([loops.get(name, -1) for name in index], dtype=np.intp),
        outside=[name for name in water_below(floor) if name not in loops],
    )


def _pump_w(unit: FloorCooler) -> float:
    return (unit.device.pump_max_w or 0.0) if isinstance(unit.device, Cdu) else 0.0


def _circuits(floor: Floor) -> list[str]:
    """Loops that racks with liquid-cooled boxes hang on."""
    names = [rack.spec.loop for rack in floor.racks.values() if _is_wet(rack.fitted)]
    return [name for name in dict.fromkeys(names) if name is not None and name in floor.loops]


def _is_wet(boxes: list[FittedDevice]) -> bool:
    return any(liquid_frac(box) > 0.0 for box in boxes)
