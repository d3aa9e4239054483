"""Batteries: the makers' tables, charge under a changing load, and charging in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.battery import (
    capacity_frac,
    constant_energy_run_time_s,
    discharged_frac,
    recharged_frac,
    run_time_s,
)

MINUTES = np.array([3, 5, 10, 15, 20, 30, 45, 60]) * 60.0
TABLES = {
    "Panasonic UP-PW1245P1 to 9.6 V": (MINUTES, [530, 410, 270, 195, 159, 112, 82.1, 65.7]),
    "Panasonic UP-PW1245P1 to 10.5 V": (MINUTES, [463, 360, 246, 187, 151, 109, 78.7, 63.0]),
    "65 Ah to 1.6 V a cell": (MINUTES[[1, 2, 3, 4, 5, 7]], [2644, 1761, 1393, 1121, 840, 513]),
    "65 Ah to 1.7 V a cell": (MINUTES[[1, 2, 3, 4, 5, 7]], [2510, 1660, 1340, 1090, 823, 496]),
}


@pytest.mark.parametrize("name", TABLES)
def test_run_times_go_through_the_makers_table(name: str) -> None:
    times_s, powers_w = TABLES[name][0], np.array(TABLES[name][1], dtype=float)
    np.testing.assert_allclose(run_time_s(powers_w, times_s, powers_w), times_s, rtol=1e-12)


@pytest.mark.parametrize("name", TABLES)
def test_a_point_left_out_is_found_again_within_five_percent_of_its_power(name: str) -> None:
    times_s, powers_w = TABLES[name][0], np.array(TABLES[name][1], dtype=float)
    for k in range(1, len(times_s) - 1):
        rest = np.arange(len(times_s)) != k
        found_w = np.exp(np.interp(np.log(times_s[k]), np.log(times_s[rest]), np.log(powers_w[rest])))
        assert found_w == pytest.approx(powers_w[k], rel=0.051)


def test_the_power_law_through_two_points_misses_where_the_table_does_not() -> None:
    times_s, powers_w = MINUTES[[1, 7]], np.array([410, 65.7])
    exponent = np.log(powers_w[1] / powers_w[0]) / np.log(times_s[1] / times_s[0])
    assert exponent == pytest.approx(-0.737, abs=1e-3)
    assert powers_w[0] * (600.0 / 300.0) ** exponent / 270.0 - 1 == pytest.approx(-0.09, abs=0.005)


def test_outside_the_table_less_power_never_gives_more_energy_than_the_slowest_discharge() -> None:
    times_s, powers_w = MINUTES, np.array([530, 410, 270, 195, 159, 112, 82.1, 65.7])
    asked_w = np.geomspace(1.0, 5000.0, 200)
    found_s = run_time_s(asked_w, times_s, powers_w)
    assert (np.diff(found_s) < 0.0).all()
    assert (asked_w * found_s <= powers_w[-1] * times_s[-1] * (1 + 1e-12)).all()
    assert run_time_s(0.0, times_s, powers_w) == np.inf


def test_a_flat_chemistry_gives_its_energy_at_any_power() -> None:
    assert constant_energy_run_time_s(np.array([1e3, 2e3]), 6e6) == pytest.approx([6000.0, 3000.0])


@given(st.lists(st.tuples(st.floats(50.0, 600.0), st.floats(0.0, 100.0)), min_size=1, max_size=8))
def test_charge_taken_does_not_depend_on_how_a_stretch_is_cut(stretches: list[tuple[float, float]]) -> None:
    times_s, powers_w = MINUTES, np.array([530, 410, 270, 195, 159, 112, 82.1, 65.7])
    whole = sum(float(discharged_frac(w, s, times_s, powers_w)) for w, s in stretches)
    cut = sum(float(discharged_frac(w, s / 7, times_s, powers_w)) for w, s in stretches for _ in range(7))
    assert cut == pytest.approx(whole, rel=1e-12, abs=1e-15)


def test_capacity_follows_the_makers_temperatures() -> None:
    assert capacity_frac(np.array([-40.0, -15.0, 0.0, 25.0, 40.0, 60.0])) == pytest.approx(
        [0.65, 0.65, 0.85, 1.0, 1.02, 1.02]
    )


@given(st.floats(0, 1), st.floats(1e-6, 1e-2), st.floats(0, 0.99), st.floats(0, 1e5), st.integers(1, 9))
def test_charging_does_not_depend_on_the_step_and_never_overfills(
    start: float, rate: float, knee: float, elapsed_s: float, n: int
) -> None:
    whole = float(recharged_frac(start, rate, knee, elapsed_s))
    cut = start
    for _ in range(n):
        cut = float(recharged_frac(cut, rate, knee, elapsed_s / n))
    assert start - 1e-12 <= whole <= 1.0 + 1e-12
    assert cut == pytest.approx(whole, abs=1e-9)
