"""What a scenario asks of policies, in a hall: weights take their time, halls are shared, figures are reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import twin
from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.errors import TwinError
from twin.policies.autoscalers.schedule import Schedule
from twin.record.report import summary_lines
from twin.record.result import Result
from twin.scenario.overrides import parse_set
from twin.scenario.policies import Autoscale
from twin.sim.choices import weight_load_s
from twin.sim.hall import build_hall
from twin.sim.run import load_documents

Write = Callable[..., Path]
STILL = {"policy": "schedule", "hours": {"0": 1}, "down_after_s": 0.0}


def scenario(write: Write, changes: dict[str, dict[str, object]], **parts: object) -> Path:
    """The small room with parts of its workloads replaced."""
    workloads = load_documents(write()).scenario["workloads"]
    return write(workloads=[{**one, **changes.get(one["id"], {})} for one in workloads], **parts)


def balanced(result: Result) -> Result:
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    assert result.summary["balance"]["requests_residual"] == 0
    return result


def test_weights_take_their_bytes_over_the_slowest_part_of_their_way() -> None:
    chip, n_bytes = shipped_catalogue().find("nvidia_h100_sxm", Accelerator, ""), 17.6e9
    near, slow, fast = (Autoscale(policy="x", storage_bytes_s=rate) for rate in (None, 10e9, 1e12))
    assert weight_load_s(n_bytes, 4, chip, near, "") == pytest.approx(17.6 / 63)
    assert weight_load_s(n_bytes, 4, chip, slow, "") == pytest.approx(4 * 17.6 / 10)
    assert weight_load_s(n_bytes, 4, chip, fast, "") == pytest.approx(17.6 / 63)
    bare = chip.model_copy(update={"host_link_bytes_s": None})
    assert weight_load_s(n_bytes, 4, bare, slow, "") == pytest.approx(4 * 17.6 / 10)
    with pytest.raises(TwinError, match=r"17\.6 GB into each nvidia_h100_sxm is unknown.*give load_s or storage"):
        weight_load_s(n_bytes, 4, bare, near, "w")


def test_each_chip_loads_its_own_share_of_the_weights(write_scenario: Write) -> None:
    path = scenario(write_scenario, {"large": {"autoscale": {**STILL, "start_s": 0.0}}})
    plan = build_hall(load_documents(path), path).served[1].scaling
    assert plan is not None
    (wake_s,) = {bed.wake_s for bed in plan.beds}
    assert wake_s == pytest.approx(70.55e9 / 4 / 63e9, rel=1e-3)  # Llama-3.1-70B, fp8


def test_a_hall_wakes_replicas_in_the_time_their_weights_take(write_scenario: Write) -> None:
    scale = {"policy": "target_load", "target": 1, "down_after_s": 0, "every_s": 1, "start_s": 2.0}
    result = balanced(twin.run(scenario(write_scenario, {"chat": {"autoscale": scale}})))
    woke, spans = dict[str, float](), list[float]()
    for event in result.events:
        who = " ".join(event.what.split()[:3])
        if event.kind == "scale.wake":
            woke[who] = event.time_s
        elif event.kind == "scale.ready":
            spans.append(event.time_s - woke.pop(who))
    weight_bytes = 8.03e9  # Llama-3.1-8B in fp8
    assert spans
    assert np.array(spans[0]) == pytest.approx(2.0 + weight_bytes / 31.5e9, rel=1e-3)
    assert np.ptp(spans) < 1e-9


def test_asleep_chips_draw_their_own_watts_in_the_hall_too(write_scenario: Write) -> None:
    def lived(sleep_w: float) -> Result:
        sheets = {"nvidia_l40s": {"sleep_w": sleep_w}}
        return balanced(twin.run(scenario(write_scenario, {"chat": {"autoscale": STILL}}, sheets=sheets)))

    deep, shallow = lived(5.0), lived(20.0)
    asleep_s = deep.summary["scaling"]["chat"]["asleep_h"] * 3600.0
    assert asleep_s == pytest.approx(47 * 120.0)  # of 48 from the start
    saved_j = (shallow.summary["energy_kwh"]["accelerators"] - deep.summary["energy_kwh"]["accelerators"]) * 3.6e6
    assert saved_j == pytest.approx((20.0 - 5.0) * asleep_s, rel=1e-9)
    assert (deep["it_w"] < shallow["it_w"]).all()


def test_without_sleep_watts_on_its_sheet_a_chip_sleeps_at_idle(write_scenario: Write) -> None:
    assert shipped_catalogue().find("nvidia_l40s", Accelerator, "").sleep_w is None
    path = scenario(write_scenario, {"chat": {"autoscale": STILL}})
    plan = build_hall(load_documents(path), path).served[0].scaling
    assert plan is not None
    assert {bed.sleep_w for bed in plan.beds} == {20.0}


def test_two_models_share_a_hall_and_only_one_of_them_sleeps(write_scenario: Write) -> None:
    awake = balanced(twin.run(scenario(write_scenario, {})))
    result = balanced(twin.run(scenario(write_scenario, {"chat": {"autoscale": STILL}})))
    assert set(result.summary["scaling"]) == {"chat"}
    n_large = result.summary["serving"]["replicas"] - 48
    assert (result["replicas_awake"] == 1 + n_large).all()
    assert (awake["replicas_awake"] == 48 + n_large).all()
    rows, others = result.requests, awake.requests
    is_large = rows["workload"] == "large"
    for name in ("replica", "first_token_s", "finish_s"):
        np.testing.assert_array_equal(rows[name][is_large], others[name][others["workload"] == "large"])
    assert set(rows["replica"][~is_large]) == {0}


def test_objectives_are_told_by_workload_and_by_limit(write_scenario: Write) -> None:
    slo = {"ttft_s": 2.0, "tpot_s": 0.001, "e2e_s": 1000.0}
    result = balanced(twin.run(scenario(write_scenario, {"chat": {"slo": slo}, "large": {"slo": {"ttft_s": 100.0}}})))
    serving, rows = result.summary["serving"], result.requests
    is_chat, is_done = rows["workload"] == "chat", rows["state"] == "done"
    chat = serving["slo"]["chat"]
    n_single = int((is_chat & is_done & (rows["output_tokens"] == 1)).sum())
    n_chat, n_large = int((is_chat & is_done).sum()), int((~is_chat & is_done).sum())
    in_time = int((rows["ttft_s"][is_chat & is_done] <= 2.0).sum())
    assert chat["ttft_s"] == {"limit_s": 2.0, "attained_frac": in_time / n_chat}
    assert chat["tpot_s"] == {"limit_s": 0.001, "attained_frac": n_single / n_chat}
    assert chat["e2e_s"]["attained_frac"] == 1.0
    assert chat["attained_frac"] <= n_single / n_chat
    assert serving["slo"]["large"]["attained_frac"] == 1.0
    kept = chat["attained_frac"] * n_chat + n_large
    assert serving["slo_attained_frac"] == pytest.approx(kept / (n_chat + n_large))
    assert any("large" in line and "first token in 100 s 100.0 %" in line for line in summary_lines(result.summary))


def test_what_admission_refuses_is_rejected_and_says_why(write_scenario: Write) -> None:
    door = {"policy": "token_bucket", "rate_per_s": 1.0, "burst": 2}
    result = balanced(twin.run(scenario(write_scenario, {"chat": {"admission": door}})))
    rows = result.requests
    is_refused = rows["state"] == "rejected"
    assert set(rows["workload"][is_refused]) == {"chat"}
    assert set(rows["reject_reason"][is_refused]) == {"token_bucket: 1 requests/s"}
    n_in = int((rows["workload"] == "chat").sum() - is_refused.sum())
    assert 0.8 * 120 < n_in <= 122  # a token a second and the burst
    assert result.summary["serving"]["requests_refused"] == int(is_refused.sum())
    refused = int(is_refused.sum())
    assert any(f"{refused} of the rejected not let in" in line for line in summary_lines(result.summary))
    assert result.summary["serving"]["slo"]["chat"]["attained_frac"] < 0.7


def test_the_report_tells_how_long_replicas_slept(write_scenario: Write) -> None:
    result = twin.run(scenario(write_scenario, {"chat": {"autoscale": STILL}}))
    line = next(line for line in summary_lines(result.summary) if line.startswith("replicas of chat"))
    assert line.split("chat")[1].strip() == "0.0333 h awake, 1.57 h asleep; 0 wakes, 47 sleeps"


def test_caps_hold_in_a_hall_where_replicas_sleep(write_scenario: Write) -> None:
    busy = {"generator": {"rate_per_s": 60.0}, "autoscale": {**STILL, "hours": {"0": 12}}}
    calm = twin.run(scenario(write_scenario, {"chat": busy}))
    limit_w = 0.95 * float(calm["it_w"].max())
    cap = {"kind": "power_cap", "element": "hall", "limit_w": limit_w, "at_s": 10.0}
    capped = balanced(twin.run(scenario(write_scenario, {"chat": busy}, policies=[cap])))
    assert capped["it_w"][capped.time_s > 11.0].max() <= 1.02 * limit_w
    assert not any(event.kind == "power.cap_missed" for event in capped.events)


@pytest.mark.parametrize("element", ["UPS-A", "B1", "PDU-A"])
def test_books_balance_when_things_fail_while_replicas_come_and_go(write_scenario: Write, element: str) -> None:
    scale = {"policy": "target_load", "target": 2, "down_after_s": 5, "every_s": 2, "start_s": 3.0}
    both = {"autoscale": scale, "admission": {"policy": "queue_limit", "most": 3}}
    faults = [
        {"at_s": at_s, "element": one, "action": act}
        for one in (element, "UPS-B")
        for at_s, act in ((30.0, "fail"), (60.0, "repair"))
    ]
    result = balanced(twin.run(scenario(write_scenario, {"chat": both, "large": both}, faults=faults)))
    assert result.summary["serving"]["requests_completed"] > 0
    hours = result.summary["scaling"]["chat"]
    total_h = sum(hours[f"{state}_h"] for state in ("awake", "draining", "loading", "asleep", "dark"))
    assert total_h == pytest.approx(48 * 120.0 / 3600.0)
    assert (hours["dark_h"] > 0.0) == (element in ("UPS-A", "PDU-A"))


def test_a_router_with_its_defaults_written_out_is_the_same_router(write_scenario: Write) -> None:
    plain = twin.run(scenario(write_scenario, {"chat": {"router": "power_aware"}}))
    spelt = {"router": {"name": "power_aware", "spread": 1, "spread_per_request": 0.125}}
    same = twin.run(scenario(write_scenario, {"chat": spelt}))
    wide = twin.run(scenario(write_scenario, {"chat": {"router": {"name": "power_aware", "spread": 9}}}))
    np.testing.assert_array_equal(plain.requests["replica"], same.requests["replica"])
    assert (plain.requests["replica"] != wide.requests["replica"]).any()


def test_a_run_with_policies_is_the_same_every_time(write_scenario: Write) -> None:
    scale = {"policy": "ttft", "limit_s": 0.2, "down_after_s": 5, "every_s": 2, "min": 1}
    path = scenario(write_scenario, {"chat": {"autoscale": scale}})
    first, again = twin.run(path), twin.run(path)
    timeless = [{**one.summary, "wall_s": 0, "cpu_s": 0} for one in (first, again)]
    assert timeless[0] == timeless[1]
    assert first.summary["scaling"]["chat"]["sleeps"] > 0


def test_parameters_can_be_set_from_outside(write_scenario: Write) -> None:
    path = scenario(write_scenario, {"chat": {"autoscale": STILL}})
    documents = load_documents(path)
    changed = documents.changed([parse_set("workloads.chat.autoscale.hours={0: 5}")])
    plan = build_hall(changed, path).served[0].scaling
    assert plan is not None
    assert plan.policy == Schedule({0.0: 5})
