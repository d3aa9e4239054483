"""Sheets of the electrical path: what cannot be true of a battery is refused with both numbers."""

from __future__ import annotations

import pytest

from twin.catalogue.electrical import Battery


def battery(points: dict[float, float]) -> Battery:
    return Battery.model_validate(
        {
            "format": "twin-device",
            "version": 1,
            "id": "block",
            "kind": "battery",
            "name": "a block",
            "maker": "nobody",
            "chemistry": "vrla",
            "power_w_at_s": points,
            "provenance": {"*": {"source": "a table made up for this test", "confidence": "low"}},
        }
    )


@pytest.mark.parametrize("points", [{300: 400, 600: 400}, {300: 400, 600: 410}, {300: 410, 301: 400, 600: 500}])
def test_a_table_in_which_more_power_lasts_longer_is_refused_with_both_powers(points: dict[float, float]) -> None:
    with pytest.raises(ValueError, match=r"power_w_at_s: 4\d0 W for 30\d s, but [45]\d0 W for \d+ s"):
        battery(points)


def test_a_table_of_constant_energy_is_good() -> None:
    assert battery({60: 1000, 600: 100}).power_w_at_s == {60.0: 1000.0, 600.0: 100.0}
