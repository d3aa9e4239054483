"""Moist air against psychrolib 2.5.0 and CoolProp 8.0.0 at sea level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics import psychro

# dry bulb C, relative humidity, wet bulb C, dew point C, humidity ratio kg/kg, enthalpy kJ/kg (psychrolib 2.5.0)
STATES = [
    (25.0, 0.5, 17.889, 13.864, 0.009881, 50.322),
    (35.0, 0.4, 23.934, 19.385, 0.014132, 71.473),
    (30.0, 0.9, 28.586, 28.177, 0.024376, 92.504),
    (20.0, 0.2, 9.271, -3.209, 0.002884, 27.441),
]
COOLPROP_WET_BULB_C = [17.883, 23.930, 28.587, 9.254]


@pytest.mark.parametrize("state", STATES)
def test_states_agree_with_psychrolib(state: tuple[float, ...]) -> None:
    dry_bulb_c, humidity, wet_bulb_c, dew_point_c, ratio, enthalpy_kj = state
    w = psychro.humidity_ratio(dry_bulb_c, humidity)
    assert psychro.wet_bulb_c(dry_bulb_c, humidity) == pytest.approx(wet_bulb_c, abs=1e-3)
    assert psychro.dew_point_c(dry_bulb_c, humidity) == pytest.approx(dew_point_c, abs=1e-3)
    assert w == pytest.approx(ratio, abs=1e-6)
    assert psychro.enthalpy_j_kg(dry_bulb_c, w) / 1e3 == pytest.approx(enthalpy_kj, abs=2e-3)


def test_wet_bulbs_agree_with_coolprop_to_a_fiftieth_of_a_kelvin() -> None:
    dry, humid = np.array([s[0] for s in STATES]), np.array([s[1] for s in STATES])
    assert psychro.wet_bulb_c(dry, humid) == pytest.approx(COOLPROP_WET_BULB_C, abs=0.02)


def test_moist_air_at_25_c_has_its_tabled_volume() -> None:
    w = psychro.humidity_ratio(25.0, 0.5)
    assert (1 + w) / psychro.air_density_kg_m3(25.0, w) == pytest.approx(0.858, abs=5e-4)


@given(st.floats(-30.0, 50.0), st.floats(0.02, 1.0))
def test_dew_point_wet_bulb_and_dry_bulb_are_in_order(dry_bulb_c: float, humidity: float) -> None:
    dew, wet = psychro.dew_point_c(dry_bulb_c, humidity), psychro.wet_bulb_c(dry_bulb_c, humidity)
    assert dew <= wet + 1e-6
    assert wet <= dry_bulb_c + 1e-6


@given(st.floats(-50.0, 60.0))
def test_saturated_air_has_its_own_temperature_as_dew_point(temperature_c: float) -> None:
    assert psychro.dew_point_c(temperature_c, 1.0) == pytest.approx(temperature_c, abs=1e-4)


def test_saturation_is_continuous_where_ice_becomes_water() -> None:
    assert psychro.saturation_pressure_pa(0.0100001) == pytest.approx(psychro.saturation_pressure_pa(0.01), rel=1e-4)
    # ASHRAE Handbook Fundamentals 2017 ch. 1 table 3: 611.2 Pa at 0 C, 7384.9 Pa at 40 C
    assert psychro.saturation_pressure_pa(0.0) == pytest.approx(611.2, abs=0.1)
    assert psychro.saturation_pressure_pa(40.0) == pytest.approx(7384.9, abs=2.0)
