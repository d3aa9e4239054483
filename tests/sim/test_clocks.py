"""A power cap is kept by slower clocks, hot air slows what breathes it, and what is not concerned stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import twin
from twin.errors import DocumentError
from twin.record.channels import HALL_NAMES
from twin.record.result import Result
from twin.sim.run import load_documents, start_live

Write = Callable[..., Path]


def busy(write: Write, rate_per_s: float = 20.0, **parts: object) -> Path:
    """A scenario of one minute in which prompts keep the chips at work."""
    workloads = load_documents(write()).scenario["workloads"]
    loaded = [{**workload, "generator": {"rate_per_s": rate_per_s}} for workload in workloads]
    return write(workloads=loaded, hours=60.0 / 3600.0, **parts)


def cap(limit_w: float | None, element: str = "hall", at_s: float = 10.0) -> dict[str, object]:
    return {"kind": "power_cap", "element": element, "limit_w": limit_w, "at_s": at_s}


def balanced(result: Result) -> Result:
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    assert result.summary["balance"]["requests_residual"] == 0
    return result


def kinds(result: Result) -> list[tuple[str, str]]:
    return [(event.kind, event.place) for event in result.events if event.kind.startswith(("power.c", "thermal.t"))]


# A cap nearer to the peak costs less time than chance in which requests meet: watts fall with the clock cubed.
@pytest.mark.parametrize("share", [0.93, 0.9, 0.87])
def test_the_hall_draws_no_more_than_its_cap_and_answers_later(write_scenario: Write, share: float) -> None:
    calm = twin.run(busy(write_scenario))
    limit_w = share * float(calm["it_w"].max())
    capped = balanced(twin.run(busy(write_scenario, policies=[cap(limit_w)])))
    before = capped.time_s <= 10.0
    np.testing.assert_array_equal(capped["it_w"][before], calm["it_w"][before])
    assert capped["it_w"][~before].max() <= 1.02 * limit_w
    assert capped["it_w"][~before].mean() > 0.9 * limit_w
    assert kinds(capped) == [("power.cap", "hall"), ("power.capped", "hall")]
    for name in ("ttft_s", "tpot_s"):
        assert capped.summary["serving"][name]["mean"] > calm.summary["serving"][name]["mean"]


def test_a_cap_nothing_comes_near_changes_no_value(write_scenario: Write) -> None:
    calm, capped = twin.run(busy(write_scenario)), twin.run(busy(write_scenario, policies=[cap(1e6)]))
    for name in HALL_NAMES:
        np.testing.assert_array_equal(calm[name], capped[name], err_msg=name)


def test_a_cap_on_one_rack_slows_that_rack_only(write_scenario: Write) -> None:
    calm = twin.run(busy(write_scenario))
    limit_w = 0.93 * float(calm.rack("B1")["power_w"].max())
    capped = balanced(twin.run(busy(write_scenario, policies=[cap(limit_w, "B1")])))
    after = capped.time_s > 11.0
    assert capped.rack("B1")["power_w"][after].max() <= 1.02 * limit_w
    np.testing.assert_array_equal(capped.rack("B3")["power_w"], calm.rack("B3")["power_w"])
    assert kinds(capped) == [("power.cap", "B1"), ("power.capped", "B1")]


def test_a_cap_below_what_slow_clocks_draw_is_said_to_be_missed(write_scenario: Write) -> None:
    capped = balanced(twin.run(busy(write_scenario, policies=[cap(15_000.0)])))
    assert kinds(capped) == [("power.cap", "hall"), ("power.capped", "hall"), ("power.cap_missed", "hall")]
    assert capped["it_w"][-1] > 15_000.0


def test_a_lifted_cap_leaves_full_clocks(write_scenario: Write) -> None:
    run = start_live(load_documents(busy(write_scenario)), Path("live"))
    replicas = [replica for served in run.hall.served for replica in served.workload.replicas]

    def clocks(n_pulses: int) -> set[float]:
        for _ in range(n_pulses):
            run.step()
        return {replica.clock_frac for replica in replicas}

    assert clocks(5) == {1.0}
    run.poke("hall", "limit_w", 20_000.0)
    run.poke("B1", "limit_w", 1_000_000.0)
    assert clocks(3) == {0.2}
    run.poke("hall", "limit_w", 0.0)
    assert clocks(1) == {1.0}
    run.poke("hall", "limit_w", 20_000.0)
    assert clocks(3) == {0.2}
    run.poke("hall", "limit_w", 1_000_000.0)
    assert clocks(10) == {1.0}


def test_servers_that_breathe_air_above_their_limit_slow_down(write_scenario: Write) -> None:
    calm = twin.run(busy(write_scenario))
    sheets = {"dgx_h100": {"max_inlet_c": 14.0}}
    hot = balanced(twin.run(busy(write_scenario, sheets=sheets)))
    inlet_c = float(hot["inlet_max_c"].max())
    assert 14.0 < inlet_c < 24.0
    slowed = {place for kind, place in kinds(hot) if kind == "thermal.throttled"}
    assert slowed == {"B1", "B2"}
    assert hot.rack("B1")["power_w"].mean() < 0.97 * calm.rack("B1")["power_w"].mean()
    np.testing.assert_allclose(hot.rack("B3")["power_w"], calm.rack("B3")["power_w"], rtol=1e-12)
    of_large = hot.requests["workload"] == "large"
    assert np.nanmean(hot.requests["ttft_s"][of_large]) > np.nanmean(calm.requests["ttft_s"][of_large])


def test_clocks_follow_the_supply_air_up_and_down(write_scenario: Write) -> None:
    points = [
        {"at_s": at_s, "element": f"CRAH-{i}", "field": "supply_c", "value": supply_c}
        for at_s, supply_c in ((5.0, 32.0), (30.0, 18.0))
        for i in (1, 2, 3)
    ]
    sheets = {"dgx_h100": {"max_inlet_c": 25.0}}
    told = balanced(twin.run(busy(write_scenario, policies=points, sheets=sheets)))
    found = [event for event in told.events if event.kind.startswith("thermal.") and event.place == "B1"]
    assert [event.kind for event in found if "throttled" in event.kind] == ["thermal.throttled", "thermal.unthrottled"]
    assert found[0].time_s < 12.0
    assert found[-1].time_s > 30.0


@pytest.mark.parametrize("element", ["B1", "B1/u03", "hall"])
def test_an_element_that_can_be_capped_is_taken(write_scenario: Write, element: str) -> None:
    start_live(load_documents(write_scenario(policies=[cap(9e5, element)])), Path("live"))


def test_mistakes_in_a_cap_name_their_place(write_scenario: Write) -> None:
    with pytest.raises(DocumentError, match=r"policies\[1\] B11: 'B11' is no row, rack or server with anything to cap"):
        start_live(load_documents(write_scenario(policies=[cap(1e5), cap(1e5, "B11")])), Path("live"))
    with pytest.raises(DocumentError, match="limit_w"):
        start_live(load_documents(write_scenario(policies=[cap(-5.0)])), Path("live"))
    with pytest.raises(DocumentError, match="power_cap"):
        start_live(load_documents(write_scenario(policies=[{**cap(5.0), "kind": "power_cup"}])), Path("live"))
    run = start_live(load_documents(write_scenario()), Path("live"))
    with pytest.raises(DocumentError, match="limit_w is -1 W"):
        run.poke("hall", "limit_w", -1.0)


@pytest.mark.parametrize("router", ["power_aware", "inlet_aware", "prefix_aware"])
def test_routers_see_watts_and_inlets_of_the_last_pulse(write_scenario: Write, router: str) -> None:
    workloads = [{**w, "router": router} for w in load_documents(write_scenario()).scenario["workloads"]]
    path = write_scenario(workloads=workloads, faults=[{"at_s": 4.5, "element": "B1"}])
    run = start_live(load_documents(path), Path("live"))
    large = run.hall.served[1]
    assert set(large.workload.input_w) == {0.0}
    for _ in range(8):
        run.step()
    for site, is_up, watts in zip(large.sites, large.workload.is_up, large.workload.input_w, strict=True):
        constants = run.hall.plant.compute.constants[site.i_server]
        idle_w = site.n_chips * constants.idle_chip_w
        assert watts > idle_w if is_up else watts == 0.0
    assert min(large.workload.inlet_c) > 10.0
    assert balanced(twin.run(path)).summary["serving"]["requests_completed"] > 0
