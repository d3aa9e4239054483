"""Heat is carried on within a pulse that is long against what changes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import twin

MINUTE_H = 1.0 / 60.0


@pytest.mark.parametrize("name", ["small_room_chat", "vision_room"])
def test_the_first_minute_costs_the_same_in_pulses_of_a_tenth_and_of_fifteen_seconds(
    layouts_dir: Path, name: str
) -> None:
    scenario = layouts_dir / "scenarios" / f"{name}.yaml"
    fine, coarse = (
        twin.run(scenario, hours=MINUTE_H, sets=("air=mixed", f"pulse_s={pulse_s}")).summary["energy_kwh"]
        for pulse_s in (0.1, 15.0)
    )
    assert coarse["it"] == pytest.approx(fine["it"], rel=1e-9)
    assert coarse["facility"] == pytest.approx(fine["facility"], rel=1e-4)
