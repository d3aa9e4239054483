"""GPU boxes with processing in memory: decode latency and speed-up against runs of the public AttAcc simulator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.physics.pim import LayerTimes, fill_frac, in_memory_s, pipelined_s, serial_s, shared_ffn_s
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.tables import read_table

LATENCY_BOUND_FRAC, SPEEDUP_BOUND_FRAC = 0.05, 0.03
FILE = "pim/attacc_reference_runs.csv"
NOTE = (
    "simulator, not hardware. Chosen after seeing these runs: products reach 0.72 of peak and 0.76 of bandwidth (its "
    "tiles fill its processors unevenly), inner rates of its own cycle table"
)
STACK_BW_BYTES_S, N_STACKS, N_CHANNELS, N_PROCESSORS = 670.4e9, 5, 16, 108
EXTERNAL_BYTES_S = STACK_BW_BYTES_S * N_STACKS
FLOPS = {2.0: 312e12, 1.0: 624e12}
COMPUTE_FRAC, MEMORY_FRAC, ATTENTION_FRAC = 0.72, 0.76, 0.85
LINK_BYTES_S = 300e9
# Placement and power cap -> inner over outer bandwidth, and what its cycle table reaches of it.
INNER = {
    ("bank", True): (9.0, 0.87),
    ("bank", False): (16.0, 0.66),
    ("bg", True): (3.0, 0.80),
    ("buffer", True): (1.0, 0.87),
}
_WIDE_HEAD_EFFICIENCY = 0.537  # head size 160 at 8 bit leaves lanes of a bank idle


@dataclass(frozen=True, slots=True)
class BoxModel:
    """Sizes of a model with multi-head attention; ffn_matrices is 2, or 3 with a gate."""

    n_layers: int
    hidden: int
    n_heads: int
    head_dim: int
    ffn: int
    ffn_matrices: int = 2


MODELS = {
    "GPT-175B": BoxModel(96, 12288, 96, 128, 4 * 12288),
    "LLAMA-65B": BoxModel(80, 8192, 64, 128, 22016, 3),
    "OPT-66B": BoxModel(64, 9216, 72, 128, 4 * 9216),
    "MT-530B": BoxModel(105, 20480, 128, 160, 4 * 20480),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One run: model, bytes per value, lengths, batch, boards, and where the memory computes (empty: nowhere)."""

    model: str
    value_bytes: float
    prompt: float
    output: float
    batch: float
    boards: int = 8
    placement: str = ""
    is_capped: bool = True
    is_pipelined: bool = True


def token_s(run: Setting) -> float:
    """Mean time of one output token: a layer at mid-output times the layers."""
    model = MODELS[run.model]
    attention = 4.0 * model.hidden**2
    around = _product_s(run, attention)
    ffn_params = float(model.ffn_matrices * model.hidden * model.ffn)
    kv_bytes = 2.0 * run.batch * (run.prompt + 0.5 * run.output) * model.hidden * run.value_bytes / run.boards
    units = run.batch * ceil(model.n_heads / run.boards)
    head_frac = run.boards / model.n_heads
    if not run.placement:
        reached = ATTENTION_FRAC * fill_frac(units, N_PROCESSORS)
        layer = LayerTimes(
            kv_bytes / (EXTERNAL_BYTES_S * reached), 0.0, around, _product_s(run, ffn_params), _rest_s(run)
        )
        return model.n_layers * serial_s(layer, head_frac)
    ratio, reached = INNER[run.placement, run.is_capped]
    if model.head_dim > 128 and run.placement == "bank":
        reached = _WIDE_HEAD_EFFICIENCY
    in_memory = in_memory_s(kv_bytes, EXTERNAL_BYTES_S * ratio, reached * fill_frac(units / N_STACKS, N_CHANNELS))
    link = run.value_bytes * run.batch * 4.0 * model.hidden / (run.boards * LINK_BYTES_S)
    ffn = _shared_s(run, ffn_params, ratio) if run.is_pipelined else _product_s(run, ffn_params)
    layer = LayerTimes(in_memory, link, around, ffn, _rest_s(run))
    return model.n_layers * (pipelined_s if run.is_pipelined else serial_s)(layer, head_frac)


