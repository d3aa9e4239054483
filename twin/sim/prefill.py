"""A replica that only computes prompts: their blocks stay held until keys and values have left for a decode replica."""

from __future__ import annotations

from collections import deque

from simpy import Environment

from twin.physics.llm import IterationLaw
from twin.sim.batch import REQUEST_MASK, Batch
from twin.sim.kv_blocks import EngineConfig
from twin.sim.kv_link import KvLink
from twin.sim.listener import LoadListener
from twin.sim.pim_replica import PimReplica
from twin.sim.prefix_batch import PrefixBatch
from twin.sim.prefix_cache import PrefixCache
from twin.sim.replica_state import IDLE
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica


class _Prompts(Batch):
    """What both prefill batches add to theirs: prompts that are through wait for their transfer."""

    __slots__ = ()
    leaving: dict[int, int]  # request -> places in the blocks it holds, in order of the ends of their prompts
    link: KvLink

    def held(self) -> list[int]:
        """Every request in here: leaving, admitted, then in the queue."""
        return [*self.leaving, *super().held()]

    def join(self, now_s: float) -> int:
        """Each prompt that ended has its first token; it leaves, unless that was its only one. Tokens produced."""
        n_tokens = super().join(now_s)
        requests, running, block_tokens = self.requests, self.running, self.block_tokens
        for i in [i for i in running if requests.output_tokens[i] > 1]:
            offset = running.pop(i)
            self.phase_counts[offset % block_tokens] -= 1
            self.context_sum -= offset + self.step
            self.leaving[i] = places = self.prompt_blocks(i) * block_tokens
            self.cache_tokens -= places
            self.link.offer(i)
        self.completions[:] = [entry for entry in self.completions if entry & REQUEST_MASK in running]
        return n_tokens

    def left(self, i_request: int) -> None:
        """The keys and values of a prompt have arrived elsewhere: its blocks are free."""
        self.cache_tokens += self.leaving.pop(i_request)
        self._release(i_request)


class PrefillBatch(_Prompts):
    """Prompts alone, under the rules of `Batch`."""

    __slots__ = ("leaving", "link")

    def __init__(self, config: EngineConfig, requests: RequestColumns, waiting: deque[int], link: KvLink) -> None:
        super().__init__(config, requests, waiting)
        self.leaving, self.link = {}, link


class PrefillPrefixBatch(_Prompts, PrefixBatch):
    """Prompts alone, under the rules of `PrefixBatch`; what has left is still known here until room is needed."""

    __slots__ = ("leaving", "link")

    def __init__(
        self, config: EngineConfig, requests: RequestColumns, waiting: deque[int], prefix: PrefixCache, link: KvLink
    ) -> None:
        super().__init__(config, requests, waiting, prefix)
        self.leaving, self.link = {}, link


class PrefillReplica(Replica):
    """One model on its accelerators, for prompts only; the first token is delivered when the prompt is through.

    `outstanding` counts a request until its keys and values have arrived at a decode replica. One that no decode
    replica could ever hold is rejected before its prompt is computed.
    """

    # No slots: two bases with slots of their own could not be joined for a computing memory.
    _prompts: _Prompts

    def __init__(
        self,
        env: Environment,
        law: IterationLaw,
        config: EngineConfig,
        link: KvLink,
        listener: LoadListener,
        i_replica: int = 0,
    ) -> None:
        requests, self._decode = link.requests, link.receivers.largest
        self.link = link
        super().__init__(env, law, config, requests, listener, i_replica)
        link.on_sent = self._left

    def submit(self, i_request: int) -> None:
        """Queue a request; one that could never fit here or where it goes next is rejected with its reason."""
        requests, config, decode = self._requests, self._config, self._decode
        if not self.is_up:
            raise RuntimeError(f"request {i_request} was sent to replica {self.i_replica}, which has no power")
        requests.replica[i_request] = self.i_replica
        prompt, output = requests.prompt_tokens[i_request], requests.output_tokens[i_request]
        if prompt > config.most_tokens:
            self._reject(i_request, -(-prompt // config.block_tokens))
        elif output > 1 and prompt + output - 1 > decode.most_tokens:
            requests.state[i_request] = RequestState.REJECTED
            requests.reject_reason[i_request] = (
                f"needs {-(-(prompt + output - 1) // decode.block_tokens)} KV blocks of {decode.block_tokens} tokens, "
                f"the largest decode replica has {decode.n_blocks // decode.n_ranks} for one request"
            )
        else:
            requests.state[i_request] = RequestState.WAITING
            self._outstanding[self._slot] += 1
            self.waiting.append(i_request)
            if self._mode == IDLE:
                self._start_soon()

    def fail(self) -> list[int]:
        """Lose power, and with it what was being sent."""
        self.link.clear()
        return super().fail()

    def _left(self, i_request: int) -> None:
        """A request is elsewhere now; whoever waited for its blocks may have them."""
        self._prompts.left(i_request)
        self._outstanding[self._slot] -= 1
        self._fell.add(self._slot)
        if self.waiting and self._mode == IDLE:
            self._start_soon()

    def _new_batch(self) -> Batch:
        """An empty batch; what was kept of prompts is lost."""
        self.waiting.clear()
        if self.prefix is None:
            self._prompts = PrefillBatch(self._config, self._requests, self.waiting, self.link)
        else:
            self.prefix.clear()
            self._prompts = PrefillPrefixBatch(self._config, self._requests, self.waiting, self.prefix, self.link)
        return self._prompts


class PimPrefillReplica(PrefillReplica, PimReplica):
    """The same on accelerators with a computing memory."""
