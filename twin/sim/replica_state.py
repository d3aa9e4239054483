"""What a replica has under way, and what routers, controllers and frames read of it."""

from __future__ import annotations

from collections import deque
from functools import lru_cache

from simpy import Environment

from twin.physics.llm import IterationLaw
from twin.sim.batch import Batch
from twin.sim.kv_blocks import EngineConfig
from twin.sim.prefix_batch import PrefixBatch
from twin.sim.prefix_cache import PrefixCache
from twin.sim.requests import RequestColumns

# Modes; those up to ASLEEP take no requests.
OFF, ASLEEP, IDLE, STARTING, MIXED, DECODE = range(6)

# A wake this fraction of a step after a step's end belongs to that end: it is rounding.
STEP_ROUNDING = 1e-9


@lru_cache(maxsize=8192)
def law_at(law: IterationLaw, clock_frac: float) -> IterationLaw:
    """A law at another clock, made once for all replicas that share it: controls come back to the same clocks."""
    return law.at_clock(clock_frac)


class ReplicaState:
    """The batch, the stretch under way, and the energy of it that was not announced yet."""

    __slots__ = (
        "_batch",
        "_chunk_pairs",
        "_chunk_tokens",
        "_config",
        "_debt_j",
        "_env",
        "_fell",
        "_is_cut",
        "_law",
        "_mode",
        "_n_steps",
        "_next_law",
        "_nominal_law",
        "_outstanding",
        "_plan_w",
        "_requests",
        "_settling_w",
        "_sleep_w",
        "_slot",
        "_start_s",
        "i_replica",
        "output_done",
        "prefix",
        "prompt_done",
        "waiting",
    )

    def __init__(
        self, env: Environment, law: IterationLaw, config: EngineConfig, requests: RequestColumns, i_replica: int
    ) -> None:
        self._env, self._config, self._requests = env, config, requests
        self._law = self._next_law = self._nominal_law = law
        self.i_replica = i_replica
        self._outstanding, self._slot = [0], 0
        self._fell: set[int] = set()
        blocks = requests.prefix if config.prefix_cache else None
        self.prefix = None if blocks is None else PrefixCache(blocks)
        self.waiting: deque[int] = deque()  # the queue; one object for good
        self._batch = self._new_batch()
        self.prompt_done = self.output_done = self._chunk_tokens = self._n_steps = 0
        self._debt_j = self._start_s = self._plan_w = self._settling_w = self._chunk_pairs = self._sleep_w = 0.0
        self._is_cut = False
        self._mode = IDLE

    def _new_batch(self) -> Batch:
        """An empty batch over the queue, made anew after a failure; what was kept of prompts is lost.

        A kind of replica with rules of its own brings its own kind of batch here.
        """
        self.waiting.clear()
        if self.prefix is None:
            return Batch(self._config, self._requests, self.waiting)
        self.prefix.clear()
        return PrefixBatch(self._config, self._requests, self.waiting, self.prefix)

    @property
    def is_up(self) -> bool:
        """Whether it has power and takes requests."""
        return self._mode > ASLEEP

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
        n_begun = 1 if self._mode == MIXED else 0
        if self._mode == DECODE:
            n_begun = min(self._n_steps, self._steps_by(self._env.now) + 1)
        return self._batch.free_after(n_begun)

    @property
    def unsettled_j(self) -> float:
        """Energy per accelerator not announced yet: a stretch that was cut short, settled in the next one."""
        return self._debt_j

    def accel_w_at(self, clock_frac: float) -> float:
        """Watts of each accelerator if what runs now ran at clock_frac of nominal."""
        if self._mode <= ASLEEP:
            return self._sleep_w if self._mode == ASLEEP else 0.0
        law, batch = law_at(self._nominal_law, clock_frac), self._batch
        n = len(batch.running)
        if self._mode == MIXED:
            return law.iteration_load(self._chunk_tokens, self._chunk_pairs, n, batch.context_sum + n)[1]
        if self._mode == DECODE:
            return law.stretch_load(n, batch.context_sum + n, self._n_steps)[1]
        return law.idle_w

    def tokens_done(self, now_s: float) -> tuple[int, int]:
        """Prompt tokens processed and output tokens produced until now_s, which lies in the stretch under way.

        Recomputed prompts count again as prompt tokens, answers begun again after a failure as output tokens.
        """
        return self.prompt_done, self.output_done + (self.stretch_tokens(now_s) if self._mode == DECODE else 0)

    @property
    def is_decoding(self) -> bool:
        """Whether a stretch of pure decode is under way, whose tokens `output_done` does not have yet."""
        return self._mode == DECODE

    def stretch_tokens(self, now_s: float) -> int:
        """Output tokens of the stretch of pure decode under way, until now_s."""
        return len(self._batch.running) * self._steps_by(now_s)

    def _steps_by(self, now_s: float) -> int:
        """Whole steps of the stretch that have ended at now_s."""
        batch, n = self._batch, len(self._batch.running)
        n_steps = self._law.steps_in(n, batch.context_sum + n, now_s - self._start_s)
        return min(self._n_steps, int(n_steps + STEP_ROUNDING))
