"""Services in a hall: beside a language model, alone, capped, broken; and what is refused before a run begins."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from twin.errors import CatalogueError, DocumentError, TwinError
from twin.record.channels import HALL_NAMES
from twin.record.report import summary_lines
from twin.record.result import Result
from twin.sim.run import load_documents, simulate, start_live
from twin.sim.service import ServiceReplica

Write = Callable[..., Path]

PICTURES = {
    "id": "pictures",
    "service": "stable_diffusion_xl",
    "batching": {"max_batch": 4, "max_wait_s": 0.5},
    "arrivals": {"rate_per_s": 3.0},
    "replicas": {"count": 8, "on": ["dgx_h100"]},
    "slo": {"e2e_s": 8.0},
}
CHAT = {
    "id": "chat",
    "model": "llama-3.1-8b",
    "weights": "fp8",
    "generator": {"rate_per_s": 2.0},
    "replicas": {"count": 4, "on": ["dgx_h100"]},
}
CLASSIFY = {
    "id": "classify",
    "service": "resnet50",
    "batching": {"max_batch": 8, "max_wait_s": 0.002},
    "arrivals": {"process": "gamma", "rate_per_s": 300.0, "cv": 2.0},
    "replicas": {"count": 4, "on": ["atom_server"]},
}


@pytest.fixture
def vision(layouts_dir: Path) -> str:
    return str(layouts_dir / "vision_room.layout.json")


def simulated(path: Path, folder: Path | None = None) -> Result:
    result = simulate(load_documents(path), path, folder)
    serving, balance = result.summary["serving"], result.summary["balance"]
    ended = sum(serving[f"requests_{name}"] for name in ("completed", "rejected", "unfinished", "lost"))
    assert serving["requests_arrived"] == ended
    assert balance["requests_residual"] == 0
    assert abs(balance["energy_residual_frac"]) < 1e-9
    return result


def refusal(path: Path, kind: type[TwinError] = DocumentError) -> str:
    with pytest.raises(kind) as caught:
        start_live(load_documents(path), path)
    return str(caught.value)


def test_a_language_model_and_a_service_share_a_server(write_scenario: Write, tmp_path: Path) -> None:
    result = simulated(write_scenario(workloads=[CHAT, PICTURES]), tmp_path / "out")
    summary, pictures = result.summary, result.summary["services"]["pictures"]
    assert pictures["items"] > 300
    assert pictures["unit"] == "image"
    assert summary["serving"]["output_tokens"] > 0
    # Latencies of requests to the language model alone: pictures take seconds, its first tokens milliseconds.
    assert summary["serving"]["ttft_s"]["p99"] < 0.5
    assert pictures["e2e_s"]["p50"] > 2.0
    assert summary["j_per_item"] is None
    assert any("pictures included" in text for text in summary["warnings"])
    requests = pq.read_table(tmp_path / "out" / "requests.parquet").to_pydict()
    tokens = {n for n, of in zip(requests["output_tokens"], requests["workload"], strict=True) if of == "pictures"}
    assert tokens == {0}


def test_energy_per_image_lies_between_the_best_and_the_worst_measured_batch(write_scenario: Write) -> None:
    busy = {**PICTURES, "arrivals": {"rate_per_s": 60.0}}  # more than eight cards can draw: every batch is full
    pictures = simulated(write_scenario(workloads=[busy])).summary["services"]["pictures"]
    assert pictures["batch_mean"] > 3.5
    assert pictures["utilisation_frac"] > 0.95
    # ML.ENERGY v2, H100, batches of 4: 4.7213 s at 673.4 W.
    assert pictures["chip_j_per_item"] == pytest.approx(4.7213 * 673.4 / 4, rel=0.06)


def test_a_hall_with_services_alone_gives_frames_and_words(write_scenario: Write, vision: str) -> None:
    path = write_scenario(layout=vision, workloads=[CLASSIFY], hours=20.0 / 3600.0)
    run = start_live(load_documents(path), path)
    frames = [run.step() for _ in range(20)]
    values = dict(zip(HALL_NAMES, frames[-1].hall, strict=True))
    assert values["items_per_s"] == pytest.approx(300.0, rel=0.5)
    assert 0.0 < values["service_p50_s"] <= values["service_p99_s"] < 0.01
    assert values["output_tokens_per_s"] == 0.0
    assert math.isnan(values["ttft_p99_s"])
    assert 0.0 < values["utilisation_npu_frac"] < 1.0
    text = "\n".join(summary_lines(simulated(path).summary))
    assert "classify (resnet50)" in text
    assert "images/s" in text
    assert "energy per item" in text


def test_a_hall_without_services_has_no_items(write_scenario: Write) -> None:
    path = write_scenario()
    run = start_live(load_documents(path), path)
    values = dict(zip(HALL_NAMES, run.step().hall, strict=True))
    assert math.isnan(values["items_per_s"])
    assert math.isnan(values["service_p99_s"])
    assert simulated(path).summary["services"] == {}


def test_the_building_is_told_the_watts_of_the_table(write_scenario: Write, vision: str) -> None:
    """Chips of the hall: those that classify by the table, all others idle."""
    path = write_scenario(layout=vision, workloads=[CLASSIFY], hours=30.0 / 3600.0)
    summary = simulated(path).summary
    one = summary["services"]["classify"]
    idle_w = 92 * 19.0 + 64 * 1.37 + 8 * 68.0  # the other ATOM cards, Warboy cards, H100
    chips_j = summary["energy_kwh"]["accelerators"] * 3.6e6
    assert chips_j == pytest.approx((one["chips_w_mean"] + idle_w) * 30.0, rel=1e-9)


def test_a_power_cap_stretches_batches_and_lowers_watts(write_scenario: Write) -> None:
    busy = {**PICTURES, "arrivals": {"rate_per_s": 60.0}}
    free = simulated(write_scenario("free.yaml", workloads=[busy])).summary
    cap = {"kind": "power_cap", "element": "hall", "limit_w": 0.87 * free["power_w"]["it_mean"]}
    capped = simulated(write_scenario("capped.yaml", workloads=[busy], policies=[cap])).summary
    assert capped["power_w"]["it_mean"] == pytest.approx(cap["limit_w"], rel=0.02)
    rates = [summary["services"]["pictures"]["items_per_s"] for summary in (free, capped)]
    assert 0.6 * rates[0] < rates[1] < 0.95 * rates[0]


@pytest.mark.parametrize("on_failure", ["retry", "lose"])
def test_a_server_that_loses_power_gives_its_requests_back(write_scenario: Write, on_failure: str) -> None:
    faults = [
        {"at_s": 30.0, "element": "B1", "action": "fail"},
        {"at_s": 60.0, "element": "B1", "action": "repair"},
    ]
    spread = {**PICTURES, "replicas": {"count": 16, "on": ["dgx_h100"]}, "on_failure": on_failure}
    summary = simulated(write_scenario(workloads=[spread], faults=faults)).summary
    lost = summary["services"]["pictures"]["requests_lost"]
    assert lost == summary["serving"]["requests_lost"]
    assert (lost > 0) == (on_failure == "lose")


def test_the_same_story_is_told_twice_alike(write_scenario: Write, vision: str) -> None:
    path = write_scenario(layout=vision, workloads=[CLASSIFY], hours=10.0 / 3600.0)
    first, second = (simulated(path).summary for _ in range(2))
    assert first["services"] == second["services"]


def test_replicas_of_a_service_are_told_apart_by_the_slots_of_the_hall(write_scenario: Write) -> None:
    path = write_scenario(workloads=[CHAT, PICTURES])
    run = start_live(load_documents(path), path)
    units = [unit for served in run.hall.served for unit in served.workload.replicas]
    assert [unit.i_replica for unit in units if isinstance(unit, ServiceReplica)] == list(range(4, 12))
    free = np.bincount([site.i_server for served in run.hall.served for site in served.sites])
    assert free.sum() == 12


def test_the_example_room_serves_all_four_of_its_streams(layouts_dir: Path) -> None:
    path = layouts_dir / "scenarios" / "vision_room.yaml"
    summary = simulate(load_documents(path), path, hours=10.0 / 3600.0).summary
    assert summary["balance"]["requests_residual"] == 0
    assert abs(summary["balance"]["energy_residual_frac"]) < 1e-9
    services = summary["services"]
    assert set(services) == {"classify", "cameras", "pictures"}
    assert services["classify"]["batch_mean"] > 3.0
    assert services["cameras"]["batch_mean"] == 1.0
    assert services["cameras"]["e2e_s"]["p50"] >= 4.44e-3 * (1.0 - 1e-9)  # the network alone
    assert summary["serving"]["output_tokens"] > 0


# What is refused


def test_a_chip_without_a_table_is_refused_with_those_that_have_one(write_scenario: Write) -> None:
    said = refusal(write_scenario(workloads=[{**PICTURES, "replicas": {"on": ["l40s_server"]}}]), CatalogueError)
    assert "stable_diffusion_xl has no table of measured batches for nvidia_l40s" in said
    assert "nvidia_a100_sxm80, nvidia_h100_sxm" in said


def test_without_names_only_servers_with_a_table_are_taken(write_scenario: Write) -> None:
    path = write_scenario(workloads=[{**PICTURES, "replicas": {}}])
    run = start_live(load_documents(path), path)
    constants = run.hall.plant.compute.constants
    assert {constants[site.i_server].type for site in run.hall.served[0].sites} == {"dgx_h100"}


def test_a_batch_larger_than_measured_is_refused_with_both_numbers(write_scenario: Write) -> None:
    said = refusal(write_scenario(workloads=[{**PICTURES, "batching": {"max_batch": 32}}]))
    assert "max_batch 32, but stable_diffusion_xl on nvidia_h100_sxm was measured up to batch 16" in said


def test_more_replicas_than_chips_are_refused(write_scenario: Write) -> None:
    said = refusal(write_scenario(workloads=[{**PICTURES, "replicas": {"count": 17, "on": ["dgx_h100"]}}]))
    assert "17 of stable_diffusion_xl asked for, 16 fit" in said


def test_watts_above_the_design_power_are_refused(write_scenario: Write) -> None:
    sheets = {"stable_diffusion_xl": {"on": {"nvidia_h100_sxm": {"chip_w": {"8": 900.0}}}}}
    said = refusal(write_scenario(workloads=[PICTURES], sheets=sheets), CatalogueError)
    assert "900 W at batch 8 is outside 68 W (idle) to 700 W (design power)" in said


def test_a_language_model_is_no_service(write_scenario: Write) -> None:
    said = refusal(write_scenario(workloads=[{**PICTURES, "service": "llama-3.1-8b"}]), CatalogueError)
    assert "'llama-3.1-8b' is of kind model, service is needed" in said


def test_more_requests_than_memory_are_refused_before_they_are_drawn(write_scenario: Write) -> None:
    said = refusal(write_scenario(workloads=[{**PICTURES, "arrivals": {"rate_per_s": 1e6}}]))
    assert "120,000,000 requests" in said
