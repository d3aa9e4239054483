"""The command line from the inside: what it prints, and how it ends."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import twin
from twin.cli import VERSION, main

Write = Callable[..., Path]
Capture = pytest.CaptureFixture[str]


def test_run_prints_the_summary_as_json_and_nothing_else(write_scenario: Write, capsys: Capture) -> None:
    path = write_scenario()
    assert main(["run", "--no-band", str(path), "--hours", "0.01", "--seed", "5", "--json"]) == 0
    out, err = capsys.readouterr()
    summary = json.loads(out)
    assert err == ""
    assert (summary["simulated_s"], summary["seed"]) == (pytest.approx(36.0), 5)
    same = twin.run(path, hours=0.01, seed=5).summary
    assert {k: v for k, v in summary.items() if k not in ("wall_s", "cpu_s")} == {
        k: v for k, v in same.items() if k not in ("wall_s", "cpu_s")
    }


def test_run_prints_figures_for_people_and_says_where_the_result_is(
    write_scenario: Write, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["run", "--no-band", str(write_scenario()), "--hours", "0.005", "-o", str(tmp_path / "out")]) == 0
    out = capsys.readouterr().out
    assert "PUE" in out
    assert out.rstrip().endswith(f"Written to {tmp_path / 'out'}")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "run.json", "summary.json", "telemetry.parquet", "racks.parquet", "requests.parquet", "events.parquet",
        "power.parquet", "scenario.json", "layout.json",
    }  # fmt: skip


def test_set_reaches_scenario_layout_and_sheet(write_scenario: Write, capsys: Capture) -> None:
    def it_kwh(*sets: str) -> float:
        words = [word for text in sets for word in ("--set", text)]
        assert main(["run", "--no-band", str(write_scenario()), "--hours", "0.005", "--json", *words]) == 0
        return float(json.loads(capsys.readouterr().out)["energy_kwh"]["it"])

    base = it_kwh()
    assert it_kwh("workloads.chat.generator.rate_per_s=40") > base
    assert it_kwh("sheet:l40s_server.host_idle_w=900", "sheet:l40s_server.host_max_w=1900") > base
    assert (
        main(
            [
                "run",
                "--no-band",
                str(write_scenario()),
                "--hours",
                "0.005",
                "--json",
                "--set",
                "layout:coolers.CRAH-1.fan_frac=1",
            ]
        )
        == 0
    )
    faster = json.loads(capsys.readouterr().out)["energy_kwh"]["cooling"]
    assert main(["run", "--no-band", str(write_scenario()), "--hours", "0.005", "--json"]) == 0
    assert faster > json.loads(capsys.readouterr().out)["energy_kwh"]["cooling"]


def test_set_can_exchange_the_layout(write_scenario: Write, layouts_dir: Path, tmp_path: Path) -> None:
    text = (layouts_dir / "small_room.layout.json").read_text().replace("Small mixed room", "Another room")
    (tmp_path / "other.json").write_text(text)
    sets = ("layout:coolers.CRAH-1.supply_c=21", "layout=other.json", "hours=0.002")
    result = twin.run(write_scenario(), tmp_path / "out", sets=sets)
    assert result.run["layout"] == "Another room"
    assert '"supply_c": 21' in (tmp_path / "out/layout.json").read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "seed"], "--set: 'seed' has no `=`; write path=value"),
        (["--set", "=3"], "names no place"),
        (["--set", "seed=[1"], "--set seed: '[1' is no value"),
        (["--set", "hourz=1"], "case.yaml hourz: unknown key; did you mean 'hours'?"),
        (["--set", "workloads.chatt.model=x"], "no item 'chatt' in a list of 2; did you mean chat?"),
        (["--set", "hours.x=1"], "hours.x: hours holds a single value"),
        (["--set", "layout:racks.A9.x_m=1"], "no item 'A9' in a list of 10; did you mean"),
        (["--set", "sheet:nxt_rgnd.max_w=1"], "unknown device 'nxt_rgnd'; did you mean nxt_rngd?"),
        (["--set", "seed=abc"], "seed: input should be a valid integer"),
        (["--seed", "-1"], "seed: input should be greater than or equal to 0 (given: -1)"),
        (["--hours", "0"], "--hours: 0 hours cannot be simulated"),
        (["--hours", "-2"], "--hours: -2 hours cannot be simulated"),
        (["--hours", "nan"], "--hours: nan hours cannot be simulated"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_answered_in_one_line(
    write_scenario: Write, capsys: Capture, words: list[str], says: str
) -> None:
    assert main(["run", "--no-band", str(write_scenario()), "--json", *words]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("twin: ")
    assert len(err.splitlines()) == 1
    assert says in err


@pytest.mark.parametrize("words", [[], ["dance"], ["run"], ["run", "x.yaml", "--hours", "many"], ["schema", "poem"]])
def test_a_command_that_is_none_ends_with_2(capsys: Capture, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: twin" in capsys.readouterr().err


def test_check_of_a_good_layout_is_0_and_of_a_bad_one_1(layouts_dir: Path, tmp_path: Path, capsys: Capture) -> None:
    good = layouts_dir / "small_room.layout.json"
    assert main(["check", str(good)]) == 0
    assert f"{good}: 0 errors" in capsys.readouterr().out
    tree = json.loads(good.read_text())
    tree["racks"][0]["x_m"] = tree["racks"][1]["x_m"]
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(tree))
    assert main(["check", str(bad), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)
    errors = [finding for finding in findings if finding["severity"] == "error"]
    assert any(
        {"A1", "A2"} <= set(str(finding).replace("'", " ").split()) or "A1" in str(finding) for finding in errors
    )


def test_check_v_tells_the_settling_order(layouts_dir: Path, capsys: Capture) -> None:
    main(["check", "-v", str(layouts_dir / "small_room.layout.json")])
    assert "servers and network, power path, room air and water loops, meters" in capsys.readouterr().out


def test_devices_are_listed_and_shown_with_their_sources(capsys: Capture) -> None:
    assert main(["devices", "--json"]) == 0
    listed = {device["id"]: device for device in json.loads(capsys.readouterr().out)}
    assert {"furiosa_rngd", "nvidia_h100_sxm", "qwen3-32b"} <= set(listed)
    assert listed["amd_mi300x"]["missing_for_simulation"]
    assert main(["devices", "furiosa_rngd", "--json"]) == 0
    sheet = json.loads(capsys.readouterr().out)
    assert sheet["provenance"]
    assert main(["devices", "furiosa_rngd"]) == 0
    shown = capsys.readouterr().out
    sources = {part.get("source") for part in sheet["provenance"].values()} - {None, ""}
    assert sources
    assert all(source[:24] in shown for source in sources)
    assert main(["devices"]) == 0
    assert "furiosa_rngd" in capsys.readouterr().out
    assert main(["devices", "furiosa_rgnd"]) == 1
    assert "did you mean furiosa_rngd" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["layout", "scenario", "sweep", "device"])
def test_schema_is_a_json_schema(capsys: Capture, name: str) -> None:
    assert main(["schema", name]) == 0
    schema = json.loads(capsys.readouterr().out)
    documents = schema.values() if name == "device" else [schema]
    assert all(document["type"] == "object" and document["properties"] for document in documents)


def test_a_trace_is_inspected(tmp_path: Path, capsys: Capture) -> None:
    trace = tmp_path / "t.csv"
    trace.write_text("arrived_at,num_prefill_tokens,num_decode_tokens\n0,10,5\n1,0,5\n2,20,x\n3,30,7\n")
    assert main(["traces", "inspect", str(trace), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["rows_read"] == report["n_requests"] + sum(report["dropped"].values()) == 4
    assert main(["traces", "inspect", str(trace)]) == 0
    assert "2" in capsys.readouterr().out


def test_a_trace_in_place_of_the_workloads_is_played_to_its_end(
    write_scenario: Write, tmp_path: Path, capsys: Capture
) -> None:
    trace = tmp_path / "t.csv"
    rows = "".join(f"{t},100,20\n" for t in (0, 1.5, 400))
    trace.write_text("arrived_at,num_prefill_tokens,num_decode_tokens\n" + rows)
    assert (
        main(["run", "--no-band", str(write_scenario()), "--trace", str(trace), "--json", "--set", "pulse_s=10"]) == 0
    )
    summary = json.loads(capsys.readouterr().out)
    assert (summary["simulated_s"], summary["serving"]["requests_arrived"]) == (pytest.approx(420.0), 3)
    assert main(["run", "--no-band", str(write_scenario()), "--trace", str(trace), "--json", "--hours", "0.05"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["simulated_s"], summary["serving"]["requests_arrived"]) == (pytest.approx(180.0), 2)


def test_the_version_is_that_of_the_package(repo_dir: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    project = tomllib.loads((repo_dir / "pyproject.toml").read_text())["project"]
    assert capsys.readouterr().out.strip() == f"twin {VERSION}"
    assert project["version"] == VERSION
