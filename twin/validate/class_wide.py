"""How far measured devices lie from class-wide efficiencies: the range that stands for a device nobody measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.catalogue.spread import ClassSpread, Range, class_spread
from twin.physics.operators import product_flops
from twin.physics.roofline import soft_roofline_s
from twin.validate.attention import DEVICES, ENGINE, KERNELS, MIXED_TABLES, Rows
from twin.validate.case import Array, Case, Group
from twin.validate.dense import FOLDER, layer_table
from twin.validate.devices import peaks_of
from twin.validate.power import FILE as POWER_FILE
from twin.validate.power import LIMITS_W
from twin.validate.power import Rows as PowerRows
from twin.validate.power_a100 import power_points
from twin.validate.splitwise import FILE as BOX_FILE
from twin.validate.tables import read_table

# What the sheets of devices without measured kernels carry (see their `serving`).
COMPUTE_FRAC, MEMORY_FRAC, CORNER_P, LAYER_S = 0.80, 0.85, 4.0, 10e-6
COMPUTE_W_FRAC, MEMORY_W_FRAC = 1.1, 0.9
LAYERS = (
    ("nvidia_a100_sxm80", "mlp_a100_Llama-2-7b-hf"),
    ("nvidia_a100_sxm80", "mlp_a100_Meta-Llama-3-70B"),
    ("nvidia_h100_sxm", "mlp_h100_Llama-2-7b-hf"),
    ("nvidia_h100_sxm", "mlp_h100_Llama-2-70b-hf"),
    ("nvidia_a40", "mlp_a40_Llama-2-7b-hf"),
)
RTX = "nvidia_rtx_pro_6000"
_SHORTEST_S = 50e-6  # shorter attention is start-up, which a layer's fixed time stands for


@dataclass(frozen=True, slots=True)
class Ratios:
    """Measured over class-wide time of one table, and which of its rows arithmetic bounds; shape (rows,)."""

    table: str
    ratio: Array
    is_compute: np.typing.NDArray[np.bool_]


def _layer_ratios(name: str, device: str, flops: Array, n_bytes: Array, measured_s: Array) -> Ratios:
    peaks = peaks_of(device)
    compute_s = flops / (COMPUTE_FRAC * peaks.flops)
    memory_s = n_bytes / (MEMORY_FRAC * peaks.mem_bw_bytes_s)
    model_s = LAYER_S + np.asarray(soft_roofline_s(compute_s, memory_s, CORNER_P))
    return Ratios(name, measured_s / model_s, compute_s > memory_s)


def layer_ratios(data: Path) -> Iterator[Ratios]:
    """Whole layers without attention, 16 bit: Vidur tables and the profile of the RTX PRO 6000."""
    for device, name in LAYERS:
        layer = layer_table(read_table(data / FOLDER / f"{name}.csv"))
        measured_s = np.sum(list(layer.measured_s.values()), axis=0)
        seen = np.all([np.nan_to_num(times) > 0.0 for times in layer.measured_s.values()], axis=0)
        flops = np.sum([np.asarray(product_flops(*shape)) for shape in layer.products.values()], axis=0)
        weights = np.sum(np.array([2.0 * n * k for _, n, k in layer.products.values()]), axis=0)
        yield _layer_ratios(name, device, flops[seen], weights[seen], measured_s[seen])
    table = read_table(data / ENGINE / "profile_RTXPRO6000_Llama-3.1-8B_tp1" / "dense.csv")
    names, tokens = table.words("layer"), table.numbers("tokens")
    # Llama-3.1-8B: parameters of a layer; a layer normalises twice.
    repeats = dict.fromkeys(("qkv_proj", "o_proj", "gate_up_proj", "down_proj", "rotary_emb", "act_fn"), 1)
    repeats["layernorm"] = 2
    counts = np.unique(tokens[names == "qkv_proj"])
    times = table.numbers("time_us") * 1e-6
    parts: list[Array] = [n * np.interp(counts, tokens[names == x], times[names == x]) for x, n in repeats.items()]
    measured_s = np.sum(parts, axis=0)
    params = 4096.0 * (2 * 4096 + 2 * 1024 + 3 * 14336)
    yield _layer_ratios("profile RTX PRO 6000", RTX, 2.0 * params * counts, 2.0 * params + 0.0 * counts, measured_s)


def attention_ratios(data: Path) -> Iterator[Ratios]:
    """Attention of prompts by arithmetic, of generated tokens by bandwidth."""
    for device, short, stem in DEVICES:
        peaks = peaks_of(device)
        for kind in ("generation", "context"):
            rows = Rows(read_table(data / KERNELS / f"{stem}_{kind}_attention.parquet"))
            heads, is_prompt = rows.heads, kind == "context"
            if is_prompt:
                pairs = rows.n_requests * 0.5 * rows.tokens * (rows.tokens + 1.0)
                model_s = pairs * 4.0 * heads.n_query * heads.head_dim / (COMPUTE_FRAC * peaks.flops)
            else:
                model_s = rows.n_requests * rows.context * heads.token_bytes / (MEMORY_FRAC * peaks.mem_bw_bytes_s)
            long = np.asarray(model_s > _SHORTEST_S)
            ratio = np.asarray(rows.measured_s / model_s)[long]
            yield Ratios(f"attention {kind} {short}", ratio, np.full(ratio.size, is_prompt))
    yield from _rtx_attention(data)


def _rtx_attention(data: Path) -> Iterator[Ratios]:
    peaks = peaks_of(RTX)
    heads = MIXED_TABLES["Llama-3.1-8B_tp1"]
    table = read_table(data / ENGINE / "profile_RTXPRO6000_Llama-3.1-8B_tp1" / "attention.csv")
    chunk, cached, n, context = (table.numbers(x) for x in ("prefill_chunk", "kv_prefill", "n_decode", "kv_decode"))
    seconds = table.numbers("time_us") * 1e-6
    compute_s = chunk * (cached + 0.5 * chunk) * 4.0 * heads.n_query * heads.head_dim / (COMPUTE_FRAC * peaks.flops)
    memory_s = n * context * heads.token_bytes / (MEMORY_FRAC * peaks.mem_bw_bytes_s)
    for is_prompt, model_s, alone in ((True, compute_s, n == 0), (False, memory_s, chunk == 0)):
        on = alone & (model_s > _SHORTEST_S)
        ratio = seconds[on] / model_s[on]
        yield Ratios("attention RTX PRO 6000", ratio, np.full(ratio.size, is_prompt))


def watts_ratios(data: Path) -> list[Array]:
    """Measured over class-wide watts above idle: dense models on H100 (ML.ENERGY), DGX A100 (Splitwise)."""
    rows = PowerRows(read_table(data / POWER_FILE))
    idle_w, tdp_w = LIMITS_W
    h100 = (rows.watts - idle_w) / _active_w(tdp_w - idle_w, rows.compute_frac, rows.memory_frac)
    points, (idle_w, tdp_w) = power_points(data), (56.0, 400.0)
    phases = [_active_w(tdp_w - idle_w, points.compute_frac[i], points.memory_frac[i]) for i in (0, 1)]
    return [np.asarray(h100)[rows.is_dense], (points.watts - idle_w) / points.mean_w(*phases)]


def _active_w(most_w: float, compute_frac: Array, memory_frac: Array) -> Array:
    return most_w * np.minimum(1.0, COMPUTE_W_FRAC * compute_frac + MEMORY_W_FRAC * memory_frac)


def middle_range(parts: list[Array]) -> Range:
    """The 10th and the 90th percentile of rows of several tables, every table weighing the same."""
    values = np.concatenate(parts)
    weight = np.concatenate([np.full(part.size, 1.0 / part.size) for part in parts])
    order = np.argsort(values)
    share = np.cumsum(weight[order]) / np.sum(weight)
    low, high = (float(values[order][np.searchsorted(share, q)]) for q in (0.1, 0.9))
    return round(low, 2), round(high, 2)


def measured_spread(data: Path) -> dict[str, Range]:
    """The ranges of `ClassSpread` as the tables give them."""
    tables = [*layer_ratios(data), *attention_ratios(data)]
    compute = [t.ratio[t.is_compute] for t in tables if np.any(t.is_compute)]
    memory = [t.ratio[~t.is_compute] for t in tables if np.any(~t.is_compute)]
    return {
        "compute_time": middle_range(compute),
        "memory_time": middle_range(memory),
        "active_watts": middle_range(watts_ratios(data)),
    }


def _cases(data: Path) -> Iterator[Case]:
    """Both ends of every range in the asset against what the tables give now."""
    known: ClassSpread = class_spread()
    for name, ends in measured_spread(data).items():
        for end, measured, asset in zip(("10 %", "90 %"), ends, getattr(known, name), strict=True):
            note = "measured over class-wide; used as the band of devices known by their data sheet"
            yield Case(f"class-wide {name}, {end}", measured, asset, "x", abs(asset / measured - 1.0), 0.01, 0, note)


GROUPS = (
    Group(
        "spread of class-wide efficiencies",
        (
            *(f"{FOLDER}/{name}.csv" for _, name in LAYERS),
            *(
                f"{KERNELS}/{stem}_{kind}_attention.parquet"
                for *_, stem in DEVICES
                for kind in ("generation", "context")
            ),
            POWER_FILE,
            BOX_FILE,
            *(f"{ENGINE}/profile_RTXPRO6000_Llama-3.1-8B_tp1/{name}.csv" for name in ("dense", "attention")),
        ),
        _cases,
    ),
)
