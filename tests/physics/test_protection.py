"""Protection trips when the published formulas say, also under a load that changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.protection import (
    IEC_CURVES,
    MAGNETIC_BAND,
    MUST_TRIP,
    NO_TRIP,
    THERMAL_S,
    bimetal_heat,
    bimetal_trip_s,
    continuous_limit_a,
    magnetic_multiple,
    relay_travel,
    reset_time_s,
    trip_time_s,
)


@pytest.mark.parametrize(("name", "k", "alpha"), [("SI", 0.14, 0.02), ("VI", 13.5, 1.0), ("EI", 80.0, 2.0)])
@pytest.mark.parametrize("ratio", [1.05, 1.5, 2.0, 5.0, 10.0, 20.0])
def test_relays_follow_the_iec_formula(name: str, k: float, alpha: float, ratio: float) -> None:
    assert trip_time_s(ratio, *IEC_CURVES[name], 0.3) == pytest.approx(0.3 * k / (ratio**alpha - 1.0), rel=1e-12)


def test_a_relay_never_trips_at_or_below_its_setting() -> None:
    assert np.isinf(trip_time_s(np.array([0.0, 0.5, 1.0]), *IEC_CURVES["SI"])).all()
    assert np.isinf(reset_time_s(np.array([1.0, 3.0]), 29.1, 2.0)).all()


@given(st.lists(st.tuples(st.floats(1.01, 20.0), st.floats(0.0, 1.0)), min_size=1, max_size=6))
def test_travel_is_the_sum_of_the_shares_of_each_load(loads: list[tuple[float, float]]) -> None:
    travel = 0.0
    for ratio, share in loads:
        t_s = float(trip_time_s(ratio, *IEC_CURVES["VI"]))
        travel = float(relay_travel(travel, t_s, np.inf, share * t_s))
    assert travel == pytest.approx(sum(share for _, share in loads), rel=1e-9, abs=1e-12)


def test_a_relay_forgets_what_is_over() -> None:
    reset_s = float(reset_time_s(0.0, 29.1, 2.0))
    assert relay_travel(0.5, np.inf, reset_s, 29.1 / 4) == pytest.approx(0.25)
    assert relay_travel(0.5, np.inf, reset_s, 100.0) == 0.0


def test_breakers_hold_1_13_and_trip_at_1_45_within_an_hour() -> None:
    assert bimetal_trip_s(0.0, NO_TRIP, THERMAL_S) == np.inf
    assert bimetal_trip_s(0.0, MUST_TRIP, THERMAL_S) < 3600.0
    assert 1.0 < bimetal_trip_s(0.0, 2.55, THERMAL_S) < 60.0


@given(st.floats(0.0, 1.2), st.floats(1.14, 8.0), st.floats(0.0, 1.0))
def test_the_time_to_trip_is_where_the_heat_meets_the_limit(heat: float, ratio: float, cut: float) -> None:
    whole_s = float(bimetal_trip_s(heat, ratio, THERMAL_S))
    assert bimetal_heat(heat, ratio, THERMAL_S, whole_s) == pytest.approx(NO_TRIP**2, rel=1e-9)
    part = float(bimetal_heat(heat, ratio, THERMAL_S, cut * whole_s))
    assert cut * whole_s + bimetal_trip_s(part, ratio, THERMAL_S) == pytest.approx(whole_s, rel=1e-6, abs=1e-6)


def test_a_warm_breaker_trips_sooner_than_a_cold_one() -> None:
    assert bimetal_trip_s(0.64, 1.45, THERMAL_S) < bimetal_trip_s(0.0, 1.45, THERMAL_S)
    assert bimetal_trip_s(2.0, 0.1, THERMAL_S) == 0.0


def test_magnetic_releases_lie_in_their_bands() -> None:
    for name, (low, high) in MAGNETIC_BAND.items():
        assert low < magnetic_multiple(name) < high


def test_a_continuous_load_takes_four_fifths_of_a_breaker() -> None:
    assert continuous_limit_a(np.array([32.0, 250.0])) == pytest.approx([25.6, 200.0])
