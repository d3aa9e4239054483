"""Guards in the plant trip where the formulas of their curves say, and remember what they carried."""

from __future__ import annotations

import numpy as np
import pytest

from twin.plant.trips import Guard, Trips, default_curve

ALONE = np.array([0.0])


def trips_of(curve: str, tms: float = 1.0) -> Trips:
    return Trips([Guard(0, 100e3, curve, tms)])


def test_small_breakers_are_thermal_magnetic_and_large_ones_have_relays() -> None:
    assert default_curve(63) == "C"
    assert default_curve(400) == "EI"


def test_a_relay_is_predicted_and_reached_at_the_same_time() -> None:
    trips = trips_of("VI", 0.5)
    ratio = trips.ratio(np.array([180e3]), ALONE)
    left_s = float(trips.left_s(ratio)[0])
    assert left_s == pytest.approx(0.5 * 13.5 / 0.8)
    trips.advance(ratio, left_s / 3)
    assert trips.left_s(ratio)[0] == pytest.approx(left_s * 2 / 3)


def test_a_breaker_that_is_warm_trips_sooner_and_cools_down_again() -> None:
    trips = trips_of("C")
    over = np.array([1.45])
    cold_s = float(trips.left_s(over)[0])
    trips.advance(np.array([1.0]), 3600.0)
    warm_s = float(trips.left_s(over)[0])
    trips.advance(np.array([0.0]), 3600.0)
    assert warm_s < cold_s
    assert trips.left_s(over)[0] == pytest.approx(cold_s, rel=1e-6)


def test_a_short_circuit_trips_at_once() -> None:
    assert trips_of("B").left_s(np.array([4.0]))[0] == 0.0
    assert trips_of("D").left_s(np.array([4.0]))[0] > 0.0


@pytest.mark.parametrize(("ratio", "seconds"), [(1.5, 60.0), (1.25, 600.0), (1.1, 3600.0)])
def test_a_ups_carries_its_overload_as_its_table_says(ratio: float, seconds: float) -> None:
    assert trips_of("UPS").left_s(np.array([ratio]))[0] == pytest.approx(seconds)
    assert trips_of("UPS").left_s(np.array([1.04]))[0] == np.inf


def test_the_worst_phase_decides() -> None:
    trips = trips_of("EI")
    assert trips.ratio(np.array([80e3]), ALONE, np.array([1.5]))[0] == pytest.approx(1.2)
