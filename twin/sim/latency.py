"""Latencies of the last minute, for frames: what was answered since, not what is still waiting."""

from __future__ import annotations

from collections import deque

import numpy as np

from twin.sim.requests import RequestColumns, RequestState

WINDOW_S = 60.0
_OPEN = (RequestState.WAITING, RequestState.RUNNING)


class LatencyWindow:
    """First tokens and completions of one workload that lie within the last minute."""

    __slots__ = ("_next", "_open", "_requests", "_tpot", "_ttft", "n_completed")

    def __init__(self, requests: RequestColumns) -> None:
        self._requests = requests
        self._next = 0  # first request not yet seen to have arrived
        self._open: list[int] = []  # arrived and not finished
        self._ttft: deque[tuple[float, float]] = deque()
        self._tpot: deque[tuple[float, float]] = deque()
        self.n_completed = 0

    def advance(self, since_s: float, now_s: float) -> None:
        """Take in what happened in (since, now] and forget what is older than the window."""
        requests = self._requests
        state, first_s, finish_s = requests.state, requests.first_token_s, requests.finish_s
        n = len(state)
        while self._next < n and state[self._next] != RequestState.PENDING:
            self._open.append(self._next)
            self._next += 1
        still_open = []
        for i in self._open:
            if first_s[i] > since_s:
                self._ttft.append((first_s[i], first_s[i] - requests.arrival_s[i]))
            if state[i] in _OPEN:
                still_open.append(i)
            elif state[i] == RequestState.DONE:
                self.n_completed += 1
                if requests.output_tokens[i] > 1:
                    step_s = (finish_s[i] - first_s[i]) / (requests.output_tokens[i] - 1)
                    self._tpot.append((finish_s[i], step_s))
        self._open = still_open
        for window in (self._ttft, self._tpot):
            while window and window[0][0] <= now_s - WINDOW_S:
                window.popleft()

    def ttft_s(self) -> list[float]:
        """Times to first token in the window."""
        return [value for _, value in self._ttft]

    def tpot_s(self) -> list[float]:
        """Times per output token in the window."""
        return [value for _, value in self._tpot]


def percentiles(values: list[float], *wanted: float) -> list[float]:
    """Percentiles of a list; NaN where it is empty."""
    if not values:
        return [float("nan")] * len(wanted)
    return [float(v) for v in np.percentile(values, wanted)]
