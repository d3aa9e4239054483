"""A workload: its requests arrive one after another and a router sends each to one of its replicas."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from heapq import heappush
from typing import Protocol

from simpy import Environment
from simpy.events import NORMAL

from twin.errors import ModelRangeError
from twin.policies.protocols import Admission, Router
from twin.sim.clock import Wake, agenda
from twin.sim.prefix_cache import PrefixHolders
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.shortest import Shortest
from twin.sim.unit import ServingUnit


class Keeper(Protocol):
    """Decides which replicas of a workload take requests; it is told what happens to them."""

    def failed(self, slot: int) -> None:
        """A replica lost power."""

    def restored(self, slot: int) -> None:
        """A replica has power again and is empty and idle; nothing is sent to it until it is opened."""

    def wanted(self) -> None:
        """A request is held because no replica takes any."""


class Workload:
    """Requests, the replicas that serve only them, and the router between; one SimPy event at a time.

    It is what its router sees (`twin.policies.protocols.ReplicasView`). While no replica takes requests, they are held
    and sent on when one does. Without a keeper every replica with power takes them. `now` of the environment and
    `arrival_s` share their origin.
    """

    __slots__ = (
        "_held",
        "_holders",
        "_next",
        "_numbers",
        "_queue",
        "_router",
        "_shortest",
        "admission",
        "env",
        "inlet_c",
        "input_w",
        "is_up",
        "keeper",
        "n_down",
        "n_refused",
        "outstanding",
        "replicas",
        "requests",
    )

    def __init__(
        self, env: Environment, requests: RequestColumns, replicas: Sequence[ServingUnit], router: Router
    ) -> None:
        if not replicas:
            raise ModelRangeError("a workload has 0 replicas", "workload", "give it at least 1")
        self.env, self._router = env, router
        self._queue, self._numbers = agenda(env)
        self.requests, self.replicas = requests, tuple(replicas)
        self.outstanding = [0] * len(self.replicas)
        self.is_up = [replica.is_up for replica in self.replicas]
        self.n_down = self.is_up.count(False)
        self.input_w = [0.0] * len(self.replicas)  # both written by `sense`, once a pulse
        self.inlet_c = [0.0] * len(self.replicas)
        fell: set[int] = set()
        for slot, replica in enumerate(self.replicas):
            replica.share(self.outstanding, slot, fell)
        self._shortest = Shortest(self.outstanding, fell)
        if self.n_down:
            self._shortest.keep_to(self.is_up)
        self.admission: Admission | None = None
        self.keeper: Keeper | None = None
        self.n_refused = 0  # requests that admission did not let in; they are rejected
        self._held: deque[int] = deque()
        self._holders: PrefixHolders | None = None
        self._next = -1  # the request that arrives with the next event; -1 at the start, which is no arrival
        # The same event again and again: no need to make one per request.
        heappush(self._queue, (env.now, NORMAL, next(self._numbers), Wake(env, self._arrive)))

    def least_outstanding(self) -> int:
        """The first of the replicas that take requests and have the fewest."""
        return self._shortest.first()

    def sense(self, input_w: list[float], inlet_c: list[float]) -> None:
        """Watts and inlets of the replicas over the last pulse."""
        self.input_w, self.inlet_c = input_w, inlet_c

    def kv_free_blocks(self) -> list[int]:
        """Free KV blocks per replica."""
        return [replica.kv_free_blocks for replica in self.replicas]

    def prefix_tokens(self, i_request: int) -> dict[int, int]:
        """Tokens of a request's prompt by replica, for those that keep some of it, the most last."""
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
        """Requests that wait for any replica to take them."""
        return len(self._held)

    def _arrive(self, wake: Wake) -> None:
        """Send on all requests of this instant, then wait for the next."""
        arrival_s, now_s, i_request = self.requests.arrival_s, self.env.now, self._next
        n_requests, is_open = len(arrival_s), self.admission is None
        while True:
            if i_request >= 0 and (is_open or self._is_let_in(i_request)):
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

    def _is_let_in(self, i_request: int) -> bool:
        """Ask admission; a request it refuses is rejected with its reason."""
        assert self.admission is not None
        reason = self.admission(self.requests.arrival_s[i_request], i_request, self)
        if reason:
            self.requests.state[i_request] = RequestState.REJECTED
            self.requests.reject_reason[i_request] = reason
            self.n_refused += 1
        return not reason

    def _hold(self, i_request: int) -> None:
        self.requests.state[i_request] = RequestState.WAITING
        self._held.append(i_request)
        if self.keeper is not None:
            self.keeper.wanted()

    def _send(self, i_request: int) -> None:
        self.replicas[self._router(self.env.now, i_request, self)].submit(i_request)

    def fail(self, slot: int, is_retried: bool = True) -> int:
        """A replica loses power; its requests begin again elsewhere, or are lost. Returns how many it had."""
        return self.fail_together((slot,), is_retried)

    def fail_together(self, slots: Sequence[int], is_retried: bool = True) -> int:
        """Replicas lose power at one instant, so none takes what another had. Returns how many they had."""
        interrupted: list[int] = []
        for slot in slots:
            interrupted += self.replicas[slot].fail()
            self.close(slot)
        if self.keeper is not None:
            for slot in slots:
                self.keeper.failed(slot)
        requests = self.requests
        for i_request in interrupted:
            if not is_retried:
                requests.state[i_request] = RequestState.LOST
                continue
            requests.retries[i_request] += 1
            if self.n_down == len(self.replicas):
                self._hold(i_request)
            else:
                self._send(i_request)
        return len(interrupted)

    def restore(self, slot: int) -> None:
        """A replica has power again, and takes requests if no keeper decides otherwise."""
        self.replicas[slot].restore()
        if self.keeper is None:
            self.open(slot)
        else:
            self.keeper.restored(slot)

    def sleep(self, slot: int, watts: float) -> None:
        """An empty replica takes no requests and draws so many watts per accelerator, until it is woken."""
        self.replicas[slot].sleep(watts)
        self.close(slot)

    def wake(self, slot: int) -> None:
        """A replica that slept takes requests again."""
        self.replicas[slot].wake()
        self.open(slot)

    def close(self, slot: int) -> None:
        """Send a replica no more requests; those it has run on."""
        if self.is_up[slot]:
            self.is_up[slot] = False
            self.n_down += 1
            self._shortest.keep_to(self.is_up)

    def open(self, slot: int) -> None:
        """Send requests to a replica again, if it has power and is awake; what was held is sent on, oldest first."""
        if self.is_up[slot] or not self.replicas[slot].is_up:
            return
        self.is_up[slot] = True
        self.n_down -= 1
        self._shortest.keep_to(self.is_up)
        while self._held:
            self._send(self._held.popleft())
