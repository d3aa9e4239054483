"""Fits the kernel laws of a device from measured tables and writes its sheet with their error and origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import yaml

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.catalogue.models import LanguageModel
from twin.errors import CatalogueError, DocumentError
from twin.files import Tree, whole_file
from twin.physics.attention import ChunkLaw, DecodeLaw, Heads, Mixture, TileLaw, decode_attention_s, mixed_attention_s
from twin.physics.fit import field_values, fitted, mean_error_frac
from twin.physics.operators import (
    CollectiveLaw,
    DenseLaw,
    ElementwiseLaw,
    Peaks,
    all_reduce_s,
    dense_s,
    elementwise_s,
    product_bytes,
    product_flops,
)
from twin.validate.attention import FIRST_CHUNK, FIRST_DECODE, FIRST_TILE, Rows, mixed_rows
from twin.validate.dense import FIRST_DENSE, FIRST_ELEMENTWISE, layer_table
from twin.validate.devices import peaks_of
from twin.validate.tables import Table, read_table

Array = npt.NDArray[np.float64]
Law = TypeVar("Law", DenseLaw, ElementwiseLaw, DecodeLaw, ChunkLaw, TileLaw, CollectiveLaw)

_HELD_OUT = 5  # every fifth row is not fitted but scored
_REWEIGHTED = 3  # tables hold outliers
_SMALLEST_SIDE = 512  # narrower products do not occur in the models served
FIRST_COLLECTIVE = CollectiveLaw(5e-6, 5e-7, 0.4, 0.7)
# Linear in context, so that a stretch of steps has a closed form.
FIRST_LINEAR = replace(FIRST_DECODE, corner_p=1.0, serial_s=1e-30)


@dataclass(frozen=True, slots=True)
class Served:
    """The model a table was profiled with, when the table does not tell its shapes itself."""

    model: LanguageModel
    tensor_parallel: int = 1

    @property
    def heads(self) -> Heads:
        """Heads on each accelerator."""
        n = self.tensor_parallel
        return Heads(self.model.n_heads / n, max(self.model.n_kv_heads / n, 1.0), self.model.head_dim)


@dataclass(frozen=True, slots=True)
class Fit:
    """One fitted law: its group, its parameters, the mean error on rows held out, and the rows behind it."""

    group: str
    values: dict[str, float]
    held_error_frac: float
    n_rows: int


@dataclass(slots=True)
class _Gathered:
    """Rows of all files by operator group."""

    products: list[tuple[Array, Array, Array]] = field(default_factory=list)  # flops, bytes, seconds
    moved: list[tuple[Array, Array]] = field(default_factory=list)  # bytes, seconds
    decode: list[tuple[Array, ...]] = field(default_factory=list)  # query, kv heads, requests, context, seconds
    prompts: Rows | None = None
    mixed: tuple[Mixture, Array, Heads] | None = None
    collective: list[tuple[Array, Array, Array]] = field(default_factory=list)  # devices, bytes, seconds


def calibrated(device: str, files: Sequence[Path], served: Served | None = None) -> list[Fit]:
    """The laws that the tables allow to fit; DocumentError on a table of unknown columns.

    served: the model of profiles that give layer names instead of shapes.
    """
    peaks, gathered = peaks_of(device), _Gathered()
    for path in files:
        _gather(read_table(path), path, gathered, served)
    fits = [*_dense_fits(gathered, peaks), *_attention_fits(gathered, peaks), *_collective_fits(gathered, device)]
    if not fits:
        raise DocumentError("no table can be fitted", device, "give kernel tables")
    return fits


def written_sheet(device: str, fits: Sequence[Fit], files: Sequence[Path], output: Path) -> None:
    """Write the device's sheet with the fitted laws, their held-out error and the files they came from."""
    sheet = shipped_catalogue().find(device, Accelerator, "calibrate")
    tree = sheet.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    tree = {"format": sheet.format, "version": sheet.version, "kind": sheet.kind, **tree}
    kernels = dict(tree.get("kernels", {}))
    held = {fit.group: round(fit.held_error_frac, 4) for fit in fits}
    tree["held_errors"] = {**tree.get("held_errors", {}), **held}
    kernels.update({fit.group: fit.values for fit in fits})
    tree["kernels"] = kernels
    errors = "; ".join(f"{fit.group} {fit.held_error_frac:.1%} of {fit.n_rows} rows" for fit in fits)
    source = f"fitted on {', '.join(path.name for path in files)}; mean error on every fifth row, held out: {errors}"
    _write(tree, {"kernels": source, "held_errors": "as kernels"}, output)


