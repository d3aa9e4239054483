"""The recorder: what goes in comes out, thinned without losing energy or peaks, and never half a file."""

from __future__ import annotations

import errno
import gc
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import OutputError
from twin.record import recorder as recorder_module
from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import Event, Frame
from twin.record.parts import Parts
from twin.record.recorder import Recorder
from twin.record.result import Result, open_result
from twin.record.tables import TableWriter

RACKS = ["A1", "A2", "B1"]
IT = HALL_NAMES.index("it_w")
FACILITY = HALL_NAMES.index("facility_w")
PUE = HALL_NAMES.index("pue")
PIM = HALL_NAMES.index("utilisation_npu_pim_frac")
REQUESTS = {"arrival_s": np.array([0.5, 1.5]), "tokens": np.array([7, 9]), "model": np.array(["a", "b"])}


def frame_at(time_s: float, it_w: float = 1000.0) -> Frame:
    hall = np.linspace(1.0, 2.0, len(HALL_NAMES)) * time_s
    hall[IT], hall[FACILITY], hall[PUE], hall[PIM] = it_w, 1.2 * it_w + 100.0, 1.2 + 100.0 / it_w, np.nan
    racks = np.arange(len(RACK_NAMES) * len(RACKS), dtype=float).reshape(len(RACK_NAMES), len(RACKS)) + time_s
    return Frame(time_s, hall, racks)


def record(folder: Path | None, every_s: float | None, times_s: list[float], with_racks: bool = True) -> Result:
    recorder = Recorder(folder, every_s, RACKS, with_racks)
    for time_s in times_s:
        recorder.frame(frame_at(time_s, 1000.0 + 100.0 * time_s))
    recorder.event(Event(1.0, "warning", "thermal.recommended", "A1", "inlet 27.5 °C, recommended 27.0 °C"))
    return recorder.finish({"pue": 1.3}, {"complete": True, "seed": 1}, REQUESTS, {"layout.json": "{}\n"})


@pytest.fixture(params=["folder", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "out" if request.param == "folder" else None


def test_every_pulse_comes_back_as_it_was(place: Path | None) -> None:
    result = record(place, None, [1.0, 2.0, 3.0])
    assert result.time_s.tolist() == [1.0, 2.0, 3.0]
    assert result["it_w"].tolist() == [1100.0, 1200.0, 1300.0]
    assert np.isnan(result["utilisation_npu_pim_frac"]).all()
    assert set(HALL_NAMES) < set(result.channels)
    assert result.racks == ("A1", "A2", "B1")
    rack = result.rack("A2")
    assert rack["time_s"].tolist() == [1.0, 2.0, 3.0]
    assert rack["inlet_c"].tolist() == [8.0, 9.0, 10.0]  # third channel, second rack: 2 * 3 + 1, plus the time


def test_requests_and_events_come_back_as_they_were(place: Path | None) -> None:
    result = record(place, None, [1.0])
    assert {name: column.tolist() for name, column in result.requests.items()} == {
        "arrival_s": [0.5, 1.5],
        "tokens": [7, 9],
        "model": ["a", "b"],
    }
    assert result.events == [Event(1.0, "warning", "thermal.recommended", "A1", "inlet 27.5 °C, recommended 27.0 °C")]


def test_a_folder_and_memory_hold_the_same_numbers(tmp_path: Path) -> None:
    times_s = [0.5 * i for i in range(1, 40)]
    on_disk, in_memory = record(tmp_path / "out", 5.0, times_s), record(None, 5.0, times_s)
    assert on_disk.channels == in_memory.channels
    for name in on_disk.channels:
        np.testing.assert_array_equal(on_disk[name], in_memory[name])
    for name, column in on_disk.rack("B1").items():
        np.testing.assert_array_equal(column, in_memory.rack("B1")[name])


def test_thinned_rows_hold_the_mean_the_peak_and_the_end_of_each_step() -> None:
    result = record(None, 2.0, [1.0, 2.0, 3.0, 4.0, 5.0])
    assert result.time_s.tolist() == [2.0, 4.0, 5.0]
    assert result["it_w"].tolist() == [1150.0, 1350.0, 1500.0]
    assert result["it_w_max"].tolist() == [1200.0, 1400.0, 1500.0]
    np.testing.assert_allclose(result["pue"], result["facility_w"] / result["it_w"])
    assert result.rack("A1")["power_w"].tolist() == [1.5, 3.5, 5.0]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.05, 7.0), st.floats(1.0, 1e6)), min_size=1, max_size=60),
    st.floats(0.5, 30.0),
)
def test_thinning_keeps_energy_and_peak_for_any_pulses(pulses: list[tuple[float, float]], every_s: float) -> None:
    lasted_s, it_w = (np.array(column) for column in zip(*pulses, strict=True))
    times_s = np.cumsum(lasted_s)
    recorder = Recorder(None, every_s, RACKS, False)
    for time_s, power_w in zip(times_s, it_w, strict=True):
        recorder.frame(frame_at(float(time_s), float(power_w)))
    result = recorder.finish({}, {}, None)
    step_s = np.diff(result.time_s, prepend=0.0)
    assert float(step_s @ result["it_w"]) == pytest.approx(float(lasted_s @ it_w), rel=1e-9)
    assert result["it_w_max"].max() == it_w.max()


