"""Which columns of a request CSV hold arrival, prompt and output: the known shapes, or what the user says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from twin.errors import DocumentError

ArrivalUnit = Literal["s", "ms", "us", "ns", "datetime"]


class ColumnMap(BaseModel):
    """The columns of a request trace, by the names in its first line; without arrivals it holds lengths alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    arrival: str | None = Field(None, min_length=1, description="Column with the arrival time of each request.")
    prompt: str = Field(min_length=1, description="Column with the number of prompt (input) tokens.")
    output: str = Field(min_length=1, description="Column with the number of generated (output) tokens.")
    arrival_unit: ArrivalUnit = Field(
        default="s", description="Unit of the arrival numbers, or `datetime` for 2023-11-16 18:15:46.6805900."
    )

    @property
    def names(self) -> tuple[str, ...]:
        """Arrival (if there is one), prompt and output column, in this order."""
        lengths = (self.prompt, self.output)
        return lengths if self.arrival is None else (self.arrival, *lengths)

    @property
    def lengths(self) -> ColumnMap:
        """The same without arrivals."""
        return self.model_copy(update={"arrival": None})


@dataclass(frozen=True, slots=True)
class Shape:
    """A published trace layout that is recognised by its column names."""

    name: str
    columns: ColumnMap


# Azure/AzurePublicDataset LLM inference traces; microsoft/vidur processed traces; HPMLL/BurstGPT, both releases.
SHAPES = (
    Shape(
        "azure",
        ColumnMap(arrival="TIMESTAMP", prompt="ContextTokens", output="GeneratedTokens", arrival_unit="datetime"),
    ),
    Shape("vidur", ColumnMap(arrival="arrived_at", prompt="num_prefill_tokens", output="num_decode_tokens")),
    Shape("burstgpt", ColumnMap(arrival="Timestamp", prompt="Request tokens", output="Response tokens")),
)
MAPPED = "mapped"
LENGTHS = "lengths"
CLIENT_COLUMNS = ("client_id", "timestamp", "rate", "cv", "pattern", "param1", "param2")  # alibaba/ServeGen
_MAP_HINT = "name yours: columns: {arrival: NAME, prompt: NAME, output: NAME, arrival_unit: s|ms|us|ns|datetime}"


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a trace, understood: which shape, which columns, and where they stand."""

    shape: str
    columns: ColumnMap
    i_arrival: int | None  # None: lengths alone
    i_prompt: int
    i_output: int
    n_fields: int


def read_header(names: Sequence[str], columns: ColumnMap | None, where: str, shape: str = "auto") -> Header:
    """Find the columns in a first line `names`; `columns` overrules the known shapes.

    `shape` is auto, the name of one of SHAPES, or `lengths`: prompt and output alone, an arrival column is ignored.
    Errors: DocumentError at `where` when a column is missing or stands there twice.
    """
    found = [name.strip() for name in names]
    known = _shape(found, columns, where, shape)
    wanted = known.columns.names
    missing = [name for name in wanted if name not in found]
    if missing:
        raise _missing_columns(missing, found, where)
    twice = [name for name in wanted if found.count(name) > 1]
    if twice:
        raise DocumentError(f"column {twice[0]!r} stands there {found.count(twice[0])} times", where, "rename one")
    arrival = known.columns.arrival
    i_arrival = None if arrival is None else found.index(arrival)
    i_prompt, i_output = found.index(known.columns.prompt), found.index(known.columns.output)
    return Header(known.name, known.columns, i_arrival, i_prompt, i_output, len(found))


def _shape(found: Sequence[str], columns: ColumnMap | None, where: str, shape: str) -> Shape:
    """The columns to look for."""
    if shape == LENGTHS:
        return Shape(LENGTHS, columns.lengths if columns else _length_columns(found, where))
    if columns is not None:
        if columns.arrival is None:
            raise DocumentError("the map of columns names no arrival column", where, _MAP_HINT)
        return Shape(MAPPED, columns)
    return next((one for one in SHAPES if one.name == shape), None) or _recognise(found, where)


def _length_columns(found: Sequence[str], where: str) -> ColumnMap:
    """The first known pair of length columns in `found`."""
    for shape in SHAPES:
        if shape.columns.prompt in found and shape.columns.output in found:
            return shape.columns.lengths
    hint = "name yours: columns: {prompt: NAME, output: NAME}"
    raise DocumentError(f"length columns of no known trace: {_listed(found)}", where, hint)


def _recognise(found: Sequence[str], where: str) -> Shape:
    """The known shape with all, else with most, of its columns in `found`."""
    if found[0].startswith(("{", "[")):
        raise DocumentError("this is JSON, not CSV", where, "write one object per line, or a CSV with column names")
    if set(CLIENT_COLUMNS) <= set(found):
        hint = "draw requests from it: workloads: - servegen: {clients: THIS FILE, lengths: FILE}"
        raise DocumentError("these are ServeGen client models, not requests", where, hint)
    best = max(SHAPES, key=lambda shape: sum(name in found for name in shape.columns.names))
    columns = best.columns
    if not any(name in found for name in columns.names):
        known = "; ".join(f"{shape.name} has {_listed(shape.columns.names)}" for shape in SHAPES)
        raise DocumentError(f"columns of no known trace: {_listed(found)} ({known})", where, _MAP_HINT)
    has_lengths = columns.prompt in found and columns.output in found
    if has_lengths and columns.arrival not in found:
        raise DocumentError(
            f"the file has lengths ({columns.prompt}, {columns.output}) but no arrival column {columns.arrival!r}; "
            f"columns found: {_listed(found)}",
            where,
            "draw arrivals for it: arrivals: {process: poisson, rate_per_s: N}; or use a generator; or map the arrival "
            f"column if it has another name: columns: {{arrival: NAME, prompt: {columns.prompt}, "
            f"output: {columns.output}, arrival_unit: s}}",
        )
    return best


def _missing_columns(missing: Sequence[str], found: Sequence[str], where: str) -> DocumentError:
    plural = "columns" if len(missing) > 1 else "column"
    return DocumentError(
        f"{plural} {', '.join(map(repr, missing))} missing; columns found: {_listed(found)}",
        where,
        _MAP_HINT,
    )


def _listed(found: Sequence[str]) -> str:
    shown = [name if len(name) <= 40 else name[:37] + "..." for name in found[:12]]
    more = f" and {len(found) - 12} more" if len(found) > 12 else ""
    return ", ".join(map(repr, shown)) + more
