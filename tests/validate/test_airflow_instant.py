"""The validation of the instant air model: every case keeps its bound."""

from __future__ import annotations

from pathlib import Path

from twin.validate.airflow_instant import GROUPS
from twin.validate.run import cases


def test_every_case_of_the_air_is_reached() -> None:
    found = list(cases(None, GROUPS))
    assert [(case.name, case.model, case.measured) for case in found if case.state != "reached"] == []
    assert len(found) == 30


def test_the_cases_need_no_file(tmp_path: Path) -> None:
    assert next(iter(cases(tmp_path, GROUPS))).state == "reached"
