"""A workload served by two pools: prompts on prefill replicas, then their answers on decode replicas."""

from __future__ import annotations

from collections.abc import Sequence

from simpy import Environment

from twin.policies.protocols import Router
from twin.sim.arrivals import Workload
from twin.sim.clock import Wake
from twin.sim.decode import DecodeReplica
from twin.sim.kv_link import KvLink
from twin.sim.prefill import PrefillReplica
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.unit import ServingUnit


class PrefillPool(Workload):
    """Where requests arrive, and come back to when their keys and values were lost."""

    __slots__ = ()

    def again(self, i_request: int) -> None:
        """Compute a prompt anew, as soon as a replica has power."""
        self.requests.retries[i_request] += 1
        if self.n_down == len(self.replicas):
            self._hold(i_request)
        else:
            self._send(i_request)


class DecodePool(Workload):
    """Where the links of prefill replicas bring keys and values; nothing arrives here by itself."""

    __slots__ = ("_decoders", "_most_tokens", "largest", "links", "origin")

    def __init__(
        self, env: Environment, requests: RequestColumns, replicas: Sequence[DecodeReplica], router: Router
    ) -> None:
        super().__init__(env, requests, replicas, router)
        self._decoders = tuple(replicas)
        self._most_tokens = [replica.config.most_tokens for replica in replicas]
        self.largest = max((replica.config for replica in replicas), key=lambda config: config.most_tokens)
        self.links: tuple[KvLink, ...] = ()
        self.origin: PrefillPool | None = None

    def _arrive(self, wake: Wake) -> None:
        """Nothing does."""

    def expect(self, i_request: int) -> int:
        """Choose who receives a request and count it there; -1 while nobody can."""
        if self.n_down == len(self.replicas):
            return -1
        slot = self._router(self.env.now, i_request, self)
        requests = self.requests
        needed_tokens = requests.prompt_tokens[i_request] + requests.output_tokens[i_request] - 1
        if needed_tokens > self._most_tokens[slot]:
            slot = self._largest(needed_tokens)
        if slot >= 0:
            self._decoders[slot].expect()
        return slot

    def _largest(self, needed_tokens: int) -> int:
        """The first of those with power and room for a request that have the fewest requests; -1 if there is none."""
        most = self._most_tokens
        able = [i for i, is_up in enumerate(self.is_up) if is_up and needed_tokens <= most[i]]
        return min(able, key=self.outstanding.__getitem__, default=-1)

    def refuse(self, slot: int) -> None:
        """What was expected there does not come."""
        self._decoders[slot].refuse()

    def arrive(self, slot: int, i_request: int) -> None:
        """The keys and values of a request are there."""
        self._decoders[slot].submit(i_request)

    def fail(self, slot: int, is_retried: bool = True) -> int:
        """A replica loses power and all keys and values: its requests begin again with their prompts, or are lost."""
        interrupted = self.replicas[slot].fail()
        self.close(slot)
        for link in self.links:
            link.redirect(slot)
        assert self.origin is not None
        for i_request in interrupted:
            if is_retried:
                self.origin.again(i_request)
            else:
                self.requests.state[i_request] = RequestState.LOST
        return len(interrupted)

    def fail_together(self, slots: Sequence[int], is_retried: bool = True) -> int:
        """Replicas lose power at one instant; what is on its way to one of them looks for another, one by one."""
        return sum([self.fail(slot, is_retried) for slot in slots])

    def open(self, slot: int) -> None:
        """A replica takes requests again; links that had nobody to send to go on."""
        super().open(slot)
        for link in self.links:
            link.resume()


class Disaggregated:
    """Both pools as one workload: replicas and slots of the prefill pool first, then those of the decode pool."""

    __slots__ = ("decode", "links", "prefill", "replicas", "requests")

    def __init__(
        self,
        env: Environment,
        requests: RequestColumns,
        prefill: Sequence[PrefillReplica],
        decode: DecodePool,
        router: Router,
    ) -> None:
        self.requests, self.decode = requests, decode
        self.prefill = PrefillPool(env, requests, prefill, router)
        self.links = decode.links = tuple(replica.link for replica in prefill)
        decode.origin = self.prefill
        self.replicas: tuple[ServingUnit, ...] = (*self.prefill.replicas, *decode.replicas)
        requests.send_kv()

    @property
    def outstanding(self) -> list[int]:
        """Requests waiting or running, each counted once: on the way it is still with its sender."""
        decoding = list(self.decode.outstanding)
        for link in self.links:
            if link.slot >= 0:
                decoding[link.slot] -= 1
        return [*self.prefill.outstanding, *decoding]

    @property
    def n_held(self) -> int:
        """Requests that wait for any prefill replica to have power."""
        return self.prefill.n_held

    @property
    def n_refused(self) -> int:
        """Requests that admission did not let in."""
        return self.prefill.n_refused

    @property
    def n_down(self) -> int:
        """Replicas that take no requests."""
        return self.prefill.n_down + self.decode.n_down

    def sense(self, input_w: list[float], inlet_c: list[float]) -> None:
        """Watts and inlets of all replicas, for the routers."""
        n = len(self.prefill.replicas)
        self.prefill.sense(input_w[:n], inlet_c[:n])
        self.decode.sense(input_w[n:], inlet_c[n:])

    def fail(self, slot: int, is_retried: bool = True) -> int:
        """A replica loses power; its requests begin again, or are lost. Returns how many it had."""
        n = len(self.prefill.replicas)
        return self.prefill.fail(slot, is_retried) if slot < n else self.decode.fail(slot - n, is_retried)

    def fail_together(self, slots: Sequence[int], is_retried: bool = True) -> int:
        """Replicas of both pools lose power at one instant. Returns how many requests they had."""
        n = len(self.prefill.replicas)
        had = self.prefill.fail_together([slot for slot in slots if slot < n], is_retried)
        return had + self.decode.fail_together([slot - n for slot in slots if slot >= n], is_retried)

    def restore(self, slot: int) -> None:
        """A replica has power again."""
        n = len(self.prefill.replicas)
        if slot < n:
            self.prefill.restore(slot)
        else:
            self.decode.restore(slot - n)
