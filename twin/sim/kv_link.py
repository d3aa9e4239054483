"""The link by which a prefill replica sends the keys and values of its prompts away, one prompt after another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from simpy import Environment
from simpy.events import Event, Timeout

from twin.sim.kv_blocks import EngineConfig
from twin.sim.requests import RequestColumns


class Receivers(Protocol):
    """The decode replicas as a link sees them."""

    largest: EngineConfig  # of the replica that can hold the largest request

    def expect(self, i_request: int) -> int:
        """Choose who receives a request and count it there; -1 while nobody can."""

    def refuse(self, slot: int) -> None:
        """What was expected there does not come."""

    def arrive(self, slot: int, i_request: int) -> None:
        """The keys and values of a request are there."""


class KvLink:
    """First in, first out at the rate of the path: a transfer begins when its prompt is through and the link is free.

    A transfer takes `latency_s + prompt tokens * bytes per token / rate`. Its receiver is chosen when it begins; while
    there is none the queue stands still. A transfer whose receiver lost power begins again, for the keys and values
    are still here. `busy_s`, `sent_bytes`, `n_sent`: time spent sending, bytes and prompts that arrived.
    """

    __slots__ = (
        "_env",
        "_latency_s",
        "_rate_to",
        "_since_s",
        "_started_s",
        "_token_bytes",
        "_wake",
        "busy_s",
        "n_sent",
        "on_sent",
        "queue",
        "receivers",
        "requests",
        "sending",
        "sent_bytes",
        "slot",
    )

    def __init__(
        self,
        env: Environment,
        requests: RequestColumns,
        receivers: Receivers,
        rate_to: Callable[[int], float],
        token_bytes: float,
        latency_s: float,
    ) -> None:
        """rate_to: bytes per second to a receiver; token_bytes: keys and values of one token."""
        self._env, self.requests, self.receivers = env, requests, receivers
        self._rate_to, self._token_bytes, self._latency_s = rate_to, token_bytes, latency_s
        self.on_sent: Callable[[int], None] = lambda i_request: None  # told when a request has left
        self.queue: deque[int] = deque()
        self._since_s: dict[int, float] = {}  # request -> end of its prefill
        self.sending = self.slot = -1
        self._started_s = self.busy_s = self.sent_bytes = 0.0
        self.n_sent = 0
        self._wake: Timeout | None = None

    def offer(self, i_request: int) -> None:
        """The prompt of a request is through: send it when its turn comes."""
        self._since_s[i_request] = self._env.now
        self.queue.append(i_request)
        self.resume()

    def resume(self) -> None:
        """Begin with the next in the queue, if the link is free and somebody can receive it."""
        if self.sending >= 0 or not self.queue:
            return
        slot = self.receivers.expect(self.queue[0])
        if slot < 0:
            return
        self.sending, self.slot = self.queue.popleft(), slot
        self._started_s = self._env.now
        n_bytes = self.requests.prompt_tokens[self.sending] * self._token_bytes
        self._wake = Timeout(self._env, self._latency_s + n_bytes / self._rate_to(slot))
        self._wake.callbacks = [self._arrived]

    def busy_by(self, now_s: float) -> float:
        """Seconds spent sending until now, the transfer under way included."""
        return self.busy_s + (now_s - self._started_s if self.sending >= 0 else 0.0)

    def redirect(self, slot: int) -> None:
        """A receiver lost power: what is on the way to it begins again, first of all."""
        if self.slot == slot:
            i_request = self._stop()
            self.queue.appendleft(i_request)
            self.resume()

    def clear(self) -> None:
        """The sender lost power: nothing is sent any more."""
        if self.sending >= 0:
            slot = self.slot
            self._stop()
            self.receivers.refuse(slot)
        self.queue.clear()
        self._since_s.clear()

    def _stop(self) -> int:
        """Break the transfer under way off; whose it was."""
        assert self._wake is not None
        self._wake.callbacks = []
        return self._end()

    def _end(self) -> int:
        i_request = self.sending
        self.busy_s = self.busy_by(self._env.now)
        self.sending = self.slot = -1
        return i_request

    def _arrived(self, _: Event) -> None:
        slot, requests = self.slot, self.requests
        i_request = self._end()
        self.sent_bytes += requests.prompt_tokens[i_request] * self._token_bytes
        self.n_sent += 1
        requests.transfer_s[i_request] = self._env.now - self._since_s.pop(i_request)
        self.receivers.arrive(slot, i_request)
        self.on_sent(i_request)
        self.resume()
