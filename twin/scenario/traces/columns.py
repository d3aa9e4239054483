"""Which columns of a request CSV hold arrival, prompt and output: the known shapes, or what the user says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from twin.errors import DocumentError

ArrivalUnit = Literal["s", "ms", "us", "ns", "datetime"]


class ColumnMap(BaseModel):
    """The three columns of a request trace, by the names in its first line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    arrival: str = Field(min_length=1, description="Column with the arrival time of each request.")
    prompt: str = Field(min_length=1, description="Column with the number of prompt (input) tokens.")
    output: str = Field(min_length=1, description="Column with the number of generated (output) tokens.")
    arrival_unit: ArrivalUnit = Field(
        default="s", description="Unit of the arrival numbers, or `datetime` for 2023-11-16 18:15:46.6805900."
    )

    @property
    def names(self) -> tuple[str, str, str]:
        """Arrival, prompt and output column, in this order."""
        return self.arrival, self.prompt, self.output


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
_MAP_HINT = "name yours: columns: {arrival: NAME, prompt: NAME, output: NAME, arrival_unit: s|ms|us|ns|datetime}"


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a trace, understood: which shape, which columns, and where they stand."""

    shape: str
    columns: ColumnMap
    i_arrival: int
    i_prompt: int
    i_output: int
    n_fields: int


def read_header(names: Sequence[str], columns: ColumnMap | None, where: str) -> Header:
    """Find the three columns in a first line `names`; `columns` overrules the known shapes.

    Errors: DocumentError at `where` when a column is missing or stands there twice.
    """
    found = [name.strip() for name in names]
    shape = Shape(MAPPED, columns) if columns else _recognise(found, where)
    missing = [name for name in shape.columns.names if name not in found]
    if missing:
        raise _missing_columns(missing, found, where)
    twice = [name for name in shape.columns.names if found.count(name) > 1]
    if twice:
        raise DocumentError(f"column {twice[0]!r} stands there {found.count(twice[0])} times", where, "rename one")
    i_arrival, i_prompt, i_output = (found.index(name) for name in shape.columns.names)
    return Header(shape.name, shape.columns, i_arrival, i_prompt, i_output, len(found))


def _recognise(found: Sequence[str], where: str) -> Shape:
    """The known shape with all, else with most, of its columns in `found`."""
    if found[0].startswith(("{", "[")):
        raise DocumentError("this is JSON, not CSV", where, "convert it to a CSV with a line of column names first")
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
            "a file of lengths alone cannot be replayed; use a generator, or map the arrival column if it has another "
            f"name: columns: {{arrival: NAME, prompt: {columns.prompt}, output: {columns.output}, arrival_unit: s}}",
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
