"""A replica of a fixed-cost service: requests gather into batches, and a batch is one event."""

from __future__ import annotations

from collections import deque
from itertools import islice

import numpy as np
import numpy.typing as npt
from simpy import Environment
from simpy.events import NORMAL, Timeout

from twin.physics.service import ServiceLaw
from twin.scenario.service import Batching
from twin.sim.listener import LoadListener
from twin.sim.prefix_cache import PrefixCache
from twin.sim.replica_state import ASLEEP, IDLE, OFF
from twin.sim.requests import RequestColumns, RequestState

_WAITING, _RUNNING, _DONE = int(RequestState.WAITING), int(RequestState.RUNNING), int(RequestState.DONE)

# A wait that is over by less than this fraction of itself is over: it is rounding.
_WAIT_ROUNDING = 1e-12


class ItemColumns(RequestColumns):
    """Requests without tokens: each asks for one item."""

    __slots__ = ()

    def __init__(self, arrival_s: npt.NDArray[np.floating]) -> None:
        ones = np.ones(len(arrival_s), dtype=np.int64)
        super().__init__(arrival_s, ones, ones)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """As of requests with tokens, of which these have 0."""
        none = np.zeros(len(self), dtype=np.int64)
        return {**super().arrays(), "prompt_tokens": none, "output_tokens": none}


