"""Towers and dry coolers: design points, trends and water."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics import tower as towers
from twin.physics.coil import WATER_HEAT_J_KG_K


@pytest.fixture
def tower() -> towers.Tower:
    return towers.rated_tower(water_kg_s=50.0, air_kg_s=45.0, wet_bulb_c=25.5, range_k=5.5, approach_k=4.0)


def test_a_tower_at_design_has_its_range_and_approach(tower: towers.Tower) -> None:
    point = towers.tower_point(tower, 1.0, 1.0, 25.5 + 4.0 + 5.5, 25.5)
    assert point.leaving_c == pytest.approx(29.5, abs=0.01)
    assert point.heat_w == pytest.approx(50.0 * WATER_HEAT_J_KG_K * 5.5, rel=1e-3)


@given(st.floats(0.2, 1.0), st.floats(0.3, 1.0), st.floats(0.0, 26.0), st.floats(1.0, 15.0))
def test_water_leaves_between_wet_bulb_and_entering_and_the_heat_balances(
    air_frac: float, water_frac: float, wet_bulb_c: float, above_k: float
) -> None:
    tower = towers.rated_tower(50.0, 45.0, 25.5, 5.5, 4.0)
    point = towers.tower_point(tower, air_frac, water_frac, wet_bulb_c + above_k, wet_bulb_c)
    assert wet_bulb_c < point.leaving_c < wet_bulb_c + above_k
    cooled_k = wet_bulb_c + above_k - point.leaving_c
    assert point.heat_w == pytest.approx(50.0 * water_frac * WATER_HEAT_J_KG_K * cooled_k, rel=1e-9)


def test_more_air_cools_the_water_further(tower: towers.Tower) -> None:
    leaving = towers.tower_point(tower, np.linspace(0.2, 1.0, 9), 1.0, 35.0, 22.0).leaving_c
    assert (np.diff(leaving) < 0).all()


def test_the_same_heat_needs_a_wider_approach_in_dry_cold_air(tower: towers.Tower) -> None:
    # Saturated air takes up less heat per kelvin when cold, so towers lose approach in winter.
    summer = towers.tower_point(tower, 1.0, 1.0, 25.5 + 9.5, 25.5).heat_w
    winter = towers.tower_point(tower, 1.0, 1.0, 2.0 + 9.5, 2.0).heat_w
    assert winter < 0.75 * summer


def test_a_tower_evaporates_one_and_a_third_litre_per_kilowatt_hour() -> None:
    litres = 3600 * towers.evaporated_kg_s(1000.0, np.array([0.8, 0.95, 1.0]))
    assert litres == pytest.approx([1.185, 1.407, 1.481], abs=1e-3)


def test_a_dry_cooler_holds_a_lift_with_less_fan_when_less_is_asked() -> None:
    frac = towers.dry_cooler_fan_frac(np.array([0.0, 50e3, 100e3, 200e3]), 8.0, 100e3, 8.0)
    assert frac == pytest.approx([0.0, 0.5, 1.0, 1.0])
    assert towers.dry_cooler_leaving_c(100e3, 30.0, 100e3, 8.0) == pytest.approx(38.0)


# CoolingTower_VariableSpeed_Merkel.dat of lbl-srg/modelica-buildings, written by EnergyPlus 9.2: wet bulb C, entering
# C, fan speed ratio of rows in which the tower holds 30.00 C at its design water flow.
ENERGYPLUS_ROWS = np.array(
    [
        (18.56, 32.01, 0.2507),
        (18.60, 32.55, 0.3048),
        (18.64, 32.97, 0.3439),
        (18.69, 33.37, 0.3797),
        (18.71, 33.64, 0.4031),
        (18.38, 33.89, 0.4180),
        (18.71, 33.69, 0.4085),
        (19.07, 33.12, 0.3667),
        (19.29, 33.04, 0.3638),
    ]
)


def test_the_tower_reproduces_energyplus_within_a_fiftieth_of_a_kelvin() -> None:
    # Sizing of that run: 0.00109181 m3/s of water, water to air 1.61599, 1.25 times 20286.4 W, wet bulb 25.56 C and
    # approach 3.9 K; the conductance follows, nothing is fitted.
    water_kg_s = 0.00109181 * 997.0
    range_k = 1.25 * 20_286.37 / (water_kg_s * WATER_HEAT_J_KG_K)
    tower = towers.rated_tower(water_kg_s, water_kg_s / 1.61599, 25.56, range_k, 3.9)
    wet_bulb_c, entering_c, fan_frac = ENERGYPLUS_ROWS.T
    leaving_c = towers.tower_point(tower, fan_frac, 1.0, entering_c, wet_bulb_c).leaving_c
    assert leaving_c == pytest.approx(30.0, abs=0.02)