def write_sheet(sheet: Accelerator, sources: dict[str, str], output: Path) -> None:
    """Write a sheet with sources for what was fitted, by field."""
    tree = sheet.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    _write({"format": sheet.format, "version": sheet.version, "kind": sheet.kind, **tree}, sources, output)


def _write(tree: Tree, sources: dict[str, str], output: Path) -> None:
    fitted = {field: {"source": source, "confidence": "high"} for field, source in sources.items()}
    tree["provenance"] = {**cast(Tree, tree.get("provenance", {})), **fitted}
    with whole_file(output) as file:
        yaml.safe_dump(tree, file, sort_keys=False, allow_unicode=True, width=110)


def served_model(model: str | None, tensor_parallel: int) -> Served | None:
    """The catalogue model of an id, or None."""
    if model is None:
        return None
    return Served(shipped_catalogue().find(model, LanguageModel, "calibrate"), tensor_parallel)


def _gather(table: Table, path: Path, into: _Gathered, served: Served | None) -> None:
    """Put the rows of a table where its columns say they belong."""
    if all(name in table for name in ("m", "n", "k", "latency")):
        m, n, k = (table.numbers(name) for name in ("m", "n", "k"))
        wide = (n >= _SMALLEST_SIDE) & (k >= _SMALLEST_SIDE)
        _add_product(into, (m[wide], n[wide], k[wide]), table.numbers("latency")[wide] * 1e-3)
    elif "time_stats.mlp_up_proj.median" in table:
        layer = layer_table(table)
        for name, shape in layer.products.items():
            _add_product(into, shape, layer.measured_s[name])
        into.moved += [(n_bytes, layer.measured_s[name]) for name, n_bytes in layer.moved_bytes.items()]
    elif "num_heads" in table and "step" in table:
        rows = Rows(table)
        if np.max(rows.tokens) > 1:
            into.prompts = Rows(table.where(table.numbers("isl") > 1))
        else:
            seen = rows.heads.n_query, rows.heads.n_kv, rows.n_requests, rows.context, rows.measured_s
            into.decode.append(tuple(np.asarray(column) for column in seen))
    elif "message_size" in table:
        _add_collective(into, table)
    elif served is None:
        raise DocumentError("the columns tell no shapes", str(path), "name the profiled model with --model")
    elif "prefill_chunk" in table:
        _add_mixed(into, table, served.heads)
    elif "layer" in table and "tokens" in table:
        _add_named_layers(into, table, served)
    else:
        raise DocumentError("the columns are of no known table", str(path), "see `twin calibrate --help`")


def _add_product(into: _Gathered, shape: tuple[Array, Array, Array], seconds: Array) -> None:
    flops, n_bytes = np.asarray(product_flops(*shape)), np.asarray(product_bytes(*shape, 2.0))
    into.products.append((flops, n_bytes, seconds))


def _add_collective(into: _Gathered, table: Table) -> None:
    keep = np.ones(len(table), dtype=bool)
    if "op_name" in table:
        keep &= table.words("op_name") == "all_reduce"
    if "kernel_source" in table and np.any(table.words("kernel_source") == "vLLM_custom_graph"):
        keep &= table.words("kernel_source") == "vLLM_custom_graph"
    rows = table.where(keep)
    into.collective.append((rows.numbers("num_gpus"), rows.numbers("message_size"), rows.numbers("latency") * 1e-3))


def _add_mixed(into: _Gathered, table: Table, heads: Heads) -> None:
    chunk = table.numbers("prefill_chunk")
    mix, seconds = mixed_rows(table.where(chunk > 0))
    into.mixed = (mix, seconds, heads)
    alone = table.where(chunk == 0)
    n, one = alone.numbers("n_decode"), np.ones(len(alone))
    context, seconds = alone.numbers("kv_decode"), alone.numbers("time_us") * 1e-6
    into.decode.append((heads.n_query * one, heads.n_kv * one, n, context, seconds))


def _add_named_layers(into: _Gathered, table: Table, served: Served) -> None:
    """A profile by layer name: the shapes follow from the model."""
    model, n, heads = served.model, served.tensor_parallel, served.heads
    query, kv = heads.n_query * heads.head_dim, heads.n_kv * heads.head_dim
    products = {
        "qkv_proj": (query + 2.0 * kv, model.hidden),
        "o_proj": (model.hidden, query),
        "gate_up_proj": (2.0 * model.ffn / n, model.hidden),
        "down_proj": (model.hidden, model.ffn / n),
    }
    moved = {"layernorm": 4.0 * model.hidden, "rotary_emb": 4.0 * (query + kv), "act_fn": 6.0 * model.ffn / n}
    names, tokens, seconds = table.words("layer"), table.numbers("tokens"), table.numbers("time_us") * 1e-6
    for name, (width, depth) in products.items():
        on = names == name
        if not np.any(on):
            continue
        one = np.ones(int(np.sum(on)))
        _add_product(into, (tokens[on], width * one, depth * one), seconds[on])
    into.moved += [
        (size * tokens[names == name], seconds[names == name]) for name, size in moved.items() if np.any(names == name)
    ]


