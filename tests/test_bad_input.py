"""What users get wrong: each is told in one line with file, place and way out, and nothing is left half-written."""

# ruff: noqa: E501 - a table of mistakes reads best with one mistake a line

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twin.cli import main

Write = Callable[..., Path]
Capture = pytest.CaptureFixture[str]
Edit = Callable[[dict], object]  # type: ignore[type-arg]


class Desk:
    """A scenario with its own layout in one folder, and the words that come out when it is run."""

    def __init__(self, scenario: Path, layout: Path, capsys: Capture) -> None:
        self.scenario, self.layout, self._capsys = scenario, layout, capsys
        self.out = scenario.parent / "result"

    def edit(self, path: Path, edit: Edit) -> None:
        tree = json.loads(path.read_text())
        edit(tree)
        path.write_text(json.dumps(tree))

    def run(self, *words: str, out: Path | None = None) -> list[str]:
        """What a run says; it must refuse, print no result, and leave no file behind."""
        before = sorted(self.scenario.parent.rglob("*"))
        assert main(["run", str(self.scenario), "--json", "-o", str(out or self.out), *words]) == 1
        printed, said = self._capsys.readouterr()
        assert printed == ""
        lines = said.splitlines()
        assert lines
        for line in lines:
            assert line.startswith("twin: ")
            assert ": " in line.removeprefix("twin: ")
            assert "; " in line, f"no way out: {line}"
            assert "Traceback" not in line
        assert sorted(self.scenario.parent.rglob("*")) == before
        return lines

    def one(self, *words: str, out: Path | None = None) -> str:
        (line,) = self.run(*words, out=out)
        return line


@pytest.fixture
def desk(write_scenario: Write, layouts_dir: Path, tmp_path: Path, capsys: Capture) -> Desk:
    layout = tmp_path / "hall.layout.json"
    layout.write_bytes((layouts_dir / "small_room.layout.json").read_bytes())
    return Desk(write_scenario(layout=layout.name, hours=0.005), layout, capsys)


def test_the_desk_is_in_order_before_anything_is_broken(desk: Desk) -> None:
    assert main(["run", "--no-band", str(desk.scenario), "--json", "-o", str(desk.out)]) == 0


# Files that are not what they should be


def test_broken_json_is_told_with_line_and_column(desk: Desk) -> None:
    lines = desk.layout.read_text().splitlines()
    lines[4] = lines[4].rstrip(",") + " oops"
    desk.layout.write_text("\n".join(lines))
    assert f"{desk.layout}:5:" in desk.one()


def test_broken_yaml_is_told_with_line_and_column(desk: Desk) -> None:
    desk.scenario.write_text("format: twin-scenario\nversion: 1\nname: [unclosed\nlayout: x\n")
    assert f"{desk.scenario}:" in (line := desk.one())
    assert "broken YAML" in line


@pytest.mark.parametrize("text", ["", "# nothing", "- a\n- b\n", "just text"])
def test_a_file_that_holds_no_document_is_refused(desk: Desk, text: str) -> None:
    desk.scenario.write_text(text)
    assert "where a mapping is needed" in desk.one()


def test_bytes_that_are_no_text_are_refused(desk: Desk) -> None:
    desk.layout.write_bytes(b"\xff\xfe{\x00")
    assert "not UTF-8 text (byte 0)" in desk.one()


@pytest.mark.parametrize("which", ["scenario", "layout"])
def test_an_unknown_key_is_told_with_the_nearest_one(desk: Desk, which: str) -> None:
    path, wrong, right = (
        (desk.scenario, "puls_s", "pulse_s") if which == "scenario" else (desk.layout, "plants", "plant")
    )
    desk.edit(path, lambda tree: tree.update({wrong: 3}))
    assert f"{path} {wrong}: unknown key; did you mean '{right}'?" in desk.one()


