"""A replica that serves requests by continuous batching, jumping over decode steps in closed form."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from math import ceil

from simpy import Environment
from simpy.events import NORMAL, Timeout

from twin.physics.llm import IterationLaw
from twin.sim.batch import COMPLETION_SHIFT, Batch
from twin.sim.kv_blocks import EngineConfig
from twin.sim.listener import LoadListener
from twin.sim.prefix_batch import PrefixBatch
from twin.sim.prefix_cache import PrefixCache
from twin.sim.requests import NAN, RequestColumns, RequestState

__all__ = ["EngineConfig", "LoadListener", "Replica"]

_OFF, _IDLE, _STARTING, _MIXED, _DECODE = range(5)
_WAITING, _REJECTED = int(RequestState.WAITING), int(RequestState.REJECTED)

# A wake this fraction of a step after a step's end belongs to that end: it is rounding.
_STEP_ROUNDING = 1e-9


# Seconds, watts per accelerator, fractions of peak arithmetic and bandwidth, host share.
Load = tuple[float, float, float, float, float]


@lru_cache(maxsize=8192)
def _law_at(law: IterationLaw, clock_frac: float) -> IterationLaw:
    """A law at another clock, made once for all replicas that share it: controls come back to the same clocks."""
    return law.at_clock(clock_frac)


class Replica:
    """One model on its accelerators: iterations with prompts one by one, stretches of pure decode as one event each.

    Mean power of a stretch is announced at its start. When an arrival or a clock change cuts it short, the difference
    to what was announced is settled in the next stretch, so that energy is exact.
    """

    __slots__ = (
        "_batch",
        "_chunk_pairs",
        "_chunk_tokens",
        "_config",
        "_debt_j",
        "_due",
        "_env",
        "_fell",
        "_free_wakes",
        "_is_cut",
        "_law",
        "_load_changed",
        "_mode",
        "_n_steps",
        "_next_law",
        "_nominal_law",
        "_outstanding",
        "_plan_w",
        "_recycle",
        "_requests",
        "_schedule",
        "_settling_w",
        "_slot",
        "_start_s",
        "_wake",
        "i_replica",
        "output_done",
        "prefix",
        "prompt_done",
        "waiting",
    )

    def __init__(
        self,
        env: Environment,
        law: IterationLaw,
        config: EngineConfig,
        requests: RequestColumns,
        listener: LoadListener,
        i_replica: int = 0,
    ) -> None:
        self._env, self._config, self._requests, self._load_changed = env, config, requests, listener.load_changed
        self._law = self._next_law = self._nominal_law = law
        self.i_replica = i_replica
        self._outstanding, self._slot = [0], 0
        self._fell: set[int] = set()
        blocks = requests.prefix if config.prefix_cache else None
        self.prefix = None if blocks is None else PrefixCache(blocks)
        self.waiting: deque[int] = deque()  # the queue; one object for good
        self._batch = self._new_batch()
        self.prompt_done = self.output_done = self._chunk_tokens = self._n_steps = 0
        self._debt_j = self._start_s = self._plan_w = self._settling_w = self._chunk_pairs = 0.0
        self._is_cut = False
        # Timeouts are used again and again: making one costs as much as a third of an iteration.
        self._schedule = env.schedule
        self._free_wakes: list[Timeout] = []
        self._due = [self._boundary]
        self._recycle = [self._free_wakes.append]
        self._wake = self._new_wake()
        self._mode = _IDLE
        self._load_changed(i_replica, env.now, law.idle_w, 0.0, 0.0, 0.0)

    # What routers, controllers and frames read

    @property
    def is_up(self) -> bool:
        """Whether it has power."""
        return self._mode != _OFF

    @property
    def outstanding(self) -> int:
        """Requests waiting or running."""
        return self._outstanding[self._slot]

    @property
    def queue_length(self) -> int:
        """Requests waiting."""
        return len(self.waiting)

    @property
    def n_running(self) -> int:
        """Requests admitted and not finished."""
        batch = self._batch
        return len(batch.running) + len(batch.joins) + (batch.chunking >= 0)

    @property
    def clock_frac(self) -> float:
        """Clock in force from the next step on, of nominal."""
        return self._next_law.clock_frac

    @property
    def kv_free_blocks(self) -> int:
        """Free blocks of the KV cache now."""
        n_begun = 1 if self._mode == _MIXED else 0
        if self._mode == _DECODE:
            n_begun = min(self._n_steps, self._steps_by(self._env.now) + 1)
        return self._batch.free_after(n_begun)

    @property
    def unsettled_j(self) -> float:
        """Energy per accelerator not announced yet: a stretch that was cut short, settled in the next one."""
        return self._debt_j

    def accel_w_at(self, clock_frac: float) -> float:
        """Watts of each accelerator if what runs now ran at clock_frac of nominal."""
        if self._mode == _OFF:
            return 0.0
        law, batch = _law_at(self._nominal_law, clock_frac), self._batch
        n = len(batch.running)
        if self._mode == _MIXED:
            return law.iteration_load(self._chunk_tokens, self._chunk_pairs, n, batch.context_sum + n)[1]
        if self._mode == _DECODE:
            return law.stretch_load(n, batch.context_sum + n, self._n_steps)[1]
        return law.idle_w

    def tokens_done(self, now_s: float) -> tuple[int, int]:
        """Prompt tokens processed and output tokens produced until now_s, which lies in the stretch under way.

        Recomputed prompts count again as prompt tokens, answers begun again after a failure as output tokens.
        """
        return self.prompt_done, self.output_done + (self.stretch_tokens(now_s) if self._mode == _DECODE else 0)

    @property
    def is_decoding(self) -> bool:
        """Whether a stretch of pure decode is under way, whose tokens `output_done` does not have yet."""
        return self._mode == _DECODE

    def stretch_tokens(self, now_s: float) -> int:
        """Output tokens of the stretch of pure decode under way, until now_s."""
        return len(self._batch.running) * self._steps_by(now_s)

    # What happens to it

    def share(self, outstanding: list[int], slot: int, fell: set[int]) -> None:
        """Keep the outstanding count in a row of a list that replicas share, and tell in `fell` when it became less."""
        outstanding[slot] = self._outstanding[self._slot]
        self._outstanding, self._slot, self._fell = outstanding, slot, fell

    def submit(self, i_request: int) -> None:
        """Queue a request; one that could never fit is rejected with its reason."""
        requests, batch, mode = self._requests, self._batch, self._mode
        if mode == _OFF:
            raise RuntimeError(f"request {i_request} was sent to replica {self.i_replica}, which has no power")
        requests.replica[i_request] = self.i_replica
        # The last token is never fed back, so its keys and values are not kept.
        cached_tokens = requests.prompt_tokens[i_request] + requests.output_tokens[i_request] - 1
        if cached_tokens > batch.most_tokens:
            self._reject(i_request, -(-cached_tokens // batch.block_tokens))
            return
        requests.state[i_request] = _WAITING
        self._outstanding[self._slot] += 1
        waiting = batch.waiting
        waiting.append(i_request)
        if mode == _DECODE:
            # Whoever waits already was not admissible, and a stretch only takes blocks: no use to look again.
            if len(waiting) == 1 and not self._is_cut and len(batch.running) < self._config.max_batch:
                needed_tokens = requests.prompt_tokens[i_request] + requests.kept_tokens[i_request]
                self._cut(needed_tokens if self.prefix is None else needed_tokens - batch.shared_tokens(i_request))
        elif mode == _IDLE:
            # Not at once: whatever arrives at the same instant shares the first iteration.
            self._mode = _STARTING
            self._wake_in(0.0)

    def _reject(self, i_request: int, n_needed: int) -> None:
        self._requests.state[i_request] = _REJECTED
        self._requests.reject_reason[i_request] = (
            f"needs {n_needed} KV blocks of {self._config.block_tokens} tokens, the replica has {self._config.n_blocks}"
        )

    def set_clock(self, clock_frac: float) -> None:
        """Run at clock_frac of the nominal clock once the step in progress ends; at once when idle."""
        if clock_frac == self._next_law.clock_frac:
            return
        self._next_law = _law_at(self._nominal_law, clock_frac)
        if self._mode == _DECODE:
            if not self._is_cut:
                self._cut(0)
        elif self._mode != _MIXED:
            self._law = self._next_law

    def fail(self) -> list[int]:
        """Lose power: everything under way stops, and the requests it held come back, those admitted first."""
        if self._mode == _OFF:
            return []
        now_s = self._env.now
        if self._mode == _DECODE:
            self._book_interrupted(now_s)
        elif self._mode == _MIXED:
            self._debt_j -= self._settling_w * (now_s - self._start_s)
        held, requests = self._batch.held(), self._requests
        for i_request in held:
            requests.state[i_request] = _WAITING
            requests.first_token_s[i_request] = NAN
            requests.kept_tokens[i_request] = 0
        self._outstanding[self._slot] = 0
        self._fell.add(self._slot)
        self._wake.callbacks = self._recycle
        self._batch = self._new_batch()
        self._law = self._next_law
        self._mode = _OFF
        self._load_changed(self.i_replica, now_s, 0.0, 0.0, 0.0, 0.0)
        return held

    def restore(self) -> None:
        """Have power again, empty and idle."""
        if self._mode == _OFF:
            self._mode = _IDLE
            self._load_changed(self.i_replica, self._env.now, self._law.idle_w, 0.0, 0.0, 0.0)

    # The iterations

    def _new_batch(self) -> Batch:
        """An empty batch; what was kept of prompts is lost."""
        self.waiting.clear()
        if self.prefix is None:
            return Batch(self._config, self._requests, self.waiting)
        self.prefix.clear()
        return PrefixBatch(self._config, self._requests, self.waiting, self.prefix)

    def _new_wake(self) -> Timeout:
        """A timeout that comes to the free ones once its present instant is over."""
        wake = Timeout(self._env, 0.0)
        wake.callbacks = self._recycle
        return wake

    def _wake_in(self, delay_s: float) -> None:
        """End what is under way in delay_s, and not when it would have ended."""
        self._wake.callbacks = self._recycle
        if self._free_wakes:
            wake = self._wake = self._free_wakes.pop()
            wake.callbacks = self._due
            self._schedule(wake, NORMAL, delay_s)
        else:
            wake = self._wake = Timeout(self._env, delay_s)
            wake.callbacks = self._due

    def _boundary(self, wake: Timeout) -> None:
        """An iteration or stretch has ended: book it, then begin the next."""
        now_s, batch, mode = self._env.now, self._batch, self._mode
        running, completions = batch.running, batch.completions
        if mode != _STARTING:
            n_steps = self._n_steps
            n_tokens = n_steps * len(running)
            batch.step += n_steps
            batch.context_sum += n_tokens
            self.output_done += n_tokens
            if mode == _MIXED:
                self.prompt_done += self._chunk_tokens
                self.output_done += batch.join(now_s)
            if self._debt_j and not self._is_cut:
                self._debt_j = self._settling_w = 0.0
            if completions and completions[0] < batch.step + 1 << COMPLETION_SHIFT:
                self._outstanding[self._slot] -= batch.complete(now_s)
                self._fell.add(self._slot)
        self._law = law = self._next_law
        if batch.waiting or batch.chunking >= 0:
            load = self._begin_mixed(law) or self._begin_stretch(law)
        else:
            load = self._begin_stretch(law)
        if load is None:
            self._mode = _IDLE
            self._free_wakes.append(wake)
            self._load_changed(self.i_replica, now_s, law.idle_w, 0.0, 0.0, 0.0)
            return
        time_s, accel_w, compute_frac, memory_frac, host_frac = load
        if self._debt_j:
            self._settling_w = self._debt_j / time_s
            accel_w += self._settling_w
        self._start_s, self._plan_w, self._is_cut = now_s, accel_w, False
        self._load_changed(self.i_replica, now_s, accel_w, compute_frac, memory_frac, host_frac)
        wake.callbacks = self._due
        self._schedule(wake, NORMAL, time_s)

    def _begin_stretch(self, law: IterationLaw) -> Load | None:
        """Begin decode steps up to the next completion, or to where blocks run out; None if nothing runs."""
        batch = self._batch
        n, context_sum = len(batch.running), batch.context_sum
        if not n:
            return None
        n_steps = (batch.completions[0] >> COMPLETION_SHIFT) - batch.step
        if context_sum + n * (n_steps + batch.block_tokens) > batch.cache_tokens:
            n_steps = batch.make_room()
            n, context_sum = len(batch.running), batch.context_sum
        if batch.is_retrying:
            n_steps = 1
        self._n_steps = n_steps
        self._mode = _DECODE
        return law.stretch_load(n, context_sum + n, n_steps)

    def _begin_mixed(self, law: IterationLaw) -> Load | None:
        """Begin an iteration with prompt tokens, if any may join the running sequences, which decode along."""
        batch = self._batch
        tokens, pairs = batch.admit()
        if not tokens:
            return None
        self._chunk_tokens, self._chunk_pairs = tokens, pairs
        self._n_steps = 1
        self._mode = _MIXED
        n = len(batch.running)
        return law.iteration_load(tokens, pairs, n, batch.context_sum + n)

    # Inside a stretch

    def _steps_by(self, now_s: float) -> int:
        """Whole steps of the stretch that have ended at now_s."""
        batch, n = self._batch, len(self._batch.running)
        n_steps = self._law.steps_in(n, batch.context_sum + n, now_s - self._start_s)
        return min(self._n_steps, int(n_steps + _STEP_ROUNDING))

    def _cut(self, needed_tokens: int) -> None:
        """End the stretch with the step in progress, unless needed_tokens would not find room in the cache then."""
        law, batch = self._law, self._batch
        n, context_sum, block_tokens = len(batch.running), batch.context_sum, batch.block_tokens
        elapsed_s = self._env.now - self._start_s
        k = ceil(law.steps_in(n, context_sum + n, elapsed_s) - _STEP_ROUNDING) or 1
        if k >= self._n_steps:
            return
        if (
            needed_tokens
            and context_sum + n * (k + block_tokens) + needed_tokens + block_tokens > batch.cache_tokens
            and needed_tokens > batch.free_after(k) * block_tokens
        ):
            return
        self._n_steps = k
        self._is_cut = True
        end_s, exact_w, _, _, _ = law.stretch_load(n, context_sum + n, k)
        self._debt_j += (exact_w - self._plan_w) * end_s
        rest_s = end_s - elapsed_s
        self._wake_in(rest_s if rest_s > 0.0 else 0.0)

    def _first_steps(self, n_steps: int) -> tuple[float, float]:
        """Seconds of the first steps of the stretch, and their energy per accelerator."""
        batch, n = self._batch, len(self._batch.running)
        time_s, accel_w, _, _, _ = self._law.stretch_load(n, batch.context_sum + n, n_steps)
        return time_s, accel_w * time_s

    def _book_interrupted(self, now_s: float) -> None:
        """Count what a stretch did until power was lost; the step in progress spent energy in proportion."""
        elapsed_s = now_s - self._start_s
        k = self._steps_by(now_s)
        self.output_done += len(self._batch.running) * k
        done_s, exact_j = self._first_steps(k) if k else (0.0, 0.0)
        if k < self._n_steps:
            next_s, next_j = self._first_steps(k + 1)
            exact_j += (next_j - exact_j) * max(0.0, elapsed_s - done_s) / (next_s - done_s)
        if self._is_cut:  # take back what was settled for its end
            end_s, end_j = self._first_steps(self._n_steps)
            self._debt_j -= end_j - self._plan_w * end_s
        self._debt_j += exact_j - self._plan_w * elapsed_s
