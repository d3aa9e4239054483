"""Host time of an iteration: the preset of an engine release held against measured schedulers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.catalogue.engines import EnginePreset
from twin.catalogue.library import shipped_catalogue
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.tables import Table, read_table

ENGINE = "vllm_0_2"
FILES = {"A100": "llm_measured/vidur/cpu_overheads_a100.csv", "A40": "llm_measured/vidur/cpu_overheads_a40.csv"}
NOTES = {
    "A100": "fitted on these rows; 3.2 % leaving one model out",
    "A40": "no row fitted: the processor of that machine takes about twice as long, a preset knows none",
}
# Parts of an iteration that wait for the host, ms; the mean of Ray's time, for its median was not kept.
PARTS = (
    "schedule_median",
    "prepare_inputs_e2e_median",
    "sampler_e2e_median",
    "process_model_outputs_median",
    "ray_comm_time_mean",
)


def host_rows(table: Table) -> tuple[Array, Array, Array]:
    """Requests, accelerators of the model and measured host seconds of every row, shape (rows,)."""
    seconds = 1e-3 * np.sum([table.numbers(part) for part in PARTS], axis=0)
    return table.numbers("batch_size"), table.numbers("tensor_parallel_degree"), np.asarray(seconds)


def preset_s(preset: EnginePreset, n_requests: Array, n_chips: Array) -> Array:
    """Host seconds of iterations by a preset, shape of its arguments."""
    return preset.host_overhead_s + preset.host_per_seq_s * n_requests + preset.host_parallel_s * (n_chips > 1)


def _cases(data: Path) -> Iterator[Case]:
    preset = shipped_catalogue().find(ENGINE, EnginePreset, "validate")
    for machine, name in FILES.items():
        n_requests, n_chips, measured_s = host_rows(read_table(data / name))
        model_s = preset_s(preset, n_requests, n_chips)
        yield over_rows(f"host time {preset.name}, {machine} machine", model_s, measured_s, None, NOTES[machine])


GROUPS = (Group("host time of vLLM 0.2", tuple(FILES.values()), _cases),)
