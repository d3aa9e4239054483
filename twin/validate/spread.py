"""Time per output token of engines that deal experts whole or share them between data-parallel ranks, listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pipeline import SpreadLaw
from twin.physics.spread import Spread
from twin.sim.placement import chip_law
from twin.validate.case import Case, Group, over_rows
from twin.validate.tables import Table, read_table
from twin.validate.tpot import CHUNK_TOKENS, SHAPES, Shape, closed_loop_s

ENGINES_FILE = "llm_measured/aiconfigurator/silicon_sample_e2e.csv"
LEADERBOARD_FILE = "llm_measured/mlenergy/llm_configurations.csv"
_LONGEST_TTFT_MS = 1e3  # beyond it requests wait, and the batch of the row is not what ran
_PLANNED_ISL = 4000  # rows of a planner, whose batch counts several replicas
_LAW_NOTE = "the simulated law of the H100 sheet: kernels fitted at 16 bit and its host time, no engine row fitted"
QWEN3_30B = Shape(48, 2048, 32, 4, 128, 0, 151936, 128, 8, 768)


def _law(shape: Shape, is_fp8: bool, spread: Spread) -> IterationLaw:
    layers, hidden, query, kv, width, ffn, vocab, experts, active, inner = (
        int(getattr(shape, name)) for name in Shape.__slots__[:10]
    )
    weight_bytes = 1.0 if is_fp8 else 2.0
    model = ModelShape(layers, hidden, query, kv, width, ffn, vocab, weight_bytes, 2.0, experts, active, inner)
    sheet = shipped_catalogue().find("nvidia_h100_sxm", Accelerator, "validate")
    return SpreadLaw(model, chip_law(sheet, "fp8" if is_fp8 else "bf16", "validate"), spread, CHUNK_TOKENS)


def _dealt(table: Table) -> Table:
    """Aggregated rows on H100 with experts dealt whole, of models whose shape is known, without planner and queue."""
    models = table.words("model_path")
    is_known = np.array([any(part in model for part in ("Qwen3-235B", "MiniMax-M2.5")) for model in models])
    on = (table.words("system") == "h100_sxm") & (table.words("mode") == "agg") & is_known
    on &= (table.numbers("moe_ep_size") > 1) & (table.numbers("isl") != _PLANNED_ISL)
    on &= np.nan_to_num(table.numbers("silicon_ttft_ms")) < _LONGEST_TTFT_MS
    return table.where(on & ~np.isnan(table.numbers("batch_size")) & (table.numbers("moe_tp_size") == 1))


def _engine_cases(data: Path) -> Iterator[Case]:
    rows = _dealt(read_table(data / ENGINES_FILE))
    engine, tensor, batch = rows.words("backend"), rows.numbers("tp_size"), rows.numbers("batch_size")
    ranks = np.nan_to_num(rows.numbers("attention_dp_size"), nan=1.0)
    prompt, output, models = rows.numbers("isl"), rows.numbers("osl"), rows.words("model_path")
    measured = rows.numbers("silicon_tpot_ms") * 1e-3
    for name, on, note in (
        ("vLLM, experts dealt over 4", (engine == "vllm") & (ranks == 1), "MiniMax-M2.5 FP8"),
        ("TensorRT-LLM, experts dealt over 4 and 8", engine == "trtllm", "Qwen3-235B FP8; another engine's host time"),
        (
            "vLLM, 4 ranks",
            ranks > 1,
            "MiniMax-M2.5 FP8; taken as 4 chips of a rank each with the batch of a rank: but for one, the rows "
            "equal within 2 % those of 4 tensor-parallel chips at four times the batch: 16 chips cannot be what ran",
        ),
    ):
        model = []
        for i in np.flatnonzero(on):
            n, d = int(tensor[i]), int(ranks[i])
            spread = Spread(1, 1, d, True) if d > 1 else Spread(n, 1, 1, True)
            shape = next(shape for part, shape in SHAPES.items() if part in models[i])
            law = _law(shape, True, spread)
            model.append(closed_loop_s(law, int(batch[i]) * d, int(prompt[i]), float(output[i])))
        name = f"time per output token H100, {name}"
        yield over_rows(name, np.array(model), measured[on], None, f"{note}; {_LAW_NOTE}")


def _leaderboard_cases(data: Path) -> Iterator[Case]:
    rows = read_table(data / LEADERBOARD_FILE)
    models, precision = rows.words("model_id"), rows.words("weight_precision")
    n, dealt = rows.numbers("num_gpus"), rows.numbers("expert_parallel")
    batch, output = rows.numbers("avg_batch_size"), rows.numbers("avg_output_len")
    measured = rows.numbers("median_itl_ms") * 1e-3
    for name, part, shape, kind in (
        ("Qwen3-235B FP8", "Qwen3-235B", SHAPES["Qwen3-235B"], "fp8"),
        ("Qwen3-235B BF16", "Qwen3-235B", SHAPES["Qwen3-235B"], "bfloat16"),
        ("Qwen3-30B BF16", "Qwen3-30B", QWEN3_30B, "bfloat16"),
    ):
        on = np.array([part in model for model in models]) & (dealt > 1) & (dealt == n) & (precision == kind)
        model = []
        for i in np.flatnonzero(on):
            law = _law(shape, kind == "fp8", Spread(int(n[i]), 1, 1, True))
            running = max(round(float(batch[i])), 1)
            model.append(law.iteration(0, 0.0, running, int(running * 0.5 * output[i]))[0])
        note = "median gap between tokens at the mean batch; prompts are not in the table and count as 0 tokens"
        if kind == "fp8":
            note += (
                "; at 8 and 16 requests these rows are slower than those at BF16, twice the bytes, which no roof tells"
            )
        name = f"gap between tokens H100, experts dealt, {name}"
        yield over_rows(name, np.array(model), measured[on], None, f"{note}; {_LAW_NOTE}")


GROUPS = (
    Group("time per output token with experts dealt or shared", (ENGINES_FILE,), _engine_cases),
    Group("gap between tokens with experts dealt", (LEADERBOARD_FILE,), _leaderboard_cases),
)
