"""A hall in which nothing happens is carried on by many pulses at a time: the result is the same to the last byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from twin.scenario.overrides import Documents, parse_set
from twin.sim.bench_plant import hall_documents
from twin.sim.quiet import quiet_ends_s
from twin.sim.run import Run, load_documents, start_run

TIMING = ("wall_s", "cpu_s")
TABLES = ("telemetry.parquet", "racks.parquet", "events.parquet", "power.parquet")


def lived(
    documents: Documents, path: Path, folder: Path, carry: Callable[[Run], object]
) -> tuple[Run, dict[str, bytes]]:
    """A run to its end, and what it leaves: tables as bytes, the summary as text without its own timing."""
    run = start_run(documents, path, folder)
    while not run.is_done:
        carry(run)
    result = run.finish(path)
    left = {name: (folder / name).read_bytes() for name in TABLES}
    facts = {key: value for key, value in result.summary.items() if key not in TIMING}
    left["summary"] = repr(facts).encode()
    return run, left


def assert_same(documents: Documents, path: Path) -> Run:
    """Pulse by pulse and by strides: same bytes, and the books balance."""
    with TemporaryDirectory() as folder:
        slow, expected = lived(documents, path, Path(folder) / "slow", Run.step)
        fast, found = lived(documents, path, Path(folder) / "fast", Run.stride)
    assert [name for name in expected if expected[name] != found[name]] == []
    assert fast.n_pulses == slow.n_pulses
    assert fast.hall.plant.energy_residual_frac() == slow.hall.plant.energy_residual_frac() < 1e-9
    return fast


def test_frontier_under_load_is_the_same_by_strides(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "frontier_hpl.yaml"
    documents = load_documents(path)
    assert_same(replace(documents, scenario={**documents.scenario, "hours": 0.5}), path)


def test_a_steady_hall_is_carried_on_by_hundreds_of_pulses_at_a_time(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "frontier_hpl.yaml"
    documents = load_documents(path)
    run = start_run(replace(documents, scenario={**documents.scenario, "hours": 1.0}), path)
    n_strides = 0
    while not run.is_done:
        run.stride()
        n_strides += 1
    assert run.n_pulses == 3600
    assert n_strides < 10


def test_a_stride_ends_with_the_first_pulse_that_reaches_the_time_asked_for(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "frontier_hpl.yaml"
    run = start_run(load_documents(path), path)
    for until_s, reached_s in ((50.0, 50.0), (120.5, 121.0), (200.0, 200.0)):
        while run.now_s < until_s:
            run.stride(until_s)
        assert run.now_s == reached_s


def test_chillers_weather_and_a_changing_room_are_the_same_by_strides(tmp_path: Path) -> None:
    documents = hall_documents(n_racks=2, hours=0.2)
    loads = [
        {"id": "half", "accelerator_frac": 0.5, "host_frac": 0.5, "until_s": 200.5},
        {"id": "full", "from_s": 400.0},
    ]
    assert_same(replace(documents, scenario={**documents.scenario, "loads": loads}), tmp_path / "hall.yaml")


def test_faults_batteries_and_generators_are_the_same_by_strides(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "small_room_n_blackout.yaml"
    documents = load_documents(path)
    quiet = {"air": "instant", "workloads": [], "loads": [{"id": "all", "accelerator_frac": 0.6}]}
    run = assert_same(replace(documents, scenario={**documents.scenario, **quiet}), path)
    assert run.hall.plant.meters.generator_j > 0.0, "the generator should have run in this story"


def test_a_limit_that_the_slowly_warming_room_crosses_is_kept_by_strides_too(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "small_room_day.yaml"
    documents = load_documents(path)
    parts = {
        "air": "instant",
        "workloads": [],
        "loads": [{"id": "all", "from_s": 30.0}],
        "policies": [{"kind": "peak_shave", "at_s": 100.0, "above_w": 146.1e3}],
        "hours": 0.15,
        "pulse_s": 1.0,
    }
    run = assert_same(replace(documents, scenario={**documents.scenario, **parts}), path)
    assert run.hall.plant.power.storage.total_frac() < 1.0, "the batteries should have given"


def test_loads_that_swing_are_the_same_by_strides(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "gpu_hall_training.yaml"
    documents = load_documents(path)
    assert_same(replace(documents, scenario={**documents.scenario, "air": "instant", "hours": 0.1}), path)


def test_coolers_that_fail_and_come_back_are_the_same_by_strides_with_a_map_for_each_flow(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "small_room_day.yaml"
    documents = load_documents(path)
    names = ("CRAH-1", "CRAH-2", "CRAH-3")
    faults = [{"at_s": 60 + 30 * i, "element": name} for i, name in enumerate(names)]
    faults += [{"at_s": 200, "element": "CRAH-2", "action": "repair"}]
    loads = [{"id": "all", "from_s": 20.0, "until_s": 300.0}]
    parts = {"air": "instant", "workloads": [], "loads": loads, "faults": faults, "hours": 0.1, "pulse_s": 1.0}
    run = assert_same(replace(documents, scenario={**documents.scenario, **parts}), path)
    maps = run.hall.plant.air.maps
    assert maps is not None
    assert maps.obstacles == {}
    figures = run.air_watch.figures()
    assert figures["mixed_h"] == 80.0 / 3600.0


def test_nothing_is_taken_for_quiet_while_requests_may_come(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "small_room_chat.yaml"
    run = start_run(load_documents(path).changed([parse_set("air=mixed")]), path)
    run.step()
    assert quiet_ends_s(run.hall, run.n_pulses, run.duration_s) == []


FAULTY = ("CRAH-1", "PDU-A", "UPS-A", "UTILITY", "CH")


@settings(max_examples=8)
@given(
    pulse_s=st.sampled_from((0.5, 1.0, 7.0, 60.0)),
    every_s=st.sampled_from((None, 30.0)),
    loads=st.lists(st.tuples(st.integers(0, 150), st.integers(1, 150), st.floats(0.0, 1.0)), max_size=2),
    faults=st.lists(st.tuples(st.integers(0, 300), st.sampled_from(FAULTY)), max_size=2, unique_by=lambda f: f[1]),
    above_kw=st.sampled_from((None, 60.0, 120.0)),
    air=st.sampled_from(("instant", "mixed")),
)
def test_whatever_happens_in_between_strides_change_no_byte(
    layouts_dir: Path,
    pulse_s: float,
    every_s: float | None,
    loads: list[tuple[int, int, float]],
    faults: list[tuple[int, str]],
    above_kw: float | None,
    air: str,
) -> None:
    path = layouts_dir / "scenarios" / "small_room_day.yaml"
    documents = load_documents(path)
    at_s = 0
    held = []
    for k, (wait_s, lasts_s, frac) in enumerate(loads):
        begin_s, at_s = at_s + wait_s, at_s + wait_s + lasts_s
        held.append({"id": f"load{k}", "accelerator_frac": frac, "from_s": begin_s + 0.25, "until_s": at_s + 0.25})
    held = held or [{"id": "none", "accelerator_frac": 0.0, "host_frac": 0.0}]
    story = [{"at_s": at_s, "element": name, "action": "fail"} for at_s, name in faults]
    shave = [] if above_kw is None else [{"kind": "peak_shave", "at_s": 100.0, "above_w": above_kw * 1e3}]
    changed = {
        "workloads": [], "loads": held, "faults": story, "policies": shave, "hours": 0.1, "pulse_s": pulse_s,
        "air": air, "record": {"every_s": every_s},
    }  # fmt: skip
    assert_same(replace(documents, scenario={**documents.scenario, **changed}), path)
