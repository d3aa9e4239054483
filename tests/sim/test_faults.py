"""What breaks takes down what hangs on it and nothing else, and what is repaired serves again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import twin
from twin.errors import DocumentError
from twin.record.result import Result
from twin.sim.run import load_documents, start_live

Write = Callable[..., Path]


def story(*acts: tuple[float, str, str]) -> list[dict[str, object]]:
    return [{"at_s": at_s, "element": element, "action": action} for at_s, action, element in acts]


def told(write: Write, *acts: tuple[float, str, str], sets: tuple[str, ...] = (), **parts: object) -> Result:
    """The result of a story, once its books are checked."""
    result = twin.run(write(faults=story(*acts), **parts), sets=sets)
    serving = result.summary["serving"]
    ended = sum(serving[f"requests_{name}"] for name in ("completed", "rejected", "unfinished", "lost"))
    assert serving["requests_arrived"] == ended > 0
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    assert all(np.isfinite(result[name]).all() for name in ("it_w", "facility_w", "inlet_max_c", "supply_c"))
    return result


def kinds(result: Result, kind: str) -> list[tuple[float, str]]:
    return [(event.time_s, event.place) for event in result.events if event.kind == kind]


def during(result: Result, from_s: float, to_s: float) -> np.ndarray:
    return (result.time_s > from_s) & (result.time_s <= to_s)


@pytest.mark.parametrize("element", ["CRAH-1", "CH", "CHWP", "UPS-A", "PDU-A", "A1", "B1", "B1/u03"])
@pytest.mark.parametrize("on_failure", ["retry", "lose"])
def test_books_balance_whatever_fails_and_is_repaired(write_scenario: Write, element: str, on_failure: str) -> None:
    documents = load_documents(write_scenario())
    workloads = [{**workload, "on_failure": on_failure} for workload in documents.scenario["workloads"]]
    acts = ((20.0, "fail", element), (40.3, "repair", element))
    result = told(write_scenario, *acts, workloads=workloads, hours=0.02)
    marks = [
        (e.time_s, e.place, e.what) for e in result.events if e.place == element and e.what in ("failed", "repaired")
    ]
    assert marks == [(20.0, element, "failed"), (40.3, element, "repaired")]


NEEDS = "sheet:dgx_h100.psu.needed={}"
NO_THROTTLE = "sheet:dgx_h100.psu.throttles_at=null"


def test_one_side_of_two_carries_everything(write_scenario: Write) -> None:
    enough = (NO_THROTTLE, NEEDS.format(3))
    result = told(write_scenario, (30.5, "fail", "PDU-A"), sets=enough)
    assert kinds(result, "server.off") == kinds(result, "server.supplies_short") == []
    calm = twin.run(write_scenario(), sets=enough)
    np.testing.assert_allclose(result["output_tokens_per_s"], calm["output_tokens_per_s"], rtol=1e-12)
    # Half the supplies carry twice their load, which is nearer to where they are at their best; nothing else changes.
    before = result.time_s <= 30.0
    np.testing.assert_allclose(result["it_w"][before], calm["it_w"][before], rtol=1e-12)
    saved_frac = 1.0 - result["it_w"][~before][1:] / calm["it_w"][~before][1:]
    assert 0.03 < saved_frac.min() < saved_frac.max() < 0.05
    assert result["loss_w"][-1] != pytest.approx(calm["loss_w"][-1], rel=1e-6)


@pytest.mark.parametrize("pair", [("PDU-A", "PDU-B"), ("UPS-A", "PDU-B"), ("UPS-A", "UPS-B")])
def test_without_either_side_all_is_dark_until_one_comes_back(write_scenario: Write, pair: tuple[str, str]) -> None:
    one, other = pair
    result = told(write_scenario, (30, "fail", one), (40, "fail", other), (50, "repair", one))
    dark = during(result, 40, 50)
    assert (result["it_w"][dark] == 0.0).all()
    assert (result["output_tokens_per_s"][dark] == 0.0).all()
    assert (result["requests_running"][dark] == 0.0).all()
    assert (result["requests_waiting"][dark] > 0.0).all()
    assert np.isnan(result["pue"][dark]).all()
    assert (result["facility_w"][dark] > 0.0).all()  # cooling hangs on the switchboard
    assert (result["it_w"][during(result, 30, 40)] > 0.0).all()
    assert (result["it_w"][result.time_s > 50] > 0.0).all()
    off, on = kinds(result, "server.off"), kinds(result, "server.on")
    assert {at_s for at_s, _ in off} == {40.0}
    assert {at_s for at_s, _ in on} == {50.0}
    assert {place for _, place in off} == {place for _, place in on}
    serving = result.summary["serving"]
    assert serving["requests_lost"] == 0
    assert serving["requests_completed"] > 0.8 * serving["requests_arrived"]


def test_a_failed_rack_is_dark_and_its_neighbours_are_not(write_scenario: Write) -> None:
    result = told(write_scenario, (30, "fail", "B1"), (60, "repair", "B1"))
    dark = during(result, 30, 60)
    assert (result.rack("B1")["power_w"][dark] == 0.0).all()
    assert (result.rack("B1")["utilisation_frac"][dark] == 0.0).all()
    assert (result.rack("B1")["power_w"][~dark] > 0.0).all()
    assert (result.rack("B2")["power_w"] > 0.0).all()
    assert result.requests["retries"].max() == 1
    assert kinds(result, "serving.interrupted")[0] == (30.0, "large")


def test_a_server_alone_fails_alone(write_scenario: Write) -> None:
    result = told(write_scenario, (30, "fail", "B3/u03"))
    assert kinds(result, "server.off") == [(30.0, "B3/u03")]
    b3 = result.rack("B3")["power_w"]
    calm = twin.run(write_scenario()).rack("B3")["power_w"]
    late = result.time_s > 31
    assert (b3[late] > 0.0).all()
    assert b3[late].mean() < 0.9 * calm[late].mean()


def test_requests_of_a_failed_server_are_lost_where_the_scenario_says_so(write_scenario: Write) -> None:
    documents = load_documents(write_scenario())
    workloads = [{**workload, "on_failure": "lose"} for workload in documents.scenario["workloads"]]
    result = told(write_scenario, (60, "fail", "B1"), (60, "fail", "B2"), workloads=workloads)
    lost = result.requests["state"] == "lost"
    assert result.summary["serving"]["requests_lost"] == lost.sum() > 0
    assert set(result.requests["workload"][lost]) == {"large"}
    assert (result.requests["arrival_s"][lost] <= 60.0).all()
    # Nobody serves the large model any more: what comes later waits.
    later = (result.requests["workload"] == "large") & (result.requests["arrival_s"] > 60.0)
    assert set(result.requests["state"][later]) == {"waiting"}


def test_power_that_is_missing_from_the_first_moment_serves_nobody(write_scenario: Write) -> None:
    result = told(write_scenario, (0, "fail", "PDU-A"), (0, "fail", "PDU-B"), hours=0.01)
    assert (result["it_w"] == 0.0).all()
    assert result.summary["serving"]["output_tokens"] == 0
    assert result.summary["serving"]["requests_unfinished"] == result.summary["serving"]["requests_arrived"]


def test_two_faults_on_one_server_need_two_repairs(write_scenario: Write) -> None:
    acts = ((10, "fail", "B1"), (12, "fail", "B1/u03"), (20, "repair", "B1"), (30, "repair", "B1/u03"))
    result = told(write_scenario, *acts, hours=0.012)
    assert kinds(result, "server.off") == [(10.0, "B1/u03")]
    assert kinds(result, "server.on") == [(30.0, "B1/u03")]


def test_failing_twice_is_failing_once(write_scenario: Write) -> None:
    acts = ((10, "fail", "B1"), (15, "fail", "B1"), (20, "repair", "B1"), (25, "repair", "B1"))
    result = told(write_scenario, *acts, hours=0.01)
    assert [time_s for time_s, _ in kinds(result, "server.failed")] == [10.0]
    assert [time_s for time_s, _ in kinds(result, "server.repaired")] == [20.0]


def test_without_any_cooler_the_room_warms_as_fast_as_its_heat_capacity_allows(write_scenario: Write) -> None:
    names = ("CRAH-1", "CRAH-2", "CRAH-3")
    result = told(write_scenario, *((30, "fail", name) for name in names))
    at_failure, at_end = result["inlet_mean_c"][29], result["inlet_mean_c"][-1]
    assert at_end > at_failure + 2.0
    warm = result["inlet_mean_c"][31:]
    assert (np.diff(warm) > 0.0).all()
    assert kinds(result, "cooler.failed") == [(30.0, name) for name in names]


def test_a_set_point_is_followed_from_its_instant_on(write_scenario: Write) -> None:
    points = [{"at_s": 30.5, "element": "CRAH-1", "field": "fan_frac", "value": 1.0}]
    result = told(write_scenario, policies=points)
    calm = twin.run(write_scenario())
    before = result.time_s <= 30.0
    np.testing.assert_array_equal(result["cooling_w"][before], calm["cooling_w"][before])
    assert (result["cooling_w"] > calm["cooling_w"])[result.time_s > 31.0].all()
    (event,) = [event for event in result.events if event.kind == "control.set"]
    assert (event.time_s, event.place) == (30.5, "CRAH-1")


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [("CRAH-1", "supply_c", 90.0), ("CRAH-1", "fan_frac", 1.5), ("CHW", "supply_c", -3.0), ("CH", "supply_c", 9.0)],
)
def test_a_set_point_that_cannot_be_is_refused_and_changes_nothing(
    write_scenario: Write, element: str, field: str, value: float
) -> None:
    path = write_scenario()
    run = start_live(load_documents(path), path)
    run.step()
    columns = run.hall.plant.cooling.coolers.supply_c, run.hall.plant.cooling.coolers.fan_frac
    kept = [column.copy() for column in columns]
    with pytest.raises(DocumentError, match=r"outside|has no set point"):
        run.poke(element, field, value)
    for column, old in zip(columns, kept, strict=True):
        np.testing.assert_array_equal(column, old)


def test_an_element_that_is_none_is_refused_with_the_nearest_names(write_scenario: Write) -> None:
    path = write_scenario()
    run = start_live(load_documents(path), path)
    with pytest.raises(DocumentError) as caught:
        run.fail("CRAH-9")
    assert "CRAH-1" in caught.value.hint


def test_a_server_with_fewer_supplies_than_it_needs_goes_on_slower_where_its_sheet_says_so(
    write_scenario: Write,
) -> None:
    acts = ((30.0, "fail", "PDU-A"), (60.0, "repair", "PDU-A"))
    result = told(write_scenario, *acts, hours=0.03)
    assert kinds(result, "server.off") == []
    assert kinds(result, "server.supplies_short") == [(30.0, "B1/u03"), (30.0, "B2/u03")]
    assert kinds(result, "server.supplies_back") == [(60.0, "B1/u03"), (60.0, "B2/u03")]
    what = next(event.what for event in result.events if event.kind == "server.supplies_short")
    assert what.startswith("3 of 6 supplies have power, 4 are needed: clocks at ")


def test_a_server_that_may_not_go_on_with_fewer_supplies_is_off_until_its_cord_is_back(write_scenario: Write) -> None:
    acts = ((30.0, "fail", "PDU-A"), (60.0, "repair", "PDU-A"))
    result = told(write_scenario, *acts, sets=(NO_THROTTLE, NEEDS.format(5)), hours=0.03)
    off = [event for event in result.events if event.kind == "server.off"]
    assert [(event.time_s, event.place) for event in off] == [(30.0, "B1/u03"), (30.0, "B2/u03")]
    assert {event.what for event in off} == {"3 of 6 supplies have power, 5 are needed"}
    assert kinds(result, "server.on") == [(60.0, "B1/u03"), (60.0, "B2/u03")]
