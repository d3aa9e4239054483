"""Mean power of DGX A100 while they serve (Splitwise): prompt and token phase together, by the laws of the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.errors import CatalogueError
from twin.physics.watts import serving_w
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.devices import peaks_of
from twin.validate.splitwise import BOXES, FILE, Box
from twin.validate.tables import Table, read_table

_IDLE_READING_W = 100.0  # three points of 8192 prompt tokens read 69 to 73 W: nobody was at work


@dataclass(frozen=True, slots=True)
class Points:
    """Medians of repeats; every array holds one value per point: fractions of both phases, seconds, measured watts."""

    memory_frac: tuple[Array, Array]
    compute_frac: tuple[Array, Array]
    seconds: tuple[Array, Array]
    watts: Array

    def mean_w(self, prompt_w: Array, token_w: Array) -> Array:
        """Mean power over both phases."""
        prompt_s, token_s = self.seconds
        return np.asarray((prompt_w * prompt_s + token_w * token_s) / (prompt_s + token_s))


def power_points(data: Path) -> Points:
    """The points of A100 whose power was measured and is that of a busy box."""
    hardware, device, link = BOXES[0]
    table, peaks = read_table(data / FILE), peaks_of(device)
    rows = table.where((table.words("hardware") == hardware) & (table.numbers("average_power") > 0.0))
    box, watts = Box(rows, hardware, peaks, link), 400.0 * _medians(rows)
    weights = 2.0 * (box.n_layers * box.layer_params + box.vocab * box.hidden) / box.shards
    context = box.batch * (box.prompt + 0.5 * box.output)
    moved = weights + context * 4.0 * box.n_layers * box.n_kv * 128.0 / box.shards
    flops = 2.0 * box.n_layers * box.layer_params * box.batch / box.shards
    keep = box.is_real & (watts > _IDLE_READING_W)
    bandwidth = peaks.mem_bw_bytes_s
    memory = (weights / box.prompt_s / bandwidth)[keep], (moved / box.token_s / bandwidth)[keep]
    compute = (box.flops / box.prompt_s / peaks.flops)[keep], (flops / box.token_s / peaks.flops)[keep]
    seconds = box.prompt_s[keep], (box.token_s * (box.output - 1.0))[keep]
    return Points(memory, compute, seconds, watts[keep])


def _medians(rows: Table) -> Array:
    """Median share of the design power per point, in the order of `Box`."""
    names, power = rows.words("model"), rows.numbers("average_power")
    shape = [rows.numbers(name) for name in ("tensor_parallel", "prompt_size", "batch_size", "token_size")]
    keys = sorted(set(zip(names.tolist(), *(column.tolist() for column in shape), strict=True)))
    same = [(names == k[0]) & np.all([c == v for c, v in zip(shape, k[1:], strict=True)], axis=0) for k in keys]
    return np.array([np.median(power[mask]) for mask in same])


def _cases(data: Path) -> Iterator[Case]:
    points = power_points(data)
    sheet = shipped_catalogue().find(BOXES[0][1], Accelerator, "validate")
    if sheet.watts is None or sheet.idle_w is None or sheet.tdp_w is None:
        raise CatalogueError("watts, idle_w or tdp_w is missing", f"{sheet.id}.yaml", "complete the sheet")
    limits = sheet.idle_w, sheet.tdp_w
    prompt_w, token_w = (
        np.asarray(serving_w(sheet.watts, limits, points.memory_frac[i], points.compute_frac[i], 0.0)) for i in (0, 1)
    )
    note = "fitted on these rows, 7.5 % leaving one of the two models out; three points that read idle power left out"
    case = over_rows("power DGX A100", points.mean_w(prompt_w, token_w) / 1e3, points.watts / 1e3, None, note)
    yield Case(case.name, case.measured, case.model, "W", case.error_frac, None, case.n_rows, note)


GROUPS = (Group("power of DGX A100", (FILE,), _cases),)
