"""A replica that only decodes: keys and values of its prompts come from elsewhere."""

from __future__ import annotations

from collections import deque
from heapq import heappush

from twin.sim.batch import COMPLETION_SHIFT, Batch
from twin.sim.kv_blocks import EngineConfig
from twin.sim.pim_replica import PimReplica
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica


class DecodeBatch(Batch):
    """The rules of `Batch`, but a request that comes with keys and values needs blocks and no prompt tokens.

    In the queue it waits outside the accelerators, in host memory without bound. What was preempted has lost its keys
    and values and is computed here again, as in `Batch`; it stands before all others.
    """

    __slots__ = ("behind",)

    def __init__(self, config: EngineConfig, requests: RequestColumns, waiting: deque[int]) -> None:
        super().__init__(config, requests, waiting)
        self.behind: list[int] = []  # running since this iteration, but admitted after a prompt that ends with it

    def held(self) -> list[int]:
        """Every request in here, in order of admission, then of the queue."""
        behind = set(self.behind)
        held = super().held()
        n_admitted = len(held) - len(self.waiting)
        admitted = [i for i in held[:n_admitted] if i not in behind]
        return [*admitted, *self.behind, *held[n_admitted:]]

    def join(self, now_s: float) -> int:
        """Let the prompts that ended run on, before those that were admitted after them; tokens produced."""
        n_tokens = super().join(now_s)
        for i in self.behind:
            self.running[i] = self.running.pop(i)
        self.behind.clear()
        return n_tokens

    def admit(self) -> tuple[int, float]:
        """Let in what the queue's head and the blocks allow; prompt tokens of the preempted and their pairs."""
        if self.context_sum + len(self.running) * self.block_tokens + self.held_tokens > self.cache_tokens:
            self.preempt()
        requests, waiting, config = self.requests, self.waiting, self.config
        tokens, pairs = 0, 0.0
        if self.chunking >= 0:
            tokens, pairs = self._compute(config.max_batch_tokens - len(self.running))
        while waiting and self.chunking < 0:
            budget = config.max_batch_tokens - len(self.running) - tokens
            i = waiting[0]
            if budget < 1 or len(self.running) + len(self.joins) >= config.max_batch or not self._has_room(i):
                break
            waiting.popleft()
            requests.state[i] = RequestState.RUNNING
            if requests.kept_tokens[i]:
                self.held_tokens += self.prompt_blocks(i) * self.block_tokens
                self.chunking, self.chunk_done = i, 0
                more_tokens, more_pairs = self._compute(budget)
                tokens, pairs = tokens + more_tokens, pairs + more_pairs
            else:
                self._run_on(i)
                if self.joins:
                    self.behind.append(i)
        return tokens, pairs

    def _has_room(self, i_request: int) -> bool:
        """Whether a request finds its blocks with the next step."""
        requests, block_tokens = self.requests, self.block_tokens
        # What is computed here holds its prompt; what came with keys and values adds a token at once.
        needed_tokens = requests.prompt_tokens[i_request] + (requests.kept_tokens[i_request] or 1)
        most = self.context_sum + len(self.running) * block_tokens + self.held_tokens + needed_tokens + block_tokens
        return most <= self.cache_tokens or needed_tokens <= self.free_after(1) * block_tokens

    def _compute(self, budget: int) -> tuple[int, float]:
        """The next chunk of the prompt that is not through: its tokens and pairs."""
        i, done = self.chunking, self.chunk_done
        left = self.requests.prompt_tokens[i] + self.requests.kept_tokens[i] - done
        chunk = min(left, budget)
        if chunk < left:
            self.chunk_done += chunk
        else:
            self.joins.append(i)
            self.chunking = -1
        return chunk, chunk * (done + 0.5 * (chunk + 1))

    def _run_on(self, i_request: int) -> None:
        """Decode from the next step on, with the first token produced elsewhere."""
        context, step = self.requests.prompt_tokens[i_request], self.step
        self.running[i_request] = context - step
        self.phase_counts[(context - step) % self.block_tokens] += 1
        self.context_sum += context
        heappush(self.completions, step + self.requests.output_tokens[i_request] - 1 << COMPLETION_SHIFT | i_request)


class DecodeReplica(Replica):
    """One model on its accelerators, for requests whose prompts were computed elsewhere.

    `outstanding` counts a request from the moment its transfer hither begins, so that routers see it.
    """

    __slots__ = ()

    @property
    def config(self) -> EngineConfig:
        """Limits of its engine."""
        return self._config

    def expect(self) -> None:
        """A request is on its way."""
        self._outstanding[self._slot] += 1

    def refuse(self) -> None:
        """A request that was on its way does not come."""
        self._outstanding[self._slot] -= 1
        self._fell.add(self._slot)

    def submit(self, i_request: int) -> None:
        """Queue a request that was expected; its keys and values are here."""
        self._outstanding[self._slot] -= 1  # counted anew below
        super().submit(i_request)

    def _new_batch(self) -> Batch:
        self.waiting.clear()
        return DecodeBatch(self._config, self._requests, self.waiting)


class PimDecodeReplica(DecodeReplica, PimReplica):
    """The same on accelerators with a computing memory."""

    __slots__ = ()
