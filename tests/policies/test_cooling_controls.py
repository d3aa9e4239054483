"""Controls of the cooling plant: what each wants of a building one can see through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twin.errors import DocumentError
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.plugins import CONTROLS, names
from twin.policies.controls.economiser import Economiser
from twin.policies.controls.failure_response import FailureResponse
from twin.policies.controls.fan_pid import FanPid
from twin.policies.controls.fixed import Fixed
from twin.policies.controls.flow_to_demand import FlowToDemand
from twin.policies.controls.staging import Staging
from twin.policies.controls.temperature_reset import TemperatureReset
from twin.policies.controls.view import CoolingView, Setting
from twin.policies.making import make

VIEW = CoolingView(
    dry_bulb_c=20.0,
    wet_bulb_c=15.0,
    dew_point_c=12.0,
    heat_w=100e3,
    server_m3_s=5.0,
    rated_m3_s=10.0,
    up_frac=1.0,
    inlet_c=27.0,
    mixing_frac=1.0,
    fan_frac=0.7,
    supply_c=18.0,
    water_c=10.0,
    drawn_fan_frac=0.7,
    drawn_supply_c=18.0,
    drawn_water_c=10.0,
    dt_s=10.0,
)


def test_every_control_is_found_by_its_name() -> None:
    assert set(names(CONTROLS)) >= {
        "economiser",
        "failure_response",
        "fan_pid",
        "fixed",
        "flow_to_demand",
        "staging",
        "temperature_reset",
    }
    assert make(CONTROLS, "fixed", {"water_c": 14.0}, "here")(VIEW) == Setting(water_c=14.0)
    with pytest.raises(DocumentError, match=r"water_c"):
        make(CONTROLS, "fixed", {"water_c": 90.0}, "here")


def test_what_comes_later_goes_before() -> None:
    both = Fixed(fan_frac=0.5, supply_c=20.0)(VIEW).under(Fixed(fan_frac=0.9)(VIEW))
    assert (both.fan_frac, both.supply_c, both.water_c) == (0.9, 20.0, None)


@pytest.mark.parametrize(
    ("outdoors_c", "water_c"), [(5.0, 18.0), (10.0, 18.0), (17.5, 15.0), (25.0, 12.0), (30.0, 12.0)]
)
def test_a_reset_is_a_line_with_level_ends(outdoors_c: float, water_c: float) -> None:
    assert TemperatureReset()(replace(VIEW, wet_bulb_c=outdoors_c)).water_c == pytest.approx(water_c)


def test_a_reset_takes_the_hours_of_a_year_together() -> None:
    wanted = TemperatureReset(of="supply", by="dry_bulb", high_c=24.0, low_c=18.0)(
        replace(VIEW, dry_bulb_c=np.array([0.0, 17.5, 40.0]))
    )
    assert wanted.supply_c == pytest.approx([24.0, 21.0, 18.0])
    assert wanted.water_c is None


@pytest.mark.parametrize(
    ("dry_c", "dew_c", "is_let_in"), [(20.0, 12.0, True), (28.0, 12.0, False), (20.0, 16.0, False), (0.0, -12.0, False)]
)
def test_outdoor_air_comes_in_when_it_is_neither_hot_nor_humid_nor_dry(
    dry_c: float, dew_c: float, is_let_in: bool
) -> None:
    assert bool(Economiser()(replace(VIEW, dry_bulb_c=dry_c, dew_point_c=dew_c)).lets_air) is is_let_in


def test_fans_move_the_air_of_the_racks_and_a_tenth() -> None:
    assert float(FlowToDemand(0.1)(VIEW).fan_frac) == pytest.approx(0.55)
    assert float(FlowToDemand(0.1)(replace(VIEW, rated_m3_s=4.0)).fan_frac) == 1.0


def test_fans_speed_up_while_the_inlet_is_too_warm_by_no_more_than_a_step() -> None:
    control = FanPid(inlet_c=25.0, gain_per_k=0.06, integral_s=60.0, most_step=0.1)
    assert float(control(VIEW).fan_frac) == pytest.approx(0.7 + 0.06 * 2.0 * 10.0 / 60.0)
    assert float(control(replace(VIEW, inlet_c=24.0)).fan_frac) < 0.7
    assert float(control(replace(VIEW, inlet_c=60.0, dt_s=60.0)).fan_frac) == pytest.approx(0.8)


def test_at_rest_fans_carry_the_heat_at_the_inlet_wanted() -> None:
    control = FanPid(inlet_c=25.0)
    speed = float(control(replace(VIEW, dt_s=np.inf, heat_w=50e3)).fan_frac)
    assert 18.0 + 50e3 / (AIR_HEAT_J_M3_K * 10.0 * speed) == pytest.approx(25.0)


def test_at_rest_an_aisle_may_be_short_of_air_as_far_as_its_inlet_allows() -> None:
    speed = float(FanPid(inlet_c=22.0)(replace(VIEW, dt_s=np.inf, mixing_frac=0.05)).fan_frac)
    short_frac = 1.0 - 10.0 * speed / 5.0
    assert 18.0 + short_frac * 100e3 / (AIR_HEAT_J_M3_K * 10.0 * speed) == pytest.approx(22.0)


def test_coolers_that_are_left_blow_for_those_that_are_not() -> None:
    idle = FailureResponse()(VIEW)
    assert (float(idle.fan_frac), float(idle.supply_c)) == (0.7, 18.0)
    wanted = FailureResponse(lower_k=3.0)(replace(VIEW, up_frac=0.75))
    assert float(wanted.fan_frac) == pytest.approx(0.7 / 0.75)
    assert float(wanted.supply_c) == pytest.approx(15.0)


def test_staging_says_when_one_more_chiller_starts() -> None:
    assert Staging(0.6)(VIEW) == Setting(stage_frac=0.6)
