"""The paged KV cache: its size from memory, its blocks from sums."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import ModelRangeError
from twin.sim.batch import Batch
from twin.sim.bench_serving import LLAMA_8B
from twin.sim.kv_blocks import EngineConfig, kv_blocks, padding_tokens
from twin.sim.requests import RequestColumns


def test_llama_8b_on_80_gb_keeps_about_400_thousand_tokens() -> None:
    """By hand: 72 GB usable less 16 GB of weights over 128 KiB a token is 427 thousand, before activations."""
    tokens = 16 * kv_blocks(LLAMA_8B, 80e9)
    assert 400_000 < tokens < 427_000


def test_two_accelerators_hold_more_than_twice_as_much() -> None:
    assert kv_blocks(LLAMA_8B, 80e9, 2) > 2 * kv_blocks(LLAMA_8B, 80e9)


def test_a_model_that_does_not_fit_is_refused_with_its_sizes() -> None:
    with pytest.raises(ModelRangeError, match=r"weights of 16\.1 GB .* 90% of 16\.0 GB"):
        kv_blocks(LLAMA_8B, 16e9)
    assert kv_blocks(replace(LLAMA_8B, weight_bytes_per_param=1.0), 16e9) > 0


contexts = st.lists(st.integers(1, 100), min_size=1, max_size=20)


def batch_of(tokens: list[int], n_blocks: int, block_tokens: int) -> Batch:
    """A batch in which every request has just had its first token."""
    requests = RequestColumns([0.0] * len(tokens), tokens, [1000] * len(tokens))
    batch = Batch(EngineConfig(n_blocks, 4096, 64, block_tokens), requests, deque())
    batch.waiting.extend(range(len(tokens)))
    while batch.waiting:
        batch.admit()
        batch.join(0.0)
    return batch


@given(contexts, st.integers(0, 200), st.sampled_from([1, 3, 16]))
def test_blocks_from_sums_are_blocks_counted_one_by_one(tokens: list[int], n_steps: int, block_tokens: int) -> None:
    batch = batch_of(tokens, 10_000, block_tokens)
    counted = sum(-(-(context + n_steps) // block_tokens) for context in tokens)
    assert batch.free_after(n_steps) == 10_000 - counted


@given(contexts, st.integers(0, 300), st.sampled_from([1, 3, 16]))
def test_a_stretch_ends_with_the_last_step_that_fits(tokens: list[int], spare: int, block_tokens: int) -> None:
    n_blocks = sum(-(-(context + 1) // block_tokens) for context in tokens) + spare
    batch = batch_of(tokens, n_blocks, block_tokens)
    n_steps = batch.steps_that_fit(999)
    assert n_steps == 999 or batch.free_after(n_steps) >= 0 > batch.free_after(n_steps + 1)


def test_full_blocks_leave_no_padding() -> None:
    assert padding_tokens([0, 0, 0, 2], 13) == 0
    assert padding_tokens([2, 0, 0, 0], 13) == 6
