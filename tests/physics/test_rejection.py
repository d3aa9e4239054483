"""Towers, dry and adiabatic coolers off their rating: Merkel in closed form against its own iteration, fans, water."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.rejection import (
    Rejection,
    behind_pad_c,
    fan_frac_to_hold,
    leaving_c,
    pad_evaporation_kg_s,
    rated_rejection,
    tower_evaporation_kg_s,
)
from twin.physics.tower import tower_point

TOWER = rated_rejection("tower", 2.5e6, (37.0, 32.0), 27.0)
DRY = rated_rejection("dry_cooler", 5e5, (49.0, 43.0), 35.0)


@pytest.mark.parametrize("machine", [TOWER, DRY], ids=["tower", "dry cooler"])
def test_a_machine_returns_its_rated_water_at_its_rating(machine: Rejection) -> None:
    rated_out_c = 32.0 if machine is TOWER else 43.0
    assert float(leaving_c(machine, 1.0, 1.0, 35.0, 27.0)) == pytest.approx(rated_out_c, abs=1e-3)


@given(st.floats(0.1, 1.3), st.floats(0.2, 1.0), st.floats(-10.0, 30.0))
def test_the_closed_form_is_where_the_iteration_of_merkels_law_comes_to_rest(
    heat_frac: float, fan_frac: float, wet_bulb_c: float
) -> None:
    out_c = float(leaving_c(TOWER, heat_frac, fan_frac, wet_bulb_c + 5.0, wet_bulb_c))
    assert TOWER.tower is not None
    point = tower_point(TOWER.tower, fan_frac, 1.0, out_c + heat_frac * TOWER.range_k, wet_bulb_c)
    assert float(point.heat_w) == pytest.approx(heat_frac * TOWER.rated_w, rel=2e-3)


def test_the_approach_widens_as_the_air_cools_and_closes_as_the_load_falls() -> None:
    wet_bulb_c = np.array([26.0, 20.0, 14.0, 8.0, 2.0])
    approach_k = np.asarray(leaving_c(TOWER, 1.0, 1.0, wet_bulb_c, wet_bulb_c)) - wet_bulb_c
    assert (np.diff(approach_k) > 0.0).all()
    light_k = np.asarray(leaving_c(TOWER, np.array([1.0, 0.5, 0.25]), 1.0, 20.0, 20.0)) - 20.0
    assert (np.diff(light_k) < 0.0).all()


@given(st.floats(0.15, 1.0), st.floats(-5.0, 28.0), st.sampled_from([TOWER, DRY]))
def test_fans_turn_as_fast_as_the_target_needs_and_no_faster(
    heat_frac: float, air_c: float, machine: Rejection
) -> None:
    target_c = air_c + 9.0
    speed = float(fan_frac_to_hold(machine, heat_frac, target_c, (air_c, air_c), 0.1))
    out_c = float(leaving_c(machine, heat_frac, speed, air_c, air_c))
    if 0.1 < speed < 1.0:
        assert out_c == pytest.approx(target_c, abs=0.05)
    elif speed == 1.0:
        assert out_c >= target_c - 0.05


def test_speeds_of_many_hours_are_those_of_each_hour() -> None:
    heat_frac, wet = np.array([0.3, 0.7, 1.2]), np.array([5.0, 15.0, 27.0])
    together = np.asarray(fan_frac_to_hold(TOWER, heat_frac, wet + 5.0, (wet, wet), 0.2))
    alone = [
        float(fan_frac_to_hold(TOWER, q, t + 5.0, (t, t), 0.2))
        for q, t in zip(heat_frac.tolist(), wet.tolist(), strict=True)
    ]
    assert together == pytest.approx(alone, abs=1e-9)


def test_a_tower_evaporates_between_one_and_one_and_a_half_litres_for_a_kilowatt_hour() -> None:
    wet = np.array([0.0, 10.0, 20.0, 27.0])
    litres = np.asarray(tower_evaporation_kg_s(TOWER, 1.0, 1.0, (wet + 4.0, wet))) * 3600.0 / 2500.0
    assert (litres > 0.8).all()
    assert (litres < 1.55).all()
    # In warm dry air some of the heat that evaporates water comes from the air itself.
    assert (np.diff(litres) > 0.0).all()


def test_vapour_and_heat_of_a_tower_balance() -> None:
    # Latent heat of what is evaporated and the warming of the air are the heat, within the small terms of Merkel.
    from twin.physics.rejection import _TABLE_C, _TABLE_J_KG

    dry, wet = 24.0, 20.0
    gone = float(tower_evaporation_kg_s(TOWER, 1.0, 1.0, (dry, wet)))
    enthalpy = float(np.interp(wet, _TABLE_C, _TABLE_J_KG)) + TOWER.rated_w / TOWER.air_kg_s
    out_c = float(np.interp(enthalpy, _TABLE_J_KG, _TABLE_C))
    sensible_w = TOWER.air_kg_s * 1006.0 * (out_c - dry)
    assert gone * 2.5e6 + sensible_w == pytest.approx(TOWER.rated_w, rel=0.04)


def test_a_pad_cools_the_air_by_its_share_of_the_depression_and_pays_in_water() -> None:
    cooler = rated_rejection("adiabatic_cooler", 5e5, (49.0, 43.0), 35.0, 0.8)
    assert behind_pad_c(cooler, 35.0, 25.0) == pytest.approx(27.0)
    kg_s = float(pad_evaporation_kg_s(cooler, 1.0, 35.0, 25.0))
    assert kg_s * 2.43e6 == pytest.approx(cooler.air_kg_s * 1006.0 * 8.0)
    assert float(leaving_c(cooler, 1.0, 1.0, 27.0, 25.0)) == pytest.approx(35.0, abs=1e-3)
