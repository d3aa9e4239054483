"""Failures are followed to their ends: what trips when, how long batteries last, who goes dark."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.electrical import Battery
from twin.cli import main
from twin.errors import DocumentError
from twin.physics.protection import IEC_CURVES, trip_time_s
from twin.plant.power import Feed, Node, PowerPath
from twin.plant.storage import Pack, Storage
from twin.plant.trips import Guard, Trips
from twin.study.cascade import Cascade
from twin.study.demand import Demand
from twin.study.failures import Failures, layout_failures

CELLS = Battery.model_validate(
    {"id": "cells", "name": "cells", "maker": "x", "chemistry": "li_ion", "energy_j": 60e6,
     "provenance": {"*": {"source": "made up"}}}
)  # fmt: skip
UTILITY = Node("U", "utility")


def cascade(
    nodes: Sequence[Node],
    cords: Sequence[tuple[int, ...]],
    watts: Sequence[float],
    guards: Sequence[Guard] = (),
    packs: Sequence[int] = (),
) -> Cascade:
    storage = Storage([Pack(i, CELLS, 1, 1.0, 25.0, 1e6) for i in packs])
    return Cascade(PowerPath(nodes, [Feed(c) for c in cords], storage, Trips(list(guards))), np.array(watts))


def test_the_other_path_trips_when_the_curve_says_and_then_all_is_dark() -> None:
    nodes = [Node("A", "pdu", (2,)), Node("B", "pdu", (2,)), UTILITY]
    guards = [Guard(0, 100e3, "EI"), Guard(1, 100e3, "EI")]
    found = cascade(nodes, [(0, 1)], [150e3], guards).follow([(), (0,)])
    assert not np.isfinite(found.trip_s[:, 0]).any()
    assert found.trip_s[1, 1] == pytest.approx(float(trip_time_s(1.5, *IEC_CURVES["EI"])))
    assert found.is_dark[0].tolist() == [False, True]


def test_a_trip_overloads_the_next_which_trips_later() -> None:
    # Three paths at 80 kW each; without A the other two carry 120 kW, without B as well C carries 240 kW.
    nodes = [*(Node(name, "pdu", (3,)) for name in "ABC"), UTILITY]
    guards = [Guard(1, 100e3, "EI"), Guard(2, 110e3, "EI")]
    found = cascade(nodes, [(0, 1, 2)], [240e3], guards).follow([(0,)])
    first_s = float(trip_time_s(1.2, *IEC_CURVES["EI"]))
    travel = first_s / float(trip_time_s(120.0 / 110.0, *IEC_CURVES["EI"]))
    second_s = first_s + (1.0 - travel) * float(trip_time_s(240.0 / 110.0, *IEC_CURVES["EI"]))
    assert found.trip_s[:, 0] == pytest.approx([first_s, second_s])
    assert found.is_dark[0, 0]


def test_a_breaker_warm_from_its_usual_load_trips_sooner_than_a_cold_one() -> None:
    def trip_s(usual_w: float) -> float:
        nodes = [Node("A", "pdu", (2,)), Node("B", "pdu", (2,)), UTILITY]
        cords = [(0, 1), (1,)]
        return float(
            cascade(nodes, cords, [(150e3 - usual_w) * 1.0, usual_w], [Guard(1, 100e3, "C")])
            .follow([(0,)])
            .trip_s[0, 0]
        )

    assert trip_s(50e3) < trip_s(0.0) < np.inf


def test_a_battery_lasts_its_energy_over_its_load_and_its_rack_is_dark_after_it() -> None:
    nodes = [Node("UPS", "ups", (1,), rated_w=1e6), UTILITY]
    found = cascade(nodes, [(0,)], [100e3], packs=[0]).follow([(), (1,), (2,), (1, 2)])
    assert found.battery_s[0].tolist() == pytest.approx([np.inf, 600.0, np.inf, np.inf])
    assert found.empty_s[0, 1] == pytest.approx(600.0)
    assert found.is_dark[0].tolist() == [False, True, False, True]


SET = Node("G", "generator", rated_w=1e6, limit_w=1e6, start_s=10.0, step_frac=0.6)
SWITCH = Node("ATS", "ats", (2, 3), transfer_s=0.3)


def test_a_generator_takes_over_and_only_what_has_no_battery_sees_the_gap() -> None:
    nodes = [Node("UPS", "ups", (1,), rated_w=1e6), SWITCH, UTILITY, SET]
    found = cascade(nodes, [(0,), (1,)], [500e3, 100e3], packs=[0]).follow([(2,), (2, 3)])
    assert found.start_s[0].tolist() == pytest.approx([10.3, np.inf])
    assert found.was_dark[:, 0].tolist() == [False, True]
    assert found.is_dark[:, 0].tolist() == [False, False]
    assert found.is_dark[:, 1].tolist() == [True, True]


def test_a_step_beyond_its_limit_stalls_the_generator() -> None:
    nodes = [Node("UPS", "ups", (1,), rated_w=1e6), SWITCH, UTILITY, SET]
    found = cascade(nodes, [(1,)], [700e3]).follow([(2,)])
    assert found.stalled[0, 0]
    assert found.is_dark[0, 0]


def test_ups_go_from_their_batteries_one_by_one_and_one_alone_may_be_too_large_a_step() -> None:
    one = [Node("UPS", "ups", (1,), rated_w=1e6), SWITCH, UTILITY, SET]
    two = [Node("UPS-1", "ups", (2,), rated_w=1e6), Node("UPS-2", "ups", (2,), rated_w=1e6)]
    two += [Node("ATS", "ats", (3, 4), transfer_s=0.3), UTILITY, SET]
    assert cascade(one, [(0,)], [700e3], packs=[0]).follow([(2,)]).stalled[0, 0]
    spared = cascade(two, [(0,), (1,)], [350e3, 350e3], packs=[0, 1]).follow([(3,)])
    assert not spared.stalled.any()
    assert spared.start_s[0, 0] == pytest.approx(10.3)


def test_servers_that_were_dark_come_back_in_steps_the_generator_bears() -> None:
    nodes = [SWITCH, UTILITY, SET]
    nodes[0] = Node("ATS", "ats", (1, 2), transfer_s=0.3)
    path = PowerPath(nodes, [Feed((0,)), Feed((0,))])
    watts = np.array([500e3, 300e3])  # servers, then coolers
    assert Cascade(path, watts).follow([(1,)]).stalled[0, 0]
    staged = Cascade(path, watts, n_staged=1).follow([(1,)])
    assert not staged.stalled[0, 0]
    assert staged.was_dark[0, 0]
    assert not staged.is_dark.any()


def test_a_switch_that_sticks_matters_only_when_its_source_is_lost() -> None:
    nodes = [Node("ATS", "ats", (1, 2), transfer_s=0.3), UTILITY, Node("V", "utility")]
    found = cascade(nodes, [(0,)], [10e3]).follow([(3,), (1,), (1, 3), (2, 3)])
    assert found.is_dark[0].tolist() == [False, False, True, False]
    assert found.was_dark[0].tolist() == [False, True, True, False]


@pytest.mark.parametrize(("gap_s", "is_seen"), [(0.004, False), (0.02, True)])
def test_leaving_eco_mode_is_seen_by_servers_when_its_gap_outlasts_their_supplies(gap_s: float, is_seen: bool) -> None:
    eco = Node("UPS", "ups", (1,), rated_w=1e6, eco_loss=(0.004, 0.001, 0.005), transfer_s=gap_s)
    found = cascade([eco, UTILITY], [(0,)], [100.0], packs=[0]).follow([(), (1,)])
    assert found.was_dark[0].tolist() == [False, is_seen]


def test_a_second_utility_behind_a_slow_switch_leaves_a_blink() -> None:
    nodes = [Node("ATS", "ats", (1, 2), transfer_s=0.3), UTILITY, Node("V", "utility")]
    found = cascade(nodes, [(0,)], [10e3]).follow([(1,), (2,)])
    assert found.was_dark[0].tolist() == [True, False]
    assert not found.is_dark.any()


@pytest.fixture(scope="module")
def hall(layouts_dir: Path) -> Failures:
    return layout_failures(layouts_dir / "gpu_hall.layout.json", has_pairs=True)


def test_no_single_failure_takes_a_rack_of_a_hall_on_two_paths(hall: Failures) -> None:
    assert hall.normal.is_harmless
    assert all(case.servers_hit == 0 for case in hall.singles)
    assert len(hall.singles) == 64  # 50 elements, 8 batteries, 6 switches that stick


def test_pairs_that_cut_both_paths_are_found_and_ranked_first(hall: Failures) -> None:
    assert len(hall.pairs) == 64 * 63 // 2
    assert hall.pairs[0].servers_dark == max(case.servers_dark for case in hall.pairs)
    rows = hall.of("PDU-R1-A", "PDU-R1-B")
    assert len(rows.racks_dark) == 17
    assert rows.is_worse
    assert hall.of("UPS-A1a", "UPS-B1a").servers_hit == 0
    assert all(case.is_worse == (case.servers_hit > 0) for case in hall.pairs)


def test_half_the_path_lost_leaves_the_rest_half_as_much_again_as_servers_slow_down_on_three_of_four_supplies(
    hall: Failures,
) -> None:
    both, one = hall.of("UPB-B1", "ATS-A1").battery_min, hall.of("ATS-A1").battery_min
    assert both is not None
    assert one is not None
    # 3/4 of the load on one cord is 3/2 of a side's, for a little less than 2/3 of the time: a battery gives less when
    # it is emptied fast.
    assert 0.6 * one < both < 2.0 / 3.0 * one


def test_a_hall_on_one_path_loses_all_with_its_ups(layouts_dir: Path) -> None:
    found = layout_failures(layouts_dir / "small_room_n.layout.json", has_pairs=True)
    ups = found.of("UPS-1")
    assert ups.servers_dark == found.n_servers
    assert len(ups.racks_dark) == found.n_racks
    blackout = found.of("UTILITY")
    assert blackout.servers_hit == 0
    assert blackout.generators_s == {"GEN-1": pytest.approx(10.3)}
    assert blackout.battery_min is not None
    flat = found.of("UTILITY", "UPS-1 battery")
    assert (flat.servers_hit, flat.servers_dark) == (found.n_servers, 0)
    assert flat.is_worse
    assert found.of("UTILITY", "GEN-1").servers_dark == found.n_servers


def test_replicas_are_lost_with_any_of_their_servers() -> None:
    demand = Demand((3600.0, 100.0), (((0,), (1,), (2, 3)), ((3,),)))
    assert demand.lost_per_h(np.array([True, False, False, False])) == pytest.approx(1200.0)
    assert demand.lost_per_h(np.array([False, False, False, True])) == pytest.approx(1300.0)
    assert demand.lost_per_h(np.zeros(4, dtype=bool)) == 0.0


def test_requests_of_a_scenario_are_lost_with_the_room(
    write_scenario: Callable[..., Path], layouts_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = write_scenario()
    found = layout_failures(layouts_dir / "small_room.layout.json", scenario=scenario)
    # Two workloads of two requests a second: drawn arrivals, so about 14,400 an hour.
    assert found.of("MSB").requests_lost_per_h == pytest.approx(14_400.0, rel=0.15)
    assert found.of("UPS-A").requests_lost_per_h == 0.0
    assert main(["failures", str(layouts_dir / "gpu_hall.layout.json"), "--scenario", str(scenario)]) == 1
    assert "give the scenario of this layout" in capsys.readouterr().err


def test_the_verb_prints_the_worst_first_and_json_has_all(
    layouts_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(layouts_dir / "small_room_n.layout.json")
    assert main(["failures", path, "--pairs", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert (len(tree["singles"]), len(tree["pairs"]), len(tree["machines"])) == (9, 36, 5)
    assert tree["singles"][0]["racks_dark"][0] == "A1"
    assert tree["pairs"][0]["racks_dark"] == 9
    assert main(["failures", path, "--top", "2"]) == 0
    out = capsys.readouterr().out
    assert "9 single failures: 4 take power from servers" in out
    assert "... 2 more" in out


def test_a_failure_that_is_none_is_an_error(hall: Failures) -> None:
    with pytest.raises(DocumentError, match="no failure of UPS-9"):
        hall.of("UPS-9")


def test_a_room_that_is_dark_anyway_is_refused(layouts_dir: Path, tmp_path: Path) -> None:
    tree = json.loads((layouts_dir / "small_room_n.layout.json").read_text())
    tree["power"] = [node | {"inputs": []} if node["id"] == "TX-1" else node for node in tree["power"]]
    path = tmp_path / "dark.layout.json"
    path.write_text(json.dumps(tree))
    with pytest.raises(DocumentError, match=r"dark.layout.json.*have no power before anything fails"):
        layout_failures(path)


def test_a_drawing_without_a_path_is_refused_with_both_counts(layouts_dir: Path, tmp_path: Path) -> None:
    tree = json.loads((layouts_dir / "small_room_n.layout.json").read_text())
    path = tmp_path / "empty.layout.json"
    path.write_text(json.dumps(tree | {"power": [], "racks": [], "coolers": [], "plant": [], "fabrics": []}))
    with pytest.raises(DocumentError, match="0 elements of a power path and 0 servers, 1 of each is needed"):
        layout_failures(path)


def test_every_shipped_layout_can_be_followed(layouts_dir: Path) -> None:
    paths = sorted(layouts_dir.glob("*.layout.json"))
    assert len(paths) >= 5
    for path in paths:
        assert layout_failures(path).singles
