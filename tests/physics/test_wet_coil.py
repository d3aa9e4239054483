"""Coils in moist air: dry where they are warm, wet where they are cold, and the humidity a room rests at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.coil import Coil, coil_heat_w, rated_coil
from twin.physics.psychro import dew_point_c, enthalpy_j_kg, humidity_ratio
from twin.physics.wet_coil import (
    bypass_frac,
    dew_point_of_ratio_c,
    saturated_ratio,
    steady_humidity,
    surface_c,
    wet_coil_point,
)

COIL: Coil = rated_coil(120e3, 7.4, 4.8, 35.0, 18.0)


@given(st.floats(24.0, 40.0), st.floats(0.05, 0.3), st.floats(0.3, 1.0))
def test_above_the_dew_point_a_coil_is_the_dry_one(dry_c: float, humidity: float, fan: float) -> None:
    ratio = float(humidity_ratio(dry_c, humidity))
    water_c = float(dew_point_c(dry_c, humidity)) + 0.5
    point = wet_coil_point(COIL, (fan, 1.0), (dry_c, ratio), water_c)
    assert float(point.condensate_kg_s) == 0.0
    assert float(point.heat_w) == pytest.approx(float(coil_heat_w(COIL, fan, 1.0, dry_c, water_c)))


@given(st.floats(26.0, 36.0), st.floats(0.6, 0.95), st.floats(4.0, 10.0))
def test_below_it_the_heat_is_what_the_air_lost(dry_c: float, humidity: float, water_c: float) -> None:
    ratio = float(humidity_ratio(dry_c, humidity))
    point = wet_coil_point(COIL, (1.0, 1.0), (dry_c, ratio), water_c)
    air_kg_s = float(COIL.air_w_k) / 1006.0
    lost_w = air_kg_s * (float(enthalpy_j_kg(dry_c, ratio)) - float(enthalpy_j_kg(point.supply_c, point.supply_ratio)))
    assert float(point.condensate_kg_s) > 0.0
    assert float(point.heat_w) == pytest.approx(lost_w, rel=0.01)
    assert float(point.heat_w) > float(coil_heat_w(COIL, 1.0, 1.0, dry_c, water_c))
    assert water_c < float(point.supply_c) < dry_c
    # Nearly saturated air mixed with air of the film lies up to a hundredth above saturation: fog, not resolved.
    assert float(point.supply_ratio) <= float(saturated_ratio(point.supply_c)) * 1.01


def test_less_of_slow_air_passes_by_the_fins() -> None:
    shares = [float(bypass_frac(COIL, fan)) for fan in (1.0, 0.6, 0.3)]
    assert shares == sorted(shares, reverse=True)
    assert 0.0 < shares[-1] < shares[0] < 0.5
    assert surface_c(30.0, 30.0, 0.2) == 30.0


def test_a_room_rests_where_outdoor_vapour_is_what_its_coils_condense() -> None:
    outdoor = np.array([0.018, 0.004, 0.012])
    kg_s = np.array([0.1, 0.1, 0.5])
    surfaces = np.array([[0.009] * 3, [0.011] * 3])
    rested = steady_humidity(kg_s, outdoor, np.full((2, 3), 2.0), surfaces)
    brought = kg_s * (outdoor - rested.ratio)
    assert rested.condensate_kg_s.sum(axis=0) == pytest.approx(brought, abs=1e-12)
    assert rested.ratio[1] == outdoor[1]  # too dry for any coil
    assert (rested.condensate_kg_s[1] == 0.0).all()  # the warmer coil stays dry while the colder one works
    assert 0.009 < rested.ratio[0] < 0.011


def test_dew_points_from_the_table_are_those_of_the_formula() -> None:
    for dry_c, humidity in ((25.0, 0.5), (30.0, 0.9), (20.0, 0.2)):
        ratio = float(humidity_ratio(dry_c, humidity))
        assert float(dew_point_of_ratio_c(ratio)) == pytest.approx(float(dew_point_c(dry_c, humidity)), abs=0.005)
