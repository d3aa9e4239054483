"""What follows a failure in the power path: batteries, generators, switches, trips, restart, each at its instant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import twin
from twin.errors import DocumentError
from twin.record.frame import Event
from twin.record.result import Result
from twin.sim.run import load_documents, start_live

Write = Callable[..., Path]
Act = dict[str, object]


def fail(at_s: float, element: str, part: str = "element") -> Act:
    return {"at_s": at_s, "element": element, "action": "fail", "part": part}


def repair(at_s: float, element: str, part: str = "element") -> Act:
    return {"at_s": at_s, "element": element, "action": "repair", "part": part}


def balanced(result: Result) -> Result:
    """The result, once its energy and requests are found whole and nothing is negative."""
    balance, serving = result.summary["balance"], result.summary["serving"]
    assert balance["energy_residual_frac"] < 1e-9
    assert balance["requests_residual"] == 0
    for name in ("it_w", "loss_w", "cooling_w", "facility_w", "utility_w", "generator_w"):
        assert (result[name] >= 0.0).all(), name
    parts = result["utility_w"] + result["generator_w"] + result["battery_w"]
    np.testing.assert_allclose(result["facility_w"], parts, rtol=1e-9, atol=1e-6)
    used = result["it_w"] + result["loss_w"] + result["cooling_w"]
    np.testing.assert_allclose(result["facility_w"], used, rtol=1e-9, atol=1e-6)
    assert serving["requests_arrived"] > 0
    return result


def story(result: Result, *kinds: str) -> list[tuple[float, str, str]]:
    """The events of these kinds in their order, repeated ones at one instant told once."""
    found = [(round(e.time_s, 3), e.kind, e.place) for e in result.events if e.kind.startswith(kinds)]
    return list(dict.fromkeys(found))


@pytest.fixture
def changed_layout(layouts_dir: Path, tmp_path: Path) -> Callable[..., str]:
    """Writes a shipped layout with fields of its power nodes replaced, or nodes added, and gives its path."""

    def change(name: str, **nodes: dict[str, object]) -> str:
        tree = json.loads((layouts_dir / name).read_text())
        tree["power"] = [{**node, **nodes.pop(node["id"].replace("-", "_"), {})} for node in tree["power"]]
        tree["power"] += [{"id": name.replace("_", "-"), **fields} for name, fields in nodes.items()]
        path = tmp_path / "changed.layout.json"
        path.write_text(json.dumps(tree))
        return str(path)

    return change


POWER = ("power.", "generator.", "switch.", "battery.", "breaker.", "ups.")


def test_one_ups_of_two_is_lost_at_full_load_and_no_request_notices(layouts_dir: Path) -> None:
    result = balanced(twin.run(layouts_dir / "scenarios" / "small_room_ups_fails.yaml", hours=0.05))
    assert story(result, *POWER, "server.o", "serving.") == [(120.0, "power.failed", "UPS-A")]
    assert result.summary["serving"]["requests_lost"] == 0
    assert (result.requests["retries"] == 0).all()
    used = result["utilisation_gpu_frac"][result.time_s > 60]
    assert used.min() > 0.5


def test_a_blackout_on_one_path_is_told_from_the_first_flicker_to_the_full_battery(layouts_dir: Path) -> None:
    result = balanced(twin.run(layouts_dir / "scenarios" / "small_room_n_blackout.yaml"))
    told = story(result, *POWER)
    empty_s = next(at_s for at_s, kind, _ in told if kind == "battery.empty")
    charged_s = next(at_s for at_s, kind, _ in told if kind == "battery.charged")
    assert 300.0 < empty_s < 900.0
    assert 1700.0 < charged_s
    assert told == [
        (0.0, "power.failed", "GEN-1"),
        (60.0, "power.failed", "UTILITY"),
        (60.0, "power.on_battery", "UPS-1"),
        (60.0, "generator.starting", "GEN-1"),
        (70.0, "generator.failed_to_start", "GEN-1"),
        (empty_s, "battery.empty", "UPS-1"),
        (900.0, "power.repaired", "GEN-1"),
        (900.0, "generator.starting", "GEN-1"),
        (910.0, "generator.started", "GEN-1"),
        (910.3, "switch.transferred", "ATS-1"),
        (1200.0, "power.repaired", "UTILITY"),
        (1500.0, "power.on_battery", "UPS-1"),
        (1500.3, "switch.transferred", "ATS-1"),
        (1500.3, "power.on_mains", "UPS-1"),
        (1680.0, "generator.stopped", "GEN-1"),
        (charged_s, "battery.charged", "UPS-1"),
    ]
    off = {at_s for at_s, kind, _ in story(result, "server.off")}
    on = sorted({at_s for at_s, kind, _ in story(result, "server.on")})
    assert off == {empty_s}
    assert on == [910.3, 920.3, 930.3]
    dark = (result.time_s > empty_s + 5.0) & (result.time_s <= 910.0)
    assert (result["it_w"][dark] == 0.0).all()
    assert result.requests["retries"].max() == 1
    times = [event.time_s for event in result.events]
    assert times == sorted(times)


def test_a_battery_lasts_as_long_as_its_table_says(layouts_dir: Path, write_scenario: Write) -> None:
    """The charge falls at 1 / t(P): the run ends where these add up to one, at loads between the table's points."""
    path = write_scenario(
        layout=str(layouts_dir / "small_room_n.layout.json"),
        hours=0.25,
        pulse_s=5.0,
        faults=[fail(10.0, "GEN-1"), fail(30.0, "UTILITY")],
    )
    happened: list[Event] = []
    run = start_live(load_documents(path), path)
    run.on_event = happened.append
    power, gone = run.hall.plant.power, 0.0
    table_w, table_s = [530.0, 410, 270, 195, 159, 112], [180.0, 300, 600, 900, 1200, 1800]
    while power.is_live[power.ids.index("UPS-1")]:
        before_s = run.now_s
        run.step()
        given_w = float(power.given_w(run.hall.plant.flow_now()[0])[0])
        if given_w > 0.0:
            full_s = np.interp(-np.log(given_w / 120), -np.log(table_w), np.multiply(table_w, table_s)) * 120 / given_w
            gone += (run.now_s - before_s) / full_s
    (empty_s,) = (event.time_s for event in happened if event.kind == "battery.empty")
    assert 300.0 < empty_s - 30.0 < 900.0
    assert run.now_s - 5.0 < empty_s <= run.now_s
    assert gone == pytest.approx(1.0, abs=0.015)


