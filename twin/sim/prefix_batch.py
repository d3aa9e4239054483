"""A batch whose prompts may find their beginning in the KV cache, left there or held by others."""

from __future__ import annotations

from collections import deque

from twin.sim.batch import COMPLETION_SHIFT, REQUEST_MASK, Batch
from twin.sim.kv_blocks import EngineConfig
from twin.sim.prefix_cache import PrefixCache
from twin.sim.requests import RequestColumns


class PrefixBatch(Batch):
    """The rules of `Batch`, with blocks that sequences share counted once and unused ones kept until room is needed.

    Room is taken back from unused blocks before anything is looked up or released: in between, what is in use only
    grows, so that it comes to the same as doing so with every step.
    """

    __slots__ = ("prefix",)

    def __init__(
        self, config: EngineConfig, requests: RequestColumns, waiting: deque[int], prefix: PrefixCache
    ) -> None:
        super().__init__(config, requests, waiting)
        self.prefix = prefix

    def complete(self, now_s: float) -> int:
        """Release what has produced its last token, its blocks too; how many."""
        self._trim(0)
        end = self.step + 1 << COMPLETION_SHIFT
        ended = sorted([entry for entry in self.completions if entry < end])
        for entry in ended:
            self._release(entry & REQUEST_MASK)
        return super().complete(now_s)

    def preempt(self) -> None:
        """As ever; but what was preempted may share more than before, and is looked at again with the next step."""
        self._trim(0)
        n_waiting = len(self.waiting)
        super().preempt()
        if len(self.waiting) > n_waiting:
            self.is_retrying = True

    def admit(self) -> tuple[int, float]:
        """Spend what decoding leaves of the token budget on the unknown part of prompts; tokens and pairs taken."""
        self.is_retrying = False
        if self.context_sum + len(self.running) * self.block_tokens + self.held_tokens > self.cache_tokens:
            self.preempt()
        self._trim(1)
        return self._fill(len(self.running))

    def join(self, now_s: float) -> int:
        """Let the prompts that ended run on, and be found by others from now on; tokens produced."""
        for i in self.joins:
            self.prefix.enter(i)
        return super().join(now_s)

    def shared_tokens(self, i_request: int) -> int:
        """Tokens of a prompt in blocks that running sequences hold already: it needs no room for them."""
        return self.prefix.shared_tokens(i_request, self._prefill_tokens(i_request))

    def _claim(self, i_request: int, held_tokens: int) -> tuple[int, int]:
        done, shared = self.prefix.claim(i_request, self._prefill_tokens(i_request))
        self.cache_tokens += shared
        self.held_tokens = held_tokens
        self._trim(1)
        return done, shared

    def _release(self, i_request: int) -> None:
        self.cache_tokens -= self.prefix.release(i_request)

    def _prefill_tokens(self, i_request: int) -> int:
        return self.requests.prompt_tokens[i_request] + self.requests.kept_tokens[i_request]

    def _trim(self, n_steps: int) -> None:
        """Keep no more unused blocks than there is room for once n_steps more decode steps have begun."""
        most = self.context_sum + len(self.running) * self.block_tokens + self.held_tokens + self.prefix.unused_tokens
        if most > self.cache_tokens:
            self.prefix.trim(self.free_after(n_steps) * self.block_tokens)