def _parts_s(run: Setting, params: float) -> tuple[float, float]:
    """Traffic and arithmetic time of products over params."""
    traffic_s = params * run.value_bytes / run.boards / (EXTERNAL_BYTES_S * MEMORY_FRAC)
    return traffic_s, 2.0 * params * run.batch / run.boards / (FLOPS[run.value_bytes] * COMPUTE_FRAC)


def _product_s(run: Setting, params: float) -> float:
    return max(_parts_s(run, params))


def _shared_s(run: Setting, params: float, ratio: float) -> float:
    """Feed-forward with the memory's help; a multiply-add per value read is its arithmetic."""
    traffic_s, arithmetic_s = _parts_s(run, params)
    inner_flops = 2.0 * EXTERNAL_BYTES_S * ratio / run.value_bytes
    return shared_ffn_s(traffic_s, arithmetic_s, (ratio, inner_flops / FLOPS[run.value_bytes]), run.batch)


def _rest_s(run: Setting) -> float:
    """Two all-reduces, two norms and an activation. Source: constants of github:scale-snu/attacc_simulator."""
    model, n = MODELS[run.model], run.boards
    message = run.value_bytes * run.batch * model.hidden / n
    slower = 1555e9 / EXTERNAL_BYTES_S
    norms = 2.0 * (6.87e-6 + 1.6e-12 * slower * 3.0 * run.batch * model.hidden * run.value_bytes)
    moved = model.ffn_matrices * run.batch * model.ffn * run.value_bytes / n
    return 2.0 * (n - 1) * (6.06e-6 + 0.009e-9 * message) + norms + 8.29e-6 + 0.447e-12 * slower * moved


def _cases(data: Path) -> Iterator[Case]:
    table = read_table(data / FILE)
    text = {name: table.words(name) for name in ("model", "system", "pim")}
    number = {n: table.numbers(n) for n in ("wbits", "lin", "lout", "batch", "ngpu", "powerlimit", "pipe", "tpot_ms")}
    model_s, measured_s = np.zeros(len(table)), number["tpot_ms"] * 1e-3
    alone: dict[tuple[object, ...], int] = {}
    for i in range(len(table)):
        run = Setting(
            str(text["model"][i]),
            number["wbits"][i] / 8.0,
            number["lin"][i],
            number["lout"][i],
            number["batch"][i],
            int(number["ngpu"][i]),
            str(text["pim"][i]),
            number["powerlimit"][i] != 0.0,
            number["pipe"][i] == 1.0,
        )
        model_s[i] = token_s(run)
        if not run.placement:
            alone[run.model, run.value_bytes, run.prompt, run.output, run.batch, run.boards] = i
    yield over_rows("AttAcc runs, mean decode latency", model_s, measured_s, LATENCY_BOUND_FRAC, NOTE)
    for boards in (8, 16):
        pairs = []
        for i in np.flatnonzero(text["pim"] != "").tolist():
            key = text["model"][i], number["wbits"][i] / 8.0, *(number[n][i] for n in ("lin", "lout", "batch")), boards
            pairs.append((i, alone[key]))
        yield _speedup(boards, np.array(pairs), model_s, measured_s)


def _speedup(boards: int, pairs: npt.NDArray[np.int64], model_s: Array, measured_s: Array) -> Case:
    """The gain of runs over the runs without memory that computes; pairs: (with, without) rows, shape (pairs, 2)."""
    on, base = pairs.T
    gains = model_s[base] / model_s[on], measured_s[base] / measured_s[on]
    case = over_rows(f"AttAcc runs, speed-up over {boards} GPUs", gains[0], gains[1], SPEEDUP_BOUND_FRAC, NOTE)
    return replace(case, measured=float(np.mean(gains[1])), model=float(np.mean(gains[0])), unit="x")


GROUPS = (Group("AttAcc reference runs", (FILE,), _cases),)
