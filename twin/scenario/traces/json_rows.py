"""Requests from JSON lines: the Mooncake traces with their block ids, RAGPulse with its five lists of parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import cast

from twin.errors import DocumentError
from twin.files import Tree
from twin.scenario.traces.columns import ColumnMap, Header
from twin.scenario.traces.fields import arrival_parser
from twin.scenario.traces.opening import UNPACK_ERRORS, damaged
from twin.scenario.traces.rows import Row, Rows, checked

# In the order in which they make up a prompt (RAGPulse, flashserve/RAGPulse).
PARTS = ("sys_prompt", "passages_ids", "history", "web_search", "user_input")
MOONCAKE_BLOCK_TOKENS = 512
_MAX_ID = 2**63
_MOONCAKE = ColumnMap(arrival="timestamp", prompt="input_length", output="output_length", arrival_unit="ms")
_RAGPULSE = ColumnMap(arrival="timestamp", prompt="input_length", output="output_length", arrival_unit="s")
JSON_SHAPES = {"mooncake": _MOONCAKE, "ragpulse": _RAGPULSE}
_HINT = "each line must hold one request as {...}; Mooncake and RAGPulse layouts are known, other traces as CSV"

Part = tuple[int, int]  # index in PARTS, id


@dataclass(slots=True)
class JsonRows:
    """Rows of JSON lines, and with each kept row what its prompt is made of."""

    rows: Rows
    block_ids: list[list[int]] = field(default_factory=list)  # Mooncake
    parts: list[list[Part]] = field(default_factory=list)  # RAGPulse


def json_requests(
    text: Iterable[str], path: Path, limit: int | None, shape: str = "auto", block_tokens: int = MOONCAKE_BLOCK_TOKENS
) -> JsonRows:
    """The requests of JSON lines; `shape` is mooncake, ragpulse, or auto: told by the first line.

    Rows are dropped for the reasons of a CSV and bad_json, bad_hash_ids, and hash_count_mismatch: a prompt of n tokens
    has n / `block_tokens` ids, rounded up, or down when the last block is not full.
    Errors: DocumentError when the first line is no request of a known layout.
    """
    lines = numbered_lines(text, path)
    first = next(lines)
    shape = _shape(first[1], f"{path}:{first[0]}") if shape == "auto" else shape
    columns = JSON_SHAPES[shape]
    found = JsonRows(Rows(path, Header(shape, columns, 0, 1, 2, 3)))
    parse_ns = arrival_parser(columns.arrival_unit)
    for line, content in islice(chain([first], lines), limit):
        tree = mapping(content)
        if tree is None:
            found.rows.drop(line, "bad_json")
            continue
        arrival, prompt, output = (_text(tree.get(name)) for name in columns.names)
        row = checked(parse_ns(arrival), prompt, output) if arrival and prompt and output else "missing_field"
        if not isinstance(row, str):
            row = _with_prefix(found, row, tree.get("hash_ids"), block_tokens)
        if isinstance(row, str):
            found.rows.drop(line, row)
        else:
            found.rows.keep(line, row)
    return found


def numbered_lines(text: Iterable[str], path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers."""
    line = 0
    try:
        for line, content in enumerate(text, 1):
            if content.strip():
                yield line, content
    except UNPACK_ERRORS as error:
        raise damaged(error, f"{path}:{line + 1}") from None


def mapping(content: str) -> Tree | None:
    """A line of JSON as a mapping, or None when it is something else."""
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def token_id(value: object) -> int | None:
    """A block or part id: a whole number from 0 on that fits 64 bits."""
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_ID
    return cast(int, value) if is_id else None


def _shape(first: str, where: str) -> str:
    tree = mapping(first)
    if tree is None:
        raise DocumentError("the first line is JSON, but not one whole object", where, _HINT)
    missing = [name for name in _MOONCAKE.names if name not in tree]
    if missing:
        what = f"JSON lines of no known trace: {', '.join(map(repr, missing))} missing; fields found: "
        raise DocumentError(what + ", ".join(repr(name[:40]) for name in list(tree)[:12]), where, _HINT)
    return "ragpulse" if isinstance(tree.get("hash_ids"), dict) else "mooncake"


def _text(value: object) -> str:
    """A JSON number or string as the text of a field; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return repr(value)


def _with_prefix(found: JsonRows, row: Row, hash_ids: object, block_tokens: int) -> Row | str:
    """The row again, its ids stored; or why the ids make no sense."""
    if found.rows.header.shape == "ragpulse":
        parts = _parts(hash_ids)
        if parts is None:
            return "bad_hash_ids"
        found.parts.append(parts)
        return row
    ids = _ids([] if hash_ids is None else hash_ids)
    if ids is None:
        return "bad_hash_ids"
    if hash_ids is not None and len(ids) not in (row[1] // block_tokens, -(-row[1] // block_tokens)):
        return "hash_count_mismatch"
    found.block_ids.append(ids)
    return row


def _parts(hash_ids: object) -> list[Part] | None:
    if hash_ids is None:
        return []
    if not isinstance(hash_ids, dict):
        return None
    parts: list[Part] = []
    for kind, name in enumerate(PARTS):
        ids = _ids(hash_ids.get(name, []))
        if ids is None:
            return None
        parts += [(kind, i) for i in ids]
    return parts


def _ids(values: object) -> list[int] | None:
    if not isinstance(values, list) or any(token_id(value) is None for value in values):
        return None
    return values
