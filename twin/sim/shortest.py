"""The replica with the fewest requests, known without looking at all of them."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush, heapreplace

_SPARE_ENTRIES = 64
FEW = 64
"""So many counts are looked through faster than the heap is put right."""


class Shortest:
    """A heap of (requests, slot) that is put right only when asked.

    Every slot has an entry that is not above its true count: one whose count fell is told by `fell` and entered anew,
    one whose count rose is found too low at the top and moved down. An entry is one integer, `count * slots + slot`.
    """

    __slots__ = ("_fell", "_heap", "_is_in", "_is_whole", "_lowest", "_outstanding")

    def __init__(self, outstanding: Sequence[int], fell: set[int]) -> None:
        """outstanding: counts by slot, which others change; fell: slots whose count became less, cleared here."""
        self._outstanding, self._fell = outstanding, fell
        self._is_in: Sequence[bool] = [True] * len(outstanding)
        self._rebuild()

    def keep_to(self, is_in: Sequence[bool]) -> None:
        """Ask only among these slots from now on."""
        self._is_in = is_in
        self._rebuild()

    def _rebuild(self) -> None:
        n = len(self._outstanding)
        self._is_whole = all(self._is_in)
        # The lowest entry of each slot that counts; no count falls below that of a slot left out.
        self._lowest = [count if is_in else -1 for count, is_in in zip(self._outstanding, self._is_in, strict=True)]
        self._heap = [count * n + slot for slot, count in enumerate(self._lowest) if count >= 0]
        heapify(self._heap)

    @property
    def n_entries(self) -> int:
        """Entries in the heap, those left over included."""
        return len(self._heap)

    def first(self) -> int:
        """The first slot with the least count; at least one must be kept to."""
        outstanding, lowest, n = self._outstanding, self._lowest, len(self._outstanding)
        if n <= FEW and self._is_whole:
            return outstanding.index(min(outstanding))
        if self._fell:
            if len(self._heap) > 4 * n + _SPARE_ENTRIES:
                self._rebuild()
                lowest = self._lowest
            for slot in self._fell:
                count = outstanding[slot]
                if count < lowest[slot]:
                    lowest[slot] = count
                    heappush(self._heap, count * n + slot)
            self._fell.clear()
        heap = self._heap
        while True:
            count, slot = divmod(heap[0], n)
            present = outstanding[slot]
            if count == present:
                return slot
            if count == lowest[slot]:
                lowest[slot] = present
                heapreplace(heap, present * n + slot)
            else:
                heappop(heap)  # left over from before its count fell
