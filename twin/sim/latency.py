"""Latencies of the last minute, for frames: what was answered since, not what is still waiting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.physics import FloatArray
from twin.sim.requests import RequestColumns

WINDOW_S = 60.0


class _Tail:
    """Values by time, appended at the end and forgotten at the front; a buffer that doubles, so slices cost nothing."""

    __slots__ = ("_at", "_first", "_n", "_value")

    def __init__(self) -> None:
        self._at, self._value = np.zeros(256), np.zeros(256)
        self._first = self._n = 0

    def extend(self, at_s: list[float], values: list[float]) -> None:
        n_new = len(values)
        if self._n + n_new > len(self._at):
            kept = self._n - self._first
            size = max(256, 2 * (kept + n_new))
            for name in ("_at", "_value"):
                old = getattr(self, name)
                new = np.zeros(size)
                new[:kept] = old[self._first : self._n]
                setattr(self, name, new)
            self._first, self._n = 0, kept
        end = self._n + n_new
        self._at[self._n : end], self._value[self._n : end] = at_s, values
        self._n = end

    def since(self, from_s: float) -> FloatArray:
        """Values later than a time; what is older is forgotten. Times are in order but for those of one pulse."""
        is_later = self._at[self._first : self._n] > from_s
        self._first += int(is_later.argmax()) if is_later.any() else len(is_later)
        return self._value[self._first : self._n]


class LatencyWindow:
    """First tokens and completions of one workload that lie within the last minute."""

    __slots__ = ("_requests", "_tpot", "_ttft", "n_completed", "tpot_s", "ttft_s")

    def __init__(self, requests: RequestColumns) -> None:
        self._requests = requests
        self._ttft, self._tpot = _Tail(), _Tail()
        self.n_completed = 0
        self.ttft_s = self.tpot_s = np.zeros(0)  # times to first token, times per output token in the window

    def advance(self, since_s: float, now_s: float) -> None:
        """Take in what happened in (since, now] and forget what is older than the window."""
        requests = self._requests
        first_s, finish_s, output_tokens = requests.first_token_s, requests.finish_s, requests.output_tokens
        # A first token that was lost because power failed after it is not there any more.
        begun = [i for i in sorted(set(requests.begun)) if first_s[i] > since_s]
        self._ttft.extend([first_s[i] for i in begun], [first_s[i] - requests.arrival_s[i] for i in begun])
        ended = [i for i in sorted(requests.ended) if output_tokens[i] > 1]
        self._tpot.extend(
            [finish_s[i] for i in ended], [(finish_s[i] - first_s[i]) / (output_tokens[i] - 1) for i in ended]
        )
        self.n_completed += len(requests.ended)
        requests.begun.clear()
        requests.ended.clear()
        self.ttft_s = self._ttft.since(now_s - WINDOW_S)
        self.tpot_s = self._tpot.since(now_s - WINDOW_S)


def percentiles(parts: Sequence[FloatArray], *wanted: float) -> list[float]:
    """Percentiles of several arrays together; NaN where all are empty."""
    values = np.concatenate([np.zeros(0), *parts])
    if not len(values):
        return [float("nan")] * len(wanted)
    return [float(v) for v in np.percentile(values, wanted)]
