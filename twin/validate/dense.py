"""Dense layers of language models: fitted on one model, scored on models the fit never saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.physics.fit import fitted
from twin.physics.operators import (
    DenseLaw,
    ElementwiseLaw,
    Peaks,
    dense_s,
    elementwise_s,
    product_bytes,
    product_flops,
)
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.devices import peaks_of
from twin.validate.tables import Table, read_table

BOUND_FRAC = 0.08
FOLDER = "llm_measured/vidur"
FIRST_DENSE = DenseLaw(1e-5, 0.7, 0.8, 3.0)
FIRST_ELEMENTWISE = ElementwiseLaw(5e-6, 0.6)
# Models fitted on, then models scored, of one device.
SPLITS = (
    (
        "nvidia_a100_sxm80",
        "a100",
        "Llama-2-70b-hf",
        ("Llama-2-7b-hf", "Meta-Llama-3-8B", "Meta-Llama-3-70B", "Qwen-72B"),
    ),
    ("nvidia_h100_sxm", "h100", "Llama-2-70b-hf", ("Llama-2-7b-hf",)),
    ("nvidia_h100_sxm", "h100", "Llama-2-7b-hf", ("Llama-2-70b-hf",)),
)


@dataclass(frozen=True, slots=True)
class LayerTable:
    """Shapes and median times of the operators of one layer; every array holds one value per row.

    products: (m, n, k) by operator. moved_bytes: traffic of the element-wise operators. measured_s: time of both kinds.
    """

    products: dict[str, tuple[Array, Array, Array]]
    moved_bytes: dict[str, Array]
    measured_s: dict[str, Array]
    shards: Array


def layer_table(table: Table) -> LayerTable:
    """The columns of a Vidur `mlp.csv` (medians): 16-bit weights and activations, gated feed-forward."""
    tokens, shards = table.numbers("num_tokens"), table.numbers("num_tensor_parallel_workers")
    hidden, heads = table.numbers("n_embd"), table.numbers("n_head")
    head_dim = hidden / heads
    query, kv = heads / shards * head_dim, np.maximum(table.numbers("n_kv_head") / shards, 1.0) * head_dim
    ffn = table.numbers("n_expanded_embd") / shards
    products = {
        "attn_pre_proj": (tokens, query + 2.0 * kv, hidden),
        "attn_post_proj": (tokens, hidden, query),
        "mlp_up_proj": (tokens, 2.0 * ffn, hidden),
        "mlp_down_proj": (tokens, hidden, ffn),
    }
    moved = {
        "input_layernorm": 4.0 * tokens * hidden,
        "attn_rope": 4.0 * tokens * (query + kv),
        "post_attention_layernorm": 4.0 * tokens * hidden,
        "mlp_act": 6.0 * tokens * ffn,
        "add": 6.0 * tokens * hidden,
    }
    names = (*products, *moved)
    measured = {name: table.numbers(f"time_stats.{name}.median") * 1e-3 for name in names}
    return LayerTable(products, moved, measured, shards)


def fitted_layer(layer: LayerTable, peaks: Peaks) -> tuple[DenseLaw, ElementwiseLaw]:
    """The laws of matrix products and of element-wise operators that meet the rows of a table."""
    m, n, k = (np.concatenate([shape[i] for shape in layer.products.values()]) for i in range(3))
    flops, n_bytes = np.asarray(product_flops(m, n, k)), np.asarray(product_bytes(m, n, k, 2.0))
    product_time_s = np.concatenate([layer.measured_s[name] for name in layer.products])
    moved = np.concatenate(list(layer.moved_bytes.values()))
    moved_time_s = np.concatenate([layer.measured_s[name] for name in layer.moved_bytes])
    seen, moved_seen = product_time_s > 0.0, moved_time_s > 0.0
    most = {"compute_frac": 1.0, "memory_frac": 1.0}
    dense = fitted(
        FIRST_DENSE,
        lambda law: np.asarray(dense_s(law, peaks, flops[seen], n_bytes[seen])),
        product_time_s[seen],
        ("t0_s", "compute_frac", "memory_frac", "corner_p"),
        most,
    )
    elementwise = fitted(
        FIRST_ELEMENTWISE,
        lambda law: np.asarray(elementwise_s(law, peaks, moved[moved_seen])),
        moved_time_s[moved_seen],
        ("t0_s", "memory_frac"),
        most,
    )
    return dense, elementwise


def layer_s(layer: LayerTable, laws: tuple[DenseLaw, ElementwiseLaw], peaks: Peaks) -> tuple[Array, Array]:
    """Time of the whole layer by the laws, and as measured; shape (rows,) each."""
    model, measured = np.zeros(layer.shards.size), np.zeros(layer.shards.size)
    for name, (m, n, k) in layer.products.items():
        model = model + dense_s(laws[0], peaks, product_flops(m, n, k), product_bytes(m, n, k, 2.0))
        measured = measured + layer.measured_s[name]
    for name, n_bytes in layer.moved_bytes.items():
        model = model + elementwise_s(laws[1], peaks, n_bytes)
        measured = measured + layer.measured_s[name]
    return model, measured


def _scored_models(data: Path) -> Iterator[Case]:
    for device, short, fit_on, held in SPLITS:
        peaks = peaks_of(device)
        laws = fitted_layer(layer_table(read_table(data / FOLDER / f"mlp_{short}_{fit_on}.csv")), peaks)
        for model in held:
            layer = layer_table(read_table(data / FOLDER / f"mlp_{short}_{model}.csv"))
            name = f"dense layer {short.upper()}, {model}"
            yield over_rows(name, *layer_s(layer, laws, peaks), BOUND_FRAC, f"fitted on {fit_on} only")


def _scored_shards(data: Path) -> Iterator[Case]:
    """The A40 was measured with one model only: fitted on one and two shards, scored on four and eight."""
    peaks = peaks_of("nvidia_a40")
    table = read_table(data / FOLDER / "mlp_a40_Llama-2-7b-hf.csv")
    shards = table.numbers("num_tensor_parallel_workers")
    laws = fitted_layer(layer_table(table.where(shards <= 2)), peaks)
    held = layer_table(table.where(shards > 2))
    note = "one model measured: fitted on 1 and 2 shards, scored on the shapes of 4 and 8"
    yield over_rows("dense layer A40, Llama-2-7b-hf", *layer_s(held, laws, peaks), BOUND_FRAC, note)


def _files(short: str, *models: str) -> tuple[str, ...]:
    return tuple(f"{FOLDER}/mlp_{short}_{model}.csv" for model in models)


GROUPS = (
    Group(
        "dense layers of A100 and H100",
        tuple(file for _, short, fit_on, held in SPLITS for file in _files(short, fit_on, *held)),
        _scored_models,
    ),
    Group("dense layers of A40", _files("a40", "Llama-2-7b-hf"), _scored_shards),
)
