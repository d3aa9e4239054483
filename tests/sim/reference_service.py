"""A slow stepper of one service replica: plain rules, looked at again at every instant at which anything may happen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from twin.physics.service import ServiceLaw


@dataclass
class SlowReplica:
    """Walks through a story of (time, what, value), what being arrive, clock_to, fail or restore.

    Requests that come while it has no power wait outside and enter when it is back, as do those it held, first.
    """

    law: ServiceLaw
    max_batch: int
    max_wait_s: float
    finish_s: dict[int, float] = field(default_factory=dict)
    energy_j: float = 0.0
    busy_s: float = 0.0
    batches: list[int] = field(default_factory=list)
    now_s: float = 0.0
    clock: float = 1.0
    is_up: bool = True
    queue: list[tuple[int, float]] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)
    running: list[int] = field(default_factory=list)
    rest: float = 0.0  # of the batch under way, seconds at the nominal clock

    def run(self, story: list[tuple[float, str, float]], until_s: float) -> None:
        for at_s, what, value in [*story, (until_s, "end", 0.0)]:
            while (next_s := self.next_s()) < at_s:
                self.move_to(next_s)
                self.settle()
            self.move_to(at_s)
            getattr(self, what)(value)
            self.settle()

    def next_s(self) -> float:
        if not self.is_up:
            return math.inf
        if self.running:
            return self.now_s + self.rest / self.clock
        return self.queue[0][1] + self.max_wait_s if self.queue else math.inf

    def move_to(self, at_s: float) -> None:
        elapsed_s = at_s - self.now_s
        self.energy_j += self.watts() * elapsed_s
        if self.running:
            self.rest -= elapsed_s * self.clock
            self.busy_s += elapsed_s
        self.now_s = at_s

    def watts(self) -> float:
        if not self.is_up:
            return 0.0
        if not self.running:
            return self.law.idle_w
        return self.law.idle_w + (self.law.chip_w[len(self.running)] - self.law.idle_w) * self.clock**3

    def settle(self) -> None:
        if not self.is_up:
            return
        if self.running and self.rest <= 1e-12:
            for i in self.running:
                self.finish_s[i] = self.now_s
            self.running = []
        if self.running or not self.queue:
            return
        has_waited = self.now_s - self.queue[0][1] >= self.max_wait_s - 1e-12
        if len(self.queue) >= self.max_batch or has_waited:
            self.running = [i for i, _ in self.queue[: self.max_batch]]
            self.queue = self.queue[self.max_batch :]
            self.rest = self.law.latency_s[len(self.running)]
            self.batches.append(len(self.running))

    # What happens

    def arrive(self, value: float) -> None:
        if self.is_up:
            self.queue.append((int(value), self.now_s))
        else:
            self.outside.append(int(value))

    def clock_to(self, value: float) -> None:
        self.clock = value

    def fail(self, _: float) -> None:
        if self.is_up:
            self.outside = [*self.running, *(i for i, _ in self.queue), *self.outside]
            self.running, self.queue, self.is_up = [], [], False

    def restore(self, _: float) -> None:
        if not self.is_up:
            self.is_up = True
            self.queue = [(i, self.now_s) for i in self.outside]
            self.outside = []

    def end(self, _: float) -> None:
        pass
