"""Lost coolers, units, chillers, pumps and towers: what is left by ratings, and minutes beside those of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.sim.run import load_documents, simulate
from twin.study.cooling_loss import CoolingLosses
from twin.study.failures import layout_failures
from twin.study.report import failure_lines

Change = Callable[..., Path]


@pytest.fixture
def changed(layouts_dir: Path, tmp_path: Path) -> Change:
    """Writes a shipped layout with counts of plant items or the number of coolers changed."""

    def change(name: str, counts: dict[str, int] | None = None, n_coolers: int | None = None) -> Path:
        tree = json.loads((layouts_dir / f"{name}.layout.json").read_text())
        tree["plant"] = [
            item | {"count": (counts or {}).get(item["id"], item.get("count", 1))} for item in tree["plant"]
        ]
        tree["coolers"] = tree["coolers"][:n_coolers]
        path = tmp_path / f"{name}.layout.json"
        path.write_text(json.dumps(tree))
        return path

    return change


def losses(path: Path) -> CoolingLosses:
    return CoolingLosses(expand(load_layout(path), shipped_catalogue()), shipped_catalogue(), 0.0)


def test_a_room_with_a_spare_of_everything_is_short_of_nothing(layouts_dir: Path) -> None:
    found = layout_failures(layouts_dir / "small_room.layout.json")
    assert {case.lost[0] for case in found.machines} == {"CRAH-1", "CRAH-2", "CRAH-3", "1 of 2 CH", "1 of 2 CHWP"}
    assert all(case.is_harmless for case in found.machines)


def test_without_spares_each_machine_leaves_the_share_of_its_rating(changed: Change) -> None:
    room = losses(changed("small_room_n", {"CH": 1}, n_coolers=1))
    heat_w = float(room._air_w.sum())
    assert room.after({}).short.keys() == set()
    none = room.after({"CRAH-1": 1})
    assert none.short["room air"] == 0.0
    assert none.inlet_min is not None
    assert room.after({"CH": 1}).short == {"CHW": 0.0}
    two = losses(changed("gpu_hall", {"CT": 1, "CH": 2}))
    left = two.after({"CH": 1})
    loop_w = 1051e3 / left.short["CHW"]
    assert loop_w > heat_w
    assert 0.0 < left.short["CHW"] < 1.0
    assert two.after({"CT": 1}).short["CW"] == 0.0


def test_more_surplus_heat_leaves_fewer_minutes(changed: Change) -> None:
    hall = losses(changed("gpu_hall", n_coolers=6))
    minutes = []
    for n in (2, 4, 6):
        left = hall.after({f"FW-W{k}" if k < 6 else "FW-E1": 1 for k in range(1, n + 1)})
        assert left.inlet_min is not None
        minutes.append(left.inlet_min)
    assert minutes == sorted(minutes, reverse=True)


@pytest.mark.parametrize("lost", [("CRAH-1", "CRAH-2", "CRAH-3"), ("CHWP",), ("CH",)])
def test_minutes_to_the_limit_are_on_the_safe_side_of_a_run_and_not_far_off(
    lost: tuple[str, ...], layouts_dir: Path, write_scenario: Callable[..., Path]
) -> None:
    """The run draws a tenth less than the sheets' most, and its valves open before the supply air warms."""
    layout = layouts_dir / "small_room_n.layout.json"
    faults = [{"at_s": 60.0, "element": name} for name in lost]
    path = write_scenario(layout=str(layout), workloads=[], loads=[{"id": "full"}], faults=faults, hours=0.75)
    events = [e for e in simulate(load_documents(path), path).events if e.kind == "thermal.allowable"]
    run_min = (events[0].time_s - 60.0) / 60.0
    found = losses(layout).after(dict.fromkeys(lost, 9)).inlet_min
    assert found is not None
    assert 0.5 * run_min < found <= run_min


def test_a_loop_without_its_last_distribution_unit_stops_its_servers(layouts_dir: Path) -> None:
    found = layout_failures(layouts_dir / "frontier.layout.json")
    assert len(found.machines) == 25
    assert {case.servers_dry for case in found.machines} == {3 * 128, 2 * 128}
    one = found.of("CDU-01")
    assert one.capacity_lost_frac == pytest.approx(one.servers_dry / found.n_servers)
    assert any("servers stop without coolant" in line for line in failure_lines(found, 3))


def test_dark_boxes_give_no_heat_and_a_hall_in_the_dark_is_short_of_nothing(layouts_dir: Path) -> None:
    room = losses(layouts_dir / "small_room_n.layout.json")
    coolers = {"CRAH-1": 1, "CRAH-2": 1, "CRAH-3": 1}
    half = np.arange(len(room._air_w)) % 2 == 0
    warm, all_on = room.after(coolers, half).inlet_min, room.after(coolers).inlet_min
    assert warm is not None
    assert all_on is not None
    assert warm > all_on
    assert room.after(coolers, np.ones(len(room._air_w), dtype=bool)).inlet_min is None


def test_coolers_that_lose_their_power_warm_the_room_in_minutes(layouts_dir: Path, tmp_path: Path) -> None:
    tree = json.loads((layouts_dir / "small_room_n.layout.json").read_text())
    tree["power"].append({"id": "MCC", "type": "switchboard_3200a", "inputs": ["ATS-1"]})
    for thing in (*tree["coolers"], *tree["plant"]):
        thing["feeds"] = {"A": "MCC"}
    path = tmp_path / "mcc.layout.json"
    path.write_text(json.dumps(tree))
    case = layout_failures(path).of("MCC")
    assert case.cooling_dark == 5
    assert case.servers_dark == 0
    assert case.cooling_short["room air"] == 0.0
    assert case.inlet_min is not None
    assert 0.2 < case.inlet_min < 2.0
