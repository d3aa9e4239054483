"""A finished recording: numbers by name, JSON that any reader takes, and clear words for what is not there."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError, TwinError
from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import Frame
from twin.record.recorder import Recorder
from twin.record.result import Result, open_result, write_json


def recorded(folder: Path | None, *, with_racks: bool = True) -> Result:
    recorder = Recorder(folder, None, ["A1", "A2"], with_racks)
    for i in range(1, 4):
        recorder.frame(Frame(float(i), np.full(len(HALL_NAMES), 10.0 * i), np.full((len(RACK_NAMES), 2), 5.0 * i)))
    return recorder.finish({"pue": 1.25, "nan": math.nan}, {"complete": False}, None)


def test_an_opened_result_equals_the_one_the_run_gave(tmp_path: Path) -> None:
    given, opened = recorded(tmp_path), open_result(tmp_path)
    assert opened.channels == given.channels
    assert opened["it_w"].tolist() == given["it_w"].tolist() == [10.0, 20.0, 30.0]
    assert opened.rack("A2")["power_w"].tolist() == [5.0, 10.0, 15.0]
    assert opened.summary == {"pue": 1.25, "nan": None}
    assert not opened.is_complete


def test_a_channel_spelt_wrong_gets_the_near_ones() -> None:
    with pytest.raises(TwinError, match=r"no channel 'it_W'; did you mean .*it_w"):
        recorded(None)["it_W"]


def test_a_rack_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    for result in (recorded(None), recorded(tmp_path)):
        with pytest.raises(TwinError, match=r"no rack 'A3'; did you mean A"):
            result.rack("A3")


def test_racks_that_were_not_recorded_tell_what_to_set() -> None:
    with pytest.raises(TwinError, match=r"set record\.racks: true"):
        recorded(None, with_racks=False).rack("A1")


def test_a_folder_without_a_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"holds no result \(no run\.json\)"):
        open_result(tmp_path)


def test_a_table_cut_short_is_refused_by_name(tmp_path: Path) -> None:
    recorded(tmp_path)
    table = tmp_path / "telemetry.parquet"
    table.write_bytes(table.read_bytes()[:-20])
    result = open_result(tmp_path)
    with pytest.raises(DocumentError, match=r"telemetry\.parquet: is no readable Parquet file"):
        result.time_s  # noqa: B018


def test_pandas_is_asked_for_by_name_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(TwinError, match="pip install pandas"):
        recorded(None).to_pandas()


def test_a_data_frame_has_the_channels_over_time() -> None:
    pytest.importorskip("pandas")
    frame = recorded(None).to_pandas()
    assert list(frame.index) == [1.0, 2.0, 3.0]
    assert list(frame["pue"]) == [10.0, 20.0, 30.0]


def test_json_keeps_the_order_and_turns_what_is_no_number_into_null(tmp_path: Path) -> None:
    tree = {"z": np.float64(0.5), "a": [math.inf, np.int64(3), np.nan], "m": {"전력": np.array([1.0, np.nan])}}
    write_json(tmp_path / "tree.json", tree)
    text = (tmp_path / "tree.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"z": 0.5, "a": [None, 3, None], "m": {"전력": [1.0, None]}}
    assert text.index('"z"') < text.index('"a"') < text.index('"전력"')


def test_a_run_in_memory_does_not_load_the_parquet_library() -> None:
    import subprocess

    code = (
        "import sys, numpy as np; from twin.record.recorder import Recorder; from twin.record.report import duration;"
        "Recorder(None, 1.0, ['A1'], True).finish({}, {}, {'a': np.zeros(1)});"
        "sys.exit('pyarrow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0
