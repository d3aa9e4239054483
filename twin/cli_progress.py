"""The bar that shows how far a verb has come."""

from __future__ import annotations

import sys


class Progress:
    """A bar on a terminal, nothing elsewhere."""

    def __init__(self, is_wanted: bool, title: str, unit: str) -> None:
        self._title, self._unit = title, unit
        self._is_wanted = is_wanted and sys.stderr.isatty()
        self._bar: object = None
        self._at_s = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()  # type: ignore[attr-defined]

    def show(self, done: float, total: float) -> None:
        """So much of so much."""
        if not self._is_wanted:
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit=self._unit, unit_scale=True, desc=self._title, leave=False)
        self._bar.update(done - self._at_s)  # type: ignore[attr-defined]
        self._at_s = done
