"""Cooling without compressors: the plate exchanger and the mixing box against their heat balances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.economiser import exchanger_effectiveness, free_heat_w, free_water_c, outdoor_air_frac


def test_at_its_rating_an_exchanger_needs_tower_water_an_approach_colder_than_the_set_point() -> None:
    effectiveness = exchanger_effectiveness(600e3, 100e3, 3.0)
    assert free_water_c(600e3, 18.0, 100e3, effectiveness) == pytest.approx(15.0)
    assert float(free_heat_w(600e3, 18.0, 15.0, 100e3, effectiveness)) == pytest.approx(600e3)


def test_the_approach_shrinks_with_the_load() -> None:
    effectiveness = exchanger_effectiveness(600e3, 100e3, 3.0)
    assert 18.0 - free_water_c(300e3, 18.0, 100e3, effectiveness) == pytest.approx(1.5)


@given(st.floats(0.0, 1e6), st.floats(-10.0, 40.0))
def test_an_exchanger_takes_between_nothing_and_all(heat_w: float, tower_c: float) -> None:
    taken_w = float(free_heat_w(heat_w, 18.0, tower_c, 100e3, 0.667))
    assert 0.0 <= taken_w <= heat_w


@given(st.floats(-20.0, 31.0))
def test_the_mix_is_as_near_to_the_set_point_as_outdoor_air_can_bring_it(outdoor_c: float) -> None:
    share = float(outdoor_air_frac(outdoor_c, 32.0, 20.0, True))
    mixed_c = 32.0 - share * (32.0 - outdoor_c)
    assert mixed_c == pytest.approx(max(20.0, outdoor_c), abs=1e-9)


def test_no_outdoor_air_where_it_is_hotter_than_the_return_or_not_allowed() -> None:
    assert float(outdoor_air_frac(33.0, 32.0, 20.0, True)) == 0.0
    assert float(outdoor_air_frac(10.0, 32.0, 20.0, False)) == 0.0