def _fit(group: str, start: Law, seconds_of: Callable[[Law], Array], measured_s: Array, free: tuple[str, ...]) -> Fit:
    """Fit on four fifths of the rows, score on the fifth."""
    if measured_s.size < 2 * _HELD_OUT:
        raise DocumentError(
            f"{measured_s.size} rows of {group}, at least {2 * _HELD_OUT} are needed", group, "give a longer table"
        )
    held = np.arange(measured_s.size) % _HELD_OUT == _HELD_OUT - 1
    shares = [name for name in free if name.endswith("_frac")]
    law = fitted(
        start, lambda law: seconds_of(law)[~held], measured_s[~held], free, dict.fromkeys(shares, 1.0), _REWEIGHTED
    )
    error = mean_error_frac(seconds_of(law)[held], measured_s[held])
    return Fit(
        group, {name: float(f"{value:.4g}") for name, value in field_values(law).items()}, error, measured_s.size
    )


def _columns(rows: Sequence[tuple[Array, ...]]) -> tuple[Array, ...]:
    """The columns of several tables, one below the other, without rows that were not measured."""
    columns = [np.concatenate(parts) for parts in zip(*rows, strict=True)]
    seen = columns[-1] > 0.0
    return tuple(column[seen] for column in columns)


def _dense_fits(gathered: _Gathered, peaks: Peaks) -> list[Fit]:
    found = []
    if gathered.products:
        flops, n_bytes, seconds = _columns(gathered.products)
        free = ("t0_s", "compute_frac", "memory_frac", "corner_p")
        found.append(
            _fit("dense", FIRST_DENSE, lambda law: np.asarray(dense_s(law, peaks, flops, n_bytes)), seconds, free)
        )
    if gathered.moved:
        moved, moved_s = _columns(gathered.moved)
        start, both = FIRST_ELEMENTWISE, ("t0_s", "memory_frac")
        found.append(
            _fit("elementwise", start, lambda law: np.asarray(elementwise_s(law, peaks, moved)), moved_s, both)
        )
    return found


def _attention_fits(gathered: _Gathered, peaks: Peaks) -> list[Fit]:
    found = []
    if gathered.decode:
        query, kv, n, context, seconds = _columns(gathered.decode)
        heads = Heads(query, kv)  # type: ignore[arg-type]

        def decode_s(law: DecodeLaw) -> Array:
            return np.asarray(decode_attention_s(law, peaks, heads, n, context))

        free = ("t0_s", "unit_s", "memory_frac", "split_s", "regroup_s")
        found.append(_fit("decode", FIRST_LINEAR, decode_s, seconds, free))
    if gathered.prompts is not None:
        rows = gathered.prompts
        of_chunk = ("t0_s", "compute_frac", "memory_frac", "serial_s", "head_s", "corner_p")
        found.append(_fit("chunk", FIRST_CHUNK, lambda law: rows.prompt_s(law, peaks), rows.measured_s, of_chunk))
    if gathered.mixed is not None:
        mix, mixed_s, mixed_heads = gathered.mixed
        of_tile = ("t0_s", "step_s", "start_tokens", "tail_frac", "block_s", "memory_frac")
        seconds_of = lambda law: mixed_attention_s(law, peaks, mixed_heads, mix)  # noqa: E731
        found.append(_fit("tile", FIRST_TILE, seconds_of, mixed_s, of_tile))
    return found


def _collective_fits(gathered: _Gathered, device: str) -> list[Fit]:
    if not gathered.collective:
        return []
    sheet = shipped_catalogue().find(device, Accelerator, "calibrate")
    if sheet.scaleup_bytes_s is None and sheet.host_link_bytes_s is None:
        raise CatalogueError("neither scaleup_bytes_s nor host_link_bytes_s is given", device, "complete the sheet")
    link = sheet.scaleup_bytes_s / 2.0 if sheet.scaleup_bytes_s else float(sheet.host_link_bytes_s or 0.0)
    n, message, seconds = _columns(gathered.collective)

    def seconds_of(law: CollectiveLaw) -> Array:
        by_count = [np.where(n == count, all_reduce_s(law, link, count, message), 0.0) for count in np.unique(n)]
        return np.asarray(np.sum(by_count, axis=0))

    free = ("t0_s", "step_s", "link_frac", "corner_p")
    return [_fit("collective", FIRST_COLLECTIVE, seconds_of, seconds, free)]
