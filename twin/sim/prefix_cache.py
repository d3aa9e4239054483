"""Prompt blocks a replica keeps in its KV cache after use, so that a prompt that begins alike need not compute them."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np

from twin.scenario.traces.prefix import PrefixBlocks


class PromptBlocks:
    """Hashes of the whole blocks of every prompt of a workload, `rows[i]` those of request i, from its beginning."""

    __slots__ = ("block_tokens", "rows")

    def __init__(self, blocks: PrefixBlocks, prompt_tokens: Sequence[int]) -> None:
        self.block_tokens = blocks.block_tokens
        n_whole = np.minimum(np.diff(blocks.offsets), np.asarray(prompt_tokens) // blocks.block_tokens)
        ends = (blocks.offsets[:-1] + n_whole).tolist()
        ids: list[int] = blocks.ids.tolist()
        self.rows = [tuple(ids[start:end]) for start, end in zip(blocks.offsets.tolist(), ends, strict=False)]


class PrefixHolders:
    """Which replicas of a workload keep which block: one bit per replica, so that nobody has to ask each of them."""

    __slots__ = ("_block_tokens", "_rows", "masks")

    def __init__(self, blocks: PromptBlocks) -> None:
        self._block_tokens, self._rows = blocks.block_tokens, blocks.rows
        self.masks: dict[int, int] = {}  # block -> bits of those that keep it; absent where nobody does

    def tokens(self, i_request: int, n_tokens: int) -> dict[int, int]:
        """Tokens of the known beginning of a prompt of n_tokens by replica, those that know something, the most last.

        A prompt that is known to its end still has its last token computed.
        """
        row, found = self._rows[i_request], {}
        kept_by = list(map(self.masks.get, row))
        kept_by.append(None)
        most_known = (n_tokens - 1) // self._block_tokens
        present, n_known = kept_by[0] or 0, 0
        while present:
            n_known += 1
            kept = kept_by[n_known]
            if kept != present:
                further = present & kept if kept else 0
                if further != present:
                    n_hits = n_known if n_known < most_known else most_known
                    if n_hits:
                        found.update(dict.fromkeys(_slots(present ^ further), n_hits * self._block_tokens))
                    present = further
        return found


@lru_cache(maxsize=65536)
def _slots(mask: int) -> tuple[int, ...]:
    """Replicas whose bits are set, the last first."""
    slots = []
    while mask:
        slots.append(mask.bit_length() - 1)
        mask ^= 1 << slots[-1]
    return tuple(slots)


class PrefixCache:
    """Hashed blocks of prompts: those sequences hold, counted, and those nobody holds, the longest unused first out.

    Only whole blocks of prompts are known by their hash. They are entered when the prefill of their prompt ends; one
    computed beside an equal prompt keeps its own copy. A block here is one of the trace (512 tokens in Mooncake's): a
    whole number of engine blocks. After vLLM v1 (v1/core/kv_cache_manager.py), which enters blocks chunk by chunk, and
    generated blocks as well.
    """

    __slots__ = (
        "_also",
        "_bit",
        "_held",
        "_in_use",
        "_masks",
        "_order",
        "_rows",
        "_stale",
        "_unused",
        "asked_tokens",
        "block_tokens",
        "hit_tokens",
    )

    def __init__(self, blocks: PromptBlocks) -> None:
        self.block_tokens, self._rows = blocks.block_tokens, blocks.rows
        self.hit_tokens = self.asked_tokens = 0
        self._masks: dict[int, int] | None = None
        self._bit = 0
        self._in_use: set[int] = set()
        self._unused: set[int] = set()
        self.clear()

    def clear(self) -> None:
        """Lose all blocks, as when power fails; the counts of hits stay."""
        if self._masks is not None:
            self._unlist(self._in_use | self._unused)
        self._in_use = set()  # blocks any sequence holds
        self._also: dict[int, int] = {}  # block -> sequences that hold it beside the first; most are held by one
        self._held: dict[int, list[int]] = {}  # request -> blocks it holds, in order of the prompt
        self._unused = set()  # blocks nobody holds
        self._order: deque[int] = deque()  # them, the longest unused first, and entries of blocks in use again
        self._stale: dict[int, int] = {}  # block -> so many of its entries, the first ones, count no more

    def list_in(self, holders: PrefixHolders, slot: int) -> None:
        """Tell from now on in bit `slot` which blocks are here."""
        self._masks, self._bit = holders.masks, 1 << slot
        self._list(self._in_use | self._unused)

    def _list(self, blocks: Collection[int]) -> None:
        masks, bit = self._masks, self._bit
        assert masks is not None
        if masks.keys().isdisjoint(blocks):  # nearly always: what one replica computes no other has
            masks.update(dict.fromkeys(blocks, bit))
            return
        for block in blocks:
            masks[block] = masks.get(block, 0) | bit

    def _unlist(self, blocks: Collection[int]) -> None:
        masks, bit = self._masks, self._bit
        assert masks is not None
        former = list(map(masks.pop, blocks))
        if former.count(bit) < len(former):
            masks.update([(block, mask ^ bit) for block, mask in zip(blocks, former, strict=True) if mask != bit])

    def hits(self, i_request: int, n_tokens: int) -> int:
        """Leading blocks of a prompt of n_tokens that are here; the last token is computed in any case."""
        row, in_use, unused = self._rows[i_request], self._in_use, self._unused
        for k, block in enumerate(row):
            if block not in in_use and block not in unused:
                return k
        return min(len(row), (n_tokens - 1) // self.block_tokens)

    def shared_tokens(self, i_request: int, n_tokens: int) -> int:
        """Tokens of the hits that others hold already: they take no further room."""
        n_hits = self.hits(i_request, n_tokens)
        return sum([block in self._in_use for block in self._rows[i_request][:n_hits]]) * self.block_tokens

    def claim(self, i_request: int, n_tokens: int) -> tuple[int, int]:
        """Hold the hits of a prompt of n_tokens from now on; tokens of all hits, and of those that others hold too."""
        n_hits = self.hits(i_request, n_tokens)
        blocks = list(self._rows[i_request][:n_hits])
        in_use, also, stale, taken = self._in_use, self._also, self._stale, blocks
        shared = in_use.intersection(blocks)
        if shared:
            taken = [block for block in blocks if block not in shared]
            for block in shared:
                also[block] = also.get(block, 0) + 1
        self._unused.difference_update(taken)
        in_use.update(taken)
        for block in taken:
            stale[block] = stale.get(block, 0) + 1
        self._held[i_request] = blocks
        self.hit_tokens += n_hits * self.block_tokens
        self.asked_tokens += n_tokens
        return n_hits * self.block_tokens, len(shared) * self.block_tokens

    def enter(self, i_request: int) -> None:
        """The prefill of a prompt ended: its whole blocks that are not here yet are, held by it."""
        held, in_use, unused = self._held[i_request], self._in_use, self._unused
        new: Sequence[int] = self._rows[i_request][len(held) :]
        if not (in_use.isdisjoint(new) and unused.isdisjoint(new)):
            new = [block for block in new if block not in in_use and block not in unused]
        in_use.update(new)
        held += new
        if self._masks is not None:
            self._list(new)

    def release(self, i_request: int) -> int:
        """Hold nothing for a request any more; tokens of the blocks that others still hold.

        Its last blocks go first when room is needed, for they are of no use without those before them.
        """
        held, also = self._held.pop(i_request), self._also
        held.reverse()
        shared = also.keys() & held
        for block in shared:
            held.remove(block)
            also[block] -= 1
            if not also[block]:
                del also[block]
        self._in_use.difference_update(held)
        self._unused.update(held)
        self._order.extend(held)
        if len(self._order) > 4 * len(self._unused) + 4096:
            self._order = deque(block for block in self._order if not self._is_stale(block))
        return len(shared) * self.block_tokens

    @property
    def unused_tokens(self) -> int:
        """Tokens in blocks that nobody holds."""
        return len(self._unused) * self.block_tokens

    def trim(self, free_tokens: int) -> None:
        """Give up the longest unused blocks until what is unused fits into free_tokens."""
        unused, order, stale = self._unused, self._order, self._stale
        n_left = len(unused) - max(0, free_tokens // self.block_tokens)
        gone: list[int] = []
        while n_left > 0:
            oldest = [order.popleft() for _ in range(n_left)]
            if not stale.keys().isdisjoint(oldest):
                oldest = [block for block in oldest if block not in stale or not self._is_stale(block)]
            gone += oldest
            n_left -= len(oldest)
        unused.difference_update(gone)
        if self._masks is not None:
            self._unlist(gone)

    def _is_stale(self, block: int) -> bool:
        """Whether the next entry of a block is one that counts no more; asked once per entry."""
        n_stale = self._stale.get(block, 0)
        if n_stale > 1:
            self._stale[block] = n_stale - 1
        elif n_stale:
            del self._stale[block]
        return n_stale > 0
