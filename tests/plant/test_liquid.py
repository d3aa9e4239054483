"""Coolant loops in the plant: nothing is lost, valves hold what they can, and what stops warms as a fine step says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from twin.physics.coolant_loop import LoopLaw
from twin.physics.exchanger import rated_ua_w_k
from twin.plant.liquid import Liquid
from twin.plant.liquid_flow import CLOSED, HELD, OPEN, Branches, Circuits, Units

HEAT_J = 3970.0
RACK_KG_S = 2.5
NO_WATER, DRY = np.zeros(0), np.zeros(0, dtype=bool)


def liquid(n_units: int = 1, rated_w: float = 200e3, water_c: float = 32.0) -> Liquid:
    """A loop of two racks of 100 kW at 36 °C, its units side by side, on water from outside."""
    kg_s = np.full(n_units, 2 * RACK_KG_S / n_units)
    rated = np.full(n_units, rated_w / n_units)
    water_kg_s = rated / 4180.0 / 10.0
    coolant_w_k = kg_s * HEAT_J
    ua_w_k = rated_ua_w_k(rated, coolant_w_k, water_kg_s * 4180.0, 4.0 + rated / coolant_w_k)
    units = Units(
        ids=[f"CDU-{i}" for i in range(n_units)],
        i_circuit=np.zeros(n_units, dtype=np.intp),
        i_water=np.zeros(n_units, dtype=np.intp),
        rated_w=rated,
        pump_w=np.full(n_units, 1500.0 / n_units),
        rated_kg_s=kg_s,
        rated_pa=np.full(n_units, 180e3),
        water_kg_s=water_kg_s,
        water_j_kg_k=np.full(n_units, 4180.0),
        ua_w_k=np.asarray(ua_w_k),
        pump_frac=np.ones(n_units),
        is_up=np.ones(n_units, dtype=bool),
        is_fed=np.ones(n_units, dtype=bool),
    )
    cell = lambda value: np.array([[value]])  # noqa: E731
    law = LoopLaw(
        np.array([1.4e5]),
        np.array([1.4e5]),
        cell(2.0),
        cell(RACK_KG_S * HEAT_J),
        cell(6.0e4),
        cell(4.5e4),
        cell(100e3 / 30.0),
    )
    circuits = Circuits(
        ["COOLANT"],
        np.array([36.0]),
        np.array([HEAT_J]),
        np.array([2 * RACK_KG_S / 180e3**0.5]),
        np.array([-1]),
        np.zeros(1),
        law,
    )
    two = np.arange(2)
    branches = Branches(two, 0 * two, 0 * two, np.full(2, 90.0), np.full(2, 95.0))
    return Liquid(units, circuits, branches, 3, 0, {"HTW": water_c})


RACK_W = np.array([60e3, 100e3, 7e3])  # the third is on air


def run(loops: Liquid, rack_w: np.ndarray, dt_s: float, n: int) -> float:
    """Carries the loops on; the heat that came in and neither left nor stayed, as a share of it."""
    lost_j = into_j = 0.0
    for _ in range(n):
        step = loops.step(rack_w, NO_WATER, DRY, dt_s)
        into_j += (step.from_racks_w + step.pump_w) * dt_s
        lost_j += (step.from_racks_w + step.pump_w - step.outside_w) * dt_s - step.stored_j
    return abs(lost_j) / into_j


@pytest.mark.parametrize("dt_s", [0.1, 1.0, 60.0, 3600.0])
@pytest.mark.parametrize("n_units", [1, 2])
def test_no_heat_is_lost(dt_s: float, n_units: int) -> None:
    loops = liquid(n_units)
    assert run(loops, RACK_W, dt_s, 50) < 1e-12
    assert run(loops, 0.2 * RACK_W, dt_s, 50) < 1e-11
    loops.units.is_up[0] = False
    assert run(loops, RACK_W, dt_s, 20) < 1e-12


def test_the_start_is_steady() -> None:
    loops = liquid()
    loops.settle_at(RACK_W, NO_WATER, DRY)
    before = loops.state_c.copy(), loops.chip_c()
    step = loops.step(RACK_W, NO_WATER, DRY, 100.0)
    assert step.outside_w == pytest.approx(161.5e3, rel=1e-9)
    assert abs(step.stored_j) < 1e-3
    np.testing.assert_allclose(loops.state_c, before[0], rtol=1e-12)
    np.testing.assert_allclose(loops.chip_c(), before[1], rtol=1e-12)


def test_the_valve_holds_the_supply_while_it_can() -> None:
    loops = liquid()
    loops.settle_at(RACK_W, NO_WATER, DRY)
    state = loops.unit_state()
    assert loops.regime[0] == HELD
    assert state.supply_c[0] == pytest.approx(36.0)
    assert state.return_c[0] == pytest.approx(36.0 + 161.5e3 / (2 * RACK_KG_S * HEAT_J))
    loops.settle_at(2.0 * RACK_W, NO_WATER, DRY)
    assert loops.regime[0] == OPEN
    assert loops.state_c[0, 0] > 36.5
    loops.settle_at(RACK_W, NO_WATER, DRY)
    loops.outside_c[0] = 60.0  # warmer than what comes back: the valve shuts rather than heat the racks
    loops.step(RACK_W, NO_WATER, DRY, 1.0)
    assert loops.regime[0] == CLOSED


def test_water_flow_and_return_agree_with_the_heat() -> None:
    loops = liquid()
    loops.settle_at(RACK_W, NO_WATER, DRY)
    loops.step(RACK_W, NO_WATER, DRY, 1.0)
    state = loops.unit_state()
    carried_w = state.water_kg_s * 4180.0 * (state.water_out_c - state.water_in_c)
    assert carried_w == pytest.approx(state.heat_w, rel=1e-12)
    # Both streams are met by the logarithmic mean of the exchanger at that water flow.
    near, far = state.supply_c[0] - 32.0, state.return_c[0] - state.water_out_c[0]
    fraction = state.water_kg_s[0] / loops.units.water_kg_s[0]
    ua_w_k = 2.0 * loops.units.ua_w_k[0] / (1.0 + fraction**-0.8)
    assert state.heat_w[0] == pytest.approx(ua_w_k * (near - far) / np.log(near / far), rel=1e-3)


def test_chips_stand_above_their_coolant_by_resistance_times_power() -> None:
    loops = liquid()
    loops.settle_at(RACK_W, NO_WATER, DRY)
    np.testing.assert_allclose(loops.chip_c() - loops.coolant_c(), RACK_W[:2] * 30.0 / 100e3, rtol=1e-9)
    np.testing.assert_allclose(loops.coolant_c() - 36.0, RACK_W[:2] / (RACK_KG_S * HEAT_J), rtol=1e-9)
    np.testing.assert_allclose(loops.branch_kg_s(), RACK_KG_S)


def reference(loops: Liquid, rack_w: np.ndarray, end_s: float) -> np.ndarray:
    """The same loop by an integrator with small steps, its valve followed at every instant: supply, return, racks."""
    law, flow = loops.circuits.law, loops.flow().law.flow_w_k[0, 0]
    drop, set_c, water_c = loops.flow().drop_frac[0], 36.0, loops.outside_c[0]

    def rates(_: float, x: np.ndarray) -> np.ndarray:
        given = max(min(x[1], set_c), x[1] - drop * (x[1] - water_c)) if x[1] > max(set_c, water_c) else x[1]
        pump_w = float(loops.pump_w().sum())
        coolant, chips = x[2:4], x[4:6]
        passed = law.plate_w_k[0, 0] * (chips - coolant)
        return np.concatenate(
            [
                [2 * flow * (given - x[0]) / law.supply_j_k[0]],
                [(flow * (coolant - x[1]).sum() + pump_w) / law.return_j_k[0]],
                (flow * (x[0] - coolant) + passed) / law.coolant_j_k[0, 0],
                (rack_w[:2] - passed) / law.plate_j_k[0, 0],
            ]
        )

    start = np.concatenate([loops.state_c[0, :2], loops.coolant_c(), loops.chip_c()])
    return solve_ivp(rates, (0.0, end_s), start, "LSODA", rtol=1e-10, atol=1e-9, max_step=0.05).y[:, -1]


@pytest.mark.parametrize("change", ["load up", "load down", "water lost", "flow lost", "water warm"])
def test_loops_follow_a_fine_integrator(change: str) -> None:
    loops = liquid()
    loops.settle_at(RACK_W, NO_WATER, DRY)
    rack_w = RACK_W * {"load up": 1.6, "load down": 0.1}.get(change, 1.0)
    if change == "water lost":
        loops.units.water_kg_s[:] = 0.0
        loops.units.pump_frac[:] = 0.999  # the flows are found anew
    elif change == "flow lost":
        loops.units.is_fed[0] = False
    elif change == "water warm":
        loops.outside_c[0] = 38.0
    expected = reference(loops, rack_w, 40.0)
    for _ in range(400):
        loops.step(rack_w, NO_WATER, DRY, 0.1)
    found = np.concatenate([loops.state_c[0, :2], loops.coolant_c(), loops.chip_c()])
    np.testing.assert_allclose(found, expected, atol=0.03)


def test_pumps_that_stop_draw_nothing_and_leave_the_coolant_where_it_is() -> None:
    loops = liquid()
    assert loops.pump_w().tolist() == [1500.0]
    loops.units.is_fed[0] = False
    assert loops.pump_w().tolist() == [0.0]
    assert not loops.has_flow()[0]
    step = loops.step(RACK_W, NO_WATER, DRY, 1.0)
    assert step.outside_w == 0.0
    assert step.stored_j == pytest.approx(160e3, rel=1e-12)


def test_one_unit_of_two_gives_more_than_its_half() -> None:
    loops = liquid(2)
    loops.units.is_up[1] = False
    flow = loops.flow()
    assert 0.5 * 2 * RACK_KG_S < flow.unit_kg_s[0] < 2 * RACK_KG_S
    assert flow.pump_w[0] > 750.0
    assert flow.pump_w[1] == 0.0


def test_half_speed_is_half_the_flow_and_an_eighth_of_the_watts() -> None:
    loops = liquid()
    loops.units.pump_frac[0] = 0.5
    assert loops.flow().unit_kg_s[0] == pytest.approx(RACK_KG_S)
    assert loops.pump_w()[0] == pytest.approx(1500.0 / 8)
