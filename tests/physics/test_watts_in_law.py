"""Watts of an accelerator whose power was measured, as a run uses them: limits, clocks, waiting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.watts import WattsLaw, serving_w, watts_at_clock

LLAMA_8B = ModelShape(32, 4096, 32, 8, 128, 14336, 128256, 2.0, 2.0)
LINEAR = ChipLaw(989e12, 3.35e12, 0.8, 0.85, 4.0, 1e-5, 1.5e-3, 2e-5, 68.0, 700.0, 1.1, 0.9, 450e9, 1e-5)
WATTS = WattsLaw(284.1, 0.0, 659.4, 0.4, 52.2)
MEASURED = replace(LINEAR, watts=WATTS)


@given(compute=st.floats(0.0, 1.0), memory=st.floats(0.0, 1.0), n=st.sampled_from([1, 2]))
def test_a_run_draws_what_the_fitted_law_says(compute: float, memory: float, n: int) -> None:
    law = IterationLaw(LLAMA_8B, MEASURED, n)
    assert law.accel_w(compute, memory) == pytest.approx(serving_w(WATTS, (68.0, 700.0), memory, compute, float(n > 1)))


@given(compute=st.floats(0.0, 1.0), memory=st.floats(0.0, 1.0), clock=st.floats(0.3, 1.0))
def test_nothing_lies_above_the_limit_or_below_idle_at_any_clock(compute: float, memory: float, clock: float) -> None:
    law = IterationLaw(LLAMA_8B, MEASURED, 1, clock)
    assert 68.0 <= law.accel_w(compute * clock, memory) <= 700.0


def test_a_stretch_of_steps_draws_the_law_at_its_mean_fractions() -> None:
    law = IterationLaw(LLAMA_8B, MEASURED)
    _, watts, compute, memory, _ = law.stretch_load(16, 16_000, 50)
    assert watts == pytest.approx(law.accel_w(compute, memory))


def test_a_lower_clock_draws_less_for_the_same_work() -> None:
    full, slow = IterationLaw(LLAMA_8B, MEASURED), IterationLaw(LLAMA_8B, MEASURED, 1, 0.7)
    assert slow.stretch_load(16, 16_000, 50)[1] < full.stretch_load(16, 16_000, 50)[1]


def test_linear_arithmetic_power_follows_the_clock_as_the_linear_model_does() -> None:
    """With exponent 1 an operation costs clock squared, as for a device known by its data sheet."""
    assert watts_at_clock(WattsLaw(0.0, 0.0, 100.0, 1.0, 0.0), 0.5).compute_w == pytest.approx(25.0)


def test_a_device_without_measured_watts_keeps_the_linear_model() -> None:
    law = IterationLaw(LLAMA_8B, LINEAR)
    assert law.accel_w(0.2, 0.3) == pytest.approx(68.0 + 632.0 * (1.1 * 0.2 + 0.9 * 0.3))


def test_chips_that_wait_for_each_other_never_draw_less_than_idle() -> None:
    law = IterationLaw(LLAMA_8B, replace(MEASURED, watts=replace(WATTS, awake_w=10.0)), 2)
    assert law.accel_w(0.0, 0.0) == pytest.approx(68.0)


@pytest.mark.parametrize(
    ("name", "value", "says"), [("memory_w", -1.0, "memory_w is -1.0"), ("compute_p", 0.0, "compute_p is 0.0")]
)
def test_impossible_watts_are_refused(name: str, value: float, says: str) -> None:
    with pytest.raises(ModelRangeError, match=says):
        replace(WATTS, **{name: value})
