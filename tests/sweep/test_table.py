"""The table of a sweep: one row per point, columns of the right kind, folders that cannot be mixed up."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from twin.errors import DocumentError
from twin.files import Tree
from twin.sweep.table import SweepFolder, flattened, point_table


def row(index: int, value: object, **summary: object) -> Tree:
    status = "ok" if summary else "failed"
    error = None if summary else "rack R1: overload"
    return {"index": index, "values": [value], "seed": 1, "status": status, "error": error, "summary": summary}


def test_a_summary_flattens_to_dotted_names() -> None:
    tree = {"pue": 1.2, "serving": {"ttft_s": {"p50": 0.1, "p99": None}}, "warnings": ["a", "b"]}
    assert flattened(tree) == {"pue": 1.2, "serving.ttft_s.p50": 0.1, "serving.ttft_s.p99": None, "warnings": "a; b"}


def test_columns_are_of_the_narrowest_kind_that_holds_all() -> None:
    rows = [
        row(0, 18, pue=1, n=3, on=True, money="KRW", nothing=None),
        row(1, 20.5, pue=1.25, n=4, on=False, money=None, nothing=None),
        row(2, 21),
    ]
    table = point_table(rows, ["supply"], [])
    assert {field.name: str(field.type) for field in table.schema} == {
        "index": "int64",
        "supply": "double",
        "seed": "int64",
        "status": "string",
        "error": "string",
        "pue": "double",
        "n": "int64",
        "on": "bool",
        "money": "string",
        "nothing": "double",
    }
    assert table["pue"].to_pylist() == [1.0, 1.25, None]
    assert table["error"].to_pylist() == [None, None, "rack R1: overload"]


def test_values_of_several_kinds_become_text() -> None:
    table = point_table([row(0, "all", pue=1.0), row(1, 4, pue=1.0), row(2, ["h100"], pue=1.0)], ["count"], [])
    assert table["count"].to_pylist() == ["all", "4", '["h100"]']


def test_clocks_are_not_in_the_table() -> None:
    table = point_table([row(0, 1, pue=1.1, wall_s=0.3, cpu_s=0.2, seed=1, simulated_s=60.0)], ["x"], [])
    assert table.column_names == ["index", "x", "seed", "status", "error", "pue", "simulated_s"]


def test_recorded_figures_are_chosen_by_name_or_group() -> None:
    rows = [row(0, 1, **{"pue": 1.1, "serving.ttft_s.p50": 0.1, "serving.n": 2, "water_l": 0.0})]
    chosen = point_table(rows, ["x"], ["pue", "serving.ttft_s"])
    assert chosen.column_names[5:] == ["pue", "serving.ttft_s.p50"]


def test_a_figure_that_no_point_has_is_refused_with_the_near_ones() -> None:
    with pytest.raises(DocumentError, match=r"record: no figure 'water'; did you mean water_l"):
        point_table([row(0, 1, water_l=0.0)], ["x"], ["water"])


def test_a_sweep_whose_points_all_failed_still_has_a_table() -> None:
    table = point_table([row(0, 1), row(1, 2)], ["x"], ["pue"])
    assert table["status"].to_pylist() == ["failed", "failed"]


def test_a_folder_keeps_its_points_on_resume_and_its_table_has_them_in_order(tmp_path: Path) -> None:
    place = SweepFolder(tmp_path, "abc")
    place.begin({}, 3, resume=False)
    for index in (2, 0):
        place.put(index, row(index, index, pue=1.0))
    SweepFolder(tmp_path, "abc").begin({}, 3, resume=True)
    place.write_table(list(place.rows().values()), ["x"], [])
    assert pq.read_table(place.table)["index"].to_pylist() == [0, 2]


def test_points_of_another_sweep_are_not_mixed_in(tmp_path: Path) -> None:
    SweepFolder(tmp_path, "abc").begin({}, 3, resume=False)
    with pytest.raises(DocumentError, match="holds points of another sweep, or its files have changed since"):
        SweepFolder(tmp_path, "def").begin({}, 3, resume=True)


def test_unfinished_work_is_not_thrown_away(tmp_path: Path) -> None:
    place = SweepFolder(tmp_path, "abc")
    place.begin({}, 3, resume=False)
    place.put(0, row(0, 0, pue=1.0))
    with pytest.raises(DocumentError, match="holds 1 of 3 points of this unfinished sweep; go on with --resume"):
        SweepFolder(tmp_path, "abc").begin({}, 3, resume=False)
    with pytest.raises(DocumentError, match="of another unfinished sweep; choose another folder"):
        SweepFolder(tmp_path, "def").begin({}, 3, resume=False)


def test_a_finished_sweep_is_replaced(tmp_path: Path) -> None:
    place = SweepFolder(tmp_path, "abc")
    place.begin({}, 1, resume=False)
    place.put(0, row(0, 0, pue=1.0))
    SweepFolder(tmp_path, "def").begin({}, 1, resume=False)
    assert place.rows() == {}