class ServiceReplica:
    """The chips of one replica and their queue, with the outward face of `twin.sim.serving.Replica`.

    Dynamic batching as in NVIDIA Triton: one batch runs at a time, first come first served. The next one starts as soon
    as the chips are free and either max_batch requests wait or the first of them has waited max_wait_s. A change of
    clock acts at once, on the batch under way too. Batches run one event each: routers read exact counts in between.
    """

    __slots__ = (
        "_batch",
        "_batching",
        "_clock_frac",
        "_due",
        "_end_s",
        "_energy_j",
        "_env",
        "_fell",
        "_free_wakes",
        "_is_busy",
        "_law",
        "_load_changed",
        "_mode",
        "_outstanding",
        "_recycle",
        "_requests",
        "_schedule",
        "_since_s",
        "_slot",
        "_start_s",
        "_wake",
        "_watts",
        "_watts_since_s",
        "busy_s",
        "i_replica",
        "items_done",
        "items_taken",
        "n_batches",
        "output_done",
        "prefix",
        "prompt_done",
        "waiting",
    )

    def __init__(
        self,
        env: Environment,
        law: ServiceLaw,
        batching: Batching,
        requests: RequestColumns,
        listener: LoadListener,
        i_replica: int = 0,
    ) -> None:
        self._env, self._law, self._batching, self._requests = env, law, batching, requests
        self._load_changed, self._schedule = listener.load_changed, env.schedule
        self.i_replica = i_replica
        self._outstanding, self._slot = [0], 0
        self._fell: set[int] = set()
        self.waiting: deque[int] = deque()  # the queue; one object for good
        self._since_s: deque[float] = deque()  # when each of it came
        self._batch: list[int] = []  # what runs
        self.prefix: PrefixCache | None = None
        self.prompt_done = self.output_done = 0  # a service has no tokens
        self.items_done = self.items_taken = self.n_batches = 0  # taken: into batches, also such that power ended
        self.busy_s = 0.0  # of batches that ended
        self._clock_frac, self._mode, self._is_busy = 1.0, IDLE, False
        self._start_s = self._end_s = self._energy_j = 0.0
        self._watts, self._watts_since_s = law.idle_w, float(env.now)
        # Timeouts are used again and again: making one costs more than a batch.
        self._free_wakes: list[Timeout] = []
        self._recycle = [self._free_wakes.append]
        self._due = [self._on_wake]
        self._wake: Timeout | None = None
        self._load_changed(i_replica, env.now, law.idle_w, 0.0, 0.0, 0.0)

    # What routers, controllers and frames read

    @property
    def is_up(self) -> bool:
        """Whether it has power and takes requests."""
        return self._mode > ASLEEP

    @property
    def outstanding(self) -> int:
        """Requests waiting or in the batch that runs."""
        return self._outstanding[self._slot]

    @property
    def queue_length(self) -> int:
        """Requests waiting."""
        return len(self.waiting)

    @property
    def n_running(self) -> int:
        """Requests in the batch that runs."""
        return len(self._batch)

    @property
    def kv_free_blocks(self) -> int:
        """A service keeps no KV cache."""
        return 0

    @property
    def is_decoding(self) -> bool:
        """A service has no tokens under way."""
        return False

    def stretch_tokens(self, now_s: float) -> int:
        """No tokens."""
        return 0

    def tokens_done(self, now_s: float) -> tuple[int, int]:
        """No tokens: items are counted in `items_done`."""
        return 0, 0

    def accel_w_at(self, clock_frac: float) -> float:
        """Watts of each accelerator if what runs now ran at clock_frac of nominal."""
        if not self._batch:
            return self._watts
        return self._law.batch_w(len(self._batch), clock_frac)

    def busy_until_s(self, now_s: float) -> float:
        """Seconds spent on batches until now_s, the one under way included."""
        return self.busy_s + (now_s - self._start_s if self._batch else 0.0)

    def chip_j(self, now_s: float) -> float:
        """Energy of each chip since the start, idle included."""
        return self._energy_j + self._watts * (now_s - self._watts_since_s)

    # What happens to it

    def share(self, outstanding: list[int], slot: int, fell: set[int]) -> None:
        """Keep the outstanding count in a row of a list that replicas share, and tell in `fell` when it became less."""
        outstanding[slot] = self._outstanding[self._slot]
        self._outstanding, self._slot, self._fell = outstanding, slot, fell

    def submit(self, i_request: int) -> None:
        """Queue a request."""
        if self._mode <= ASLEEP:
            why = "has no power" if self._mode == OFF else "sleeps"
            raise RuntimeError(f"request {i_request} was sent to replica {self.i_replica}, which {why}")
        requests, waiting = self._requests, self.waiting
        requests.replica[i_request] = self.i_replica
        requests.state[i_request] = _WAITING
        self._outstanding[self._slot] += 1
        waiting.append(i_request)
        self._since_s.append(self._env.now)
        if self._batch:
            return
        if len(waiting) >= self._batching.max_batch:
            self._begin()
        elif len(waiting) == 1:
            # Even without a wait not at once: whatever arrives at the same instant shares the batch.
            self._wake_in(self._batching.max_wait_s)

    def set_clock(self, clock_frac: float) -> None:
        """Run at clock_frac of the nominal clock from now on."""
        before = self._clock_frac
        if clock_frac == before:
            return
        self._clock_frac = clock_frac
        if self._batch:
            now_s = self._env.now
            rest_s = (self._end_s - now_s) * before / clock_frac
            self._end_s = now_s + rest_s
            self._wake_in(rest_s)
            self._draw(self._law.batch_w(len(self._batch), clock_frac))

    def fail(self) -> list[int]:
        """Lose power: the batch under way is lost, and the requests it held come back, those in the batch first."""
        if self._mode == OFF:
            return []
        held = [*self._batch, *self.waiting]
        state = self._requests.state
        for i_request in held:
            state[i_request] = _WAITING
        if self._batch:
            self.busy_s += self._env.now - self._start_s
        self._batch = []
        self.waiting.clear()
        self._since_s.clear()
        self._outstanding[self._slot] = 0
        self._fell.add(self._slot)
        self._forget_wake()
        self._mode = OFF
        self._draw(0.0)
        return held

    def restore(self) -> None:
        """Have power again, empty and idle."""
        if self._mode == OFF:
            self._mode = IDLE
            self._draw(self._law.idle_w)

    def sleep(self, watts: float) -> None:
        """Draw so many watts per accelerator and take no requests until woken; RuntimeError unless empty and idle."""
        if self._mode != IDLE or self._batch or self.waiting:
            raise RuntimeError(f"replica {self.i_replica} was told to sleep with {self.outstanding} requests")
        self._mode = ASLEEP
        self._draw(watts)

    def wake(self) -> None:
        """Take requests again, empty and idle."""
        if self._mode == ASLEEP:
            self._mode = IDLE
            self._draw(self._law.idle_w)

    def drain_queue(self) -> list[int]:
        """Give back the requests that wait, first come first; those in the batch under way run on."""
        drained = list(self.waiting)
        if drained:
            self.waiting.clear()
            self._since_s.clear()
            self._outstanding[self._slot] -= len(drained)
            self._fell.add(self._slot)
            if not self._batch:
                self._forget_wake()
        return drained

    # The batches

    def _on_wake(self, wake: Timeout) -> None:
        """A batch has ended, or the first of those that wait has waited long enough."""
        self._wake = None
        self._free_wakes.append(wake)
        if self._batch:
            self._end()
        if not self.waiting:
            self._draw(self._law.idle_w)
            return
        batching = self._batching
        if len(self.waiting) < batching.max_batch:
            rest_s = self._since_s[0] + batching.max_wait_s - self._env.now
            if rest_s > batching.max_wait_s * _WAIT_ROUNDING:
                self._draw(self._law.idle_w)
                self._wake_in(rest_s)
                return
        self._begin()

    def _begin(self) -> None:
        """Start a batch of those who wait longest."""
        waiting, since_s, most = self.waiting, self._since_s, self._batching.max_batch
        n = len(waiting)
        if n <= most:
            batch = list(waiting)
            waiting.clear()
            since_s.clear()
        else:
            n = most
            batch = list(islice(waiting, n))
            for _ in range(n):
                waiting.popleft()
                since_s.popleft()
        state = self._requests.state
        for i_request in batch:
            state[i_request] = _RUNNING
        self._batch = batch
        self.items_taken += n
        self.n_batches += 1
        time_s = self._law.latency_s[n] / self._clock_frac
        self._start_s = now_s = self._env.now
        self._end_s = now_s + time_s
        self._draw(self._law.batch_w(n, self._clock_frac))
        self._wake_in(time_s)

    def _end(self) -> None:
        """Book the batch that ran."""
        requests, batch, now_s = self._requests, self._batch, self._env.now
        finish_s, state = requests.finish_s, requests.state
        for i_request in batch:
            finish_s[i_request] = now_s
            state[i_request] = _DONE
        requests.ended += batch
        n = len(batch)
        self.items_done += n
        self.busy_s += now_s - self._start_s
        self._outstanding[self._slot] -= n
        self._fell.add(self._slot)
        self._batch = []

    def _draw(self, chip_w: float) -> None:
        """Tell the building what each chip draws from now on, where that changes."""
        is_busy = bool(self._batch)
        if chip_w == self._watts and is_busy == self._is_busy:
            return
        now_s = self._env.now
        self._energy_j += self._watts * (now_s - self._watts_since_s)
        self._watts, self._watts_since_s, self._is_busy = chip_w, now_s, is_busy
        host_frac = self._law.host_frac if is_busy else 0.0
        self._load_changed(self.i_replica, now_s, chip_w, 1.0 if is_busy else 0.0, 0.0, host_frac)

    def _wake_in(self, delay_s: float) -> None:
        """Wake in delay_s, and not when it would have."""
        self._forget_wake()
        if self._free_wakes:
            wake = self._free_wakes.pop()
            wake.callbacks = self._due
            self._schedule(wake, NORMAL, delay_s)
        else:
            wake = Timeout(self._env, delay_s)
            wake.callbacks = self._due
        self._wake = wake

    def _forget_wake(self) -> None:
        if self._wake is not None:
            self._wake.callbacks = self._recycle
            self._wake = None
