"""Attention kernels: fitted on some head counts or on one model, scored on the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.physics.attention import (
    ChunkLaw,
    DecodeLaw,
    Heads,
    Mixture,
    TileLaw,
    decode_attention_s,
    mixed_attention_s,
    prompt_attention_s,
)
from twin.physics.fit import fitted
from twin.physics.operators import Peaks
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.devices import peaks_of
from twin.validate.tables import Table, read_table

DECODE_BOUND_FRAC, PREFILL_BOUND_FRAC, MIXED_BOUND_FRAC = 0.10, 0.12, 0.12
KERNELS = "llm_measured/aiconfigurator"
ENGINE = "llm_measured/llmservingsim"
DEVICES = (
    ("nvidia_a100_sxm80", "A100", "a100_sxm_vllm0.14.0"),
    ("nvidia_h100_sxm", "H100", "h100_sxm_vllm0.24.0"),
)
FIT_ON_HEADS = (1, 8, 32, 48)
HEADS_NOTE = "fitted on 1, 8, 32 and 48 query heads, scored on all other counts"
FIRST_DECODE = DecodeLaw(1e-5, 3e-8, 0.8, 2.0, 2e-8, 4e-6, 6e-6)
FIRST_CHUNK = ChunkLaw(1e-5, 0.6, 0.6, 1e-8, 1e-8, 2.0)
FIRST_TILE = TileLaw(7e-6, 2.2e-8, 100.0, 0.3, 4e-9, 0.85, 64.0)
MIXED_TABLES = {  # query and KV heads on each accelerator
    "Llama-3.1-8B_tp1": Heads(32, 8),
    "Qwen3-32B_tp2": Heads(32, 4),
}


class Rows:
    """Shapes and times of an attention table; one value per row."""

    def __init__(self, table: Table) -> None:
        self.n_requests, self.tokens = table.numbers("batch_size"), table.numbers("isl")
        self.context = table.numbers("step") + 1.0
        query, kv = table.numbers("num_heads"), table.numbers("num_key_value_heads")
        self.heads = Heads(query, np.where(kv > 0, kv, query))  # type: ignore[arg-type]
        self.measured_s = table.numbers("latency") * 1e-3

    def decode_s(self, law: DecodeLaw, peaks: Peaks) -> Array:
        """Time of the rows as tokens being generated; a prompt of one token sees only itself."""
        return np.asarray(decode_attention_s(law, peaks, self.heads, self.n_requests, self.context))

    def prompt_s(self, law: ChunkLaw, peaks: Peaks) -> Array:
        """Time of the rows as whole prompts."""
        return np.asarray(prompt_attention_s(law, peaks, self.heads, self.n_requests, self.tokens))


def fitted_decode(rows: Rows, peaks: Peaks) -> DecodeLaw:
    """The law of attention of generated tokens that meets a table."""
    free = ("t0_s", "unit_s", "memory_frac", "corner_p", "serial_s", "split_s", "regroup_s")
    return fitted(FIRST_DECODE, lambda law: rows.decode_s(law, peaks), rows.measured_s, free, {"memory_frac": 1.0})


def fitted_chunk(rows: Rows, peaks: Peaks) -> ChunkLaw:
    """The law of causal attention of prompts that meets a table."""
    free = ("t0_s", "compute_frac", "memory_frac", "serial_s", "head_s", "corner_p")
    most = {"compute_frac": 1.0, "memory_frac": 1.0}
    return fitted(FIRST_CHUNK, lambda law: rows.prompt_s(law, peaks), rows.measured_s, free, most)


def _kernels(data: Path) -> Iterator[Case]:
    for device, short, stem in DEVICES:
        peaks = peaks_of(device)
        table = read_table(data / KERNELS / f"{stem}_generation_attention.parquet")
        seen = np.isin(table.numbers("num_heads"), FIT_ON_HEADS)
        decode = fitted_decode(Rows(table.where(seen)), peaks)
        held = Rows(table.where(~seen))
        yield over_rows(
            f"attention decode {short}", held.decode_s(decode, peaks), held.measured_s, DECODE_BOUND_FRAC, HEADS_NOTE
        )
        table = read_table(data / KERNELS / f"{stem}_context_attention.parquet")
        seen, is_prompt = np.isin(table.numbers("num_heads"), FIT_ON_HEADS), table.numbers("isl") > 1
        chunk = fitted_chunk(Rows(table.where(seen & is_prompt)), peaks)
        held, one = Rows(table.where(~seen & is_prompt)), Rows(table.where(~seen & ~is_prompt))
        model = np.concatenate([held.prompt_s(chunk, peaks), one.decode_s(decode, peaks)])
        measured = np.concatenate([held.measured_s, one.measured_s])
        note = f"{HEADS_NOTE}; prompts of one token run the decode kernel and take its law"
        yield over_rows(f"attention prefill {short}", model, measured, PREFILL_BOUND_FRAC, note)


def mixed_rows(table: Table) -> tuple[Mixture, Array]:
    """Shapes and seconds of an engine's attention profile."""
    names = ("prefill_chunk", "kv_prefill", "n_decode", "kv_decode")
    return Mixture(*(table.numbers(name) for name in names)), table.numbers("time_us") * 1e-6


def fitted_tile(mix: Mixture, measured_s: Array, peaks: Peaks, heads: Heads) -> TileLaw:
    """The law of a kernel shared by a chunk and generated tokens that meets a table."""
    free = ("t0_s", "step_s", "start_tokens", "tail_frac", "block_s", "memory_frac")
    most = {"memory_frac": 1.0, "tail_frac": 1.0}
    return fitted(FIRST_TILE, lambda law: mixed_attention_s(law, peaks, heads, mix), measured_s, free, most)


def _mixed(data: Path) -> Iterator[Case]:
    peaks = peaks_of("nvidia_rtx_pro_6000")
    tables = {name: read_table(data / ENGINE / f"profile_RTXPRO6000_{name}" / "attention.csv") for name in MIXED_TABLES}
    for fit_on, held in (tuple(MIXED_TABLES), tuple(reversed(MIXED_TABLES))):
        chunk = tables[fit_on].numbers("prefill_chunk")
        # Every third row carries all shapes of the grid and fits in a third of the time.
        kept = (chunk > 0) & (np.arange(chunk.size) % 3 == 0)
        mix, measured_s = mixed_rows(tables[fit_on].where(kept))
        law = fitted_tile(mix, measured_s, peaks, MIXED_TABLES[fit_on])
        rows = tables[held]
        mix, measured_s = mixed_rows(rows.where((rows.numbers("prefill_chunk") > 0) & (rows.numbers("n_decode") > 0)))
        model = mixed_attention_s(law, peaks, MIXED_TABLES[held], mix)
        note = f"fitted on {fit_on} only"
        yield over_rows(f"attention mixed RTX PRO 6000, {held}", model, measured_s, MIXED_BOUND_FRAC, note)


GROUPS = (
    Group(
        "attention kernels of A100 and H100",
        tuple(
            f"{KERNELS}/{stem}_{kind}_attention.parquet" for *_, stem in DEVICES for kind in ("generation", "context")
        ),
        _kernels,
    ),
    Group(
        "mixed attention of RTX PRO 6000",
        tuple(f"{ENGINE}/profile_RTXPRO6000_{name}/attention.csv" for name in MIXED_TABLES),
        _mixed,
    ),
)
