"""The command line from the outside: start-up cost, Ctrl-C, pipes that close."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import twin

Write = Callable[..., Path]
TWIN = [sys.executable, "-m", "twin"]


def loaded_by(words: list[str], cwd: Path) -> set[str]:
    """Top-level packages that a command has imported by its end."""
    code = (
        "import sys\nfrom twin.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    pass\n"
        "print('\\n' + ' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words", [["--version"], ["devices"], ["check", "layouts/small_room.layout.json"], ["schema", "scenario"]]
)
def test_a_verb_loads_no_more_than_it_needs(repo_dir: Path, words: list[str]) -> None:
    loaded = loaded_by(words, repo_dir)
    assert loaded.isdisjoint({"PySide6", "scipy", "pyarrow", "dask", "distributed", "pandas", "matplotlib", "ui"})
    if words == ["--version"]:
        assert loaded.isdisjoint({"numpy", "pydantic", "simpy", "yaml", "networkx"})


def test_it_starts_within_half_a_second_of_cpu(repo_dir: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*TWIN, "--version"], cwd=repo_dir, capture_output=True, text=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (done.returncode, done.stdout.split()[0]) == (0, "twin")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def interrupted(path: Path, repo_dir: Path, out: Path) -> tuple[int, str]:
    """Exit status and stderr of a long run that gets Ctrl-C once it is under way."""
    words = [*TWIN, "run", str(path), "--hours", "1000", "-o", str(out), "--json"]
    process = subprocess.Popen(words, cwd=repo_dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    give_up_s = time.monotonic() + 30.0
    while not list(out.glob(".*.part")) and time.monotonic() < give_up_s:
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    return process.returncode, err


def test_ctrl_c_leaves_a_readable_result_marked_incomplete(
    repo_dir: Path, write_scenario: Write, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    # Few requests: a thousand hours of arrivals are drawn before the first pulse.
    documents = json.loads(write_scenario().read_text())
    workload = {**documents["workloads"][0], "generator": {"rate_per_s": 0.02}}
    status, err = interrupted(write_scenario(workloads=[workload]), repo_dir, out)
    assert (status, err) == (130, "twin: stopped early; the result is marked incomplete\n")
    result = twin.open_result(out)
    assert not result.is_complete
    assert result.run["complete"] is False
    simulated_s = result.summary["simulated_s"]
    assert isinstance(simulated_s, float)
    assert 0.0 < simulated_s < 1000 * 3600.0
    assert result.time_s[-1] == simulated_s
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    assert list(out.glob(".*")) == []


def test_a_reader_that_has_seen_enough_is_no_mistake(repo_dir: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*TWIN, "schema", "device"], cwd=repo_dir, stdout=writer, stderr=subprocess.PIPE, timeout=60)
    os.close(writer)
    assert done.stderr == b""
