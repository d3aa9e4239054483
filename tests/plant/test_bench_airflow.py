"""The benchmark of the air: its cases carry what a budget is held against."""

from __future__ import annotations

import json

import pytest

from twin import cli
from twin.plant.bench_airflow import airflow_cases


def test_a_case_says_cells_racks_and_milliseconds() -> None:
    found = airflow_cases(["room_20"], n_repeats=1)
    assert [(case["cell_m"], case["racks"]) for case in found] == [(0.3, 20), (0.15, 20)]
    assert all(isinstance(case[key], float) for case in found for key in ("move_rack_cpu_ms", "heat_edit_cpu_ms"))


def test_the_verb_takes_the_name_of_a_room_and_refuses_others(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["bench", "airflow", "--case", "room_9"])
    assert cli.main(["bench", "airflow", "--case", "day"]) == 1
    assert "airflow has no case 'day'" in capsys.readouterr().err


def test_the_verb_writes_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.plant.bench_airflow.CASES", ())
    assert cli.main(["bench", "airflow", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"bench": "airflow", "cases": []}
