"""Part-load losses against data-sheet figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.electrical import (
    efficiency_frac,
    fit_loss_abc,
    input_w,
    loss_through,
    loss_w,
    psu_input_w,
    transformer_loss_w,
)

QUARTERS = np.array([0.25, 0.5, 0.75, 1.0])
TITANIUM = np.array([0.2, 0.5, 1.0]), np.array([0.94, 0.96, 0.91])  # 80 PLUS 230 V redundant


@pytest.mark.parametrize(
    ("terms", "percent"),
    [
        ((0.006, 0.010, 0.012), [96.4, 97.3, 97.4, 97.3]),  # modern double conversion
        ((0.025, 0.015, 0.025), [89.2, 92.8, 93.7, 93.9]),  # legacy with transformer
        ((0.004, 0.001, 0.005), [98.2, 98.9, 99.0, 99.0]),  # eco mode
    ],
)
def test_ups_presets_give_their_published_efficiencies(terms: tuple[float, float, float], percent: list[float]) -> None:
    assert np.round(100 * efficiency_frac(QUARTERS, *terms), 1) == pytest.approx(percent, abs=0.051)


def test_an_idle_device_still_loses_its_no_load_part() -> None:
    assert loss_w(0.0, 200e3, 0.006, 0.010, 0.012) == pytest.approx(1200.0)


@given(st.lists(st.floats(0.0, 0.05), min_size=3, max_size=3))
def test_fit_returns_the_efficiencies_it_was_given(terms: list[float]) -> None:
    efficiencies = efficiency_frac(QUARTERS, *terms)
    fitted = fit_loss_abc(QUARTERS, efficiencies)
    assert efficiency_frac(QUARTERS, *fitted) == pytest.approx(efficiencies, abs=1e-9)


@given(st.lists(st.floats(0.7, 0.999), min_size=4, max_size=4))
def test_fit_through_any_points_never_creates_energy(efficiencies: list[float]) -> None:
    fitted = fit_loss_abc(QUARTERS, np.array(efficiencies))
    assert fitted.min() >= 0.0


def test_psu_passes_through_its_80_plus_points() -> None:
    out = 2000.0 * TITANIUM[0]
    assert out / psu_input_w(out, 2000.0, *TITANIUM) == pytest.approx(TITANIUM[1], abs=1e-12)


@pytest.mark.parametrize(
    "percent",
    [
        {10: 90, 20: 94, 50: 96, 100: 91},  # Titanium, 230 V redundant
        {20: 90, 50: 94, 100: 91},  # Platinum
        {20: 88, 50: 92, 100: 88},  # Gold
        {20: 85, 50: 89, 100: 85},  # Silver
    ],
)
def test_a_loss_law_goes_through_the_80_plus_points_and_creates_no_energy(percent: dict[int, int]) -> None:
    load, efficiency = np.array(list(percent)) / 100.0, np.array(list(percent.values())) / 100.0
    terms = loss_through(load, efficiency)
    assert efficiency_frac(load, *terms) == pytest.approx(efficiency, abs=1e-12)
    watts = np.linspace(0.0, 2000.0, 400)
    drawn_w = input_w(watts, 1000.0, *terms)
    assert (drawn_w >= watts).all()
    assert (np.diff(drawn_w) > 0.0).all()


def test_a_cubic_loss_goes_on_along_its_tangent_beyond_the_rating() -> None:
    terms = (0.0, 0.0, 0.0, 0.1)
    assert loss_w(np.array([1000.0, 1200.0]), 1000.0, *terms) == pytest.approx([100.0, 100.0 * (1.0 + 3.0 * 0.2)])


@given(st.lists(st.floats(0.6, 0.999), min_size=3, max_size=6))
def test_a_law_through_any_points_never_creates_energy(efficiencies: list[float]) -> None:
    load = np.linspace(0.15, 1.0, len(efficiencies))
    watts = np.linspace(0.0, 1300.0, 131)
    assert (loss_w(watts, 1000.0, *loss_through(load, np.array(efficiencies))) >= -1e-9).all()


def test_psu_loss_is_finite_at_no_load_and_grows_past_full_load() -> None:
    idle, full, over = psu_input_w(np.array([0.0, 1000.0, 1100.0]), 1000.0, *TITANIUM) - np.array([0, 1000, 1100])
    assert idle == pytest.approx(1000 * 0.2 * (1 / 0.94 - 1))
    assert over > full


def test_transformer_at_full_load_loses_iron_plus_copper() -> None:
    # EU regulation 548/2014 tier 2, liquid-filled, 2500 kVA: P0 1575 W, Pk 18500 W
    assert transformer_loss_w(2.5e6, 2.5e6, 1575.0, 18_500.0) == pytest.approx(20_075.0)


def test_arrays_and_numbers_give_the_same_input() -> None:
    loads = np.array([10e3, 50e3])
    assert input_w(loads, 100e3, 0.006, 0.01, 0.012)[1] == input_w(50e3, 100e3, 0.006, 0.01, 0.012)
