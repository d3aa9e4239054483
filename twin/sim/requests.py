"""The requests of a workload as columns: what they ask, and when and where they were served."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from twin.errors import TwinError
from twin.scenario.traces.prefix import PrefixBlocks
from twin.sim.prefix_cache import PromptBlocks

NAN = float("nan")


class RequestState(IntEnum):
    """Where a request stands."""

    PENDING = 0
    WAITING = 1
    RUNNING = 2
    DONE = 3
    REJECTED = 4
    LOST = 5


class RequestColumns:
    """One row per request, in order of arrival; lists inside because single values are read and written one at a time.

    arrival_s, prompt_tokens (>= 1), output_tokens (>= 1): given. first_token_s, finish_s: NaN until then. replica: last
    one it was sent to, -1 before. kept_tokens: generated tokens that a preempted request recomputes as prompt.
    transfer_s: from the end of the prefill until keys and values were at a decode replica; empty where none are sent.
    prefix: which prompts begin alike, where the trace knows. preemptions, retries: counts. state: RequestState.
    reject_reason: row -> text. begun, ended: rows that had their first token or were done lately, for whoever looks and
    clears them.
    Raises TwinError on unequal lengths, unsorted or NaN arrivals, and token counts below 1.
    """

    __slots__ = (
        "arrival_s",
        "begun",
        "ended",
        "finish_s",
        "first_token_s",
        "kept_tokens",
        "output_tokens",
        "preemptions",
        "prefix",
        "prompt_tokens",
        "reject_reason",
        "replica",
        "retries",
        "state",
        "transfer_s",
    )

    def __init__(
        self,
        arrival_s: Sequence[float] | npt.NDArray[np.floating],
        prompt_tokens: Sequence[int] | npt.NDArray[np.integer],
        output_tokens: Sequence[int] | npt.NDArray[np.integer],
        prefix: PrefixBlocks | None = None,
    ) -> None:
        arrival = np.asarray(arrival_s, dtype=np.float64)
        prompt = np.asarray(prompt_tokens, dtype=np.int64)
        output = np.asarray(output_tokens, dtype=np.int64)
        if not len(arrival) == len(prompt) == len(output):
            raise TwinError(f"{len(arrival)} arrivals, {len(prompt)} prompts and {len(output)} outputs", "requests")
        if not (np.isfinite(arrival).all() and (np.diff(arrival) >= 0.0).all()):
            raise TwinError("arrivals are not finite and in order of time", "requests", "sort the trace by arrival")
        if len(arrival) and min(prompt.min(), output.min()) < 1:
            raise TwinError(f"{min(prompt.min(), output.min())} tokens in a request, needs at least 1", "requests")
        self.arrival_s: list[float] = arrival.tolist()
        self.prompt_tokens: list[int] = prompt.tolist()
        self.output_tokens: list[int] = output.tolist()
        self.prefix = None if prefix is None else PromptBlocks(prefix, self.prompt_tokens)
        n = len(arrival)
        self.first_token_s = [NAN] * n
        self.finish_s = [NAN] * n
        self.replica = [-1] * n
        self.kept_tokens = [0] * n
        self.preemptions = [0] * n
        self.retries = [0] * n
        self.state: list[int] = [0] * n
        self.reject_reason: dict[int, str] = {}
        self.transfer_s: list[float] = []
        self.begun: list[int] = []
        self.ended: list[int] = []

    def __len__(self) -> int:
        return len(self.arrival_s)

    def count(self, state: RequestState) -> int:
        """Requests in a state."""
        return self.state.count(state)

    @property
    def n_arrived(self) -> int:
        """Requests that have arrived: every one but the pending."""
        return len(self) - self.state.count(RequestState.PENDING)

    def send_kv(self) -> None:
        """Keys and values are sent between replicas: keep how long that took."""
        self.transfer_s = [NAN] * len(self)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Every column as an array, with latencies (NaN where not reached).

        `ttft_s` = first token - arrival, `tpot_s` = (finish - first token) / (output - 1), NaN for single-token
        answers, `e2e_s` = finish - arrival; `transfer_s` as above, NaN where nothing was sent.
        """
        floats = {name: np.array(getattr(self, name), dtype=np.float64) for name in _FLOAT_COLUMNS}
        counts = {name: np.array(getattr(self, name), dtype=np.int64) for name in _INT_COLUMNS}
        steps = (counts["output_tokens"] - 1).astype(np.float64)
        steps[steps == 0.0] = np.nan
        latencies = {
            "ttft_s": floats["first_token_s"] - floats["arrival_s"],
            "tpot_s": (floats["finish_s"] - floats["first_token_s"]) / steps,
            "e2e_s": floats["finish_s"] - floats["arrival_s"],
            "transfer_s": np.array(self.transfer_s) if self.transfer_s else np.full(len(self), np.nan),
        }
        return {**floats, **counts, **latencies, "state": np.array(self.state, dtype=np.uint8)}


_FLOAT_COLUMNS = ("arrival_s", "first_token_s", "finish_s")
_INT_COLUMNS = ("prompt_tokens", "output_tokens", "replica", "preemptions", "retries")