def test_steps_that_are_no_binary_fraction_take_whole_pulses() -> None:
    result = record(None, 0.3, [0.1 * i for i in range(1, 31)])
    np.testing.assert_allclose(result.time_s, 0.3 * np.arange(1, 11))


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        record(tmp_path / name, 2.0, [float(i) for i in range(1, 200)])
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert names == [
        "events.parquet",
        "layout.json",
        "racks.parquet",
        "requests.parquet",
        "run.json",
        "summary.json",
        "telemetry.parquet",
    ]
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


def test_telemetry_streams_in_row_groups_and_memory_does_not_grow(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, None, RACKS, True)
    frame = frame_at(1.0)

    def carry_on(n_pulses: int) -> int:
        for i in range(n_pulses):
            recorder.frame(Frame(float(i), frame.hall, frame.racks))
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        after_two_groups = carry_on(2 * 4096 + 1)
        after_six_groups = carry_on(4 * 4096)
    finally:
        tracemalloc.stop()
    recorder.finish({}, {}, None)
    assert after_six_groups < after_two_groups + 100_000  # one group of the hall alone holds 1 MB
    assert pq.ParquetFile(tmp_path / "telemetry.parquet").num_row_groups == 7


def test_a_run_stopped_before_its_first_pulse_has_empty_tables(place: Path | None) -> None:
    result = Recorder(place, None, RACKS, True).finish({}, {"complete": False}, None)
    assert len(result["it_w"]) == 0
    assert result.events == []
    assert not result.is_complete


def test_a_second_run_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    record(tmp_path, None, [1.0])
    Recorder(tmp_path, None, RACKS, False).finish({}, {}, None)
    assert not (tmp_path / "racks.parquet").exists()
    assert not (tmp_path / "requests.parquet").exists()
    assert open_result(tmp_path).requests == {}


def test_the_old_result_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    record(tmp_path, None, [1.0])
    recorder = Recorder(tmp_path, None, RACKS, True)
    recorder.frame(frame_at(9.0))
    assert open_result(tmp_path).time_s.tolist() == [1.0]
    recorder.abandon()
    assert open_result(tmp_path).time_s.tolist() == [1.0]
    assert not list(tmp_path.glob(".*"))


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".telemetry.parquet.part").write_bytes(b"PAR1 without an end")
    (tmp_path / ".racks.parquet.part").write_bytes(b"PAR1")
    Recorder(tmp_path, None, RACKS, False).finish({}, {}, None)
    assert not list(tmp_path.glob(".*"))


def test_an_error_in_the_middle_of_a_run_leaves_no_part_file(tmp_path: Path) -> None:
    def run() -> None:
        recorder = Recorder(tmp_path / "out", None, RACKS, True)
        recorder.frame(frame_at(1.0))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file/out: cannot be written: Not a directory; choose another folder"):
        Recorder(tmp_path / "file" / "out", None, RACKS, True)


def test_a_disk_full_from_the_start_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    part = Parts._part

    def full_for_telemetry(self: Parts, name: str) -> Path:
        place = part(self, name)
        if name == "telemetry.parquet" and not place.is_symlink():
            place.symlink_to("/dev/full")
        return place

    recorder_folder = tmp_path / "new" / "out"
    monkeypatch.setattr(Parts, "_part", full_for_telemetry)
    with pytest.raises(OutputError, match=r"telemetry\.parquet: cannot be written: No space left on device; free"):
        record(recorder_folder, None, [1.0])
    assert list(tmp_path.iterdir()) == []


def test_a_disk_full_on_the_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "_HALL_ROWS", 8)
    recorder = Recorder(tmp_path / "out", None, RACKS, True)
    append = TableWriter.append
    n_appends = 0

    def append_until_full(self: TableWriter, columns: dict[str, np.ndarray]) -> None:
        nonlocal n_appends
        n_appends += 1
        if n_appends > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        append(self, columns)

    monkeypatch.setattr(TableWriter, "append", append_until_full)

    def carry_on() -> None:
        for i in range(1, 100):
            recorder.frame(frame_at(float(i)))

    with pytest.raises(OutputError, match="No space left on device"):
        carry_on()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_full_at_the_end_keeps_the_old_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(tmp_path, None, [1.0])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(self: Parts, name: str, text: str) -> None:
        raise OutputError("cannot be written: No space left on device", name)

    monkeypatch.setattr(Parts, "write", full)
    with pytest.raises(OutputError):
        record(tmp_path, None, [2.0])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_ctrl_c_while_finishing_leaves_no_part_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Parts, removed: tuple[str, ...] = ()) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Parts, "publish", interrupted)
    with pytest.raises(KeyboardInterrupt):
        record(tmp_path / "out", None, [1.0])
    assert list(tmp_path.iterdir()) == []
