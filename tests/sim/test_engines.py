"""A release of an engine brings its host time and its limits; what the scenario says itself stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from twin.catalogue.engines import EnginePreset
from twin.catalogue.library import shipped_catalogue
from twin.errors import TwinError
from twin.sim.hall import Hall, build_hall
from twin.sim.run import load_documents
from twin.validate.host import FILES, host_rows, preset_s
from twin.validate.tables import read_table

Write = Callable[..., Path]


def hall_with(write: Write, engine: dict[str, object], tensor_parallel: int = 1) -> Hall:
    work = {
        "id": "w",
        "model": "llama-3.1-8b",
        "weights": "fp8",
        "kv": "fp8",
        "generator": {"rate_per_s": 1.0},
        "replicas": {"count": 2, "tensor_parallel": tensor_parallel, "on": ["dgx_h100"]},
        "engine": engine,
    }
    path = write(workloads=[work])
    return build_hall(load_documents(path), path)


def test_without_a_preset_the_sheet_of_the_accelerator_says_the_host_time(write_scenario: Write) -> None:
    law = hall_with(write_scenario, {}).served[0].sites[0].law
    assert (law.host_s, law.host_per_seq_s) == (1.5e-3, 20e-6)


def test_a_preset_replaces_the_host_time_of_the_sheet(write_scenario: Write) -> None:
    law = hall_with(write_scenario, {"preset": "vllm_0_19"}).served[0].sites[0].law
    assert (law.host_s, law.host_per_seq_s) == (1.1e-3, 0.5e-6)


def test_the_old_engine_talks_to_the_workers_of_a_model_on_several_accelerators(write_scenario: Write) -> None:
    alone, shared = (hall_with(write_scenario, {"preset": "vllm_0_2"}, n).served[0].sites[0].law for n in (1, 2))
    assert shared.host_s - alone.host_s == pytest.approx(6.65e-3)


def test_a_preset_fills_limits_that_are_not_given_and_no_others(write_scenario: Write, tmp_path: Path) -> None:
    served = hall_with(write_scenario, {"preset": "vllm_0_2", "max_batch": 32}).served[0]
    assert served.sites[0].config.max_batch == 32
    assert served.spec.engine.memory_frac == 0.9
    assert served.spec.engine.max_batch_tokens == 2048  # the sheet gives none: the scenario's own default


def test_an_unknown_preset_is_refused_with_those_that_are_near(write_scenario: Write) -> None:
    with pytest.raises(TwinError, match=r"workloads\[0\] engine.preset: unknown .* mean vllm_0_19"):
        hall_with(write_scenario, {"preset": "vllm_0_18"})


def test_the_preset_of_vllm_0_2_meets_the_rows_it_was_fitted_on(data_dir: Path) -> None:
    preset = shipped_catalogue().find("vllm_0_2", EnginePreset)
    errors = {}
    for machine, name in FILES.items():
        n_requests, n_chips, measured_s = host_rows(read_table(data_dir / name))
        errors[machine] = float(abs(preset_s(preset, n_requests, n_chips) / measured_s - 1.0).mean())
    assert errors["A100"] == pytest.approx(0.024, abs=0.002)
    assert errors["A40"] == pytest.approx(0.396, abs=0.01)  # as its sheet says
