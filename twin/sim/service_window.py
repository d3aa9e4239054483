"""Items of a service and their latencies in the last minute, for frames."""

from __future__ import annotations

from collections import deque

import numpy as np

from twin.physics import FloatArray
from twin.sim.latency import WINDOW_S, LatencyWindow
from twin.sim.requests import RequestColumns


class ItemWindow(LatencyWindow):
    """Completions of one service that lie within the last minute; it has no tokens to time."""

    __slots__ = ("_items", "_parts", "e2e_s")

    def __init__(self, requests: RequestColumns) -> None:
        super().__init__(requests)
        self._items = requests
        self._parts: deque[tuple[float, FloatArray]] = deque()  # end of a pulse, latencies of those that ended in it
        self.e2e_s = np.zeros(0)

    def advance(self, since_s: float, now_s: float) -> None:
        """Take in what ended in (since, now] and forget what is older than the window."""
        ended = self._items.ended
        arrival_s, finish_s = self._items.arrival_s, self._items.finish_s
        if ended:
            self._parts.append((now_s, np.array([finish_s[i] - arrival_s[i] for i in ended])))
        self.n_completed += len(ended)
        ended.clear()
        while self._parts and self._parts[0][0] <= now_s - WINDOW_S:
            self._parts.popleft()
        self.e2e_s = np.concatenate([np.zeros(0), *(values for _, values in self._parts)])
