"""Sweeps on workers: the same table from any number of them, failures as rows, nothing lost on Ctrl-C."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import cloudpickle  # type: ignore[import-untyped]
import dask.config
import pyarrow.parquet as pq
import pytest
import yaml
from distributed import LocalCluster

from twin.errors import DocumentError, TwinError
from twin.files import Tree
from twin.scenario.overrides import Documents
from twin.sweep import execute as execute_module
from twin.sweep.execute import Task, execute, pack, run_point, unpack
from twin.sweep.plan import plan, read_sweep

# Stand-ins for a point travel to the workers whole, since workers cannot import a test file.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A Dask scheduler with two workers, as a user may have one."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def sweep_path(tmp_path: Path, layouts_dir: Path) -> Path:
    """A sweep of four points on one trickle of requests; the model of the last two is not in the catalogue."""
    scenario: Tree = {
        "format": "twin-scenario",
        "version": 1,
        "name": "trickle",
        "layout": str(layouts_dir / "small_room.layout.json"),
        "hours": 0.002,
        "air": "mixed",
        "weather": {"kind": "fixed", "dry_bulb_c": 25, "humidity_frac": 0.5},
        "tariff": {"per_kwh": 100.0},
        "workloads": [
            {"id": "chat", "model": "llama-3.1-8b", "generator": {"rate_per_s": 2}, "replicas": {"on": ["l40s_server"]}}
        ],
    }
    (tmp_path / "trickle.yaml").write_text(yaml.safe_dump(scenario))
    return write_sweep(
        tmp_path,
        grid={"workloads.chat.model": ["llama-3.1-8b", "llama-9"], "workloads.chat.generator.rate_per_s": [2, 4]},
    )


def write_sweep(folder: Path, **more: object) -> Path:
    tree: Tree = {"format": "twin-sweep", "version": 1, "name": "trickle", "scenario": "trickle.yaml", **more}
    path = folder / "sweep.yaml"
    path.write_text(yaml.safe_dump(tree, sort_keys=False))
    return path


def marked(task: Task) -> Tree:
    """A point that costs nothing."""
    row = {"index": task.point.index, "values": [o.value for o in task.point.overrides], "seed": task.point.seed}
    return {**row, "status": "ok", "error": None, "summary": {"pue": 1.0 + task.point.index}}


def deadly(task: Task) -> Tree:
    """The second point takes its worker with it."""
    if task.point.index == 1:
        os._exit(3)
    return marked(task)


def faulty(task: Task) -> Tree:
    """The second point hits a mistake in the program."""
    return {**marked(task), "summary": {"pue": 1.0 / (task.point.index - 1)}}


def test_one_worker_and_two_give_the_same_table_and_a_failed_point_is_a_row(
    sweep_path: Path, tmp_path: Path, scheduler: str
) -> None:
    shown: list[tuple[float, float]] = []
    sweep = read_sweep(sweep_path)
    two = execute(
        sweep,
        sweep_path,
        tmp_path / "two",
        scheduler=scheduler,
        progress=lambda done, total: shown.append((done, total)),
    )
    one = execute(sweep, sweep_path, tmp_path / "one", workers=1)
    assert (two.n_points, two.n_failed) == (one.n_points, one.n_failed) == (4, 2)
    assert shown == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert one.table.read_bytes() == two.table.read_bytes()
    rows = pq.read_table(one.table).to_pylist()
    assert [row["status"] for row in rows] == ["ok", "ok", "failed", "failed"]
    assert [row["workloads.chat.generator.rate_per_s"] for row in rows] == [2, 4, 2, 4]
    assert "llama-9" in rows[2]["error"]
    assert rows[1]["serving.requests_arrived"] > rows[0]["serving.requests_arrived"]
    assert rows[0]["pue"] > 1.0
    assert abs(rows[0]["balance.energy_residual_frac"]) < 1e-9


def test_a_worker_that_dies_costs_only_its_point(
    sweep_path: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute_module, "run_point", deadly)
    outcome = execute(read_sweep(sweep_path), sweep_path, tmp_path / "out", scheduler=scheduler)
    assert outcome.n_failed == 1
    rows = pq.read_table(outcome.table).to_pylist()
    assert [row["status"] for row in rows if row["index"] != 1] == ["ok"] * 3
    assert rows[1]["status"] == "failed"
    assert rows[1]["error"].startswith("the worker died on this point")


def test_a_mistake_in_the_program_is_a_row_too(
    sweep_path: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute_module, "run_point", faulty)
    outcome = execute(read_sweep(sweep_path), sweep_path, tmp_path / "out", scheduler=scheduler)
    rows = pq.read_table(outcome.table).to_pylist()
    assert [row["error"] for row in rows] == [None, "ZeroDivisionError: float division by zero", None, None]


def test_ctrl_c_keeps_what_is_done_and_resume_runs_only_the_rest(
    sweep_path: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute_module, "run_point", marked)
    sweep, folder = read_sweep(sweep_path), tmp_path / "out"

    def stop_after_two(done: float, total: float) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(sweep, sweep_path, folder, scheduler=scheduler, progress=stop_after_two)
    kept = {path.name: path.stat().st_mtime_ns for path in (folder / "points").iterdir()}
    assert len(kept) == len(pq.read_table(folder / "sweep.parquet")) == 2
    shown: list[float] = []
    outcome = execute(
        sweep, sweep_path, folder, scheduler=scheduler, resume=True, progress=lambda done, total: shown.append(done)
    )
    assert shown == [3, 4]
    assert pq.read_table(outcome.table)["pue"].to_pylist() == [1.0, 2.0, 3.0, 4.0]
    assert {name: (folder / "points" / name).stat().st_mtime_ns for name in kept} == kept


def test_resume_is_refused_when_a_file_of_the_sweep_has_changed(
    sweep_path: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute_module, "run_point", marked)
    execute(read_sweep(sweep_path), sweep_path, tmp_path / "out", scheduler=scheduler)
    scenario = tmp_path / "trickle.yaml"
    scenario.write_text(scenario.read_text().replace("dry_bulb_c: 25", "dry_bulb_c: 26"))
    with pytest.raises(DocumentError, match="holds points of another sweep, or its files have changed since"):
        execute(read_sweep(sweep_path), sweep_path, tmp_path / "out", scheduler=scheduler, resume=True)


def test_a_path_that_leads_nowhere_is_refused_before_anything_runs(sweep_path: Path, tmp_path: Path) -> None:
    path = write_sweep(tmp_path, grid={"layout:coolers.CRAH-9.supply_c": [18, 20]})
    with pytest.raises(DocumentError, match="no item 'CRAH-9' in a list of 3; did you mean CRAH-"):
        execute(read_sweep(path), path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_is_not_there_is_named(sweep_path: Path, tmp_path: Path) -> None:
    with pytest.raises(TwinError, match="no Dask scheduler answers"):
        execute(read_sweep(sweep_path), sweep_path, tmp_path / "out", scheduler="nonsense")


def test_documents_reach_a_worker_as_they_were(sweep_path: Path) -> None:
    documents = Documents({"name": "전산실", "hours": 0.1}, {"racks": [{"id": "A1"}]}, {"d": {"tdp_w": 5}}, Path("/x"))
    assert unpack(pack(documents), Path("/x")) == documents


def test_a_point_keeps_nothing_of_the_one_before(sweep_path: Path) -> None:
    from twin.sim.run import load_documents

    sweep = read_sweep(sweep_path)
    scenario_path = sweep_path.parent / sweep.scenario
    packed = pack(load_documents(scenario_path))
    tasks = [Task(point, packed, str(scenario_path), None) for point in plan(sweep)]
    first, second, again = (run_point(task) for task in (tasks[0], tasks[1], tasks[0]))
    for row in (first, second, again):
        for clock in ("wall_s", "cpu_s"):
            del row["summary"][clock]  # type: ignore[attr-defined]
    assert first == again != second


def test_the_shipped_sweep_runs_at_both_ends_of_its_grid(layouts_dir: Path) -> None:
    from twin.sim.run import load_documents

    sweep = read_sweep(layouts_dir / "sweeps" / "small_sweep.yaml")
    scenario_path = layouts_dir / "sweeps" / sweep.scenario
    packed = pack(load_documents(scenario_path))
    points = plan(sweep)
    coolest, warmest = (run_point(Task(p, packed, str(scenario_path), 0.002)) for p in (points[0], points[-1]))
    assert (coolest["error"], warmest["error"]) == (None, None)
    assert coolest["summary"]["thermal.inlet_c_max"] < warmest["summary"]["thermal.inlet_c_max"]  # type: ignore[index]
    for name in sweep.record:
        assert any(key == name or key.startswith(f"{name}.") for key in coolest["summary"])  # type: ignore[attr-defined]
