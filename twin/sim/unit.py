"""What a workload, the frames and the clocks ask of whatever serves requests, be it tokens or items."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from twin.sim.prefix_cache import PrefixCache


class ServingUnit(Protocol):
    """Chips that serve requests of one workload; see twin.sim.serving.Replica for each member."""

    waiting: deque[int]
    prompt_done: int
    output_done: int
    prefix: PrefixCache | None

    @property
    def is_up(self) -> bool:
        """Whether it has power and takes requests."""

    @property
    def outstanding(self) -> int:
        """Requests waiting or running."""

    @property
    def kv_free_blocks(self) -> int:
        """Free blocks of the KV cache; 0 where there is none."""

    @property
    def is_decoding(self) -> bool:
        """Whether tokens are under way that `output_done` does not have yet."""

    def stretch_tokens(self, now_s: float) -> int:
        """Those tokens, until now_s."""

    def tokens_done(self, now_s: float) -> tuple[int, int]:
        """Prompt and output tokens until now_s."""

    def accel_w_at(self, clock_frac: float) -> float:
        """Watts of each accelerator if what runs now ran at clock_frac of nominal."""

    def share(self, outstanding: list[int], slot: int, fell: set[int]) -> None:
        """Keep the outstanding count in a shared row."""

    def submit(self, i_request: int) -> None:
        """Queue a request."""

    def set_clock(self, clock_frac: float) -> None:
        """Run at clock_frac of the nominal clock."""

    def fail(self) -> list[int]:
        """Lose power; the requests it held come back."""

    def restore(self) -> None:
        """Have power again."""

    def sleep(self, watts: float) -> None:
        """Draw so many watts and take no requests; only while empty and idle."""

    def wake(self) -> None:
        """Take requests again."""

    def drain_queue(self) -> list[int]:
        """Give back the requests that wait."""
