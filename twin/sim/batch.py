"""What a serving engine holds: its queue, its running sequences and their KV blocks, counted in steps, not seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from heapq import heapify, heappop, heappush

from twin.sim.kv_blocks import EngineConfig, padding_tokens
from twin.sim.requests import RequestColumns, RequestState

_WAITING, _RUNNING, _DONE = int(RequestState.WAITING), int(RequestState.RUNNING), int(RequestState.DONE)

# A completion is one integer, step above and request below: it compares faster than a tuple.
COMPLETION_SHIFT = 40
REQUEST_MASK = (1 << COMPLETION_SHIFT) - 1


class Batch:
    """Queue and running sequences of one replica under the rules of vLLM v1 (v1/core/sched/scheduler.py).

    Every decode step gives each running sequence one token. `step` counts decode steps; a sequence keeps only its
    `context - step`, so that a stretch of steps costs nothing per sequence. `context_sum` is the tokens in cache of all
    running sequences, `held_tokens` the places in blocks of the prompt not through. Blocks of running sequences are not
    booked one by one: they follow from `context_sum` and from how many sequences stand at each remainder of the block
    size, and even that sum is only needed when the cache is nearly full. Where sequences share blocks of a prefix
    (`twin.sim.prefix_batch`), `cache_tokens` is by so much larger than the places there are.
    """

    __slots__ = (
        "block_tokens",
        "cache_tokens",
        "chunk_done",
        "chunking",
        "completions",
        "config",
        "context_sum",
        "held_tokens",
        "is_retrying",
        "joins",
        "most_tokens",
        "phase_counts",
        "requests",
        "running",
        "step",
        "waiting",
    )

    def __init__(self, config: EngineConfig, requests: RequestColumns, waiting: deque[int]) -> None:
        self.config, self.requests = config, requests
        self.block_tokens = config.block_tokens
        self.waiting = waiting
        self.running: dict[int, int] = {}  # request -> context - step, in order of admission
        self.completions: list[int] = []  # heap
        self.joins: list[int] = []  # prompts that end in the iteration under way
        self.chunking = -1  # the admitted request whose prompt is not through, or -1
        self.chunk_done = 0
        self.phase_counts = [0] * config.block_tokens  # running sequences by (context - step) modulo block size
        self.cache_tokens = config.n_blocks * config.block_tokens
        self.most_tokens = config.n_blocks // config.n_ranks * config.block_tokens
        self.held_tokens = 0
        self.step = self.context_sum = 0
        self.is_retrying = False  # what was just preempted may find its prefix and be admitted with the next step

    def held(self) -> list[int]:
        """Every request in here, in order of admission, then of the queue."""
        chunking = [self.chunking] if self.chunking >= 0 else []
        return [*self.running, *self.joins, *chunking, *self.waiting]

    def prompt_blocks(self, i_request: int) -> int:
        """Blocks to admit a request: its prompt, and what it had generated when it was preempted."""
        requests = self.requests
        return -(-(requests.prompt_tokens[i_request] + requests.kept_tokens[i_request]) // self.block_tokens)

    def free_after(self, n_steps: int) -> int:
        """Blocks free once n_steps more decode steps have begun; negative when they do not fit."""
        n = len(self.running)
        padding = padding_tokens(self.phase_counts, self.step + n_steps)
        used = (self.context_sum + n * n_steps + padding) // self.block_tokens
        return (self.cache_tokens - self.held_tokens) // self.block_tokens - used

    def steps_that_fit(self, n_steps: int) -> int:
        """Decode steps, at most n_steps, before blocks run out; at least 1 is known to fit."""
        if self.free_after(n_steps) >= 0:
            return n_steps
        # Blocks only fill up, so the last step that fits is found by halving.
        return bisect_left(range(1, n_steps), 1, key=lambda k: self.free_after(k + 1) < 0) + 1

    def make_room(self) -> int:
        """Preempt until the next decode step has its blocks; steps from there to a completion or a full cache."""
        self.preempt()
        return self.steps_that_fit((self.completions[0] >> COMPLETION_SHIFT) - self.step)

    def complete(self, now_s: float) -> int:
        """Release what has produced its last token; how many."""
        completions, requests, phase_counts = self.completions, self.requests, self.phase_counts
        block_tokens, step, running = self.block_tokens, self.step, self.running
        end = step + 1 << COMPLETION_SHIFT
        n_before, context_sum = len(completions), self.context_sum
        while completions and completions[0] < end:
            i = heappop(completions) & REQUEST_MASK
            offset = running.pop(i)
            phase_counts[offset % block_tokens] -= 1
            context_sum -= offset + step
            requests.finish_s[i] = now_s
            requests.state[i] = _DONE
            requests.ended.append(i)
        self.context_sum = context_sum
        return n_before - len(completions)

    def preempt(self) -> None:
        """Send the latest admitted back to the queue until the others have blocks for their next token."""
        requests, step = self.requests, self.step
        while self.free_after(1) < 0:
            if self.chunking >= 0:
                i, self.chunking = self.chunking, -1
                self.held_tokens = 0
            else:
                i, offset = self.running.popitem()
                context = offset + step
                self.phase_counts[offset % self.block_tokens] -= 1
                self.context_sum -= context
                requests.kept_tokens[i] = context + 1 - requests.prompt_tokens[i]
                self.completions = [entry for entry in self.completions if entry & REQUEST_MASK != i]
                heapify(self.completions)
            requests.state[i] = _WAITING
            requests.preemptions[i] += 1
            self.waiting.appendleft(i)
            self._release(i)

    def admit(self) -> tuple[int, float]:
        """Spend what decoding leaves of the token budget on prompts; tokens and (token, context) pairs taken.

        First come, first served: a prompt enters when all of it fits in free blocks (vLLM's scheduler_reserve_full_isl)
        and holds them from then on; vLLM takes them chunk by chunk, which differs only for the time of the prefill.
        Nothing is admitted with a step that preempted.
        """
        requests, waiting, config = self.requests, self.waiting, self.config
        n, block_tokens = len(self.running), self.block_tokens
        most = self.context_sum + n * block_tokens + self.held_tokens  # in use after the next step, at most
        if self.chunking < 0 and len(waiting) == 1:
            # Nearly always one request waits and there is room for it, which needs no search.
            i = waiting[0]
            prompt = requests.prompt_tokens[i] + requests.kept_tokens[i]
            needed = -(-prompt // block_tokens) * block_tokens
            if most + needed <= self.cache_tokens and n < config.max_batch and prompt <= config.max_batch_tokens - n:
                waiting.clear()
                self.joins.append(i)
                self.held_tokens = needed
                requests.state[i] = _RUNNING
                return prompt, 0.5 * prompt * (prompt + 1)
        if most > self.cache_tokens:
            self.preempt()
        return self._fill(len(self.running))

    def _fill(self, n: int) -> tuple[int, float]:
        """Fill the token budget that n decoding sequences leave, from the queue's head."""
        requests, waiting, joins = self.requests, self.waiting, self.joins
        block_tokens, held = self.block_tokens, self.held_tokens
        budget, places = self.config.max_batch_tokens - n, self.config.max_batch - n
        room = self.cache_tokens - self.context_sum - n * block_tokens  # at least so much is free after the next step
        i, done = self.chunking, self.chunk_done
        tokens, pairs = 0, 0.0
        while budget > 0:
            if i < 0:
                if not waiting or len(joins) >= places or self.is_retrying:
                    break
                i = waiting[0]
                needed = -(-(requests.prompt_tokens[i] + requests.kept_tokens[i]) // block_tokens) * block_tokens
                if held + needed > room:
                    self.held_tokens = held
                    if needed - self.shared_tokens(i) > self.free_after(1) * block_tokens:
                        i = -1
                        break
                waiting.popleft()
                held += needed
                requests.state[i] = _RUNNING
                done, shared = self._claim(i, held)
                room += shared
            left = requests.prompt_tokens[i] + requests.kept_tokens[i] - done
            chunk = left if left < budget else budget
            tokens += chunk
            budget -= chunk
            pairs += chunk * (done + 0.5 * (chunk + 1))
            if chunk < left:
                done += chunk
                break
            joins.append(i)
            i = -1
        self.chunking, self.chunk_done, self.held_tokens = i, done, held
        return tokens, pairs

    def _claim(self, i_request: int, held_tokens: int) -> tuple[int, int]:
        """Hold what is known of a request's prompt: its tokens, and those of them that take no further room."""
        return 0, 0

    def _release(self, i_request: int) -> None:
        """Hold nothing for a preempted request any more."""

    def shared_tokens(self, i_request: int) -> int:
        """Tokens of a prompt in blocks that running sequences hold already: it needs no room for them."""
        return 0

    def join(self, now_s: float) -> int:
        """Let the prompts that ended run on, each with its first token; tokens produced."""
        requests, step, block_tokens, joins = self.requests, self.step, self.block_tokens, self.joins
        for i in joins:
            kept = requests.kept_tokens[i]
            if not kept:
                requests.first_token_s[i] = now_s
                requests.begun.append(i)
            context = requests.prompt_tokens[i] + kept
            self.running[i] = offset = context - step
            self.phase_counts[offset % block_tokens] += 1
            self.context_sum += context
            heappush(self.completions, step + requests.output_tokens[i] - kept - 1 << COMPLETION_SHIFT | i)
        n_tokens = len(joins)
        joins.clear()
        self.held_tokens = 0 if self.chunking < 0 else self.prompt_blocks(self.chunking) * block_tokens
        return n_tokens
