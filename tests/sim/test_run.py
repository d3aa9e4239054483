"""A whole run of the small room: nothing is lost, nothing is made, and the same story is told twice alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import twin
from twin.record.channels import HALL_NAMES
from twin.record.result import Result
from twin.sim.run import load_documents, start_live, start_run

Write = Callable[..., Path]
J_PER_KWH = 3.6e6


def numbers(tree: object) -> Iterator[float]:
    """All numbers in a tree of mappings and lists."""
    if isinstance(tree, dict):
        for value in tree.values():
            yield from numbers(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from numbers(value)
    elif isinstance(tree, (int, float)):
        yield float(tree)


def balanced(result: Result) -> Result:
    """The result, once its books are checked."""
    serving, balance = result.summary["serving"], result.summary["balance"]
    ended = sum(serving[f"requests_{name}"] for name in ("completed", "rejected", "unfinished", "lost"))
    assert serving["requests_arrived"] == ended
    assert balance["requests_residual"] == 0
    assert abs(balance["energy_residual_frac"]) < 1e-9
    energy = result.summary["energy_kwh"]
    assert energy["facility"] == pytest.approx(energy["it"] + energy["power_losses"] + energy["cooling"], rel=1e-9)
    assert energy["accelerators"] + energy["network"] < energy["it"]
    return result


def timeless(summary: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in summary.items() if key not in ("wall_s", "cpu_s")}


PROMISED = {
    "": {"simulated_s", "wall_s", "cpu_s", "seed", "serving", "power_w", "energy_kwh", "pue", "j_per_output_token",
         "water_l", "carbon_kg", "cost", "thermal", "balance", "warnings"},
    "serving": {"requests_arrived", "requests_completed", "requests_rejected", "requests_unfinished", "prompt_tokens",
                "output_tokens", "output_tokens_per_s", "preemptions", "slo_attained_frac", "ttft_s", "tpot_s",
                "e2e_s"},
    "power_w": {"it_mean", "it_peak", "facility_mean", "facility_peak"},
    "energy_kwh": {"it", "facility", "accelerators", "power_losses", "cooling"},
    "cost": {"currency", "energy"},
    "thermal": {"inlet_c_max", "inlet_c_mean"},
    "balance": {"energy_residual_frac", "requests_residual"},
}  # fmt: skip
ADDED = {
    "": {"pue_category", "services", "j_per_item", "devices", "band", "pue_by_category", "pue_unmetered_frac", "itue",
         "tue", "cue_kg_per_kwh", "wue_l_per_kwh", "power_path", "carbon", "air"},
    "serving": {"requests_lost", "replicas", "prefix_hit_frac", "requests_refused", "slo", "kv_transferred_bytes",
                "kv_transfer_mean_s", "kv_link_busy_frac", "kv_tokens"},
    "energy_kwh": {"network", "utility", "generator", "stored"},
    "cost": {"demand", "total", "demand_is_prorated", "by_period", "demand_by_month", "notes"},
}  # fmt: skip


def test_the_summary_has_the_promised_keys_and_no_number_is_odd(write_scenario: Write) -> None:
    summary = balanced(twin.run(write_scenario())).summary
    for part, keys in PROMISED.items():
        found = set(summary[part] if part else summary)
        assert found == keys | ADDED.get(part, set()), part or "top level"
    for name in ("ttft_s", "tpot_s", "e2e_s"):
        assert list(summary["serving"][name]) == ["mean", "p50", "p90", "p95", "p99"]
        spread = summary["serving"][name]
        assert 0.0 < spread["p50"] <= spread["p90"] <= spread["p95"] <= spread["p99"]
    assert all(math.isfinite(number) for number in numbers(summary))
    assert summary["simulated_s"] == pytest.approx(120.0)
    assert 1.0 < summary["pue"] < 10.0


def test_a_run_without_any_answer_has_nulls_where_there_is_nothing_to_average(write_scenario: Write) -> None:
    result = balanced(twin.run(write_scenario(), hours=0.01 / 3600.0))
    assert result.summary["serving"]["requests_completed"] == 0
    assert result.summary["serving"]["e2e_s"]["p99"] is None
    assert result.summary["j_per_output_token"] is None
    assert all(math.isfinite(number) for number in numbers(result.summary))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(write_scenario: Write, tmp_path: Path) -> None:
    path = write_scenario(faults=[{"at_s": 40, "element": "CRAH-1"}, {"at_s": 50.5, "element": "B1"}])
    once, again = twin.run(path, tmp_path / "a"), twin.run(path, tmp_path / "b")
    other = twin.run(path, tmp_path / "c", seed=4)
    names = sorted(p.name for p in (tmp_path / "a").glob("*.parquet"))
    assert names == ["events.parquet", "power.parquet", "racks.parquet", "requests.parquet", "telemetry.parquet"]
    for name in (*names, "run.json", "scenario.json", "layout.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert timeless(once.summary) == timeless(again.summary)
    assert other.summary["seed"] == 4
    assert (tmp_path / "a/requests.parquet").read_bytes() != (tmp_path / "c/requests.parquet").read_bytes()


def test_a_result_read_back_is_the_result_that_was_written(write_scenario: Write, tmp_path: Path) -> None:
    written = twin.run(write_scenario(), tmp_path / "out", sets=("hours=0.005",))
    read = twin.open_result(tmp_path / "out")
    in_memory = twin.run(write_scenario(), hours=0.005)
    assert read.summary == written.summary
    assert timeless(read.summary) == timeless(in_memory.summary)
    for name in HALL_NAMES:
        np.testing.assert_array_equal(read[name], in_memory[name], err_msg=name)
    assert list((tmp_path / "out").glob(".*")) == []


def test_a_fault_later_on_changes_neither_the_arrivals_nor_what_was_before(write_scenario: Write) -> None:
    calm = twin.run(write_scenario())
    hurt = balanced(twin.run(write_scenario(faults=[{"at_s": 60, "element": "B1"}])))
    for name in ("arrival_s", "prompt_tokens", "output_tokens", "workload"):
        np.testing.assert_array_equal(calm.requests[name], hurt.requests[name])
    before = calm.time_s <= 60.0
    for name in HALL_NAMES:
        np.testing.assert_array_equal(calm[name][before], hurt[name][before], err_msg=name)
    assert calm["it_w"][-1] != hurt["it_w"][-1]


def test_another_workload_changes_no_arrivals_of_the_first_even_where_names_begin_alike(write_scenario: Write) -> None:
    path = write_scenario()
    documents = load_documents(path)
    chat, large = documents.scenario["workloads"]
    alone = twin.run(write_scenario(workloads=[{**chat, "id": "chat-room-1"}]), hours=0.01)
    small = {"count": 4, "tensor_parallel": 1, "on": ["l40s_server"]}
    both = [{**chat, "id": "chat-room-1", "replicas": small}, {**chat, "id": "chat-room-2", "replicas": small}, large]
    together = twin.run(write_scenario(workloads=both), hours=0.01)
    of_first = together.requests["workload"] == "chat-room-1"
    of_second = together.requests["workload"] == "chat-room-2"
    np.testing.assert_array_equal(alone.requests["arrival_s"], together.requests["arrival_s"][of_first])
    assert (
        together.requests["arrival_s"][of_first][:5].tolist() != together.requests["arrival_s"][of_second][:5].tolist()
    )


def test_energy_does_not_depend_on_the_pulse(write_scenario: Write) -> None:
    fine, coarse = (balanced(twin.run(write_scenario(pulse_s=pulse_s), hours=0.05)) for pulse_s in (0.1, 15.0))
    assert fine.summary["energy_kwh"]["it"] == pytest.approx(coarse.summary["energy_kwh"]["it"], rel=1e-9)
    assert fine.summary["energy_kwh"]["facility"] == pytest.approx(coarse.summary["energy_kwh"]["facility"], rel=1e-4)
    assert fine.summary["serving"] == coarse.summary["serving"]


@pytest.mark.parametrize("every_s", [None, 7.0])
def test_the_telemetry_integrates_to_the_summary(write_scenario: Write, every_s: float | None) -> None:
    faults = [{"at_s": 30.25, "element": "B2"}, {"at_s": 60.5, "element": "B2", "action": "repair"}]
    result = balanced(twin.run(write_scenario(faults=faults, record={"every_s": every_s}, pulse_s=1.5)))
    dt_s = np.diff(result.time_s, prepend=0.0)
    energy = result.summary["energy_kwh"]
    channels = {"it": "it_w", "facility": "facility_w", "accelerators": "accelerators_w", "power_losses": "loss_w",
                "cooling": "cooling_w", "network": "network_w"}  # fmt: skip
    for key, channel in channels.items():
        assert (result[channel] * dt_s).sum() / J_PER_KWH == pytest.approx(energy[key], rel=1e-9), key
    hours = dt_s / 3600.0
    assert (result["cost_per_h"] * hours).sum() == pytest.approx(result.summary["cost"]["energy"], rel=1e-9)
    assert (result["carbon_kg_per_h"] * hours).sum() == pytest.approx(result.summary["carbon_kg"], rel=1e-9)
    assert (result["water_l_per_h"] * hours).sum() == pytest.approx(result.summary["water_l"], rel=1e-9)
    output = (result["output_tokens_per_s"] * dt_s).sum()
    assert output == pytest.approx(result.summary["serving"]["output_tokens"], rel=1e-9)
    completed = (result["requests_completed_per_s"] * dt_s).sum()
    assert completed == pytest.approx(result.summary["serving"]["requests_completed"], abs=1e-6)


def test_a_flat_price_and_carbon_follow_the_energy(write_scenario: Write) -> None:
    summary = twin.run(write_scenario()).summary
    facility_kwh = summary["energy_kwh"]["facility"]
    assert summary["cost"]["currency"] == "KRW"
    assert summary["cost"]["energy"] == pytest.approx(180.0 * facility_kwh, rel=1e-9)
    assert summary["cost"]["total"] == summary["cost"]["energy"]  # a flat price has none for demand
    assert summary["carbon_kg"] == pytest.approx(0.4 * facility_kwh, rel=1e-9)


def test_the_racks_together_are_the_it_load_and_the_throughput(write_scenario: Write) -> None:
    result = twin.run(write_scenario(faults=[{"at_s": 10.5, "element": "B1"}]), hours=0.01)
    racks = [result.rack(name) for name in result.racks]
    assert len(racks) == 10
    # Racks are recorded in single precision.
    np.testing.assert_allclose(sum(rack["power_w"] for rack in racks), result["it_w"], rtol=1e-6)
    together = sum(rack["output_tokens_per_s"] for rack in racks)
    np.testing.assert_allclose(together, result["output_tokens_per_s"], rtol=1e-5, atol=1e-3)


def test_pulse_by_pulse_is_the_run_that_simulate_makes(write_scenario: Write) -> None:
    faults = [{"at_s": 20, "element": "B1"}, {"at_s": 31.5, "element": "B1", "action": "repair"}]
    path = write_scenario(faults=faults, hours=0.02)
    whole = twin.run(path)
    live = start_live(load_documents(path), path)
    frames = []
    while not live.is_done:
        frames.append(live.step())
    np.testing.assert_array_equal([frame.time_s for frame in frames], whole.time_s)
    for i, name in enumerate(HALL_NAMES):
        np.testing.assert_array_equal([frame.hall[i] for frame in frames], whole[name], err_msg=name)


def test_a_fault_by_hand_is_the_fault_of_the_scenario(write_scenario: Write) -> None:
    told = write_scenario(
        "told.yaml", hours=0.02, faults=[{"at_s": 20, "element": "CRAH-1"}, {"at_s": 30, "element": "B1"}]
    )
    silent = write_scenario("silent.yaml", hours=0.02)
    runs = [start_run(load_documents(path), path) for path in (told, silent)]
    for k in range(72):
        if k == 20:
            runs[1].fail("CRAH-1")
        if k == 30:
            runs[1].fail("B1")
        first, second = (run.step() for run in runs)
        np.testing.assert_array_equal(first.hall, second.hall)
        np.testing.assert_array_equal(first.racks, second.racks)
    results = [run.finish(path) for run, path in zip(runs, (told, silent), strict=True)]
    assert results[0].events == results[1].events


def test_peaks_and_means_take_in_every_part_of_a_split_pulse(write_scenario: Write) -> None:
    """Everything goes dark in the middle of a single pulse: the load before it must be seen."""
    faults = [{"at_s": 30, "element": name} for name in ("PDU-A", "PDU-B")]
    summary = balanced(twin.run(write_scenario(faults=faults, pulse_s=60.0), hours=60.0 / 3600.0)).summary
    assert summary["power_w"]["it_peak"] > 1.5 * summary["power_w"]["it_mean"]
    assert 10.0 < summary["thermal"]["inlet_c_mean"] <= summary["thermal"]["inlet_c_max"] < 60.0


def test_the_whole_azure_trace_arrives_and_is_served(repo_dir: Path, data_dir: Path, tmp_path: Path) -> None:
    """AzureLLMInferenceTrace_conv.csv of Azure/AzurePublicDataset has 19,366 rows."""
    from twin.cli import main

    scenario = repo_dir / "layouts/scenarios/small_room_chat.yaml"
    trace = data_dir / "llm/azure2023_conv.csv.gz"
    assert main(["run", "--no-band", str(scenario), "--trace", str(trace), "--json", "-o", str(tmp_path / "out")]) == 0
    result = balanced(twin.open_result(tmp_path / "out"))
    assert result.summary["serving"]["requests_arrived"] == 19366
    (counts,) = result.run["traces"].values()
    assert counts["rows_read"] == counts["kept"] + sum(counts["dropped"].values()) == 19366
    assert len(result.requests["arrival_s"]) == 19366
    assert result.summary["simulated_s"] > result.requests["arrival_s"][-1]


def test_the_cache_of_a_replica_is_told_and_may_be_set(write_scenario: Write) -> None:
    path = write_scenario()
    told = twin.run(path).summary["serving"]["kv_tokens"]
    assert set(told) == {"chat", "large"}
    workloads = load_documents(path).scenario["workloads"]
    workloads[0]["engine"] = {"kv_blocks": 3000}
    assert twin.run(write_scenario(workloads=workloads)).summary["serving"]["kv_tokens"] == {**told, "chat": [48_000]}
