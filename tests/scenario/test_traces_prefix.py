"""Prefix blocks: kept with their requests, and shared only from the head of a prompt on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.scenario.traces.prefix import blocks_from, prefix_share

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=12)


def test_a_repeated_head_is_a_hit_and_what_follows_a_new_block_is_not() -> None:
    share = prefix_share(blocks_from([[1, 2, 3], [1, 2, 4], [9, 2], [1, 2, 4, 3]], 512))
    # Second request: 1 and 2. Third: none, for 9 is new. Fourth: 1, 2, 4 and then 3, all seen before.
    assert (share.n_blocks, share.n_distinct, share.hit_frac) == (12, 5, 6 / 12)


def test_no_blocks_have_no_share() -> None:
    assert prefix_share(blocks_from([[], []], 16)).hit_frac is None


@given(ROWS)
def test_the_share_is_that_of_a_cache_that_never_forgets(rows: list[list[int]]) -> None:
    held: set[int] = set()
    hits = 0
    for row in rows:
        for block in row:
            if block not in held:
                break
            hits += 1
        held.update(row)
    share = prefix_share(blocks_from(rows, 512))
    assert share.n_blocks == sum(map(len, rows))
    assert share.hit_frac == (pytest.approx(hits / share.n_blocks) if share.n_blocks else None)


@given(ROWS, st.integers(0, 7))
def test_blocks_go_where_their_requests_go(rows: list[list[int]], most: int) -> None:
    order = np.random.default_rng(most).permutation(len(rows))[: max(1, len(rows) - 1)]
    blocks = blocks_from(rows, 512).taken(order)
    assert [blocks.of(i).tolist() for i in range(len(order))] == [rows[i] for i in order]
    capped = blocks.capped(np.full(len(order), most))
    assert [capped.of(i).tolist() for i in range(len(order))] == [rows[i][:most] for i in order]
    assert capped.block_tokens == 512
