"""NeuPIMs from the commands of its public simulator: what a request costs, how channels fill, and the limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.validate.neupims import (
    BATCHES,
    CONTEXTS_FILE,
    REFRESH_FRAC,
    SHARDS,
    attention_pim_s,
    attention_rows,
    batch_of,
    blocked_s,
    dual,
    figures,
    npu_alone_s,
    products_s,
)
from twin.validate.tables import read_table

DATA = Path(__file__).parents[2] / "assets" / "validation"


def test_a_request_costs_what_the_scheduler_of_the_simulator_estimates() -> None:
    """GPT3-7B over four devices, 235 tokens: 2 x (100 + 8 x 184) for keys, 8 x (100 + 4 x 184) for values, in ns."""
    rows, vectors, _ = attention_rows(SHARDS["7B"], np.array([235.0]))
    assert rows[0] * 184 + vectors[0] * 100 == 2 * (100 + 8 * 184) + 8 * (100 + 4 * 184)
    alone_s = attention_pim_s(SHARDS["7B"], np.array([235.0]), False)
    assert alone_s * (1.0 - REFRESH_FRAC) == pytest.approx(9832e-9)


def test_single_buffered_rows_need_a_command_for_each_sixteen_values() -> None:
    """Keys: 16 rows of header, 4 heads x (8 computations + results); values: 32 rows of 15 computations; 10 vectors."""
    commands = attention_rows(SHARDS["7B"], np.array([235.0]))[2]
    assert commands[0] == 16 * (1 + 4 * 9) + 32 * (15 + 2) + 10


def test_contexts_in_steady_state_are_those_of_the_shipped_traces() -> None:
    """Ten traces of 512 ShareGPT requests in the simulator's repository average 286 to 311 tokens."""
    table = read_table(DATA / CONTEXTS_FILE)
    assert 286 < table.numbers("sharegpt").mean() < 311
    assert np.all(np.diff(table.numbers("alpaca")) >= 0)


def test_the_longest_in_turn_to_the_emptiest_channel_never_lose_to_dealing_in_turn() -> None:
    contexts = read_table(DATA / CONTEXTS_FILE).numbers("sharegpt")
    for n in BATCHES:
        batch = batch_of(contexts, n, 1)
        assert attention_pim_s(SHARDS["30B"], batch, True) <= attention_pim_s(SHARDS["30B"], batch, False)


def test_the_whole_device_is_never_slower_than_blocked_and_never_faster_than_its_products() -> None:
    contexts = read_table(DATA / CONTEXTS_FILE).numbers("alpaca")
    for shard in SHARDS.values():
        for n in BATCHES:
            batch = batch_of(contexts, n, 0)
            full_s = dual(shard, batch).time_s
            assert products_s(shard, n) < full_s <= blocked_s(shard, batch)
            assert full_s < npu_alone_s(shard, batch)


def test_gain_over_blocked_memory_is_the_published_one() -> None:
    """1.6 x on average, 69.7 % by dual row buffers alone, arrays of the blocked device busy 28 %: arXiv 2403.00579."""
    found = figures(DATA, 510e-6)
    assert found["neupims_naive"] == pytest.approx(1.6, rel=0.15)
    assert found["neupims_drb"] == pytest.approx(69.7, rel=0.15)
    assert found["neupims_util_naive"] == pytest.approx(28.0, rel=0.15)
