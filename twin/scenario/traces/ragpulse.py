"""RAGPulse prompts as KV-cache blocks: its parts have lengths of their own, in five tables beside the trace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.fields import token_count
from twin.scenario.traces.json_rows import PARTS, Part, mapping, numbered_lines, token_id
from twin.scenario.traces.opening import open_text
from twin.scenario.traces.prefix import PrefixBlocks

# Parts begin and end anywhere, so blocks must be small to follow them; 16 tokens is the block of common engines.
BLOCK_TOKENS = 16
# Table and id field of each of PARTS (flashserve/RAGPulse @ 3672232d).
_TABLES = (
    ("1_sys_prompt", "sys_prompt_id"),
    ("2_passages", "passage_id"),
    ("3_history", "history_id"),
    ("5_web_search", "web_search_id"),
    ("4_user_input", "user_input_id"),
)
_PACKINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")

PartTokens = dict[Part, int]


def part_tokens(folder: Path) -> tuple[PartTokens, list[str]]:
    """Tokens of every part from the tables in `folder`, and the names of the tables that are not there.

    Errors: DocumentError with file and line when a line of a table cannot be read, or an id has two lengths.
    """
    tokens: PartTokens = {}
    missing: list[str] = []
    for kind, (name, id_field) in enumerate(_TABLES):
        path = next((folder / (name + end) for end in _PACKINGS if (folder / (name + end)).is_file()), None)
        if path is None:
            missing.append(f"{name}.jsonl")
        else:
            _read_table(path, kind, id_field, tokens)
    return tokens, missing


def _read_table(path: Path, kind: int, id_field: str, tokens: PartTokens) -> None:
    with open_text(path) as text:
        for line, content in numbered_lines(text, path):
            tree = mapping(content) or {}
            i, length = token_id(tree.get(id_field)), token_count(repr(tree.get("token_length")))
            if i is None or length is None:
                hint = f'write {{"{id_field}": ID, "token_length": N}}'
                raise DocumentError(f"no length of a {PARTS[kind]} part", f"{path}:{line}", hint)
            if tokens.setdefault((kind, i), length) != length:
                what = f"{id_field} {i} has {length} tokens here and {tokens[kind, i]} above"
                raise DocumentError(what, f"{path}:{line}", "keep one of them")


def prompt_blocks(requests: Sequence[Sequence[Part]], tokens: PartTokens) -> tuple[PrefixBlocks, int]:
    """Blocks of BLOCK_TOKENS such that equal leading ids mean equal leading parts, and the parts of unknown length.

    A block belongs to the chain of parts up to the one in which it ends. Blocks that the parts do not fill, such as
    the separators at the end of a prompt, have no id; nor has anything behind a part of unknown length.
    """
    # Chain so far and next part -> chain, its length in tokens, and its first block that ends in the last part.
    chains: dict[tuple[int, Part], tuple[int, int, int]] = {}
    first_ids: list[int] = []  # of each chain: the id of its first own block
    n_ids = 0
    pieces: list[np.ndarray] = []
    offsets = np.zeros(len(requests) + 1, dtype=np.int64)
    n_unknown = 0
    for i_request, parts in enumerate(requests):
        chain, length = -1, 0
        for part in parts:
            part_length = tokens.get(part)
            if part_length is None:
                n_unknown += 1
                break
            known = chains.get((chain, part))
            if known is None:
                n_before, n_after = length // BLOCK_TOKENS, (length + part_length) // BLOCK_TOKENS
                known = chains[chain, part] = len(first_ids), length + part_length, n_after - n_before
                first_ids.append(n_ids)
                n_ids += n_after - n_before
            chain, length, n_own = known
            pieces.append(np.arange(first_ids[chain], first_ids[chain] + n_own))
        offsets[i_request + 1] = offsets[i_request] + length // BLOCK_TOKENS
    ids = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)
    return PrefixBlocks(offsets, ids.astype(np.int64), BLOCK_TOKENS), n_unknown
