"""A workload: its requests arrive one after another and a router sends each to one of its replicas."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from heapq import heappush

from simpy import Environment
from simpy.events import NORMAL

from twin.errors import ModelRangeError
from twin.policies.protocols import Router
from twin.sim.clock import Wake, agenda
from twin.sim.prefix_cache import PrefixHolders
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.shortest import Shortest
from twin.sim.unit import ServingUnit


class Workload:
    """Requests, the replicas that serve only them, and the router between; one SimPy event at a time.

    It is what its router sees (`twin.policies.protocols.ReplicasView`). While no replica has power, requests are held
    and sent on when one comes back. `now` of the environment and `arrival_s` share their origin.
    """

    __slots__ = (
        "_env",
        "_held",
        "_holders",
        "_next",
        "_numbers",
        "_queue",
        "_router",
        "_shortest",
        "inlet_c",
        "input_w",
        "is_up",
        "n_down",
        "outstanding",
        "replicas",
        "requests",
    )

    def __init__(
        self, env: Environment, requests: RequestColumns, replicas: Sequence[ServingUnit], router: Router
    ) -> None:
        if not replicas:
            raise ModelRangeError("a workload has 0 replicas", "workload", "give it at least 1")
        self._env, self._router = env, router
        self._queue, self._numbers = agenda(env)
        self.requests, self.replicas = requests, tuple(replicas)
        self.outstanding = [0] * len(self.replicas)
        self.is_up = [replica.is_up for replica in self.replicas]
        self.n_down = self.is_up.count(False)
        self.input_w = [0.0] * len(self.replicas)  # both written by the run, once a pulse
        self.inlet_c = [0.0] * len(self.replicas)
        fell: set[int] = set()
        for slot, replica in enumerate(self.replicas):
            replica.share(self.outstanding, slot, fell)
        self._shortest = Shortest(self.outstanding, fell)
        self._held: deque[int] = deque()
        self._holders: PrefixHolders | None = None
        self._next = -1  # the request that arrives with the next event; -1 at the start, which is no arrival
        # The same event again and again: no need to make one per request.
        heappush(self._queue, (env.now, NORMAL, next(self._numbers), Wake(env, self._arrive)))

    def least_outstanding(self) -> int:
        """The first of the replicas with power that have the fewest requests."""
        if not self.n_down:
            return self._shortest.first()
        up = [i for i, is_up in enumerate(self.is_up) if is_up]
        return min(up, key=self.outstanding.__getitem__)

    def kv_free_blocks(self) -> list[int]:
        """Free KV blocks per replica."""
        return [replica.kv_free_blocks for replica in self.replicas]

    def prefix_tokens(self, i_request: int) -> Mapping[int, int]:
        """Tokens of a request's prompt by replica, for those that keep some of it."""
        requests = self.requests
        if requests.prefix is None:
            return {}
        if self._holders is None:  # kept up only where a router asks
            self._holders = PrefixHolders(requests.prefix)
            for slot, replica in enumerate(self.replicas):
                if replica.prefix is not None:
                    replica.prefix.list_in(self._holders, slot)
        return self._holders.tokens(i_request, requests.prompt_tokens[i_request] + requests.kept_tokens[i_request])

    @property
    def n_held(self) -> int:
        """Requests that wait for any replica to have power."""
        return len(self._held)

    def _arrive(self, wake: Wake) -> None:
        """Send on all requests of this instant, then wait for the next."""
        arrival_s, now_s, i_request = self.requests.arrival_s, self._env.now, self._next
        n_requests = len(arrival_s)
        while True:
            if i_request >= 0:
                if self.n_down == len(self.replicas):
                    self._hold(i_request)
                else:
                    self.replicas[self._router(now_s, i_request, self)].submit(i_request)
            i_request += 1
            if i_request == n_requests or arrival_s[i_request] > now_s:
                break
        if i_request < n_requests:
            self._next = i_request
            heappush(self._queue, (arrival_s[i_request], NORMAL, next(self._numbers), wake))

    def _hold(self, i_request: int) -> None:
        self.requests.state[i_request] = RequestState.WAITING
        self._held.append(i_request)

    def _send(self, i_request: int) -> None:
        self.replicas[self._router(self._env.now, i_request, self)].submit(i_request)

    def fail(self, slot: int, is_retried: bool = True) -> int:
        """A replica loses power; its requests begin again elsewhere, or are lost. Returns how many it had."""
        interrupted = self.replicas[slot].fail()
        if not self.is_up[slot]:
            return 0
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
        self.replicas[slot].restore()
        self._take_up(slot)

    def sleep(self, slot: int, watts: float) -> None:
        """An empty replica takes no requests and draws so many watts per accelerator, until it is woken."""
        self.replicas[slot].sleep(watts)
        self.is_up[slot] = False
        self.n_down += 1

    def wake(self, slot: int) -> None:
        """A replica that slept takes requests again; what was held is sent on, in order of arrival."""
        self.replicas[slot].wake()
        self._take_up(slot)

    def _take_up(self, slot: int) -> None:
        if self.is_up[slot] or not self.replicas[slot].is_up:
            return
        self.is_up[slot] = True
        self.n_down -= 1
        while self._held:
            self._send(self._held.popleft())