def test_a_load_that_rises_within_a_pulse_overdraws_no_battery_and_the_shortage_is_told(
    layouts_dir: Path, write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    """A pulse at 30 s sees the end far off; the load held from 31 s brings it before the next pulse at 45 s."""
    layout = changed_layout("small_room_n.layout.json", UPS_1={"battery_count": 30})
    held = [{"id": "burn", "on": ["npu", "gpu"], "from_s": 31.0}]
    path = write_scenario(
        layout=layout,
        hours=0.02,
        pulse_s=15.0,
        faults=[fail(1.0, "GEN-1"), fail(2.0, "UTILITY")],
        workloads=[],
        loads=held,
    )
    result = twin.run(path)
    told = story(result, "battery.")
    assert told == [(45.0, "battery.overdrawn", "UPS-1"), (45.0, "battery.empty", "UPS-1")]
    assert result["battery_charge_frac"].min() == 0.0
    assert result.summary["energy_kwh"]["battery_shortage"] > 0.0
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9


def test_modules_of_a_frame_fail_one_by_one_until_the_rest_is_overloaded(
    write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    layout = changed_layout("small_room.layout.json", UPS_A={"type": "ups_modular_500kva"})
    faults = [
        *(fail(5.0 + k, "UPS-A", "module") for k in range(10)),
        *(repair(60.0, "UPS-A", "module") for _ in range(10)),
    ]
    result = balanced(twin.run(write_scenario(layout=layout, faults=faults)))
    told = [event.what for event in result.events if event.place == "UPS-A" and "module" in event.what]
    assert told[0] == "module failed, 9 of 10 work"
    assert told[9] == "module failed, 0 of 10 work"
    assert told[-1] == "module repaired, 10 of 10 work"
    assert len(told) == 20
    assert story(result, "server.o") == []
    cords_w = result["loss_w"]
    gone, back = cords_w[(result.time_s > 20) & (result.time_s < 60)], cords_w[result.time_s > 61]
    assert gone.mean() < back.mean()  # one UPS less that runs at a few per cent of its rating


def test_servers_serve_again_only_after_their_boot_and_a_boot_cut_short_begins_anew(write_scenario: Write) -> None:
    off_and_on = [fail(20, "UTILITY"), repair(25, "UTILITY"), fail(40, "UTILITY"), repair(45, "UTILITY")]
    faults = [fail(1, "GEN-1"), fail(2, "UPS-A", "battery"), fail(2, "UPS-B", "battery"), *off_and_on]
    result = balanced(twin.run(write_scenario(faults=faults, restart={"boot_s": 30.0, "chiller_s": 0})))
    on_s = sorted({at_s for at_s, kind, _ in story(result, "server.on")})
    assert on_s[0] < 40.0 < on_s[-1] < 50.0
    booting = (result.time_s > 21.0) & (result.time_s <= on_s[-1] + 30.0)
    assert (result["output_tokens_per_s"][booting] == 0.0).all()
    assert (result["it_w"][(result.time_s > on_s[-1] + 1.0) & booting] > 0.0).all()  # it idles meanwhile
    assert result["output_tokens_per_s"][-1] > 0.0
    assert result.summary["serving"]["requests_lost"] == 0


def test_a_chiller_that_lost_its_feed_waits_before_it_cools_again(write_scenario: Write) -> None:
    faults = [fail(1, "GEN-1"), fail(20, "UTILITY"), repair(25, "UTILITY")]
    inlets, cooling_w = [], []
    for chiller_s in (0, 60):
        restart = {"boot_s": 0, "chiller_s": chiller_s}
        result = balanced(twin.run(write_scenario(faults=faults, restart=restart)))
        cooling_w.append(result["cooling_w"])
        inlets.append(result["chilled_water_c"])
    waiting = (result.time_s > 27) & (result.time_s <= 85)
    assert (cooling_w[1][waiting] < cooling_w[0][waiting]).all()
    assert inlets[1][waiting][-1] > inlets[0][waiting][-1] + 0.2
    assert cooling_w[1][-1] > cooling_w[1][waiting][-1]  # it runs again


def test_a_generator_takes_over_before_the_battery_ends(write_scenario: Write) -> None:
    result = balanced(twin.run(write_scenario(faults=[fail(20.5, "UTILITY")])))
    assert story(result, *POWER, "server.") == [
        (20.5, "power.failed", "UTILITY"),
        (20.5, "power.on_battery", "UPS-A"),
        (20.5, "power.on_battery", "UPS-B"),
        (20.5, "generator.starting", "GEN-1"),
        (30.5, "generator.started", "GEN-1"),
        (30.8, "switch.transferred", "ATS-1"),
        (30.8, "power.on_mains", "UPS-A"),
        (30.8, "power.on_mains", "UPS-B"),
    ]
    late = result.time_s > 31.0
    assert (result["utility_w"][late] == 0.0).all()
    assert (result["generator_w"][late] > 0.0).all()
    assert (result["battery_w"][late] < 0.0).any()  # charged again
    assert result["battery_charge_frac"].min() < 1.0
    assert result["cost_per_h"][-1] == 0.0
    assert result["carbon_kg_per_h"][-1] > 0.0


def test_a_stuck_switch_leaves_the_generator_unused(write_scenario: Write) -> None:
    result = balanced(twin.run(write_scenario(faults=[fail(10, "ATS-1", "switch"), fail(20, "UTILITY")])))
    assert "switch.transferred" not in {event.kind for event in result.events}
    assert (result["generator_w"] == 0.0).all()
    assert (result["it_w"][result.time_s > 60] > 0.0).all()  # on battery


def test_a_dead_battery_drops_its_side_and_the_other_holds(write_scenario: Write) -> None:
    faults = [fail(10, "UPS-A", "battery"), fail(20, "UTILITY"), repair(60, "UTILITY")]
    result = balanced(twin.run(write_scenario(faults=faults)))
    assert [place for _, kind, place in story(result, "power.on_battery")] == ["UPS-B"]
    assert story(result, "server.o") == []


def test_an_element_above_the_ups_may_fail_as_any_other(write_scenario: Write) -> None:
    for element in ("TX-1", "ATS-1", "MSB"):
        result = balanced(twin.run(write_scenario(faults=[fail(20, element), repair(70, element)])))
        assert story(result, "server.o") == [], element
        assert ("power.on_battery", "UPS-A") in {(kind, place) for _, kind, place in story(result, "power.on")}


def test_a_breaker_that_opens_takes_its_side_away(write_scenario: Write) -> None:
    faults = [fail(20, "PDU-A", "breaker"), repair(50, "PDU-A", "breaker")]
    result = balanced(twin.run(write_scenario(faults=faults)))
    assert story(result, "server.o") == []
    assert [event.what for event in result.events if event.place == "PDU-A"] == ["breaker failed", "breaker repaired"]


def test_eco_mode_costs_less_and_is_left_when_the_input_goes(
    write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    layout = changed_layout("small_room.layout.json", UPS_A={"mode": "eco"}, UPS_B={"mode": "eco"})
    faults = [fail(30, "UTILITY"), repair(32, "UTILITY")]
    calm = twin.run(write_scenario())
    result = balanced(twin.run(write_scenario(layout=layout, faults=faults)))
    assert result["loss_w"][10] < calm["loss_w"][10]
    assert story(result, "server.o") == []  # 4 ms is shorter than any hold-up
    assert [at_s for at_s, kind, _ in story(result, "power.eco")] == [92.0, 92.0]
    between = (result.time_s > 40) & (result.time_s < 90)
    assert result["loss_w"][between].min() > result["loss_w"][10]


def test_an_eco_mode_with_a_long_gap_drops_what_hangs_on_it(
    write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    layout = changed_layout("small_room_n.layout.json", UPS_1={"mode": "eco"})
    slow = {"ups_400kva": {"transfer_s": 0.015}}
    result = balanced(twin.run(write_scenario(layout=layout, sheets=slow, faults=[fail(30, "UTILITY")])))
    assert {at_s for at_s, kind, _ in story(result, "server.off")} == {30.0}
    assert result.requests["retries"].max() == 1


def test_an_overloaded_breaker_trips_at_the_time_its_curve_gives_and_the_other_side_follows(
    write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    """Both boards carry half each; when one is lost the other is over its breaker, trips, and all is dark."""
    small = {"breaker_a": 25, "breaker_curve": "EI"}
    layout = changed_layout("small_room.layout.json", PDU_A=small, PDU_B=small)
    path = write_scenario(layout=layout, faults=[fail(30, "PDU-A")], hours=0.1)
    happened: list[Event] = []
    run = start_live(load_documents(path), path)
    run.on_event = happened.append
    i, travel, before_s = run.hall.plant.power.ids.index("PDU-B"), 0.0, 30.0
    while not any(event.kind == "breaker.tripped" for event in happened):
        run.step()
        if run.now_s > 30.0 and run.hall.plant.power.is_closed[i]:
            ratio = run.hall.plant.flow_now()[0].input_w[i] / (380 * 25 * 3**0.5)
            travel += (run.now_s - before_s) * (ratio**2 - 1.0) / 80.0
            before_s = run.now_s
    (tripped,) = (event for event in happened if event.kind == "breaker.tripped")
    assert tripped.place == "PDU-B"
    assert 40.0 < tripped.time_s < 300.0
    assert travel == pytest.approx(1.0, abs=0.03)
    assert {event.time_s for event in happened if event.kind == "server.off"} == {tripped.time_s}
    assert run.hall.plant.energy_residual_frac() < 1e-9


def test_parts_that_are_not_there_are_refused(write_scenario: Write) -> None:
    path = write_scenario()
    documents = load_documents(path)
    for element, part, word in (
        ("PDU-A", "battery", "without a battery"),
        ("PDU-A", "switch", "switches nothing"),
        ("UTILITY", "breaker", "0 inputs"),
        ("CRAH-1", "battery", "no power node"),
        ("UPS-A", "module", "one piece, with no modules"),
    ):
        documents.scenario["faults"] = [fail(1, element, part)]
        with pytest.raises(DocumentError, match=word):
            start_live(documents, path)


ELEMENTS = ["UTILITY", "TX-1", "GEN-1", "ATS-1", "MSB", "UPS-A", "UPS-B", "PDU-A", "PDU-B"]
PARTS = {"ATS-1": ("element", "breaker", "switch"), "UPS-A": ("element", "breaker", "battery")}
acts = st.lists(
    st.tuples(st.floats(0, 30), st.sampled_from(ELEMENTS), st.integers(0, 2), st.booleans()), min_size=1, max_size=7
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_any_story_ends_with_its_books_balanced(
    write_scenario: Write, acts: list[tuple[float, str, int, bool]]
) -> None:
    faults = [
        (repair if is_up else fail)(at_s, name, PARTS.get(name, ("element",) * 3)[k]) for at_s, name, k, is_up in acts
    ]
    balanced(twin.run(write_scenario(faults=faults, hours=40 / 3600)))


def test_a_generator_asked_for_too_large_a_step_stalls(
    write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    weak = changed_layout("small_room.layout.json", GEN_1={"rated_w": 30e3})
    result = balanced(twin.run(write_scenario(layout=weak, faults=[fail(20, "UTILITY")])))
    told = [kind for _, kind, _ in story(result, "generator.")]
    assert told == ["generator.starting", "generator.started", "generator.overstep", "generator.stalled"]


def test_everything_at_once_after_a_blackout_trips_what_steps_would_not(
    write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    """Cold supplies draw eight times their load for a half-wave: a C breaker bears a rack, not a row."""
    layout = changed_layout("small_room_n.layout.json", PDU_1={"breaker_a": 125, "breaker_curve": "C"})
    faults = [fail(20, "UPS-1"), repair(30, "UPS-1")]
    staged = balanced(twin.run(write_scenario(layout=layout, faults=faults)))
    assert story(staged, "breaker.") == []
    assert len({at_s for at_s, _, _ in story(staged, "server.on")}) > 1
    rushed = balanced(twin.run(write_scenario(layout=layout, faults=faults, restart={"is_staged": False})))
    assert story(rushed, "breaker.") == [(30.0, "breaker.tripped", "PDU-1")]


@pytest.mark.parametrize(("gap_s", "n_off"), [(0.004, 0), (0.015, 1)])
def test_a_static_switch_is_faster_than_the_hold_up_of_supplies_unless_it_is_slow(
    write_scenario: Write, changed_layout: Callable[..., str], gap_s: float, n_off: int
) -> None:
    layout = changed_layout(
        "small_room_n.layout.json",
        PDU_1={"inputs": ["STS-1"]},
        STS_1={"type": "sts_630a", "inputs": ["UPS-1", "UPS-2"]},
        UPS_2={"type": "ups_400kva", "inputs": ["MSB"]},
    )
    sheets = {"sts_630a": {"transfer_s": gap_s}}
    result = balanced(twin.run(write_scenario(layout=layout, sheets=sheets, faults=[fail(30, "UPS-1")])))
    assert [at_s for at_s, _, _ in story(result, "switch.")] == [30.0]
    assert len({at_s for at_s, _, _ in story(result, "server.off")}) == n_off
    assert result.summary["serving"]["requests_lost"] == 0


def test_an_ats_without_a_battery_below_it_costs_the_servers_their_work(
    write_scenario: Write, changed_layout: Callable[..., str]
) -> None:
    layout = changed_layout("small_room_n.layout.json", UPS_1={"battery": None})
    documents = load_documents(write_scenario())
    workloads = [{**workload, "on_failure": "lose"} for workload in documents.scenario["workloads"]]
    faults = [fail(30, "UTILITY"), repair(35, "UTILITY")]
    result = balanced(twin.run(write_scenario(layout=layout, faults=faults, workloads=workloads)))
    assert {at_s for at_s, _, _ in story(result, "server.off")} == {30.0}
    assert {at_s for at_s, _, _ in story(result, "server.on")} == {35.0}  # the generator had not started yet
    assert result.summary["serving"]["requests_lost"] > 0


def test_a_chain_without_losses_shows_a_hundred_percent_and_carbon_all_the_same(write_scenario: Write) -> None:
    free = {"loss": {"a": 0.0, "b": 0.0, "c": 0.0}}
    names = ("transformer_1000kva", "ups_400kva", "pdu_225kva", "switchboard_3200a")
    result = balanced(twin.run(write_scenario(sheets=dict.fromkeys(names, free))))
    assert result.summary["energy_kwh"]["power_losses"] == 0.0
    np.testing.assert_allclose(result["utility_w"], result["it_w"] + result["cooling_w"], rtol=1e-12)
    assert result.summary["carbon_kg"] > 0.0


def test_batteries_shave_a_peak_down_to_their_reserve_and_charge_when_there_is_room(write_scenario: Write) -> None:
    calm = twin.run(write_scenario())
    limit_w = float(calm["facility_w"][60:].mean()) - 3e3
    shave = [{"kind": "peak_shave", "at_s": 20, "above_w": limit_w, "reserve_frac": 0.9}]
    result = balanced(twin.run(write_scenario(policies=shave)))
    during = result.time_s > 25.0
    over = result["utility_w"][during] - limit_w
    assert over.mean() < 0.01 * limit_w
    assert result["battery_w"][during].mean() == pytest.approx(3e3, rel=0.5)
    assert result["facility_w"][during].mean() == pytest.approx(calm["facility_w"][during].mean(), rel=0.01)
    small = {"battery_liion_rack": {"energy_j": 2e5}}
    short = balanced(twin.run(write_scenario(policies=shave, sheets=small)))
    assert 0.85 < short["battery_charge_frac"].min() <= 0.9
    assert (short["battery_w"][-10:] <= 0.0).all()