@pytest.mark.parametrize("which", ["scenario", "layout"])
def test_a_newer_version_is_refused_with_both_numbers(desk: Desk, which: str) -> None:
    path = getattr(desk, which)
    desk.edit(path, lambda tree: tree.update(version=7))
    assert f"{path}: twin-{which} version 7 is newer than the 1 this program reads; update the program" in desk.one()


@pytest.mark.parametrize("which", ["scenario", "layout"])
def test_a_foreign_format_is_refused(desk: Desk, which: str) -> None:
    path = getattr(desk, which)
    desk.edit(path, lambda tree: tree.update(format="netbox"))
    assert f"{path}: format is 'netbox', 'twin-{which}' is needed" in desk.one()


def test_a_key_given_twice_is_refused_in_both_kinds_of_file(desk: Desk) -> None:
    layout = desk.layout.read_text()
    desk.layout.write_text('{"name": "a", ' + layout.lstrip("{"))
    assert "key 'name' is given 2 times" in desk.one()
    desk.layout.write_text(layout)
    desk.scenario.write_text("seed: 1\nseed: 2\n")
    assert f"{desk.scenario}:2:1" in desk.one()


def test_a_layout_in_place_of_a_scenario_and_the_other_way_round(desk: Desk, capsys: Capture) -> None:
    assert main(["run", "--no-band", str(desk.layout)]) == 1
    assert "format is 'twin-layout', 'twin-scenario' is needed; name a twin-scenario file" in capsys.readouterr().err
    desk.edit(desk.scenario, lambda tree: tree.update(layout=desk.scenario.name))
    assert "format is 'twin-scenario', 'twin-layout' is needed" in desk.one()


def test_a_yaml_scenario_given_to_check_is_told_so(layouts_dir: Path, capsys: Capture) -> None:
    assert main(["check", str(layouts_dir / "scenarios/small_room_chat.yaml")]) == 1
    assert "this is a YAML file by its name; a JSON file, such as a layout, is needed" in capsys.readouterr().err


def test_a_layout_that_is_not_there_is_told_by_name(desk: Desk) -> None:
    desk.edit(desk.scenario, lambda tree: tree.update(layout="gone.json"))
    assert f"{desk.scenario.parent / 'gone.json'}: no such file" in desk.one()
    desk.edit(desk.scenario, lambda tree: tree.pop("layout"))
    assert "names no layout; write `layout: FILE`" in desk.one()


# Values that cannot be


LAYOUT_MISTAKES: list[tuple[Edit, str]] = [
    (lambda t: t["room"].update(height_m=-3.2), r"hall.layout.json room.height_m: input should be greater than 0 (given: -3.2)"),
    (lambda t: t["racks"][2].update(x_m=float("nan")), "NaN is not a number"),
    (lambda t: t["racks"][2].update(x_m="left"), "racks[2].x_m: input should be a valid number"),
    (lambda t: t["racks"][1].update(id="A1"), "A1: id 'A1' is given twice; rename one"),
    (lambda t: t["racks"][1].update(type="rack_42u_60"), "unknown device 'rack_42u_60'; did you mean rack_42u_600"),
    (lambda t: t["coolers"][0].update(loop="CWH"), "CRAH-1: no loop 'CWH'; draw it, or mend loop of CRAH-1"),
    (lambda t: t["power"][5].update(inputs=["MBS"]), "MBS"),
    (lambda t: t["site"].update(time_zone="Asia/Soul"), "unknown time zone 'Asia/Soul'"),
    (lambda t: t["containments"][0].update(width_m=-1), "containments[0].width_m"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "says"), LAYOUT_MISTAKES, ids=[says[:40] for _, says in LAYOUT_MISTAKES])
def test_a_wrong_value_in_the_layout_names_its_place(desk: Desk, edit: Edit, says: str) -> None:
    desk.edit(desk.layout, edit)
    lines = desk.run()
    assert any(says in line for line in lines), lines
    assert all("hall.layout.json" in line for line in lines)


