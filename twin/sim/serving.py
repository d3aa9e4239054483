"""A replica that serves requests by continuous batching, jumping over decode steps in closed form."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Protocol

from simpy import Environment
from simpy.events import Timeout

from twin.physics.llm import IterationLaw
from twin.sim.batch import Batch
from twin.sim.kv_blocks import EngineConfig
from twin.sim.requests import NAN, RequestColumns, RequestState

__all__ = ["EngineConfig", "LoadListener", "Replica"]

_OFF, _IDLE, _STARTING, _MIXED, _DECODE = range(5)
_WAITING, _REJECTED = int(RequestState.WAITING), int(RequestState.REJECTED)

# A wake this fraction of a step after a step's end belongs to that end: it is rounding.
_STEP_ROUNDING = 1e-9


class LoadListener(Protocol):
    """Whoever carries a replica's load into the building."""

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """From now_s until the next call each accelerator of the replica draws accel_w.

        compute_frac, memory_frac: achieved over peak; host_frac: share of the time the host works for this replica.
        """


class Replica:
    """One model on its accelerators: iterations with prompts one by one, stretches of pure decode as one event each.

    Mean power of a stretch is announced at its start. When an arrival or a clock change cuts it short, the difference
    to what was announced is settled in the next stretch, so that energy is exact.
    """

    __slots__ = (
        "_a_s",
        "_b_s",
        "_batch",
        "_chunk_tokens",
        "_config",
        "_debt_j",
        "_env",
        "_exact_w",
        "_is_cut",
        "_law",
        "_listener",
        "_mode",
        "_n_steps",
        "_next_law",
        "_nominal_law",
        "_on_boundary",
        "_output_done",
        "_outstanding",
        "_plan_w",
        "_prompt_done",
        "_requests",
        "_slot",
        "_start_s",
        "_timeout",
        "i_replica",
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
        self._env, self._config, self._requests, self._listener = env, config, requests, listener
        self._law = self._next_law = self._nominal_law = law
        self.i_replica = i_replica
        self._outstanding, self._slot = [0], 0
        self._batch = Batch(config, requests)
        self._prompt_done = self._output_done = self._chunk_tokens = self._n_steps = 0
        self._debt_j = self._start_s = self._plan_w = self._exact_w = self._a_s = self._b_s = 0.0
        self._is_cut = False
        self._on_boundary = self._boundary
        self._timeout: Timeout | None = None
        self._mode = _IDLE
        listener.load_changed(i_replica, env.now, law.idle_w, 0.0, 0.0, 0.0)

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
        return len(self._batch.waiting)

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

    def tokens_done(self, now_s: float) -> tuple[int, int]:
        """Prompt tokens processed and output tokens produced until now_s, which lies in the stretch under way.

        Recomputed prompts count again as prompt tokens, answers begun again after a failure as output tokens.
        """
        if self._mode != _DECODE:
            return self._prompt_done, self._output_done
        return self._prompt_done, self._output_done + len(self._batch.running) * self._steps_by(now_s)

    # What happens to it

    def share(self, outstanding: list[int], slot: int) -> None:
        """Keep the outstanding count in a row of a list shared by the replicas of a workload."""
        outstanding[slot] = self._outstanding[self._slot]
        self._outstanding, self._slot = outstanding, slot

    def submit(self, i_request: int) -> None:
        """Queue a request; one that could never fit is rejected with its reason."""
        requests, config, batch = self._requests, self._config, self._batch
        mode = self._mode
        if mode == _OFF:
            raise RuntimeError(f"request {i_request} was sent to replica {self.i_replica}, which has no power")
        requests.replica[i_request] = self.i_replica
        # The last token is never fed back, so its keys and values are not kept.
        cached_tokens = requests.prompt_tokens[i_request] + requests.output_tokens[i_request] - 1
        if cached_tokens > config.n_blocks * config.block_tokens:
            self._reject(i_request, -(-cached_tokens // config.block_tokens))
            return
        requests.state[i_request] = _WAITING
        self._outstanding[self._slot] += 1
        waiting = batch.waiting
        waiting.append(i_request)
        if mode == _DECODE:
            # Whoever waits already was not admissible, and a stretch only takes blocks: no use to look again.
            if len(waiting) == 1 and not self._is_cut and len(batch.running) < config.max_batch:
                self._cut(batch.prompt_blocks(i_request))
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
        self._next_law = self._nominal_law.at_clock(clock_frac)
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
            self._debt_j += (self._exact_w - self._plan_w) * (now_s - self._start_s)
        held, requests = self._batch.held(), self._requests
        for i_request in held:
            requests.state[i_request] = _WAITING
            requests.first_token_s[i_request] = NAN
            requests.kept_tokens[i_request] = 0
        self._outstanding[self._slot] = 0
        self._forget_wake()
        self._batch = Batch(self._config, requests)
        self._law = self._next_law
        self._mode = _OFF
        self._listener.load_changed(self.i_replica, now_s, 0.0, 0.0, 0.0, 0.0)
        return held

    def restore(self) -> None:
        """Have power again, empty and idle."""
        if self._mode == _OFF:
            self._mode = _IDLE
            self._listener.load_changed(self.i_replica, self._env.now, self._law.idle_w, 0.0, 0.0, 0.0)

    # The iterations

    def _wake_in(self, delay_s: float) -> None:
        timeout = self._timeout = Timeout(self._env, delay_s)
        timeout.callbacks.append(self._on_boundary)

    def _forget_wake(self) -> None:
        timeout = self._timeout
        if timeout is not None and timeout.callbacks is not None:
            timeout.callbacks.clear()

    def _boundary(self, _event: object) -> None:
        """An iteration or stretch has ended: book it, then begin the next."""
        now_s, batch, mode = self._env.now, self._batch, self._mode
        if mode >= _MIXED:
            n_steps = self._n_steps
            n_tokens = n_steps * len(batch.running)
            batch.step += n_steps
            batch.context_sum += n_tokens
            if mode == _MIXED:
                self._prompt_done += self._chunk_tokens
                n_tokens += batch.join(now_s)
            self._output_done += n_tokens
            if not self._is_cut:
                self._debt_j = 0.0
            if batch.completions and batch.next_completion_step <= batch.step:
                self._outstanding[self._slot] -= batch.complete(now_s)
        self._law = self._next_law
        if batch.may_lack(1):
            batch.preempt()
        if (batch.waiting or batch.chunking >= 0) and self._begin_mixed(now_s):
            return
        if batch.running:
            self._begin_stretch(now_s)
        else:
            self._mode = _IDLE
            self._listener.load_changed(self.i_replica, now_s, self._law.idle_w, 0.0, 0.0, 0.0)

    def _begin_mixed(self, now_s: float) -> bool:
        """Begin an iteration with prompt tokens, if any may join; running sequences decode along."""
        batch, law = self._batch, self._law
        tokens, pairs = batch.admit()
        if not tokens:
            return False
        n = len(batch.running)
        self._chunk_tokens = tokens
        self._n_steps = 1
        self._is_cut = False
        self._mode = _MIXED
        time_s, flops, n_bytes = law.iteration(tokens, pairs, n, batch.context_sum + n)
        self._begin(now_s, time_s, flops, n_bytes, law.host_s + law.host_per_seq_s * (n + 1))
        return True

    def _begin_stretch(self, now_s: float) -> None:
        """Begin decode steps up to the next completion, or to where blocks run out."""
        batch, law = self._batch, self._law
        n, k = len(batch.running), batch.steps_to_change()
        context = batch.context_sum + n
        self._a_s = law.decode(n)[0] + law.context_s * context
        self._b_s = law.context_s * n
        self._n_steps = k
        self._is_cut = False
        self._mode = _DECODE
        time_s, flops, n_bytes = law.stretch(n, context, k)
        self._begin(now_s, time_s, flops, n_bytes, k * (law.host_s + law.host_per_seq_s * n))

    def _begin(self, now_s: float, time_s: float, flops: float, n_bytes: float, host_s: float) -> None:
        accel_w, compute_frac, memory_frac = self._law.load(flops, n_bytes, time_s)
        self._exact_w = accel_w
        if self._debt_j:
            accel_w += self._debt_j / time_s
        self._start_s, self._plan_w = now_s, accel_w
        self._listener.load_changed(self.i_replica, now_s, accel_w, compute_frac, memory_frac, host_s / time_s)
        self._wake_in(time_s)

    # Inside a stretch

    def _root(self, elapsed_s: float) -> float:
        """Steps k, not rounded, with `k a + b k (k-1) / 2` = elapsed_s; in the form that survives b = 0."""
        b_s = self._b_s
        linear_s = self._a_s - 0.5 * b_s
        return 2.0 * elapsed_s / (linear_s + sqrt(linear_s * linear_s + 2.0 * b_s * elapsed_s))

    def _steps_by(self, now_s: float) -> int:
        """Whole steps of the stretch that have ended at now_s."""
        return min(self._n_steps, int(self._root(now_s - self._start_s) + _STEP_ROUNDING))

    def _cut(self, n_needed: int) -> None:
        """End the stretch with the step in progress, unless n_needed blocks are not free then anyway."""
        elapsed_s = self._env.now - self._start_s
        k = max(1, ceil(self._root(elapsed_s) - _STEP_ROUNDING))
        if k >= self._n_steps:
            return
        batch = self._batch
        if n_needed and n_needed > batch.free_after(k):
            return
        self._n_steps = k
        self._is_cut = True
        end_s = k * self._a_s + self._b_s * (k * (k - 1) // 2)
        self._debt_j += self._exact_j(k) - self._plan_w * end_s
        self._forget_wake()
        self._wake_in(max(0.0, end_s - elapsed_s))

    def _exact_j(self, n_steps: int) -> float:
        """Energy per accelerator of the first steps of the stretch."""
        law, batch, n = self._law, self._batch, len(self._batch.running)
        time_s, flops, n_bytes = law.stretch(n, batch.context_sum + n, n_steps)
        return law.load(flops, n_bytes, time_s)[0] * time_s

    def _book_interrupted(self, now_s: float) -> None:
        """Count what a stretch did until power was lost; the step in progress spent energy in proportion."""
        elapsed_s = now_s - self._start_s
        k = self._steps_by(now_s)
        self._output_done += len(self._batch.running) * k
        exact_j = self._exact_j(k) if k else 0.0
        done_s = k * self._a_s + self._b_s * (k * (k - 1) // 2)
        if k < self._n_steps:
            step_s = self._a_s + self._b_s * k
            step_j = self._exact_j(k + 1) - exact_j
            exact_j += step_j * max(0.0, elapsed_s - done_s) / step_s
        if self._is_cut:  # take back what was settled for its end
            end_s = self._n_steps * self._a_s + self._b_s * (self._n_steps * (self._n_steps - 1) // 2)
            self._debt_j -= self._exact_j(self._n_steps) - self._plan_w * end_s
        self._debt_j += exact_j - self._plan_w * elapsed_s
