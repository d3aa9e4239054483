"""Coils: limits of the effectiveness law, rating points, and the flows that hold a heat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics import coil as coils
from twin.physics.air import AIR_HEAT_J_M3_K, air_flow_m3_s

AIR_M3_S = 25_000 / 3600  # a 100 kW room unit


@pytest.fixture
def crah() -> coils.Coil:
    return coils.rated_coil(100e3, AIR_M3_S, 4.0, 32.0, 15.0)


def test_effectiveness_without_capacity_limit_is_the_exponential_law() -> None:
    ntu = np.array([0.1, 1.0, 3.0])
    assert coils.crossflow_effectiveness(ntu, 0.0) == pytest.approx(1 - np.exp(-ntu), abs=1e-6)


def test_effectiveness_lies_between_parallel_and_counter_flow() -> None:
    ntu, r = np.meshgrid(np.linspace(0.2, 4, 20), np.linspace(0.1, 0.95, 10))
    parallel = (1 - np.exp(-ntu * (1 + r))) / (1 + r)
    counter = (1 - np.exp(-ntu * (1 - r))) / (1 - r * np.exp(-ntu * (1 - r)))
    cross = coils.crossflow_effectiveness(ntu, r)
    # The correlation itself is within 0.6 % of the exact series.
    assert (cross > parallel - 0.006).all()
    assert (cross < counter + 0.006).all()


def test_rated_coil_passes_its_rated_heat(crah: coils.Coil) -> None:
    assert coils.coil_heat_w(crah, 1.0, 1.0, 32.0, 15.0) == pytest.approx(100e3, rel=1e-9)


def test_a_coil_passes_nothing_when_air_or_water_stands_still(crah: coils.Coil) -> None:
    assert coils.coil_heat_w(crah, np.array([0.0, 1.0]), np.array([1.0, 0.0]), 32.0, 15.0) == pytest.approx(0, abs=1e-3)


@given(st.floats(0.1, 1.0), st.floats(0.05, 0.95), st.floats(24.0, 40.0), st.floats(7.0, 20.0))
def test_water_flow_for_a_heat_gives_that_heat_back(
    air_frac: float, share: float, return_c: float, water_c: float
) -> None:
    crah = coils.rated_coil(100e3, AIR_M3_S, 4.0, 32.0, 15.0)
    heat_w = share * coils.coil_heat_w(crah, air_frac, 1.0, return_c, water_c)
    water_frac = coils.water_frac_for_heat(crah, air_frac, heat_w, return_c, water_c)
    assert coils.coil_heat_w(crah, air_frac, water_frac, return_c, water_c) == pytest.approx(heat_w, rel=1e-6)


@given(st.floats(0.1, 1.0), st.floats(0.05, 0.95))
def test_air_flow_for_a_heat_gives_that_heat_back(water_frac: float, share: float) -> None:
    crah = coils.rated_coil(100e3, AIR_M3_S, 4.0, 32.0, 15.0)
    heat_w = share * coils.coil_heat_w(crah, 1.0, water_frac, 32.0, 15.0)
    air_frac = coils.air_frac_for_heat(crah, water_frac, heat_w, 32.0, 15.0)
    assert coils.coil_heat_w(crah, air_frac, water_frac, 32.0, 15.0) == pytest.approx(heat_w, rel=1e-6)


def test_a_heat_out_of_reach_asks_for_all_the_water(crah: coils.Coil) -> None:
    assert coils.water_frac_for_heat(crah, 1.0, 1e9, 32.0, 15.0) == 1.0


def test_conductance_times_temperature_difference_is_the_heat(crah: coils.Coil) -> None:
    sink_w_k = coils.coil_conductance_w_k(crah, 0.7, 0.6)
    assert sink_w_k * (31.0 - 15.0) == pytest.approx(coils.coil_heat_w(crah, 0.7, 0.6, 31.0, 15.0))


def test_a_supply_set_point_is_held(crah: coils.Coil) -> None:
    return_c, supply_c, air_frac = 30.0, 20.0, 0.8
    heat_w = air_frac * crah.air_w_k * (return_c - supply_c)
    water_frac = coils.water_frac_for_heat(crah, air_frac, heat_w, return_c, 15.0)
    taken_w = coils.coil_heat_w(crah, air_frac, water_frac, return_c, 15.0)
    assert return_c - taken_w / (air_frac * crah.air_w_k) == pytest.approx(supply_c, abs=1e-6)


def test_rule_of_thumb_air_flow_is_a_rise_of_eleven_kelvin() -> None:
    rise_k = 1000.0 / (0.0755 * AIR_HEAT_J_M3_K)
    assert rise_k == pytest.approx(11.0, abs=0.05)
    assert air_flow_m3_s(1000.0, rise_k) == pytest.approx(0.0755)
