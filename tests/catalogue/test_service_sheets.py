"""Sheets of services: every table has its own source, agrees with its chip, and holds what was published."""

from __future__ import annotations

from itertools import pairwise

import pytest

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import sheet_from, shipped_catalogue
from twin.catalogue.service import InferenceService
from twin.errors import DocumentError
from twin.physics.service import by_batch

CATALOGUE = shipped_catalogue()
SERVICES = [device.id for device in CATALOGUE.of_kind(InferenceService)]

# Samples per second that the same MLPerf submission reached with overlapped batches (offline scenario); v3.0 ATOM and
# A100, v2.0 Warboy. One batch at a time cannot be faster.
OFFLINE_PER_S = {
    ("resnet50", "rebellions_atom"): 7245.87,
    ("resnet50", "furiosa_warboy"): 2758.44,
    ("resnet50", "nvidia_a100_sxm80"): 42379.3,
    ("resnet50", "nvidia_t4"): 6121.33,
    ("bert_large", "nvidia_t4"): 427.452,
    ("ssd_mobilenet", "furiosa_warboy"): 8762.15,
    ("ssd_resnet34", "furiosa_warboy"): 79.9162,
    ("bert_large", "nvidia_a100_sxm80"): 3590.46,
}


def service(key: str) -> InferenceService:
    return CATALOGUE.find(key, InferenceService)


def tree(**changes: object) -> dict[str, object]:
    on = {"nvidia_t4": {"precision": "int8", "latency_s": {1: 0.001, 4: 0.003}, "chip_w": {1: 40.0, 4: 60.0}}}
    source = {"source": "measured here", "confidence": "medium"}
    return {"format": "twin-device", "version": 1, "id": "toy", "kind": "service", "name": "Toy", "maker": "nobody",
            "unit": "image", "on": on, "provenance": {"on.nvidia_t4": source}, **changes}  # fmt: skip


def test_the_promised_services_are_there() -> None:
    assert {"resnet50", "bert_large", "ssd_mobilenet", "yolov5m", "stable_diffusion_xl", "flux.1_dev"} <= set(SERVICES)


@pytest.mark.parametrize("key", SERVICES)
def test_every_table_belongs_to_a_chip_and_stays_within_its_watts(key: str) -> None:
    for name, table in service(key).on.items():
        chip = CATALOGUE.find(name, Accelerator)
        assert chip.idle_w is not None
        assert chip.tdp_w is not None
        assert all(chip.idle_w < watts <= chip.tdp_w for watts in table.chip_w.values()), name


@pytest.mark.parametrize("key", SERVICES)
def test_larger_batches_are_answered_at_a_higher_rate_or_at_the_same(key: str) -> None:
    for name, table in service(key).on.items():
        rates = [size / seconds for size, seconds in sorted(table.latency_s.items())]
        # Image and video generation fills a GPU with one prompt; the rate may fall by some percent.
        assert all(later > 0.9 * first for first, later in pairwise(rates)), name


@pytest.mark.parametrize(("key", "chip"), OFFLINE_PER_S)
def test_one_batch_at_a_time_is_no_faster_than_the_offline_run(key: str, chip: str) -> None:
    table = service(key).on[chip]
    best = max(size / seconds for size, seconds in table.latency_s.items())
    assert 0.45 * OFFLINE_PER_S[key, chip] < best <= OFFLINE_PER_S[key, chip] * (1 + 1e-6)


@pytest.mark.parametrize(
    ("key", "batch", "per_gpu_s"),
    [("resnet50", 128, 300_025.72 / 8), ("bert_large", 48, 25_402.73 / 8)],
)
def test_a_batch_between_the_measured_ones_has_the_rate_of_a_server_run(key: str, batch: int, per_gpu_s: float) -> None:
    """Batch sizes that no table holds, against queries per second of another submission that used them.

    MLPerf Inference v3.0 closed, NVIDIA DGX A100 with 8 A100-SXM-80GB, server scenario: batch sizes of its
    configuration, completed samples per second of its log. Measured as busy as its latency limit allows.
    """
    latency_s = by_batch(service(key).on["nvidia_a100_sxm80"].latency_s, batch)[batch]
    assert batch / latency_s == pytest.approx(per_gpu_s, rel=0.05)


def test_resnet50_holds_the_published_latencies() -> None:
    on = service("resnet50").on
    assert on["rebellions_atom"].latency_s == {1: 0.236624e-3, 8: 1.272565e-3}
    assert on["furiosa_warboy"].latency_s == {1: 0.711853e-3, 8: 3.910937e-3}


@pytest.mark.parametrize("key", SERVICES)
def test_watts_nobody_measured_say_so(key: str) -> None:
    sheet = service(key)
    for name in sheet.on:
        is_mlperf = "ML.ENERGY" not in sheet.provenance[f"on.{name}.latency_s"].source
        assert sheet.provenance[f"on.{name}.chip_w"].estimate == is_mlperf


def test_a_table_needs_a_source_of_its_own() -> None:
    anywhere = {"*": {"source": "a page", "confidence": "low"}}
    with pytest.raises(DocumentError, match=r"no source for on\.nvidia_t4\.latency_s, on\.nvidia_t4\.chip_w"):
        sheet_from(tree(provenance=anywhere), "toy.yaml")


def test_a_source_for_a_chip_without_a_table_is_refused() -> None:
    source = {"source": "a page", "confidence": "low"}
    with pytest.raises(DocumentError, match=r"a source for on\.nvidia_t5, which is no field"):
        sheet_from(tree(provenance={"on.nvidia_t4": source, "on.nvidia_t5": source}), "toy.yaml")


def test_seconds_and_watts_must_be_of_the_same_batches() -> None:
    on = {"nvidia_t4": {"precision": "int8", "latency_s": {1: 0.001, 4: 0.003}, "chip_w": {1: 40.0}}}
    with pytest.raises(DocumentError, match="latency_s has batches 1, 4, chip_w has 1"):
        sheet_from(tree(on=on), "toy.yaml")
