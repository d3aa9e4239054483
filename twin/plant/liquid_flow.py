"""What flows in the coolant loops: pumps against branches, and how much the exchangers can pass."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.physics import FloatArray
from twin.physics.coolant_loop import LoopLaw, exact_step, loop_rates, rack_rates
from twin.physics.exchanger import film_ua_w_k, hot_drop_frac
from twin.physics.pumping import common_head_pa, pump_flow_kg_s, pump_input_w

CLOSED, HELD, OPEN = 0, 1, 2
"""How the valve on the water side stands: shut, between and holding the set point, wide open."""
VALVE_POINTS = 64
MOST_STEPS = 48
"""Step matrices kept at once; steps of ever new lengths are made anew."""


@dataclass(slots=True)
class Units:
    """Distribution units as rows (n,)."""

    ids: list[str]
    i_circuit: np.ndarray  # coolant loop each serves
    i_water: np.ndarray  # water below it: chilled loops of the plant first, then water from outside
    rated_w: FloatArray  # heat at rating
    pump_w: FloatArray  # at rated flow and full speed
    rated_kg_s: FloatArray  # coolant at rating
    rated_pa: FloatArray  # over its branches at rating
    water_kg_s: FloatArray  # with the valve wide open
    water_j_kg_k: FloatArray
    ua_w_k: FloatArray  # at rating
    pump_frac: FloatArray  # speed; set point, poke
    is_up: np.ndarray  # bool; faults
    is_fed: np.ndarray  # bool; power path

    @property
    def is_running(self) -> np.ndarray:
        """Which run, (n,)."""
        return np.asarray(self.is_up & self.is_fed)


@dataclass(slots=True)
class Circuits:
    """Coolant loops as rows (n,)."""

    ids: list[str]
    set_c: FloatArray  # coolant supply set point; poke
    coolant_j_kg_k: FloatArray
    opening: FloatArray  # of all branches together, kg/s per Pa^0.5
    i_direct: np.ndarray  # water a loop without units stands on, or -1
    direct_kg_s: FloatArray  # its flow while that water is pumped
    law: LoopLaw  # with flows at rating

    @property
    def is_direct(self) -> np.ndarray:
        """Which are fed by their water directly, (n,)."""
        return np.asarray(self.i_direct >= 0)


@dataclass(slots=True)
class Branches:
    """Racks with something on coolant as rows (n,)."""

    i_rack: np.ndarray
    i_circuit: np.ndarray
    i_kind: np.ndarray
    throttle_c: FloatArray  # chips slow down from here on
    trip_c: FloatArray  # servers switch themselves off


@dataclass(slots=True)
class Flow:
    """What follows from pumps and faults alone; kept until one of these changes."""

    key: bytes
    unit_kg_s: FloatArray
    pump_w: FloatArray  # (n_units,)
    circuit_w_k: FloatArray  # (n_circuits,) flow times heat capacity
    circuit_pump_w: FloatArray
    unit_w_k: FloatArray  # (n_units,) coolant flow times heat capacity
    pull_w_k: FloatArray  # (n_units,) heat per kelvin between return and water with the valve wide open
    drop_frac: FloatArray  # (n_units,) fall of its coolant towards its water with the valve wide open
    law: LoopLaw
    steps: dict[tuple[float, bytes], FloatArray] = field(default_factory=dict)
    rack_steps: dict[float, FloatArray] = field(default_factory=dict)
    branch_kg_s: FloatArray | None = None  # (n_branches,) made when somebody asks
    valves: FloatArray | None = None  # see valve_table; made when somebody asks

    def step(self, dt_s: float, regime: np.ndarray, drop_frac: FloatArray) -> FloatArray:
        """Matrices of a step with the valves as they stand, (n_circuits, 2s, s + m)."""
        key = (dt_s, regime.tobytes() + drop_frac.tobytes())
        found = self.steps.get(key)
        if found is None:
            if len(self.steps) >= MOST_STEPS:
                self.steps.clear()
            take = taken(regime, drop_frac)
            found = self.steps[key] = exact_step(*loop_rates(self.law, 1.0 - take, take), dt_s)
        return found

    def rack_step(self, dt_s: float, branches: Branches) -> FloatArray:
        """Matrices of what racks differ from the mean of their kind, (n_branches, 2, 3)."""
        found = self.rack_steps.get(dt_s)
        if found is None:
            if len(self.rack_steps) >= MOST_STEPS:
                self.rack_steps.clear()
            kinds = exact_step(*rack_rates(self.law), dt_s)[..., :2, :]
            found = self.rack_steps[dt_s] = kinds[branches.i_circuit, branches.i_kind]
        return found


def taken(regime: np.ndarray, drop_frac: FloatArray) -> FloatArray:
    """Share of the way from return to what the exchanger aims at, (n_circuits,)."""
    return np.where(regime == HELD, 1.0, np.where(regime == OPEN, drop_frac, 0.0))


def flow_key(units: Units, is_pumped: np.ndarray) -> bytes:
    """What a flow depends on, in short."""
    return units.is_up.tobytes() + units.is_fed.tobytes() + units.pump_frac.tobytes() + is_pumped.tobytes()


def flow_of(units: Units, circuits: Circuits, is_pumped: np.ndarray) -> Flow:
    """Flows and capacities with the pumps that run and the water that is pumped, (n_waters,) bool."""
    n = len(circuits.ids)
    speed = np.where(units.is_running, units.pump_frac, 0.0)
    head_pa = common_head_pa(units.rated_kg_s, units.rated_pa, speed, units.i_circuit, circuits.opening)
    unit_kg_s = pump_flow_kg_s(units.rated_kg_s, units.rated_pa, speed, head_pa[units.i_circuit])
    unit_kg_s = np.where(units.is_running, unit_kg_s, 0.0)
    pump_w = pump_input_w(units.pump_w, speed, unit_kg_s / units.rated_kg_s)
    circuit_kg_s = np.bincount(units.i_circuit, unit_kg_s, n)
    is_direct = circuits.is_direct
    is_open = is_pumped[circuits.i_direct] if len(is_pumped) else is_direct
    circuit_kg_s = np.where(is_direct, np.where(is_open, circuits.direct_kg_s, 0.0), circuit_kg_s)
    law, rated = circuits.law, circuits.law.total_w_k
    circuit_w_k = circuit_kg_s * circuits.coolant_j_kg_k
    scale = np.divide(circuit_w_k, rated, out=np.zeros(n), where=rated > 0.0)
    unit_w_k = unit_kg_s * circuits.coolant_j_kg_k[units.i_circuit]
    water_w_k = np.where(is_pumped[units.i_water], units.water_kg_s * units.water_j_kg_k, 0.0)
    ua_w_k = film_ua_w_k(units.ua_w_k, unit_kg_s / units.rated_kg_s, 1.0)
    drop_frac = hot_drop_frac(unit_w_k, water_w_k, ua_w_k)
    return Flow(
        key=flow_key(units, is_pumped),
        unit_kg_s=unit_kg_s,
        pump_w=pump_w,
        circuit_w_k=circuit_w_k,
        circuit_pump_w=np.bincount(units.i_circuit, pump_w, n).astype(float),
        unit_w_k=unit_w_k,
        pull_w_k=unit_w_k * drop_frac,
        drop_frac=drop_frac,
        law=LoopLaw(
            law.supply_j_k,
            law.return_j_k,
            law.n_racks,
            law.flow_w_k * scale[:, None],
            law.coolant_j_k,
            law.plate_j_k,
            law.plate_w_k,
        ),
    )


def valve_table(units: Units, flow: Flow) -> FloatArray:
    """How far each valve is open to pass 0, 1/64 ... all of what its exchanger could, (n_units, 65), by bisection."""
    part = np.linspace(0.0, 1.0, VALVE_POINTS + 1)
    low, high = np.zeros((len(units.ids), len(part))), np.ones((len(units.ids), len(part)))
    coolant_frac = (flow.unit_kg_s / units.rated_kg_s)[:, None]
    water_w_k = (units.water_kg_s * units.water_j_kg_k)[:, None]
    for _ in range(30):
        middle = 0.5 * (low + high)
        ua_w_k = film_ua_w_k(units.ua_w_k[:, None], coolant_frac, middle)
        is_short = hot_drop_frac(flow.unit_w_k[:, None], middle * water_w_k, ua_w_k) < part * flow.drop_frac[:, None]
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    high[:, 0] = 0.0
    return high


def valve_frac(table: FloatArray, part: FloatArray) -> FloatArray:
    """How far valves are open that pass a part (n,) of what they could; linear between the points of the table."""
    at = np.minimum(np.maximum(part, 0.0), 1.0 - 1e-12) * VALVE_POINTS
    low = at.astype(np.intp)
    first = low + np.arange(0, table.size, VALVE_POINTS + 1)
    values = table.ravel()
    below = values[first]
    return np.asarray(below + (values[first + 1] - below) * (at - low))