SCENARIO_MISTAKES: list[tuple[Edit, str]] = [
    (lambda t: t.update(pulse_s=0), "pulse_s: input should be greater than 0 (given: 0)"),
    (lambda t: t.update(workloads=[]), "neither workloads nor loads are given; give one of either"),
    (lambda t: t["workloads"][1].update(id="chat"), "id 'chat' is given to 2 workloads; rename one"),
    (lambda t: t["workloads"][0].update(model="llama-3.1-9b"), "workloads[0] model: unknown device 'llama-3.1-9b'; did you mean llama-3.1-8b"),
    (lambda t: t["workloads"][0].update(router="random"), "workloads[0].router: nothing is registered as 'random'"),
    (lambda t: t["workloads"][0].update(router={"name": "prefix_aware", "spred": 2}), "workloads[0].router.spred: prefix_aware has no parameter 'spred'; did you mean 'spread'?"),
    (lambda t: t["workloads"][0].update(router={"name": "round_robin", "spread": 2}), "round_robin has no parameter 'spread'; remove it; it has none"),
    (lambda t: t["workloads"][0].update(router={"name": "prefix_aware", "spread": -1}), "workloads[0].router spread: input should be greater than or equal to 0 (given: -1)"),
    (lambda t: t["workloads"][0].update(router={"spread": 2}), "workloads[0].router.mapping.name: is missing"),
    (lambda t: t["workloads"][0].update(autoscale={"policy": "target_lod"}), "workloads[0].autoscale: nothing is registered as 'target_lod' in twin.policies.autoscalers; did you mean 'target_load'?"),
    (lambda t: t["workloads"][0].update(autoscale={"policy": "target_load", "evry_s": 5}), "workloads[0].autoscale.evry_s: target_load has no parameter 'evry_s'"),
    (lambda t: t["workloads"][0].update(autoscale={"policy": "target_load", "target": "many"}), "workloads[0].autoscale target: input should be a valid number"),
    (lambda t: t["workloads"][0].update(autoscale={"policy": "target_load", "min": 4, "max": 2}), "workloads[0].autoscale: min 4 replicas is above max 2; lower min or raise max"),
    (lambda t: t["workloads"][0].update(autoscale={"policy": "schedule", "hours": {}}), "workloads[0].autoscale hours"),
    (lambda t: t["workloads"][0].update(admission={"policy": "queue_limit"}), "workloads[0].admission most: is missing"),
    (lambda t: t["workloads"][0].pop("generator"), "workloads[0]: give either a trace or a generator"),
    (lambda t: t["workloads"][0]["generator"].update(table="azure"), "no request generator is called 'azure'; there is azure_conv_2023"),
    (lambda t: t["workloads"][0]["replicas"].update(count=99), "99 replicas of llama-3.1-8b on 1 chip each asked for, 48 fit"),
    (lambda t: t["workloads"][1]["replicas"].update(tensor_parallel=1) or t["workloads"][1].update(weights="fp16"), "leave no KV cache in 90% of 80.0 GB"),
    (lambda t: t["workloads"][0].update(weights="fp12"), "workloads[0].weights"),
    (lambda t: t.update(faults=[{"at_s": 1, "element": "CRAH-9"}]), "faults[0] CRAH-9: 'CRAH-9' is no cooler, coolant unit, plant item, power node, rack or server of this layout; did you mean CRAH-"),
    (lambda t: t.update(faults=[{"at_s": 1, "element": "UTILITY", "part": "battery"}]), "faults[0] UTILITY: is a utility without a battery"),
    (lambda t: t.update(faults=[{"at_s": -1, "element": "CRAH-1"}]), "faults[0].at_s: input should be greater than or equal to 0 (given: -1)"),
    (lambda t: t.update(policies=[{"at_s": 1, "element": "CRAH-1", "field": "supply_c", "value": 90}]), "policies[0] CRAH-1: supply_c 90 °C is outside 5 to 40 °C"),
    (lambda t: t.update(policies=[{"at_s": 9e9, "element": "CH", "field": "supply_c", "value": 9}]), "policies[0] CH: 'CH' has no set point 'supply_c'"),
    (lambda t: t.update(start="2026-02-30T00:00"), "start: no such time"),
    (lambda t: t.update(start="noon"), "start: no such time"),
    (lambda t: t.update(weather={"kind": "fixed"}), "weather: fixed weather needs dry_bulb_c and humidity_frac"),
    (lambda t: t.update(weather={"kind": "file", "file": "gone.epw"}), "gone.epw: there is no such file"),
    (lambda t: t["workloads"][0]["generator"].update(rate_per_s=1e9), "18,000,000,000 requests in 0.005 h are more than the 50,000,000 a run can hold"),
    (lambda t: t.update(tariff={"currency": "KRW"}), "tariff: a price is needed from one place; give one of per_kwh, table or file"),
    (lambda t: t.update(tariff={"table": "kepco"}), "no table 'kepco' in tariffs; known: kepco_"),
    (lambda t: t.update(carbon={"table": "moon"}), "no table 'moon' in carbon; known: korea_monthly"),
    (lambda t: t.update(catalogues=["sheets"]), "sheets: no such folder of sheets"),
    (lambda t: t.update(sheets={"l40s_server": {"fan_maxx_w": 3}}), "sheets l40s_server fan_maxx_w: unknown key; did you mean 'fan_max_w'?"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "says"), SCENARIO_MISTAKES, ids=[says[:40] for _, says in SCENARIO_MISTAKES])
