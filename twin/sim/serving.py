"""A replica that serves requests by continuous batching, jumping over decode steps in closed form."""

from __future__ import annotations

from heapq import heappush
from math import ceil

from simpy import Environment
from simpy.events import NORMAL

from twin.physics.llm import IterationLaw
from twin.sim.batch import COMPLETION_SHIFT
from twin.sim.clock import Wake, agenda
from twin.sim.kv_blocks import EngineConfig
from twin.sim.listener import LoadListener
from twin.sim.replica_state import ASLEEP, DECODE, IDLE, MIXED, OFF, STARTING, STEP_ROUNDING, ReplicaState, law_at
from twin.sim.requests import NAN, RequestColumns, RequestState

__all__ = ["EngineConfig", "LoadListener", "Replica"]

_WAITING, _REJECTED = int(RequestState.WAITING), int(RequestState.REJECTED)

# Seconds, watts per accelerator, fractions of peak arithmetic and bandwidth, host share.
Load = tuple[float, float, float, float, float]


def _holder(config: EngineConfig) -> str:
    """Who must hold a request, and with how many blocks."""
    if config.n_ranks == 1:
        return f"the replica has {config.n_blocks}"
    return f"each of its {config.n_ranks} ranks has {config.n_blocks // config.n_ranks}"


