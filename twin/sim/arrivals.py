"""A workload: its requests arrive one after another and a router sends each to one of its replicas."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence

from simpy import Environment
from simpy.events import NORMAL, Event

from twin.errors import ModelRangeError
from twin.policies.protocols import Router
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica


class Workload:
    """Requests, the replicas that serve only them, and the router between; one SimPy process.

    It is what its router sees (`twin.policies.protocols.ReplicasView`). While no replica has power, requests are held
    and sent on when one comes back. `now` of the environment and `arrival_s` share their origin.
    """

    __slots__ = (
        "_env",
        "_held",
        "_router",
        "inlet_c",
        "input_w",
        "is_up",
        "n_down",
        "outstanding",
        "process",
        "replicas",
        "requests",
    )

    def __init__(self, env: Environment, requests: RequestColumns, replicas: Sequence[Replica], router: Router) -> None:
        if not replicas:
            raise ModelRangeError("a workload has 0 replicas", "workload", "give it at least 1")
        self._env, self._router = env, router
        self.requests, self.replicas = requests, tuple(replicas)
        self.outstanding = [0] * len(self.replicas)
        self.is_up = [replica.is_up for replica in self.replicas]
        self.n_down = self.is_up.count(False)
        self.input_w = [0.0] * len(self.replicas)  # both written by the run, once a pulse
        self.inlet_c = [0.0] * len(self.replicas)
        for slot, replica in enumerate(self.replicas):
            replica.share(self.outstanding, slot)
        self._held: deque[int] = deque()
        self.process = env.process(self._arrive())

    def kv_free_blocks(self) -> list[int]:
        """Free KV blocks per replica."""
        return [replica.kv_free_blocks for replica in self.replicas]

    def prefix_tokens(self, i_request: int) -> list[int]:
        """Tokens of a request's prompt that each replica keeps."""
        n_tokens = self.requests.prompt_tokens[i_request] + self.requests.kept_tokens[i_request]
        return [
            0 if (kept := replica.prefix) is None else kept.hits(i_request, n_tokens) * kept.block_tokens
            for replica in self.replicas
        ]

    @property
    def n_held(self) -> int:
        """Requests that wait for any replica to have power."""
        return len(self._held)

    def _arrive(self) -> Generator[Event, None, None]:
        env, replicas, router = self._env, self.replicas, self._router
        schedule, now_s = env.schedule, env.now
        wake = env.timeout(0.0)
        yield wake
        for i_request, arrival_s in enumerate(self.requests.arrival_s):
            if arrival_s > now_s:
                wake.callbacks = []  # the same timeout again and again: no need to make one per request
                schedule(wake, NORMAL, arrival_s - now_s)
                yield wake
                now_s = env.now
            if self.n_down == len(replicas):
                self._hold(i_request)
            else:
                replicas[router(arrival_s, i_request, self)].submit(i_request)

    def _hold(self, i_request: int) -> None:
        self.requests.state[i_request] = RequestState.WAITING
        self._held.append(i_request)

    def _send(self, i_request: int) -> None:
        self.replicas[self._router(self._env.now, i_request, self)].submit(i_request)

    def fail(self, slot: int, is_retried: bool = True) -> int:
        """A replica loses power; its requests begin again elsewhere, or are lost. Returns how many it had."""
        if not self.is_up[slot]:
            return 0
        interrupted = self.replicas[slot].fail()
        self.is_up[slot] = False
        self.n_down += 1
        requests = self.requests
        for i_request in interrupted:
            if not is_retried:
                requests.state[i_request] = RequestState.LOST
                continue
            requests.retries[i_request] += 1
            if self.n_down == len(self.replicas):
                self._held.append(i_request)
            else:
                self._send(i_request)
        return len(interrupted)

    def restore(self, slot: int) -> None:
        """A replica has power again; what was held is sent on, in order of arrival."""
        if self.is_up[slot]:
            return
        self.replicas[slot].restore()
        self.is_up[slot] = True
        self.n_down -= 1
        while self._held:
            self._send(self._held.popleft())
