"""Who is told what a replica draws: the one link from serving to the building."""

from __future__ import annotations

from typing import Protocol


class LoadListener(Protocol):
    """Whoever carries a replica's load into the building."""

    def load_changed(
        self, i_replica: int, now_s: float, accel_w: float, compute_frac: float, memory_frac: float, host_frac: float
    ) -> None:
        """From now_s until the next call each accelerator of the replica draws accel_w.

        compute_frac, memory_frac: achieved over peak; host_frac: share of the time the host works for this replica.
        """