class Replica(ReplicaState):
    """One model on its accelerators: iterations with prompts one by one, stretches of pure decode as one event each.

    Mean power of a stretch is announced at its start. When an arrival or a clock change cuts it short, the difference
    to what was announced is settled in the next stretch, so that energy is exact.
    """

    __slots__ = ("_free_wakes", "_load_changed", "_numbers", "_queue", "_recycle", "_wake")

    def __init__(
        self,
        env: Environment,
        law: IterationLaw,
        config: EngineConfig,
        requests: RequestColumns,
        listener: LoadListener,
        i_replica: int = 0,
    ) -> None:
        super().__init__(env, law, config, requests, i_replica)
        self._load_changed = listener.load_changed
        self._queue, self._numbers = agenda(env)
        # Events are used again and again: making one costs as much as a third of an iteration.
        self._free_wakes: list[Wake] = []
        self._recycle = self._free_wakes.append
        self._wake = Wake(env, self._boundary)
        self._load_changed(i_replica, env.now, law.idle_w, 0.0, 0.0, 0.0)

    # What happens to it

    def share(self, outstanding: list[int], slot: int, fell: set[int]) -> None:
        """Keep the outstanding count in a row of a list that replicas share, and tell in `fell` when it became less."""
        outstanding[slot] = self._outstanding[self._slot]
        self._outstanding, self._slot, self._fell = outstanding, slot, fell

    def submit(self, i_request: int) -> None:
        """Queue a request; one that could never fit is rejected with its reason."""
        requests, batch, mode = self._requests, self._batch, self._mode
        if mode <= ASLEEP:
            why = "has no power" if mode == OFF else "sleeps"
            raise RuntimeError(f"request {i_request} was sent to replica {self.i_replica}, which {why}")
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
        if mode == DECODE:
            # Whoever waits already was not admissible, and a stretch only takes blocks: no use to look again.
            if len(waiting) == 1 and not self._is_cut and len(batch.running) < self._config.max_batch:
                needed_tokens = requests.prompt_tokens[i_request] + requests.kept_tokens[i_request]
                self._cut(needed_tokens if self.prefix is None else needed_tokens - batch.shared_tokens(i_request))
        elif mode == IDLE:
            self._start_soon()

    def _start_soon(self) -> None:
        """Begin, but not at once: whatever arrives at the same instant shares the first iteration."""
        self._mode = STARTING
        self._wake_in(0.0)

    def _reject(self, i_request: int, n_needed: int) -> None:
        self._requests.state[i_request] = _REJECTED
        self._requests.reject_reason[i_request] = (
            f"needs {n_needed} KV blocks of {self._config.block_tokens} tokens, {_holder(self._config)}"
        )

    def set_clock(self, clock_frac: float) -> None:
        """Run at clock_frac of the nominal clock once the step in progress ends; at once when idle."""
        if clock_frac == self._next_law.clock_frac:
            return
        self._next_law = law_at(self._nominal_law, clock_frac)
        if self._mode == DECODE:
            if not self._is_cut:
                self._cut(0)
        elif self._mode != MIXED:
            self._law = self._next_law

    def fail(self) -> list[int]:
        """Lose power: everything under way stops, and the requests it held come back, those admitted first."""
        if self._mode == OFF:
            return []
        now_s = self._env.now
        if self._mode == DECODE:
            self._book_interrupted(now_s)
        elif self._mode == MIXED:
            self._debt_j -= self._settling_w * (now_s - self._start_s)
        held, requests = self._batch.held(), self._requests
        for i_request in held:
            requests.state[i_request] = _WAITING
            requests.first_token_s[i_request] = NAN
            requests.kept_tokens[i_request] = 0
        self._outstanding[self._slot] = 0
        self._fell.add(self._slot)
        self._wake.act = self._recycle
        self._batch = self._new_batch()
        self._law = self._next_law
        self._mode = OFF
        self._load_changed(self.i_replica, now_s, 0.0, 0.0, 0.0, 0.0)
        return held

    def restore(self) -> None:
        """Have power again, empty and idle."""
        if self._mode == OFF:
            self._mode = IDLE
            self._load_changed(self.i_replica, self._env.now, self._law.idle_w, 0.0, 0.0, 0.0)

    def sleep(self, watts: float) -> None:
        """Draw so many watts per accelerator and take no requests until woken; what was kept of prompts is lost.

        RuntimeError unless it is empty and idle.
        """
        if self._mode != IDLE:
            raise RuntimeError(f"replica {self.i_replica} was told to sleep with {self.outstanding} requests")
        self._batch = self._new_batch()
        self._mode, self._sleep_w = ASLEEP, watts
        self._load_changed(self.i_replica, self._env.now, watts, 0.0, 0.0, 0.0)

    def wake(self) -> None:
        """Take requests again, empty and idle."""
        if self._mode == ASLEEP:
            self._mode = IDLE
            self._load_changed(self.i_replica, self._env.now, self._law.idle_w, 0.0, 0.0, 0.0)

    def drain_queue(self) -> list[int]:
        """Give back the requests that wait, first come first; those admitted run on."""
        drained = list(self.waiting)
        if drained:
            self.waiting.clear()
            self._outstanding[self._slot] -= len(drained)
            self._fell.add(self._slot)
        return drained

    # The iterations

    def _new_wake(self) -> Wake:
        """The event that ends what is under way, now that it is not the former one."""
        wake = self._wake = self._free_wakes.pop() if self._free_wakes else Wake(self._env, self._boundary)
        wake.act = self._boundary
        return wake

    def _wake_in(self, delay_s: float) -> None:
        """End what is under way in delay_s, and not when it would have ended."""
        self._wake.act = self._recycle
        heappush(self._queue, (self._env.now + delay_s, NORMAL, next(self._numbers), self._new_wake()))

    def _boundary(self, wake: Wake) -> None:
        """An iteration or stretch has ended: book it, then begin the next."""
        now_s, batch, mode = self._env.now, self._batch, self._mode
        if mode != STARTING:
            n_steps = self._n_steps
            n_tokens = n_steps * len(batch.running)
            batch.step += n_steps
            batch.context_sum += n_tokens
            if mode == MIXED:
                self.prompt_done += self._chunk_tokens
                n_tokens += batch.join(now_s)
            self.output_done += n_tokens
            if self._debt_j and not self._is_cut:
                self._debt_j = self._settling_w = 0.0
            # A stretch that was cut ends before any completion.
            if not self._is_cut and batch.completions and batch.completions[0] < batch.step + 1 << COMPLETION_SHIFT:
                self._outstanding[self._slot] -= batch.complete(now_s)
                self._fell.add(self._slot)
        self._law = law = self._next_law
        load = self._begin_mixed(law) if batch.waiting or batch.chunking >= 0 else None
        load = load or self._begin_stretch(law)
        if load is None:
            self._mode = IDLE
            self._free_wakes.append(wake)
            self._load_changed(self.i_replica, now_s, law.idle_w, 0.0, 0.0, 0.0)
            return
        time_s, accel_w, compute_frac, memory_frac, host_frac = load
        if self._debt_j:
            self._settling_w = self._debt_j / time_s
            accel_w += self._settling_w
        self._start_s, self._plan_w, self._is_cut = now_s, accel_w, False
        self._load_changed(self.i_replica, now_s, accel_w, compute_frac, memory_frac, host_frac)
        heappush(self._queue, (now_s + time_s, NORMAL, next(self._numbers), wake))

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
        self._n_steps, self._mode = n_steps, DECODE
        return law.stretch_load(n, context_sum + n, n_steps)

    def _begin_mixed(self, law: IterationLaw) -> Load | None:
        """Begin an iteration with prompt tokens, if any may join the running sequences, which decode along."""
        batch = self._batch
        tokens, pairs = batch.admit()
        if not tokens:
            return None
        self._chunk_tokens, self._chunk_pairs, self._n_steps, self._mode = tokens, pairs, 1, MIXED
        n = len(batch.running)
        return law.iteration_load(tokens, pairs, n, batch.context_sum + n)

    # Inside a stretch

    def _cut(self, needed_tokens: int) -> None:
        """End the stretch with the step in progress, unless needed_tokens would not find room in the cache then."""
        law, batch = self._law, self._batch
        n, context_sum, block_tokens = len(batch.running), batch.context_sum, batch.block_tokens
        elapsed_s = self._env.now - self._start_s
        k = ceil(law.steps_in(n, context_sum + n, elapsed_s) - STEP_ROUNDING) or 1
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