def test_a_wrong_value_in_the_scenario_names_its_place(desk: Desk, edit: Edit, says: str) -> None:
    desk.edit(desk.scenario, edit)
    line = desk.one()
    assert says in line
    assert "case.yaml" in line


def test_nan_in_a_scenario_is_told_with_its_place(desk: Desk) -> None:
    text = desk.scenario.read_text().replace('"seed": 3', '"seed": 3, "pulse_s": .nan')
    desk.scenario.write_text(text)
    assert "pulse_s: is nan, a finite number is needed" in desk.one()


def test_several_mistakes_are_told_together_one_a_line(desk: Desk) -> None:
    desk.edit(desk.scenario, lambda tree: tree.update(pulse_s=-1, hours=-1, colour="red"))
    assert len(desk.run()) == 3
    desk.edit(desk.scenario, lambda tree: (tree.update(pulse_s=1, hours=1), tree.pop("colour")))
    faults = [{"at_s": 1, "element": "X"}, {"at_s": 1, "element": "Y"}]
    desk.edit(desk.scenario, lambda tree: tree.update(faults=faults))
    lines = desk.run()
    assert ["faults[0]" in lines[0], "faults[1]" in lines[1]] == [True, True]


def test_weather_that_ends_before_the_run_does_is_refused_before_it_begins(desk: Desk) -> None:
    hours = [f"2024-07-01T{hour:02d}:00" for hour in range(24)]
    series = {
        "latitude": 37.5, "longitude": 127.0, "elevation": 40.0, "utc_offset_seconds": 32400,
        "hourly_units": {"temperature_2m": "°C", "relative_humidity_2m": "%", "dew_point_2m": "°C", "surface_pressure": "hPa"},
        "hourly": {
            "time": hours, "temperature_2m": [25.0] * 24, "relative_humidity_2m": [60.0] * 24,
            "dew_point_2m": [16.7] * 24, "surface_pressure": [1000.0] * 24,
        },
    }  # fmt: skip
    (desk.scenario.parent / "day.json").write_text(json.dumps(series))
    weather = {"kind": "file", "file": "day.json"}
    desk.edit(desk.scenario, lambda tree: tree.update(weather=weather, start="2024-07-01T12:00"))
    assert main(["run", "--no-band", str(desk.scenario), "--json"]) == 0
    desk._capsys.readouterr()
    line = desk.one("--hours", "48")
    assert "the weather covers 2024-07-01T00" in line
    assert "move the start of the scenario into this period" in line


