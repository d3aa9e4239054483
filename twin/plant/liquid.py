"""Heat that leaves racks by liquid: coolant loops as mixed volumes, their distribution units, and the water below."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray
from twin.physics.coolant_loop import loop_rates, steady_state
from twin.plant.liquid_flow import (
    CLOSED,
    HELD,
    OPEN,
    Branches,
    Circuits,
    Flow,
    Units,
    flow_key,
    flow_of,
    taken,
    valve_frac,
    valve_table,
)
from twin.plant.liquid_parts import LiquidStep, Load, Reach, UnitState, Valves, WetView

NONE = np.zeros(0)
REST_K = 2e-13
"""A step that moves no temperature by more than this leaves them as they are: what is left is rounding."""
NEAR_K = 5e-3
"""Chips this close to a limit have reached it: the instant was predicted, and rounding is not to move it."""
MOST_GUESSES = 4
"""Tries to find how valves stand at the end of a step; what is left after that is mended by the next one."""


class Liquid:
    """State of all coolant loops. `step` carries it on; everything else follows from what stands in its arrays."""

    __slots__ = (
        "_aged_s",
        "_apart",
        "_at",
        "_chips_c",
        "_flow",
        "_has_direct",
        "_is_all",
        "_is_apart",
        "_is_paired",
        "_is_plain",
        "_kind",
        "_least_c",
        "_load",
        "_panel",
        "_per_rack",
        "_reach",
        "_share",
        "_unit_w",
        "_valves",
        "_view",
        "_whole",
        "branches",
        "capacity_j_k",
        "circuits",
        "is_pumped",
        "is_tripped",
        "n_loops",
        "n_racks",
        "outside",
        "outside_c",
        "regime",
        "state_c",
        "units",
        "water_c",
    )

    def __init__(
        self,
        units: Units,
        circuits: Circuits,
        branches: Branches,
        n_racks: int,
        n_loops: int,
        outside: dict[str, float],
    ) -> None:
        """n_loops: chilled loops of the plant; outside: supply temperature of water from outside the drawing, by loop.

        Water is counted with the chilled loops first, then that from outside.
        """
        self.units, self.circuits, self.branches, self.n_racks, self.n_loops = (
            units,
            circuits,
            branches,
            n_racks,
            n_loops,
        )
        self.outside, self.outside_c = list(outside), np.array(list(outside.values()), dtype=float)  # set points; poke
        n, k = circuits.law.n_racks.shape
        self._whole = np.zeros((n, 2 + 2 * k + k + 2))  # states, then inputs
        self.state_c = self._whole[:, : 2 + 2 * k]  # supply, return, then coolant and chips of each kind
        self.state_c[:] = circuits.set_c[:, None]
        self._apart = np.zeros((len(branches.i_rack), 3))  # coolant, chips and heat of each rack less its kind's mean
        self._is_apart = False  # whether any differs
        self.capacity_j_k = circuits.law.capacity_j_k
        self.regime = np.where(circuits.is_direct, OPEN, HELD)
        self.is_tripped = np.zeros(n_racks, dtype=bool)  # too hot: off until cool again
        self.is_pumped = np.ones(n_loops + len(outside), dtype=bool)  # water that flows
        self.water_c = np.concatenate([np.full(n_loops, np.nan), self.outside_c])
        self._is_plain = bool((np.bincount(units.i_circuit, minlength=n) <= 1).all())  # no units share a loop
        self._least_c = float(branches.throttle_c.min(initial=np.inf)) - NEAR_K
        # One unit to each loop, in the same order.
        self._is_paired = np.array_equal(units.i_circuit, np.arange(n))
        self._kind = branches.i_circuit * k + branches.i_kind  # of each branch, over all loops
        self._per_rack = 1.0 / np.maximum(circuits.law.n_racks.ravel(), 1.0)
        # Every rack is on coolant, in the order of the hall.
        self._is_all = np.array_equal(branches.i_rack, np.arange(n_racks))
        coolant = branches.i_circuit * self._whole.shape[1] + 2 + 2 * branches.i_kind
        self._at = np.concatenate([coolant, coolant + 1])  # coolant, then chips of each branch in the states
        self._has_direct = bool(circuits.is_direct.any())
        self._flow: Flow | None = None
        self._load: Load | None = None
        self._reach: Reach | None = None
        self._valves: Valves | None = None
        self._view: WetView | None = None
        self._panel: tuple[WetView, Reach | None, UnitState] | None = None  # kept while view and water are
        self._chips_c, self._aged_s = np.full(len(branches.i_rack), np.nan), 0.0  # as last viewed, and since when
        self._share, self._unit_w = np.ones(len(units.ids)), np.zeros(len(units.ids))

    @property
    def ids(self) -> list[str]:
        """Names of the distribution units."""
        return self.units.ids

    def flow(self) -> Flow:
        """Flows with what runs now."""
        if self._flow is None or self._flow.key != flow_key(self.units, self.is_pumped):
            self._flow = flow_of(self.units, self.circuits, self.is_pumped)
            self._load = self._view = None  # inputs are written anew, and flows shown anew
        return self._flow

    def pump_w(self) -> FloatArray:
        """Electric power of the pumps of each unit, (n_units,): nothing from the moment a unit stops."""
        return self.flow().pump_w if self.circuits.ids else NONE

    def has_flow(self) -> np.ndarray:
        """Whether coolant moves in each loop, (n_circuits,)."""
        return np.asarray(self.flow().circuit_w_k > 0.0)

    def has_coolant(self) -> np.ndarray:
        """Whether what stands in each rack may run: not while it has switched itself off for heat, (n_racks,)."""
        return ~self.is_tripped

    # A step

    def step(self, rack_w: FloatArray, water_c: FloatArray, is_pumped: np.ndarray, dt_s: float) -> LiquidStep:
        """Carry all loops over dt_s with the heat of the racks (n_racks,) and the water (n_loops,) held."""
        if not self.circuits.ids:
            return LiquidStep(np.zeros(self.n_loops), 0.0, 0.0, 0.0, 0.0)
        self.follow_water(water_c, is_pumped)
        flow = self.flow()
        load, reach, s = self._sorted(rack_w, flow), self._reached(flow), self.state_c.shape[1]
        valves, moved = self._carried(reach, dt_s)
        change_c = moved[:, :s] - self.state_c
        stored_j, is_moving = 0.0, max(change_c.max(), -change_c.min()) > REST_K
        if is_moving:
            stored_j = float(np.vdot(self.capacity_j_k, change_c))
            self.state_c[:] = moved[:, :s]
            self._view = None
        self._aged_s += dt_s
        circuit_w = valves.taken_w_k * (moved[:, s + 1] - valves.target_c)
        self._unit_w = circuit_w if self._is_paired else circuit_w[self.units.i_circuit]
        if not self._is_plain:
            self._unit_w *= self._shares(flow)
        heat_w = np.bincount(self.units.i_water, self._unit_w, len(self.is_pumped)).astype(np.float64, copy=False)
        if self._has_direct:
            direct = self.circuits.is_direct
            heat_w = heat_w + np.bincount(self.circuits.i_direct[direct], circuit_w[direct], len(heat_w))
        if self._is_apart:
            self._carry_apart(flow, dt_s, is_moving)
        pump_w = float(np.add.reduce(flow.pump_w))
        outside_w = float(np.add.reduce(heat_w[self.n_loops :]))
        return LiquidStep(heat_w[: self.n_loops], outside_w, load.total_w, pump_w, stored_j)

    def follow_water(self, water_c: FloatArray, is_pumped: np.ndarray) -> None:
        """Take over the water of the plant's chilled loops, (n_loops,)."""
        self.water_c[: self.n_loops] = water_c
        self.water_c[self.n_loops :] = self.outside_c
        self.is_pumped[: self.n_loops] = is_pumped

    def _sorted(self, rack_w: FloatArray, flow: Flow) -> Load:
        """Heat of the racks as inputs of the step."""
        if self._load is None or self._load.rack_w is not rack_w:
            branches, law = self.branches, self.circuits.law
            n, k = law.n_racks.shape
            heat_w = rack_w if self._is_all else rack_w[branches.i_rack]
            kind_w = np.bincount(self._kind, heat_w, n * k) * self._per_rack
            self._load = Load(rack_w, float(np.add.reduce(heat_w)))
            self._whole[:, -2 - k : -2], self._whole[:, -2] = kind_w.reshape(n, k), flow.circuit_pump_w
            self._apart[:, 2] = heat_w - kind_w[self._kind]
            # Once apart, their differences are carried on until they fade.
            self._is_apart = self._is_apart or bool(self._apart[:, 2].any())
        return self._load

    def _reached(self, flow: Flow) -> Reach:
        """How far each loop can be cooled now; units that share one work side by side, and the loop sees their mean."""
        key = self.water_c.tobytes() + self.circuits.set_c.tobytes()
        if self._reach is not None and self._reach.flow is flow and self._reach.key == key:
            return self._reach
        units, circuits = self.units, self.circuits
        n, at, water_c = len(circuits.ids), units.i_circuit, self.water_c[units.i_water]
        pull_w_k = flow.pull_w_k
        total_w_k = np.bincount(at, pull_w_k, n)
        is_able = total_w_k > 0.0
        drop_frac = np.divide(total_w_k, flow.circuit_w_k, out=np.zeros(n), where=is_able)
        aim_c = np.divide(np.bincount(at, pull_w_k * water_c, n), total_w_k, out=circuits.set_c.copy(), where=is_able)
        is_direct, set_c = circuits.is_direct, circuits.set_c
        drop_frac = np.where(is_direct, 1.0, drop_frac)
        aim_c = np.where(is_direct, self.water_c[circuits.i_direct], aim_c)
        shut_c = np.maximum(set_c, aim_c)
        wide_c = (set_c - drop_frac * aim_c) / np.maximum(1.0 - drop_frac, 1e-9)
        shut_c[is_direct] = wide_c[is_direct] = -np.inf
        self._reach = Reach(flow, key, drop_frac, aim_c, shut_c, np.maximum(wide_c, shut_c))
        return self._reach

    def _standing(self, reach: Reach, dt_s: float) -> Valves:
        """The step with the valves as they stand."""
        valves = self._valves
        if valves is None or valves.reach is not reach or valves.dt_s != dt_s:
            regime, flow = self.regime, reach.flow
            ends = np.array([-np.inf, np.inf])
            self._valves = valves = Valves(
                reach,
                dt_s,
                flow.step(dt_s, regime, reach.drop_frac),
                np.where(regime == HELD, self.circuits.set_c, reach.aim_c),
                np.choose(regime, [ends[:1], reach.shut_c, reach.wide_c]),
                np.choose(regime, [reach.shut_c, reach.wide_c, ends[1:]]),
                flow.circuit_w_k * taken(regime, reach.drop_frac),
            )
            self._whole[:, -1] = valves.target_c
        return valves

    def _carried(self, reach: Reach, dt_s: float) -> tuple[Valves, FloatArray]:
        """States after the step and their means, (n_circuits, 2s), with the valves as they stand at its end."""
        for guess in range(MOST_GUESSES):
            valves = self._standing(reach, dt_s)
            moved = np.matmul(valves.matrices, self._whole[:, :, None])[:, :, 0]
            return_c = moved[:, 1]
            if guess == MOST_GUESSES - 1 or not ((return_c < valves.low_c) | (return_c > valves.high_c)).any():
                break
            self._turn(reach, return_c)
        return valves, moved

    def _turn(self, reach: Reach, return_c: FloatArray) -> None:
        """Set each valve as a return temperature asks for."""
        self.regime = np.where(return_c > reach.wide_c, OPEN, np.where(return_c < reach.shut_c, CLOSED, HELD))
        self._valves = None

    def _shares(self, flow: Flow) -> FloatArray:
        """Part each unit has in the heat of its loop: by what it could pass to its own water, (n_units,)."""
        at, n = self.units.i_circuit, len(self.circuits.ids)
        pull_w_k = flow.pull_w_k
        for could_w in (pull_w_k * (self.state_c[at, 1] - self.water_c[self.units.i_water]), pull_w_k):
            total_w = np.bincount(at, could_w, n)[at]
            is_known = np.abs(total_w) > 1e-6
            self._share = np.divide(could_w, total_w, out=self._share * 0.0, where=is_known)
            if is_known.all():
                break
        return self._share

    def _carry_apart(self, flow: Flow, dt_s: float, is_moving: bool = True) -> None:
        """Racks that differ from the mean of their kind, by themselves; is_moving: the means of their kinds do."""
        matrices = flow.rack_step(dt_s, self.branches)
        moved = np.einsum("bij,bj->bi", matrices, self._apart)
        if is_moving or np.abs(moved - self._apart[:, :2]).max() > REST_K:
            self._apart[:, :2] = moved
            self._view = None

    def steady_step(self, rack_w: FloatArray) -> LiquidStep:
        """Where the heat of the racks (n_racks,) goes once nothing warms any more, without moving any temperature."""
        n, at, branches, flow = len(self.circuits.ids), self.units.i_circuit, self.branches, self.flow()
        from_racks_w = rack_w[branches.i_rack]
        circuit_w = np.bincount(branches.i_circuit, from_racks_w, n) + flow.circuit_pump_w
        pull_w_k = flow.unit_w_k * np.maximum(flow.drop_frac, 1e-9)
        total_w_k = np.bincount(at, pull_w_k, n)[at]
        unit_w = circuit_w[at] * np.divide(pull_w_k, total_w_k, out=np.zeros(len(at)), where=total_w_k > 0.0)
        direct = self.circuits.is_direct
        heat_w = np.zeros(len(self.is_pumped))
        np.add.at(heat_w, self.units.i_water, unit_w)
        np.add.at(heat_w, self.circuits.i_direct[direct], circuit_w[direct])
        pump_w = float(np.add.reduce(flow.pump_w))
        outside_w = float(np.add.reduce(heat_w[self.n_loops :]))
        return LiquidStep(heat_w[: self.n_loops], outside_w, float(np.add.reduce(from_racks_w)), pump_w, 0.0)

    def forecast_step(self, rack_w: FloatArray, dt_s: float) -> None:
        """Carry temperatures alone over dt_s, the water as it is: to look ahead between `kept` and `put_back`."""
        flow = self.flow()
        self._sorted(rack_w, flow)
        moved = self._carried(self._reached(flow), dt_s)[1]
        self.state_c[:] = moved[:, : self.state_c.shape[1]]
        if self._is_apart:
            self._carry_apart(flow, dt_s)

    def kept(self) -> tuple[FloatArray, FloatArray, np.ndarray]:
        """All that a step changes."""
        return self.state_c.copy(), self._apart[:, :2].copy(), self.regime

    def put_back(self, kept: tuple[FloatArray, FloatArray, np.ndarray]) -> None:
        """Stand as when this was kept."""
        self.state_c[:], self._apart[:, :2], self.regime = kept
        self._valves = self._load = self._view = None

    def settle_at(self, rack_w: FloatArray, water_c: FloatArray, is_pumped: np.ndarray) -> None:
        """Start at the steady temperatures of this heat; a loop whose heat finds no way out starts at its set point."""
        if not self.circuits.ids:
            return
        self.follow_water(water_c, is_pumped)
        flow = self.flow()
        self._sorted(rack_w, flow)
        reach = self._reached(flow)
        has_way = (flow.circuit_w_k > 0.0) & (reach.drop_frac > 0.0)
        for _ in range(MOST_GUESSES):
            regime = np.maximum(self.regime, HELD)
            take = taken(regime, np.maximum(reach.drop_frac, 1e-3))
            a, b = loop_rates(flow.law, 1.0 - take, take)
            inputs = self._whole[:, self.state_c.shape[1] :].copy()
            inputs[:, -1] = np.where(regime == HELD, self.circuits.set_c, reach.aim_c)
            self.state_c[has_way] = steady_state(a[has_way], b[has_way], inputs[has_way])
            self._turn(reach, self.state_c[:, 1])
        at = self.branches.i_circuit, self.branches.i_kind
        flow_w_k = flow.law.flow_w_k[at]
        self._apart[:, 0] = np.divide(self._apart[:, 2], flow_w_k, out=0.0 * flow_w_k, where=flow_w_k > 0.0)
        self._apart[:, 1] = self._apart[:, 0] + self._apart[:, 2] / flow.law.plate_w_k[at]

    # What can be read off

    def view(self) -> WetView:
        """What a frame shows now."""
        if self._view is None:
            racks = np.empty((3, self.n_racks)) if self._is_all else np.full((3, self.n_racks), np.nan)
            chip_c, most = NONE, float("nan")
            warming_k_s, supply_c, return_c = 0.0, most, most
            if len(self.branches.i_rack):
                both = self._whole.ravel()[self._at].reshape(2, -1)
                if self._is_apart:
                    both += self._apart[:, :2].T
                chip_c, at = both[1], slice(None) if self._is_all else self.branches.i_rack
                racks[0, at], racks[1, at], racks[2, at] = both[0], self.branch_kg_s(), chip_c
                most = float(np.maximum.reduce(chip_c))
                if self._aged_s > 0.0 and self._chips_c[0] == self._chips_c[0]:
                    warming_k_s = float(np.maximum.reduce(chip_c - self._chips_c)) / self._aged_s
            if self.circuits.ids:
                supply_c, return_c = np.maximum.reduce(self.state_c[:, :2]).tolist()
            self._view = WetView(racks, supply_c, return_c, most, warming_k_s)
            self._chips_c, self._aged_s = chip_c, 0.0
        return self._view

    def is_calm(self, within_s: float) -> bool:
        """Whether no chips are near a limit, nor on their way there in that time at twice the pace of now."""
        if not len(self.branches.i_rack):
            return True
        view = self.view()
        return view.chip_c + 2.0 * within_s * max(view.warming_k_s, 0.0) < self._least_c

    def standing(self) -> object:
        """All that a step follows from, but set points and faults; equal where it would be the same."""
        return self._whole.tobytes(), self._apart.tobytes(), self.regime.tobytes(), self.water_c.tobytes()

    def coolant_c(self) -> FloatArray:
        """Coolant that leaves each branch, (n_branches,)."""
        return np.asarray(self.state_c[self.branches.i_circuit, 2 + 2 * self.branches.i_kind] + self._apart[:, 0])

    def chip_c(self) -> FloatArray:
        """Chips of each branch, the mean of its servers, (n_branches,)."""
        return np.asarray(self.state_c[self.branches.i_circuit, 3 + 2 * self.branches.i_kind] + self._apart[:, 1])

    def branch_kg_s(self) -> FloatArray:
        """Coolant through each branch, (n_branches,)."""
        flow = self.flow()
        if flow.branch_kg_s is None:
            at = self.branches.i_circuit, self.branches.i_kind
            flow.branch_kg_s = flow.law.flow_w_k[at] / self.circuits.coolant_j_kg_k[self.branches.i_circuit]
        return flow.branch_kg_s

    def unit_state(self) -> UnitState:
        """What each unit shows at the end of the last step."""
        units, flow, at = self.units, self.flow(), slice(None) if self._is_paired else self.units.i_circuit
        panel = self._panel
        if panel is not None and panel[0] is self.view() and panel[1] is self._reach:
            return panel[2]
        if flow.valves is None:
            flow.valves = valve_table(units, flow)
        water_c, supply_c, return_c = self.water_c[units.i_water], self.state_c[at, 0], self.state_c[at, 1]
        # Where no water or no coolant moves the heat is zero, and so is the part of what could pass.
        part = self._unit_w / np.maximum(flow.pull_w_k * (return_c - water_c), 1e-6)
        water_kg_s = units.water_kg_s * valve_frac(flow.valves, part)
        rise_k = self._unit_w / np.maximum(water_kg_s * units.water_j_kg_k, 1e-6)
        state = UnitState(
            supply_c, return_c, flow.unit_kg_s, self._unit_w, water_c, water_c + rise_k, water_kg_s, flow.pump_w
        )
        self._panel = self.view(), self._reach, state
        return state
