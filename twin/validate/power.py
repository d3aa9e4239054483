"""Watts and joules per token of language models on H100 (ML.ENERGY), leaving whole models out of the fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.physics.fit import fitted
from twin.physics.watts import WattsLaw, serving_w
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.devices import peaks_of
from twin.validate.tables import Table, read_table

POWER_BOUND_FRAC, ENERGY_BOUND_FRAC = 0.08, 0.10
FILE = "llm_measured/mlenergy/llm_configurations.csv"
LIMITS_W = (68.0, 700.0)
FIRST = WattsLaw(100.0, 200.0, 300.0, 0.4, 30.0)
BYTES_PER_WEIGHT = {"bfloat16": 2.0, "fp8": 1.0, "mxfp4": 0.55}
# Part of a model's name -> routed experts per layer, experts a token visits.
EXPERTS = {
    "235B": (128, 8),
    "30B-A3B": (128, 8),
    "Scout": (16, 1),
    "Maverick": (128, 1),
    "oss-120b": (128, 4),
    "oss-20b": (32, 4),
}
# Why the mixtures of experts are missed.
MIXTURE_NOTE = (
    "mixtures of experts draw watts their achieved fractions do not tell: FP8 rows of Qwen3-235B 490 W at 2 % of the "
    "arithmetic, Llama 4 Maverick 230 W at the same"
)


class Rows:
    """Configurations of the leaderboard; one value per row."""

    def __init__(self, table: Table) -> None:
        number = table.numbers
        self.models = table.words("model_id")
        self.n_chips, self.watts = number("num_gpus"), number("w_gpu")
        self.tokens_s, self.joules_per_token = (
            number("output_throughput_tokens_per_sec"),
            number("energy_per_token_joules"),
        )
        peaks = peaks_of("nvidia_h100_sxm")
        active, total, batch = (
            number("activated_params_billions"),
            number("total_params_billions"),
            number("avg_batch_size"),
        )
        width = np.array([BYTES_PER_WEIGHT[word] for word in table.words("weight_precision")])
        experts = np.array([_experts(model) for model in self.models])
        self.is_dense = experts[:, 0] == 1
        read = 1.0 - (1.0 - experts[:, 1] / experts[:, 0]) ** batch
        weights = np.where(self.is_dense, total, active + (total - active) * read) * 1e9 * width
        self.memory_frac = weights / self.n_chips * self.tokens_s / batch / peaks.mem_bw_bytes_s
        self.compute_frac = 2e9 * active * self.tokens_s / self.n_chips / peaks.flops

    def watts_of(self, law: WattsLaw) -> Array:
        """Mean power of one chip by a law."""
        shared = (self.n_chips > 1).astype(float)
        return np.asarray(serving_w(law, LIMITS_W, self.memory_frac, self.compute_frac, shared))

    def without_itself(self, among: np.typing.NDArray[np.bool_]) -> Array:
        """Watts of every row of a mask by the law fitted without any row of its model."""
        found = np.zeros(self.watts.size)
        free = ("awake_w", "memory_w", "compute_w", "compute_p", "waiting_w")
        for model in np.unique(self.models[among]):
            on = among & (self.models != model)
            law = fitted(FIRST, lambda law, on=on: self.watts_of(law)[on], self.watts[on], free)  # type: ignore[misc]
            held = among & (self.models == model)
            found[held] = self.watts_of(law)[held]
        return found[among]


def _experts(model: str) -> tuple[int, int]:
    return next((pair for part, pair in EXPERTS.items() if part in model), (1, 1))


def _cases(data: Path) -> Iterator[Case]:
    rows = Rows(read_table(data / FILE))
    for name, among, why in (
        ("dense models", rows.is_dense, ""),
        ("all models", np.ones(rows.watts.size, dtype=bool), MIXTURE_NOTE),
    ):
        watts = rows.without_itself(among)
        note = "each model by a fit without it" + (f"; {why}" if why else "")
        case = over_rows(f"power H100, {name}", watts / 1e3, rows.watts[among] / 1e3, POWER_BOUND_FRAC, note)
        yield _in_unit(case, "W")
        joules = watts * rows.n_chips[among] / rows.tokens_s[among]
        measured = rows.joules_per_token[among]
        case = over_rows(f"energy per token H100, {name}", joules / 1e3, measured / 1e3, ENERGY_BOUND_FRAC, note)
        yield _in_unit(case, "J/token")


def _in_unit(case: Case, unit: str) -> Case:
    return Case(case.name, case.measured, case.model, unit, case.error_frac, case.bound_frac, case.n_rows, case.note)


GROUPS = (Group("power of language models on H100", (FILE,), _cases),)
