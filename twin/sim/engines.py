"""The serving engine of a workload: a named release fills what the scenario leaves open and brings its host time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from twin.catalogue.engines import EnginePreset
from twin.catalogue.library import Catalogue
from twin.physics.chip import ChipLaw
from twin.scenario.model import Engine, Workload


def with_presets(workloads: Sequence[Workload], catalogue: Catalogue, where: str) -> list[Workload]:
    """The workloads, each with the limits of its engine's release where it gives none."""
    return [with_preset(one, catalogue, f"{where} workloads[{i}]") for i, one in enumerate(workloads)]


def with_preset(workload: Workload, catalogue: Catalogue, where: str) -> Workload:
    """The workload with the limits of its engine's release where it gives none; CatalogueError on an unknown name."""
    engine = workload.engine
    if engine.preset is None:
        return workload
    preset = catalogue.find(engine.preset, EnginePreset, f"{where} engine.preset")
    open_limits = {name: value for name, value in preset.limits().items() if name not in engine.model_fields_set}
    return workload.model_copy(update={"engine": engine.model_copy(update=open_limits)})


def with_host_time(chip: ChipLaw, engine: Engine, catalogue: Catalogue, n_chips: int) -> ChipLaw:
    """The chip with the host time of the engine's release, or its own where none is named."""
    if engine.preset is None:
        return chip
    return hosted(chip, catalogue.find(engine.preset, EnginePreset, "engine.preset"), n_chips)


def hosted(chip: ChipLaw, preset: EnginePreset, n_chips: int) -> ChipLaw:
    """The chip with the host time of a release for a model on n_chips."""
    return replace(chip, host_overhead_s=preset.host_s(n_chips), host_per_seq_s=preset.host_per_seq_s)
