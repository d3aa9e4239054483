"""A hall whose workload has a pool for prompts and one for answers: books, links, frames, faults and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import twin
from twin.errors import TwinError
from twin.record.channels import HALL_NAMES
from twin.sim.disaggregated import Disaggregated
from twin.sim.hall import build_hall
from twin.sim.kv_paths import Ports, rate_bytes_s
from twin.sim.requests import RequestState
from twin.sim.run import Run, load_documents, start_live

Write = Callable[..., Path]
KV_TOKEN_BYTES = 2 * 80 * 8 * 128  # Llama-3.1-70B at FP8


def apart(**parts: object) -> dict[str, object]:
    """Llama-3.1-70B with four replicas for prompts on one H100 server and four for answers on the other."""
    return {
        "id": "chat",
        "model": "llama-3.1-70b",
        "weights": "fp8",
        "kv": "fp8",
        "generator": {"rate_per_s": 10.0},
        "prefill": {"count": "all", "tensor_parallel": 2, "on": ["B1"]},
        "replicas": {"count": "all", "tensor_parallel": 2, "on": ["B2"]},
        **parts,
    }


def pools_of(run: Run) -> Disaggregated:
    (served,) = run.hall.served
    assert isinstance(served.workload, Disaggregated)
    return served.workload


def live(path: Path) -> Run:
    return start_live(load_documents(path), path)


def test_every_request_goes_through_both_pools_and_its_bytes_over_the_network(write_scenario: Write) -> None:
    result = twin.run(write_scenario(workloads=[apart()]))
    serving, requests = result.summary["serving"], result.requests
    sent = np.isfinite(requests["transfer_s"])
    assert serving["requests_completed"] > 900
    assert serving["kv_transferred_bytes"] == requests["prompt_tokens"][sent].sum() * KV_TOKEN_BYTES
    assert serving["kv_transfer_mean_s"] == pytest.approx(requests["transfer_s"][sent].mean())
    is_done = requests["state"] == "done"
    assert set(requests["replica"][is_done & sent]) == {4, 5, 6, 7}
    # At least the latency and the bytes over a replica's two of the eight 400 Gbit/s ports of its server.
    least_s = 1e-3 + requests["prompt_tokens"][sent] * KV_TOKEN_BYTES / (2 * 50e9)
    assert (requests["transfer_s"][sent] >= least_s * (1 - 1e-9)).all()
    assert requests["transfer_s"][sent].min() == pytest.approx(least_s.min(), rel=0.2)
    assert result.summary["balance"]["requests_residual"] == 0
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    assert 0.0 < serving["kv_link_busy_frac"] < 0.1
    assert serving["replicas"] == 8


def test_a_workload_on_one_pool_sends_nothing(write_scenario: Write) -> None:
    result = twin.run(write_scenario(hours=0.005))
    assert result.summary["serving"]["kv_transferred_bytes"] is None
    assert np.isnan(result.requests["transfer_s"]).all()


def test_answers_no_longer_wait_for_prompts(write_scenario: Write) -> None:
    """The same requests on the same eight replicas: time per output token varies less when prompts are elsewhere."""
    together = {**apart(), "replicas": {"count": "all", "tensor_parallel": 2, "on": ["dgx_h100"]}, "prefill": None}
    figures = [
        twin.run(write_scenario(workloads=[{**one, "generator": {"rate_per_s": 24.0}}])).summary["serving"]
        for one in (apart(), together)
    ]
    assert figures[0]["requests_arrived"] == figures[1]["requests_arrived"]
    assert figures[0]["tpot_s"]["p99"] < 0.8 * figures[1]["tpot_s"]["p99"]


def test_frames_count_every_request_once(write_scenario: Write) -> None:
    run = live(write_scenario(workloads=[apart(transfer={"bytes_s": 5e8}, generator={"rate_per_s": 20.0})]))
    requests = pools_of(run).requests
    most_queued = 0
    for _ in range(60):
        frame = run.step()
        shown = {name: float(frame.hall[HALL_NAMES.index(name)]) for name in ("requests_waiting", "requests_running")}
        assert shown["requests_waiting"] == requests.count(RequestState.WAITING)
        assert shown["requests_running"] == requests.count(RequestState.RUNNING)
        most_queued = max(most_queued, *(len(link.queue) for link in pools_of(run).links))
    assert most_queued > 2


def test_a_saturated_link_is_pointed_out(write_scenario: Write) -> None:
    result = twin.run(write_scenario(workloads=[apart(transfer={"bytes_s": 2e8}, generator={"rate_per_s": 20.0})]))
    assert result.summary["serving"]["kv_link_busy_frac"] > 0.9
    (warning,) = [text for text in result.summary["warnings"] if text.startswith("chat: ")]
    assert "4 of 4 prefill replicas" in warning
    assert [event.place for event in result.events if event.kind == "network.kv_saturated"] == ["chat"]


@pytest.mark.parametrize("rack", ["B1", "B2"])
@pytest.mark.parametrize("on_failure", ["retry", "lose"])
def test_no_request_is_forgotten_whichever_pool_loses_power(write_scenario: Write, rack: str, on_failure: str) -> None:
    faults = [
        {"at_s": 20.2, "element": rack, "action": "fail"},
        {"at_s": 31.7, "element": rack, "action": "repair"},
    ]
    workload = apart(on_failure=on_failure, transfer={"bytes_s": 2e9}, generator={"rate_per_s": 20.0})
    run = live(write_scenario(workloads=[workload], faults=faults))
    pools = pools_of(run)
    requests = pools.requests
    for _ in range(60):
        run.step()
        counts = {state: requests.count(state) for state in RequestState}
        assert sum(counts.values()) == len(requests)
        assert sum(pools.outstanding) + pools.n_held == counts[RequestState.WAITING] + counts[RequestState.RUNNING]
    assert (counts[RequestState.LOST] > 0) == (on_failure == "lose")
    assert (sum(requests.retries) > 0) == (on_failure == "retry")
    ended = [at_s for at_s in requests.finish_s if at_s > 35.0]
    assert len(ended) > 100


def test_prompts_for_gpus_and_answers_from_npus(write_scenario: Write) -> None:
    workload = apart(
        replicas={"count": "all", "tensor_parallel": 8, "on": ["nxt_rngd"]},
        router="prefix_aware",
        decode_router="least_kv",
    )
    run = live(write_scenario(workloads=[workload]))
    frames = [run.step() for _ in range(30)]
    busy = {name: frames[-1].hall[HALL_NAMES.index(f"utilisation_{name}_frac")] for name in ("gpu", "npu")}
    assert 0.0 < busy["gpu"] < 1.0
    assert 0.0 < busy["npu"] < 1.0
    assert all(min(pool.input_w) > 0.0 for pool in (pools_of(run).prefill, pools_of(run).decode))


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"prefill": {"count": "all", "tensor_parallel": 2, "on": ["nowhere"]}}, r"workloads\[0\] prefill .*'nowhere'"),
        ({"prefill": {"count": 9, "tensor_parallel": 2, "on": ["B1"]}}, r"prefill .*9 replicas .* 4 fit"),
        ({"decode_router": "nearest"}, r"workloads\[0\]\.decode_router"),
        ({"prefill": None, "transfer": {"bytes_s": 1e9}}, r"transfer goes with `prefill`"),
        ({"autoscale": {"policy": "target_load"}}, r"autoscale is not simulated with `prefill`"),
        ({"engine": {"prefix_cache": True}}, r"prefix_cache in `engine` has no meaning .* `prefill_engine`"),
        (
            {"prefill_engine": {"prefix_cache": True}},
            r"prefill_engine\.prefix_cache.*does not say which prompts begin alike",
        ),
        ({"transfer": {"bytes_s": 0.0}}, r"bytes_s"),
    ],
)
def test_what_cannot_be_served_so_is_refused(write_scenario: Write, parts: dict[str, object], says: str) -> None:
    path = write_scenario(workloads=[apart(**parts)])
    with pytest.raises(TwinError) as caught:
        build_hall(load_documents(path), path)
    assert re.search(says, str(caught.value).replace("\n", " ")), str(caught.value)


def test_a_server_without_a_port_rate_is_refused_unless_one_is_given(write_scenario: Write) -> None:
    sets = ("sheet:dgx_h100.nic_count=0", "hours=0.005")
    with pytest.raises(TwinError, match=r"workloads\[0\] transfer.*dgx_h100 lacks nic_bytes_s.*give transfer"):
        twin.run(write_scenario(workloads=[apart()]), sets=sets)
    assert twin.run(write_scenario(workloads=[apart(transfer={"bytes_s": 1e9})]), sets=sets).summary["serving"]
    inside = apart(
        prefill={"count": 2, "tensor_parallel": 2, "on": ["B1"]},
        replicas={"count": 2, "tensor_parallel": 2, "on": ["B1"]},
    )
    assert twin.run(write_scenario(workloads=[inside]), sets=sets).summary["serving"]["kv_transferred_bytes"] > 0


def test_admission_stands_before_the_pool_for_prompts(write_scenario: Write) -> None:
    door = {"policy": "queue_limit", "most": 1}
    serving = twin.run(write_scenario(workloads=[apart(admission=door, generator={"rate_per_s": 40.0})])).summary[
        "serving"
    ]
    assert 0 < serving["requests_refused"] == serving["requests_rejected"] < serving["requests_arrived"]


def test_the_slower_end_of_a_path_decides() -> None:
    fast, slow, sister = Ports(0, 100e9, 900e9), Ports(1, 25e9, 60e9), Ports(0, 50e9, 450e9)
    assert rate_bytes_s(fast, slow) == rate_bytes_s(slow, fast) == 25e9
    assert rate_bytes_s(fast, sister) == 450e9


def test_a_run_is_the_same_twice(write_scenario: Write) -> None:
    faults = [{"at_s": 9.3, "element": "B2"}, {"at_s": 15.0, "element": "B2", "action": "repair"}]
    path = write_scenario(workloads=[apart()], faults=faults, hours=0.01)
    first, second = twin.run(path), twin.run(path)
    for name, values in first.requests.items():
        np.testing.assert_array_equal(values, second.requests[name])


def test_answers_from_computing_memory_are_booked_by_mapping(write_scenario: Write, layouts_dir: Path) -> None:
    """Prompts on plain NPUs, answers where the memory attends; the rack of the answers fails on the way."""
    one = {"count": 6, "tensor_parallel": 1}
    workload = apart(
        model="llama-3.1-8b",
        prefill={**one, "on": ["R2"], "pim_mapping": "none"},
        replicas={**one, "on": ["R1"], "pim_mapping": "attention"},
        generator={"rate_per_s": 20.0},
    )
    faults = [{"at_s": 20.0, "element": "R1-01"}, {"at_s": 23.0, "element": "R1-01", "action": "repair"}]
    layout = str(layouts_dir / "npu_pim_hall_2028.layout.json")
    result = twin.run(write_scenario(workloads=[workload], layout=layout, faults=faults, hours=0.015))
    figures, requests = result.summary["pim"]["chat"], result.requests
    assert figures["replicas"] == 12
    assert figures["candidates"] == "none, attention"
    assert figures["busy_frac"]["pim"] > 0.0
    decoded = int(result.summary["serving"]["output_tokens"])
    assert 0 < figures["mapping_iterations"]["attention"] < decoded
    # An iteration takes at most 2048 prompt tokens, and no prompt is spread over more than one iteration too many.
    most = ((-(-requests["prompt_tokens"] // 2048) + 1) * (1 + requests["retries"])).sum()
    assert result.summary["serving"]["prompt_tokens"] / 2048 <= figures["mapping_iterations"]["none"] <= most
    assert requests["retries"].sum() > 0
    assert result.summary["balance"]["requests_residual"] == 0
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
