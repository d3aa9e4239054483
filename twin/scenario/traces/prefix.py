"""Which blocks of a prompt are the same as those of other prompts: ids of KV-cache blocks, and how many repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class PrefixBlocks:
    """Block ids of every prompt; two prompts share the KV cache of their equal leading ids."""

    offsets: np.ndarray  # (n + 1,) int64, request i has ids[offsets[i]:offsets[i + 1]]
    ids: np.ndarray  # (total,) int64, >= 0
    block_tokens: int  # prompt tokens behind each id; the last block of a prompt may hold fewer

    def of(self, i_request: int) -> np.ndarray:
        """The ids of one request, from the beginning of its prompt."""
        return self.ids[self.offsets[i_request] : self.offsets[i_request + 1]]

    def taken(self, rows: np.ndarray) -> PrefixBlocks:
        """The blocks of requests `rows` ((m,) int64), in that order."""
        n_ids = np.diff(self.offsets)[rows]
        offsets = np.concatenate([[0], np.cumsum(n_ids)])
        # Every id is found at the start of its own request plus its place in it.
        shift = np.repeat(self.offsets[rows] - offsets[:-1], n_ids)
        return PrefixBlocks(offsets, self.ids[np.arange(offsets[-1]) + shift], self.block_tokens)

    def capped(self, most: np.ndarray) -> PrefixBlocks:
        """At most `most` ((n,) int64, >= 0) leading blocks of each request."""
        n_ids = np.diff(self.offsets)
        place = np.arange(len(self.ids)) - np.repeat(self.offsets[:-1], n_ids)
        kept = self.ids[place < np.repeat(most, n_ids)]
        offsets = np.concatenate([[0], np.cumsum(np.minimum(n_ids, most))])
        return PrefixBlocks(offsets, kept, self.block_tokens)


@dataclass(frozen=True, slots=True)
class PrefixShare:
    """How much of the prompts an unbounded cache would already hold."""

    block_tokens: int
    n_blocks: int
    n_distinct: int
    hit_frac: float | None  # blocks held already / blocks; None when there are no blocks


def blocks_from(rows: Sequence[Sequence[int]], block_tokens: int) -> PrefixBlocks:
    """Blocks from one list of ids per request."""
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    ids = np.fromiter((i for row in rows for i in row), dtype=np.int64, count=int(offsets[-1]))
    return PrefixBlocks(offsets, ids, block_tokens)


def prefix_share(blocks: PrefixBlocks) -> PrefixShare:
    """The share of blocks that an earlier request had too, as it had all before them in the prompt."""
    n_blocks = len(blocks.ids)
    if not n_blocks:
        return PrefixShare(blocks.block_tokens, 0, 0, None)
    distinct, first_at, which = np.unique(blocks.ids, return_index=True, return_inverse=True)
    own_start = np.repeat(blocks.offsets[:-1], np.diff(blocks.offsets))
    is_new = first_at[which] >= own_start
    # Behind the first new block of a prompt nothing can be shared, for attention has seen other tokens there.
    n_new_before = np.cumsum(is_new)
    n_new_at_start = n_new_before[own_start] - is_new[own_start]
    hits = int(np.count_nonzero(n_new_before == n_new_at_start))
    return PrefixShare(blocks.block_tokens, n_blocks, len(distinct), hits / n_blocks)
