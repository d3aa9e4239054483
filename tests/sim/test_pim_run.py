"""Whole runs of halls with computing memory: which mapping ran, how long each unit was busy, and the books."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import twin
from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.errors import DocumentError
from twin.physics.llm import ModelShape
from twin.record.pim_lines import pim_rows
from twin.scenario.model import Engine, Replicas
from twin.sim.pim_sites import law_on
from twin.sim.placement import chip_law

Write = Callable[..., Path]
SETS = ("air=mixed", "hours=0.01", "workloads.0.generator.rate_per_s=20", "workloads.1.generator.rate_per_s=20")


@pytest.fixture
def hall(layouts_dir: Path) -> Path:
    return layouts_dir / "scenarios" / "npu_pim_hall_2028_chat.yaml"


def test_the_example_says_which_mapping_ran_and_how_long_each_unit_was_busy(hall: Path) -> None:
    result = twin.run(hall, sets=SETS)
    summary = result.summary
    assert summary["balance"]["requests_residual"] == 0
    assert abs(summary["balance"]["energy_residual_frac"]) < 1e-9
    helped, alone = summary["pim"]["chat-pim"], summary["pim"]["chat-npu"]
    assert set(alone["mapping_s"]) == {"none"}
    assert alone["busy_frac"]["pim"] == 0.0
    assert sum(alone["pim_energy_j"].values()) == 0.0
    assert helped["mapping_s"]["attention"] > helped["mapping_s"]["none"]
    assert 0.0 < helped["busy_frac"]["link"] < helped["busy_frac"]["pim"] < helped["busy_frac"]["npu"] < 1.0
    assert helped["pim_energy_j"]["cell"] == pytest.approx(4.0 * helped["pim_energy_j"]["activate"])
    used = result["utilisation_npu_pim_frac"]
    assert np.all(used[np.isfinite(used)] <= 1.0)
    assert used[-1] > 0.1
    text = dict(pim_rows(summary["pim"]))
    assert "attention in memory" in text["mapping chat-pim"]
    assert "NPU alone" in text["mapping chat-npu"]


def test_what_the_sheet_says_runs_unless_the_scenario_says_otherwise(hall: Path) -> None:
    result = twin.run(hall, sets=(*SETS, "workloads.1.replicas.pim_mapping=auto"))
    assert result.summary["pim"]["chat-npu"]["candidates"] == "attention"


def test_a_mapping_the_device_does_not_have_is_refused_with_those_it_has(hall: Path, write_scenario: Write) -> None:
    with pytest.raises(DocumentError, match=r"rngd_aimx cannot run pim_mapping pim_only.*it knows attention"):
        twin.run(hall, sets=(*SETS, "workloads.0.replicas.pim_mapping=pim_only"))
    with pytest.raises(DocumentError, match="nvidia_l40s has no computing memory for pim_mapping dynamic"):
        twin.run(write_scenario(), sets=("workloads.0.replicas.pim_mapping=dynamic",))


def test_halls_without_computing_memory_say_nothing_of_it(write_scenario: Write) -> None:
    assert "pim" not in twin.run(write_scenario(), hours=0.002).summary


@pytest.mark.parametrize(
    ("n_layers", "hidden", "context", "choice", "published_s"),
    [
        (48, 1600, 192, "auto", 3.8e-3),
        (54, 1920, 160, "auto", 5.7e-3),
        (48, 1600, 192, "none", 15.5e-3),
    ],
)
def test_the_ianus_sheet_gives_the_published_times_per_token(
    n_layers: int, hidden: int, context: int, choice: str, published_s: float
) -> None:
    """GPT-2 XL and 2.5B at batch 1, with products in memory and over the bus: IANUS, arXiv 2410.15008."""
    shape = ModelShape(
        n_layers, hidden, hidden // 64, hidden // 64, 64, hidden * 8 // 3, 50257, 2.0, 2.0, is_embedding_tied=True
    )
    device = shipped_catalogue().find("ianus_prototype", Accelerator)
    spec = Replicas.model_validate({"pim_mapping": choice})
    law = law_on(device, shape, chip_law(device, "bf16", ""), spec, Engine())
    mapping, time_s, _, _ = law.iteration_work(0, 0.0, 1, context)  # type: ignore[attr-defined]
    assert mapping == ("none" if choice == "none" else "fc")
    assert time_s - law.host_s - law.host_per_seq_s == pytest.approx(published_s, rel=0.15)