# Traces


TRACES = {
    "empty": ("", "empty"),
    "header only": ("arrived_at,num_prefill_tokens,num_decode_tokens\n", "a line of column names but no rows"),
    "no column": ("arrived_at,num_prefill_tokens\n0,1\n", "column 'num_decode_tokens' missing"),
    "foreign": ("a,b,c\n1,2,3\n", "columns of no known trace: 'a', 'b', 'c'"),
    "no good row": ("arrived_at,num_prefill_tokens,num_decode_tokens\nx,1,1\n", "none of the 1 rows can be used: bad_time 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_that_cannot_be_played_is_refused(desk: Desk, name: str) -> None:
    text, says = TRACES[name]
    trace = desk.scenario.parent / "t.csv"
    trace.write_text(text)
    for words in (["--trace", str(trace)], ["--trace", str(trace), "--hours", "0.01"]):
        line = desk.one(*words)
        assert f"{trace}" in line
        assert says in line


def test_a_trace_that_is_not_there_is_refused(desk: Desk) -> None:
    assert "gone.csv: there is no such file" in desk.one("--trace", "gone.csv")


# Places that cannot be written


def test_an_output_that_is_a_file_is_refused_and_the_file_stays(desk: Desk) -> None:
    file = desk.scenario.parent / "notes.txt"
    file.write_text("mine")
    assert f"{file}: cannot be written: File exists" in desk.one(out=file)
    assert "Not a directory" in desk.one(out=file / "inside")
    assert file.read_text() == "mine"


def test_an_output_that_may_not_be_written_is_refused(desk: Desk) -> None:
    if os.geteuid() == 0:
        # Root may write everywhere but where the kernel itself refuses.
        assert "/proc/result: cannot be written" in desk.one(out=Path("/proc/result"))
        return
    locked = desk.scenario.parent / "locked"
    locked.mkdir(mode=0o500)
    assert "Permission denied" in desk.one(out=locked / "result")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        mounted = os.geteuid() == 0 and subprocess.run(words, capture_output=True, timeout=10).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("needs to mount a small file system: run as root")
    yield place
    subprocess.run(["umount", str(place)], check=True, timeout=10)


def test_a_full_disk_is_told_and_leaves_nothing(desk: Desk, small_disk: Path) -> None:
    desk.edit(desk.scenario, lambda tree: tree["workloads"][0]["generator"].update(rate_per_s=40))
    line = desk.one("--hours", "0.05", out=small_disk / "result")
    assert "cannot be written: No space left on device; free space" in line
    assert list(small_disk.iterdir()) == []


def test_a_refused_run_keeps_the_result_of_the_one_before(desk: Desk) -> None:
    assert main(["run", "--no-band", str(desk.scenario), "--json", "-o", str(desk.out)]) == 0
    desk._capsys.readouterr()
    kept = {path.name: path.read_bytes() for path in desk.out.iterdir()}
    desk.one("--set", "policies=[{at_s: 1, element: CRAH-1, field: supply_c, value: 90}]")
    assert {path.name: path.read_bytes() for path in desk.out.iterdir()} == kept


def test_an_error_on_the_way_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is asked for too much in the middle of a run, after files have been begun."""
    from twin.errors import ModelRangeError
    from twin.plant.plant import Plant

    settle = Plant.settle

    def fails_later(plant: Plant, now_s: float, outdoors: object) -> object:
        if now_s > 9.0:
            raise ModelRangeError("asked for 99, allowed 9", "chiller", "cool it more")
        return settle(plant, now_s, outdoors)  # type: ignore[arg-type]

    monkeypatch.setattr(Plant, "settle", fails_later)
    assert desk.one().endswith("chiller: asked for 99, allowed 9; cool it more")
