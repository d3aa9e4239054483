"""Equipment classes and fan power."""

from __future__ import annotations

import numpy as np
import pytest

from twin.physics.air import AIR_CLASSES, air_flow_m3_s, air_rise_k, allowed_inlet_c
from twin.physics.fan import fan_power_w, pump_power_w

# Drive curve of lbl-srg/modelica-buildings CoolingTowers/Validation/MerkelEnergyPlus.mo, speed 0.1 to 1.
ENERGYPLUS_FAN = np.array([0.0210, 0.0278, 0.0465, 0.0827, 0.1425, 0.2317, 0.3562, 0.5218, 0.7345, 1.0])


def test_fan_law_follows_the_energyplus_curve_above_a_third_of_full_speed() -> None:
    speed = np.linspace(0.1, 1.0, 10)
    miss = np.abs(fan_power_w(1.0, speed) - ENERGYPLUS_FAN)
    assert miss.max() < 0.022
    assert miss[3:].max() < 0.015


def test_half_speed_with_the_ideal_exponent_takes_an_eighth() -> None:
    assert fan_power_w(5000.0, 0.5, 3.0) == pytest.approx(625.0)


def test_pump_power_is_flow_times_pressure_over_efficiency() -> None:
    assert pump_power_w(0.01, 200e3, 0.7) == pytest.approx(2857.14, abs=0.01)


def test_rise_and_flow_are_inverse() -> None:
    assert air_rise_k(40e3, air_flow_m3_s(40e3, 12.5)) == pytest.approx(12.5)


def test_class_a3_loses_a_kelvin_per_175_m_above_900_m() -> None:
    a3 = AIR_CLASSES["A3"]
    assert allowed_inlet_c(a3.high_c, a3.derate_k_per_m, np.array([0.0, 900.0, 1250.0])) == pytest.approx([40, 40, 38])
