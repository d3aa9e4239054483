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
