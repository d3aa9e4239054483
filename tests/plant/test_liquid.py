"""Heat that leaves racks by liquid: shared by the running units of a circuit, and never lost on the way."""

from __future__ import annotations

import numpy as np
import pytest

from twin.plant.liquid import Liquid


def liquid(**changes: object) -> Liquid:
    """Two units on one coolant loop of two racks, a third rack straight on the water; the water is chilled loop 0."""
    parts: dict[str, object] = {
        "ids": ["CDU-1", "CDU-2"],
        "rated_w": np.array([100e3, 300e3]),
        "full_pump_w": np.array([1e3, 2e3]),
        "i_circuit": np.array([0, 0]),
        "i_loop": np.array([0, -1]),
        "is_up": np.array([True, True]),
        "is_fed": np.array([True, True]),
        "circuits": ["COOLANT", "WATER"],
        "circuit_of_rack": np.array([0, 0, 1, -1]),
        "direct_loop": np.array([-1, 0]),
    }
    return Liquid(**{**parts, **changes})  # type: ignore[arg-type]


RACK_W = np.array([40e3, 60e3, 25e3, 7e3])


def test_units_share_the_heat_by_their_rating() -> None:
    step = liquid().step(RACK_W, 1)
    assert step.loop_w[0] == pytest.approx(25e3 + 1e3 + 25e3)  # a quarter of 100 kW, its pump, and the third rack
    assert step.outside_w == pytest.approx(75e3 + 2e3)
    assert step.from_racks_w + step.pump_w == pytest.approx(float(step.loop_w.sum()) + step.outside_w, rel=1e-15)


def test_what_is_left_of_the_units_takes_all() -> None:
    step = liquid(is_fed=np.array([True, False])).step(RACK_W, 1)
    assert step.outside_w == 0.0
    assert step.loop_w[0] == pytest.approx(100e3 + 1e3 + 25e3)


def test_coolant_stops_only_when_the_last_unit_of_a_circuit_does() -> None:
    assert liquid(is_up=np.array([True, False])).has_coolant().all()
    dry = liquid(is_up=np.array([False, False]))
    assert dry.has_coolant().tolist() == [False, False, True, True]
    assert dry.pump_w().sum() == 0.0


def test_a_hall_without_liquid_costs_nothing() -> None:
    step = Liquid().step(np.zeros(3), 2)
    assert (step.loop_w.sum(), step.outside_w, step.from_racks_w) == (0.0, 0.0, 0.0)
