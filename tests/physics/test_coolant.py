"""Coolants, counterflow exchangers, pumps and mixed loops against published values, closed forms and fine steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from twin.physics.coolant import density_kg_m3, flow_for_heat_kg_s, heat_j_kg_k
from twin.physics.coolant_loop import LoopLaw, exact_step, loop_rates, rack_rates, steady_state
from twin.physics.exchanger import (
    counterflow_effectiveness,
    counterflow_units,
    film_ua_w_k,
    hot_drop_frac,
    rated_ua_w_k,
)
from twin.physics.pumping import common_head_pa, pump_flow_kg_s, pump_input_w


@pytest.mark.parametrize(
    ("medium", "at_c", "density", "heat"),
    [
        # CoolProp 8.0.0 at 3 bar: IAPWS-95; INCOMP MPG at 25 % by mass; INCOMP PNF.
        ("water", 20.0, 998.298, 4183.43),
        ("water", 40.0, 992.304, 4178.93),
        ("water", 80.0, 971.879, 4196.32),
        ("pg25", 20.0, 1019.28, 3920.47),
        ("pg25", 40.0, 1009.91, 3968.65),
        ("pg25", 60.0, 998.397, 4015.71),
        ("oil", 20.0, 884.107, 1840.96),
        ("oil", 60.0, 857.624, 2042.27),
    ],
)
def test_coolants_are_as_dense_and_as_hot_as_tabled(medium: str, at_c: float, density: float, heat: float) -> None:
    assert density_kg_m3(medium, at_c) == pytest.approx(density, rel=5e-5)
    assert heat_j_kg_k(medium, at_c) == pytest.approx(heat, rel=3e-4)


def test_a_kilowatt_takes_a_litre_and_a_half_of_glycol_a_minute() -> None:
    litres_min = 6e4 * flow_for_heat_kg_s("pg25", 1000.0, 10.0) / density_kg_m3("pg25", 40.0)
    assert litres_min == pytest.approx(1.497, rel=1e-3)
    assert litres_min == pytest.approx(1.5, rel=0.01)  # OCP OAI guide


@given(st.floats(0.01, 8.0), st.floats(0.0, 1.0))
def test_units_of_an_effectiveness_are_its_inverse(units: float, ratio: float) -> None:
    effectiveness = counterflow_effectiveness(units, ratio)
    assert 0.0 < effectiveness < 1.0
    assert counterflow_units(effectiveness, ratio) == pytest.approx(units, rel=1e-5)


def test_counterflow_meets_the_logarithmic_mean_difference() -> None:
    hot_w_k, cold_w_k, ua_w_k = 12e3, 9e3, 20e3
    heat_w = hot_drop_frac(hot_w_k, cold_w_k, ua_w_k) * hot_w_k * (50.0 - 30.0)
    near_k, far_k = 50.0 - heat_w / hot_w_k - 30.0, 50.0 - (30.0 + heat_w / cold_w_k)
    assert heat_w == pytest.approx(ua_w_k * (near_k - far_k) / np.log(near_k / far_k), rel=1e-9)


def test_a_rated_exchanger_passes_its_rating_and_less_at_part_flow() -> None:
    ua_w_k = rated_ua_w_k(1.2e6, 121e3, 119e3, 14.0)
    assert hot_drop_frac(121e3, 119e3, ua_w_k) * 121e3 * 14.0 == pytest.approx(1.2e6, rel=1e-9)
    half = film_ua_w_k(ua_w_k, 1.0, 0.5)
    assert hot_drop_frac(121e3, 59.5e3, half) < hot_drop_frac(121e3, 59.5e3, ua_w_k)
    assert hot_drop_frac(0.0, 1.0, ua_w_k) == hot_drop_frac(1.0, 0.0, ua_w_k) == 0.0


def test_two_equal_pumps_give_what_the_branches_take() -> None:
    one, at = np.ones(2), np.zeros(2, dtype=np.intp)
    opening = np.array([60.0 / 200e3**0.5])
    head_pa = common_head_pa(30.0 * one, 200e3 * one, one, at, opening)
    assert head_pa[0] == pytest.approx(200e3, rel=1e-12)
    alone = common_head_pa(30.0 * one, 200e3 * one, np.array([1.0, 0.0]), at, opening)
    flow = pump_flow_kg_s(30.0, 200e3, 1.0, alone[0])
    # c s2 - (c - 1) q2 = H, and the branches take twice q at H = 1: q2 (c - 1 + 1/4) = c.
    assert flow == pytest.approx(30.0 * (1.25 / 0.5) ** 0.5, rel=1e-9)


def test_pumps_obey_affinity() -> None:
    assert pump_input_w(8473.47, 1.0, 1.0) == 8473.47
    assert pump_input_w(1000.0, 0.8, 0.8) == pytest.approx(512.0)
    assert pump_flow_kg_s(30.0, 2e5, 0.7, 0.49 * 2e5) == pytest.approx(21.0)
    assert pump_input_w(1000.0, 0.0, 0.0) == 0.0


def two_kinds() -> LoopLaw:
    """Three racks of one kind and one of another."""
    row = lambda *values: np.array([values])  # noqa: E731
    return LoopLaw(
        np.array([8e5]), np.array([7e5]), row(3.0, 1.0), row(4e4, 2e4), row(2e5, 1e5), row(1.6e5, 5e4), row(1.2e4, 4e3)
    )


def test_a_step_of_any_length_is_that_of_fine_steps() -> None:
    law, u = two_kinds(), np.array([3.6e5, 1.0e5, 8e3, 32.0])
    a, b = loop_rates(law, np.array([0.3]), np.array([0.7]))
    start = np.array([36.0, 45.0, 44.0, 70.0, 43.0, 60.0])
    for dt_s in (1.0, 60.0, 3600.0):
        moved = exact_step(a, b, dt_s)[0] @ np.concatenate([start, u])
        exact = solve_ivp(lambda t, x: a[0] @ x + b[0] @ u, (0.0, dt_s), start, "LSODA", rtol=1e-11, atol=1e-10)
        np.testing.assert_allclose(moved[:6], exact.y[:, -1], rtol=1e-7)
        # What came in and did not leave is stored.
        left_w = law.total_w_k[0] * 0.7 * (moved[7] - u[3])
        into_w = 3 * u[0] + u[1] + u[2]
        stored_j = float(law.capacity_j_k[0] @ (moved[:6] - start))
        assert stored_j == pytest.approx((into_w - left_w) * dt_s, abs=1e-9 * into_w * dt_s)


def test_long_steps_end_where_nothing_changes() -> None:
    law, u = two_kinds(), np.array([[3.6e5, 1.0e5, 8e3, 36.0]])
    a, b = loop_rates(law, np.array([0.0]), np.array([1.0]))
    steady = steady_state(a, b, u)
    moved = exact_step(a, b, 1e5)[0] @ np.concatenate([np.full(6, 20.0), u[0]])
    np.testing.assert_allclose(moved[:6], steady[0], rtol=1e-9)
    assert steady[0, 1] == pytest.approx(36.0 + (3 * 3.6e5 + 1.0e5 + 8e3) / law.total_w_k[0])
    assert steady[0, 3] - steady[0, 2] == pytest.approx(3.6e5 / 1.2e4)  # R times P above the coolant


def test_racks_of_a_kind_are_their_mean_and_what_they_differ_by() -> None:
    law = LoopLaw(*(np.array([v]) for v in (8e5, 7e5)), *(np.array([[v]]) for v in (2.0, 4e4, 2e5, 1.6e5, 1.2e4)))
    apart = LoopLaw(*(np.array([v]) for v in (8e5, 7e5)), *(np.array([[v, v]]) for v in (1.0, 4e4, 2e5, 1.6e5, 1.2e4)))
    keep, take = np.array([0.0]), np.array([1.0])
    both = exact_step(*loop_rates(apart, keep, take), 7.0)[0] @ np.array([36.0] * 6 + [3e5, 1e5, 0.0, 36.0])
    mean = exact_step(*loop_rates(law, keep, take), 7.0)[0] @ np.array([36.0] * 4 + [2e5, 0.0, 36.0])
    differ = exact_step(*rack_rates(law), 7.0)[0, 0, :2] @ np.array([0.0, 0.0, 1e5])
    np.testing.assert_allclose(both[2:4], mean[2:4] + differ, rtol=1e-12)
    np.testing.assert_allclose(both[4:6], mean[2:4] - differ, rtol=1e-12)
