"""The validation of the cooling plant: every case that needs no file is reached, and Seoul's hours with its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.validate import cooling
from twin.validate.cooling import cabinet_time_s
from twin.validate.run import cases


def test_every_case_of_the_plant_is_reached() -> None:
    found = [case for case in cases(None, cooling.GROUPS) if not case.name.startswith("Seoul")]
    assert len(found) > 20
    assert [case.name for case in found if case.state != "reached"] == []


def test_the_hours_of_the_seoul_file_are_the_tabled_ones(data_dir: Path) -> None:
    found = [case for case in cases(data_dir, cooling.GROUPS) if case.name.startswith("Seoul")]
    assert len(found) == 7
    assert all(case.model == case.measured for case in found)


def test_twice_the_heat_leaves_much_less_than_half_the_time() -> None:
    # The air runs ahead of the equipment, so the rise is steepest at its beginning.
    assert cabinet_time_s(10e3) < 0.3 * cabinet_time_s(5e3)
    assert cabinet_time_s(5e3, start_c=20.0) > cabinet_time_s(5e3)
    assert cabinet_time_s(5e3) == pytest.approx(189.0, rel=2.0)
