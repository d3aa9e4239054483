"""Prompts that begin alike are computed once while their blocks are kept; the longest unused goes first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import twin
from twin.errors import DocumentError
from twin.scenario.traces.prefix import blocks_from
from twin.sim.prefix_cache import PrefixCache, PrefixHolders, PromptBlocks
from twin.sim.run import load_documents

Write = Callable[..., Path]
TOKENS = 4


def cache(*rows: list[int]) -> PrefixCache:
    """A cache for prompts that are whole blocks and one token long."""
    return PrefixCache(PromptBlocks(blocks_from(rows, TOKENS), [TOKENS * len(row) + 1 for row in rows]))


def served(kept: PrefixCache, i: int, n_blocks: int) -> int:
    """Blocks a prompt finds, after it came and went."""
    hit_tokens, _ = kept.claim(i, TOKENS * n_blocks + 1)
    kept.enter(i)
    kept.release(i)
    return hit_tokens // TOKENS


def test_a_prompt_finds_what_an_earlier_one_left() -> None:
    kept = cache([1, 2, 3], [1, 2, 4], [5, 2, 3])
    assert [served(kept, i, 3) for i in range(3)] == [0, 2, 0]
    assert kept.unused_tokens == TOKENS * len({1, 2, 3, 4, 5})


def test_the_last_token_is_computed_even_where_every_block_is_known() -> None:
    kept = PrefixCache(PromptBlocks(blocks_from([[1, 2]], TOKENS), [2 * TOKENS]))
    kept.claim(0, 2 * TOKENS)
    kept.enter(0)
    kept.release(0)
    assert kept.hits(0, 2 * TOKENS) == 1
    assert kept.hits(0, 2 * TOKENS + 1) == 2


def test_a_block_that_is_not_whole_is_not_kept() -> None:
    kept = PrefixCache(PromptBlocks(blocks_from([[1, 2], [1, 2]], TOKENS), [2 * TOKENS - 1] * 2))
    assert [served(kept, i, 2) for i in range(2)] == [0, 1]


def test_what_several_hold_takes_room_once() -> None:
    kept = cache([1, 2], [1, 2], [1, 3])
    kept.claim(0, 9)
    kept.enter(0)
    assert kept.shared_tokens(1, 9) == 2 * TOKENS
    assert kept.claim(1, 9) == (2 * TOKENS, 2 * TOKENS)
    assert kept.claim(2, 9) == (TOKENS, TOKENS)
    assert [kept.release(i) for i in range(3)] == [2 * TOKENS, TOKENS, 0]
    assert kept.unused_tokens == 2 * TOKENS


def test_the_end_of_what_was_longest_unused_goes_first() -> None:
    kept = cache([1, 2], [3, 4], [1, 9])
    assert [served(kept, i, 2) for i in range(3)] == [0, 0, 1]  # 1 was used again, and after 4 and 3
    kept.trim(3 * TOKENS)
    assert (kept.hits(0, 9), kept.hits(1, 9), kept.hits(2, 9)) == (1, 1, 2)
    kept.trim(2 * TOKENS)
    assert (kept.hits(0, 9), kept.hits(1, 9), kept.hits(2, 9)) == (1, 0, 2)
    kept.trim(-5)
    assert kept.unused_tokens == 0


def test_a_long_life_agrees_with_a_plain_list() -> None:
    rng = np.random.default_rng(5)
    rows = [[100 * int(rng.integers(0, 6)) + k for k in range(int(rng.integers(1, 7)))] for _ in range(4000)]
    kept, plain = cache(*rows), list[int]()
    for i, row in enumerate(rows):
        known = next((k for k, block in enumerate(row) if block not in plain), len(row))
        assert served(kept, i, len(row)) == known
        plain = [block for block in plain if block not in row[:known]]
        # What is known further on but not reachable stays where it was.
        plain += [block for block in reversed(row) if block not in plain]
        room = int(rng.integers(8, 40)) if i % 50 == 0 else 36
        kept.trim(room * TOKENS)
        plain = plain[max(0, len(plain) - room) :]
        assert kept.unused_tokens == TOKENS * len(plain)


@pytest.fixture
def write_shared(write_scenario: Write, tmp_path: Path) -> Write:
    """A scenario whose prompts share all but their last block with one of three stems."""
    lines = []
    for i in range(300):
        stem = 100 * (i % 3)
        row = {"timestamp": 300 * i, "input_length": 4 * 512 + 90, "output_length": 40}
        lines.append(json.dumps({**row, "hash_ids": [stem, stem + 1, stem + 2, stem + 3, 1000 + i]}))
    (tmp_path / "shared.jsonl").write_text("\n".join(lines) + "\n")

    def write(is_on: bool, **parts: object) -> Path:
        chat = {key: value for key, value in load_documents(write_scenario()).scenario["workloads"][0].items()}
        chat.pop("generator")
        chat |= {"trace": {"file": "shared.jsonl"}, "engine": {"prefix_cache": is_on}, **parts}
        return write_scenario(workloads=[chat])

    return write


def test_a_run_says_how_much_it_found_and_answers_earlier(write_shared: Write) -> None:
    off, on = twin.run(write_shared(False)), twin.run(write_shared(True))
    assert off.summary["serving"]["prefix_hit_frac"] is None
    found = on.summary["serving"]["prefix_hit_frac"]
    n_replicas = on.summary["serving"]["replicas"]
    whole = 4 * 512 / (4 * 512 + 90)
    assert whole * (1 - 4 * n_replicas / 300) < found < whole
    assert on.summary["serving"]["ttft_s"]["mean"] < 0.7 * off.summary["serving"]["ttft_s"]["mean"]
    assert on.summary["serving"]["requests_completed"] == off.summary["serving"]["requests_completed"] == 300
    skipped = off.summary["serving"]["prompt_tokens"] - on.summary["serving"]["prompt_tokens"]
    assert skipped == pytest.approx(found * off.summary["serving"]["prompt_tokens"])


def test_a_router_that_looks_at_prompts_finds_more(write_shared: Write) -> None:
    blind, aware = (twin.run(write_shared(True, router=name)) for name in ("round_robin", "prefix_aware"))
    assert aware.summary["serving"]["prefix_hit_frac"] > blind.summary["serving"]["prefix_hit_frac"]


def test_a_failed_server_forgets(write_shared: Write) -> None:
    calm = twin.run(write_shared(True))
    scenario = write_shared(True)
    tree = json.loads(scenario.read_text())
    tree["faults"] = [{"at_s": 40, "element": "B3"}, {"at_s": 42, "element": "B3", "action": "repair"}]
    scenario.write_text(json.dumps(tree))
    hurt = twin.run(scenario)
    assert 0.5 < hurt.summary["serving"]["prefix_hit_frac"] < calm.summary["serving"]["prefix_hit_frac"]


def test_a_prefix_cache_needs_hash_ids_in_whole_blocks(write_scenario: Write, write_shared: Write) -> None:
    chat = load_documents(write_scenario()).scenario["workloads"][0]
    with pytest.raises(DocumentError, match="azure_conv_2023 does not say which prompts begin alike"):
        twin.run(write_scenario(workloads=[{**chat, "engine": {"prefix_cache": True}}]))
    with pytest.raises(DocumentError, match="no whole blocks of 24 tokens"):
        twin.run(write_shared(True, engine={"prefix_cache": True, "block_tokens": 24}))


def test_who_keeps_a_prompt_is_known_as_if_each_were_asked() -> None:
    """Three caches live on at random, one loses power now and then, one was there before it was listed."""
    rng = np.random.default_rng(4)
    firsts, seconds = rng.integers(0, 3, (2, 60)).tolist()
    rows = [[a, 10 + 3 * a + b, 100 + i % 7] for i, (a, b) in enumerate(zip(firsts, seconds, strict=True))]
    blocks = PromptBlocks(blocks_from(rows, TOKENS), [TOKENS * 3 + i % 2 for i in range(60)])
    caches, holders = [PrefixCache(blocks) for _ in range(3)], PrefixHolders(blocks)
    served(caches[0], 0, 3)
    for slot, kept in enumerate(caches):
        kept.list_in(holders, slot)
    for i in range(60):
        n_tokens = TOKENS * 3 + i % 2
        asked = {slot: kept.hits(i, n_tokens) * TOKENS for slot, kept in enumerate(caches) if kept.hits(i, n_tokens)}
        assert holders.tokens(i, n_tokens) == asked
        chosen = caches[int(rng.integers(3))]
        served(chosen, i, 3)
        chosen.trim(TOKENS * int(rng.integers(2, 12)))
        if i % 20 == 19:
            chosen.clear()
    for kept in caches:
        kept.clear()
    assert not holders.masks
