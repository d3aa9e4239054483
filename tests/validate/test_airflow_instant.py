"""The validation of the instant air model: every case keeps its bound."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.validate import airflow_weak
from twin.validate.airflow_cases import CFD_CELL_M, cfd_room
from twin.validate.airflow_instant import GROUPS
from twin.validate.run import cases


def test_every_case_of_the_air_is_reached() -> None:
    found = list(cases(None, GROUPS))
    assert [(case.name, case.model, case.measured) for case in found if case.state != "reached"] == []
    assert len(found) == 30


def test_the_cases_need_no_file(tmp_path: Path) -> None:
    assert next(iter(cases(tmp_path, GROUPS))).state == "reached"


def test_the_contained_aisle_agrees_with_cfd() -> None:
    error = airflow_weak.instant_error(cfd_room("cac_sd105", CFD_CELL_M))
    assert error.rms_k <= 0.07
    assert abs(error.largest_k) <= 0.11


@pytest.mark.parametrize(
    ("name", "mean_k", "rms_k", "largest_k"),
    [
        ("open_sd100", 0.78, 0.96, 1.34),
        ("open_sd80", 0.21, 0.23, 0.34),
        ("open_sd120", 0.07, 0.85, -1.93),
        ("uneven_sd100", 0.49, 1.04, 1.89),
        ("crahfail_sd60", 1.37, 4.77, 12.28),
    ],
)
def test_the_error_in_open_aisles_is_the_one_that_is_told(
    name: str, mean_k: float, rms_k: float, largest_k: float
) -> None:
    """Plain potential flow against the same CFD, as an earlier program of the same method has it."""
    error = airflow_weak.instant_error(cfd_room(name, CFD_CELL_M))
    assert error.racks.mean() == pytest.approx(mean_k, abs=0.02)
    assert error.rms_k == pytest.approx(rms_k, abs=0.02)
    assert error.largest_k == pytest.approx(largest_k, abs=0.03)
